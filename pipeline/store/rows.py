"""The store's translation: a reading as plain rows of each table, figures as strings, ids that follow from content."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from pydantic import TypeAdapter

from pipeline.drawn import Box, GivenTable, Ocr, Page
from pipeline.flow import (
    ChunkOutcome,
    Decision,
    Document,
    Finding,
    FindingLiteral,
    OutcomeStatus,
    Rejection,
    Status,
)
from pipeline.store.errors import StoreError
from pipeline.store.reading import Reading
from pipeline.store.records import Head, heads_of, impossible_date, record_row, said_of
from schemas.registry import RECORD_TYPES
from schemas.values import Literal, Span

Row = dict[str, Any]

SCALE = 10
WHOLE_DIGITS = 28
"""A DECIMAL(38, 10) column holds 28 digits before the point and ten after it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a file holds beside its text."""

    tables: tuple[GivenTable, ...] = ()
    pages: tuple[Page, ...] = ()
    boxes: tuple[Box, ...] = ()
    remarks: tuple[str, ...] = ()
    whole_lines: bool = False
    ocr: Ocr | None = None


DRAWN = TypeAdapter(Drawn)
"""Drawn parts as JSON and back."""

_CONTEXT = Context(prec=200)
_as_json = json.JSONEncoder(separators=(",", ":")).encode
"""What ids follow from, as text."""
_PERCENT = frozenset({"%", "％"})
_UNREPORTED = "the extractor reported no outcome for this chunk"


def rows_of(run_id: str, reading: Reading) -> dict[str, list[Row]]:
    """The rows of each table for a reading; tables without rows are absent. The row of ``documents`` lacks what the writer
    knows: ``aliases`` and ``read_at``.

    Raises:
        StoreError: a record was not decided or is there twice, a figure does not stand at its place, or does not fit its
            column.
    """
    reading = _without_impossible_dates(reading)
    finding_ids = _finding_ids(reading)
    heads = heads_of(reading.decisions)
    rows: dict[str, list[Row]] = {
        "documents": [_document(run_id, reading)],
        "chunks": list(_chunks(run_id, reading)),
        "chunk_calls": list(_chunk_calls(reading)),
        "agreements": list(_agreements(reading)),
        "literals": list(_literals(reading, heads)),
        "findings": [_finding(run_id, reading, i, f) for i, f in zip(finding_ids, reading.findings, strict=True)],
        "finding_literals": list(_finding_literals(reading, finding_ids)),
        "quarantine": list(_quarantine(run_id, reading)),
        "unclaimed": list(_unclaimed(run_id, reading)),
    }
    owner = {**_owner(reading), "document": reading.document.name, "run_id": run_id}
    for decision in reading.decisions:
        if decision.status is Status.QUARANTINED:
            raise StoreError(f"record {decision.grounded.record_id} is quarantined: hand it on as a Rejection.")
        draft = decision.grounded.draft
        row = record_row(owner, reading.document, decision, heads.get(draft.report_id, Head()))
        rows.setdefault(draft.record_type, []).append(row)
    for table in RECORD_TYPES:
        _must_differ(table, rows.get(table, []))
    return {table: found for table, found in rows.items() if found}


def _must_differ(table: str, rows: list[Row]) -> None:
    """Ids of other rows are made to differ; those of records follow from what they state."""
    times = Counter(row["record_id"] for row in rows)
    if twice := next((i for i, n in times.items() if n > 1), None):
        raise StoreError(f"record {twice} of {table} was read twice from one document: it must be stored once.")


def _without_impossible_dates(reading: Reading) -> Reading:
    """The reading with records quarantined whose date a DATE column cannot hold, so that the others are stored."""
    kept, rejections = [], list(reading.rejections)
    for decision in reading.decisions:
        draft = decision.grounded.draft
        if reason := impossible_date(draft):
            payload = draft.record.model_dump_json()
            rejections.append(
                Rejection(
                    draft.record_type, draft.report_id, draft.chunk_id, "impossible_date", reason, payload, draft.raw
                )
            )
        else:
            kept.append(decision)
    return replace(reading, decisions=kept, rejections=rejections)


TABLES_OF_A_READING = (
    *("chunks", "chunk_calls", "agreements", "literals", "findings", "finding_literals", "quarantine", "unclaimed"),
    *RECORD_TYPES,
    "same_projects",
)
"""The tables whose rows belong to one extractor's reading of one document, and are replaced with it."""

COUNTED_TABLES = TABLES_OF_A_READING[:-1]
"""Those of them that a reading fills itself, and that count its rows."""


def figure(value: Decimal) -> str:
    """A number as DECIMAL(38, 10) takes it, digit by digit.

    Raises:
        StoreError: it has more digits than the column.
    """
    if not _fits(value):
        raise StoreError(f"{value} has more than {WHOLE_DIGITS} digits before or {SCALE} after the point.")
    return f"{value:f}"


def _fits(value: Decimal) -> bool:
    if not value or not value.is_finite():
        return value.is_zero()
    decimals = f"{value:f}".partition(".")[2] if -SCALE <= value.adjusted() < WHOLE_DIGITS else None
    return decimals is not None and len(decimals.rstrip("0")) <= SCALE


def rounded(value: Decimal | None) -> str | None:
    """A slack or a time to ten decimals; null where there is none or it is beyond all figures."""
    if value is None or not value.is_finite() or value.adjusted() >= WHOLE_DIGITS:
        return None
    return f"{value.quantize(Decimal(1).scaleb(-SCALE), rounding=ROUND_HALF_EVEN, context=_CONTEXT):f}"


def identities(prefix: str, keys: Iterable[tuple[Any, ...]]) -> list[str]:
    """An id per key that follows from the key alone; equal keys are told apart by their order."""
    seen: dict[tuple[Any, ...], int] = {}
    found = []
    for key in keys:
        ordinal = seen[key] = seen.get(key, -1) + 1
        text = _as_json([*key, ordinal])
        found.append(f"{prefix}{hashlib.sha256(text.encode()).hexdigest()[:16]}")
    return found


def claim_id(document_id: str, record_type: str, payload: str) -> str:
    """The id of what a rejected record claims: the same in every run, and for the same claim twice."""
    key = _as_json([document_id, record_type, payload])
    return f"c{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _owner(reading: Reading) -> Row:
    return {"document_id": reading.document.document_id, "extractor": reading.extractor}


def _document(run_id: str, reading: Reading) -> Row:
    document = reading.document
    return {
        **_owner(reading),
        "document": document.name,
        "path": str(document.path.resolve()),
        "sha256": document.sha256,
        "encoding": document.encoding,
        "characters": len(document.text),
        "text": document.text,
        "drawn": DRAWN.dump_json(_drawn(document)).decode(),
        "run_id": run_id,
    }


def _drawn(document: Document) -> Drawn:
    return Drawn(document.tables, document.pages, document.boxes, document.remarks, document.whole_lines, document.ocr)


def _chunks(run_id: str, reading: Reading) -> Iterator[Row]:
    outcomes = {o.chunk_id: o for o in reading.extraction.outcomes}
    for chunk in reading.chunks:
        outcome = outcomes.get(chunk.chunk_id) or ChunkOutcome(chunk.chunk_id, OutcomeStatus.FAILED, 0, _UNREPORTED)
        yield {
            **_owner(reading),
            "chunk_id": chunk.chunk_id,
            "run_id": run_id,
            "report_id": chunk.report_id,
            "position": chunk.index,
            "start": chunk.span.start,
            "stop": chunk.span.stop,
            "path": chunk.path,
            "record_types": chunk.record_types,
            "status": outcome.status,
            "drafts": outcome.drafts,
            "reason": outcome.reason,
        }


def _chunk_calls(reading: Reading) -> Iterator[Row]:
    positions: Counter[str] = Counter()
    for call in reading.extraction.calls:
        position = positions[call.chunk_id]
        positions[call.chunk_id] += 1
        yield {**_owner(reading), "chunk_id": call.chunk_id, "position": position, "call_id": call.call_id}


def _agreements(reading: Reading) -> Iterator[Row]:
    stored = {d.grounded.record_id for d in reading.decisions}
    for one in reading.extraction.agreements:
        if one.record_id in stored:
            yield {
                **_owner(reading),
                "record_type": one.record_type,
                "record_id": one.record_id,
                "field": one.field,
                "agreement": one.kind,
                "other": one.other,
            }


def _literals(reading: Reading, heads: Mapping[str, Head]) -> Iterator[Row]:
    said = [(d, said_of(d, heads.get(d.grounded.draft.report_id, Head()))) for d in reading.decisions]
    found = [(decision, own, literal) for decision, own in said for literal in decision.grounded.literals]
    ids = identities("l", ((decision.grounded.record_id, literal.field) for decision, _, literal in found))
    owner, ocr = {**_owner(reading), "document": reading.document.name}, reading.document.ocr
    for literal_id, (decision, own, literal) in zip(ids, found, strict=True):
        _must_stand(reading, decision, literal)
        yield {
            **owner,
            **own,
            "literal_id": literal_id,
            "record_type": decision.grounded.draft.record_type,
            "record_id": decision.grounded.record_id,
            "field": literal.field,
            "printed": literal.printed,
            "value": figure(literal.value),
            "decimals": literal.decimals,
            "unit": literal.unit,
            "kind": _kind(literal),
            "exponent": literal.exponent,
            "yuan": _yuan(literal),
            "exact": literal.exact,
            "start": literal.span.start,
            "stop": literal.span.stop,
            "unit_source": literal.unit_source,
            "unit_start": literal.unit_span and literal.unit_span.start,
            "unit_stop": literal.unit_span and literal.unit_span.stop,
            "ocr_confidence": _stored(confidence_of(ocr, literal.span)),
        }


def confidence_of(ocr: Ocr | None, span: Span) -> Decimal | None:
    """The confidence, from 0 to 1, of the least certain character of a part of a text that was read off a picture."""
    sure = ocr.confidence(span) if ocr else None
    return None if sure is None else Decimal(sure).scaleb(-3)


def _stored(confidence: Decimal | None) -> str | None:
    return None if confidence is None else f"{confidence}"


def _must_stand(reading: Reading, decision: Decision, literal: Literal) -> None:
    if reading.document.slice(literal.span) != literal.printed:
        raise StoreError(
            f"{literal.field} of record {decision.grounded.record_id}: {literal.printed!r} does not stand at "
            f"{literal.span.start}–{literal.span.stop} of {reading.document.name}; only grounded figures are stored."
        )


def _yuan(literal: Literal) -> str | None:
    """``Literal.yuan`` to the last digit, whatever the precision of the caller's decimal context."""
    if literal.exponent is None:
        return None
    yuan = literal.value.scaleb(literal.exponent, context=_CONTEXT)
    return f"{yuan:f}" if _fits(yuan) else None


def _kind(literal: Literal) -> str:
    if literal.exponent is not None:
        return "money"
    return "percent" if literal.unit in _PERCENT else "number"


def _finding_ids(reading: Reading) -> list[str]:
    document_id = reading.document.document_id
    return identities(
        "f", ((document_id, f.kind, f.relation, f.report_id, f.stated, places_of(f)) for f in reading.findings)
    )


def places_of(finding: Finding) -> tuple[tuple[str, int, int], ...]:
    """The roles and places of a finding's figures, from which its id follows."""
    return tuple((x.role, x.span.start, x.span.stop) for x in finding.literals)


def _finding(run_id: str, reading: Reading, finding_id: str, finding: Finding) -> Row:
    return finding_row(
        {**_owner(reading), "finding_id": finding_id, "run_id": run_id, "other_document_id": None},
        finding,
        [reading.document.document_id] * len(finding.literals),
    )


def finding_row(owner: Row, finding: Finding, owners: Sequence[str]) -> Row:
    """The row of a finding; ``owner`` holds the ids that say whose it is, ``owners`` the document of each of its figures."""
    first, other = (
        next((x.span for x, of in zip(finding.literals, owners, strict=True) if of == owner[document]), None)
        for document in ("document_id", "other_document_id")
    )
    return {
        **owner,
        "report_id": finding.report_id,
        "kind": finding.kind,
        "severity": finding.severity,
        "verdict": finding.verdict,
        "relation": finding.relation,
        "message": finding.message,
        "message_en": finding.message_en,
        "stated": finding.stated,
        "computed": finding.computed,
        "slack": rounded(finding.slack),
        "suggestion": finding.suggestion,
        "suggestion_en": finding.suggestion_en,
        "figures": [f"{x.role} {x.printed}" for x in finding.literals] or None,
        "record_ids": sorted({x.record_id for x in finding.literals if x.record_id is not None}) or None,
        "start": first and first.start,
        "stop": first and first.stop,
        "other_start": other and other.start,
        "other_stop": other and other.stop,
    }


def _finding_literals(reading: Reading, finding_ids: list[str]) -> Iterator[Row]:
    for finding_id, finding in zip(finding_ids, reading.findings, strict=True):
        for position, literal in enumerate(finding.literals):
            yield finding_literal_row({**_owner(reading), "finding_id": finding_id, "position": position}, literal)


def finding_literal_row(owner: Row, literal: FindingLiteral) -> Row:
    """The row of a figure in a finding; ``owner`` holds its document, extractor, finding and position."""
    return {
        **owner,
        "role": literal.role,
        "printed": literal.printed,
        "start": literal.span.start,
        "stop": literal.span.stop,
        "record_id": literal.record_id,
        "field": literal.field,
    }


def _quarantine(run_id: str, reading: Reading) -> Iterator[Row]:
    document_id, rejected = reading.document.document_id, reading.quarantined
    keys = ((document_id, r.record_type, r.report_id, r.chunk_id, r.code, r.payload) for r in rejected)
    for rejection_id, rejection in zip(identities("q", keys), rejected, strict=True):
        yield {
            **_owner(reading),
            "rejection_id": rejection_id,
            "claim_id": claim_id(document_id, rejection.record_type, rejection.payload),
            "run_id": run_id,
            "report_id": rejection.report_id,
            "chunk_id": rejection.chunk_id,
            "record_type": rejection.record_type,
            "code": rejection.code,
            "reason": rejection.reason,
            "payload": rejection.payload,
            "raw": rejection.raw,
        }


def _unclaimed(run_id: str, reading: Reading) -> Iterator[Row]:
    document_id, left = reading.document.document_id, reading.unclaimed
    ids = identities("u", ((document_id, u.kind, u.span.start, u.span.stop) for u in left))
    for unclaimed_id, item in zip(ids, left, strict=True):
        yield {
            **_owner(reading),
            "unclaimed_id": unclaimed_id,
            "run_id": run_id,
            "chunk_id": item.chunk_id,
            "kind": item.kind,
            "printed": item.printed,
            "start": item.span.start,
            "stop": item.span.stop,
        }
