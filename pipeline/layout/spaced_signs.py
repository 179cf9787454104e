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


def _first_word(pieces: Pieces, index: int) -> Piece | None:
    """The piece at an index, None where no line begins with it."""
    piece = pieces.get(index)
    return piece if piece is not None and piece.gap is not Gap.SPACE else None


def _is_alone(pieces: Pieces, index: int) -> bool:
    """Whether a piece is the last of its line."""
    following = pieces.get(index + 1)
    return following is None or following.gap is not Gap.SPACE
