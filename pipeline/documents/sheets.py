"""Documents: a spreadsheet's sheets as text: what stands above and below its tables as paragraphs, the tables as drawn."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from pipeline.documents.canonical import CanonicalWriter, DrawnCell
from pipeline.documents.errors import DocumentError
from pipeline.documents.limits import Limits


@dataclass(slots=True)
class Sheet:
    """What is seen of a sheet: its filled cells, and for the first cell of a merged range the rows and columns that it
    spans; each by row and column. Add the merged ranges last."""

    name: str
    texts: dict[int, dict[int, str]] = field(default_factory=dict)
    merges: dict[int, dict[int, tuple[int, int]]] = field(default_factory=dict)

    def fill(self, row: int, column: int, text: str) -> None:
        """Fills a cell; text of nothing but white space leaves it empty."""
        if text.strip():
            self.texts.setdefault(row, {})[column] = text

    def merge(self, row: int, column: int, rows: int, columns: int) -> None:
        """Merges a range; what lies below its first cell is not seen, and goes."""
        if rows < 1 or columns < 1 or rows * columns < 2:
            return
        self.merges.setdefault(row, {})[column] = (rows, columns)
        covered = range(row, row + rows) if rows < len(self.texts) else [r for r in self.texts if row <= r < row + rows]
        for index in covered:
            texts = self.texts.get(index, {})
            for place in [p for p in texts if column <= p < column + columns and (index, p) != (row, column)]:
                del texts[place]


def write_sheet(path: Path, sheet: Sheet, writer: CanonicalWriter, limits: Limits) -> None:
    """Writes a sheet as a page of its name. Empty rows divide its tables; rows above and below a table whose only
    filled cell stands at its left edge are paragraphs (its title, its notes).

    Raises:
        DocumentError: its tables have more cells than the limit.
    """
    writer.page(sheet.name)
    for rows in _blocks(sheet):
        first, last = 0, len(rows)
        left = min(column for row in rows for column in sheet.texts.get(row, ()))
        while first < last and _stands_alone(sheet, rows[first], left):
            first += 1
        merged = (row + tall for row in rows[first:] for tall, _ in sheet.merges.get(row, {}).values() if tall > 1)
        reached = max(merged, default=0)
        while last > first and rows[last - 1] >= reached and _stands_alone(sheet, rows[last - 1], left):
            last -= 1
        _paragraphs(sheet, rows[:first], writer)
        if first < last:
            table = rows[first:last]
            columns = sorted({column for row in table for column in sheet.texts.get(row, ())})
            if len(table) * len(columns) > limits.cells:
                raise DocumentError(
                    path,
                    f"sheet {sheet.name} has {len(table):,} × {len(columns):,} cells, more than the limit of {limits.cells:,}",
                    "remove what is no report, or raise max_cells",
                )
            writer.table(list(_cells(sheet, table, columns)))
        _paragraphs(sheet, rows[last:], writer)


def _blocks(sheet: Sheet) -> Iterator[list[int]]:
    """Runs of rows without an empty one between them; a row that a filled merged cell covers is not empty."""
    filled = {row for row, texts in sheet.texts.items() if texts}
    end = max(filled, default=0) + 1
    reached = 0
    for row in sorted(filled):
        for column, (tall, _) in sheet.merges.get(row, {}).items():
            if column in sheet.texts[row]:
                stop = min(row + tall, end)
                filled.update(range(max(row, reached), stop))
                reached = max(reached, stop)
    for _, run in groupby(enumerate(sorted(filled)), key=lambda pair: pair[1] - pair[0]):
        yield [row for _, row in run]


def _stands_alone(sheet: Sheet, row: int, left: int) -> bool:
    """Whether a row holds one text, at the left edge of its block."""
    texts = sheet.texts.get(row, {})
    return len(texts) == 1 and left in texts


def _paragraphs(sheet: Sheet, rows: Sequence[int], writer: CanonicalWriter) -> None:
    for row in rows:
        for text in sheet.texts.get(row, {}).values():
            writer.paragraph(text)


def _cells(sheet: Sheet, rows: Sequence[int], columns: Sequence[int]) -> Iterator[DrawnCell]:
    """The cells of a block: those that are filled, and empty ones wherever another row has a cell."""
    bottom = rows[-1] + 1
    until: dict[int, int] = {}
    for row in rows:
        texts, merges = sheet.texts.get(row, {}), sheet.merges.get(row, {})
        reach = 0
        for column in columns:
            if column < reach or until.get(column, 0) > row:
                continue
            tall, wide = merges.get(column, (1, 1))
            reach = column + wide
            if tall > 1:
                tall = min(tall, bottom - row)
                for covered in columns[bisect_left(columns, column) : bisect_left(columns, reach)]:
                    until[covered] = row + tall
            yield DrawnCell(row, column, tall, wide, [texts[column]] if column in texts else [])
