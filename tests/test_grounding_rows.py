"""Grounding in tables and entries: a figure is its own row's, in the unit that its table declares."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.grounding_cases import accepted, money, printed, quantity, refused
from tests.report_cases import lines

TABLE = lines(
    "表1 项目支出明细表",
    "单位：万元",
    "项目名称\t预算数\t执行数\t执行率",
    "山塘清淤\t86.50\t85.73\t99.1%",
    "渠道修复\t45\t43.27\t96.2%",
)
ROW = {
    "quote": "山塘清淤\t86.50\t85.73\t99.1%",
    "name": "山塘清淤",
    "full_year_budget": money("86.50"),
    "executed": money("85.73"),
}


def test_a_row_s_figures_have_the_unit_that_the_table_declares() -> None:
    found = accepted(TABLE, "projects", ROW)
    [budget, executed] = found.literals
    assert (budget.unit, budget.unit_source, budget.yuan) == ("万元", "caption", Decimal(865000))
    assert budget.unit_span is not None
    assert TABLE[budget.unit_span.start : budget.unit_span.stop] == "万元"
    assert executed.span.start == TABLE.index("85.73")


def test_a_header_s_unit_outweighs_the_caption_s() -> None:
    text = TABLE.replace("执行数\t", "执行数（元）\t")
    found = accepted(text, "projects", ROW | {"executed": money("85.73", "元")})
    assert [(x.unit, x.unit_source) for x in found.literals] == [("万元", "caption"), ("元", "header")]


def test_a_quote_of_the_name_alone_gives_the_figures_of_its_row() -> None:
    assert printed(accepted(TABLE, "projects", ROW | {"quote": "山塘清淤"})) == {
        "full_year_budget": "86.50",
        "executed": "85.73",
    }


def test_the_figure_of_the_row_below_is_refused() -> None:
    code, reason = refused(TABLE, "projects", ROW | {"executed": money("43.27")})
    assert (code, reason) == ("figure", "executed: 43.27 does not stand in the quote or the row it was read from")


def test_one_row_s_name_with_another_row_s_figures_is_refused() -> None:
    assert refused(TABLE, "projects", ROW | {"name": "渠道修复"}) == (
        "label",
        "name: “渠道修复” does not stand in the quote or the row of the figures",
    )


def test_the_deepest_level_of_an_indicator_is_its_row_s_and_the_merged_ones_above_need_not_be() -> None:
    text = lines("| 一级指标 | 三级指标 | 分值 |", "| 产出 | 培训人数 | 10 |", "|  | 满意率 | 20 |")
    fields = {"quote": "满意率 | 20", "level1": "产出", "level3": "满意率", "weight": "20"}
    assert accepted(text, "indicators", fields)
    assert refused(text, "indicators", fields | {"level3": "培训人数"})[0] == "label"


def test_columns_that_change_places_are_refused() -> None:
    code, reason = refused(TABLE, "projects", ROW | {"executed": money("86.50"), "full_year_budget": None})
    assert (code, reason) == ("misplaced", "executed: 86.50 is printed as full_year_budget, not as executed")


@pytest.mark.parametrize(("unit", "code"), [("元", "unit"), ("亿元", "unit")])
def test_a_unit_that_the_table_does_not_declare_is_refused(unit: str, code: str) -> None:
    assert refused(TABLE, "projects", ROW | {"executed": money("85.73", unit)})[0] == code


def test_ten_thousand_yuan_is_refused_where_yuan_is_printed_and_none_where_nothing_is() -> None:
    claim = {"quote": "预算18.6元", "name": "预算", "full_year_budget": money("18.6", "万元")}
    assert refused("全年预算18.6元。\n", "projects", claim) == (
        "unit",
        "full_year_budget: 18.6 is printed with 元, not with 万元",
    )
    bare = {"quote": "预算18.6", "name": "预算", "full_year_budget": money("18.6", "万元")}
    assert refused("全年预算18.6。\n", "projects", bare) == (
        "unit",
        "full_year_budget: 18.6 is printed with no unit, not with 万元",
    )


SCORES = lines("表2 得分表", "单位：万元", "一级指标\t分值\t得分", "投入\t11\t9", "产出\t30\t26.90")


def test_marks_and_weights_are_exact_and_no_money_whatever_the_table_declares() -> None:
    found = accepted(
        SCORES, "score_lines", {"quote": "产出\t30\t26.90", "name": "产出", "weight": "30", "score": "26.90"}
    )
    assert [(x.field, x.printed, x.decimals, x.unit, x.yuan, x.exact) for x in found.literals] == [
        ("weight", "30", 0, None, None, True),
        ("score", "26.90", 2, None, None, True),
    ]


@pytest.mark.parametrize(
    ("text", "value", "unit", "exact"),
    [
        ("在职人员28人", "28", "人", True),
        ("支出0元", "0", "元", True),
        ("支出28万元", "28", "万元", False),
        ("执行率95%", "95", "%", False),
    ],
)
def test_counts_and_a_printed_zero_are_exact_and_amounts_are_not(text: str, value: str, unit: str, exact: bool) -> None:
    measure = {"人": "headcount", "%": "rate"}.get(unit, "executed")
    fields = {"quote": text, "path": [text[:2]], "measure": measure, "value": value, "unit": unit}
    [literal] = accepted(f"{text}。\n", "budget_facts", fields).literals
    assert (literal.exact, literal.unit) == (exact, unit)


ENTRY = lines(
    "1.山塘清淤项目",
    "（1）资金使用情况：全年预算数86万元，全年执行数85.73万元。",
    "（2）受益对象满意度：93%。",
    "2.渠道修复项目",
    "（1）资金使用情况：全年预算数45万元，全年执行数43.27万元。",
)


def test_the_items_below_a_heading_that_is_quoted_are_its_row() -> None:
    fields = {
        "quote": "1.山塘清淤项目",
        "name": "山塘清淤项目",
        "executed": money("85.73"),
        "satisfaction": quantity("93%", "93"),
    }
    assert printed(accepted(ENTRY, "projects", fields)) == {"executed": "85.73", "satisfaction": "93"}


def test_the_items_of_the_next_heading_are_not() -> None:
    fields = {"quote": "1.山塘清淤项目", "name": "山塘清淤项目", "executed": money("43.27")}
    assert refused(ENTRY, "projects", fields)[0] == "figure"


@pytest.mark.parametrize("quote", ["一、项目", "（一）本级项目"])
def test_the_heading_of_a_chapter_or_group_lends_no_entry_the_figures_of_another(quote: str) -> None:
    text = lines("一、项目", "（一）本级项目") + ENTRY
    fields = {"quote": quote, "name": "山塘清淤项目", "executed": money("43.27")}
    assert refused(text, "projects", fields)[0] == "figure"


def test_an_entry_may_be_numbered_at_a_higher_level_where_it_holds_no_entries() -> None:
    text = lines(
        "一、项目",
        "（一）山塘清淤项目",
        "（1）全年预算数86万元，全年执行数85.73万元。",
        "（4）满意度：93%",
        "（二）渠道",
    )
    fields = {
        "quote": "（一）山塘清淤项目",
        "name": "山塘清淤项目",
        "executed": money("85.73"),
        "satisfaction": quantity("93%", "93"),
    }
    assert accepted(text, "projects", fields)


INDICATOR = lines("三级指标\t年度指标值\t实际完成值", "工程合格率\t≥95%\t96%", "完工项目\t12个\t12个")
ROW_OF_INDICATOR = {"quote": "工程合格率\t≥95%\t96%", "level3": "工程合格率", "actual": quantity("96%", "96")}


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (quantity("≥95%", "95", "%", "≥"), None),
        (quantity("≥95%", "95", "%"), None),
        (quantity("≥95%"), None),
        (quantity("≥95%", "95", "％", "≥"), None),
        (quantity("≥95%", "95", "%", "≤"), "operator"),
        (quantity("≥95%", "95", None, "≥"), "unit"),
        (quantity("≥95%", "96", "%", "≥"), "misplaced"),
        (quantity("96%", "96"), "misplaced"),
        (quantity("＞95%", "95", "%", ">"), "label"),
    ],
)
def test_a_quantity_is_its_own_text_s(target: dict[str, Any], code: str | None) -> None:
    fields = ROW_OF_INDICATOR | {"target": target}
    if code is None:
        assert accepted(INDICATOR, "indicators", fields)
    else:
        assert refused(INDICATOR, "indicators", fields)[0] == code


def test_a_quantity_s_number_is_the_one_in_its_text() -> None:
    text = lines("山塘清淤执行率95%，渠道修复执行率93%。")
    fields = {"quote": text.strip(), "name": "山塘清淤", "execution_rate": quantity("95%", "93")}
    assert refused(text, "projects", fields) == ("figure", "execution_rate: 93 is not the number of “95%”")


ANSWERS = "3.您对办事效率是否满意？\n非常满意 22 55%\n\n满意 13 32.5%\n\n一般 5 12.5%\n\n本题有效填写人次 40\n"


def answer(count: str, share: str, option: str = "非常满意", quote: str = ANSWERS) -> dict[str, Any]:
    stated = {"question": "您对办事效率是否满意？", "option": option, "count": count, "respondents": "40"}
    return {"quote": quote.strip(), "share": quantity(f"{share}%", share), **stated}


def test_an_answer_s_figures_stand_on_its_own_line_of_a_quote_that_holds_others() -> None:
    found = accepted(ANSWERS, "survey_answers", answer("22", "55"))
    assert printed(found) == {"count": "22", "share": "55", "respondents": "40"}
    accepted(ANSWERS, "survey_answers", answer("13", "32.5", "满意"))
    assert refused(ANSWERS, "survey_answers", answer("13", "55"))[0] == "misplaced"
    assert refused(ANSWERS, "survey_answers", answer("22", "32.5"))[0] == "misplaced"


def test_an_answer_whose_line_breaks_off_before_its_figures_may_have_them_on_the_next() -> None:
    wrapped = ANSWERS.replace("非常满意 22", "非常满意\n22")
    accepted(wrapped, "survey_answers", answer("22", "55", quote=wrapped))
