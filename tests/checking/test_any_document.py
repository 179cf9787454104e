"""Any document, however it was read: checking ends, says the same twice, and points at real places."""

from __future__ import annotations

from typing import Any

import pytest
from checking_cases import bare_layout, document, record
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checking import check
from pipeline.flow import Grounded, Layout
from pipeline.layout import lay_out
from pipeline.numerals import find_numerals
from schemas.budget_facts import Measure, can_be_in
from schemas.values import plain_number
from tests.report_cases import report_texts

PATHS = (
    ("支出",),
    ("支出", "基本支出"),
    ("支出", "项目支出"),
    ("支出", "合计"),
    ("收入合计",),
    ("预算执行率",),
    ("人员", "编制"),
)
LABELS = st.sampled_from(PATHS)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[Grounded]]:
    """A random text with random records over its own numbers."""
    text = draw(report_texts())
    found: list[Grounded] = []
    for numeral in find_numerals(text):
        number = str(plain_number(text[numeral.start : numeral.stop]))
        quote = text[numeral.start : numeral.stop]
        kind = draw(st.sampled_from(("none", "fact", "project", "indicator", "line")))
        values: dict[str, Any] = {"quote": quote}
        if kind == "fact":
            values |= {
                "path": draw(LABELS),
                "measure": draw(st.sampled_from([m for m in Measure if can_be_in(m, numeral.unit)])),
                "value": number,
                "unit": numeral.unit,
            }
            values |= {"year": draw(st.sampled_from((2021, 2022))), "org": draw(st.sampled_from((None, "甲", "汇总")))}
            found.append(record("budget_facts", values, text, numeral.start))
        elif kind == "project":
            money = {"value": number, "unit": numeral.unit}
            values |= {
                "name": "项目",
                "seq": str(len(found)),
                "full_year_budget": money,
                "executed": money,
                "fund_level": "own",
            }
            found.append(record("projects", values, text, numeral.start))
        elif kind == "indicator":
            values |= {"level1": "产出", "level3": "数量", "weight": number, "score": number, "table": "表"}
            found.append(record("indicators", values, text, numeral.start))
        elif kind == "line":
            values |= {
                "name": draw(st.sampled_from(("产出", "合计"))),
                "weight": number,
                "score": number,
                "table": "表",
            }
            found.append(record("score_lines", values, text, numeral.start))
    return text, found


@settings(max_examples=60, deadline=None)
@given(documents())
def test_checking_ends_and_points_at_real_places(made: tuple[str, list[Grounded]]) -> None:
    text, records = made
    laid_out = document(text)
    for layout in (lay_out(laid_out), bare_layout(text)):
        found = check(laid_out, layout, records)
        assert found == check(laid_out, layout, records[::-1])
        for finding in found:
            assert finding.literals
            assert all(laid_out.slice(x.span) == x.printed for x in finding.literals)


@pytest.mark.parametrize("text", ["", " ", "无", "=", "1=1", "共7个，已完成4个，未完成2个"])
def test_documents_without_records(text: str) -> None:
    found = check(document(text), Layout((), (), ()), ())
    assert [f.kind.value for f in found] == (["count"] if "共7" in text else [])
