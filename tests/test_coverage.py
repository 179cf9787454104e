"""Completeness: every money and percent figure and every table row is claimed by a record or listed as unclaimed."""

from __future__ import annotations

from typing import Any

from pipeline.chunking import chunk
from pipeline.coverage import claimable, unclaimed
from pipeline.evidence import evidence_for
from pipeline.flow import Draft
from pipeline.grounding import ground_all
from pipeline.layout import lay_out
from schemas.registry import RECORD_TYPES
from tests.report_cases import document, lines

Claim = tuple[str, dict[str, Any]]


def left(text: str, *claims: Claim) -> list[tuple[str, str]]:
    """Kind and print of what is left when true claims about a text are stored."""
    doc = document(text)
    layout = lay_out(doc)
    chunks = chunk(doc, layout)
    evidence = evidence_for(doc, layout)
    drafts = [Draft(t, RECORD_TYPES[t].model.model_validate(f), "r1", chunks[0].chunk_id) for t, f in claims]
    grounded, rejected = ground_all(evidence, chunks, drafts)
    assert not rejected, rejected[0].reason
    found = unclaimed(doc, layout, chunks, grounded, evidence)
    for item in found:
        assert item.kind == "row" or text[item.span.start : item.span.stop] == item.printed
        assert item.chunk_id in {c.chunk_id for c in chunks}
    assert [f.span for f in found] == sorted(f.span for f in found)
    return [(item.kind, item.printed) for item in found]


def fact(quote: str, value: str, unit: str = "万元") -> Claim:
    measure = "rate" if unit == "%" else "executed"
    return "budget_facts", {"quote": quote, "path": ["支出"], "measure": measure, "value": value, "unit": unit}


PROSE = "2022年支出12.5万元、45元，占95.50%，涉及30人，较上年增长3％，共1.2亿元。\n"


def test_all_money_and_percent_figures_are_left_where_no_record_is() -> None:
    assert left(PROSE) == [
        ("money", "12.5"), ("money", "45"), ("percent", "95.50"), ("percent", "3"), ("money", "1.2"),
    ]  # fmt: skip


def test_a_figure_that_a_record_holds_is_claimed_and_its_neighbours_are_not() -> None:
    claims = [fact("支出12.5万元", "12.5"), fact("占95.50%", "95.50", "%")]
    assert left(PROSE, *claims) == [("money", "45"), ("percent", "3"), ("money", "1.2")]


def test_the_same_figure_elsewhere_stays_unclaimed() -> None:
    text = "支出12万元。其中甲12万元。\n"
    assert left(text, fact("支出12万元", "12")) == [("money", "12")]


def test_figures_inside_the_text_of_a_record_are_claimed() -> None:
    text = "（1）巡检：投入12.5万元，完好率97%。（2）宣传：投入3万元。\n"
    task: Claim = ("tasks", {"quote": "巡检", "task": "投入12.5万元，完好率97%"})
    assert left(text, task) == [("money", "3")]


def test_text_claims_its_figures_where_it_stands_below_the_quote() -> None:
    text = "甲投入3万元。\n乙工程\n甲投入3万元。\n"
    task: Claim = ("tasks", {"quote": "乙工程", "task": "甲投入3万元"})
    assert left(text, task) == [("money", "3")]


TABLE = lines(
    "单位：万元",
    "项目名称\t预算数\t执行数\t执行率",
    "山塘清淤\t86.50\t85.73\t99.1%",
    "渠道修复\t45\t43.27\t96.2%",
    "说明\t无\t无\t无",
)


def row(name: str, budget: str) -> Claim:
    return "projects", {"quote": name, "name": name, "full_year_budget": {"value": budget, "unit": "万元"}}


def test_a_row_without_a_record_is_listed_with_its_figures() -> None:
    assert left(TABLE, row("山塘清淤", "86.50")) == [
        ("money", "85.73"),
        ("percent", "99.1"),
        ("row", "渠道修复 45 43.27 96.2%"),
        ("money", "45"),
        ("money", "43.27"),
        ("percent", "96.2"),
    ]


def test_a_row_of_which_one_figure_is_claimed_is_no_unclaimed_row_and_a_row_of_words_never_is() -> None:
    kinds = [kind for kind, _ in left(TABLE, row("山塘清淤", "86.50"), row("渠道修复", "45"))]
    assert "row" not in kinds


def test_furniture_is_nothing_to_be_claimed() -> None:
    assert left("— 12 —\n正文。\n3/12\n") == []


def test_how_many_figures_there_are_to_claim() -> None:
    for text, count in ((PROSE, 5), (TABLE, 6), ("2022年共30人。\n", 0)):
        doc = document(text)
        assert claimable(evidence_for(doc, lay_out(doc))) == count
