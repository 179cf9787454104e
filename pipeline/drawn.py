"""What a file itself draws: its tables, its pages, and where on a page its text is printed."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from schemas.values import Span


@dataclass(frozen=True, slots=True)
class GivenCell:
    """A cell of a table that the file itself draws, at its first grid row and column, with the rows and columns that it
    spans. ``pieces`` are its lines in the text, to be read as one; an empty cell has none."""

    pieces: tuple[Span, ...]
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class GivenTable:
    """A table that the file itself draws (HTML, DOCX, a spreadsheet, ruled PDF). ``span`` covers its lines in the text,
    one a row; ``cells`` stand in reading order, and no two cover the same place of the grid."""

    span: Span
    cells: tuple[GivenCell, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page or sheet of the file: its label (``3``, a sheet's name) and its place in the text."""

    label: str
    span: Span


@dataclass(frozen=True, slots=True)
class Box:
    """Where a line of the text, or of a cell, is printed: the page's label, and its edges in points (1/72 inch) from the
    left and the top of the page."""

    span: Span
    page: str
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class OcrText:
    """A line of the text that was read off a picture, and the engine's confidence in each of its characters, in
    thousandths."""

    span: Span
    sure: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ocr:
    """What of a text was read off pictures: by which engine, its lines in order, and the confidence in thousandths that a
    figure needs to be believed."""

    engine: str
    least: int
    texts: tuple[OcrText, ...]

    def confidence(self, span: Span) -> int | None:
        """The confidence of the least certain character of a part of the text; None where it was not read off a
        picture."""
        found: list[int] = []
        index = max(0, bisect_right(self.texts, span.start, key=lambda t: t.span.start) - 1)
        while index < len(self.texts) and self.texts[index].span.start < span.stop:
            line = self.texts[index]
            found += line.sure[max(0, span.start - line.span.start) : max(0, span.stop - line.span.start)]
            index += 1
        return min(found, default=None)

    def doubts(self, span: Span) -> bool:
        """Whether a part of the text is too uncertain to be believed."""
        sure = self.confidence(span)
        return sure is not None and sure < self.least
