"""Fault injection: what was kept of a document, compared with what should have been said, place by place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from eval.comparing import compare
from eval.faults.kinds import Stated
from eval.items import Item, figure_of, scored_fields, show
from eval.predicted import from_result
from pipeline.flow import Decision
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES
from schemas.values import squeeze

IDENTITY = {"budget_facts": ("path", "measure", "year", "org")}
"""Fields that say what a record's figures are about, where it is more than the field that names the record."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a kept record that is not what should have been said; both as people read them."""

    field: str
    true: str
    kept: str
    figure: bool


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A kept record, the stated one whose place it has (None: it has no right to be there), and how they differ.

    ``figures`` counts its figures, ``wrong_figures`` those that are wrong: another number or unit than the place states,
    in a field that the place leaves empty, or under another name, measure or year.
    """

    decision: Decision
    truth: Stated | None
    differences: tuple[Difference, ...]
    figures: int
    wrong_figures: int

    @property
    def right(self) -> bool:
        """Whether it is what should have been said."""
        return self.truth is not None and not self.differences


def audit(decisions: Sequence[Decision], stated: Sequence[Stated]) -> tuple[Kept, ...]:
    """Pairs each kept record with the stated record of its place, and compares the two.

    A place is a record type, a chunk and a quote. Where several records share one, those are paired that differ least.
    """
    places: dict[tuple[str, ...], tuple[list[Decision], list[Stated]]] = defaultdict(lambda: ([], []))
    for decision in decisions:
        draft = decision.grounded.draft
        places[draft.record_type, draft.chunk_id, squeeze(draft.record.quote)][0].append(decision)
    for s in stated:
        places[s.record_type, s.chunk_id, squeeze(s.record.quote)][1].append(s)
    return tuple(kept for found, truths in places.values() for kept in _paired(found, truths))


def _paired(decisions: Sequence[Decision], truths: Sequence[Stated]) -> Iterator[Kept]:
    """The records of one place."""
    items = from_result("", "", decisions, (), ()).records
    said = [_said(s) for s in truths]
    partner: dict[int, int] = {}
    if decisions and truths:
        cost = np.array([[_distance(t, i) for t in said] for i in items])
        partner = dict(zip(*(x.tolist() for x in linear_sum_assignment(cost)), strict=True))
    for n, (decision, item) in enumerate(zip(decisions, items, strict=True)):
        truth = partner.get(n)
        yield _kept(decision, item, None if truth is None else truths[truth], None if truth is None else said[truth])


def _said(stated: Stated) -> Item:
    """A stated record as an item; figures that it leaves out are no part of it."""
    values = {name: value for name, value in stated.item.values.items() if name not in stated.left_out}
    return Item(stated.record_type, stated.item.report_id, values, stated.record.quote, stated.span)


def _kept(decision: Decision, item: Item, truth: Stated | None, said: Item | None) -> Kept:
    figures = [f.name for f in scored_fields(item.record_type) if figure_of(f, item.values)]
    if said is None:
        return Kept(decision, None, (), len(figures), len(figures))
    found = tuple(_differences(said, item))
    identity = (*IDENTITY.get(item.record_type, ()), RECORD_TYPES[item.record_type].label_field)
    misnamed = any(d.field in identity for d in found)
    wrong = len(figures) if misnamed else sum(d.figure and d.field in figures for d in found)
    return Kept(decision, truth, found, len(figures), wrong)


def _differences(truth: Item, item: Item) -> Iterator[Difference]:
    for scored in scored_fields(item.record_type):
        name = scored.name
        if name not in truth.values and name not in item.values:
            continue
        figure = scored.sort in {Sort.MONEY, Sort.QUANTITY, Sort.NUMBER}
        if name in truth.values and name in item.values:
            compared = compare(scored, truth, item)
            if compared.kind is None:
                continue
            figure = compared.figure_right is False
        yield Difference(name, _shown(truth, name), _shown(item, name), figure)


def _shown(item: Item, name: str) -> str:
    unit = item.values.get("unit") if name == "value" else None
    return show(item.values.get(name)) + (str(unit) if unit else "")


def _distance(truth: Item, item: Item) -> int:
    """How much two records differ; a figure weighs more than all words."""
    return sum(100 if d.figure else 1 for d in _differences(truth, item))
