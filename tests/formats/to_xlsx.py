"""Writes a report as an Excel file: figures as numbers with formats, merged ranges, prose in single cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook

from tests.formats.model import RichTable

_NUMBER = re.compile(r"(?P<whole>0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,11})(?:\.(?P<fraction>\d{1,6}))?(?P<percent>%?)")


def write_xlsx(parts: Sequence[str | RichTable], path: Path) -> None:
    """Writes the file; an empty row stands above and below each table."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    row = 1
    for part in parts:
        if isinstance(part, str):
            sheet.cell(row, 1, part)
            row += 1
            continue
        for cell in part.cells:
            value, code = typed(cell.text)
            written = sheet.cell(row + cell.row, cell.column + 1, value)
            written.number_format = code
            if isinstance(value, str):
                written.data_type = "s"  # words that begin with = are no formula
            if cell.rows > 1 or cell.columns > 1:
                sheet.merge_cells(
                    start_row=row + cell.row,
                    start_column=cell.column + 1,
                    end_row=row + cell.row + cell.rows - 1,
                    end_column=cell.column + cell.columns,
                )
        row += part.rows + 1
    book.save(path)


def typed(text: str) -> tuple[str | Decimal | None, str]:
    """What a person would have typed to see this text: a number with a format, or the text itself."""
    match = _NUMBER.fullmatch(text)
    if not match:
        return text or None, "General"
    value = Decimal(text.replace(",", "").rstrip("%"))
    code = "#,##0" if "," in text else "0"
    code += "." + "0" * len(match["fraction"]) if match["fraction"] else ""
    return (value.scaleb(-2), code + "%") if match["percent"] else (value, code)
