"""Grounding: where a record's figures may stand beside its quote, and what the lines of a lost table still tell."""

from __future__ import annotations

from typing import Any

import pytest

from tests.grounding_cases import accepted, money, printed, quantity, refused

FORM = """附表1
项目支出绩效自评表
（2023年度）
\t项目名称\t食堂设备更新
\t主管部门\t某县教育局\t实施单位\t某县中学
\t项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t\t年度资金总额\t48.00\t46.50\t44.20\t10\t95.05%\t9.5
\t\t其中：当年财政拨款\t48.00\t40.30\t40.30\t—\t100.00%\t—
\t\t其他资金\t0\t6.20\t3.90\t—\t62.90%\t—
"""
TOTAL = {
    "quote": "年度资金总额\t48.00\t46.50\t44.20",
    "name": "食堂设备更新",
    "full_year_budget": money("46.50"),
    "executed": money("44.20"),
}

ITEM = "    2.渡口改造项目。全年预算249.00万元（其中财政拨款180.00万元，其他资金69.00万元），支付249.00万元，执行率100%。\n"
HEAD = {"quote": "渡口改造项目。全年预算249.00万元", "name": "渡口改造项目", "full_year_budget": money("249.00")}

LOST = """表1 项目预算执行情况
单位：万元
项目名称
资金来源
预算数
执行数
执行率
重点文物修缮及安防消防提升补助（含
二期工程）省本级 560.00 533.75 95.31%
"""


def test_a_forms_money_by_source_stands_in_rows_of_its_own() -> None:
    fields = TOTAL | {"fiscal_appropriation": money("40.30"), "other_funds": money("6.20")}
    assert printed(accepted(FORM, "projects", fields))["other_funds"] == "6.20"


def test_a_forms_rows_are_no_evidence_for_another_field() -> None:
    code, reason = refused(FORM, "projects", TOTAL | {"other_funds": money("40.30")})
    assert (code, reason) == ("misplaced", "other_funds: 40.30 is printed as fiscal_appropriation, not as other_funds")


def test_a_quote_that_begins_a_numbered_item_reaches_to_its_end() -> None:
    fields = HEAD | {
        "executed": money("249.00"),
        "other_funds": money("69.00"),
        "execution_rate": quantity("100%", "100"),
    }
    found = accepted(ITEM, "projects", fields)
    assert found.literal("executed") is not None
    assert printed(found)["other_funds"] == "69.00"


def test_the_next_item_is_beyond_reach() -> None:
    code, _ = refused(
        ITEM + ITEM.replace("249.00", "77.50").replace("2.", "3."), "projects", HEAD | {"executed": money("77.50")}
    )
    assert code == "figure"


def _fact(**changes: Any) -> dict[str, Any]:
    row = "二期工程）省本级 560.00 533.75 95.31%"
    return {"quote": row, "path": ["省本级"], "measure": "executed", "value": "533.75", "unit": "万元"} | changes


def test_a_unit_line_holds_for_the_lines_of_a_table_that_could_not_be_rebuilt() -> None:
    assert accepted(LOST, "budget_facts", _fact()).literals[0].unit == "万元"
    assert refused(LOST, "budget_facts", _fact(unit="元"))[0] == "unit"


def test_the_words_of_its_header_are_labels_of_its_lines() -> None:
    rate = _fact(path=["省本级", "执行率"], measure="rate", value="95.31", unit="%")
    assert accepted(LOST, "budget_facts", rate).literals[0].printed == "95.31"
    assert refused(LOST, "budget_facts", rate | {"path": ["省本级", "到位率"]})[0] == "label"


def test_prose_ends_what_a_unit_line_declares() -> None:
    text = LOST + "表中省本级资金已全部支付。\n省本级 410.00 402.15 98.09%\n"
    fields = _fact(quote="省本级 410.00 402.15 98.09%", value="402.15")
    assert refused(text, "budget_facts", fields)[0] == "unit"


@pytest.mark.parametrize(
    ("label", "clause", "holds"),
    [
        ("占比", "占46.88%", True),
        ("占比", "完成46.88%", False),
        ("增幅", "增长46.88%", True),
        ("降幅", "增长46.88%", False),
    ],
)
def test_a_rate_may_go_by_what_its_reader_calls_it(label: str, clause: str, *, holds: bool) -> None:
    text = f"省级补助2100万元，{clause}。\n"
    fields = {"quote": text.strip()[:-1], "path": ["省级补助", label], "measure": "rate", "value": "46.88", "unit": "%"}
    if holds:
        assert accepted(text, "budget_facts", fields)
    else:
        assert refused(text, "budget_facts", fields)[0] == "label"


INCOME = (
    "收支情况表\n单位：元\n项目\t全年预算数\t决算数\n{row}\t28500000.00\t27186453.28\n其他收入\t300000.00\t412308.65\n"
)


@pytest.mark.parametrize(("row", "measure", "holds"), [("事业收入", "received", True), ("基本支出", "received", False)])
def test_what_a_final_account_says_of_income_came_in(row: str, measure: str, *, holds: bool) -> None:
    fields = {
        "quote": f"{row}\t28500000.00\t27186453.28",
        "path": [row],
        "measure": measure,
        "value": "27186453.28",
        "unit": "元",
    }
    if holds:
        assert accepted(INCOME.format(row=row), "budget_facts", fields)
    else:
        assert refused(INCOME.format(row=row), "budget_facts", fields)[0] == "misplaced"
