"""Documents: the canonical text that a reader writes: paragraphs as lines, the tables that a file draws as a line a row."""

from __future__ import annotations

import re
from bisect import insort
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from pipeline.drawn import Box, GivenCell, GivenTable, Ocr, Page
from schemas.values import INVISIBLE, Span

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u2028\u2029\ud800-\udfff]+|\t+|\x85")
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_ALNUM = re.compile(r"[0-9A-Za-z]")
MAX_COLUMNS = 256
"""Columns that one cell may span."""


Edges = tuple[int, int, int, int]
"""Left, top, right and bottom on the page, in points."""


@dataclass(slots=True)
class DrawnCell:
    """A cell as its file draws it: its place in the grid, the rows and columns that it spans, its paragraphs, and where
    each of them is printed if the format says so."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1
    lines: list[str] = field(default_factory=list)
    edges: list[Edges] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Canonical:
    """A file's text with the places of its tables and pages."""

    text: str
    tables: tuple[GivenTable, ...] = ()
    pages: tuple[Page, ...] = ()
    boxes: tuple[Box, ...] = ()
    remarks: tuple[str, ...] = ()
    whole_lines: bool = False
    ocr: Ocr | None = None


class CanonicalWriter:
    """Writes the canonical text from top to bottom and keeps the place of everything."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._tables: list[GivenTable] = []
        self._pages: list[tuple[str, int]] = []
        self._boxes: list[Box] = []
        self.remarks: list[str] = []

    @property
    def length(self) -> int:
        """How many characters are written."""
        return self._length

    def page(self, label: str) -> None:
        """Begins a page or sheet here."""
        self._pages.append((label, self._length))

    def paragraph(self, text: str, edges: Edges | None = None) -> None:
        """Writes a paragraph; its own line breaks stay, blank lines go."""
        for line in text.split("\n"):
            if bare := plain(line):
                self._write(bare, edges)
                self._write("\n")

    def printed(self, parts: Sequence[tuple[str, Edges, str | None]]) -> None:
        """Writes a paragraph that is printed in several lines: each with its place, and the page that it begins."""
        for text, edges, page in parts:
            if page is not None:
                self.page(page)
            self._write(_printable(text), edges)
        self._write("\n")

    def table(self, cells: Sequence[DrawnCell], pages: Mapping[int, str] | None = None) -> None:
        """Writes a table, a line a row with tabs between its cells; one that has a single column is prose.

        ``pages`` are the labels of the pages that begin inside the table, by their first rows.
        """
        filled = [c for c in cells if any(True for _ in _lines(c))]
        if not filled:
            return
        if max(c.column + c.columns for c in cells) <= 1 or len(cells) == 1:
            for cell in sorted(filled, key=lambda c: c.row):
                self._turn(pages, cell.row)
                for line, edges in _lines(cell):
                    self.paragraph(line, edges)
            return
        rows: defaultdict[int, list[DrawnCell]] = defaultdict(list)
        covered: defaultdict[int, list[DrawnCell]] = defaultdict(list)
        for cell in cells:
            rows[cell.row].append(cell)
            for row in range(cell.row + 1, cell.row + cell.rows):
                insort(covered[row], cell, key=lambda c: c.column)
        start = self._length
        given: list[GivenCell] = []
        for index in sorted(rows):
            self._turn(pages, index)
            if any(True for cell in rows[index] for _ in _lines(cell)):
                given += self._row(index, rows[index], covered[index])
        self._tables.append(GivenTable(Span(start, self._length), tuple(given)))

    def finish(self) -> Canonical:
        """What was written."""
        starts = [start for _, start in self._pages]
        ends = [*starts[1:], self._length]
        pages = (Page(label, Span(start, stop)) for (label, start), stop in zip(self._pages, ends, strict=False))
        return Canonical(
            text="".join(self._pieces),
            tables=tuple(self._tables),
            pages=tuple(pages),
            boxes=tuple(self._boxes),
            remarks=tuple(self.remarks),
            whole_lines=True,
        )

    def _row(self, index: int, own: Sequence[DrawnCell], covered: Sequence[DrawnCell]) -> list[GivenCell]:
        given: list[GivenCell] = []
        for position, cell in enumerate(sorted([*own, *covered], key=lambda c: c.column)):
            if position:
                self._write("\t")
            if cell.row == index:
                pieces = tuple(self._cell(cell))
                given.append(GivenCell(pieces, cell.row, cell.column, cell.rows, cell.columns))
        self._write("\n")
        return given

    def _cell(self, cell: DrawnCell) -> list[Span]:
        """Writes a cell's paragraphs on one line. They are read as one text, since words are often broken over them;
        the space between two figures or Latin words stays, so that no two become one."""
        pieces: list[Span] = []
        for line, edges in _lines(cell):
            start = self._length
            if pieces:
                self._write(" ")
                start = self._length
                if _ALNUM.match(self._pieces[-2][-1]) and _ALNUM.match(line[0]):
                    start = pieces.pop().start
            self._write(line, edges)
            pieces.append(Span(start, self._length))
        return pieces

    def _turn(self, pages: Mapping[int, str] | None, row: int) -> None:
        if pages and row in pages:
            self.page(pages[row])

    def _write(self, text: str, edges: Edges | None = None) -> None:
        start = self._length
        self._pieces.append(text)
        self._length += len(text)
        if edges and self._pages:
            self._boxes.append(Box(Span(start, self._length), self._pages[-1][0], *edges))


def _lines(cell: DrawnCell) -> Iterator[tuple[str, Edges | None]]:
    """The filled lines of a cell, and where each is printed."""
    for line, edges in zip_longest(cell.lines, cell.edges[: len(cell.lines)]):
        for part in line.split("\n"):
            if bare := plain(part):
                yield bare, edges


def plain(line: str) -> str:
    """A line without control characters and without white space around it."""
    return _printable(line).strip()


def _printable(text: str) -> str:
    return _CONTROL.sub(" ", _INVISIBLE.sub("", text))
