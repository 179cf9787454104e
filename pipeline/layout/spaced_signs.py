"""Layout: tables without marks: the pieces that bear a sign against a cell that goes on over them, each asked once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from pipeline.layout.indicator_groups import is_group
from pipeline.layout.spaced_cells import is_level
from pipeline.layout.spaced_pieces import Gap, Piece, Pieces

WIDE = 0.85
"""Share of a line of prose from which on a line is no cell's."""

_SHORTEST_GROUP = 3
"""Characters of a group's name that a line may begin with inside a cell."""


_STACKED, _SHORTEST_STACK, _LONGEST_GROUP = 5, 4, 16
"""Lines of a group's name that is broken over them, or characters of one of these, at most; characters of the name."""

_MARKS = 2
"""Figures at the end of a line that is a row."""


class Signs:
    """The pieces of a text that bear a sign; each is asked once, whatever cells it may be in."""

    def __init__(self, pieces: Pieces, bears: Callable[[Pieces, int], bool]) -> None:
        self._pieces = pieces
        self._bears = bears
        self._places: list[int] = []
        self._asked = 0

    def first(self, start: int, stop: int) -> int | None:
        """The first of the pieces [start, stop) that bears it."""
        if self._asked < stop:
            self._places += [i for i in range(self._asked, stop) if self._bears(self._pieces, i)]
            self._asked = stop
        index = bisect_left(self._places, start)
        return self._places[index] if index < len(self._places) and self._places[index] < stop else None


def is_wide(page: int | None) -> Callable[[Pieces, int], bool]:
    """Whether a piece begins a line that is as wide as prose on a page of so many characters a line."""
    return lambda pieces, index: _first_word(pieces, index) is not None and not fits_cell(pieces, index, page)


def fits_cell(pieces: Pieces, index: int, page: int | None) -> bool:
    """Whether a piece's line is narrower than the lines of the text around the table."""
    return page is None or pieces.line_length(index) < WIDE * page


def is_figure(pieces: Pieces, index: int) -> bool:
    """Whether a piece is a number."""
    piece = pieces.get(index)
    return piece is not None and piece.figure


def is_level_line(pieces: Pieces, index: int) -> bool:
    """Whether a line is a level's name with its full marks and nothing else (产出（36分）)."""
    piece = _first_word(pieces, index)
    return piece is not None and piece.text[-1] in "）)" and is_level(piece.text) and _is_alone(pieces, index)


def begins_with_group(pieces: Pieces, index: int) -> bool:
    """Whether a line begins with a group's name."""
    piece = _first_word(pieces, index)
    return piece is not None and len(piece.text) >= _SHORTEST_GROUP and is_group(piece.text)


def begins_row(pieces: Pieces, index: int) -> bool:
    """Whether a line's first word is a group's name and the line has more cells (产出 数量指标 …): a row begins there."""
    piece = _first_word(pieces, index)
    return piece is not None and not _is_alone(pieces, index) and is_group(piece.text)


def begins_marks(pieces: Pieces, index: int) -> bool:
    """Whether a line is words and two figures behind them, as a row without a remark is (管护机制健全性 4 4)."""
    piece = _first_word(pieces, index)
    if piece is None or not piece.han or piece.total:
        return False
    last = index
    while not _is_alone(pieces, last):
        last += 1
        if last > index + _STACKED:
            return False
    return last >= index + _MARKS and all(is_figure(pieces, place) for place in (last - 1, last))


def begins_stack(pieces: Pieces, index: int) -> bool:
    """Whether a group's name begins at a piece that stands over lines which hold nothing else (资金, 管理), or one of the first
    level with such a name right below it (过程)."""
    if (
        _first_word(pieces, index) is None
        or not _is_alone(pieces, index)
        or not 1 < len(_text(pieces, index)) <= _STACKED
    ):
        return False
    if any(stack_end(pieces, above) > index for above in range(max(0, index - _STACKED), index)):
        return False
    if stack_end(pieces, index):
        return True
    return is_group(_text(pieces, index)) and stack_end(pieces, index + 1) > 0


def stack_end(pieces: Pieces, index: int) -> int:
    """The piece after the longest group's name that begins at a piece and is broken over lines that hold nothing else; 0
    where none does."""
    text, end = _text(pieces, index), 0
    if _first_word(pieces, index) is None or not 0 < len(text) <= _STACKED:
        return 0
    for following in range(index + 1, index + _STACKED):
        text += _text(pieces, following)
        if not _is_alone(pieces, following - 1) or not _is_alone(pieces, following) or len(text) > _LONGEST_GROUP:
            break
        if len(text) >= _SHORTEST_STACK and is_group(text):
            end = following + 1
    return end


def _text(pieces: Pieces, index: int) -> str:
    piece = pieces.get(index)
    return piece.text if piece is not None else ""


def _first_word(pieces: Pieces, index: int) -> Piece | None:
    """The piece at an index, None where no line begins with it."""
    piece = pieces.get(index)
    return piece if piece is not None and piece.gap is not Gap.SPACE else None


def _is_alone(pieces: Pieces, index: int) -> bool:
    """Whether a piece is the last of its line."""
    following = pieces.get(index + 1)
    return following is None or following.gap is not Gap.SPACE
