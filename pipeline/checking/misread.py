"""Checking: a project's row that shows by its own numbers that one of them was filed under the wrong heading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.checking.intervals import check_sum, follows, interval
from pipeline.numerals import find_numerals
from schemas.units import money_exponent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.checking.scene import Figure, Item, Scene

_INITIAL, _FULL = "initial_budget", "full_year_budget"


def without_adjustment(scene: Scene, item: Item) -> Item:
    """A project without a full-year budget that is but what the initial one was adjusted by.

    A column 调整预算 may hold either. It is the adjustment where both together make a number of the same row that no field
    holds.
    """
    figures = item.figures
    initial, full = figures.get(_INITIAL), figures.get(_FULL)
    if initial is None or full is None or initial.exponent != full.exponent or _is_borne_out(figures):
        return item
    row = scene.places.row_span(full.span.start)
    if row is None or not row.start <= initial.span.start < row.stop:
        return item
    held = {f.span.start for f in figures.values()}
    for numeral in find_numerals(scene.document.text, row.start, row.stop):
        if numeral.start in held or (numeral.unit is not None and money_exponent(numeral.unit) != full.exponent):
            continue
        made = interval(numeral.value, numeral.decimals, full.exponent or 0)
        if not made.meets(full.interval) and check_sum(made, [initial.interval, full.interval]).holds:
            return item._replace(figures={n: f for n, f in figures.items() if n != _FULL})
    return item


def _is_borne_out(figures: Mapping[str, Figure]) -> bool:
    """Whether the row's rate follows from what was spent of its full-year budget."""
    rate, spent = figures.get("execution_rate"), figures.get("executed")
    return rate is not None and spent is not None and follows(rate.interval, spent.interval, figures[_FULL].interval)
