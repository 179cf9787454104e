"""Documents: Excel files of the old format (XLS): every number as its format shows it, merged ranges, sheet by sheet."""

from __future__ import annotations

from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import xlrd

from pipeline.documents.canonical import Canonical, CanonicalWriter
from pipeline.documents.errors import DocumentError
from pipeline.documents.limits import Limits
from pipeline.documents.number_formats import shown
from pipeline.documents.sheets import Sheet, write_sheet

_EMPTY = {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}
_NUMBERS = frozenset({xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE})
_VISIBLE = 0


def read_xls(path: Path, data: bytes, limits: Limits) -> Canonical:
    """The canonical text of an old Excel file, a page a sheet; hidden sheets, rows and columns are not read.

    Raises:
        DocumentError: the file is broken, protected or too large.
    """
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=StringIO())
    except Exception as error:
        if "encrypted" in str(error):
            raise DocumentError(
                path, "is protected with a password", "save it without the password and run again"
            ) from error
        raise DocumentError(
            path, f"is a broken Excel file of the old format ({error})", "open it, save it as XLSX and run again"
        ) from error
    writer = CanonicalWriter()
    for found in book.sheets():
        if found.visibility != _VISIBLE:
            writer.remarks.append(f"sheet {found.name} is hidden and not read")
        else:
            write_sheet(path, _sheet(book, found, writer.remarks), writer, limits)
    return writer.finish()


def _sheet(book: Any, found: Any, remarks: list[str]) -> Sheet:
    sheet = Sheet(found.name)
    hidden = 0
    for row in range(found.nrows):
        for column, kind in enumerate(found.row_types(row)):
            if kind in _EMPTY:
                continue
            text = _shown(book, found.cell(row, column))
            if not text.strip():
                continue
            if _is_hidden(found.rowinfo_map.get(row)) or _is_hidden(found.colinfo_map.get(column)):
                hidden += 1
            else:
                sheet.fill(row, column, text)
    for top, bottom, left, right in found.merged_cells:
        sheet.merge(top, left, bottom - top, right - left)
    if hidden:
        remarks.append(f"{hidden} filled cells of sheet {found.name} are in hidden rows or columns and not read")
    return sheet


def _is_hidden(info: Any) -> bool:
    return info is not None and bool(info.hidden)


def _shown(book: Any, cell: Any) -> str:
    """The text of a cell as it is seen. The file holds binary fractions; the digits that a spreadsheet keeps of one are
    its shortest decimal."""
    if cell.ctype in _NUMBERS:
        key = book.xf_list[cell.xf_index].format_key
        code = book.format_map[key].format_str if key in book.format_map else None
        return shown(Decimal(repr(cell.value)), code or "General", from_1904=book.datemode == 1)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return str(cell.value)
