"""What the offline reader makes of the ways in which reports state each record type."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.survey_answers import SurveyAnswer
from tests.extraction.offline.reading_cases import facts, read
from tests.report_cases import lines


def money(value: str, unit: str | None = "万元") -> dict[str, str]:
    return {"value": value} | ({"unit": unit} if unit else {})


def percent(text: str) -> dict[str, str]:
    return {"text": text, "value": text.rstrip("%"), "unit": "%"}


# --- budget facts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2022年年初批复预算1386.50万元，全年预算数1944.95万元，预算执行率97.45%。\n",
            [
                ("年初批复预算", "initial_budget", "1386.50", "万元"),
                ("全年预算数", "full_year_budget", "1944.95", "万元"),
                ("预算执行率", "rate", "97.45", "%"),
            ],
        ),
        (
            "本年支出合计1895.40万元，其中基本支出742.95万元（人员经费661.30万元、公用经费78.65万元），项目支出1152.45万元。\n",
            [
                ("本年支出合计", "executed", "1895.40", "万元"),
                ("基本支出", "executed", "742.95", "万元"),
                ("人员经费", "executed", "661.30", "万元"),
                ("公用经费", "executed", "78.65", "万元"),
                ("项目支出", "executed", "1152.45", "万元"),
            ],
        ),
        ("年末结转结余47.55万元。\n", [("年末结转结余", "carried_out", "47.55", "万元")]),
        ("行政编制31名。\n", [("行政编制", "headcount", "31", "名")]),
        ("年末实有在职人员28人。\n", [("实有在职人员", "headcount", "28", "人")]),
    ],
)  # fmt: skip
def test_facts_of_prose(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert facts(text) == expected


def test_parts_stand_below_what_they_are_parts_of() -> None:
    text = "本年支出合计1895.40万元，其中基本支出742.95万元（人员经费661.30万元、公用经费78.65万元），项目支出1152.45万元。\n"
    paths = [fact["path"] for fact in read(text, "budget_facts")]
    assert paths[2][-2:] == ["基本支出", "人员经费"]
    assert "基本支出" not in paths[4], "a closed bracket is left again"


def test_a_comparison_names_the_year_before_for_its_own_figure_alone() -> None:
    text = "2022年“三公”经费支出3.31万元，较上年2.95万元减少0.36万元，下降12.20%。\n"
    assert [(f["measure"], f["year"], f["value"]) for f in read(text, "budget_facts")] == [
        ("executed", 2022, "3.31"),
        ("executed", 2021, "2.95"),
        ("change", 2022, "0.36"),
        ("rate", 2022, "12.20"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "全县地区生产总值同比增长4.1%，农民人均可支配收入14862元。\n",
        "服务群众3260人，建成站点12个。\n",
        "根据财预〔2020〕10号文件，电话0851-8222222。\n",
        "培训教师2400人次，合格率100%。\n",
    ],
)
def test_figures_of_the_region_and_of_the_work_are_no_budget_facts(text: str) -> None:
    assert facts(text) == []


def test_facts_of_a_table_by_unit_and_category() -> None:
    text = lines(
        "年度支出情况表",
        "单位：万元",
        "机构名称\t支出合计\t基本支出\t项目支出",
        "汇总\t30.5\t10\t20.5",
        "1.局本级\t18\t6\t12",
        "2.水文站\t12.5\t4\t8.5",
    )
    found = read(text, "budget_facts")
    assert [(f.get("org"), f["value"], f["unit"]) for f in found if f["path"][-1] == "项目支出"] == [
        (None, "20.5", "万元"),
        ("1.局本级", "12", "万元"),
        ("2.水文站", "8.5", "万元"),
    ]


# --- projects --------------------------------------------------------------------------------------------------------

ENTRY = lines(
    "二、项目支出绩效自评情况",
    "（一）州本级资金安排的项目",
    "1.山洪灾害监测预警平台运行维护经费",
    "（1）资金使用情况：全年预算数86万元（其中，财政拨款资金86万元，其他资金0元），全年执行数85.73万元，执行率100%。",
    "（2）项目实施情况：对全州412个自动雨量站开展巡检。",
    "（3）产生的效益：全年发布预警信息1.9万条。",
    "（4）受益对象（服务对象）满意度：≥93%",
    "（5）未完成原因：无",
    "2.河湖长制工作经费",
    "（1）资金使用情况：全年预算数45.5万元，全年执行数43.27万元，执行率95.1%。",
)


def test_a_numbered_project_with_its_items() -> None:
    first, second = read(ENTRY, "projects")
    assert first == {
        "section": "（一）州本级资金安排的项目",
        "seq": "1",
        "name": "山洪灾害监测预警平台运行维护经费",
        "fund_level": "own",
        "full_year_budget": money("86"),
        "fiscal_appropriation": money("86"),
        "other_funds": money("0", "元"),
        "executed": money("85.73"),
        "execution_rate": percent("100%"),
        "satisfaction": {"text": "≥93%", "op": "≥", "value": "93", "unit": "%"},
        "implementation": "对全州412个自动雨量站开展巡检",
        "outcome": "全年发布预警信息1.9万条",
        "unfinished_reason": "无",
    }
    assert (second["seq"], second["name"], second["executed"]) == ("2", "河湖长制工作经费", money("43.27"))
    assert facts(ENTRY) == [], "a project's money is not the department's"


def test_projects_listed_with_their_amounts() -> None:
    text = "市级项目3个，预算资金总额130.5万元，分别为:改善专项经费80万元、教师培训专项经费36万元、足球推广经费14.5万元。\n"
    assert [(p["name"], p["full_year_budget"]) for p in read(text, "projects")] == [
        ("改善专项经费", money("80")),
        ("教师培训专项经费", money("36")),
        ("足球推广经费", money("14.5")),
    ]


def test_projects_of_a_table() -> None:
    text = lines(
        "表1 项目支出明细表",
        "单位：万元",
        "序号\t项目名称\t年初预算数\t全年预算数\t执行数\t执行率\t备注",
        "1\t山塘清淤\t10\t12.50\t11\t88%\t已完成",
        "2\t渠道修复\t—\t3\t2.4\t80%\t",
    )
    assert read(text, "projects") == [
        {
            "section": "表1 项目支出明细表", "seq": "1", "name": "山塘清淤", "initial_budget": money("10"),
            "full_year_budget": money("12.50"), "executed": money("11"), "execution_rate": percent("88%"), "status": "已完成",
        },
        {
            "section": "表1 项目支出明细表", "seq": "2", "name": "渠道修复", "full_year_budget": money("3"),
            "executed": money("2.4"), "execution_rate": percent("80%"),
        },
    ]  # fmt: skip


def test_a_table_s_total_is_a_fact_by_its_own_name() -> None:
    text = lines("序号\t项目名称\t全年预算数（万元）\t执行数（万元）", "1\t山塘清淤\t12.50\t11", "合计\t\t15.50\t13.4")
    assert [label for label, *_ in facts(text)] == ["合计", "合计"]


# --- indicators, score lines, surveys --------------------------------------------------------------------------------


def test_indicators_of_a_table_with_merged_levels() -> None:
    text = lines(
        "| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因 |",
        "| 产出指标 | 数量指标 | 培训人数 | ≥100人 | 120人 | 10 | 10 | |",
        "| | 质量指标 | 合格率 | ≥95% | 93.5% | 10 | 9.50 | 样本偏少 |",
    )
    first, second = read(text, "indicators")
    assert (first["level1"], first["level2"], first["level3"]) == ("产出指标", "数量指标", "培训人数")
    assert first["target"] == {"text": "≥100人", "op": "≥", "value": "100", "unit": "人"}
    assert second == {
        "level1": "产出指标", "level2": "质量指标", "level3": "合格率", "target": percent("≥95%") | {"op": "≥", "value": "95"},
        "actual": percent("93.5%"), "weight": "10", "score": "9.50", "deviation_reason": "样本偏少",
    }  # fmt: skip


def test_score_lines_of_a_table() -> None:
    text = lines("表2 得分表", "一级指标\t分值\t得分\t得分率", "投入\t11\t9\t81.82%", "合计\t100\t86.77\t86.77%")
    assert [(s["name"], s["weight"], s["score"], s["rate"]["value"]) for s in read(text, "score_lines")] == [
        ("投入", "11", "9", "81.82"),
        ("合计", "100", "86.77", "86.77"),
    ]


def test_score_lines_of_prose() -> None:
    text = "投入赋分11分，得分9分；过程赋分29分，得分23.47分，最终得分：86.77分。\n"
    found: list[Any] = [(s["name"], s.get("weight"), s["score"]) for s in read(text, "score_lines")]
    assert found == [("投入", "11", "9"), ("过程", "29", "23.47"), ("最终得分", None, "86.77")]


def test_survey_answers_with_their_question_and_respondents() -> None:
    text = lines(
        "1.您对文化活动是否满意？[单选题]",
        "选项\t小计\t比例",
        "满意\t30\t75%",
        "不满意\t10\t25%",
        "本题有效填写人次\t40\t",
    )
    assert read(text, "survey_answers") == [
        {"question_no": "1", "question": "您对文化活动是否满意？", "option": "满意", "count": "30", "share": percent("75%"),
         "respondents": "40"},
        {"question_no": "1", "question": "您对文化活动是否满意？", "option": "不满意", "count": "10", "share": percent("25%"),
         "respondents": "40"},
    ]  # fmt: skip


def test_what_counts_nobody_is_no_count_of_a_survey() -> None:
    text = lines("选项\t小计\t比例", "满意\t41.19\t75%", "不满意\t10\t25%", "本题有效填写人次\t51.5\t")
    assert [(a.get("count"), a.get("respondents")) for a in read(text, "survey_answers")] == [
        (None, None),
        ("10", None),
    ]


@pytest.mark.parametrize("name", ["count", "respondents"])
@pytest.mark.parametrize(
    ("printed", "counts"), [("120", True), ("1,204", True), ("120.0", True), ("41.19", False), ("-3", False)]
)
def test_a_count_of_a_survey_is_a_whole_number(name: str, printed: str, *, counts: bool) -> None:
    given = {"quote": "满意", "option": "满意", name: printed}
    with nullcontext() if counts else pytest.raises(ValidationError, match="whole number"):
        SurveyAnswer.model_validate(given)


# --- tasks, issues, reports ------------------------------------------------------------------------------------------


def test_tasks_with_their_completion_and_reason() -> None:
    text = lines(
        "二、年度任务",
        "（1）年度工作任务：完成水利建设投资≥25亿元。完成情况：27.36亿元。未完成原因：无。",
        "（2）年度工作任务：新增受益人口6万人，完成情况：6.48万人。",
    )
    assert read(text, "tasks") == [
        {
            "section": "二、年度任务",
            "seq": "1",
            "task": "完成水利建设投资≥25亿元",
            "completion": "27.36亿元",
            "reason": "无",
        },
        {"section": "二、年度任务", "seq": "2", "task": "新增受益人口6万人", "completion": "6.48万人"},
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            lines("（一）存在的问题", "1.部分尾款跨年支付，影响进度。", "2.档案收集不及时。", "（二）有关建议",
                  "1.建议提前开展评审。"),
            [("problem", "部分尾款跨年支付，影响进度"), ("problem", "档案收集不及时"), ("recommendation", "建议提前开展评审")],
        ),
        (
            lines("三、存在的主要问题", "自评中也发现一些不足：一是绩效指标以定性描述为主。二是配套资金多在下半年到位。"),
            [("problem", "绩效指标以定性描述为主"), ("problem", "配套资金多在下半年到位")],
        ),
        (lines("三、主要经验做法", "一是加强领导。二是规范管理。"), []),
    ],
)  # fmt: skip
def test_problems_and_recommendations(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(i["kind"], i["text"]) for i in read(text, "issues")] == expected


def test_a_report_s_title_department_year_score_grade_and_date() -> None:
    text = lines(
        "清江州水利局2022年度部门整体支出绩效自评报告",
        "一、自评结论",
        "自评得分96.50分（满分100分），自评等级为“优”。",
        "清江州水利局",
        "2023年4月18日",
    )
    assert read(text, "reports") == [
        {
            "kind": "overall_self_evaluation",
            "title": "清江州水利局2022年度部门整体支出绩效自评报告",
            "department": "清江州水利局",
            "fiscal_year": 2022,
            "score": "96.50",
            "max_score": "100",
            "grade": "优",
            "issued_on": "2023-04-18",
        }
    ]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("清江州水利局2022年度部门整体支出绩效自评报告", "overall_self_evaluation"),
        ("小型水库维修养护专项资金2022年度绩效自评报告", "special_fund_self_evaluation"),
    ],
)
def test_the_kind_of_a_report(title: str, kind: str) -> None:
    [found] = read(lines(title, "自评得分90分。"), "reports")
    assert (found["kind"], found["score"]) == (kind, "90")


def test_two_reports_in_one_document_have_a_record_each() -> None:
    text = lines(
        "清江州水利局2022年度部门整体支出绩效自评报告", "自评得分96.5分。",
        "小型水库维修养护专项资金2022年度绩效自评报告", "自评得分88分。",
    )  # fmt: skip
    assert [r["score"] for r in read(text, "reports")] == ["96.5", "88"]
