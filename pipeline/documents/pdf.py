"""Documents: PDF files with a text layer: ruled tables as cells, lines in reading order, pages and boxes."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from pipeline.documents.canonical import Canonical, CanonicalWriter
from pipeline.documents.errors import DocumentError
from pipeline.documents.limits import Limits
from pipeline.documents.pdf_furniture import without_furniture
from pipeline.documents.pdf_lines import PrintedLine, lines_of
from pipeline.documents.pdf_paragraphs import Edges, edges_of, gap_between, goes_on_in
from pipeline.documents.pdf_tables import RuledTable, goes_on, ruled_tables

_TILT = 0.1
_ANEW = "get the file anew, or print it to a PDF again"
_UNREADABLE = 0.3
"""Share of characters without a Unicode value above which a file's fonts are useless."""

logging.getLogger("pdfminer").setLevel(logging.ERROR)


@dataclass(slots=True)
class PageContent:
    """What is printed on a page, tables and the lines around them from the top."""

    number: int
    width: float
    height: float
    items: list[PrintedLine | RuledTable] = field(default_factory=list)


@dataclass(slots=True)
class _Tally:
    """What of a file could not be read."""

    characters: int = 0
    unknown: int = 0
    rotated: int = 0
    scanned: list[int] = field(default_factory=list)


def read_pdf(path: Path, data: bytes, limits: Limits) -> Canonical:
    """The canonical text of a PDF: each printed line a line, each row of a ruled table a line; running heads and page
    numbers are left out.

    Raises:
        DocumentError: the file is broken, protected, too long, scanned, or its fonts give no characters.
    """
    tally = _Tally()
    try:
        with pdfplumber.open(BytesIO(data), unicode_norm=None) as pdf:
            count = len(pdf.pages)
            if count > limits.pages:
                raise DocumentError(
                    path, f"has {count:,} pages, more than the limit of {limits.pages:,}", "split it or raise max_pages"
                )
            pages = []
            for page in pdf.pages:
                pages.append(_content(page, tally))
                page.close()
    except DocumentError:
        raise
    except Exception as error:
        if isinstance(error, PDFPasswordIncorrect) or (
            isinstance(error, PdfminerException) and any(isinstance(a, PDFPasswordIncorrect) for a in error.args)
        ):
            raise DocumentError(
                path, "is protected with a password", "save it without the password and run again"
            ) from error
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise DocumentError(path, f"is a broken PDF ({reason})", _ANEW) from error
    if not tally.characters and tally.scanned:
        raise DocumentError(
            path, "is a scanned PDF: its pages are images without text", "supply a PDF with text, or the report's text"
        )
    if tally.unknown > tally.characters * _UNREADABLE:
        raise DocumentError(path, "has fonts that do not say which characters they print", "print it to a PDF again")
    return _written(without_furniture(pages), _remarks(tally))


def _content(page: Any, tally: _Tally) -> PageContent:
    """The lines and ruled tables of a page."""
    characters = page.dedupe_chars().chars if page.chars else []
    upright = [c for c in characters if _is_straight(c["matrix"])]
    tally.rotated += len(characters) - len(upright)
    tally.characters += len(upright)
    tally.unknown += sum(1 for c in upright if c["text"].startswith("(cid:"))
    if not upright and page.images:
        tally.scanned.append(page.page_number)
    tables, outside = ruled_tables(page, upright)
    items: list[PrintedLine | RuledTable] = [*tables, *lines_of(outside)]
    items.sort(key=lambda item: item.top)
    return PageContent(page.page_number, float(page.width), float(page.height), items)


def _is_straight(matrix: tuple[float, ...]) -> bool:
    """Whether a character's matrix turns it by no more than a few degrees."""
    along, across = matrix[0], matrix[1]
    return along > 0 and abs(across) <= _TILT * along


def _remarks(tally: _Tally) -> list[str]:
    remarks = []
    if tally.scanned:
        numbers = ", ".join(map(str, tally.scanned[:20])) + (" …" if len(tally.scanned) > 20 else "")
        remarks.append(f"{len(tally.scanned)} pages hold images and no text, and are not read: {numbers}")
    if tally.rotated:
        remarks.append(f"{tally.rotated} characters are printed at an angle and not read")
    if tally.unknown:
        remarks.append(f"{tally.unknown} characters have no Unicode value and stand as \ufffd")
    return remarks


def _written(pages: list[PageContent], remarks: list[str]) -> Canonical:
    writer = CanonicalWriter()
    writer.remarks += remarks
    output = _Output(writer, _edges(pages))
    for page in pages:
        output.turn(page)
        for item in page.items:
            if isinstance(item, RuledTable):
                output.add_table(item)
            else:
                output.add_line(item)
    output.flush()
    return writer.finish()


def _edges(pages: list[PageContent]) -> dict[int, Edges | None]:
    """The edges of the prose on pages of each width."""
    by_width: defaultdict[int, list[PrintedLine]] = defaultdict(list)
    for page in pages:
        by_width[round(page.width)] += [item for item in page.items if isinstance(item, PrintedLine)]
    return {width: edges_of(lines) for width, lines in by_width.items()}


class _Output:
    """Puts together what goes on over lines and pages, and writes it."""

    def __init__(self, writer: CanonicalWriter, edges: dict[int, Edges | None]) -> None:
        self._writer = writer
        self._edges = edges
        self._table: RuledTable | None = None
        self._rows: dict[int, str] = {}
        self._lines: list[tuple[PrintedLine, str | None]] = []
        self._page: PageContent | None = None
        self._turned: list[str] = []

    def turn(self, page: PageContent) -> None:
        """Begins a page; it is written with the first thing that stands on it."""
        self._page = page
        self._turned.append(str(page.number))

    def add_table(self, table: RuledTable) -> None:
        """Adds a table, to the one of the page before where it goes on with it."""
        self._flush_lines()
        if self._table is not None and len(self._turned) == 1 and goes_on(self._table, table):
            self._rows[self._table.rows] = self._turned.pop()
            self._table.append(table)
            return
        self._flush_table()
        self._begin_pages()
        self._table = table

    def add_line(self, line: PrintedLine) -> None:
        """Adds a line, to the paragraph of the line before where that is broken."""
        self._flush_table()
        edges = self._edges.get(round(self._page.width)) if self._page else None
        if self._lines and len(self._turned) <= 1:
            last, _ = self._lines[-1]
            if goes_on_in(last, line, edges, new_page=bool(self._turned)):
                gap = gap_between(last.text, line.text)
                self._lines.append((replace(line, text=gap + line.text), self._turned.pop() if self._turned else None))
                return
        self._flush_lines()
        self._begin_pages()
        self._lines = [(line, None)]

    def flush(self) -> None:
        """Writes what is held."""
        self._flush_table()
        self._flush_lines()
        self._begin_pages()

    def _begin_pages(self) -> None:
        for label in self._turned:
            self._writer.page(label)
        self._turned = []

    def _flush_table(self) -> None:
        if self._table is not None:
            self._writer.table(self._table.cells, self._rows)
            self._table, self._rows = None, {}

    def _flush_lines(self) -> None:
        if self._lines:
            self._writer.printed([(line.text, line.edges, page) for line, page in self._lines])
            self._lines = []
