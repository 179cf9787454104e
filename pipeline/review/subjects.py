"""Review: what is known of an item: the record as it was read, what speaks against it, and its passage."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from pipeline.flow import Document, Verdict
from pipeline.review.grounding import Origin
from pipeline.review.passage import Passage, find_quote, numbers_in, passage
from pipeline.review.queue import Item
from pipeline.store import Store, SubjectKind, as_json
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES
from schemas.values import Span, plain_number


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against a record: a finding's sentences and suggestion, or the reason why a claim was not accepted."""

    kind: str
    severity: str
    message: str
    message_en: str
    suggestion: str | None = None
    suggestion_en: str | None = None


@dataclass(frozen=True, slots=True)
class Accused:
    """A figure of the record that a finding doubts."""

    finding_id: str
    field: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """An item as it was read: its fields, JSON and place, what speaks against it, and the text to show.

    ``places`` are those of its figures by field (of a record; a claim's are not known), ``accused`` the figures that
    findings doubt, ``raw`` what a model replied, ``shown`` the place that its passage is about.
    """

    item: Item
    payload: Mapping[str, Any]
    before: str
    origin: Origin
    places: Mapping[str, Span]
    against: tuple[Against, ...]
    accused: tuple[Accused, ...]
    others: tuple[Span, ...]
    figures: tuple[Span, ...]
    shown: Span
    raw: str | None

    def passage(self, text: str, around: int) -> Passage:
        """The passage that it was read from."""
        return passage(text, self.shown, self.figures, self.others, around)


def read_item(store: Store, item: Item, document: Document) -> Reading:
    """What is known of an item."""
    return _record(store, item) if item.subject is SubjectKind.RECORD else _claim(store, item, document.text)


def _record(store: Store, item: Item) -> Reading:
    ((extractor,),) = store.query(
        "SELECT extractor FROM documents WHERE document_id = $id", {"id": item.document_id}
    ).rows
    stored = store.record(item.record_type, item.subject_id, extractor)
    asked = {"record_id": item.subject_id, "document_id": item.document_id}
    against, accused, others = [], [], []
    for kind, severity, verdict, message, message_en, suggestion, suggestion_en, finding_id, figures in store.query(
        _sql("findings.sql"), asked
    ).rows:
        against.append(Against(kind, severity, message, message_en, suggestion, suggestion_en))
        for figure in figures or ():
            span = Span(figure["start"], figure["stop"])
            if figure["record_id"] != item.subject_id:
                others.append(span)
            elif verdict == Verdict.INCONSISTENT and figure["role"] != "witness":
                accused.append(Accused(finding_id, figure["field"], span))
    return Reading(
        item=item,
        payload=stored.record.model_dump(mode="json"),
        before=as_json(stored.record),
        origin=Origin(stored.report_id, stored.chunk_id, stored.quote_span),
        places=stored.places,
        against=tuple(against),
        accused=tuple(accused),
        others=tuple(others),
        figures=tuple(stored.places.values()),
        shown=stored.quote_span,
        raw=None,
    )


def _claim(store: Store, item: Item, text: str) -> Reading:
    rows = store.query(_sql("claims.sql"), {"claim_id": item.subject_id}).rows
    _, report_id, chunk_id, _, _, before, raw, start, stop = rows[0]
    payload = _object(before)
    chunk = Span(0 if start is None else start, len(text) if stop is None else stop)
    quote = find_quote(text, str(payload.get("quote") or ""), chunk)
    shown = quote or Span(chunk.start, chunk.start)
    return Reading(
        item=item,
        payload=payload,
        before=before,
        origin=Origin(report_id, chunk_id, quote),
        places={},
        against=tuple(dict.fromkeys(Against(row[3], "error", row[4], row[4]) for row in rows)),
        accused=(),
        others=(),
        figures=tuple(numbers_in(text, quote or chunk, frozenset(_numbers(item.record_type, payload)))),
        shown=shown,
        raw=raw,
    )


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _numbers(record_type: str, payload: Mapping[str, Any]) -> Iterator[Decimal]:
    """The figures that a claim holds."""
    found = RECORD_TYPES.get(record_type)
    for info in found.fields if found else ():
        if info.sort in {Sort.MONEY, Sort.QUANTITY, Sort.NUMBER}:
            value = payload.get(info.name)
            yield from _decimal(value.get("value") if isinstance(value, dict) else value)


def _decimal(value: Any) -> list[Decimal]:
    try:
        number = Decimal(str(plain_number(value)))
    except ArithmeticError:
        return []
    return [number] if number.is_finite() else []


def doubted_fields(accused: Sequence[Accused]) -> frozenset[str]:
    """The fields whose figures findings doubt."""
    return frozenset(a.field for a in accused if a.field)


@cache
def _sql(name: str) -> str:
    return files("pipeline.review").joinpath(name).read_text(encoding="utf-8")
