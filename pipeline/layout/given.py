"""Layout: tables that the file itself draws: their merged cells are known, so that no row is guessed."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pipeline.drawn import GivenCell, GivenTable
from pipeline.flow import View
from pipeline.layout.lines import join
from pipeline.layout.tabbed import RawRow

_EMPTY = View("", ())


class GivenRow(list[View]):
    """The cells of a row of a given table; ``extents`` are the grid columns that each covers, first and past the last.

    A cell that is merged with one above stands in it as an empty view.
    """

    def __init__(self, cells: Iterable[tuple[View, tuple[int, int]]]) -> None:
        found = list(cells)
        super().__init__(view for view, _ in found)
        self.extents = tuple(extent for _, extent in found)


def given_rows(text: str, table: GivenTable) -> list[GivenRow]:
    """The rows of a given table, cells in the order of their columns."""
    rows: defaultdict[int, list[GivenCell]] = defaultdict(list)
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.rows):
            rows[row].append(cell)
    return [GivenRow(_row(text, index, sorted(rows[index], key=lambda c: c.column))) for index in sorted(rows)]


def _row(text: str, index: int, cells: Sequence[GivenCell]) -> Iterator[tuple[View, tuple[int, int]]]:
    for cell in cells:
        view = _view(text, cell) if cell.row == index else _EMPTY
        yield view, (cell.column, cell.column + cell.columns)


def _view(text: str, cell: GivenCell) -> View:
    return join((View(text[start:stop], range(start, stop)) for start, stop in cell.pieces), spaced=True)


def set_out(rows: Sequence[GivenRow], header_rows: int) -> tuple[list[RawRow], list[tuple[str, ...]]]:
    """The rows with every body cell below its header, and the labels above each column from the top.

    A grid is finer than what is seen: forms merge other columns in every part. The columns are those of the header
    rows; one that holds two filled cells of a row is divided. A header cell that is merged across labels every column
    below it; a row ends with its last cell, however far that reaches. Rows without a header stay as they are, since
    nothing says which cells stand below each other.
    """
    if not header_rows:
        return list(rows), []
    starts = sorted({first for row in rows[:header_rows] for first, _ in row.extents})
    for row in rows[header_rows:]:
        _divide(starts, row)
    placed: list[RawRow] = []
    levels: list[list[str]] = []
    for index, row in enumerate(rows):
        cells: RawRow = [_EMPTY] * len(starts)
        labels = [""] * len(starts)
        for view, (first, stop) in zip(row, row.extents, strict=True):
            if not view.text:
                continue
            column = _column(starts, first)
            cells[column] = view
            for below in range(column, max(column + 1, bisect_right(starts, stop - 1))):
                labels[below] = view.text.strip()
        placed.append(cells[: _column(starts, row.extents[-1][0]) + 1])
        if index < header_rows:
            levels.append(labels)
    return placed, [tuple(dict.fromkeys(label for label in column if label)) for column in zip(*levels, strict=True)]


def _divide(starts: list[int], row: GivenRow) -> None:
    """Adds the columns that the row needs so that no two of its filled cells fall into one."""
    last = -1
    for view, (first, _) in zip(row, row.extents, strict=True):
        if not view.text:
            continue
        column = _column(starts, first)
        if column == last:
            insort(starts, first)
            column += 1
        last = column


def _column(starts: Sequence[int], first: int) -> int:
    return max(0, bisect_right(starts, first) - 1)
