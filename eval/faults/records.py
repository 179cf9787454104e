"""Fault injection: the ways in which a model states a record wrongly."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Sequence

from eval.faults.figures import MISREADINGS, UNITS, Slot, misread, slots, with_digits, with_unit
from eval.faults.kinds import OF_RECORDS, Fault, FaultKind, Payload, Stated
from eval.faults.oracle import as_read
from eval.items import scored_fields, show
from schemas.budget_facts import Measure
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES

INVENTED_NAMES = ("星河农贸市场改造项目", "智慧档案馆二期", "候鸟栖息地修复工程", "云上夜校建设经费", "北坡索道维修")
"""Names that no report states."""

_MONEY_MEASURES = tuple(
    str(m)
    for m in Measure
    if m not in {Measure.RATE, Measure.HEADCOUNT, Measure.ASSETS, Measure.CHANGE, Measure.ADJUSTMENT}
)


def plant(target: Stated, around: Sequence[Stated], rng: random.Random, kinds: Sequence[FaultKind]) -> Fault | None:
    """A fault in a record, of a kind drawn from those that it can have; None where it can have none of them.

    Args:
        target: the record to be stated wrongly.
        around: the records of its type that the same reply states, in reading order.
        rng: decides of kind, form, field and digits.
        kinds: the kinds to draw from.
    """
    candidates = [kind for kind in OF_RECORDS if kind in kinds]
    rng.shuffle(candidates)
    known = [s.record for s in around]
    for kind in candidates:
        fault = _PLANTS[kind](kind, target, around, rng)
        if fault is None:
            continue
        said = as_read(*fault.planted) if fault.planted and kind not in _SAME_CONTENT else None
        if said is None or said not in known:
            return fault
    return None


def _misread(kind: FaultKind, target: Stated, _: Sequence[Stated], rng: random.Random) -> Fault | None:
    found = list(slots(target.record_type, target.payload))
    rng.shuffle(found)
    for slot in found:
        printed = misread(kind, slot.printed, rng)
        if printed is not None:
            wording = slot.sort is Sort.QUANTITY and rng.random() < 0.5
            payload = with_digits(target.payload, slot, printed, wording=wording)
            form = "number and phrase" if wording else "number"
            return _changed(kind, form, target, slot, payload, f"{printed}{slot.unit or ''}")
    return None


def _unit(kind: FaultKind, target: Stated, _: Sequence[Stated], rng: random.Random) -> Fault | None:
    found = [s for s in slots(target.record_type, target.payload) if s.unit in UNITS]
    if not found:
        return None
    slot = rng.choice(found)
    unit = UNITS[slot.unit or ""]
    payload = with_unit(target.payload, slot, unit)
    return _changed(kind, f"{slot.unit} as {unit}", target, slot, payload, f"{slot.printed}{unit}")


def _neighbour_figure(kind: FaultKind, target: Stated, around: Sequence[Stated], rng: random.Random) -> Fault | None:
    """A figure of the record before or behind: the same field's, or another field's with the same unit."""
    found = list(slots(target.record_type, target.payload))
    rng.shuffle(found)
    for slot in found:
        for other in _next_to(target, around, rng):
            theirs = [s for s in slots(other.record_type, other.payload) if s.value != slot.value]
            same = [s for s in theirs if s.field == slot.field and s.unit == slot.unit]
            alike = same or [s for s in theirs if s.sort is slot.sort and s.unit == slot.unit]
            if alike:
                printed = alike[0].printed
                payload = with_digits(target.payload, slot, printed, wording=slot.sort is Sort.QUANTITY)
                form = "same field" if same else "another field"
                return _changed(kind, form, target, slot, payload, f"{printed}{slot.unit or ''}")
    return None


def _row_shift(kind: FaultKind, target: Stated, around: Sequence[Stated], rng: random.Random) -> Fault | None:
    """The record's words over the figures and the quote of the record before or behind."""
    for other in _next_to(target, around, rng):
        theirs = slots(other.record_type, other.payload)
        if not theirs or target.payload["quote"] == other.payload["quote"]:
            continue
        payload = copy.deepcopy(target.payload)
        payload["quote"] = other.payload["quote"]
        for scored in scored_fields(target.record_type):
            if scored.sort in {Sort.MONEY, Sort.QUANTITY, Sort.NUMBER}:
                payload[scored.name] = copy.deepcopy(other.payload[scored.name])
                if scored.unit_field:
                    payload[scored.unit_field] = other.payload[scored.unit_field]
        if slots(target.record_type, payload) != slots(target.record_type, target.payload):
            wrong = "、".join(s.shown for s in theirs)
            true = "、".join(s.shown for s in slots(target.record_type, target.payload))
            name = RECORD_TYPES[target.record_type].label_field
            planted = (target.record_type, payload)
            return Fault(kind, "figures and quote", target.chunk_id, target, name, true, wrong, (payload,), planted)
    return None


def _field_swap(kind: FaultKind, target: Stated, _: Sequence[Stated], rng: random.Random) -> Fault | None:
    """Two figures exchanged, or the only one under another field's name; of a budget fact, another measure."""
    if target.record_type == "budget_facts":
        return _measure_swap(kind, target, rng)
    found = slots(target.record_type, target.payload)
    pairs = [(a, b) for a in found for b in found if a.sort is b.sort and a.field < b.field and a.value != b.value]
    if pairs:
        one, other = rng.choice(pairs)
        payload = copy.deepcopy(target.payload)
        payload[one.field], payload[other.field] = payload[other.field], payload[one.field]
        return _changed(kind, f"with {other.field}", target, one, payload, other.shown)
    moves = [(slot, name) for slot in found for name in _empty(target, slot.sort)]
    if not moves:
        return None
    slot, name = rng.choice(moves)
    payload = copy.deepcopy(target.payload)
    payload[slot.field], payload[name] = None, payload[slot.field]
    return Fault(
        kind,
        f"moved to {name}",
        target.chunk_id,
        target,
        name,
        "",
        slot.shown,
        (payload,),
        (target.record_type, payload),
    )


def _measure_swap(kind: FaultKind, target: Stated, rng: random.Random) -> Fault | None:
    measure = target.payload["measure"]
    if measure not in _MONEY_MEASURES:
        return None
    other = rng.choice([m for m in _MONEY_MEASURES if m != measure])
    payload = {**target.payload, "measure": other}
    planted = (target.record_type, payload)
    return Fault(kind, "measure", target.chunk_id, target, "measure", measure, other, (payload,), planted)


def _field_filled(kind: FaultKind, target: Stated, _: Sequence[Stated], rng: random.Random) -> Fault | None:
    """A field that the report leaves empty, filled with a figure of another field of the record."""
    moves = [
        (slot, name)
        for slot in slots(target.record_type, target.payload)
        for name in _empty(target, slot.sort)
        if target.record_type != "budget_facts"
    ]
    if not moves:
        return None
    slot, name = rng.choice(moves)
    payload = copy.deepcopy(target.payload)
    payload[name] = copy.deepcopy(payload[slot.field])
    planted = (target.record_type, payload)
    return Fault(kind, f"{slot.field} again", target.chunk_id, target, name, "", slot.shown, (payload,), planted)


def _invented(kind: FaultKind, target: Stated, _: Sequence[Stated], rng: random.Random) -> Fault | None:
    """A record that the report does not state, behind the target: made up altogether, or under a quote that stands."""
    form = rng.choice(("all made up", "figures and words over a true quote", "words over true figures"))
    payload = copy.deepcopy(target.payload)
    name = rng.choice(INVENTED_NAMES)
    label = RECORD_TYPES[target.record_type].label_field
    payload[label] = [name] if isinstance(payload[label], list) else name
    if form != "words over true figures":
        for slot in slots(target.record_type, payload):
            payload = with_digits(payload, slot, str(rng.randrange(1_001, 99_999)), wording=True)
    if form == "all made up":
        payload["quote"] = f"{name}，" + "、".join(s.shown for s in slots(target.record_type, payload))
    planted = (target.record_type, payload)
    true, said = "", "、".join(s.shown for s in slots(target.record_type, payload)) or name
    return Fault(kind, form, target.chunk_id, target, label, true, said, (target.payload, payload), planted)


def _duplicated(kind: FaultKind, target: Stated, _: Sequence[Stated], __: random.Random) -> Fault | None:
    name = show(target.item.values.get(RECORD_TYPES[target.record_type].label_field))
    twice = (target.payload, target.payload)
    planted = (target.record_type, target.payload)
    return Fault(kind, "said twice", target.chunk_id, target, None, "once", f"twice: {name}", twice, planted)


def _dropped(kind: FaultKind, target: Stated, _: Sequence[Stated], __: random.Random) -> Fault | None:
    figures = "、".join(s.shown for s in slots(target.record_type, target.payload))
    form = "with figures" if figures else "without figures"
    return Fault(kind, form, target.chunk_id, target, None, figures or target.item.label[:20], "")


def _float(kind: FaultKind, target: Stated, _: Sequence[Stated], __: random.Random) -> Fault | None:
    """Every figure as a JSON number, as it comes out of a binary float."""
    found = slots(target.record_type, target.payload)
    payload = copy.deepcopy(target.payload)
    for slot in found:
        if isinstance(payload[slot.field], dict):
            payload[slot.field]["value"] = float(slot.printed)
        else:
            payload[slot.field] = float(slot.printed)
    if not found:
        return None
    slot = found[0]
    return _changed(kind, "all figures", target, slot, payload, repr(float(slot.printed)))


def _changed(kind: FaultKind, form: str, target: Stated, slot: Slot, payload: Payload, wrong: str) -> Fault:
    """A fault in one field."""
    planted = (target.record_type, payload)
    return Fault(kind, form, target.chunk_id, target, slot.field, slot.shown, wrong, (payload,), planted)


def _next_to(target: Stated, around: Sequence[Stated], rng: random.Random) -> Iterator[Stated]:
    """The records before and behind a record, in random order."""
    place = next(i for i, s in enumerate(around) if s is target)
    beside = [around[i] for i in (place - 1, place + 1) if 0 <= i < len(around)]
    rng.shuffle(beside)
    yield from beside


def _empty(target: Stated, sort: Sort) -> list[str]:
    """The fields of a sort that a record leaves empty."""
    return [f.name for f in scored_fields(target.record_type) if f.sort is sort and target.payload[f.name] is None]


_Plant = Callable[[FaultKind, Stated, Sequence[Stated], random.Random], Fault | None]
_PLANTS: dict[FaultKind, _Plant] = dict.fromkeys(MISREADINGS, _misread) | {
    FaultKind.UNIT_SWAPPED: _unit,
    FaultKind.NEIGHBOUR_FIGURE: _neighbour_figure,
    FaultKind.ROW_SHIFT: _row_shift,
    FaultKind.FIELD_SWAP: _field_swap,
    FaultKind.FIELD_FILLED: _field_filled,
    FaultKind.INVENTED: _invented,
    FaultKind.DUPLICATED: _duplicated,
    FaultKind.DROPPED: _dropped,
    FaultKind.FLOAT: _float,
}
_SAME_CONTENT = frozenset({FaultKind.DUPLICATED, FaultKind.FLOAT})
