"""Checking: tables of what is carried over: a row's 年初结转, what came in, what was spent, and 年末结转."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.checking.findings import Text, make
from pipeline.checking.grids import Grid, grid_of
from pipeline.checking.intervals import Outcome, check_sum
from pipeline.checking.scene import Figure, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.flow import Finding
from schemas.columns import column_role
from schemas.relations import FindingKind

_ROLES = ("carried_out", "carried_in", "received", "executed")
_BASES = ("received", "full_year_budget", "initial_budget")
_MOST, _MOSTLY = 5, 3
"""The relation is the table's where it holds in three of five of its rows, and in two at least."""
_FEWEST = 2


class Flow(NamedTuple):
    """A row's figures, what is left first, and what arithmetic says."""

    label: str
    figures: tuple[Figure, ...]
    outcome: Outcome


def check_table_flows(scene: Scene) -> Iterator[Finding]:
    """年初结转＋收入－支出 = 年末结转 (部门决算 form 01, 财政部) in each row of a table that has one column of each, or
    到位－支出 = 结余 in one without what was carried in.

    Precondition: the relation holds in most of the table's rows.
    """
    for table in scene.layout.tables:
        grid = grid_of(scene, table)
        if grid is None:
            continue
        for relation in _relations(grid):
            flows = list(_flows(grid, relation))
            holding = sum(not f.outcome.broken for f in flows)
            if holding >= _FEWEST and holding * _MOST >= len(flows) * _MOSTLY:
                for flow in flows:
                    if flow.outcome.broken and flow.outcome.computed is not None:
                        yield _finding(scene, flow)
                break


def _relations(grid: Grid) -> Iterator[tuple[int, ...]]:
    """The columns of a flow, what is left first: all four of them, or what is left of one column of money after another."""
    places = {role: [c.place for c in grid.columns if column_role(c.label) == role] for role in (*_ROLES, *_BASES)}
    if all(len(places[role]) == 1 for role in _ROLES):
        yield tuple(places[role][0] for role in _ROLES)
    if len(places["carried_out"]) == len(places["executed"]) == 1 and not places["carried_in"]:
        for base in (place for role in _BASES for place in places[role]):
            yield places["carried_out"][0], base, places["executed"][0]


def _flows(grid: Grid, columns: tuple[int, ...]) -> Iterator[Flow]:
    signs = [1] * (len(columns) - _FEWEST) + [-1]
    for line in grid.lines:
        if line is None:
            continue
        values = [line.values.get(place) for place in columns]
        figures = tuple(v for v in values if isinstance(v, Figure))
        if len(figures) == len(columns) and commensurable(figures):
            left, *moved = figures
            yield Flow(line.label, figures, check_sum(left.interval, [f.interval for f in moved], signs))


def _finding(scene: Scene, flow: Flow) -> Finding:
    left, *came, spent = flow.figures
    formula = f"{'＋'.join(digits(f) for f in came)}－{digits(spent)}"
    assert flow.outcome.computed is not None
    computed, gap = in_unit(left, flow.outcome.computed), in_unit(left, flow.outcome.needed)
    return make(
        FindingKind.DIFFERENCE,
        "tables.flow",
        scene.layout.report_at(left.span.start) if scene.layout.segments else None,
        Text(
            f"“{flow.label}”：{formula}＝{computed}，印为{printed(left)}，相差{gap}",
            f"{flow.label}: {formula} = {computed}, but {digits(left)} is left; off by {gap}",
        ),
        stated=printed(left),
        computed=computed,
        slack=slack_in(left, flow.outcome.allowed),
        literals=[
            scene.in_record(left, "stated"),
            *(scene.in_record(f, role) for f, role in zip(came, ("start", "in")[-len(came) :], strict=True)),
            scene.in_record(spent, "spent"),
        ],
    )
