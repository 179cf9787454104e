"""Fault injection: an oracle that states, for each piece of a report, the gold records that stand in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.faults.kinds import Payload, Stated
from eval.items import Figure, Item, figure_of, nearest_figure, scored_fields
from pipeline.evidence import Evidence
from pipeline.extraction.llm.reading import read_reply
from pipeline.flow import Chunk
from pipeline.job import Prepared
from schemas.fields import Record
from schemas.registry import RECORD_TYPES
from schemas.values import Span

LONGEST_QUOTE = 2000
"""Characters that a quote may have (``schemas.fields.Record``)."""


@dataclass(frozen=True)
class Oracle:
    """What the oracle knows of a document: the records that it states, and why it cannot state the others."""

    stated: tuple[Stated, ...]
    unstated: tuple[tuple[Item, str], ...]

    def within(self, span: Span, types: Sequence[str]) -> tuple[Stated, ...]:
        """The records of some types whose quotes stand inside a span, in reading order."""
        found = (s for s in self.stated if s.record_type in types and span.holds(s.span))
        return tuple(sorted(found, key=lambda s: s.span))

    @property
    def left_out(self) -> int:
        """Figures that are left out because they stand in another piece of the text than their record."""
        return sum(len(s.left_out) for s in self.stated)

    @property
    def reasons(self) -> Counter[str]:
        """Why records cannot be stated."""
        return Counter(reason for _, reason in self.unstated)


def consult(items: Sequence[Item], prepared: Prepared, evidence: Evidence) -> Oracle:
    """The oracle of a document whose gold records are given."""
    stated: list[Stated] = []
    unstated: list[tuple[Item, str]] = []
    for item in items:
        said = _state(item, prepared, evidence)
        if isinstance(said, Stated):
            stated.append(said)
        else:
            unstated.append((item, said))
    return Oracle(tuple(stated), tuple(unstated))


def payload_of(item: Item, quote: str, left_out: Sequence[str] = ()) -> Payload:
    """A gold record in JSON, every field of its type listed."""
    model = RECORD_TYPES[item.record_type].model
    values = {name: value for name, value in item.values.items() if name not in left_out}
    payload: Payload = model.model_validate({**values, "quote": quote}).model_dump(mode="json")
    return payload


def as_read(record_type: str, payload: Payload) -> Record | None:
    """The record that the pipeline's client makes of a payload, None where it does not validate."""
    reading = read_reply(json.dumps({record_type: [payload]}, ensure_ascii=False), [record_type])
    return reading.good[0].record if reading.good else None


def _state(item: Item, prepared: Prepared, evidence: Evidence) -> Stated | str:
    """A gold record as the oracle states it, or why it cannot."""
    assert item.span is not None
    chunk = next((c for c in prepared.chunks if c.span.holds(item.span)), None)
    if chunk is None:
        return "its quote does not stand in one piece of the text"
    if item.record_type not in chunk.record_types:
        return "its type is not asked for in its piece of the text"
    span, left_out = _quote(item, chunk, evidence)
    required = {f.name for f in RECORD_TYPES[item.record_type].fields if f.required}
    if required & set(left_out):
        return "its figure does not stand in its piece of the text"
    payload = payload_of(item, prepared.document.slice(span), left_out)
    record = as_read(item.record_type, payload)
    return Stated(item, chunk.chunk_id, span, payload, record, left_out) if record else "it does not validate"


def _quote(item: Item, chunk: Chunk, evidence: Evidence) -> tuple[Span, tuple[str, ...]]:
    """The gold quote widened so far that it holds the record's figures, and the figures that it cannot hold."""
    assert item.span is not None
    span, left_out = item.span, []
    regions = [*evidence.region(item.span), Span(item.span.start, chunk.span.stop), chunk.span]
    for name, figure in _figures(item):
        if name in item.places:
            continue
        place = _nearest(evidence.document.text, figure, item.span, regions, chunk.span)
        wider = Span(min(span.start, place.start), max(span.stop, place.stop)) if place else None
        if wider is None or wider.stop - wider.start > LONGEST_QUOTE:
            left_out.append(name)
        else:
            span = wider
    return span, tuple(left_out)


def _figures(item: Item) -> Iterator[tuple[str, Figure]]:
    for scored in scored_fields(item.record_type):
        if figure := figure_of(scored, item.values):
            yield scored.name, figure


def _nearest(text: str, figure: Figure, quote: Span, regions: Sequence[Span], chunk: Span) -> Span | None:
    """Where a figure stands closest to a quote, in the first region that prints it: the quote's row or entry, the rest of
    the chunk behind it, the chunk."""
    for region in regions:
        start, stop = max(region.start, chunk.start), min(region.stop, chunk.stop)
        if start >= stop:
            continue
        local = Span(quote.start - start, quote.stop - start)
        if found := nearest_figure(text[start:stop], figure, local):
            return Span(found.start + start, found.stop + start)
    return None
