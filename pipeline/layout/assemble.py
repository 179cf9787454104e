"""Layout: the whole document, its tables and prose in reading order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.drawn import GivenTable
from pipeline.flow import Block, Document, Layout, Table, View
from pipeline.layout.cell_groups import read_cell_groups
from pipeline.layout.cells import CellReader
from pipeline.layout.centred_rows import read_centred_rows
from pipeline.layout.counted_cells import read_counted_cells
from pipeline.layout.form_heads import read_form_head
from pipeline.layout.form_labels import names_project
from pipeline.layout.given import given_rows
from pipeline.layout.grid import (
    Declared,
    build_tables,
    caption_above,
    is_bare_caption,
    is_unit_line,
    is_year_line,
    unit_declared,
)
from pipeline.layout.lines import Line, counted_width, display_width, join, page_width, split_lines
from pipeline.layout.marks import caption_of, is_annex, is_label_line, mark_of
from pipeline.layout.paragraph_cells import read_paragraph_cells
from pipeline.layout.piped import opens_table, read_piped
from pipeline.layout.prose import Outline, blocks_of, join_wrapped
from pipeline.layout.segments import segment
from pipeline.layout.spaced import SpacedReader
from pipeline.layout.tabbed import RawRow, is_stray_tab, is_tsv, read_tabbed, read_tsv
from schemas.columns import column_role
from schemas.values import Span


def lay_out(document: Document) -> Layout:
    """The layout of a document; never fails, whatever the text, and takes time linear in its length.

    The tables that the file itself draws are taken as they are; the others are found in the lines between them.
    """
    lines, furniture = split_lines(document.text)
    sections = list(_sections(lines, document.tables))
    prose = [line for section in sections if not isinstance(section, GivenTable) for line in section]
    width = None if document.whole_lines else page_width(prose)
    builder = _Builder(document.text, width, counted_width(prose, width))
    for section in sections:
        if isinstance(section, GivenTable):
            builder.take(section)
        else:
            builder.read(section)
    builder.flush()
    parts = tuple(builder.parts)
    return Layout(parts, segment(parts, len(document.text)), furniture)


def _sections(lines: Sequence[Line], tables: Sequence[GivenTable]) -> Iterator[GivenTable | Sequence[Line]]:
    """The given tables and the lines between them, in reading order."""
    index = 0
    for table in tables:
        start = bisect_left(lines, table.span.start, lo=index, key=lambda line: line.span.start)
        if start > index:
            yield lines[index:start]
        yield table
        index = bisect_left(lines, table.span.stop, lo=start, key=lambda line: line.span.start)
    if index < len(lines):
        yield lines[index:]


_EMPTY = View("", ())
_REMARK = re.compile(r"[（(][^（()）]{2,30}[）)]")
_HEADER_LINES = 12
"""Lines from the first of a table within which a unit may be declared below its header."""
_UNIT_LINE = 60
"""Characters of a line that declares a unit."""


def _opens_section(text: str) -> bool:
    """Whether a line begins something else than the rest of a form: a heading, a caption or an annex."""
    mark = mark_of(text)
    return caption_of(text) is not None or is_annex(text) or (mark is not None and mark.level <= 2)


class _Builder:
    """Reads the lines from the top, tables where they begin, prose between them."""

    def __init__(self, text: str, width: int | None, counted: int | None) -> None:
        self._text = text
        self._width = width
        self._counted = counted
        self._lines: Sequence[Line] = ()
        self._cells = CellReader(())
        self._spaced = SpacedReader((), width)
        self._outline = Outline()
        self._prose: list[Line] = []
        self._form: View | None = None
        self._unit: tuple[str, Span] | None = None
        self.parts: list[Block | Table] = []

    def take(self, table: GivenTable) -> None:
        """Adds the tables that a given one holds."""
        self._add(given_rows(self._text, table), None)

    def read(self, lines: Sequence[Line]) -> None:
        """Adds the prose and the tables of some lines."""
        self._lines = lines
        self._cells = CellReader(lines)
        self._spaced = SpacedReader(lines, self._width)
        index = 0
        while index < len(lines):
            line = lines[index]
            rows, stop = self._table_at(index) if line.text or line.tabbed else (None, index)
            if rows is None:
                self._prose.append(line)
                index += 1
                continue
            self._add(rows, self._unit_within(index, stop))
            index = stop

    def _unit_within(self, start: int, stop: int) -> tuple[str, Span] | None:
        """The unit that a line between a table's header and its first figure declares."""
        for line in self._lines[start : min(stop, start + _HEADER_LINES)]:
            if is_unit_line(line.view):
                return unit_declared(line.view)
            if any(map(str.isdigit, line.text)):
                return None
        return None

    def _add(self, rows: Sequence[RawRow], unit: tuple[str, Span] | None) -> None:
        declared = self._declared()
        if unit is not None and declared.unit is None:
            declared.unit, declared.unit_span = unit
        self._keep_form(rows, declared)
        self.flush()
        declared.path = self._outline.path
        self.parts += [self._with_unit(table) for table in build_tables(rows, declared, self._text)]

    def _keep_form(self, rows: Sequence[RawRow], declared: Declared) -> None:
        """A form's title stands for its table of indicators too, where text parts the two."""
        for line in self._prose:
            if _opens_section(line.text):
                self._form = self._unit = None
            elif line.text and len(line.text) <= _UNIT_LINE and (unit := unit_declared(line.view)):
                self._unit = unit
        if any(row and names_project(row[0].text) for row in rows):
            self._form = declared.caption
        elif self._form is not None and any(column_role(cell.text) == "level1" for cell in rows[0]):
            declared.caption = self._form

    def _with_unit(self, table: Table) -> Table:
        """A form of labels and values has the unit that was declared at the head of its page (单位：万元、个)."""
        if table.header_rows or table.unit or self._unit is None:
            return table
        return replace(table, unit=self._unit[0], unit_span=self._unit[1])

    def _table_at(self, index: int) -> tuple[list[RawRow] | None, int]:
        line = self._lines[index]
        if line.tabbed and not is_tsv(line):
            return (None, index) if is_stray_tab(self._lines, index) else read_tabbed(self._lines, index)
        if is_tsv(line):
            return read_tsv(self._lines, index) or (None, index)
        if opens_table(self._lines, index):
            return read_piped(self._lines, index) or (None, index)
        found = (
            read_paragraph_cells(self._lines, index)
            or read_cell_groups(self._lines, index)
            or self._cells.read(index)
            or read_counted_cells(self._lines, index)
            or self._spaced.read(index)
            or read_centred_rows(self._lines, index)
            or self._form_at(index)
        )
        return found or (None, index)

    def _form_at(self, index: int) -> tuple[list[RawRow], int] | None:
        """A form's head with the table right below it; None where one of them is missing."""
        head = read_form_head(self._lines, index)
        if head is None:
            return None
        rows, place = head
        while place < len(self._lines) and self._lines[place].blank:
            place += 1
        below = self._spaced.read(place) if place < len(self._lines) else None
        if below is None:
            return None
        width = max(len(row) for row in (*rows, *below[0]))
        return [[*row, *(_EMPTY for _ in range(width - len(row)))] for row in (*rows, *below[0])], below[1]

    def _declared(self) -> Declared:
        """Takes the caption and unit lines that stand just above a table out of the prose."""
        declared = Declared()
        year: View | None = None
        for line in reversed([line for line in self._prose if not line.blank][-4:]):
            view = line.view
            if declared.caption is None and is_year_line(view):
                year = view
                continue
            unit = unit_declared(view)
            if unit and is_label_line(view.text):
                if declared.unit is None:
                    declared.unit, declared.unit_span = unit
                continue
            if declared.caption is None and unit is None and (is_label_line(view.text) or _REMARK.fullmatch(view.text)):
                continue
            if not caption_above(view) and not (declared.caption is None and is_bare_caption(view)):
                break
            if unit and declared.unit is None:
                declared.unit, declared.unit_span = unit
            if not is_unit_line(view) and declared.caption is None:
                declared.caption = join([view, year]) if year else view
        return declared

    def flush(self) -> None:
        """Adds the prose read so far."""
        counted = self._counted
        paragraphs = join_wrapped(self._prose, counted or self._width, len if counted else display_width)
        self.parts += blocks_of(paragraphs, self._outline)
        self._prose = []
