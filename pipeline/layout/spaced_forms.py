"""Layout: tables without marks: forms whose rows are labels and values in turn (总收入 120.50 财政拨款 100.50)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.flow import View
from pipeline.layout.lines import Line, join
from pipeline.layout.spaced_cells import is_unit
from pipeline.layout.spaced_pieces import Gap, Piece, Pieces
from pipeline.layout.tabbed import RawRow
from schemas.columns import column_role

_NOT_IN_LABEL = re.compile(r"[。；;，,：:！？!?\d]")
_LONGEST_LABEL = 14
_LONGEST_LINE = 100
_ROWS = 2
TALL = 3
"""Lines of a label beside whose middle its value stands, a whole line above the label's last."""


def read_form(lines: Sequence[Line], index: int) -> tuple[list[RawRow], int] | None:
    """The rows of the form that begins at line ``index``, label and value in turn, and the line after it.

    None unless at least two rows of equally many pairs, two or more, stand there; it ends where that ends.
    """
    if not _begins_form(lines[index]):
        return None
    pieces = Pieces(lines, index)
    rows: list[RawRow] = []
    start = 0
    while (found := _row(pieces, start)) is not None:
        row, stop = found
        if len(row) < 4 or (rows and len(row) != len(rows[0])):
            break
        rows.append(row)
        start = stop
    return (rows, pieces.line_after(start - 1)) if len(rows) >= _ROWS else None


def _begins_form(line: Line) -> bool:
    """Whether a line is one row of a form by itself: words and figures in turn, at least two pairs."""
    words = line.text.split() if len(line.text) <= _LONGEST_LINE else []
    if len(words) < 4 or len(words) % 2:
        return False
    return all(_may_be_label(word) for word in words[::2]) and all(word[0].isdigit() for word in words[1::2])


def _may_be_label(text: str) -> bool:
    return 2 <= len(text) <= _LONGEST_LABEL and not _NOT_IN_LABEL.search(text) and not is_unit(text)


def _row(pieces: Pieces, start: int) -> tuple[RawRow, int] | None:
    """A row from piece ``start`` on and the piece after it: it ends with the value that ends its line."""
    row: RawRow = []
    place = start
    while True:
        pair = _pair(pieces, place)
        if pair is None:
            return None
        cells, place = pair
        row += cells
        following = pieces.get(place)
        if following is None or following.gap is not Gap.SPACE:
            return row, place


def _pair(pieces: Pieces, start: int) -> tuple[list[View], int] | None:
    """A label, which may be broken over lines, and its value; where the label is followed by words and a figure on a
    line of their own, these are the value."""
    place, cut = start, start
    while (piece := pieces.get(place)) and not piece.value:
        if place > start and not _goes_on(piece):
            return None
        if place > start and piece.gap is Gap.SOFT:
            if cut > start:
                return None
            cut = place
        place += 1
        if place - start > 8:
            return None
    if piece is None or place == start or (piece.gap is Gap.HARD and pieces.lines_between(start, place) < TALL):
        return None
    label_stop = cut if cut > start else place
    if not _may_be_label(pieces.joined(start, label_stop)) or _heads_columns(pieces.joined(start, label_stop)):
        return None
    value_start = cut if cut > start else place
    return [join(pieces.views(start, label_stop)), join(pieces.views(value_start, place + 1))], place + 1


def _goes_on(piece: Piece) -> bool:
    """Whether a piece may go on a label: a line of its own, of words."""
    return piece.gap is not Gap.SPACE and not _NOT_IN_LABEL.search(piece.text)


def _heads_columns(label: str) -> bool:
    """Whether a label is a row's serial number or total rather than the name of one value."""
    return column_role(label) in {"seq", "option", "level1", "level2", "level3"}
