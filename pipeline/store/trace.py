"""The store's way back: from a record's id to its sentence, line, figures, findings, chunk, calls and reviews."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.store.errors import StoreError
from pipeline.store.printed import PrintedPlace, printed_at
from pipeline.store.promises import Promise, promises
from pipeline.store.records import REVIEWER, columns_of, field_columns
from pipeline.store.rows import DRAWN, Drawn
from schemas.registry import RECORD_TYPES

Execute = Callable[[str, Sequence[Any] | Mapping[str, Any]], list[tuple[Any, ...]]]

AROUND = 60
"""Characters of text shown before and after a quote."""


@dataclass(frozen=True, slots=True)
class TracedLiteral:
    """A figure of the record; ``ocr_confidence`` is that of its least certain digit where it was read off a picture, ``line``
    counts from 1, ``printed_at`` is its page and box where its file has pages."""

    field: str
    printed: str
    value: Decimal
    unit: str | None
    yuan: Decimal | None
    start: int
    stop: int
    unit_source: str
    ocr_confidence: Decimal | None
    line: int
    printed_at: tuple[PrintedPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class TracedFinding:
    """A finding that a figure of the record takes part in; ``figures`` are its role and text, in order."""

    finding_id: str
    kind: str
    severity: str
    relation: str
    verdict: str
    message: str
    message_en: str
    suggestion: str | None
    suggestion_en: str | None
    figures: tuple[str, ...]
    fields: frozenset[str]
    """The fields of the record whose figures it names."""


@dataclass(frozen=True, slots=True)
class TracedChunk:
    """The chunk that the record was read from."""

    chunk_id: str
    path: tuple[str, ...]
    start: int
    stop: int
    status: str


@dataclass(frozen=True, slots=True)
class TracedCall:
    """An attempt of a model that the reading of that chunk rests on."""

    call_id: str
    attempt: int
    model: str
    prompt_hash: str
    status: str
    error: str | None


@dataclass(frozen=True, slots=True)
class TracedReview:
    """What a person decided about the record, or about the reading that it stands in place of; ``before`` and ``after``
    are records as JSON, ``state`` says what has become of the decision."""

    reviewer: str
    reviewed_at: datetime
    decision: str
    state: str
    before: str
    after: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Trace:
    """A record and where it comes from. ``values`` are its columns as stored; ``line`` is that of the quote, from 1;
    ``printed_at`` are its pages and boxes; ``before`` and ``after`` are the text around the quote."""

    record_id: str
    record_type: str
    status: str
    document_id: str
    document: str
    path: str
    aliases: tuple[str, ...]
    report_id: str
    run_id: str
    extractor: str
    line: int
    printed_at: tuple[PrintedPlace, ...]
    quote: str
    quote_start: int
    quote_stop: int
    before: str
    after: str
    text_score: Decimal
    values: dict[str, Any]
    literals: tuple[TracedLiteral, ...]
    findings: tuple[TracedFinding, ...]
    promises: tuple[Promise, ...]
    chunk: TracedChunk | None
    calls: tuple[TracedCall, ...]
    reviews: tuple[TracedReview, ...]


_DOCUMENT = "SELECT path, aliases, text, drawn, extractor FROM documents WHERE document_id = ?"
# A lake has rows of readings that were replaced, too, but not these readings themselves.
_LITERALS = """
    SELECT field, printed, value, unit, yuan, "start", "stop", unit_source, ocr_confidence
    FROM literals SEMI JOIN readings USING (reading)
    WHERE document_id = ? AND extractor = ? AND record_id = ?
"""
_FINDINGS = """
    SELECT finding_id, kind, severity, relation, verdict, message, message_en, suggestion, suggestion_en,
        list(x.role || ' ' || x.printed ORDER BY x.position),
        list(DISTINCT x.field) FILTER (list_contains($reviewed, x.record_id) AND x.field IS NOT NULL)
    FROM (FROM findings SEMI JOIN readings USING (reading)) AS f
    JOIN (FROM finding_literals SEMI JOIN readings USING (reading)) AS x USING (extractor, finding_id)
    WHERE (f.document_id = $document_id AND extractor = $extractor) OR f.other_document_id = $document_id
    GROUP BY ALL HAVING bool_or(list_contains($reviewed, x.record_id))
    ORDER BY severity, kind, finding_id
"""
_CHUNK = """
    SELECT chunk_id, path, "start", "stop", status FROM chunks SEMI JOIN readings USING (reading)
    WHERE document_id = ? AND extractor = ? AND chunk_id = ?
"""
_CALLS = """
    SELECT call_id, c.attempt, c.model, c.prompt_hash, c.status, c.error
    FROM (FROM chunk_calls SEMI JOIN readings USING (reading)) AS u JOIN llm_calls AS c USING (call_id)
    WHERE u.document_id = ? AND u.extractor = ? AND u.chunk_id = ?
    ORDER BY u.position
"""
_REVIEWED = "SELECT DISTINCT subject_id FROM reviews WHERE result_id = ? OR subject_id = ?"
_REVIEWS = """
    SELECT reviewer, reviewed_at, decision, state, before, after, reason FROM v_reviews
    WHERE list_contains(?, subject_id)
    ORDER BY reviewed_at, position, review_id
"""


def trace(execute: Execute, record_id: str, path: Path) -> Trace:
    """Everything that the database at ``path`` knows about a record; of two readings the current one.

    Raises:
        StoreError: no record has this id.
    """
    record_type, row = _find(execute, record_id, path)
    document_id, extractor = row["document_id"], row["extractor"]
    owner, start, stop = [document_id, extractor], row["quote_start"], row["quote_stop"]
    ((file, aliases, text, drawn, read_by),) = execute(_DOCUMENT, [document_id])
    machine = [document_id, read_by if extractor == REVIEWER else extractor]
    reviewed = [record_id, *(subject for (subject,) in execute(_REVIEWED, [record_id, record_id]))]
    findings = tuple(
        TracedFinding(*(*head, tuple(figures), frozenset(fields or ())))
        for *head, figures, fields in execute(
            _FINDINGS, {"document_id": document_id, "extractor": machine[1], "reviewed": reviewed}
        )
    )
    literals = _literals(execute, record_type, [*owner, record_id], text, DRAWN.validate_json(drawn))
    beside = DRAWN.validate_json(drawn)
    columns = [c.name for f in RECORD_TYPES[record_type].fields for c in field_columns(f)]
    return Trace(
        record_id=record_id,
        record_type=record_type,
        status=row["status"],
        document_id=document_id,
        document=row["document"],
        path=file,
        aliases=tuple(aliases),
        report_id=row["report_id"],
        run_id=row["run_id"],
        extractor=extractor,
        line=line_of(text, start),
        printed_at=printed_at(beside, start, stop),
        quote=row["quote"],
        quote_start=start,
        quote_stop=stop,
        before=text[max(0, start - AROUND) : start],
        after=text[stop : stop + AROUND],
        text_score=row["text_score"],
        values={name: row[name] for name in columns},
        literals=literals,
        findings=findings,
        promises=tuple(promises(record_type, {x.field for x in literals}, [(f.kind, f.fields) for f in findings])),
        chunk=next(
            (TracedChunk(*(i, tuple(p), *r)) for i, p, *r in execute(_CHUNK, [*machine, row["chunk_id"]])), None
        ),
        calls=calls_of(execute, machine[0], machine[1], row["chunk_id"]),
        reviews=reviews_of(execute, reviewed),
    )


def calls_of(execute: Execute, document_id: str, extractor: str, chunk_id: str) -> tuple[TracedCall, ...]:
    """The calls that an extractor's reading of a chunk rests on, in their order."""
    return tuple(TracedCall(*row) for row in execute(_CALLS, [document_id, extractor, chunk_id]))


def reviews_of(execute: Execute, subjects: Sequence[str]) -> tuple[TracedReview, ...]:
    """The decisions about records and claims, by their ids, oldest first."""
    return tuple(TracedReview(*row) for row in execute(_REVIEWS, [list(subjects)]))


def line_of(text: str, place: int) -> int:
    """The line of a place in a text, from 1."""
    return text.count("\n", 0, place) + 1


def _find(execute: Execute, record_id: str, path: Path) -> tuple[str, dict[str, Any]]:
    """The type and row of a record: that of the document's current reading where it holds the record."""
    for name, record_type in RECORD_TYPES.items():
        columns = [c.name for c in columns_of(record_type)]
        listed = ", ".join(f'r."{c}"' for c in columns)
        found = execute(
            f"FROM {name} AS r JOIN documents AS d USING (document_id) SELECT {listed} "
            "WHERE r.record_id = ? ORDER BY r.extractor <> d.extractor, r.extractor LIMIT 1",
            [record_id],
        )
        if found:
            return name, dict(zip(columns, found[0], strict=True))
    raise StoreError(
        f"{path} holds no record, finding or claim {record_id}: take a record_id from v_values, a finding_id from v_findings "
        "or a claim_id from v_quarantine."
    )


def _literals(
    execute: Execute, record_type: str, key: list[Any], text: str, beside: Drawn
) -> tuple[TracedLiteral, ...]:
    """The figures in the order of the record's fields."""
    order = {f.name: i for i, f in enumerate(RECORD_TYPES[record_type].fields)}
    found = (
        TracedLiteral(*(*row, line_of(text, row[5]), printed_at(beside, row[5], row[6])))
        for row in execute(_LITERALS, key)
    )
    return tuple(sorted(found, key=lambda x: (order.get(x.field, len(order)), x.start)))
