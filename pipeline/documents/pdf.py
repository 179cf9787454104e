"""Documents: PDF files: ruled tables as cells, lines in reading order, pages and boxes; pages that are pictures are read off
them where the extra for that is installed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from math import prod, sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from pipeline.documents.canonical import Canonical
from pipeline.documents.errors import DocumentError
from pipeline.documents.limits import Limits
from pipeline.documents.ocr import INSTALL, engine_name
from pipeline.documents.pdf_furniture import without_furniture
from pipeline.documents.pdf_lines import Character
from pipeline.documents.pdf_output import PageContent, page_content, written
from pipeline.documents.pdf_turning import direction, main_direction, turned
from pipeline.documents.scan_doubt import SMALL
from pipeline.documents.sureness import with_confidences

if TYPE_CHECKING:
    from pipeline.documents.scan_pages import ScannedPage

_ANEW = "get the file anew, or print it to a PDF again"
_UNREADABLE = 0.3
"""Share of characters without a Unicode value above which a file's fonts are useless."""
_PICTURED = 0.25
"""Share of a page that pictures cover where it is a scan, if it prints hardly a character beside them."""
_HARDLY = 50
_LARGE = 0.25
"""Share of the largest picture's area that a large one has."""
_BLANK = 0.01
"""Share of a page without a character that its pictures cover at most where it is blank but for a sign or a rule."""
_OUTLINES = 100
"""Curves of a page without a character beyond which they are letters, not an ornament."""
_NAMED = 20

logging.getLogger("pdfminer").setLevel(logging.ERROR)


@dataclass(slots=True)
class _Tally:
    """What of a file could not be read; ``pictures`` are its pages that are pictures, by number; ``failure`` is why the first
    of them could not be read."""

    characters: int = 0
    unknown: int = 0
    rotated: int = 0
    dropped: int = 0
    undrawn: int = 0
    small: int = 0
    failure: str = ""
    pictures: dict[int, _Picture] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Picture:
    """A page that is a picture: how many characters without a Unicode value it prints, and the points of a pixel, 0 where
    letters are drawn."""

    unknown: int
    grain: float


def read_pdf(path: Path, data: bytes, limits: Limits, tick: Callable[[], None] = lambda: None) -> Canonical:
    """The canonical text of a PDF: each printed line a line, each row of a ruled table a line; running heads and page
    numbers are left out. ``tick`` is called after each page that was read off its picture.

    Raises:
        DocumentError: the file is broken, protected, too long, its fonts give no characters, or it is scanned and nothing
            that reads pictures is installed.
    """
    tally = _Tally()
    engine = engine_name()
    try:
        with pdfplumber.open(BytesIO(data), unicode_norm=None) as pdf:
            count = len(pdf.pages)
            if count > limits.pages:
                raise DocumentError(
                    path, f"has {count:,} pages, more than the limit of {limits.pages:,}", "split it or raise max_pages"
                )
            pages = []
            for page in pdf.pages:
                pages.append(_content(page, tally, engine))
                page.close()
    except (DocumentError, MemoryError):
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
    scanned = {} if engine is None else dict(_read_off(data, pages, tally, tick))
    _must_be_readable(path, tally, engine)
    canonical = written(without_furniture(pages), _remarks(tally, engine))
    return with_confidences(canonical, scanned, engine, limits.sure) if engine and scanned else canonical


def _must_be_readable(path: Path, tally: _Tally, engine: str | None) -> None:
    if tally.unknown > tally.characters * _UNREADABLE:
        raise DocumentError(path, "has fonts that do not say which characters they print", "print it to a PDF again")
    if tally.characters or not tally.pictures:
        return
    if engine is None:
        raise DocumentError(
            path,
            "is a scanned PDF: its pages are images without text",
            f"{INSTALL} and run again, or supply a PDF with text",
        )
    if tally.undrawn == len(tally.pictures):
        raise DocumentError(
            path,
            f"is a scanned PDF of which no page could be read ({tally.failure})",
            "get the file anew, raise max_read_memory, or supply a PDF with text",
        )


def _content(page: Any, tally: _Tally, engine: str | None) -> PageContent:
    """The lines and ruled tables of a page. One that is a picture, and one whose fonts do not say what they print if there
    is what reads it off its picture, are noted."""
    characters = page.dedupe_chars().chars if page.chars else []
    quarters = main_direction(characters)
    width, height = float(page.width), float(page.height)
    rules = turned([e for e in page.edges if e["orientation"]], quarters, width, height)
    upright = turned([c for c in characters if direction(c) == quarters], quarters, width, height)
    tally.rotated += len(characters) - len(upright)
    unknown = sum(1 for c in upright if c["text"].startswith("(cid:"))
    if _is_picture(page, len(upright)) or (engine and unknown > _UNREADABLE * len(upright)):
        tally.pictures[page.page_number] = _Picture(unknown, _grain(page))
    else:
        tally.unknown += unknown
    tally.characters += len(upright)
    if quarters % 2:
        width, height = height, width
    return page_content(page.page_number, (width, height), upright, rules)


def _is_picture(page: Any, characters: int) -> bool:
    """Whether a page is a picture of a page: no character on one, or only those of a stamp, a page number or a watermark; or
    no character, and letters that are drawn as curves."""
    pictured, whole = sum(float(i["width"]) * float(i["height"]) for i in page.images), float(page.width * page.height)
    if not characters:
        return pictured > _BLANK * whole or len(page.curves) > _OUTLINES
    return characters < _HARDLY and pictured > _PICTURED * whole


def _grain(page: Any) -> float:
    """The points of a pixel of a page's pictures: of the finest among the large ones, as letters may be a layer of their own."""
    sizes = [(float(i["width"]) * float(i["height"]), i["srcsize"]) for i in page.images]
    largest = max((area for area, _ in sizes), default=0.0)
    return min((sqrt(area / prod(n)) for area, n in sizes if area >= largest * _LARGE and _is_size(n)), default=0.0)


def _is_size(pixels: Sequence[object]) -> bool:
    """Whether a picture says how many pixels it has; broken files put anything there."""
    return all(isinstance(n, int) and n > 0 for n in pixels)


def _read_off(
    data: bytes, pages: list[PageContent], tally: _Tally, tick: Callable[[], None]
) -> Iterable[tuple[str, list[Character]]]:
    """Reads the pages that are pictures, in place; gives the characters of each by its label."""
    for number, picture in tally.pictures.items():
        try:
            scan = _scanned(data, number, picture.grain)
        except Exception as error:  # noqa: BLE001 - a broken page, or too little memory for the engine, whose errors are many
            tally.undrawn += 1
            tally.unknown += picture.unknown
            tally.failure = tally.failure or f"{type(error).__name__}: {(str(error).splitlines() or [''])[-1]}"[:120]
            continue
        pages[number - 1] = scan.content
        tally.dropped += scan.dropped
        tally.small += scan.small
        yield str(number), scan.characters
        tick()


def _scanned(data: bytes, number: int, grain: float) -> ScannedPage:
    from pipeline.documents.scan_pages import read_scan  # noqa: PLC0415 - needs the extra, and is slow to load
    from pipeline.documents.scan_pictures import rendered  # noqa: PLC0415

    return read_scan(*rendered(data, number), number, grain)


def _remarks(tally: _Tally, engine: str | None) -> list[str]:
    remarks = []
    if tally.pictures:
        numbers = ", ".join(map(str, list(tally.pictures)[:_NAMED])) + (" …" if len(tally.pictures) > _NAMED else "")
        if engine is None:
            remarks.append(
                f"{len(tally.pictures)} pages are images without text, and are not read: {numbers}; to read them, "
                f"{INSTALL} and run again"
            )
        else:
            remarks.append(f"{len(tally.pictures)} pages were read off their pictures by {engine}: {numbers}")
    if tally.undrawn:
        remarks.append(
            f"{tally.undrawn} of these pages could not be read: they are broken, or max_read_memory is too small"
        )
    if tally.dropped:
        remarks.append(f"{tally.dropped} lines of images are too uncertain to be text, and are left out")
    if tally.small:
        remarks.append(SMALL.format(tally.small))
    if tally.rotated:
        remarks.append(f"{tally.rotated} characters are printed at an angle and not read")
    if tally.unknown:
        remarks.append(f"{tally.unknown} characters have no Unicode value and stand as \ufffd")
    return remarks
