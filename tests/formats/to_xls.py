"""Writes a report as an Excel file of the old format: figures as numbers with formats, merged ranges, prose in single cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xlwt

from tests.formats.model import RichTable
from tests.formats.to_xlsx import typed


def write_xls(parts: Sequence[str | RichTable], path: Path) -> None:
    """Writes the file; an empty row stands above and below each table."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet")
    styles: dict[str, xlwt.XFStyle] = {}
    row = 0
    for part in parts:
        if isinstance(part, str):
            sheet.write(row, 0, part)
            row += 1
            continue
        for cell in part.cells:
            value, code = typed(cell.text)
            style = styles.setdefault(code, xlwt.easyxf(num_format_str=code))
            last = row + cell.row + cell.rows - 1, cell.column + cell.columns - 1
            if cell.rows > 1 or cell.columns > 1:
                sheet.write_merge(row + cell.row, last[0], cell.column, last[1], value, style)
            else:
                sheet.write(*last, value, style)
        row += part.rows + 1
    book.save(str(path))
