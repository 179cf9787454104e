"""Checking: a stated number of projects (资金共安排8个子项目) against the table that lists them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.checking.findings import Text, make
from pipeline.checking.grids import Grid, Line, grid_of
from pipeline.checking.intervals import check_sum
from pipeline.checking.passages import Passage, literal_in, passages, plays, told
from pipeline.checking.scene import Figure, Scene, commensurable
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, Table
from schemas.columns import column_role
from schemas.relations import FindingKind

_FEWEST = 3
_NEAR = 2
"""By how many the number may be off that is taken for the table's."""


def check_table_counts(scene: Scene) -> Iterator[Finding]:
    """“预算安排5260万元。…共安排8个子项目。” against a table whose seven rows make 5260.

    Precondition: the table names a project a row, numbered from 1 without a gap, and its rows make up its total row; that
    total stands in the paragraph of the number, and no other number of projects does.
    """
    for table in scene.layout.tables:
        grid = grid_of(scene, table)
        listed = _listed(table, grid) if grid is not None else None
        if listed is not None:
            yield from _check(scene, *listed)


def _listed(table: Table, grid: Grid) -> tuple[int, list[Figure]] | None:
    """How many projects a table lists, and the totals that its rows make; None where it may list others besides."""
    names = any(
        column_role(h) == "name" for cell in table.rows[0].cells for h in (cell.text.strip(), *cell.header[-1:])
    )
    body = [[cell.text.strip() for cell in row.cells] for row in table.body if any(c.text.strip() for c in row.cells)]
    numbers = [row[0] for row in body[:-1]]
    if not names or len(numbers) < _FEWEST or numbers != [str(n) for n in range(1, len(numbers) + 1)]:
        return None
    *rows, total = grid.lines
    if total is None or not total.is_total or len(rows) != len(numbers):
        return None
    made = [f for place, f in total.values.items() if isinstance(f, Figure) and _makes(f, place, rows)]
    return (len(numbers), made) if made else None


def _makes(total: Figure, place: int, rows: Sequence[Line | None]) -> bool:
    values = [row.values.get(place) if row is not None else None for row in rows]
    figures = [v for v in values if isinstance(v, Figure)]
    return total.exponent is not None and check_sum(total.interval, [f.interval for f in figures]).holds


def _check(scene: Scene, count: int, totals: Sequence[Figure]) -> Iterator[Finding]:
    for passage in passages(scene, words().project_count):
        stated = list(words().project_count.finditer(passage.text))
        if len(stated) != 1 or not _names_total(scene, passage, totals):
            continue
        name = "a" if stated[0]["a"] else "b"
        number = int(stated[0][name])
        if number == count or abs(number - count) > _NEAR:
            continue
        yield make(
            FindingKind.COUNT,
            "tables.projects",
            passage.report,
            Text(f"称项目{number}个，表中列{count}个", f"{number} projects are announced, the table lists {count}"),
            stated=str(number),
            computed=str(count),
            literals=[
                literal_in(scene, passage, "stated", *stated[0].span(name)),
                *plays(scene, [("total", totals[0])]),
            ],
        )


def _names_total(scene: Scene, passage: Passage, totals: Sequence[Figure]) -> bool:
    told_here = [n.figure for n in told(scene, passage, 0, len(passage.text)) if n.is_money]
    return any(commensurable([f, t]) and f.interval.meets(t.interval) for f in told_here for t in totals)
