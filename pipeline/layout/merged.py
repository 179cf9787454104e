"""Layout: rows that are shorter than their header, because the cells at their left are merged with those above."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.flow import View
from pipeline.layout.dashes import DASHES
from pipeline.layout.tabbed import RawRow
from pipeline.numerals import whole_numeral
from schemas.columns import column_role, is_total

_EMPTY = View("", ())
_VALUES = frozenset(
    {"weight", "score", "score_rate", "initial_budget", "full_year_budget", "executed", "execution_rate", "amount"}
)
_MARKS = frozenset({"weight", "score"})
_UNITS_OF_MARKS = frozenset({None, "分", "%", "％"})
_NAMES = frozenset({"level1", "level2", "level3", "level4", "name", "reason"})


def column_roles(headers: Sequence[tuple[str, ...]]) -> list[str | None]:
    """What each column holds, by the lowest label of its header."""
    return [column_role(path[-1]) if path else None for path in headers]


def set_right(row: RawRow, roles: Sequence[str | None]) -> RawRow:
    """The row with empty cells before it where it fits its header better from the right.

    Cells that are merged downwards are missing in the rows below, always at the left, while empty ones may be missing at the
    right too; those of a total row are merged across, so that they are missing behind its label. A row that fits as well from the
    left is left as it is, but for a row of a goal and what became of it below a merged label.
    """
    missing = len(roles) - len(row)
    if missing <= 0:
        return row
    if row and is_total(row[0].text):
        merged = max(range(missing + 1), key=lambda n: (_fit(row[1:], roles[1 + n :]), -n))
        return [row[0], *[_EMPTY] * merged, *row[1:]]
    left, right = _fit(row, roles), _fit(row, roles[missing:])
    between = max(range(1, missing), key=lambda n: _fit(row, roles[n:]), default=0)
    if between and _fit(row, roles[between:]) > max(left, right):
        return [_EMPTY] * between + row
    goals = len(row) == 2 and list(roles[-2:]) == ["goal", "done"]
    return [_EMPTY] * missing + row if right > left or (goals and right == left) else row


def _fit(row: RawRow, roles: Sequence[str | None]) -> int:
    """How many cells hold what their column is for, less those that hold words for a figure or a figure for a name."""
    return sum(_agrees(cell, role) for cell, role in zip(row, roles, strict=False))


def _agrees(cell: View, role: str | None) -> int:
    if not cell.text or role is None:
        return 0
    numeral = whole_numeral(cell.text)
    value = cell.text in DASHES or numeral is not None
    if role in _VALUES:
        fits = value and (role not in _MARKS or numeral is None or numeral.unit in _UNITS_OF_MARKS)
        return 1 if fits else -1
    return -1 if role in _NAMES and value and cell.text not in DASHES else 0
