"""Extraction, offline: a table by its columns: what each holds, in what unit, of what year, and its rows' labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.extraction.offline.context import Places
from pipeline.flow import Cell, Row, Table, View
from pipeline.layout.grid import DASHES, unit_in
from pipeline.numerals import Numeral, whole_numeral
from schemas.columns import bare_header, column_role, is_total
from schemas.values import Money, plain_number

_YEAR = re.compile(r"((?:19|20)\d{2})\s?年")
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
    def headers(self) -> tuple[tuple[str, ...], ...]:
        """The labels above each column, from the top; empty for a table without a header."""
        widest = max(self.table.body, key=lambda r: len(r.cells), default=None)
        if widest is None or not self.table.header_rows:
            return ((),) * self.width
        return tuple(c.header for c in widest.cells)

    @cached_property
    def roles(self) -> tuple[str | None, ...]:
        """The role of each column: that of its lowest label which has one."""
        return tuple(next((r for h in reversed(header) if (r := column_role(h))), None) for header in self.headers)

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
        return cell if cell.text.strip() and cell.text.strip() not in DASHES else None

    def unit(self, column: int) -> str | None:
        """The money unit that a column's header or the table declares."""
        declared = next((u for h in reversed(self.headers[column]) if (u := unit_in(h))), None)
        return declared or self.table.unit

    def year(self, column: int) -> int | None:
        """The year that a column's header names."""
        found = next((m for h in reversed(self.headers[column]) if (m := _YEAR.search(h))), None)
        return int(found[1]) if found else None

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
                        if not self._same_group(row, deeper):
                            carried.pop(deeper, None)
            yield row, dict(carried)

    def _same_group(self, row: Row, level: str) -> bool:
        return level not in self.roles


def number(cell: Cell | None) -> Numeral | None:
    """The number that a cell is, None for anything else."""
    return whole_numeral(cell.text) if cell is not None else None


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
