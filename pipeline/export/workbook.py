"""The workbook: one sheet a record type, the findings, and the source sentence of every record with its figures marked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.worksheet import Worksheet

from pipeline.export.cells import Cells
from pipeline.store import Store, StoreError, placed
from pipeline.store.records import column_of, field_columns
from schemas.fields import FieldInfo, Sort
from schemas.registry import RECORD_TYPES, RecordType

MOST_ROWS = 1_048_576
"""Rows that a worksheet can hold, the header among them."""

LONGEST_SOURCE = 3_000
"""Characters of a record's passage, from its first figure to its last; of a longer one the quote alone is shown."""

SOURCES = "sources 原文"
FINDINGS = "findings 疑点"

_FIGURES = frozenset({Sort.MONEY, Sort.NUMBER, Sort.QUANTITY})
_WIDE = {"quote": 50, "message": 60, "message_en": 60, "source": 90, "text": 60, "figures": 40, "suggestion": 30}


@dataclass(frozen=True, slots=True)
class WorkbookReport:
    """What was written: rows by sheet, texts that had to be cut, figures that a full sheet could not link."""

    rows: dict[str, int]
    cut: int
    unlinked: int


def export_workbook(store: Store, target: Path) -> WorkbookReport:
    """Write the current readings of a database as an XLSX workbook.

    A figure is a number with the decimals that are printed; its cell leads to the passage it was read from. Text is text,
    whatever it begins with: no cell is a formula.

    Raises:
        StoreError: a sheet would have more rows than a spreadsheet takes, or the file cannot be written.
    """
    with placed(target) as part:
        workbook = Workbook(os.fspath(part), {"constant_memory": True, "in_memory": False})
        writer = _Writer(store, workbook)
        try:
            rows = writer.write()
            workbook.close()
        except XlsxWriterException as error:
            raise StoreError(f"{target} cannot be written ({error}): name another place.") from error
    return WorkbookReport(rows, writer.cells.cut, writer.cells.unlinked)


class _Writer:
    """Writes the sheets one after the other, each row by row."""

    def __init__(self, store: Store, workbook: Workbook) -> None:
        self._store = store
        self._workbook = workbook
        self.cells = Cells(workbook)
        self._sources = list(store.query(_sql("sources.sql")).rows)
        self._source_row = {row[0]: number for number, row in enumerate(self._sources, start=1)}

    def write(self) -> dict[str, int]:
        """All sheets; how many rows each has."""
        rows = {name: self._records(t) for name, t in RECORD_TYPES.items()}
        return {**rows, "findings": self._findings(), "sources": self._passages()}

    def _sheet(self, name: str, header: Sequence[tuple[str, str]], rows: int) -> Worksheet:
        """A sheet with its header: the Chinese term above the column's name; the first row stays in view."""
        if rows >= MOST_ROWS:
            raise StoreError(
                f"{rows} rows are too many for a worksheet ({name}): export to a folder instead, --to FOLDER."
            )
        sheet = self._workbook.add_worksheet(name)
        head = self.cells.format(bold=True, text_wrap=True, bg_color="#E8EEF4", bottom=1)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(rows, 1), len(header) - 1)
        for column, (term, field) in enumerate(header):
            sheet.set_column(column, column, _WIDE.get(field, 18 if term or "name" in field else 12))
        sheet.set_row(0, 32)
        for column, (term, field) in enumerate(header):
            sheet.write_string(0, column, f"{term}\n{field}" if term else field, head)
        return sheet

    def _records(self, record_type: RecordType) -> int:
        shown = [("文档", "document"), ("状态", "status")]
        fields: list[tuple[FieldInfo, str]] = [(f, c.name) for f in record_type.fields for c in field_columns(f)]
        header = [*shown, *((_term(f, c), c) for f, c in fields), ("原文", "quote"), ("记录编号", "record_id")]
        names = ", ".join(f'r."{c}"' for _, c in header)
        question = (
            f"SELECT {names} FROM current_{record_type.name} AS r "  # noqa: S608
            "ORDER BY r.document, r.document_id, r.quote_start, r.record_id"
        )
        rows = self._store.query(question).rows
        decimals = self._decimals(record_type)
        sheet = self._sheet(f"{record_type.name} {record_type.term}", header, len(rows))
        linked = {column_of(f): f.name for f, _ in fields if f.sort in _FIGURES}
        for number, row in enumerate(rows, start=1):
            source = f"'{SOURCES}'!A{self._source_row[row[-1]] + 1}"
            for column, ((_, name), value) in enumerate(zip(header, row, strict=True)):
                printed = decimals.get((row[-1], linked.get(name.removesuffix("_value"), "")))
                if value is not None and (name in linked or name in {"quote", "record_id"}):
                    self.cells.linked(sheet, number, column, value, source, printed)
                else:
                    self.cells.write(sheet, number, column, value, printed)
        return len(rows)

    def _decimals(self, record_type: RecordType) -> dict[tuple[str, str], int]:
        """The decimals that each figure is printed with, by record and field."""
        question = (
            'SELECT l.record_id, l.field, arg_min(l.decimals, l."start") FROM literals AS l '  # noqa: S608
            f"SEMI JOIN current_{record_type.name} AS r ON r.record_id = l.record_id AND r.extractor = l.extractor "
            f"WHERE l.record_type = '{record_type.name}' GROUP BY ALL"
        )
        return {(record, field): decimals for record, field, decimals in self._store.query(question).rows}

    def _findings(self) -> int:
        header = [
            *(("文档", "document"), ("行", "line"), ("单位", "department"), ("年度", "year"), ("类型", "kind")),
            *(("严重程度", "severity"), ("说明", "message"), ("", "message_en"), ("报告所述", "stated")),
            *(("复算结果", "computed"), ("可能原因", "suggestion"), ("", "suggestion_en"), ("所涉数字", "figures")),
            *(("另一文档", "other_document"), ("疑点编号", "finding_id")),
        ]
        rows = self._store.query(_sql("findings.sql")).rows
        sheet = self._sheet(FINDINGS, header, len(rows))
        lines = self._store.lines()
        for number, (document, start, *rest, document_id, record_ids) in enumerate(rows, start=1):
            line = None if start is None else lines.line(document_id, start)
            source = next((self._source_row[r] for r in record_ids or () if r in self._source_row), None)
            for column, value in enumerate((document, line, *rest)):
                if source is not None and header[column][1] in {"stated", "line"} and value is not None:
                    self.cells.linked(sheet, number, column, value, f"'{SOURCES}'!A{source + 1}")
                else:
                    self.cells.write(sheet, number, column, value)
        return len(rows)

    def _passages(self) -> int:
        header = [("记录编号", "record_id"), ("记录类型", "record_type"), ("文档", "document"), ("状态", "status")]
        header += [("行", "line"), ("原文，所读数字标红", "source")]
        sheet = self._sheet(SOURCES, header, len(self._sources))
        lines = self._store.lines()
        for number, (record_id, record_type, document, document_id, status, start, stop, figures) in enumerate(
            self._sources, start=1
        ):
            line = lines.line(document_id, start)
            for column, value in enumerate((record_id, record_type, document, status, line)):
                self.cells.write(sheet, number, column, value)
            places = [tuple(place) for place in figures or ()]
            self.cells.marked(sheet, number, 5, list(marked(lines.text(document_id), (start, stop), places)))
        return len(self._sources)


def marked(text: str, quote: tuple[int, int], figures: Sequence[tuple[int, ...]]) -> Iterator[tuple[str, bool]]:
    """The passage of a record in parts, each with whether it is a figure: from its first character or figure to its last,
    the quote alone where that is longer than ``LONGEST_SOURCE``."""
    start, stop = min([quote[0], *(f[0] for f in figures)]), max([quote[1], *(f[1] for f in figures)])
    if stop - start > LONGEST_SOURCE:
        start, stop = quote
    at = start
    for first, last in sorted(set(figures)):
        if at <= first and last <= stop:
            yield text[at:first], False
            yield text[first:last], True
            at = last
    yield text[at:stop], False


def _term(field: FieldInfo, column: str) -> str:
    """The Chinese term of a column of a field."""
    part = column.removeprefix(column_of(field)).lstrip("_")
    return field.term + {"unit": "（单位）", "op": "（比较符）", "value": "（数值）"}.get(part, "")


def _sql(name: str) -> str:
    return files("pipeline.export").joinpath(name).read_text(encoding="utf-8")
