"""Extraction (hybrid): the accused cells that a second reading can decide: those beside which another figure stands that
would settle what arithmetic has against the one that was read. About the others no answer changes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.evidence import Evidence
from pipeline.extraction.judging import Cell, Judged
from pipeline.extraction.llm.second import unmistakable
from pipeline.flow import Chunk, Draft
from pipeline.grounding import ground_all
from schemas.values import plain_number

MOST_TRIED = 200
"""Other figures of a document that are tried; the cells behind them stay as they were read."""

Judge = Callable[[Sequence[Draft]], Judged]


@dataclass(frozen=True, slots=True)
class Contestable:
    """An accused cell, and the values that stand beside it and would settle the contradiction."""

    cell: Cell
    settling: frozenset[Decimal]


def contestable(
    judge: Judge, evidence: Evidence, chunks: Sequence[Chunk], drafts: Sequence[Draft], judged: Judged
) -> tuple[Contestable, ...]:
    """The accused cells of a reading that a second reading can decide.

    The offline reading gives the place of every figure; another reading counts against it only with such evidence.

    Args:
        judge: what a reading is worth.
        evidence: the text.
        chunks: the document's chunks.
        drafts: the reading.
        judged: what it is worth.
    """
    accused = judged.accused()
    named = unmistakable(accused, judged.grounded)
    found: list[Contestable] = []
    left = MOST_TRIED
    for cell in named:
        settling = set()
        for value, other in _others(cell, evidence):
            left -= 1
            if left < 0:
                return tuple(found)
            if ground_all(evidence, chunks, [other])[0] and _settles(judge, drafts, cell, other, len(accused)):
                settling.add(value)
        if settling:
            found.append(Contestable(cell, frozenset(settling)))
    return tuple(found)


def _others(cell: Cell, evidence: Evidence) -> Iterator[tuple[Decimal, Draft]]:
    """The other figures that stand where a cell's may, each with the draft that reads it in the cell."""
    grounded = cell.grounded
    literal = grounded.literal(cell.field)
    region = evidence.region(grounded.quote_span)
    if grounded.draft.record_type == "projects":
        region += evidence.of_project(grounded.quote_span)
    printed = {place.value: evidence.document.slice(place.span) for place in evidence.numerals_in(region)}
    for value, digits in printed.items():
        if literal and value != literal.value:
            yield value, _otherwise(cell, str(plain_number(digits)))


def _settles(judge: Judge, drafts: Sequence[Draft], cell: Cell, other: Draft, accused: int) -> bool:
    """Whether a reading with another figure in a cell is grounded and leaves fewer cells accused."""
    changed = judge([other if d is cell.grounded.draft else d for d in drafts])
    return any(g.draft is other for g in changed.grounded) and len(changed.accused()) < accused


def _otherwise(cell: Cell, second: str) -> Draft:
    """The draft of a cell's record with its other reading, to be looked for in the text."""
    draft = cell.grounded.draft
    value = getattr(draft.record, cell.field)
    if isinstance(value, str):
        changed: object = second
    elif hasattr(value, "text"):
        changed = value.model_copy(update={"value": second, "text": value.text.replace(value.value or "", second)})
    else:
        changed = value.model_copy(update={"value": second})
    places = {name: span for name, span in draft.places.items() if name != cell.field}
    return replace(draft, record=draft.record.model_copy(update={cell.field: changed}), places=places)
