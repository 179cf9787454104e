"""Completeness: the money and percent figures and the table rows that no record claims, so that nothing is lost in silence."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from pipeline.evidence import Evidence
from pipeline.flow import Chunk, Document, Grounded, Layout, Unclaimed
from pipeline.printed_places import Place
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES
from schemas.units import money_exponent
from schemas.values import Quantity, Span

PERCENT = frozenset({"%", "％"})


def unclaimed(
    document: Document, layout: Layout, chunks: Sequence[Chunk], records: Sequence[Grounded], evidence: Evidence
) -> tuple[Unclaimed, ...]:
    """What no record claims, in reading order.

    A figure is claimed where it is a record's literal, or stands in a passage that a record carries verbatim as text
    (an outcome that names an amount). A body row of a table is claimed where one of its figures is.
    """
    claimed = _Spans(_claims(evidence, chunks, records))
    found = [
        Unclaimed(kind, place.span, document.slice(place.span), _chunk_at(chunks, place.span.start))
        for place in evidence.places
        if not claimed.cover(place.span) and (kind := _kind(place))
    ]
    for table in layout.tables:
        for row in table.body:
            figures = [p.span for p in evidence.numerals_in([row.span])]
            if figures and not any(claimed.cover(s) for s in figures):
                text = " ".join(c.text for c in row.cells if c.text)[:200]
                found.append(Unclaimed("row", row.span, text, _chunk_at(chunks, row.span.start)))
    return tuple(sorted(found, key=lambda u: (u.span, u.kind)))


def claimable(evidence: Evidence) -> int:
    """How many money and percent figures the document prints."""
    return sum(1 for place in evidence.places if _kind(place))


def _kind(place: Place) -> str | None:
    unit = place.numeral.unit or (place.declared[0] if place.declared and not _may_count(place) else None)
    if unit is None:
        return None
    if unit in PERCENT:
        return "percent"
    return "money" if money_exponent(unit) is not None else None


def _may_count(place: Place) -> bool:
    """Whether a figure without decimals in a table that could not be rebuilt may count its rows or something else."""
    return bool(place.column.lost) and not place.numeral.decimals


def _claims(evidence: Evidence, chunks: Sequence[Chunk], records: Sequence[Grounded]) -> Iterator[Span]:
    by_id = {c.chunk_id: c for c in chunks}
    for record in records:
        for literal in record.literals:
            yield literal.span
        chunk = by_id.get(record.draft.chunk_id)
        for name in _carrying(record.draft.record_type):
            value = getattr(record.record, name)
            if value is None:
                continue
            text = value.text if isinstance(value, Quantity) else value
            if any(map(str.isdigit, text)):
                within = Span(record.quote_span.start, chunk.span.stop) if chunk else record.quote_span
                place = evidence.find(text, within) or (evidence.find(text, chunk.span) if chunk else None)
                if place:
                    yield place


@cache
def _carrying(record_type: str) -> tuple[str, ...]:
    """The fields of a record type that carry a passage verbatim."""
    return tuple(f.name for f in RECORD_TYPES[record_type].fields if f.sort in {Sort.TEXT, Sort.QUANTITY})


def _chunk_at(chunks: Sequence[Chunk], place: int) -> str | None:
    index = bisect.bisect_right(chunks, place, key=lambda c: c.span.start) - 1
    return chunks[index].chunk_id if index >= 0 and place < chunks[index].span.stop else None


class _Spans:
    """Spans to ask whether one of them covers another, in logarithmic time."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []
        last = -1
        for start, stop in sorted(spans):
            if start > last:
                self._starts.append(start)
                self._stops.append(stop)
                last = stop
            elif stop > last:
                self._stops[-1] = last = stop

    def cover(self, span: Span) -> bool:
        start, stop = span
        index = bisect.bisect_right(self._starts, start) - 1
        return index >= 0 and stop <= self._stops[index]
