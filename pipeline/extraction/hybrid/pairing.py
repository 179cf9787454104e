"""Extraction (hybrid): which record of the model is which of the offline reading, and on which fields the two agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz

from pipeline.flow import AgreementKind, Grounded
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES
from schemas.values import Money, Quantity, Span, squeeze

ALIKE = 90
"""Likeness of texts in percent from which on they say the same."""
_SAME_FIELD, _SAME_PLACE, _SAME_NAME = 4, 1, 3


@dataclass(frozen=True, slots=True)
class Pair:
    """The same record in both readings."""

    offline: Grounded
    model: Grounded

    def fields(self) -> dict[str, AgreementKind]:
        """How the readings stand to each other, for each field that one of them fills."""
        found = {}
        for info in RECORD_TYPES[self.offline.draft.record_type].fields:
            ours, theirs = getattr(self.offline.record, info.name), getattr(self.model.record, info.name)
            if ours is None and theirs is None:
                continue
            if ours is None or theirs is None:
                found[info.name] = AgreementKind.MODEL_ONLY if ours is None else AgreementKind.OFFLINE_ONLY
            else:
                found[info.name] = AgreementKind.AGREED if same(ours, theirs) else AgreementKind.DIFFERS
        return found


def pair(offline: Sequence[Grounded], model: Sequence[Grounded]) -> tuple[Pair, ...]:
    """Pairs of records of the same type, the likeliest first; no record is in two."""
    scored = [
        (score, -i, -j)
        for i, ours in enumerate(offline)
        for j, theirs in enumerate(model)
        if (score := _likeness(ours, theirs)) > 0
    ]
    pairs, used_offline, used_model = [], set(), set()
    for _, i, j in sorted(scored, reverse=True):
        if i not in used_offline and j not in used_model:
            used_offline.add(i)
            used_model.add(j)
            pairs.append(Pair(offline[-i], model[-j]))
    return tuple(pairs)


def _likeness(ours: Grounded, theirs: Grounded) -> int:
    """How much speaks for two records being the same; 0 where nothing does."""
    if ours.draft.record_type != theirs.draft.record_type:
        return 0
    record_type = RECORD_TYPES[ours.draft.record_type]
    if record_type.name == "reports":
        return int(ours.draft.report_id == theirs.draft.report_id)
    our_figures = {(x.field, x.span) for x in ours.literals}
    their_figures = {(x.field, x.span) for x in theirs.literals}
    score = _SAME_FIELD * len(our_figures & their_figures)
    score += _SAME_PLACE * len({s for _, s in our_figures} & {s for _, s in their_figures})
    names = [getattr(g.record, record_type.label_field) for g in (ours, theirs)]
    if None not in names and same(*names) and (score or _near(ours.quote_span, theirs.quote_span)):
        score += _SAME_NAME
    return score


def _near(one: Span, other: Span) -> bool:
    return one.start < other.stop and other.start < one.stop


def same(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same: figures by number and unit, texts by likeness."""
    if isinstance(one, Money) and isinstance(other, Money):
        return Decimal(one.value) == Decimal(other.value) and one.unit == other.unit
    if isinstance(one, Quantity) and isinstance(other, Quantity):
        if one.value is not None and other.value is not None:
            return Decimal(one.value) == Decimal(other.value)
        return _alike(one.text, other.text)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return bool(one) and bool(other) and _alike(str(one[-1]), str(other[-1]))
    if isinstance(one, str) and isinstance(other, str):
        return _alike(one, other)
    return bool(one == other)


def _alike(one: str, other: str) -> bool:
    ours, theirs = squeeze(one), squeeze(other)
    try:
        return Decimal(ours) == Decimal(theirs)
    except ArithmeticError:
        return fuzz.ratio(ours, theirs) >= ALIKE


def figures(grounded: Grounded) -> frozenset[str]:
    """The fields of a record that hold figures, or its name where it has none: what readings are compared by."""
    found = frozenset(x.field for x in grounded.literals)
    return found or frozenset({RECORD_TYPES[grounded.draft.record_type].label_field})


def is_words(record_type: str, field: str) -> bool:
    """Whether a field holds words, not figures."""
    info = next(f for f in RECORD_TYPES[record_type].fields if f.name == field)
    return info.sort in {Sort.TEXT, Sort.LABEL, Sort.DATE}
