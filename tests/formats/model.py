"""A text report as paragraphs and tables with merged cells, as our own layout reads it.

The samples are text whose tables are flattened. Their rich forms are rebuilt from the layout, not from the gold: where
the layout misreads a row, the rich file holds that row too, so that the two are compared like with like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.documents import read_document
from pipeline.flow import Block, Table
from pipeline.layout import lay_out
from pipeline.layout.dashes import DASHES
from schemas.columns import column_role, is_total


@dataclass(frozen=True, slots=True)
class RichCell:
    """A cell of a grid and how far it reaches."""

    text: str
    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class RichTable:
    """A table: the size of its grid and its cells, every place of the grid covered once."""

    rows: int
    columns: int
    cells: tuple[RichCell, ...]


def rich(path: Path) -> list[str | RichTable]:
    """The paragraphs and tables of a text report in reading order; tables that touch are one, as a form is."""
    parts: list[str | RichTable] = []
    printed: set[str] = set()
    for part in lay_out(read_document(path)).parts:
        if isinstance(part, Block):
            parts.append(part.text)
            printed.add(part.text)
            continue
        caption = part.caption
        touching = bool(parts) and isinstance(parts[-1], RichTable)
        new = caption and caption not in printed and not any(caption.startswith(p) for p in printed if len(p) > 3)
        if caption and new:
            printed.add(caption)
            parts.append(RichTable(1, 1, (RichCell(caption, 0, 0, 1, 1),)) if touching else caption)
        parts.append(_table(part))
    return _stacked(parts)


def _stacked(parts: list[str | RichTable]) -> list[str | RichTable]:
    """Tables that touch as one, the last cells of narrow ones reaching to the right edge."""
    out: list[str | RichTable] = []
    for part in parts:
        above = out[-1] if out else None
        if isinstance(part, RichTable) and isinstance(above, RichTable):
            width = max(above.columns, part.columns)
            below = [replace(c, row=c.row + above.rows) for c in _widened(part, width)]
            out[-1] = RichTable(above.rows + part.rows, width, (*_widened(above, width), *below))
        else:
            out.append(part)
    return out


def _widened(table: RichTable, width: int) -> list[RichCell]:
    wider = width - table.columns
    return [replace(c, columns=c.columns + wider) if c.column + c.columns == table.columns else c for c in table.cells]


def _table(table: Table) -> RichTable:
    width = max(len(row.cells) for row in table.rows)
    paths = [cell.header for cell in max((row.cells for row in table.body), key=len, default=())]
    levels = _levels(paths, table, width)
    cells = _header_cells(levels)
    above: dict[int, int] = {}
    merging = {i for i, path in enumerate(paths) if path and (column_role(path[-1]) or "").startswith("level")}
    rows = table.body if levels else table.rows
    for row, found in enumerate(rows, start=len(levels)):
        _body_row([cell.text for cell in found.cells], row, width, merging, above, cells)
    return RichTable(len(levels) + len(rows), width, tuple(cells))


def _levels(paths: Sequence[tuple[str, ...]], table: Table, width: int) -> list[list[str]]:
    """The header as rows of labels, one label a column; a label that spans columns stands in each."""
    if not table.header_rows:
        return []
    if not any(paths):
        first = [cell.text for cell in table.rows[0].cells]
        return [first + [""] * (width - len(first))]
    padded = [*paths, *[()] * (width - len(paths))]
    depth = max(map(len, padded))
    return [[path[level] if level < len(path) else "" for path in padded] for level in range(depth)]


def _header_cells(levels: list[list[str]]) -> list[RichCell]:
    """Equal labels side by side are one cell; a label with nothing below it reaches down."""
    cells: list[RichCell] = []
    taken: set[tuple[int, int]] = set()
    for row, labels in enumerate(levels):
        column = 0
        while column < len(labels):
            if (row, column) in taken:
                column += 1
                continue
            stop = column + 1
            while stop < len(labels) and labels[stop] == labels[column] and labels[column]:
                stop += 1
            bottom = row + 1
            while bottom < len(levels) and not any(levels[bottom][column:stop]):
                bottom += 1
            taken |= {(r, c) for r in range(row, bottom) for c in range(column, stop)}
            cells.append(RichCell(labels[column], row, column, bottom - row, stop - column))
            column = stop
    return cells


def _body_row(
    texts: list[str], row: int, width: int, merging: set[int], above: dict[int, int], cells: list[RichCell]
) -> None:
    """A body row: an empty cell of a level's column is merged with the one above it; of a row that is shorter than the
    table the last cell reaches to the right edge, of a total the first one."""
    missing = width - len(texts)
    total = len(texts) > 1 and is_total(texts[0]) and texts[1] != ""
    column = 0
    for index, text in enumerate(texts):
        wide = 1 + missing if missing and index == (0 if total else len(texts) - 1) else 1
        if not text and column in merging and column in above and any(texts[index + 1 :]):
            old = cells[above[column]]
            cells[above[column]] = replace(old, rows=old.rows + 1)
        else:
            if wide == 1 and text not in DASHES:
                above[column] = len(cells)
            else:
                above.pop(column, None)
            cells.append(RichCell(text, row, column, 1, wide))
        column += wide
