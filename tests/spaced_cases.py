"""Tables by spaces as tests ask for them: texts of PDF files and the rows that are read in them."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.layout.lines import page_width, split_lines
from pipeline.layout.spaced import SpacedReader
from pipeline.layout.tabbed import RawRow

Rows = list[list[str]]


def pdf(text: str) -> str:
    """The text with a blank line after each line that ends in ¶."""
    return text.replace("¶\n", "\n\n")


def readings(text: str) -> Iterator[tuple[list[RawRow], int, int]]:
    """Every table of a text: its rows, its first line and the line after it."""
    lines, _ = split_lines(text)
    reader = SpacedReader(lines, page_width(lines))
    index = 0
    while index < len(lines):
        found = reader.read(index)
        if found is None:
            index += 1
            continue
        rows, stop = found
        assert index < stop <= len(lines)
        yield rows, index, stop
        index = stop


def tables_of(text: str) -> list[Rows]:
    """The rows of every table of a text, their cells as texts."""
    return [[[cell.text for cell in row] for row in rows] for rows, _, _ in readings(text)]


def rows_of(text: str) -> Rows:
    """The rows of the one table of a text, their cells as texts."""
    [rows] = tables_of(text)
    return rows
