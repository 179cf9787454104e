"""What the offline reader makes of reviews, lots, headings that state amounts, and tables with years in their labels."""

from __future__ import annotations

from tests.extraction.offline.reading_cases import facts, read

HEAD = "清源县水务局2022年度部门整体支出绩效自评报告\n一、基本情况\n"


def test_of_a_departments_marks_and_a_reviewers_the_latter_count() -> None:
    rows = (
        "一级指标 二级指标 三级指标 指标值 实际值 分值 自评 复核 扣分理由\n"
        "产出 产出数量 清淤长度 ≥12公里 11公里 12 12 11.5 少完成末端渠段\n产出 产出质量 验收合格率 100% 100% 10 10 9 —\n"
        "合计 — — — — 22 22 20.5 —\n"
    )
    found = read(f"{HEAD}表3 项目复核评分表\n{rows}", "indicators")
    assert [(i["level3"], i["weight"], i["score"], i.get("deviation_reason")) for i in found] == [
        ("清淤长度", "12", "11.5", "少完成末端渠段"),
        ("验收合格率", "10", "9", None),
    ]


def test_a_project_whose_amounts_stand_in_brackets_behind_its_name() -> None:
    text = (
        "三、项目支出绩效\n（一）渠道清淤（预算60.00万元，支出57.00万元，执行率95.00%）\n1.实施情况。清淤12公里。\n"
        "2.取得成效。行洪安全得到保障。\n3.支出未达预算原因。质保金按规定暂扣。\n"
    )
    (project,) = read(HEAD + text, "projects")
    assert (project["name"], project["full_year_budget"]["value"], project["execution_rate"]["value"]) == (
        "渠道清淤",
        "60.00",
        "95.00",
    )
    assert (project["implementation"], project["outcome"]) == ("清淤12公里", "行洪安全得到保障")
    assert project["unfinished_reason"] == "质保金按规定暂扣"
    assert facts(HEAD + text) == []


def test_an_entry_with_budget_spending_and_rate_needs_no_word_for_a_project() -> None:
    text = (
        "二、钱花在哪了\n"
        "①渠道清淤疏浚。安排60万元，花了57万元，执行率95%。清淤12公里。\n"
        "②水闸看护。安排9万元，花了9万元，执行率100%。\n"
    )
    assert [(p["name"], p["executed"]["value"]) for p in read(HEAD + text, "projects")] == [
        ("渠道清淤疏浚", "57"),
        ("水闸看护", "9"),
    ]


def test_sorts_of_money_are_no_projects_all_the_same() -> None:
    text = "二、支出情况\n1.人员经费。安排60万元，支出57万元，执行率95%。\n2.公用经费。安排9万元，支出9万元，执行率100%。\n"
    assert read(HEAD + text, "projects") == []


def test_a_heading_may_state_what_it_names() -> None:
    text = "（五）政府采购支出86.35万元\n采购均通过平台办理。\n"
    assert facts(HEAD + text) == [("政府采购支出", "executed", "86.35", "万元")]


def test_labels_behind_a_year() -> None:
    rows = (
        "标段\t2023年预算\t2023年已支付\t支付进度\n东城清扫\t238.00\t210.00\t88.24%\n西城清扫\t194.00\t168.00\t86.60%\n"
    )
    found = read(f"{HEAD}表1 2023年各标段执行情况（单位：万元）\n{rows}", "projects")
    assert [(p["section"], p["name"], p["full_year_budget"]["value"], p["executed"]["value"]) for p in found] == [
        ("表1 2023年各标段执行情况", "东城清扫", "238.00", "210.00"),
        ("表1 2023年各标段执行情况", "西城清扫", "194.00", "168.00"),
    ]


def test_labels_of_two_years_keep_theirs() -> None:
    rows = (
        "项目\t2021年决算数\t2022年年初预算数\t2022年决算数\n公务接待费\t2.45\t2.50\t1.86\n会议费\t3.10\t3.20\t2.95\n"
    )
    found = read(f"{HEAD}“三公”经费支出情况表\n单位：万元\n{rows}", "budget_facts")
    assert [(f["path"][-1], f["measure"], f["year"], f["value"]) for f in found][:3] == [
        ("公务接待费", "executed", 2021, "2.45"),
        ("公务接待费", "initial_budget", 2022, "2.50"),
        ("公务接待费", "executed", 2022, "1.86"),
    ]


def test_stocks_of_assets_are_no_budget() -> None:
    rows = "| 资产类别 | 年末数 | 年初数 |\n| 流动资产 | 24.10 | 21.90 |\n| 固定资产净值 | 186.40 | 191.30 |\n"
    found = read(f"{HEAD}表3 资产状况表（单位：万元）\n{rows}", "budget_facts")
    assert {f["measure"] for f in found} == {"assets"}
    assert found[1]["path"][-2:] == ["流动资产", "年初数"]


def test_rates_under_a_header_that_gives_their_unit() -> None:
    rows = (
        "支出类别 年初预算数 全年预算数 实际支出数 执行率（%）\n"
        "基本支出 61.20 68.60 68.00 99.13\n"
        "项目支出 74.00 86.50 78.30 90.52\n"
    )
    found = read(f"{HEAD}表1 预算执行情况表\n单位：万元\n{rows}", "budget_facts")
    assert [(f["value"], f["unit"]) for f in found if f["measure"] == "rate"] == [("99.13", "%"), ("90.52", "%")]


def test_last_years_figure_behind_a_list_is_that_of_the_whole() -> None:
    text = (
        "2022年“三公”经费支出18.46万元，其中公务用车运行维护费15.82万元、公务接待费2.64万元，"
        "比2021年的20.15万元减少1.69万元，下降8.39%。\n"
    )
    found = read(HEAD + text, "budget_facts")
    assert [(f["path"], f["year"]) for f in found if f["value"] in {"20.15", "1.69", "8.39"}] == [
        (["“三公”经费支出"], 2021),
        (["“三公”经费支出"], 2022),
        (["“三公”经费支出"], 2022),
    ]


def test_problems_and_measures_below_lines_of_their_own() -> None:
    text = (
        "六、存在问题与改进措施\n存在问题：\n1．预算编制不细。部分项目前期论证不足。\n2．支付进度不均衡。集中在第四季度。\n"
        "改进措施：\n1．完善项目库管理。\n2．按月通报进度。\n"
    )
    found = [(i["kind"], i.get("title") or i["text"]) for i in read(HEAD + text, "issues")]
    assert found == [
        ("problem", "预算编制不细"),
        ("problem", "支付进度不均衡"),
        ("recommendation", "完善项目库管理"),
        ("recommendation", "按月通报进度"),
    ]


def test_a_goal_and_what_came_of_it() -> None:
    text = "四、重点任务\n（一）改善供水。目标：新建水厂2座。完成：建成1座。未完成原因：用地未批。\n"
    (task,) = read(HEAD + text, "tasks")
    assert (task["task"], task["completion"], task["reason"]) == ("新建水厂2座", "建成1座", "用地未批")


def test_the_foot_of_a_web_page_is_no_measure() -> None:
    text = (
        "七、改进措施\n"
        "一是按月通报进度。二是完善项目库。\n"
        "上一篇：2022年部门预算公开\n"
        "主办：清源县人民政府　技术支持：数据中心\n"
    )
    assert [i["text"] for i in read(HEAD + text, "issues")] == ["按月通报进度", "完善项目库"]
