"""Fault injection: what can be wrong with a model's answer, and what may become of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eval.items import Item
from schemas.fields import Record
from schemas.values import Span

Payload = dict[str, Any]
"""A record as a reply states it in JSON."""


class FaultKind(StrEnum):
    """How an answer is corrupted; docs/eval.md defines each."""

    DIGIT_CHANGED = "digit_changed"
    DIGIT_DROPPED = "digit_dropped"
    DIGITS_SWAPPED = "digits_swapped"
    POINT_MOVED = "point_moved"
    UNIT_SWAPPED = "unit_swapped"
    NEIGHBOUR_FIGURE = "neighbour_figure"
    ROW_SHIFT = "row_shift"
    FIELD_SWAP = "field_swap"
    FIELD_FILLED = "field_filled"
    INVENTED = "invented"
    DUPLICATED = "duplicated"
    DROPPED = "dropped"
    FLOAT = "float"
    TRUNCATED = "truncated"
    PROSE = "prose"
    STALE = "stale"
    OBEYED = "obeyed"

    @property
    def of_reply(self) -> bool:
        """Whether it spoils a whole reply and not a single record of it."""
        return self in OF_REPLIES


OF_REPLIES = (FaultKind.TRUNCATED, FaultKind.PROSE, FaultKind.STALE, FaultKind.OBEYED)
OF_RECORDS = tuple(kind for kind in FaultKind if kind not in OF_REPLIES)


class Outcome(StrEnum):
    """What became of a fault; each has one."""

    VALIDATION = "validation"
    GROUNDING = "grounding"
    ARITHMETIC = "arithmetic"
    COMPLETENESS = "completeness"
    REPAIRED = "repaired"
    ESCAPED = "escaped"
    UNSEEN = "unseen"

    @property
    def caught(self) -> bool:
        """Whether the pipeline showed that something is wrong."""
        return self in {Outcome.VALIDATION, Outcome.GROUNDING, Outcome.ARITHMETIC, Outcome.COMPLETENESS}


@dataclass(frozen=True, slots=True, eq=False)
class Stated:
    """A gold record as the oracle states it.

    ``payload`` is its JSON, ``record`` what the pipeline's model makes of that, ``span`` the place of its quote in the
    document, ``left_out`` the figures that stand outside of its chunk.
    """

    item: Item
    chunk_id: str
    span: Span
    payload: Payload
    record: Record
    left_out: tuple[str, ...] = ()

    @property
    def record_type(self) -> str:
        """The name of its type."""
        return self.item.record_type


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """One corruption of an answer.

    Args:
        kind: how the answer is corrupted.
        form: the variant of the kind.
        chunk_id: the piece of the text whose answer it is.
        target: the record that it hits, None where it hits a whole reply.
        field: the field that it hits, where it is one.
        true: what should be said, as people read it.
        wrong: what is said instead.
        instead: the payloads that are said in the target's place.
        planted: the wrong one among them, with its type; None where nothing wrong is said.
        again: what a lying model says instead of the wrong one when it is asked again, with its type; None where it says the
            same.
    """

    kind: FaultKind
    form: str
    chunk_id: str
    target: Stated | None = None
    field: str | None = None
    true: str = ""
    wrong: str = ""
    instead: tuple[Payload, ...] = ()
    planted: tuple[str, Payload] | None = None
    again: tuple[str, Payload] | None = None

    @property
    def wrongs(self) -> tuple[tuple[str, Payload], ...]:
        """Everything wrong that is said because of it."""
        return tuple(said for said in (self.planted, self.again) if said)
