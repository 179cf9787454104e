"""Fault injection: the figures of a payload, and the ways in which a model misreads one."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from eval.faults.kinds import FaultKind, Payload
from eval.items import scored_fields
from schemas.fields import Sort

UNITS = {"元": "万元", "万元": "元", "亿元": "万元", "千元": "元", "百万元": "万元"}
"""The unit that a money unit is taken for."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A figure of a payload: its field, sort, printed digits and unit."""

    field: str
    sort: Sort
    printed: str
    unit: str | None

    @property
    def value(self) -> Decimal:
        """The number."""
        return Decimal(self.printed)

    @property
    def shown(self) -> str:
        """The figure as people read it."""
        return f"{self.printed}{self.unit or ''}"


def slots(record_type: str, payload: Payload) -> tuple[Slot, ...]:
    """The figures that a payload states, in field order."""
    return tuple(_slots(record_type, payload))


def _slots(record_type: str, payload: Payload) -> Iterator[Slot]:
    for scored in scored_fields(record_type):
        value = payload.get(scored.name)
        if isinstance(value, dict):
            if value.get("value") is not None:
                yield Slot(scored.name, scored.sort, value["value"], value.get("unit"))
        elif scored.sort is Sort.NUMBER and isinstance(value, str):
            yield Slot(scored.name, scored.sort, value, payload.get(scored.unit_field) if scored.unit_field else None)


def with_digits(payload: Payload, slot: Slot, printed: str, *, wording: bool) -> Payload:
    """A payload that gives other digits for a figure; ``wording`` changes them in a quantity's phrase as well."""
    changed = copy.deepcopy(payload)
    value = changed[slot.field]
    if not isinstance(value, dict):
        changed[slot.field] = printed
        return changed
    value["value"] = printed
    if wording and slot.sort is Sort.QUANTITY:
        value["text"] = value["text"].replace(slot.printed, printed)
    return changed


def with_unit(payload: Payload, slot: Slot, unit: str) -> Payload:
    """A payload that gives another unit for a figure."""
    changed = copy.deepcopy(payload)
    if isinstance(changed[slot.field], dict):
        changed[slot.field]["unit"] = unit
    else:
        changed["unit"] = unit
    return changed


def misread(kind: FaultKind, printed: str, rng: random.Random) -> str | None:
    """Digits misread in one of the four ways; another number, without a needless 0 in front; None if there is none."""
    candidates = [c for c in dict.fromkeys(_WAYS[kind](printed)) if _differs(printed, c)]
    return rng.choice(candidates) if candidates else None


def _differs(printed: str, candidate: str) -> bool:
    whole, point, fraction = candidate.lstrip("-").partition(".")
    if not whole or (point and not fraction) or (len(whole) > 1 and whole.startswith("0")):
        return False
    return Decimal(candidate) != Decimal(printed)


def _changed(printed: str) -> Iterator[str]:
    for place, old in enumerate(printed):
        if old.isdigit():
            yield from (printed[:place] + new + printed[place + 1 :] for new in "0123456789" if new != old)


def _dropped(printed: str) -> Iterator[str]:
    for place, old in enumerate(printed):
        if old.isdigit():
            yield printed[:place] + printed[place + 1 :]


def _swapped(printed: str) -> Iterator[str]:
    places = [place for place, character in enumerate(printed) if character.isdigit()]
    for left, right in pairwise(places):
        digits = list(printed)
        digits[left], digits[right] = digits[right], digits[left]
        yield "".join(digits)


def _moved(printed: str) -> Iterator[str]:
    """The point moved by one or two places; of a whole number, one set in or zeros added."""
    sign, digits = ("-", printed[1:]) if printed.startswith("-") else ("", printed)
    whole, _, fraction = digits.partition(".")
    for step in (-2, -1, 1, 2):
        place = len(whole) + step
        everything = whole + fraction
        if place <= 0:
            everything, place = "0" * (1 - place) + everything, 1
        everything = everything.ljust(place, "0")
        left, right = everything[:place].lstrip("0") or "0", everything[place:]
        yield sign + left + (f".{right}" if right else "")


_WAYS: dict[FaultKind, Callable[[str], Iterator[str]]] = {
    FaultKind.DIGIT_CHANGED: _changed,
    FaultKind.DIGIT_DROPPED: _dropped,
    FaultKind.DIGITS_SWAPPED: _swapped,
    FaultKind.POINT_MOVED: _moved,
}
MISREADINGS = frozenset(_WAYS)
