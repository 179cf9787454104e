"""What the offline reader makes of sentences and tables of published accounts (部门决算公开), and of other writers' wordings."""

from __future__ import annotations

import pytest

from tests.extraction.offline.reading_cases import facts, read

HEAD = "清源县水务局2022年度部门整体支出绩效自评报告\n一、基本情况\n（一）收支情况\n"
Fact = tuple[str, str, str, str | None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "政府采购支出总额28.00万元。授予中小企业合同金额24.00万元，占政府采购支出总额的85.71%。",
            [
                ("政府采购支出总额", "executed", "28.00", "万元"),
                ("授予中小企业合同金额", "executed", "24.00", "万元"),
                ("占政府采购支出总额", "rate", "85.71", "%"),
            ],
        ),
        (
            "我局对2022年度项目支出全面开展绩效自评，共涉及项目6个，资金380.00万元，占项目支出总额的100%。",
            [("资金", "executed", "380.00", "万元"), ("占项目支出总额", "rate", "100", "%")],
        ),
        ("办公用房面积3120平方米。", [("办公用房面积", "assets", "3120", "平方米")]),
        (
            "累计支付86.00万元，占预算总额的86.00%，未支付14.00万元。",
            [
                ("累计支付", "executed", "86.00", "万元"),
                ("占预算总额", "rate", "86.00", "%"),
                ("未支付", "carried_out", "14.00", "万元"),
            ],
        ),
        (
            "全年累计支付86.00万元，剩余14.00万元收回财政。",
            [("全年累计支付", "executed", "86.00", "万元"), ("剩余", "carried_out", "14.00", "万元")],
        ),
        (
            "税收收入90.00万元。税收收入中，增值税60.00万元，企业所得税30.00万元。",
            [
                ("税收收入", "received", "90.00", "万元"),
                ("增值税", "received", "60.00", "万元"),
                ("企业所得税", "received", "30.00", "万元"),
            ],
        ),
        (
            "加上上年结余8.00万元、调入资金5.00万元，收入总计113.00万元。",
            [
                ("上年结余", "carried_in", "8.00", "万元"),
                ("调入资金", "received", "5.00", "万元"),
                ("收入总计", "received", "113.00", "万元"),
            ],
        ),
    ],
)
def test_sentences_of_accounts(text: str, expected: list[Fact]) -> None:
    assert facts(f"{HEAD}{text}\n") == expected


@pytest.mark.parametrize(
    "text", ["中小企业发展专项资金项目预算60万元。", "全县企业合同金额3.00亿元。", "支付20.00万元购置水泵。"]
)
def test_other_money_is_no_fact_of_the_department(text: str) -> None:
    assert facts(f"{HEAD}{text}\n") == []


def test_rows_of_years_are_about_their_year() -> None:
    rows = "年度 年初结转 当年下达 当年支出 年末结转\n2021年 0.00 12.00 8.60 3.40\n2022年 3.40 15.00 14.00 4.40\n"
    found = read(f"{HEAD}表1 专项资金收支情况表\n单位：万元\n{rows}", "budget_facts")
    assert [(f["year"], f["path"][-1], f["value"]) for f in found][:5] == [
        (2021, "年初结转", "0.00"),
        (2021, "当年下达", "12.00"),
        (2021, "当年支出", "8.60"),
        (2021, "年末结转", "3.40"),
        (2022, "年初结转", "3.40"),
    ]


def test_a_unit_in_the_second_column_and_what_is_no_money() -> None:
    rows = (
        "序号 部门名称 项目个数 全年预算数 实际支出数 执行率 复核得分\n"
        "1 县水务局 3 98.00 75.00 76.53% 78.30\n"
        "2 县民政局 2 84.00 84.00 100% 93.50\n"
    )
    found = read(f"{HEAD}表1 复核情况表\n单位：万元、分\n{rows}", "budget_facts")
    assert [(f["org"], f["measure"], f["value"], f.get("unit")) for f in found] == [
        ("县水务局", "full_year_budget", "98.00", "万元"),
        ("县水务局", "executed", "75.00", "万元"),
        ("县水务局", "rate", "76.53", "%"),
        ("县民政局", "full_year_budget", "84.00", "万元"),
        ("县民政局", "executed", "84.00", "万元"),
        ("县民政局", "rate", "100", "%"),
    ]


SUMMARY = (
    "五、项目绩效自评综述\n1.渠道清淤项目绩效自评综述：全年预算数为60.00万元，执行数为57.00万元，完成预算的95.00%。"
    "项目绩效目标完成情况：清淤12公里，灌溉条件明显改善。发现的主要问题及原因：施工进度滞后。下一步改进措施：按月通报进度。\n"
)


def test_a_summary_states_a_project_its_problem_and_what_is_done() -> None:
    (project,) = read(HEAD + SUMMARY, "projects")
    assert (project["name"], project["full_year_budget"]["value"], project["executed"]["value"]) == (
        "渠道清淤",
        "60.00",
        "57.00",
    )
    assert project["execution_rate"]["value"] == "95.00"
    assert project["implementation"] == "清淤12公里，灌溉条件明显改善"
    assert [(i["kind"], i["text"]) for i in read(HEAD + SUMMARY, "issues")] == [
        ("problem", "施工进度滞后"),
        ("recommendation", "按月通报进度"),
    ]


def test_a_table_of_projects_with_who_answers_for_them_is_no_form_of_one() -> None:
    rows = (
        "序号 项目名称 主管部门 预算安排 实际支出 执行率 备注\n"
        "1 渠道清淤 县水务局 60.00 57.00 95.00% 保留\n"
        "2 雨情监测 县水务局 40.00 20.00 50.00% 压减\n"
    )
    found = read(f"{HEAD}表4 低效项目处理情况表\n单位：万元\n{rows}", "projects")
    assert [(p["name"], p["executed"]["value"], p["status"]) for p in found] == [
        ("渠道清淤", "57.00", "保留"),
        ("雨情监测", "20.00", "压减"),
    ]


def test_numbered_problems_of_a_form_are_one_each() -> None:
    form = "|存在问题|1.资金下达晚。2.指标设置不够紧密。|\n|改进措施|1.按月通报。2.纳入考核。|\n|自评结论|得分97分|\n"
    assert [i["text"] for i in read(HEAD + form, "issues")] == [
        "资金下达晚",
        "指标设置不够紧密",
        "按月通报",
        "纳入考核",
    ]


def test_targets_that_semicolons_divide_are_tasks_of_their_own() -> None:
    text = "（四）绩效目标\n总体目标：改善灌溉条件，提高用水效率。\n年度目标：清淤渠道12公里；维修水闸4座；培训农户300人次。\n"
    assert [t["task"] for t in read(HEAD + text, "tasks")] == [
        "改善灌溉条件，提高用水效率",
        "清淤渠道12公里",
        "维修水闸4座",
        "培训农户300人次",
    ]


SURVEY = (
    "附件2：满意度问卷统计表\n有效问卷 186 份\n题号 问题 选项 份数 占比\n1 您对供水是否满意 满意 150 80.65%\n不满意 36 19.35%\n"
    "2 水价是否合理 合理 120 64.52%\n不合理 66 35.48%\n"
)


def test_answers_without_marks_below_their_questions() -> None:
    found = read(HEAD + SURVEY, "survey_answers")
    assert [
        (a["question_no"], a["question"], a["option"], a["count"], a["share"]["value"], a["respondents"]) for a in found
    ] == [
        ("1", "您对供水是否满意", "满意", "150", "80.65", "186"),
        ("1", "您对供水是否满意", "不满意", "36", "19.35", "186"),
        ("2", "水价是否合理", "合理", "120", "64.52", "186"),
        ("2", "水价是否合理", "不合理", "66", "35.48", "186"),
    ]


@pytest.mark.parametrize(
    "title",
    ["清源县财政局关于2022年度预算绩效自评\n情况的汇总报告", "清源县枫桥镇2022年财政决算和预算绩效管理情况的说明"],
    ids=["over two lines", "a statement"],
)
def test_titles_of_summaries(title: str) -> None:
    (report,) = read(f"{title}\n县人民政府：\n一、总体情况\n收入合计80.00万元。\n", "reports")
    assert report["title"] == title.replace("\n", "")


def test_answers_told_in_lines_below_their_question() -> None:
    text = (
        "三、问卷情况\n收回有效问卷450份。\n第1题：您对供水总的感觉怎么样？\n"
        "很满意，231人，占51.3%\n不满意，219人，占48.7%\n水质最受关注，占大头。\n"
    )
    found = read(HEAD + text, "survey_answers")
    assert [(a["question_no"], a["option"], a["count"], a["share"]["value"], a["respondents"]) for a in found] == [
        ("1", "很满意", "231", "51.3", "450"),
        ("1", "不满意", "219", "48.7", "450"),
    ]


def test_answers_told_one_after_the_other() -> None:
    text = "第2题：水价是否合理？\n合理的300人，占66.7%；不合理的150人，占33.3%。\n"
    assert [(a["option"], a["count"]) for a in read(HEAD + text, "survey_answers")] == [
        ("合理", "300"),
        ("不合理", "150"),
    ]
