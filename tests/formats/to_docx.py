"""Writes a report as a Word file with merged cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import docx

from tests.formats.model import RichTable


def write_docx(parts: Sequence[str | RichTable], path: Path) -> None:
    """Writes the file."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(part.rows, part.columns, "Table Grid")
        grid = [list(row.cells) for row in table.rows]
        for cell in part.cells:
            first = grid[cell.row][cell.column]
            merged = first
            if cell.rows > 1 or cell.columns > 1:
                merged = first.merge(grid[cell.row + cell.rows - 1][cell.column + cell.columns - 1])
            merged.text = cell.text
    if parts and not isinstance(parts[-1], str):
        document.add_paragraph()  # Word ends no document with a table; other programs lose one that does
    document.save(str(path))
