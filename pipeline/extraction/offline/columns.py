"""Extraction, offline: a table by its columns: what each holds, in what unit, of what year, and its rows' labels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.flow import Cell, Row, Table, View
from pipeline.layout.dashes import DASHES
from pipeline.layout.grid import unit_in
from pipeline.numerals import Numeral, whole_numeral
from schemas.columns import bare_header, column_role, is_total
from schemas.values import Money, plain_number

if TYPE_CHECKING:
    from pipeline.extraction.offline.context import Places

_YEAR = re.compile(r"((?:199|20\d)\d)\s?年")
_OF_YEAR = re.compile(r"((?:199|20\d)\d)年(?:度)?(?P<label>\D{2,})")
_REVIEWED = re.compile(r"复核|复评|核定|核实|认定|再评")
_REVIEWED_ROLES = ("score", "actual", "score_rate")
_YEAR_BEFORE = re.compile(r"^(?:上年|上一年|去年)(?!末?结[转余])")
_MARK = re.compile(
    r"^(?:其中[：:]?|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}(?:\.\d{1,2})*[.．、]?(?!\d)|[①-⑳])\s*"
)

LEVELS = ("level1", "level2", "level3", "level4")


@dataclass(frozen=True)
class Columns:
    """A table with the roles of its columns."""

    table: Table

    @cached_property
    def width(self) -> int:
        """The number of columns."""
        return max((len(r.cells) for r in self.table.rows), default=0)

    @cached_property
    def full_rows(self) -> tuple[Row, ...]:
        """The body rows without merged cells and totals: those that have a cell in every column of the header."""
        whole = tuple(r for r in self.table.body if len(r.cells) == len(self.headers) and not is_total_row(r))
        return whole or self.table.body

    @cached_property
    def headers(self) -> tuple[tuple[str, ...], ...]:
        """The labels above each column, from the top; empty for a table without a header."""
        known = max(self.table.body, key=lambda r: sum(1 for c in r.cells if c.header), default=None)
        if known is None or not any(c.header for c in known.cells):
            return ((),) * self.width
        return tuple(c.header for c in known.cells)

    @cached_property
    def roles(self) -> tuple[str | None, ...]:
        """The role of each column: that of its lowest label which has one.

        A column without a filled cell (the merged cell that names the whole table) has none. Columns that share one
        level label are the levels that end in it: 评价内容 over three columns is level1, level2, level3. Of two columns
        called 分值 the second holds the marks given.
        """
        roles = self._roles_without_year([_role(header) for header in self.headers])
        for column in range(len(roles)):
            if all(self.at(row, column) is None for row in self.full_rows):
                roles[column] = None
        if roles.count("weight") == 2 and "score" not in roles:
            roles[len(roles) - 1 - roles[::-1].index("weight")] = "score"
        _keep_reviewed(roles, self.headers)
        column = 0
        while column < len(roles):
            run = column + 1
            while run < len(roles) and roles[run] in LEVELS and self.headers[run] == self.headers[column]:
                run += 1
            if run - column > 1 and roles[column] in LEVELS:
                deepest = LEVELS.index(roles[column])
                for offset in range(run - column):
                    depth = deepest - (run - column - 1) + offset
                    roles[column + offset] = LEVELS[depth] if depth >= 0 else None
            column = run
        return tuple(roles)

    def _roles_without_year(self, roles: list[str | None]) -> list[str | None]:
        """The roles of labels behind a year (2023年完成值): of those without one of their own, and where all labels are of
        one year, of those that are only called by it (2023年预算, 2023年已支付)."""
        named = [_OF_YEAR.match(bare_header(header[-1])) if header else None for header in self.headers]
        one = len({match[1] for match in named if match}) == 1 and sum(match is not None for match in named) > 1
        return [
            (column_role(match["label"]) or role) if match and (role is None or (one and role == "year")) else role
            for match, role in zip(named, roles, strict=True)
        ]

    def tells(self, role: str) -> bool:
        """Whether the column of a role tells what was reached: one of remarks (备注, 说明) does not."""
        if role not in self.roles:
            return False
        return role != "status" or re.search(r"完成|进展|实施|执行", self.label(self.roles.index(role))) is not None

    def has(self, *roles: str) -> bool:
        """Whether all of the roles are there."""
        return all(role in self.roles for role in roles)

    def any(self, *roles: str) -> bool:
        """Whether one of the roles is there."""
        return any(role in self.roles for role in roles)

    def cell(self, row: Row, role: str) -> Cell | None:
        """The row's cell in the column of a role; None where it is missing, empty or a dash."""
        if role not in self.roles:
            return None
        return self.at(row, self.roles.index(role))

    @staticmethod
    def at(row: Row, column: int) -> Cell | None:
        """The row's cell in a column; None where it is missing, empty or a dash."""
        if column >= len(row.cells):
            return None
        cell = row.cells[column]
        text = cell.text.strip()
        return cell if text and text not in DASHES else None

    def unit(self, column: int) -> str | None:
        """The money unit that a column's header or the table declares."""
        declared = next((u for h in reversed(self.headers[column]) if (u := unit_in(h))), None)
        return declared or self.table.unit or self._common_unit

    @cached_property
    def _common_unit(self) -> str | None:
        """The unit that all columns with a unit in their headers share: a difference beside them is in it too."""
        units = {u for header in self.headers for h in header if (u := unit_in(h))}
        return units.pop() if len(units) == 1 else None

    def year(self, column: int) -> int | None:
        """The year that a column's header names."""
        found = next((m for h in reversed(self.headers[column]) if (m := _YEAR.search(h))), None)
        return int(found[1]) if found else None

    def of_year_before(self, column: int) -> bool:
        """Whether a column's header says that its figures are last year's (上年决算数)."""
        return bool(self.headers[column]) and _YEAR_BEFORE.match(bare_header(self.headers[column][-1])) is not None

    def label(self, column: int) -> str:
        """A column's lowest header label, without its unit."""
        return bare_header(self.headers[column][-1]) if self.headers[column] else ""

    def money(self, places: Places, name: str, cell: Cell, column: int) -> Money | None:
        """The cell's amount, None where it holds anything but one number."""
        numeral = whole_numeral(cell.text)
        return places.money(name, cell.view, numeral, self.unit(column)) if numeral else None

    def body(self) -> Iterator[tuple[Row, dict[str, str]]]:
        """The body rows, each with the level names in force: a merged cell's name is carried down its rows."""
        carried: dict[str, str] = {}
        for row in self.table.body:
            for depth, level in enumerate(LEVELS):
                cell = self.cell(row, level)
                if cell is not None:
                    carried[level] = cell.text
                    for deeper in LEVELS[depth + 1 :]:
                        if deeper in self.roles:
                            carried.pop(deeper, None)
            yield row, dict(carried)


def _role(header: tuple[str, ...]) -> str | None:
    """The role of a column's lowest label that has one; 其中 above a label says nothing."""
    for depth, label in enumerate(reversed(header)):
        role = column_role(label)
        if role and not (depth and role == "ignored"):
            return role
    return None


def number(cell: Cell | None) -> Numeral | None:
    """The number that a cell is, None for anything else."""
    return whole_numeral(cell.text) if cell is not None else None


def count_of(cell: Cell | None) -> Numeral | None:
    """The number of people or papers that a cell is, None for anything else: 41.19 counts nobody."""
    found = number(cell)
    return found if found is not None and found.value >= 0 and not found.value % 1 else None


def unmarked(label: str) -> str:
    """A row's label without list marks, 其中 and inner spaces."""
    text = re.sub(r"\s+", "", label)
    while (match := _MARK.match(text)) and match.end() < len(text):
        text = text[match.end() :]
    return text.rstrip("：:")


def is_total_row(row: Row) -> bool:
    """Whether one of the row's first labels says that it is a total."""
    return any(is_total(c.text) for c in row.cells[:3] if c.text and whole_numeral(c.text) is None)


def plain(view: View, numeral: Numeral) -> str:
    """The number as printed, without separators."""
    return str(plain_number(view.text[numeral.start : numeral.stop]))


def _keep_reviewed(roles: list[str | None], headers: Sequence[tuple[str, ...]]) -> None:
    """Of columns with what a department says of itself and what a review found, the latter alone keeps the role."""
    for role in _REVIEWED_ROLES:
        places = [i for i, r in enumerate(roles) if r == role]
        reviewed = [i for i in places if headers[i] and _REVIEWED.search(headers[i][-1])]
        if len(reviewed) == 1:
            for place in places:
                roles[place] = role if place in reviewed else "ignored"
