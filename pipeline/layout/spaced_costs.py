"""Layout: tables without marks: what cells and rests of cells cost, worked out once for all readings of the same pieces."""

from __future__ import annotations

from pipeline.layout.spaced_cells import NO_HABIT, Habit, Mode, boundary_cost, cell_ends
from pipeline.layout.spaced_columns import Kind
from pipeline.layout.spaced_pieces import Gap, Pieces
from pipeline.layout.spaced_signs import (
    Signs,
    Stacks,
    begins_marks,
    begins_row,
    begins_with_group,
    fits_cell,
    is_figure,
    is_level_line,
    is_wide,
)

CLOSES = 2.0
"""What it speaks for the rest of a cell that it closes a bracket left open."""

REST, REST_LINE, REST_FIGURE, MOST_REST = 1.2, 0.5, 2.0, 80
"""What it costs to take the first lines of a page for the rest of one cell, and each line and each figure that begins
a line of the rest of several, up to so many pieces."""

NARROW = 6
"""Characters of a line that may be a label's; wider ones go on from a text and cost less."""


class Costs:
    """The costs of the pieces below a header, flattened in one mode, whatever the table's columns.

    ``page`` is how many characters a line of prose has, None where paragraphs are not wrapped. What speaks against a cell that
    goes on: ``wide`` lines, ``figures``, ``levels`` alone on their line, lines that begin with ``groups``, ``rows``, lines that
    end in ``marks``, and ``stacks`` of the lines of a group's name.
    """

    def __init__(self, pieces: Pieces, mode: Mode, page: int | None) -> None:
        self.pieces = pieces
        self.mode = mode
        self._page = page
        self._cells: dict[tuple[int, int, Habit], list[tuple[int, float]]] = {}
        self._boundaries: dict[int, float] = {}
        self._rests: dict[int, list[tuple[int, float, float]]] = {}
        self._steps: dict[int, tuple[float | None, bool]] = {}
        self._orphans: dict[int, list[tuple[int, float]]] = {}
        self.wide = Signs(pieces, is_wide(page))
        self.figures = Signs(pieces, is_figure)
        self.levels = Signs(pieces, is_level_line)
        self.groups = Signs(pieces, begins_with_group)
        self.rows = Signs(pieces, begins_row)
        self.marks = Signs(pieces, begins_marks)
        self.stacks = Stacks(pieces)

    def cell(self, start: int, kind: Kind, habit: Habit = NO_HABIT) -> list[tuple[int, float]]:
        """Where a cell of a kind that begins at a piece may end, each place with its cost."""
        key = (start, kind.value, habit)
        found = self._cells.get(key)
        if found is None:
            found = self._cells[key] = cell_ends(self.pieces, start, kind, self.mode, habit)
        return found

    def boundary(self, start: int) -> float:
        """What speaks against a cell's end before a piece."""
        found = self._boundaries.get(start)
        if found is None:
            left, right = self.pieces.get(start - 1), self.pieces.get(start)
            found = 0.0 if left is None or right is None else boundary_cost(left, right)
            self._boundaries[start] = found
        return found

    def rests(self, start: int) -> list[tuple[int, float, float]]:
        """Where the rest of one cell that begins at a piece may end, what it costs, and what speaks for it."""
        found = self._rests.get(start)
        if found is None:
            found = self._rests[start] = [
                (stop, cost, CLOSES if self.pieces.depth(start, stop) < 0 else 0.0)
                for stop, cost in self.cell(start, Kind.NAME)
            ]
        return found

    def orphans(self, start: int) -> list[tuple[int, float]]:
        """Where the rest of several cells that begins at a piece may end, each place with what it costs up to there."""
        found = self._orphans.get(start)
        if found is not None:
            return found
        found = self._orphans[start] = []
        cost = 0.0
        for stop in range(start + 1, start + MOST_REST):
            step = self._steps.get(stop)
            if step is None:
                step = self._steps[stop] = self._step(stop)
            more, ends_line = step
            if more is None:
                break
            cost += more
            if ends_line and stop > start + 1:
                found.append((stop, cost))
        return found

    def _step(self, stop: int) -> tuple[float | None, bool]:
        """What it costs a rest of several cells to take in the piece before ``stop``, None where it cannot; and whether a
        line ends there."""
        last, piece = self.pieces.get(stop - 1), self.pieces.get(stop)
        if last is None or piece is None or piece.gap is Gap.PAGE or not fits_cell(self.pieces, stop - 1, self._page):
            return None, False
        cost = 0.0
        if last.gap is not Gap.SPACE:
            narrow = self.pieces.line_length(stop - 1) <= NARROW
            cost = (REST_LINE if narrow else REST_LINE / 10) + (REST_FIGURE if last.value else 0.0)
        return cost, piece.gap is not Gap.SPACE
