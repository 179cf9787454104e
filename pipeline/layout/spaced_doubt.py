"""Layout: tables without marks: how wide a table's columns are, and which of its cells could as well be others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.layout.spaced_cells import Habit, is_closed
from pipeline.layout.spaced_columns import LABELS, Column, Kind
from pipeline.layout.spaced_pieces import AUTOSPACE, Gap, Pieces
from pipeline.layout.spaced_rows import Node, Reader
from pipeline.layout.tabbed import RawRow
from pipeline.numerals import whole_numeral

SURE = 0.5
"""By how much a cell must be cheaper than every reading without it."""

_WORDS = LABELS | {Kind.TEXT, Kind.SHORT}
_FAR = 150
"""Pieces without a figure among them, from which on nothing is sure."""

_RATES = frozenset({"execution_rate", "score_rate", "change_rate"})
_HIGHEST_RATE = 150
"""Beyond it a number without a sign for per cent is no rate."""

_ENOUGH = 2
"""Cells of several lines that show how wide a column is."""


def path_of(node: Node) -> list[Node]:
    """The cells of a reading in order."""
    path: list[Node] = []
    step: Node | None = node
    while step is not None and step.previous is not None:
        path.append(step)
        step = step.previous
    return path[::-1]


def habits_of(pieces: Pieces, columns: Sequence[Column], path: Sequence[Node]) -> tuple[Habit, ...]:
    """What the cells of each column have in common, as the reading of a table shows it."""
    widths: list[list[float]] = [[] for _ in columns]
    closed: list[list[bool]] = [[] for _ in columns]
    for node in path:
        first = pieces.get(node.start)
        if node.filled < 0 or columns[node.filled].kind not in _WORDS or first is None:
            continue
        lines = line_widths(pieces, node.start, node.stop)
        if len(lines) > 1:
            widths[node.filled].append(max(lines))
        if columns[node.filled].kind is Kind.LEVEL and not first.total and not first.dash:
            closed[node.filled].append(is_closed(pieces.joined(node.start, node.stop)))
    return tuple(
        Habit(sorted(w)[3 * len(w) // 4] if len(w) >= _ENOUGH else 0.0, bool(c) and all(c))
        for w, c in zip(widths, closed, strict=True)
    )


def line_widths(pieces: Pieces, start: int, stop: int) -> list[float]:
    """The widths of the lines of a cell of pieces [start, stop)."""
    widths: list[float] = []
    for index in range(start, stop):
        piece = pieces.get(index)
        if piece is None:
            break
        if widths and piece.gap is Gap.SPACE:
            widths[-1] += AUTOSPACE + piece.width
        else:
            widths.append(piece.width)
    return widths


def doubtful(reader: Reader, path: Sequence[Node]) -> Iterator[tuple[int, int]]:
    """The cells of a reading that another reading of the words around could as well do without: the index of each, and
    the leftmost column that the other reading begins the row with."""
    for index, node in enumerate(path):
        if node.filled < 0 or reader.columns[node.filled].kind not in _WORDS or _firm(reader, path, index):
            continue
        first, last = _between(reader, path, index)
        start = path[first].previous
        assert start is not None
        if path[last].stop - start.stop > _FAR:
            yield index, 0
            continue
        other = reader.otherwise(start, path[last], node)
        if other is not None and other.cost < path[last].cost + SURE:
            yield index, _row_start(other, start)


def misplaced(columns: Sequence[Column], rows: Sequence[RawRow]) -> bool:
    """Whether a column of rates holds amounts, so that the figures stand in the wrong columns."""
    for place, column in enumerate(columns):
        if column.role in _RATES:
            found = [whole_numeral(row[place].text) for row in rows if place < len(row) and row[place].text]
            amounts = [n for n in found if n is not None and n.unit is None and n.value > _HIGHEST_RATE]
            if len(amounts) * 2 > len(found) and len(amounts) > 1:
                return True
    return False


def _row_start(node: Node, stop: Node) -> int:
    """The leftmost column that a reading fills in its last row, looking back to another node."""
    first = node.filled
    step: Node | None = node
    while step is not None and step is not stop:
        if step.column == 0 and step is not node:
            break
        first = min(first, step.filled) if step.filled >= 0 else first
        step = step.previous
    return max(first, 0)


def _firm(reader: Reader, path: Sequence[Node], index: int) -> bool:
    """Whether a cell stands between figures on its own line, so that nothing else can be made of it."""
    node = path[index]
    piece = reader.pieces.get(node.start)
    if piece is not None and piece.total:
        return True
    if node.stop - node.start > 1:
        return False
    before = index > 0 and reader.columns[path[index - 1].filled].kind not in _WORDS
    after = index + 1 < len(path) and reader.columns[path[index + 1].filled].kind not in _WORDS
    return before and after


def _between(reader: Reader, path: Sequence[Node], index: int) -> tuple[int, int]:
    """The run of cells of words around a cell: the indices of the first and of the last."""
    first = last = index
    while first > 0 and _wordy(reader, path[first - 1]):
        first -= 1
    while last + 1 < len(path) and _wordy(reader, path[last + 1]):
        last += 1
    return first, last


def _wordy(reader: Reader, node: Node) -> bool:
    return node.filled < 0 or reader.columns[node.filled].kind in _WORDS
