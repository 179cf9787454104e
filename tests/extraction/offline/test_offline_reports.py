"""What the offline reader makes of a report's head, score, grade and signature, and of questionnaires."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extraction.offline.reading_cases import read

BODY = "一、基本情况\n（一）部门概况。我局主管全县水务工作。\n二、自评结论\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "清源县水务局2022年度部门整体支出绩效自评报告\n" + BODY
            + "自评总分值100分，自评得分94.6分，等次为优。\n\n"
            "清源县水务局\n二〇二三年八月二日\n",
            {"department": "清源县水务局", "score": "94.6", "grade": "优", "issued_on": "2023-08-02"},
            id="full marks before the score, a date in Chinese numerals",
        ),
        pytest.param(
            "云口市2022年度节水改造专项资金绩效评价报告\n云口市财政局组成评价组，对云口市水务局管理的节水改造专项资金开展了评价。\n"
            "一、评价结论\n综合得分82.35分，绩效评级为“良”。\n",
            {
                "kind": "third_party_evaluation", "department": "云口市水务局", "evaluator": "云口市财政局",
                "score": "82.35", "grade": "良",
            },
            id="a finance bureau evaluates with its own group",
        ),
        pytest.param(
            "石桥镇人民政府2022年度部门决算情况说明\n\n第一部分 概况\n核定编制38名。\n",
            {"title": "石桥镇人民政府2022年度部门决算情况说明", "department": "石桥镇人民政府", "fiscal_year": 2022},
            id="an account of the year's spending is a report",
        ),
        pytest.param(
            "清源县水务局2022年度项目支出绩效自评报告\n" + BODY
            + "自评得分93分，评价等级为：良。\n\n"
            "填表人：韦某　审核人：覃某　2023年2月26日\n",
            {"kind": "special_fund_self_evaluation", "grade": "良", "issued_on": "2023-02-26"},
            id="a signature line dates the report",
        ),
        pytest.param(
            "附件3\n石桥乡部门整体支出绩效自评报告\n(2022年度)\n" + BODY + "自评得分93.5分,自评等级为“优”。\n",
            {"department": "石桥乡", "fiscal_year": 2022, "score": "93.5", "grade": "优"},
            id="a title without a year",
        ),
        pytest.param(
            "附件2\n部门整体支出绩效自评表\n（2022年度）\n填报单位：清源县水务局\n自评得分：96\n",
            {"department": "清源县水务局", "fiscal_year": 2022, "score": "96"},
            id="a form says who filled it in",
        ),
        pytest.param(
            "清源县水务局2022年度项目支出绩效自评报告\n" + BODY
            + "堤防加固项目自评得分95.97分，泵站维护项目自评得分96.69分，平均得分96.33分（满分100分）。\n",
            {"score": "96.33", "max_score": "100"},
            id="the mean of several projects' scores",
        ),
    ],
)  # fmt: skip
def test_what_a_report_says_of_itself(text: str, expected: dict[str, Any]) -> None:
    (report,) = read(text, "reports")
    assert {name: report.get(name) for name in expected} == expected


def test_the_number_who_answered_stands_above_the_table_s_own_title() -> None:
    text = (
        "清源县水务局2022年度部门整体支出绩效自评报告\n一、满意度调查情况\n发放问卷120份，回收有效问卷110份，有效回收率91.67%。\n"
        "表2 供水满意度调查统计表\n题目\t选项\t人数\t占比\n1.您对供水是否满意？\t满意\t99\t90.00%\n\t不满意\t11\t10.00%\n"
    )
    assert [a["respondents"] for a in read(text, "survey_answers")] == ["110", "110"]


def test_the_number_who_answered_stands_above_the_questions() -> None:
    text = (
        "清源县水务局2022年度部门整体支出绩效自评报告\n一、基本情况\n本局主管水务。\n\n附件：清源县供水满意度调查问卷统计\n"
        "共发放问卷120份，收回有效问卷110份。\n1.您对供水水质是否满意？\n选项\t人数\t占比\n满意\t99\t90.00%\n不满意\t11\t10.00%\n"
    )
    answers = read(text, "survey_answers")
    assert [(a["option"], a["count"], a["respondents"]) for a in answers] == [
        ("满意", "99", "110"),
        ("不满意", "11", "110"),
    ]
    assert {a["survey"] for a in answers} == {"清源县供水满意度调查问卷统计"}
