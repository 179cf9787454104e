"""Eval: what is scored of an extraction, from the pipeline's result, a database's rows or gold itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from eval.gold import GoldDocument
from eval.items import Item, Value, values_of, with_printed
from pipeline.flow import Decision, Finding, Rejection, Status
from pipeline.store.records import column_of
from schemas.fields import FieldInfo, Sort
from schemas.registry import RECORD_TYPES
from schemas.relations import FindingKind
from schemas.values import Span, plain_number


@dataclass(frozen=True, slots=True)
class PredictedFinding:
    """A defect that the pipeline reports, and where its figures stand."""

    kind: FindingKind
    message: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class PredictedDocument:
    """Everything that an extraction holds of a document.

    ``records`` are accepted, flagged or quarantined by their status; ``unreadable`` counts quarantined ones whose
    payload is no record at all, ``codes`` why each was quarantined, ``failed_chunks`` the pieces of the text whose
    reading failed.
    """

    name: str
    records: tuple[Item, ...]
    findings: tuple[PredictedFinding, ...]
    unreadable: int = 0
    failed_chunks: int = 0
    codes: tuple[str, ...] = ()

    def kept(self, record_type: str) -> tuple[Item, ...]:
        """The records of one type that were accepted or flagged."""
        return tuple(r for r in self.records if r.record_type == record_type and r.status is not Status.QUARANTINED)

    def quarantined(self, record_type: str) -> tuple[Item, ...]:
        """The records of one type that were quarantined."""
        return tuple(r for r in self.records if r.record_type == record_type and r.status is Status.QUARANTINED)


def from_result(
    name: str,
    text: str,
    decisions: Iterable[Decision],
    rejections: Iterable[Rejection],
    findings: Iterable[Finding],
    failed_chunks: int = 0,
) -> PredictedDocument:
    """What the pipeline decided of a document, as it is scored."""
    items = [_from_decision(d, i) for i, d in enumerate(decisions)]
    unreadable = 0
    rejections = list(rejections)
    for index, rejection in enumerate(rejections):
        item = from_payload(text, rejection.record_type, rejection.report_id, rejection.payload, index)
        if item is None:
            unreadable += 1
        else:
            items.append(item)
    found = [PredictedFinding(f.kind, f.message, tuple(x.span for x in f.literals)) for f in findings]
    codes = tuple(r.code for r in rejections)
    return PredictedDocument(name, tuple(items), tuple(found), unreadable, failed_chunks, codes)


def _from_decision(decision: Decision, index: int) -> Item:
    grounded = decision.grounded
    values = values_of(grounded.record)
    places = {}
    for literal in grounded.literals:
        places[literal.field] = literal.span
        if literal.field in values:
            values[literal.field] = with_printed(values[literal.field], plain_number(literal.printed))
    return Item(
        record_type=grounded.draft.record_type,
        report_id=grounded.draft.report_id,
        values=values,
        quote=grounded.record.quote,
        span=grounded.quote_span,
        status=decision.status,
        index=index,
        places=places,
    )


def from_payload(text: str, record_type: str, report_id: str | None, payload: str, index: int) -> Item | None:
    """A quarantined record as far as its payload can be read: fields that fit no type are left out; None if all are."""
    try:
        entry = json.loads(payload)
    except ValueError:
        return None
    if record_type not in RECORD_TYPES or not isinstance(entry, dict):
        return None
    values: dict[str, Value] = {}
    for field in RECORD_TYPES[record_type].fields:
        value = _readable(record_type, field.name, entry.get(field.name))
        if value is not None and value not in ((), ""):
            values[field.name] = value
    quote = entry.get("quote")
    quote = quote if isinstance(quote, str) else ""
    start = text.find(quote) if quote else -1
    span = Span(start, start + len(quote)) if start >= 0 else None
    return Item(record_type, report_id, values, quote, span, Status.QUARANTINED, index) if values else None


@cache
def _adapter(record_type: str, name: str) -> TypeAdapter[Any]:
    info = RECORD_TYPES[record_type].model.model_fields[name]
    annotated: Any = Annotated[(info.annotation, *info.metadata)]
    return TypeAdapter(annotated)


def _readable(record_type: str, name: str, raw: Any) -> Any:
    if isinstance(raw, list):
        raw = tuple(raw)
    try:
        value = _adapter(record_type, name).validate_python(raw)
    except ValidationError:
        return None
    return str(value) if isinstance(value, str) else value


def from_gold(gold: GoldDocument, status: Status = Status.ACCEPTED) -> PredictedDocument:
    """The gold itself as a prediction: what a perfect extraction would hold."""
    return PredictedDocument(
        gold.name,
        tuple(replace(r, status=status) for r in gold.records),
        tuple(PredictedFinding(f.kind, f.message, tuple(s for spans in f.spans for s in spans)) for f in gold.findings),
    )


def from_row(item: Item, row: Mapping[str, Any], literals: Sequence[tuple[str, str, Span]]) -> Item:
    """A record's item with its fields from its database row.

    ``literals`` gives, per figure, the field, the printed text and its place: a row's numbers have lost the decimals
    that the text prints.
    """
    printed = {name: plain_number(text) for name, text, _ in literals}
    values: dict[str, Value] = {}
    for field in RECORD_TYPES[item.record_type].fields:
        entry = _entry(row, field, printed.get(field.name))
        value = _readable(item.record_type, field.name, entry)
        if value is not None and value not in ((), ""):
            values[field.name] = value
    return replace(item, values=values, places={name: place for name, _, place in literals})


def _entry(row: Mapping[str, Any], field: FieldInfo, printed: str | None) -> Any:
    """A field in gold shape from its columns."""
    name = column_of(field)
    value = row.get(name)
    if value is None:
        return None
    if field.sort is Sort.MONEY:
        return {"value": _number(value, printed), "unit": row.get(f"{name}_unit")}
    if field.sort is Sort.QUANTITY:
        return {
            "text": value,
            "op": row.get(f"{name}_op"),
            "value": _number(row.get(f"{name}_value"), printed),
            "unit": row.get(f"{name}_unit"),
        }
    if field.sort is Sort.NUMBER:
        return _number(value, printed)
    return str(value) if field.sort is Sort.DATE else value


def _number(value: Decimal | None, printed: str | None) -> str | None:
    """A stored number as it was printed; without zeros at its end where no print of it is stored."""
    if value is None:
        return None
    if printed is not None and Decimal(printed) == value:
        return printed
    return format(value.normalize(), "f")
