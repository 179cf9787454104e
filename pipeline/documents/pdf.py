"""Documents: PDF files with a text layer: ruled tables as cells, lines in reading order, pages and boxes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from pipeline.documents.canonical import Canonical, CanonicalWriter, DrawnCell
from pipeline.documents.errors import DocumentError
from pipeline.documents.limits import Limits
from pipeline.documents.pdf_furniture import without_furniture
from pipeline.documents.pdf_lines import PrintedLine, lines_of
from pipeline.documents.pdf_tables import RuledTable, goes_on, ruled_tables

_ANEW = "get the file anew, or print it to a PDF again"
_UNREADABLE = 0.3
"""Share of characters without a Unicode value above which a file's fonts are useless."""

logging.getLogger("pdfminer").setLevel(logging.ERROR)


@dataclass(slots=True)
class PageContent:
    """What is printed on a page, tables and the lines around them from the top."""

    number: int
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
    except Exception as error:  # noqa: BLE001 - pdfminer fails on broken files in any way that Python has
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
    upright = [c for c in characters if c["upright"]]
    tally.rotated += len(characters) - len(upright)
    tally.characters += len(upright)
    tally.unknown += sum(1 for c in upright if c["text"].startswith("(cid:"))
    if not upright and page.images:
        tally.scanned.append(page.page_number)
    tables, outside = ruled_tables(page, upright)
    items: list[PrintedLine | RuledTable] = [*tables, *lines_of(outside)]
    items.sort(key=lambda item: item.top)
    return PageContent(page.page_number, float(page.height), items)


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
    held: RuledTable | None = None
    turns: dict[int, str] = {}
    for item, page in _in_order(pages):
        if held is not None and isinstance(item, RuledTable) and goes_on(held, item):
            if page is not None:
                turns[held.rows] = str(page)
            held.append(item)
            continue
        if held is not None:
            writer.table(held.cells, turns)
            held, turns = None, {}
        if page is not None:
            writer.page(str(page))
        if isinstance(item, RuledTable):
            held = item
        elif item is not None:
            writer.paragraph(item.text, item.edges)
    if held is not None:
        writer.table(held.cells, turns)
    return writer.finish()


def _in_order(pages: list[PageContent]) -> Iterator[tuple[PrintedLine | RuledTable | None, int | None]]:
    """Everything that is printed; with the first of each page, its number."""
    for page in pages:
        if not page.items:
            yield None, page.number
        for index, item in enumerate(page.items):
            yield item, None if index else page.number
