"""What the offline reader makes of wordings and forms that differ from one province to the next."""

from __future__ import annotations

import pytest

from tests.extraction.offline.reading_cases import ground, read

HEAD = "清源县水务局2022年度部门整体支出绩效自评报告\n"


def shown(text: str) -> list[tuple[str, str, int | None, str]]:
    """Budget facts as deepest label, measure, year and value."""
    return [(f["path"][-1], f["measure"], f.get("year"), f["value"]) for f in read(HEAD + text, "budget_facts")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "“三公”经费支出9.60万元，其中公务接待费1.10万元、公务用车运行维护费8.50万元，较上年减少0.80万元，下降7.69%。",
            [
                ("“三公”经费支出", "executed", 2022, "9.60"),
                ("公务接待费", "executed", 2022, "1.10"),
                ("公务用车运行维护费", "executed", 2022, "8.50"),
                ("“三公”经费支出", "change", 2022, "0.80"),
                ("“三公”经费支出", "rate", 2022, "7.69"),
            ],
            id="a change after a list of parts is the whole's",
        ),
        pytest.param(
            "“三公”经费年初预算12万元，全年支出9.85万元。",
            [("“三公”经费", "initial_budget", 2022, "12"), ("“三公”经费", "executed", 2022, "9.85")],
            id="what was spent of a budget",
        ),
        pytest.param(
            "全年收入520.00万元，全年支出480.00万元。",
            [("全年收入", "received", 2022, "520.00"), ("全年支出", "executed", 2022, "480.00")],
            id="spending is not what the income before it did",
        ),
        pytest.param(
            "项目支出共安排843.00万元，其中年初预算安排项目资金125.00万元，上级专项资金718.00万元。",
            [
                ("项目支出", "full_year_budget", 2022, "843.00"),
                ("项目资金", "initial_budget", 2022, "125.00"),
                ("上级专项资金", "full_year_budget", 2022, "718.00"),
            ],
            id="a part's own measure is not its neighbour's",
        ),
        pytest.param(
            "年初批复预算3个项目760万元，全年调整预算数1174.50万元。",
            [("年初批复预算", "initial_budget", 2022, "760"), ("全年调整预算数", "full_year_budget", 2022, "1174.50")],
            id="how many projects a budget is for",
        ),
        pytest.param(
            "省级资金到位320万元，支付300万元，支付率93.75%。",
            [("到位", "received", 2022, "320"), ("支付", "executed", 2022, "300"), ("支付率", "rate", 2022, "93.75")],
            id="what was paid of what was received",
        ),
        pytest.param(
            "年末结转结余-3.20万元。", [("年末结转结余", "carried_out", 2022, "-3.20")], id="a printed sign is the figure's own"
        ),
        pytest.param("财务细则规定，支付5万元以上款项须经集体研究。", [], id="a payment that nothing was received for"),
        pytest.param(
            "收入总计500.00万元，其中：事业收入(学费、住宿费)20.00万元。",
            [("收入总计", "received", 2022, "500.00"), ("事业收入(学费、住宿费)", "received", 2022, "20.00")],
            id="a remark in brackets says nothing of the measure",
        ),
    ],
)  # fmt: skip
def test_figures_in_sentences(text: str, expected: list[tuple[str, str, int | None, str]]) -> None:
    assert shown(text + "\n") == expected


def test_a_list_of_projects_with_the_amount_behind_the_name() -> None:
    text = HEAD + "（二）项目支出情况\n1.堤防加固项目480万元,实际支出456.3万元;\n2.防汛物资补助52万元,支出52万元;\n"
    found = read(text, "projects")
    assert [(p["seq"], p["name"], p["full_year_budget"]["value"], p["executed"]["value"]) for p in found] == [
        ("1", "堤防加固项目", "480", "456.3"),
        ("2", "防汛物资补助", "52", "52"),
    ]
    assert read(text, "budget_facts") == []


def test_rows_that_head_one_level_s_money_are_no_projects() -> None:
    rows = (
        "项目名称\t预算数\t支出数\n一、县本级项目\t80.00\t78.00\n防汛值守经费\t80.00\t78.00\n"
        "二、上级专项\t520.00\t500.00\n山洪沟治理工程\t520.00\t500.00\n"
    )
    found = read(f"{HEAD}表1 项目支出情况表\n单位：万元\n{rows}", "projects")
    assert [(p["name"], p["fund_level"]) for p in found] == [("防汛值守经费", "own"), ("山洪沟治理工程", "superior")]


def test_a_column_says_whose_money_it_is_and_what_is_left() -> None:
    rows = (
        "序号\t项目名称\t资金来源\t预算数\t支出数\t结余数\n"
        "1\t防汛值守经费\t县级\t80\t78\t2\n2\t山洪沟治理工程\t省级\t520\t500\t20\n"
    )
    found = read(f"{HEAD}表1 项目支出情况表\n单位：万元\n{rows}", "projects")
    assert [(p["fund_level"], p["executed"]["value"]) for p in found] == [("own", "78"), ("superior", "500")]


def test_a_column_of_the_year_before_gives_its_figures_that_year() -> None:
    rows = "功能科目\t决算数\t上年决算数\n农林水支出\t300.00\t280.00\n住房保障支出\t60.00\t58.00\n"
    assert shown(f"二、收支情况\n表1 支出情况表\n单位：万元\n{rows}")[:2] == [
        ("农林水支出", "executed", 2022, "300.00"),
        ("农林水支出", "executed", 2021, "280.00"),
    ]


def test_bounds_and_units_in_cells_of_their_own() -> None:
    rows = (
        "| 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 |\n"
        "| 产出指标 | 数量指标 | 加固堤防 | ≥ | 60 | 公里 | 57 | 20 | 19 |\n"
        "| | 质量指标 | 验收合格率 | ≥ | 95 | % | 96.3 | 15 | 15 |\n"
    )
    found = read(f"{HEAD}附表 项目支出绩效自评表\n{rows}", "indicators")
    assert found[0]["target"] == {"text": "60", "op": "≥", "value": "60", "unit": "公里"}
    assert (found[1]["target"]["op"], found[1]["actual"]["unit"]) == ("≥", "%")


def test_a_bound_that_no_cell_prints_is_not_believed() -> None:
    header = "| 一级指标 | 二级指标 | 三级指标 | 指标值 | 度量单位 | 完成值 |\n"
    rows = f"{header}| 产出指标 | 数量指标 | 加固堤防 | 60 | 公里 | 57 |\n"
    grounded, rejected = ground(f"{HEAD}附表 项目支出绩效自评表\n{rows}")
    [indicator] = [g.record.model_dump(mode="json") for g in grounded if g.draft.record_type == "indicators"]
    assert (indicator["target"]["op"], rejected) == (None, ())


def test_remarks_are_no_actual_values() -> None:
    rows = (
        "一级指标\t二级指标\t三级指标\t分值\t说明\t得分\n"
        "过程\t预算执行\t预算执行率\t10\t按比例计分\t9.6\n过程\t预算执行\t调整率\t5\t超过不得分\t5\n"
    )
    found = read(f"{HEAD}附表 评分表\n{rows}", "indicators")
    assert [(i["score"], i.get("actual")) for i in found] == [("9.6", None), ("5", None)]


def test_goals_each_with_a_table_of_its_own() -> None:
    rows = (
        "| 年度目标1：（50分） | 提升防汛能力。 | | | |\n"
        "| 年度绩效指标 | 一级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B） |\n"
        "| | 产出指标 | 加固堤防（50分） | 6公里 | 6公里 |\n"
        "| 年度目标2：（50分） | 保障农村供水。 | | | |\n"
        "| 年度绩效指标 | 一级指标 | 三级指标 | 年初目标值（A） | 实际完成值（B） |\n"
        "| | 效益指标 | 供水保证率（50分） | ≥95% | 97% |\n"
    )
    text = f"{HEAD}2022年度清源县水务局部门整体绩效自评表\n{rows}"
    assert [(t["seq"], t["task"]) for t in read(text, "tasks")] == [("1", "提升防汛能力"), ("2", "保障农村供水")]
    assert [i["target"]["text"] for i in read(text, "indicators")] == ["6公里", "≥95%"]


def test_goals_beside_their_labels() -> None:
    rows = (
        "| 年度目标 | 预期目标 | 加固堤防6公里，新建泵站2座。 |\n| | 实际完成情况 | 加固堤防5.4公里，新建泵站2座。 |\n"
    )
    [task] = read(f"{HEAD}附表 项目支出绩效自评表\n{rows}", "tasks")
    assert (task["task"], task["completion"]) == ("加固堤防6公里，新建泵站2座", "加固堤防5.4公里，新建泵站2座")


@pytest.mark.parametrize(
    ("text", "task", "completion", "reason"),
    [
        (
            "（二）年度工作目标完成情况\n1.防汛：计划加固堤防6公里，已完成6公里，完成率100%。\n",
            "防汛：计划加固堤防6公里", "已完成6公里，完成率100%", None,
        ),
        (
            "（三）未完成的绩效目标\n1.水土流失治理目标值45平方公里，实际完成38.6平方公里，未完成原因：地块权属调整。\n",
            "水土流失治理目标值45平方公里", "实际完成38.6平方公里", "地块权属调整",
        ),
        (
            "（二）年度主要工作\n1.抓好堤防建设。全年完成加固6公里，新建泵站2座。\n",
            "抓好堤防建设", "全年完成加固6公里，新建泵站2座", None,
        ),
        ("一、基本情况\n（二）绩效目标。加固堤防6公里，受益农户260户。\n", "加固堤防6公里，受益农户260户", None, None),
    ],
)  # fmt: skip
def test_tasks_and_what_became_of_them(text: str, task: str, completion: str | None, reason: str | None) -> None:
    [found] = read(HEAD + text, "tasks")
    assert (found["task"], found.get("completion"), found.get("reason")) == (task, completion, reason)


def test_questions_in_a_column() -> None:
    rows = "题目\t选项\t人数\t比例\n1.您对供水是否满意？\t满意\t158\t80.61%\n\t不满意\t38\t19.39%\n"
    found = read(f"{HEAD}附件2：满意度调查结果\n收回有效问卷196份。\n{rows}", "survey_answers")
    assert [(a["question_no"], a["question"], a["option"]) for a in found] == [
        ("1", "您对供水是否满意？", "满意"),
        ("1", "您对供水是否满意？", "不满意"),
    ]


def test_headings_inside_a_chapter_of_both_say_which_is_which() -> None:
    text = (
        "三、存在的主要问题及下步打算\n（一）存在的主要问题\n一是自评质量不高。二是资料归档不及时。\n"
        "（二）下步打算\n一是加强培训；二是加强档案管理。\n清源县水务局2022年度部门整体绩效自评表\n填报单位：清源县水务局\n"
    )
    assert [(i["kind"], i["text"]) for i in read(HEAD + text, "issues")] == [
        ("problem", "自评质量不高"),
        ("problem", "资料归档不及时"),
        ("recommendation", "加强培训"),
        ("recommendation", "加强档案管理"),
    ]


def test_a_form_of_pairs_has_the_unit_of_its_page() -> None:
    text = """评价年度 2022 年 单位：万元、个

本年总收入 812.40 财政拨款 800.00 其他收入 12.40

本年总支出 790.15 基本支出 302.15 项目支出 488.00

项目支出 488.00 抽查资金数 120.00 抽查占比 24.59%
"""
    assert [(f["path"], f["value"], f.get("unit")) for f in read(HEAD + text, "budget_facts")][:3] == [
        (["本年总收入"], "812.40", "万元"),
        (["本年总收入", "财政拨款"], "800.00", "万元"),
        (["本年总收入", "其他收入"], "12.40", "万元"),
    ]
    assert "抽查资金数" not in str(read(HEAD + text, "budget_facts"))


def test_a_form_whose_funds_are_labels_and_values_in_turn() -> None:
    form = (
        "|项目名称|堤防加固项目|||\n|主管部门及代码|清源县水务局|实施单位|清源县水务局|\n"
        "|项目预算执行情况（万元）|预算数：|400.00|执行数：|386.50|\n"
        "||其中：财政拨款|380.00|其中：财政拨款|370.50|\n||其他资金|20.00|其他资金|16.00|\n"
    )
    [project] = read(f"{HEAD}2021年项目支出绩效自评表\n{form}", "projects")
    amounts = {field: amount["value"] for field, amount in project.items() if isinstance(amount, dict)}
    assert amounts == {
        "full_year_budget": "400.00", "executed": "386.50", "fiscal_appropriation": "380.00", "other_funds": "20.00",
    }  # fmt: skip
    assert project["executed"]["unit"] == "万元"


def test_a_conclusion_in_a_chapter_of_advice_is_no_advice() -> None:
    text = (
        "四、评价结论及建议\n（一）评价结论\n对照指标体系，自评得分为93分。\n"
        "（二）存在问题\n1.部分指标值偏差较大。\n（三）改进建议\n1.加快前期工作。\n"
    )
    assert [(i["kind"], i["text"]) for i in read(HEAD + text, "issues")] == [
        ("problem", "部分指标值偏差较大"),
        ("recommendation", "加快前期工作"),
    ]


def test_a_figure_of_last_year_with_a_subject_before_it() -> None:
    assert shown("决算支出1604.30万元。决算支出较2021年决算数1688.73万元减少84.43万元，降幅5.00%。") == [
        ("决算支出", "executed", 2022, "1604.30"),
        ("决算支出", "executed", 2021, "1688.73"),
        ("决算支出", "change", 2022, "84.43"),
        ("决算支出", "rate", 2022, "5.00"),
    ]


def test_last_years_figure_without_a_label_is_that_of_the_subject() -> None:
    assert shown("基本支出2345.18万元，上年为2296.40万元，增长2.12%。")[1] == ("基本支出", "executed", 2021, "2296.40")


def test_what_was_spent_of_a_named_budget() -> None:
    assert shown("“三公”经费预算15.00万元，决算支出13.82万元，预算执行进度92.13%。") == [
        ("“三公”经费", "full_year_budget", 2022, "15.00"),
        ("“三公”经费", "executed", 2022, "13.82"),
        ("预算执行进度", "rate", 2022, "92.13"),
    ]


def test_a_form_may_name_its_project_in_brackets_above_it() -> None:
    text = (
        "2022年特定目标类部门预算项目绩效目标自评表\n（河道清淤专项资金）\n"
        "|主管部门及代码|清源县水务局|实施单位|清源县水务局|\n"
        "|项目预算执行情况（万元）|预算数：|400.00|执行数：|386.50|\n"
        "||其中：财政拨款|400.00|其中：财政拨款|386.50|\n||其他资金|0.00|其他资金|0.00|\n"
    )
    [project] = read(HEAD + text, "projects")
    assert (project["name"], project["full_year_budget"]["value"]) == ("河道清淤专项资金", "400.00")
    grounded, _ = ground(HEAD + text.replace("河道清淤专项资金", "2022年度"))
    assert not [g for g in grounded if g.draft.record_type == "projects"]


def test_a_table_of_one_task_a_row() -> None:
    text = (
        "表4 年度工作任务完成情况表\n序号\t年度工作任务\t完成情况\t未完成原因\n"
        "1\t新建水库2座\t已建成2座\t无\n2\t启动灌区改造\t设备尚未到位\t供货周期较长\n"
    )
    assert [(t["seq"], t["task"], t["completion"], t["reason"]) for t in read(HEAD + text, "tasks")] == [
        ("1", "新建水库2座", "已建成2座", "无"),
        ("2", "启动灌区改造", "设备尚未到位", "供货周期较长"),
    ]


def test_tasks_that_ordinals_divide() -> None:
    text = (
        "（三）年度总体工作和重点工作任务\n"
        "2022年重点工作任务：一是完成采样1.26万个；二是完成运维，有效率达90%以上；三是组织演练2次。\n"
    )
    tasks = [t["task"] for t in read(HEAD + text, "tasks")]
    assert tasks == ["完成采样1.26万个", "完成运维，有效率达90%以上", "组织演练2次"]


def test_an_item_without_a_full_stop_names_the_paragraph_below_it() -> None:
    text = (
        "六、有关建议\n（一）科学设定绩效目标，提高管理水平\n建议主管部门在申报预算时同步编报绩效目标。\n"
        "（二）加快支出进度，提高使用效益\n建议提前完成前期工作，资金到位即可实施。\n"
    )
    assert [(i["title"], i["text"]) for i in read(HEAD + text, "issues")] == [
        ("科学设定绩效目标，提高管理水平", "建议主管部门在申报预算时同步编报绩效目标"),
        ("加快支出进度，提高使用效益", "建议提前完成前期工作，资金到位即可实施"),
    ]


def test_income_under_columns_of_years() -> None:
    text = (
        "2022年度收入支出情况比较表\n单位：元\n项目\t2022年\t2021年\t增减额\n一、收入合计\t120\t100\t20\n"
        "财政拨款收入\t110\t95\t15\n其他收入\t10\t5\t5\n二、支出合计\t118\t97\t21\n"
    )
    measures = {label: measure for label, measure, year, _ in shown(text) if year == 2021}
    assert measures == {
        "收入合计": "received", "财政拨款收入": "received", "其他收入": "received", "支出合计": "executed",
    }  # fmt: skip


CELLS = """附件1
绩效评价指标评分表
一级指标
二级指标
三级指标
分值
得分
扣分原因
决策
项目立项
立项依据充分性
4
4
立项程序规范性
4
3.5
会议纪要不齐
过程
资金管理
资金到位率
5
5
预算执行率
5
4.76
进度偏慢
产出
产出数量
改造面积
6
6
产出质量
验收合格率
6
5
两处不达标
合计
100
85.60
"""


def test_where_full_marks_were_given_the_next_cell_is_a_name() -> None:
    rows = read(HEAD + CELLS, "indicators")
    assert [(r["level1"], r["level2"], r["level3"], r.get("deviation_reason")) for r in rows] == [
        ("决策", "项目立项", "立项依据充分性", None),
        ("决策", "项目立项", "立项程序规范性", "会议纪要不齐"),
        ("过程", "资金管理", "资金到位率", None),
        ("过程", "资金管理", "预算执行率", "进度偏慢"),
        ("产出", "产出数量", "改造面积", None),
        ("产出", "产出质量", "验收合格率", "两处不达标"),
    ]


def test_questions_between_the_cells_of_one_header() -> None:
    text = (
        "附件2\n满意度调查问卷\n本次调查共发放问卷20份，收回有效问卷16份。\n选项\n人数（人）\n占比\n"
        "1.您对道路是否满意？\n满意\n12\n75.00%\n不满意\n4\n25.00%\n"
        "2.您是否知晓公示？\n知晓\n10\n62.50%\n不知晓\n6\n37.50%\n"
    )
    answers = read(HEAD + text, "survey_answers")
    assert [(a["question_no"], a["option"], a["count"], a["respondents"]) for a in answers] == [
        ("1", "满意", "12", "16"), ("1", "不满意", "4", "16"), ("2", "知晓", "10", "16"), ("2", "不知晓", "6", "16"),
    ]  # fmt: skip
