"""The charts of a report page: rows of bars, each row with its name and figures as text beside the drawing.

A row is drawn in a box ``WIDTH`` wide. The text stands in the page and not in the drawing, so that it stays readable on a
phone and is read out; the drawing repeats it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schemas.columns import is_total

WIDTH = 1000
"""Units of a row's drawing from left to right."""

MOST_RATE = Decimal(125)
"""Rates beyond so many percent are drawn as that; the text beside them says the true one."""

MOST_PROJECTS = 40
"""Projects that a chart shows, the least executed first; a row below says how many more there are."""

STEPS = (("initial_budget", 1), ("carried_in", 1), ("supplementary", 1), ("adjustment", 1), ("reduction", -1))
"""What a full-year budget is built up from, with the sign that each part has in it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart.

    ``name`` is text of the report, or in a bridge and where ``style`` is ``none`` a key of the labels. The bar reaches
    from ``start`` to ``stop``; ``behind`` is the end of a paler bar behind it, ``mark`` the place of a stroke. ``values``
    are the figures to be printed beside it.
    """

    name: str
    style: str
    start: int
    stop: int
    values: Mapping[str, Any]
    behind: int | None = None
    mark: int | None = None


def bridge(parts: Mapping[str, Decimal], budget: Decimal | None, executed: Decimal | None) -> tuple[Bar, ...]:
    """From the initial to the full-year budget to what was spent, in yuan; empty where no full-year budget is stated.

    What was carried in is left out where the initial budget holds it already. What the parts do not explain is a row of its
    own, never spread over the others.
    """
    if budget is None or budget <= 0:
        return ()
    steps = [(name, sign * parts[name]) for name, sign in STEPS if parts.get(name)]
    if sum(amount for _, amount in steps) - budget == parts.get("carried_in", Decimal(0)):
        steps = [step for step in steps if step[0] != "carried_in"]
    if not parts.get("initial_budget"):
        steps = []
    total = sum((amount for _, amount in steps), start=Decimal(0))
    if steps and total != budget:
        steps.append(("unexplained", budget - total))
    levels = [budget, executed or Decimal(0)]
    at = Decimal(0)
    for _, amount in steps:
        at += amount
        levels.append(at)
    most = max(levels)
    rows, at = [], Decimal(0)
    for name, amount in steps:
        low, high = sorted((at, at + amount))
        style = "odd" if name == "unexplained" else "plus" if amount >= 0 else "minus"
        rows.append(Bar(name, style, _x(max(low, Decimal(0)), most), _x(high, most), {"yuan": amount}))
        at += amount
    rows.append(Bar("full_year_budget", "whole", 0, _x(budget, most), {"yuan": budget}))
    if executed is not None:
        rows.append(Bar("executed", "spent", 0, _x(executed, most), {"yuan": executed}))
        low, high = sorted((budget, executed))
        rows.append(
            Bar(
                "unspent" if executed <= budget else "overspent",
                "minus" if executed <= budget else "odd",
                _x(low, most),
                _x(high, most),
                {"yuan": high - low},
            )
        )
    return tuple(rows)


def project_bars(projects: Sequence[Mapping[str, Any]]) -> tuple[Bar, ...]:
    """A row per project: the recomputed rate of execution as a bar, the stated one as a stroke."""
    rows = []
    for project in projects[:MOST_PROJECTS]:
        recomputed, stated = project["recomputed_rate"], project["stated_rate"]
        style = "odd" if project["status"] == "flagged" else "spent"
        stop = 0 if recomputed is None else _x(recomputed, MOST_RATE)
        mark = None if stated is None else _x(stated, MOST_RATE)
        whole = _x(Decimal(100), MOST_RATE)
        rows.append(Bar(project["project"], style, 0, stop, project, whole, mark))
    if len(projects) > MOST_PROJECTS:
        rows.append(Bar("more_projects", "none", 0, 0, {"count": len(projects) - MOST_PROJECTS}))
    return tuple(rows)


def score_bars(lines: Sequence[Mapping[str, Any]]) -> tuple[Bar, ...]:
    """A row per first-level indicator: its full marks behind, the marks given in front. Of a name that several summaries
    have, the first line is shown; totals are left out."""
    first: dict[str, Mapping[str, Any]] = {}
    for line in lines:
        if not is_total(line["name"]) and "总分" not in line["name"]:
            first.setdefault(line["name"], line)
    most = max((line["weight"] for line in first.values()), default=Decimal(1))
    most = max([most, *(line["score"] for line in first.values())])
    return tuple(
        Bar(
            name,
            "odd" if line["status"] == "flagged" else "spent",
            0,
            _x(line["score"], most),
            line,
            _x(line["weight"], most),
        )
        for name, line in first.items()
    )


def _x(value: Decimal, most: Decimal) -> int:
    """A place on the row: ``most`` is at its right end, and nothing is drawn beyond it."""
    return int(min(max(value, Decimal(0)), most) * WIDTH / most)
