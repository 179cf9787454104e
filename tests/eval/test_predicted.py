"""Predictions: from the pipeline's result and from a database, what is scored is what was printed."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from eval.gold import GoldDocument
from eval.items import Figure, find_figure, nearest_figure, scored_fields, with_printed
from eval.predicted import PredictedDocument, from_payload, from_result
from eval.scoring import score_document
from eval.stored import StoredError, stored_in
from pipeline.chunking import chunk
from pipeline.documents import read_document
from pipeline.evidence import evidence_for
from pipeline.flow import (
    Chunk,
    Decision,
    Document,
    Draft,
    Extraction,
    Finding,
    FindingLiteral,
    Rejection,
    Severity,
    Status,
    Verdict,
)
from pipeline.grounding import ground_all
from pipeline.layout import lay_out
from pipeline.store import Reading, Store
from schemas.registry import RECORD_TYPES
from schemas.relations import FindingKind
from schemas.values import Money, Quantity, Span

REJECTION = Rejection("tasks", "r1", "c", "quote", "not in the text", json.dumps({"task": "修桥", "quote": "已完成"}))
GARBAGE = Rejection("tasks", "r1", "c", "schema", "not JSON", "{'task': ", raw="{'task': ")


@pytest.fixture(scope="module")
def reading(roads: GoldDocument) -> Reading:
    """The gold records as the pipeline hands them on, one of them flagged, with two rejections and a finding."""
    document = read_document(roads.report_path)
    layout = lay_out(document)
    chunks = chunk(document, layout)
    drafts = [
        Draft(
            item.record_type,
            RECORD_TYPES[item.record_type].model.model_validate({**item.values, "quote": item.quote}),
            item.report_id or "",
            chunks[0].chunk_id,
            quote_span=item.span,
        )
        for item in roads.records
    ]
    grounded, rejected = ground_all(evidence_for(document, layout), chunks, drafts)
    assert rejected == ()
    decisions = [Decision(g, Status.FLAGGED if i == 0 else Status.ACCEPTED) for i, g in enumerate(grounded)]
    return _reading(document, chunks, decisions)


def _reading(document: Document, chunks: tuple[Chunk, ...], decisions: list[Decision]) -> Reading:
    start = document.text.index("200万元")
    literal = FindingLiteral("stated", Span(start, start + 3), "200", None, None)
    words = ("合计不符", "the parts do not add up", "400.50", "345")
    finding = Finding(
        FindingKind.SUM,
        Severity.ERROR,
        Verdict.INCONSISTENT,
        "sum",
        "r1",
        *words,
        slack=Decimal("0.5"),
        literals=(literal,),
    )
    return Reading(document, chunks, Extraction("offline", (), (), ()), decisions, (REJECTION, GARBAGE), (finding,))


@pytest.fixture(scope="module")
def database(reading: Reading, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("db") / "roads.duckdb"
    with Store.open(path) as store:
        run_id = store.start_run("offline")
        store.put(run_id, reading)
        store.finish_run(run_id)
    return path


def check(gold: GoldDocument, predicted: PredictedDocument) -> None:
    assert predicted.unreadable == 1
    assert sorted(predicted.codes) == ["quote", "schema"]
    assert [f.kind for f in predicted.findings] == [FindingKind.SUM]
    assert [gold.text[s.start : s.stop] for s in predicted.findings[0].spans] == ["200"]
    score = score_document(gold, predicted)
    assert score.errors == ()
    assert {p.predicted.status for p in score.pairings if p.predicted} == {Status.ACCEPTED, Status.FLAGGED}
    assert [p.predicted.label for p in score.quarantined if p.predicted] == ["修桥"]
    assert score.placement.part == score.placement.whole > 20
    assert score.findings is not None
    assert (score.findings.tally().found, score.findings.tally().false_alarms) == (1, 0)


def test_result_is_scored_as_printed(roads: GoldDocument, reading: Reading) -> None:
    check(roads, from_result("roads-2023", roads.text, reading.decisions, reading.quarantined, reading.findings))


def test_database_holds_the_same(roads: GoldDocument, reading: Reading, database: Path) -> None:
    (stored,) = stored_in(database, [roads])
    check(roads, stored)
    direct = from_result("roads-2023", roads.text, reading.decisions, reading.quarantined, reading.findings)

    def facts(document: PredictedDocument) -> list[str]:
        kept = [r for r in document.records if r.status is not Status.QUARANTINED]
        return sorted(
            repr((r.record_type, r.report_id, sorted(r.values.items()), r.quote, r.span, sorted(r.places.items())))
            for r in kept
        )

    assert facts(stored) == facts(direct)


@pytest.mark.parametrize(
    ("extractor", "change", "message"),
    [
        ("llm", {}, "no reading of roads-2023 by llm: its last reading is by offline"),
        (None, {"name": "lakes"}, "holds no document lakes (it holds roads-2023)"),
        (None, {"sha256": "0"}, "another version of roads-2023"),
    ],
)
def test_database_that_lacks_a_reading_says_so(
    roads: GoldDocument, database: Path, extractor: str | None, change: dict[str, str], message: str
) -> None:
    parts = {name: getattr(roads, name) for name in GoldDocument.__slots__}
    with pytest.raises(StoredError) as caught:
        stored_in(database, [GoldDocument(**{**parts, **change})], extractor)
    assert message in str(caught.value)


def test_missing_database_says_so(roads: GoldDocument, tmp_path: Path) -> None:
    with pytest.raises(StoredError, match="no database"):
        stored_in(tmp_path / "none.duckdb", [roads])


def test_payload_is_read_as_far_as_it_fits() -> None:
    entry = {
        "name": "道路养护",
        "seq": None,
        "executed": {"value": "1,200.5", "unit": "万元"},
        "full_year_budget": {"value": "很多", "unit": "万元"},
        "fund_level": "county",
        "satisfaction": 95.5,
        "quote": "道路养护",
        "extra": 1,
    }
    item = from_payload("一、道路养护", "projects", "r1", json.dumps(entry), 0)
    assert item is not None
    assert item.values == {"name": "道路养护", "executed": Money(value="1200.5", unit="万元")}
    assert item.span == Span(2, 6)
    assert item.status is Status.QUARANTINED


@pytest.mark.parametrize(
    ("record_type", "payload"),
    [
        ("tasks", "["),
        ("tasks", "[]"),
        ("tasks", "{}"),
        ("bridges", '{"task": "x"}'),
        ("budget_facts", '{"value": "abc"}'),
    ],
)
def test_payload_that_is_no_record_is_none(record_type: str, payload: str) -> None:
    assert from_payload("", record_type, "r1", payload, 0) is None


@pytest.mark.parametrize(
    ("value", "printed", "expected"),
    [
        (Money(value="95.5", unit="元"), "95.50", Money(value="95.50", unit="元")),
        (Quantity(text="95.5%", value="95.5", unit="%"), "95.50", Quantity(text="95.5%", value="95.50", unit="%")),
        ("95.5", "95.50", "95.50"),
        ("95.5", "96.50", "95.5"),  # the digits of another number prove nothing
    ],
)
def test_digits_come_from_the_text(value: object, printed: str, expected: object) -> None:
    assert with_printed(value, printed) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "printed", "expected"),
    [
        ("合计1,200.50万元", "1200.50", "1,200.50"),
        ("合计１２００．５０万元", "1200.50", "１２００．５０"),
        ("合计12\n00.50万元", "1200.50", "12\n00.50"),
        ("12和2", "2", "2"),
        ("1.2和2", "2", "2"),
        ("2.5和2", "2", "2"),
        ("2,500和2", "2", "2"),
        ("下降-3.5%", "-3.5", "-3.5"),
        ("22", "2", None),
    ],
)
def test_figure_is_found_whole(text: str, printed: str, expected: str | None) -> None:
    span = find_figure(text, printed, Span(0, len(text)))
    assert (text[span.start : span.stop] if span else None) == expected
    if text == "12和2":
        assert span == Span(3, 4)


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Figure("64", None), Span(16, 18)),
        (Figure("53", None), Span(7, 9)),
        (Figure("53", "户"), Span(3, 5)),
        (Figure("53", "人"), Span(7, 9)),
        (Figure("9", None), None),
    ],
)
def test_nearest_figure_is_the_closest_print_with_its_unit(figure: Figure, expected: Span | None) -> None:
    assert nearest_figure("64 53户 53 满意 填写 64", figure, Span(10, 12)) == expected


def test_every_field_is_scored_once() -> None:
    for name, record_type in RECORD_TYPES.items():
        scored = scored_fields(name)
        counted = [f.name for f in scored] + [f.unit_field for f in scored if f.unit_field]
        assert sorted(counted) == sorted(f.name for f in record_type.fields)
