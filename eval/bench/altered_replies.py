"""Benchmarks: what a stand-in model says to the chunks of reports whose gold is known, every second reply with figures altered,
in the form that each tool of a comparison wants."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eval.faults.figures import Slot, slots
from eval.faults.kinds import FaultKind, Payload, Stated
from eval.faults.oracle import as_read, consult
from eval.faults.records import plant
from eval.faults.replies import answer, answer_in_full
from eval.gold import GoldDocument
from eval.items import Figure, nearest_figure
from pipeline.documents import read_document
from pipeline.evidence import evidence_for
from pipeline.extraction.llm.responses import in_prompt_order
from pipeline.job import prepare
from schemas.values import Span

KINDS = {
    FaultKind.DIGIT_CHANGED: "digit changed",
    FaultKind.POINT_MOVED: "point moved",
    FaultKind.NEIGHBOUR_FIGURE: "of another row",
}
"""How figures are altered, in turn."""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure that a reply states: the record (by its place in the reply) and field, its digits, the passage that prints them
    (number and unit, altered as they are), and how it is altered, None where it is right."""

    record: int
    record_type: str
    field: str
    printed: str
    passage: str
    altered: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk as all tools get it, and what the model says of it."""

    chunk_id: str
    text: str
    types: tuple[str, ...]
    records: tuple[tuple[str, Payload], ...]
    figures: tuple[Told, ...]

    @property
    def as_records(self) -> str:
        """The reply as jixiao asks for it."""
        return answer(self.types, self.records)

    @property
    def as_models(self) -> str:
        """The reply as the models of the records have it."""
        return answer_in_full(self.types, self.records)

    @property
    def as_quotes(self) -> str:
        """The reply as LangExtract has it: an extraction for each record, its quote aligned, its figures attributes."""
        return _extractions(
            (name, payload["quote"], {"no": str(number), **{s.field: s.shown for s in slots(name, payload)}})
            for number, (name, payload) in enumerate(self.records)
        )

    @property
    def as_figures(self) -> str:
        """The reply as LangExtract has it: an extraction for each figure, number and unit aligned."""
        return _extractions(
            (f"{told.record_type}_{told.field}", told.passage, {"no": str(number)})
            for number, told in enumerate(self.figures)
        )


def pieces(gold: GoldDocument, target: int, repetition: int) -> tuple[Piece, ...]:
    """The chunks of a report, of which every second one gets a reply where each record with figures has one altered.

    Half of those that are altered in their digits are altered in the record's quote, too. All follows from the repetition.
    """
    rng = random.Random(f"{gold.name}|{repetition}")
    prepared = prepare(read_document(gold.report_path), target)
    oracle = consult(gold.records, prepared, evidence_for(prepared.document, prepared.layout))
    found = []
    for number, chunk in enumerate(c for c in prepared.chunks if c.record_types):
        text = prepared.document.slice(chunk.span)
        stated = oracle.within(chunk.span, chunk.record_types)
        altered = (number + repetition) % 2 == 0
        said = [_said(s, text, stated, rng, altered=altered) for s in stated]
        types = in_prompt_order(chunk.record_types)
        records = tuple((s.record_type, payload) for s, (payload, _) in zip(stated, said, strict=True))
        figures = tuple(replace(t, record=n) for n, (_, told) in enumerate(said) for t in told)
        found.append(Piece(chunk.chunk_id, text, types, records, figures))
    return tuple(found)


def _said(
    stated: Stated, text: str, around: Sequence[Stated], rng: random.Random, *, altered: bool
) -> tuple[Payload, list[Told]]:
    """A record as the model states it, and its figures; one of them is altered so that the record is still valid."""
    true = {slot.field: slot for slot in slots(stated.record_type, stated.payload)}
    payload, kind, field = stated.payload, None, None
    if altered and true:
        first = rng.randrange(len(KINDS))
        for way in (*list(KINDS)[first:], *list(KINDS)[:first]):
            beside = [s for s in around if s.record_type == stated.record_type]
            fault = plant(stated, beside, rng, [way])
            if fault is not None and fault.planted and fault.field in true and as_read(*fault.planted) is not None:
                payload, kind, field = copy.deepcopy(fault.planted[1]), KINDS[way], fault.field
                break
    told = []
    for slot in slots(stated.record_type, payload):
        printed = true[slot.field].printed
        passage = _passage(text, stated, true[slot.field])
        now = passage if slot.printed == printed else _with_digits(passage, printed, slot.printed)
        told.append(Told(0, stated.record_type, slot.field, slot.printed, now, kind if slot.field == field else None))
        if slot.field == field and kind != KINDS[FaultKind.NEIGHBOUR_FIGURE] and rng.random() < 0.5:
            payload["quote"] = payload["quote"].replace(passage, now, 1)
    return payload, told


def _passage(text: str, stated: Stated, slot: Slot) -> str:
    """A figure as the text prints it next to its record, with the unit behind it; as it is stated where it is not found."""
    start = max(text.find(stated.payload["quote"]), 0)
    quote = Span(start, start + len(stated.payload["quote"]))
    for region in (quote, Span(0, len(text))):
        local = Span(quote.start - region.start, quote.stop - region.start)
        place = nearest_figure(text[region.start : region.stop], Figure(slot.printed, slot.unit), local)
        if place is not None:
            stop = place.stop + region.start
            unit = slot.unit if slot.unit and text.startswith(slot.unit, stop) else ""
            return text[place.start + region.start : stop] + unit
    return slot.shown


def _with_digits(passage: str, printed: str, wrong: str) -> str:
    """A passage with other digits, grouped by commas where it was."""
    number, unit = passage, ""
    while number and not (number[-1].isascii() and number[-1].isdigit()):
        number, unit = number[:-1], number[-1] + unit
    if "," in number:
        whole, point, fraction = wrong.partition(".")
        return f"{int(whole):,}{point}{fraction}{unit}"
    return f"{wrong}{unit}" if number.endswith(printed) else passage.replace(number, wrong)


def _extractions(stated: Iterator[tuple[str, str, dict[str, str]]]) -> str:
    entries: list[dict[str, Any]] = [{name: text, f"{name}_attributes": more} for name, text, more in stated]
    return json.dumps({"extractions": entries}, ensure_ascii=False)
