"""What the offline reader makes of chapters by bare numbers, divided goals, labelled projects and columns of sources."""

from __future__ import annotations

from tests.extraction.offline.reading_cases import read

HEAD = "清源县水务局2022年度部门整体支出绩效自评报告\n"


def test_chapters_that_a_bare_number_marks() -> None:
    text = (
        "1  项目概况\n1.1  立项背景\n灌区渠系老化。\n4  存在问题\n4.1  项目管理方面\n（1）施工进度滞后。汛期停工两月。\n"
        "（2）合同条款不全。两份合同没有约定质保期。\n5  有关建议\n"
        "5.1  加强合同管理。实行合同审查。\n5.2  加快施工进度。按月通报。\n"
    )
    found = [(i["kind"], i.get("category"), i.get("title")) for i in read(HEAD + text, "issues")]
    assert found == [
        ("problem", "项目管理方面", "施工进度滞后"),
        ("problem", "项目管理方面", "合同条款不全"),
        ("recommendation", None, "加强合同管理"),
        ("recommendation", None, "加快施工进度"),
    ]


def test_a_number_before_other_words_is_no_chapter() -> None:
    text = "三、存在问题\n一是施工进度滞后，汛期停工两个月。\n2  渠道清淤\n"
    assert [i["kind"] for i in read(HEAD + text, "issues")][:1] == ["problem"]


def test_goals_that_numbers_in_brackets_divide() -> None:
    text = "1.4  绩效目标\n总体目标：改善灌溉条件，提高用水效率。\n年度目标：（1）清淤渠道12公里；（2）维修水闸4座。\n"
    assert [(t.get("seq"), t["task"]) for t in read(HEAD + text, "tasks")] == [
        (None, "改善灌溉条件，提高用水效率"),
        ("1", "清淤渠道12公里"),
        ("2", "维修水闸4座"),
    ]


def test_numbered_tasks_tell_how_far_they_were_reached_and_why_not() -> None:
    text = (
        "（三）年度重点任务完成情况\n任务1：清淤渠道12公里。完成情况：清淤13公里。\n"
        "任务2：维修水闸4座。完成情况：维修3座。未完成原因：汛期停工。\n"
    )
    found = [(t["seq"], t["task"], t.get("completion"), t.get("reason")) for t in read(HEAD + text, "tasks")]
    assert found == [("1", "清淤渠道12公里", "清淤13公里", None), ("2", "维修水闸4座", "维修3座", "汛期停工")]


def test_goals_of_a_table_carry_their_numbers_and_its_heading() -> None:
    text = "（二）总体目标完成情况\n总体目标\t完成情况\n目标1：清淤渠道12公里。\t清淤13公里。\n目标2：维修水闸4座。\t维修3座。\n"
    found = [(t["section"], t["seq"], t["task"], t["completion"]) for t in read(HEAD + text, "tasks")]
    assert found == [
        ("（二）总体目标完成情况", "1", "清淤渠道12公里", "清淤13公里"),
        ("（二）总体目标完成情况", "2", "维修水闸4座", "维修3座"),
    ]


def test_what_labels_tell_of_a_project() -> None:
    text = (
        "（二）重点项目实施情况\n1.水闸维修养护项目。全年预算40万元，实际支出38万元。实施情况：维修水闸4座。取得成效：行洪安全得到保障。\n"
        "2.渠道清淤项目。全年预算60万元，实际支出60万元。实施情况：清淤12公里。服务对象满意度95%。\n"
    )
    found = [
        (p["implementation"], p.get("outcome"), p.get("satisfaction", {}).get("text"))
        for p in read(HEAD + text, "projects")
    ]
    assert found[0] == ("维修水闸4座", "行洪安全得到保障", None)
    assert found[1][2] == "95%"


def test_a_list_of_budgets_shares_the_word_before_it() -> None:
    text = "一、收支情况\n年初部门预算安排基本支出90万元、项目支出60万元，实际支出148万元。\n"
    found = [(f["path"][-1], f["measure"]) for f in read(HEAD + text, "budget_facts")]
    assert found[:2] == [("基本支出", "initial_budget"), ("项目支出", "initial_budget")]


def test_sources_beside_what_was_spent_are_what_was_granted() -> None:
    rows = "地区\t中央资金\t县级资金\t下达合计\t执行数\n甲乡\t60.00\t20.00\t80.00\t75.00\n乙乡\t30.00\t10.00\t40.00\t40.00\n"
    found = read(f"{HEAD}二、资金情况\n表1 分地区资金执行情况表\n单位：万元\n{rows}", "budget_facts")
    assert [(f["org"], f["measure"], f["value"]) for f in found[:4]] == [
        ("甲乡", "received", "60.00"),
        ("甲乡", "received", "20.00"),
        ("甲乡", "received", "80.00"),
        ("甲乡", "executed", "75.00"),
    ]


def test_a_summary_is_a_report() -> None:
    title = "清源县水务局关于2022年度项目支出绩效自评工作的总结"
    found = read(f"{title}\n一、组织情况\n成立工作组。\n自评得分92.5分，等级为“优”。\n", "reports")
    assert [(r["title"], r["kind"], r["score"]) for r in found] == [(title, "special_fund_self_evaluation", "92.5")]


def shown_projects(text: str) -> list[dict[str, str]]:
    """Projects by name and the values of their amounts."""
    fields = ("initial_budget", "full_year_budget", "executed")
    return [{"name": p["name"], **{f: p[f]["value"] for f in fields if f in p}} for p in read(HEAD + text, "projects")]


def test_amounts_behind_a_listed_project_s_name_are_its_own() -> None:
    text = "全年共实施项目2个：渠道清淤项目，预算60万元，支出57万元；水闸维修项目，预算40万元，支出40万元。\n"
    assert shown_projects("二、项目情况\n" + text) == [
        {"name": "渠道清淤项目", "full_year_budget": "60", "executed": "57"},
        {"name": "水闸维修项目", "full_year_budget": "40", "executed": "40"},
    ]


def test_a_listed_project_s_only_amount_is_what_its_label_or_the_list_s_head_says() -> None:
    text = "全年安排项目2个，其中：渠道清淤项目预算60万元、水闸维修项目预算40万元。\n"
    assert [p["name"] for p in shown_projects("二、项目情况\n" + text)] == ["渠道清淤项目", "水闸维修项目"]
    spent = shown_projects("二、项目情况\n项目支出100万元，具体包括：渠道清淤60万元、水闸维修40万元。\n")
    assert spent == [{"name": "渠道清淤", "executed": "60"}, {"name": "水闸维修", "executed": "40"}]


def test_a_paragraph_that_begins_with_a_project_s_name() -> None:
    text = (
        "渠道清淤项目：年初预算60万元，全年执行57万元，执行率95%。\n项目支出情况：项目支出预算100万元，支出97万元。\n"
    )
    assert shown_projects("二、收支情况\n" + text) == [
        {"name": "渠道清淤项目", "initial_budget": "60", "executed": "57"}
    ]
