"""Documents: Excel files (XLSX): every number as its format shows it, merged ranges, one sheet after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lxml import etree

from pipeline.documents.canonical import Canonical, CanonicalWriter
from pipeline.documents.errors import DocumentError
from pipeline.documents.limits import Limits
from pipeline.documents.number_formats import BUILT_IN, shown
from pipeline.documents.package import Package
from pipeline.documents.sheets import Sheet, write_sheet

_X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FARTHEST = 308
"""Powers of ten that a spreadsheet holds."""
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.ASCII)


def read_xlsx(path: Path, data: bytes, limits: Limits) -> Canonical:
    """The canonical text of an Excel file, a page a sheet; hidden sheets, rows and columns are not read.

    Raises:
        DocumentError: the package is broken, protected or too large, or holds no workbook.
    """
    package = Package(path, data, limits)
    main = package.main_part("xl/workbook.xml")
    workbook = package.xml(main)
    if workbook is None:
        raise DocumentError(path, "is an Excel file without a workbook part", "open it and save it again")
    book = _Book(package, main, workbook)
    writer = CanonicalWriter()
    for element in workbook.iter(f"{_X}sheet"):
        name = element.get("name", "")
        if element.get("state", "visible") != "visible":
            writer.remarks.append(f"sheet {name} is hidden and not read")
            continue
        root = package.xml(book.part_of(element))
        if root is not None and root.tag == f"{_X}worksheet":
            write_sheet(path, book.sheet(name, root, writer.remarks), writer, limits)
    return writer.finish()


class _Book:
    """What the sheets of a workbook share: its strings, its number formats, its calendar."""

    def __init__(self, package: Package, main: str, workbook: etree._Element) -> None:
        self._relations = package.relations(main)
        parts = {kind.rpartition("/")[2]: target for kind, target in self._relations.values()}
        self._strings = [_text(s) for s in _children(package.xml(parts.get("sharedStrings", "")), "si")]
        self._formats = _formats(package.xml(parts.get("styles", "")))
        properties = workbook.find(f"{_X}workbookPr")
        self._from_1904 = properties is not None and properties.get("date1904") in {"1", "true"}

    def part_of(self, sheet: etree._Element) -> str:
        """The name of a sheet's part."""
        _, target = self._relations.get(sheet.get(f"{_R}id", ""), ("", ""))
        return target

    def sheet(self, name: str, root: etree._Element, remarks: list[str]) -> Sheet:
        """What is seen of a sheet; what is not is told in the remarks."""
        sheet = Sheet(name)
        hidden_columns = _hidden_columns(root)
        hidden = unsaved = 0
        row_number = 0
        for row in root.iter(f"{_X}row"):
            row_number = _whole(row.get("r")) or row_number + 1
            column = 0
            for cell in row.iter(f"{_X}c"):
                found = _place(cell.get("r", ""))
                column = found[1] if found else column + 1
                text = self._shown(cell)
                if text is None:
                    unsaved += 1
                elif text.strip() and (row.get("hidden") in {"1", "true"} or column in hidden_columns):
                    hidden += 1
                else:
                    sheet.fill(row_number, column, text)
        for merge in root.iter(f"{_X}mergeCell"):
            first, _, last = merge.get("ref", "").partition(":")
            start, stop = _place(first), _place(last)
            if start and stop:
                sheet.merge(*start, stop[0] - start[0] + 1, stop[1] - start[1] + 1)
        if hidden:
            remarks.append(f"{hidden} filled cells of sheet {name} are in hidden rows or columns and not read")
        if unsaved:
            remarks.append(
                f"{unsaved} formulas of sheet {name} have no stored result: open the file in Excel or WPS, save it and "
                "run again"
            )
        return sheet

    def _shown(self, cell: etree._Element) -> str | None:
        """The text of a cell as it is seen; None for a formula whose result is not stored."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text(cell.find(f"{_X}is"))
        value = cell.findtext(f"{_X}v", "")
        if not value:
            return None if cell.find(f"{_X}f") is not None and kind != "str" else ""
        if kind == "s":
            index = _whole(value)
            return self._strings[index] if index is not None and index < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return value if kind in {"str", "e", "d"} else self._number(value, _whole(cell.get("s")) or 0)

    def _number(self, value: str, style: int) -> str:
        """A number as its cell's style shows it; what is none stays as it is."""
        try:
            number = Decimal(value)
        except InvalidOperation:
            return value
        if not number.is_finite() or abs(number.adjusted()) > _FARTHEST:
            return value
        return shown(number, self._formats.get(style, "General"), from_1904=self._from_1904)


def _formats(styles: etree._Element | None) -> dict[int, str]:
    """The number format of each cell style."""
    if styles is None:
        return {}
    own = {_whole(f.get("numFmtId")): f.get("formatCode", "General") for f in styles.iter(f"{_X}numFmt")}
    cells = styles.find(f"{_X}cellXfs")
    formats = {}
    for index, style in enumerate(_children(cells, "xf")):
        number = _whole(style.get("numFmtId")) or 0
        formats[index] = own.get(number) or BUILT_IN.get(number, "General")
    return formats


def _hidden_columns(root: etree._Element) -> set[int]:
    hidden: set[int] = set()
    for columns in root.iter(f"{_X}col"):
        first, last = _whole(columns.get("min")), _whole(columns.get("max"))
        if columns.get("hidden") in {"1", "true"} and first and last:
            hidden.update(range(first, min(last, 16_384) + 1))
    return hidden


def _text(item: etree._Element | None) -> str:
    """The text of a string, its runs joined; the readings above Japanese words are no part of it."""
    if item is None:
        return ""
    return "".join(t.text or "" for t in item.iter(f"{_X}t") if _tag_above(t) != f"{_X}rPh")


def _tag_above(element: etree._Element) -> str:
    parent = element.getparent()
    return str(parent.tag) if parent is not None else ""


def _children(parent: etree._Element | None, name: str) -> Iterator[etree._Element]:
    if parent is not None:
        yield from parent.iterchildren(f"{_X}{name}")


def _place(reference: str) -> tuple[int, int] | None:
    """Row and column, from 1, of a reference such as AB12."""
    match = _PLACE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 9 else None
