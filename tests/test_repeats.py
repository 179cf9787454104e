"""Grounding: a record that is said twice is kept once, one that is printed twice is kept twice, and no figure has two names."""

from __future__ import annotations

from typing import Any

from tests.grounding_cases import Claim, ground_claims, money
from tests.report_cases import lines

LINE = "县水利站追加经费12.50万元。"
TWICE = lines(LINE, "另有说明如下。", LINE)
FACT = {
    "quote": LINE[:-1],
    "path": ["追加经费"],
    "measure": "supplementary",
    "org": "县水利站",
    "value": "12.50",
    "unit": "万元",
}


def outcome(text: str, claims: list[Claim]) -> tuple[list[int], list[str]]:
    """Where the quotes of the grounded claims start, and the codes of the others."""
    grounded, rejected = ground_claims(text, claims)
    return [g.quote_span.start for g in grounded], [r.code for r in rejected]


def test_a_record_that_is_said_twice_is_kept_once() -> None:
    assert outcome(LINE + "\n", [("budget_facts", FACT)] * 2) == ([0], ["duplicate"])


def test_a_record_that_is_printed_twice_is_kept_twice_and_no_third_time() -> None:
    first, second = TWICE.index(LINE), TWICE.rindex(LINE)
    assert outcome(TWICE, [("budget_facts", FACT)] * 3) == ([first, second], ["duplicate"])


def test_the_same_record_with_a_longer_quote_is_a_duplicate() -> None:
    longer = FACT | {"quote": LINE[:-1].removeprefix("县水利站")}
    assert outcome(LINE + "\n", [("budget_facts", FACT), ("budget_facts", longer)]) == ([0], ["duplicate"])


def test_a_task_that_is_said_twice_is_kept_once() -> None:
    task = {"quote": "修复渠道12公里", "task": "修复渠道12公里"}
    assert outcome("（1）修复渠道12公里。\n", [("tasks", task)] * 2)[1] == ["duplicate"]


SURVEY = lines(
    *("第1题：对环境是否满意？", "选项\t小计\t比例", "满意\t12\t30%", "一般\t28\t70%"),
    *("第2题：对服务是否满意？", "选项\t小计\t比例", "满意\t12\t30%", "一般\t28\t70%"),
)


def test_of_two_places_of_a_quote_the_one_behind_the_record_s_other_words() -> None:
    answer = {
        "quote": "满意\t12\t30%",
        "option": "满意",
        "count": "12",
        "question_no": "2",
        "question": "对服务是否满意？",
    }
    assert outcome(SURVEY, [("survey_answers", answer)]) == ([SURVEY.rindex("满意\t12")], [])


def test_an_answer_that_is_said_twice_does_not_take_the_same_row_of_another_question() -> None:
    answer = {
        "quote": "满意\t12\t30%",
        "option": "满意",
        "count": "12",
        "question_no": "1",
        "question": "对环境是否满意？",
    }
    assert outcome(SURVEY, [("survey_answers", answer)] * 2) == ([SURVEY.index("满意\t12")], ["duplicate"])


LIST = "安排山塘清淤项目30万元、渠道衬砌项目20万元。\n"


def project(name: str, value: str) -> Claim:
    fields: dict[str, Any] = {"quote": LIST.strip(), "name": name, "full_year_budget": money(value)}
    return "projects", fields


def test_a_figure_that_two_records_claim_belongs_to_the_name_before_it() -> None:
    grounded, rejected = ground_claims(LIST, [project("山塘清淤项目", "20"), project("渠道衬砌项目", "20")])
    assert [getattr(g.record, "name") for g in grounded] == ["渠道衬砌项目"]  # noqa: B009 - a record of any type
    assert [(r.code, r.reason) for r in rejected] == [
        ("contested", "full_year_budget: 20 is claimed for 渠道衬砌项目 as well")
    ]


def test_equal_figures_of_one_sentence_are_given_out_once_each() -> None:
    text = "决策、过程、产出权重分别为25分、30分、25分。\n"
    lines_ = [
        {"quote": text.strip(), "name": n, "weight": w} for n, w in (("决策", "25"), ("过程", "30"), ("产出", "25"))
    ]
    grounded, rejected = ground_claims(text, [("score_lines", fields) for fields in lines_])
    assert not rejected
    assert [g.literals[0].span.start for g in grounded] == [text.index("25"), text.index("30"), text.rindex("25")]
