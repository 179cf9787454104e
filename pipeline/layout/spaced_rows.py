"""Layout: tables without marks: the rows that the pieces below a header make up, found as the cheapest reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache

from pipeline.layout.spaced_cells import NO_HABIT, Habit, Mode, boundary_cost, cell_ends
from pipeline.layout.spaced_columns import FIGURES, LABELS, Column, Kind
from pipeline.layout.spaced_pieces import Gap, Pieces
from schemas.columns import is_total
from schemas.units import load_vocabulary

LINE_WORTH, FIGURE_WORTH = 0.7, 0.4
"""What a line that finds its place is worth, and a figure that finds its column: where rows cost more than they are
worth, the table ends above them."""

WORST_ROW, WORST_CELL = 2.5, 0.5
"""Cost at which a row is no row: so much, and so much for each column."""

GIVE_UP = 6.0
BEAM = 3.5
"""By how much a reading may be worse than the best one up to the same piece, or than the best whole rows."""

KNOWN_LABEL = 1.1
"""What it speaks for a label that the document prints as a heading too."""

WIDE = 0.85
"""Share of a line of prose from which on a line is no cell's."""

CLOSES = 2.0
"""What it speaks for the rest of a cell that it closes a bracket left open."""

MANY = 1 << 60
REST, RESTS, REST_LINE, REST_FIGURE, MOST_REST = 1.2, 2.5, 0.5, 2.0, 80
"""What it costs to take the first lines of a page for the rest of one cell, or of several: so much, and so much for
each line and for each figure that begins a line, up to so many pieces."""

NARROW = 6
"""Characters of a line that may be a label's; wider ones go on from a text and cost less."""

AFTER_REST = 2.0
"""What a row after such a rest may cost less than others."""

ORPHANS = 0.3
"""What it costs more where no page begins."""

RESUMED = -1
"""Column of a cell that goes on after a page break, its row being complete."""

SKIPPED = -2
"""Column of what goes on after a page break in several cells, which cannot be told apart."""


@dataclass(slots=True)
class Node:
    """A reading up to piece ``stop``: the column to be filled next (0 where a row is complete), and how it came about.

    Its last cell is of pieces [start, stop) in column ``filled``; ``worth`` is the cost less what the lines and figures
    read are worth: the lower, the better.
    """

    cost: float
    worth: float
    column: int
    stop: int
    previous: Node | None
    start: int
    filled: int
    rows: int
    row_cost: float
    short: bool = False


@dataclass(slots=True)
class Reader:
    """Reads rows of given columns from pieces.

    ``known`` are labels that the document prints as headings too, ``habits`` what is known of the columns' cells,
    ``page`` how many characters a line of prose has; ``cut`` says that the last reading went only up
    to its limit.
    """

    pieces: Pieces
    columns: Sequence[Column]
    mode: Mode
    known: AbstractSet[str] = frozenset()
    habits: Sequence[Habit] = ()
    page: int | None = None
    cut: bool = False
    _ends: dict[tuple[int, int], list[tuple[int, float]]] = field(default_factory=dict)
    _chain: set[int] = field(default_factory=set)
    _chained: int = -1
    _last: tuple[int, ...] = ()

    def read(self, start: int, limit: int = MANY) -> Node | None:
        """The best reading from piece ``start`` on, as far as rows go, or up to piece ``limit``; None without a row."""
        if self._chained < 0:
            self._chained = start
        best: Node | None = None
        for node in self._search(Node(0.0, 0.0, 0, start, None, start, 0, 0, 0.0), limit, None):
            if node.column == 0 and node.rows and node.filled != SKIPPED and (best is None or node.worth < best.worth):
                best = node
        return best

    def otherwise(self, first: Node, last: Node, barred: Node) -> Node | None:
        """The best reading between two nodes that has not the cell of a third; None where there is none."""
        for node in self._search(first, last.stop + 1, barred):
            if node.stop == last.stop and node.column == last.column:
                return node
        return None

    def _search(self, first: Node, limit: int, barred: Node | None) -> Iterator[Node]:
        """The best readings up to each piece, in the order of the pieces, as long as they are worth following."""
        states: dict[int, dict[tuple[int, bool], Node]] = {first.stop: {(first.column, first.short): first}}
        leading = 0.0
        place = first.stop
        self.cut = False
        while states:
            while place not in states:
                place += 1
            if place >= limit:
                self.cut = True
                return
            here = states.pop(place)
            worst = min(min(node.worth for node in here.values()) + BEAM, leading + GIVE_UP)
            for node in here.values():
                if node.worth > worst:
                    continue
                if node.column == 0:
                    leading = min(leading, node.worth)
                yield node
                for new in self._steps(node):
                    if (
                        new.row_cost <= WORST_ROW + WORST_CELL * len(self.columns)
                        and self._may_follow(new)
                        and not _same_cell(new, barred)
                    ):
                        _keep(states.setdefault(new.stop, {}), new)

    def _steps(self, node: Node) -> Iterator[Node]:
        piece = self.pieces.get(node.stop)
        if piece is None:
            return
        if node.column == 0:
            yield from self._row_starts(node)
            if node.rows and self.mode is Mode.WRAPPED and (piece.gap is Gap.PAGE or self._texts() > 1):
                yield from self._rests(node, 0.0 if piece.gap is Gap.PAGE else ORPHANS)
        else:
            yield from self._fill(node, node.column, 0.0)

    def _texts(self) -> int:
        return sum(column.kind is Kind.TEXT for column in self.columns)

    def _rests(self, node: Node, extra: float) -> Iterator[Node]:
        """The readings that take what a new page begins with for the rest of a cell, or of several, of the row above.

        Where rows have several long texts, the last lines of one may also come after the row on the same page.
        """
        for stop, cost in cell_ends(self.pieces, node.stop, Kind.NAME, self.mode) if not extra else ():
            closing = CLOSES if self.pieces.depth(node.stop, stop) < 0 else 0.0
            yield self._node(node, 0, stop, RESUMED, node.cost + cost + REST - closing)
        cost = node.cost + RESTS + extra
        for stop in range(node.stop + 1, node.stop + MOST_REST):
            last, piece = self.pieces.get(stop - 1), self.pieces.get(stop)
            if last is None or piece is None or piece.gap is Gap.PAGE or not self._fits_cell(stop - 1):
                return
            if last.gap is not Gap.SPACE:
                cost += (REST_LINE if self.pieces.line_length(stop - 1) <= NARROW else REST_LINE / 10) + (
                    REST_FIGURE if last.value else 0.0
                )
            if piece.gap is not Gap.SPACE and stop > node.stop + 1:
                yield self._node(node, 0, stop, SKIPPED, cost)

    def _fits_cell(self, index: int) -> bool:
        """Whether a piece's line is narrower than the lines of the text around the table."""
        return self.page is None or self.pieces.line_length(index) < WIDE * self.page

    def _row_starts(self, node: Node) -> Iterator[Node]:
        if self._at_row_start(node):
            if self._total_at(node.stop):
                yield from self._total(node)
            yield from self._fill(node, 0, 0.0)
            if node.rows:
                for column in range(1, self._mergeable()):
                    yield from self._fill(node, column, 0.05)

    def _at_row_start(self, node: Node) -> bool:
        piece = self.pieces.get(node.stop)
        return self.mode is Mode.WRAPPED or piece is None or piece.gap is not Gap.SPACE or node.rows == 0

    def _mergeable(self) -> int:
        """How many leading columns, plus one, may be left empty because a cell above reaches down."""
        labels = 0
        for column in self.columns:
            if column.kind is Kind.LEVEL or column.role == "org":
                labels += 1
            else:
                return labels + 1 if column.kind is Kind.NAME and labels else labels
        return labels

    def _total_at(self, start: int) -> int:
        """The number of pieces that say that a row is a total; 0 where none do."""
        piece, following = self.pieces.get(start), self.pieces.get(start + 1)
        if piece and is_total(piece.text):
            return 1
        if piece and following and following.gap is Gap.SPACE and is_total(piece.text + following.text):
            return 2 if len(piece.text) == len(following.text) == 1 else 0
        return 0

    def _total(self, node: Node) -> Iterator[Node]:
        stop = node.stop + self._total_at(node.stop)
        labels = next((i for i, c in enumerate(self.columns) if c.kind not in LABELS | {Kind.ORDINAL}), 0)
        for start in range(min(2 if self.columns[0].kind is Kind.ORDINAL else 1, labels)):
            for following in range(start + 1, labels + 1):
                yield self._node(node, following, stop, start, node.cost + self._boundary(node))

    def _boundary(self, node: Node) -> float:
        left, right = self.pieces.get(node.stop - 1), self.pieces.get(node.stop)
        if node.previous is None or left is None or right is None or self.mode is not Mode.WRAPPED:
            return 0.0
        return boundary_cost(left, right)

    def _fill(self, node: Node, column: int, extra: float) -> Iterator[Node]:
        """The readings that put a cell of a column next."""
        if not self._may_begin(node, column):
            return
        kind = self.columns[column].kind
        base = node.cost + self._boundary(node) + extra + (0.25 if kind is Kind.LEVEL else 0.0)
        for stop, cost in self._cell(node.stop, column, kind):
            total = base + cost
            if kind is Kind.ORDINAL and not self._in_chain(node.stop):
                total += 2.0
            elif kind in (Kind.TEXT, Kind.NAME) and self.columns[0].kind is Kind.ORDINAL:
                total += 1.2 * sum(self._in_chain(i) for i in range(node.stop + (kind is Kind.NAME), stop))
            if self._piece_is_dash(node.stop):
                total += self._dash_cost(node, column)
            yield from self._after(node, column, stop, total)

    def _dash_cost(self, node: Node, column: int) -> float:
        """What speaks against a dash: it is no row's first word, and weights and scores are seldom missing."""
        if node.column == 0 and self.columns[column].kind in LABELS:
            return 1.5
        return 1.2 if self.columns[column].role in {"weight", "score"} else 0.0

    def _piece_is_dash(self, index: int) -> bool:
        piece = self.pieces.get(index)
        return piece is not None and piece.dash

    def _may_follow(self, node: Node) -> bool:
        """Whether a row ends where a line does."""
        piece = self.pieces.get(node.stop)
        return node.column != 0 or piece is None or piece.gap is not Gap.SPACE

    def _may_begin(self, node: Node, column: int) -> bool:
        piece = self.pieces.get(node.stop)
        if self.mode is Mode.WRAPPED or piece is None or node.previous is None or column == 0 or node.column == 0:
            return True
        return (piece.gap is Gap.SPACE) is (self.mode is Mode.ROWS)

    def _after(self, node: Node, column: int, stop: int, cost: float) -> Iterator[Node]:
        """The states after a cell: the next column, or a whole row, also where the last texts are left empty."""
        following = column + 1
        short = node.short or (column == 0 and self._counts_respondents(node.stop, stop))
        if short and column == 1:
            yield self._node(node, 0, stop, column, cost)
            return
        if following < len(self.columns):
            yield self._node(node, following, stop, column, cost, short=short)
        missing = self.columns[following:]
        if all(c.kind is Kind.TEXT for c in missing):
            yield self._node(node, 0, stop, column, cost + 0.8 * len(missing))

    def _node(self, node: Node, column: int, stop: int, filled: int, cost: float, *, short: bool = False) -> Node:
        """The reading ``node`` with pieces up to ``stop`` put into column ``filled``, and ``column`` next."""
        worth = node.worth + cost - node.cost - LINE_WORTH * self.pieces.lines_between(node.stop, stop)
        if filled >= 0 and self.columns[filled].kind in FIGURES and not self._piece_is_dash(node.stop):
            worth -= FIGURE_WORTH
        rows = node.rows + (column == 0 and filled >= 0)
        spent = node.row_cost if node.column or node.filled < 0 else 0.0
        if filled >= 0:
            spent += cost - node.cost
        elif filled == SKIPPED:
            spent = AFTER_REST
        return Node(cost, worth, column, stop, node, node.stop, filled, rows, spent, short)

    def _counts_respondents(self, start: int, stop: int) -> bool:
        return self.columns[0].role == "option" and bool(_respondents().search(self.pieces.joined(start, stop)))

    def _cell(self, start: int, column: int, kind: Kind) -> list[tuple[int, float]]:
        """Where a cell of a column may end, each place with its cost."""
        key = (start, column)
        found = self._ends.get(key)
        if found is None:
            habit = self.habits[column] if self.habits else NO_HABIT
            found = cell_ends(self.pieces, start, kind, self.mode, habit)
            if kind in LABELS and self.known:
                found = [
                    (stop, cost - KNOWN_LABEL if self.pieces.joined(start, stop) in self.known else cost)
                    for stop, cost in found
                ]
            self._ends[key] = found
        return found

    def _in_chain(self, index: int) -> bool:
        """Whether the piece is the serial number that is due next, or a numbering of several levels."""
        while self._chained <= index:
            piece = self.pieces.get(self._chained)
            ordinal = piece.ordinal if piece else None
            if ordinal and not ordinal[0].isdigit():
                self._chain.add(self._chained)
            elif ordinal and self._follows(number := tuple(map(int, ordinal.split(".")))):
                self._chain.add(self._chained)
                self._last = number
            self._chained += 1
        return index in self._chain

    def _follows(self, number: tuple[int, ...]) -> bool:
        """Whether a serial number may stand after the last: the next of its level, of one above, or the first below."""
        last = self._last
        if number in {(1,), (*last, 1)}:
            return True
        upper = number[:-1]
        return len(number) <= len(last) and last[: len(upper)] == upper and number[-1] == last[len(upper)] + 1


@cache
def _respondents() -> re.Pattern[str]:
    return re.compile("|".join(load_vocabulary("columns")["rows"]["respondents"]))


def _same_cell(node: Node, barred: Node | None) -> bool:
    return barred is not None and (node.start, node.stop, node.filled) == (barred.start, barred.stop, barred.filled)


def _keep(states: dict[tuple[int, bool], Node], new: Node) -> None:
    key = (new.column, new.short)
    if key not in states or new.worth < states[key].worth:
        states[key] = new
