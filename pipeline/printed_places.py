"""Grounding: every number that a document prints, where it stands and what its column, row and caption say of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import NamedTuple

from pipeline.flow import Block, BlockKind, Layout, Row, Table, View
from pipeline.layout.dashes import DASHES
from pipeline.layout.grid import unit_declared
from pipeline.numerals import Numeral
from schemas.columns import column_role
from schemas.values import Span, UnitSource, from_parts, squeeze

_WORDS_BEFORE, _WORDS_AFTER = 30, 12
_WORD = re.compile(r"[\u4e00-\u9fff]")
_STOP = re.compile("[。；！？]")
_UNIT = re.compile("单位[:：]")
_MARK_END = re.compile(r"[)）]?[、.．)）]\s*[“《\u4e00-\u9fff]")
_TIMES = frozenset("*＊×÷")
_LONGEST_MARK = 3
"""Characters at most before the digits of a mark."""
_LONGEST_LINE = 200
"""Characters of the longest line of a table that could not be rebuilt."""


class Column(NamedTuple):
    """What the column of a cell says of its figures: ``declared`` is the unit of its header or of the table's caption with
    its place and source, ``role`` its role, None where several columns have the same header; ``header`` holds the labels
    above it. Of a line of a table that could not be rebuilt nobody knows the columns: ``lost`` holds the words of all."""

    declared: tuple[str, Span | None, UnitSource] | None = None
    role: str | None = None
    header: tuple[str, ...] = ()
    lost: str = ""


PROSE = Column()
"""The column of a figure that stands in none."""


class Place(NamedTuple):
    """A numeral of the text where it stands: its span, and the view of the block or cell that it was found in.

    ``since`` is where, in that view, the words that may be said of it begin; ``row`` is the words in the cell closest
    before it, in a table.
    """

    span: Span
    numeral: Numeral
    view: View
    since: int = 0
    column: Column = PROSE
    row: str = ""

    @property
    def value(self) -> Decimal:
        """Its value."""
        return self.numeral.value

    @property
    def unit(self) -> str | None:
        """The unit printed with it."""
        return self.numeral.unit

    @property
    def unit_span(self) -> Span | None:
        """The place of the unit printed with it."""
        place = self.numeral.unit_place
        return self.view.span(*place) if place else None

    @property
    def declared(self) -> tuple[str, Span | None, UnitSource] | None:
        """The unit that its column's header or its table's caption declares for it, with its place and source."""
        return self.column.declared

    @property
    def role(self) -> str | None:
        """Its column's role."""
        return self.column.role

    @property
    def header(self) -> tuple[str, ...]:
        """The labels above its column."""
        return self.column.header

    @property
    def is_mark(self) -> bool:
        """Whether it is the mark of the item or label that it begins (2、因公出国费, （1）…), and no figure."""
        numeral = self.numeral
        if (
            numeral.start > _LONGEST_MARK
            or numeral.decimals
            or numeral.unit
            or self.view.text[: numeral.start].strip("（( \n")
        ):
            return False
        return _MARK_END.match(self.view.text, numeral.stop) is not None

    @property
    def is_factor(self) -> bool:
        """Whether it is multiplied or divided with what stands beside it (得分=90%*2=1.8), and no result."""
        text, numeral = self.view.text, self.numeral
        return (
            text[max(numeral.start - 1, 0) : numeral.start] in _TIMES
            or text[numeral.unit_stop : numeral.unit_stop + 1] in _TIMES
        )

    @property
    def before(self) -> str:
        """The words right before it."""
        return self.view.text[max(self.since, self.numeral.start - _WORDS_BEFORE) : self.numeral.start]

    @property
    def following(self) -> str:
        """The characters right behind its digits."""
        return squeeze(self.view.text[self.numeral.stop : self.numeral.stop + _WORDS_AFTER])


def places_of(layout: Layout) -> Iterator[Place]:
    """Every printed number, part by part."""
    lines = _LostLines()
    for part in layout.parts:
        if isinstance(part, Block):
            yield from _block_places(part, lines.column(part))
        else:
            lines.follow(part)
            yield from _table_places(part)


class _LostLines:
    """What holds for the lines of a table that could not be rebuilt: those under a line of its unit (单位：万元) and its
    header, and those behind the rows of it that could, up to a heading or prose."""

    def __init__(self) -> None:
        self._column = PROSE
        self._in_header = False

    def follow(self, table: Table) -> None:
        """Takes what a table declares for the lines behind it."""
        if table.unit:
            labels = "".join(c.text for row in table.rows[: table.header_rows] for c in row.cells)
            self._column = Column((table.unit, table.unit_span, UnitSource.CAPTION), lost=squeeze(labels))
        else:
            self._column = PROSE
        self._in_header = not table.header_rows

    def column(self, block: Block) -> Column:
        """What is declared for a line, nothing for prose."""
        text = block.text
        if block.kind is BlockKind.HEADING or len(text) > _LONGEST_LINE or _STOP.search(text):
            self._column = PROSE
        elif _UNIT.search(text) and (declared := unit_declared(block.view)):
            self._column, self._in_header = Column((*declared, UnitSource.CAPTION)), True
        elif self._column.declared:
            self._in_header = self._in_header and not any(n.decimals for n in block.numerals)
            if self._in_header:
                self._column = self._column._replace(lost=self._column.lost + squeeze(text))
        return self._column


def _block_places(block: Block, column: Column) -> Iterator[Place]:
    view, span = block.view, block.view.span
    last = 0
    for n in block.numerals:
        yield from_parts(Place, (span(n.start, n.stop), n, view, last, column, ""))
        last = n.unit_stop


def _table_places(table: Table) -> Iterator[Place]:
    caption = (table.unit, table.unit_span, UnitSource.CAPTION) if table.unit else _common_unit(table)
    shared = _shared_headers(table)
    columns: dict[tuple[str, ...], Column] = {}
    of_units = {
        cell.header for row in table.rows for cell in row.cells if cell.header and _heads_units(cell.header[-1])
    }
    for row in table.rows:
        of_row = _unit_cell(row, of_units) if of_units else None
        label = ""
        for cell in row.cells:
            text, header = cell.text, cell.header
            if not text:
                continue
            found = cell.numerals
            if not found:
                label = squeeze(text) if _WORD.search(text) else label
                continue
            column = columns.get(header)
            if column is None:
                role = column_role(header[-1]) if header and header not in shared else None
                column = columns[header] = Column(_header_unit(table, header) or caption, role, header)
            if of_row and column.role in {"target", "actual", "done"}:
                column = column._replace(declared=of_row)
            for n in found:
                yield from_parts(Place, (cell.view.span(n.start, n.stop), n, cell.view, 0, column, label))


def _shared_headers(table: Table) -> set[tuple[str, ...]]:
    """Headers that several columns have alike, so that they tell neither from the other."""
    columns = {cell.column: cell.header for row in table.body for cell in row.cells if cell.header}
    counted = Counter(columns.values())
    return {header for header, count in counted.items() if count > 1}


def _common_unit(table: Table) -> tuple[str, Span | None, UnitSource] | None:
    """The one unit that the table's headers declare, for the columns beside them that declare none."""
    found = [u for row in table.rows[: table.header_rows] for cell in row.cells if (u := unit_declared(cell.view))]
    return (*found[0], UnitSource.HEADER) if len({u for u, _ in found}) == 1 else None


def _heads_units(label: str) -> bool:
    return column_role(label) == "target_unit"


def _unit_cell(row: Row, headers: AbstractSet[tuple[str, ...]]) -> tuple[str, Span | None, UnitSource] | None:
    """The unit of a row's target and actual value that stands in a column of its own (度量单位)."""
    for cell in row.cells:
        if cell.text and cell.text not in DASHES and cell.header in headers:
            return squeeze(cell.text), cell.span, UnitSource.ADJACENT
    return None


_PERCENT = re.compile(r"[（(]\s?(?P<unit>[%％])\s?[）)]\s*\Z")


def _header_unit(table: Table, header: tuple[str, ...]) -> tuple[str, Span | None, UnitSource] | None:
    """The unit in brackets of the lowest header label that has one, with its place."""
    for label in reversed(header):
        for row in table.rows[: table.header_rows]:
            for cell in row.cells:
                if cell.text.strip() != label:
                    continue
                if found := unit_declared(cell.view):
                    return (*found, UnitSource.HEADER)
                if percent := _PERCENT.search(cell.text):
                    return percent["unit"], cell.view.span(*percent.span("unit")), UnitSource.HEADER
    return None
