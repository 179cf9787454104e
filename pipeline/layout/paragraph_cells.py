"""Layout: tables as a browser copies them where cells hold paragraphs: a cell a line, a line with a tab between two cells
of a row, and several blank lines between two rows."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.flow import View
from pipeline.layout.lines import Line, join
from pipeline.layout.tabbed import RawRow

_EMPTY = View("", ())
_BETWEEN_ROWS = 3
"""Blank lines, at least, from the last cell of a row to the first of the next."""
_FEWEST_CELLS = 3


def read_paragraph_cells(lines: Sequence[Line], start: int) -> tuple[list[RawRow], int] | None:
    """The rows of the table whose first cell is the line at ``start``, and the index of the line after it; None where none
    begins there.

    A merged cell is missing in the rows below its first; an empty one is an empty view.
    """
    if not _opens_row(lines, start):
        return None
    rows: list[RawRow] = [[lines[start].view]]
    stop = index = start + 1
    blanks = 0
    while index < len(lines):
        line = lines[index]
        if _is_mark(line):
            if not blanks:
                break
            rows[-1].append(_EMPTY)
            stop, blanks = index + 1, 0
        elif line.blank:
            blanks += 1
        elif line.tabbed or not _takes(rows, lines, index, blanks):
            break
        else:
            stop, blanks = index + 1, 0
        index += 1
    return (rows, stop) if len(rows) > 1 and max(map(len, rows)) >= _FEWEST_CELLS else None


def _takes(rows: list[RawRow], lines: Sequence[Line], index: int, blanks: int) -> bool:
    """Puts a line into its cell: the first of a new row, an empty one, or a filled one that goes on."""
    view = lines[index].view
    if blanks >= _BETWEEN_ROWS:
        if not _opens_row(lines, index):
            return False
        rows.append([view])
    elif not rows[-1][-1].text:
        rows[-1][-1] = view
    elif len(rows[-1]) < len(rows[0]) and _next_mark(lines, index) is not None:
        rows[-1][-1] = join([rows[-1][-1], view])
    else:
        return False
    return True


def _is_mark(line: Line) -> bool:
    return line.tabbed and line.blank


def _opens_row(lines: Sequence[Line], index: int) -> bool:
    """Whether a line is a cell that a tab on a line of its own follows, with a blank line on either side of it."""
    if index + 2 >= len(lines) or not lines[index].text or lines[index].tabbed:
        return False
    apart, mark = lines[index + 1], lines[index + 2]
    if not (apart.blank and not apart.tabbed and _is_mark(mark)):
        return False
    return index + 3 >= len(lines) or (lines[index + 3].blank and not lines[index + 3].tabbed)


def _next_mark(lines: Sequence[Line], index: int) -> int | None:
    """The line of the next tab of a row; None where the row ends first."""
    blanks = 0
    for place in range(index + 1, len(lines)):
        line = lines[place]
        if _is_mark(line):
            return place
        blanks = blanks + 1 if line.blank else 0
        if blanks >= _BETWEEN_ROWS:
            return None
    return None
