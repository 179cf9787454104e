"""Cells of a workbook: text that is never a formula, numbers with their printed decimals, links to other cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

LONGEST = 32_767
"""Characters that a cell of a spreadsheet can hold."""

EXACT_DIGITS = 15
"""Significant digits that a number of a spreadsheet keeps; one with more is written as text."""

MOST_LINKS = 65_530
"""Links that a worksheet can hold."""

_UNWRITABLE = re.compile("[\ufffe\uffff]")


class Cells:
    """Writes typed cells into the worksheets of a workbook, and counts what had to be cut or could not be linked."""

    def __init__(self, workbook: Workbook) -> None:
        self.cut = 0
        self.unlinked = 0
        self._workbook = workbook
        self._links: dict[str, int] = {}
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """A format with these properties on top of the common ones, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._workbook.add_format({"valign": "top", **properties})
        return self._formats[key]

    def write(self, sheet: Worksheet, row: int, column: int, value: Any, decimals: int | None = None) -> None:
        """A value by its type; nothing for None. ``decimals`` are the digits printed after a figure's point."""
        if value is None:
            return
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.format())
        elif isinstance(value, datetime):
            sheet.write_datetime(row, column, value, self.format(num_format="yyyy-mm-dd hh:mm:ss"))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.format(num_format="yyyy-mm-dd"))
        elif isinstance(value, int | Decimal):
            self._number(sheet, row, column, Decimal(value), decimals)
        else:
            sheet.write_string(row, column, self._text(value), self.format(text_wrap=len(str(value)) > 30))

    def linked(
        self, sheet: Worksheet, row: int, column: int, value: Any, target: str, decimals: int | None = None
    ) -> None:
        """A value that leads to ``target``, a cell such as ``'sources'!A3``; without the link where the sheet is full."""
        used = self._links.get(sheet.get_name(), 0)
        if used >= MOST_LINKS:
            self.unlinked += 1
        else:
            self._links[sheet.get_name()] = used + 1
            sheet.write_url(row, column, f"internal:{target}", self.format(), " ")
        self.write(sheet, row, column, value, decimals)

    def marked(self, sheet: Worksheet, row: int, column: int, parts: Sequence[tuple[str, bool]]) -> None:
        """A text in parts, the marked ones bold and red."""
        shown = [(self._clean(text), mark) for text, mark in parts if text]
        whole = "".join(text for text, _ in shown)
        wrapped = self.format(text_wrap=True)
        if len(shown) < 2 or len(whole) > LONGEST:
            sheet.write_string(row, column, self._text(whole), wrapped)
            return
        red = self.format(bold=True, font_color="#B3261E")
        fragments: list[Any] = []
        for text, mark in shown:
            fragments += [red, text] if mark else [text]
        sheet.write_rich_string(row, column, *fragments, wrapped)

    def _number(self, sheet: Worksheet, row: int, column: int, value: Decimal, decimals: int | None) -> None:
        plain = value.normalize()
        exponent = plain.as_tuple().exponent
        own = max(0, -exponent) if isinstance(exponent, int) else 0
        shown = own if decimals is None else max(decimals, own)
        if len(plain.as_tuple().digits) > EXACT_DIGITS:
            sheet.write_string(row, column, f"{value:.{shown}f}", self.format(align="right"))
            return
        number_format = "0" + (f".{'0' * shown}" if shown else "")
        exact: Any = value  # written by its own digits; as a float 9.95 would stand in the file as 9.949999999999999
        sheet.write_number(row, column, exact, self.format(num_format=number_format))

    def _text(self, value: Any) -> str:
        text = self._clean(" / ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))
        if len(text) > LONGEST:
            self.cut += 1
            return f"{text[: LONGEST - 1]}…"
        return text

    @staticmethod
    def _clean(text: str) -> str:
        return _UNWRITABLE.sub("\ufffd", text)
