"""Tables by spaces as tests ask for them: texts of PDF files and the rows that are read in them."""

from __future__ import annotations

from pipeline.layout.lines import page_width, split_lines
from pipeline.layout.spaced import SpacedReader

Rows = list[list[str]]


def pdf(text: str) -> str:
    """The text with a blank line after each line that ends in ¶."""
    return text.replace("¶\n", "\n\n")


def tables_of(text: str) -> list[Rows]:
    """The rows of every table of a text, their cells as texts."""
    lines, _ = split_lines(text)
    reader = SpacedReader(lines, page_width(lines))
    tables: list[Rows] = []
    index = 0
    while index < len(lines):
        found = reader.read(index)
        if found is None:
            index += 1
            continue
        rows, stop = found
        assert stop > index
        tables.append([[cell.text for cell in row] for row in rows])
        index = stop
    return tables


def rows_of(text: str) -> Rows:
    """The rows of the one table of a text, their cells as texts."""
    [rows] = tables_of(text)
    return rows
