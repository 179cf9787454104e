"""Layout: tables without marks: which pieces are the serial numbers of rows, by their going on from one to the next."""

from __future__ import annotations

from pipeline.layout.spaced_pieces import Pieces


class Ordinals:
    """The serial numbers among the pieces of a table: 1, 2, 3 …, with 一 or 2.1 where rows are numbered on levels."""

    def __init__(self, pieces: Pieces, start: int) -> None:
        self._pieces = pieces
        self._next = start
        self._found: set[int] = set()
        self._last: tuple[int, ...] = ()

    def has(self, index: int) -> bool:
        """Whether the piece at an index is the serial number that is due there."""
        while self._next <= index:
            piece = self._pieces.get(self._next)
            ordinal = piece.ordinal if piece else None
            if ordinal and not ordinal[0].isdigit():
                self._found.add(self._next)
            elif ordinal and self._follows(number := tuple(map(int, ordinal.split(".")))):
                self._found.add(self._next)
                self._last = number
            self._next += 1
        return index in self._found

    def count(self, start: int, stop: int) -> int:
        """How many of the pieces [start, stop) are due serial numbers."""
        if stop > start:
            self.has(stop - 1)
        return sum(index in self._found for index in range(start, stop))

    def _follows(self, number: tuple[int, ...]) -> bool:
        """Whether a serial number may stand after the last: the next of its level, of one above, or the first below."""
        last = self._last
        if number in {(1,), (*last, 1)}:
            return True
        upper = number[:-1]
        return len(number) <= len(last) and last[: len(upper)] == upper and number[-1] == last[len(upper)] + 1
