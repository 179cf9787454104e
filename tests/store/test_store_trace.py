"""From a record's id back to its sentence."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest
from store_cases import TEXT, Maker

from pipeline.drawn import Box, Page
from pipeline.flow import ChunkOutcome, Extraction, OutcomeStatus
from pipeline.store import Store, StoreError, TracedCall, TracedChunk, TracedFinding, TracedLiteral
from pipeline.store.promises import promises
from schemas.values import Span
from tests.call_cases import add_all, call

QUOTE = "磷石膏综合利用项目𠮷：全年预算数1798万元，全年执行数899.50万元，执行率50.03%"


def test_a_record_is_traced_to_everything_about_it(store: Store, make: Maker) -> None:
    document = make.document()
    sample = make.sample(document)
    calls = (call(), call(call_id="k2", chunk_id="c9"))
    outcomes = (ChunkOutcome("c1", OutcomeStatus.DONE, 7),)
    run_id = store.start_run("llm")
    journal = store.journal(run_id, "llm")
    asyncio.run(add_all(journal, calls))
    store.put(run_id, replace(sample, extraction=Extraction("llm", (), (), outcomes, calls)))
    record_id = sample.decisions[4].grounded.record_id
    found = store.trace(record_id)
    start = TEXT.index(QUOTE)
    assert (found.record_id, found.record_type, found.status) == (record_id, "projects", "flagged")
    assert (found.document, found.path, found.report_id) == ("yuntai-2022", str(document.path), "r1")
    assert (found.extractor, found.run_id, found.line) == ("llm", run_id, 3)
    assert (found.quote, found.quote_start, found.quote_stop) == (QUOTE, start, start + len(QUOTE))
    assert found.before.endswith("1.") and found.after.startswith("。\n2.空置项目")
    assert (found.values["name"], found.values["executed"]) == ("磷石膏综合利用项目𠮷", Decimal("899.5"))
    assert [(x.field, x.printed, x.yuan) for x in found.literals] == [
        ("full_year_budget", "1798", Decimal(17980000)),
        ("executed", "899.50", Decimal(8995000)),
        ("execution_rate", "50.03", None),
    ]
    at = TEXT.index("1798")
    assert found.literals[0] == TracedLiteral(
        "full_year_budget", "1798", Decimal(1798), "万元", Decimal(17980000), at, at + 4, "adjacent", None, 3
    )
    ((finding_id,),) = store.query("SELECT finding_id FROM findings").rows
    figures = ("stated 50.03", "part 899.50", "whole 1798")
    sentences = ("执行率不符", "The rate does not follow.", None, None)
    expected = ("ratio", "error", "execution_rate", "inconsistent", *sentences, figures)
    assert found.findings == (
        TracedFinding(finding_id, *expected, frozenset({"executed", "execution_rate", "full_year_budget"})),
    )
    assert found.chunk == TracedChunk("c1", ("一、总体情况",), 0, len(TEXT), "done")
    assert found.calls == (TracedCall("k1", 1, "m", "h", "ok", None),)
    assert found.reviews == ()


def test_a_record_that_no_finding_involves(store: Store, make: Maker) -> None:
    sample = make.sample()
    store.put(store.start_run("offline"), sample)
    found = store.trace(sample.decisions[0].grounded.record_id)
    assert (found.line, found.before, found.findings, found.literals, found.calls) == (1, "", (), (), ())
    assert found.values["fiscal_year"] == 2022


def test_of_two_readings_the_current_one_is_traced(store: Store, make: Maker) -> None:
    run_id = store.start_run("llm")
    record_id = make.sample().decisions[4].grounded.record_id
    for extractor in ("llm", "offline"):
        store.put(run_id, make.sample(extractor=extractor))
        found = store.trace(record_id)
        assert (found.extractor, len(found.literals), len(found.findings)) == (extractor, 3, 1)
    store.put(run_id, make.reading(make.document(), extractor="offline"))
    assert store.trace(record_id).extractor == "llm"


def test_an_unknown_record_says_where_ids_are_found(store: Store) -> None:
    with pytest.raises(StoreError, match=r"holds no record, finding or claim nothing: take a record_id from v_values"):
        store.trace("nothing")


def test_a_document_with_pages_is_traced_to_its_page_and_box(store: Store, make: Maker) -> None:
    plain = make.document()
    start = TEXT.index(QUOTE)
    middle = start + 10
    document = replace(
        plain,
        pages=(Page("1", Span(0, middle)), Page("2", Span(middle, len(TEXT)))),
        boxes=(
            Box(Span(0, start + 2), "1", 50, 60, 500, 75),
            Box(Span(start + 2, middle), "1", 60, 700, 510, 715),
            Box(Span(middle, start + len(QUOTE)), "2", 70, 80, 300, 95),
            Box(Span(start + len(QUOTE), len(TEXT)), "2", 10, 10, 20, 20),
        ),
    )
    sample = make.sample(document)
    store.put(store.start_run("offline"), sample)
    found = store.trace(sample.decisions[4].grounded.record_id)
    assert list(map(str, found.printed_at)) == ["page 1, box 50,60–510,715", "page 2, box 70,80–300,95"]
    assert {str(place) for x in found.literals for place in x.printed_at} == {"page 2, box 70,80–300,95"}
    assert store.document(document.document_id) == replace(document, path=store.document(document.document_id).path)


@pytest.mark.parametrize(
    ("printed", "contradicted", "expected"),
    [
        (
            {"executed", "full_year_budget", "execution_rate"},
            [],
            {"execution_rate": ("not contradicted", ()), "executed_within_budget": ("not contradicted", ())},
        ),
        (
            {"executed", "full_year_budget", "execution_rate"},
            [("ratio", frozenset({"executed", "full_year_budget", "execution_rate"}))],
            {"execution_rate": ("contradicted", ()), "executed_within_budget": ("not contradicted", ())},
        ),
        (
            {"executed", "full_year_budget"},
            [("unit", frozenset({"executed"}))],
            {
                "execution_rate": ("not checked", ("execution_rate",)),
                "executed_within_budget": ("not contradicted", ()),
            },
        ),
        ({"executed"}, [], {}),
    ],
)
def test_what_a_records_own_figures_promise_each_other(
    printed: set[str],
    contradicted: list[tuple[str, frozenset[str]]],
    expected: dict[str, tuple[str, tuple[str, ...]]],
) -> None:
    found = {p.relation: (p.outcome, p.missing) for p in promises("projects", printed, contradicted)}
    assert found == expected
