"""What a file itself draws: its tables, its pages, and where on a page its text is printed."""

from __future__ import annotations

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
