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


_STACKED, _UPPER_GROUP, _SHORTEST_STACK, _LONGEST_GROUP = 5, 2, 4, 16
"""Lines of a group's name that is broken over them, or characters of one of these, at most; characters at least of a group
above it and of the name, and at most of the name."""

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


class Stacks:
    """The groups' names of a text that are broken over lines which hold nothing else (资金, 管理); each piece is asked once."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._ends: list[int] = []
        self._places: list[int] = []
        self._covered = 0
        self._asked = 0

    def end(self, index: int) -> int:
        """The piece after the longest such name that begins at a piece; 0 where none does."""
        if index >= self._asked:
            self._ask(index + 1)
        return self._ends[index]

    def first(self, start: int, stop: int) -> int | None:
        """The first of the pieces [start, stop) at which such a name begins, or one of the first level with such a name right
        below it (过程)."""
        if stop > self._asked:
            self._ask(stop)
        index = bisect_left(self._places, start)
        return self._places[index] if index < len(self._places) and self._places[index] < stop else None

    def _ask(self, stop: int) -> None:
        for index in range(self._asked, stop):
            end = _stack_end(self._pieces, index)
            self._ends.append(end)
            if index >= self._covered and (end or self._heads_stack(index)):
                self._places.append(index)
            self._covered = max(self._covered, end)
        self._asked = stop

    def _heads_stack(self, index: int) -> bool:
        piece = self._pieces.get(index)
        alone = piece is not None and piece.gap is not Gap.SPACE and _UPPER_GROUP <= len(piece.text) <= _STACKED
        return alone and piece is not None and is_group(piece.text) and _stack_end(self._pieces, index + 1) > 0


def _stack_end(pieces: Pieces, index: int) -> int:
    piece, following = pieces.get(index), pieces.get(index + 1)
    if piece is None or piece.gap is Gap.SPACE or len(piece.text) > _STACKED:
        return 0
    text, end = piece.text, 0
    for place in range(index + 2, index + _STACKED + 1):
        if following is None or following.gap is Gap.SPACE:
            break
        text += following.text
        following = pieces.get(place)
        if len(text) > _LONGEST_GROUP or (following is not None and following.gap is Gap.SPACE):
            break
        if len(text) >= _SHORTEST_STACK and is_group(text):
            end = place
    return end


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


def _first_word(pieces: Pieces, index: int) -> Piece | None:
    """The piece at an index, None where no line begins with it."""
    piece = pieces.get(index)
    return piece if piece is not None and piece.gap is not Gap.SPACE else None


def _is_alone(pieces: Pieces, index: int) -> bool:
    """Whether a piece is the last of its line."""
    following = pieces.get(index + 1)
    return following is None or following.gap is not Gap.SPACE
