"""Layout: tables without marks: the rows that the pieces below a header make up, found as the cheapest reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple, TypeAlias

from pipeline.layout.indicator_groups import groups_inside, is_bare_group, is_group
from pipeline.layout.spaced_cells import NO_HABIT, Habit, Mode
from pipeline.layout.spaced_columns import FIGURES, LABELS, Column, Kind, Shape
from pipeline.layout.spaced_costs import REST, Costs
from pipeline.layout.spaced_ordinals import Ordinals
from pipeline.layout.spaced_pieces import Gap, Piece
from schemas.columns import is_total
from schemas.values import from_parts
from schemas.word_files import load_vocabulary

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

LEVEL_CELL, MERGED, EMPTY_TEXT = 0.25, 0.05, 0.8
"""What a level's cell costs, one merged with the cell above, and a text left empty at a row's end."""

GROUP, ALIEN = 0.4, 2.0
"""What speaks for a level's cell that is a group's known name, and against a cell that such a name stands in."""

COUNTED = 0.6
"""What speaks against a figure with spaces around it inside a level's cell that has another level below it."""

_GROUP_PIECES, _GROUP_LENGTH = 5, 4
"""Pieces of a group's name at most, and its characters at least where it may as well end another name."""

_AHEAD = 4
"""Pieces after a cell in which the rest of a group's name may stand."""

_GROUPED = frozenset({Kind.LEVEL, Kind.TEXT})

NOT_DUE, SWALLOWED = 2.0, 1.2
"""What a serial number costs that is not due, and one that is due inside another cell."""

SHORT_REST = 2
"""Pieces of the rest of a cell after a page break with which a table may end."""

PROSE, MANY_COLUMNS = 2.0, 3
"""What a line as wide as prose costs in a cell of a table of so many columns."""

MANY = 1 << 60
RESTS = 2.5
"""What it costs to take the first lines of a page for the rest of several cells, beside what the lines cost."""

AFTER_REST = 2.0
"""What a row after such a rest may cost less than others."""

ORPHANS = 0.3
"""What it costs more where no page begins."""

RESUMED = -1
"""Column of a cell that goes on after a page break, its row being complete."""

SKIPPED = -2
"""Column of what goes on after a page break in several cells, which cannot be told apart."""


class Node(NamedTuple):
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
    short: bool


@dataclass(slots=True)
class Surroundings:
    """What the readings of one text's tables have in common.

    ``known`` are labels that the text prints as headings too; ``steps`` is how many steps of reading the text may still
    take, so that none takes more time than its length warrants.
    """

    known: AbstractSet[str] = frozenset()
    steps: int = MANY
    initials: AbstractSet[str] = field(init=False)

    def __post_init__(self) -> None:
        self.initials = {label[0] for label in self.known}


_Following: TypeAlias = tuple[int, bool]
"""How a reading goes on: the column to be filled next, and whether the row is a short one."""

_Ways: TypeAlias = Sequence[tuple[_Following, float]]
"""How a reading may go on after a cell, each way with what it costs besides."""

_WHOLE: _Following = (0, False)
_ROW_ENDS: _Ways = ((_WHOLE, 0.0),)
_Ends: TypeAlias = Sequence[tuple[int, float, float, bool]]
"""Where a cell may end, each place with what the cell costs, what its lines are worth, and whether it is inside a line."""

_States: TypeAlias = dict[int, dict[_Following, Node]]
"""The best readings up to each piece."""


class Reader:
    """Reads rows of given columns from pieces.

    ``habits`` is what is known of the columns' cells; ``cut`` says that the last reading went only up to its limit.
    """

    def __init__(
        self,
        costs: Costs,
        columns: Sequence[Column],
        around: Surroundings,
        habits: Sequence[Habit] = (),
    ) -> None:
        self.costs = costs
        self.pieces = costs.pieces
        self._begun = costs.pieces.begun
        self.columns = columns
        self.mode = costs.mode
        self.around = around
        self.habits = habits
        self.cut = False
        self._shape = Shape(columns)
        self._gains = [FIGURE_WORTH if kind in FIGURES else 0.0 for kind in self._shape.kinds]
        self._wrapped = costs.mode is Mode.WRAPPED
        self._worst = WORST_ROW + WORST_CELL * len(columns)
        self._ends: dict[tuple[int, int], _Ends] = {}
        self._ordinals: Ordinals | None = None
        self._states: _States = {}
        self._limit = MANY
        self._barred: Node | None = None
        self._ways: dict[tuple[int, bool], _Ways] = {}

    def _ways_on(self, column: int, *, short: bool) -> _Ways:
        """How a reading may go on after a cell of a column: to the next column, or to a whole row, also where the last
        texts are left empty."""
        ways = self._ways.get((column, short))
        if ways is None:
            ways = self._ways[column, short] = self._all_ways_on(column, short=short)
        return ways

    def _all_ways_on(self, column: int, *, short: bool) -> _Ways:
        following = column + 1
        if short and column == 1:
            return _ROW_ENDS
        missing = len(self.columns) - following
        ways: list[tuple[_Following, float]] = [((following, short), 0.0)] if missing else []
        if self._shape.only_texts[following]:
            empty = EMPTY_TEXT if self._wrapped else EMPTY_TEXT / 2
            ways.append((_WHOLE, empty * missing))
        return ways

    def read(self, start: int, limit: int = MANY) -> Node | None:
        """The best reading from piece ``start`` on, as far as rows go, or up to piece ``limit``; None without a row."""
        if self._shape.numbered and self._ordinals is None:
            self._ordinals = Ordinals(self.pieces, start)
        best: Node | None = None
        for node in self._search(Node(0.0, 0.0, 0, start, None, start, 0, 0, 0.0, short=False), limit, None):
            if node.column == 0 and node.rows and self._may_end(node) and (best is None or node.worth < best.worth):
                best = node
        return best

    def otherwise(self, first: Node, last: Node, barred: Node) -> Node | None:
        """The best reading between two nodes that has not the cell of a third; None where there is none."""
        for node in self._search(first, last.stop + 1, barred):
            if node.stop == last.stop and node.column == last.column:
                return node
        return None

    def _may_end(self, node: Node) -> bool:
        """Whether a table may end with a node: with a whole row, or a short rest of one."""
        return node.filled >= 0 or (node.filled == RESUMED and node.stop - node.start <= SHORT_REST)

    def _search(self, first: Node, limit: int, barred: Node | None) -> Iterator[Node]:
        """The best readings up to each piece, in the order of the pieces, as long as they are worth following."""
        states: _States = {first.stop: {(first.column, first.short): first}}
        self._states, self._limit, self._barred = states, limit, barred
        leading = first.worth
        place = first.stop
        self.cut = False
        while states and self.around.steps > 0:
            while place not in states:
                place += 1
            here = states.pop(place)
            nodes = here.values()
            worst = leading + GIVE_UP
            if len(nodes) > 1:
                worst = min(min([node.worth for node in nodes]) + BEAM, worst)
            for node in nodes:
                if node.worth > worst:
                    continue
                if node.column == 0:
                    leading = min(leading, node.worth)
                yield node
                self.around.steps -= 1
                self._go_on(node)
        self.cut = self.cut and self.around.steps > 0

    def _go_on(self, node: Node) -> None:
        """Takes in every reading that goes on from one by a cell."""
        piece = self.pieces.get(node.stop)
        if piece is None:
            return
        base = node.cost
        if self._wrapped and node.previous is not None:
            base += self.costs.boundary(node.stop)
        if node.column:
            self._fill(node, piece, node.column, base)
            return
        if node.rows == 0 or piece.gap is not Gap.SPACE:
            self._row_starts(node, piece, base)
        if node.rows and self._wrapped and (piece.gap is Gap.PAGE or self._shape.texts > 1):
            self._rests(node, 0.0 if piece.gap is Gap.PAGE else ORPHANS)

    def _rests(self, node: Node, extra: float) -> None:
        """The readings that take what a new page begins with for the rest of a cell, or of several, of the row above.

        Where rows have several long texts, the last lines of one may also come after the row on the same page.
        """
        if not extra:
            rests = [(stop, cost + REST - closing) for stop, cost, closing in self.costs.rests(node.stop)]
            self._take_rests(node, node.cost, self._worths(node.stop, rests), RESUMED)
        self._take_rests(node, node.cost + RESTS + extra, self._orphans(node.stop), SKIPPED)

    def _orphans(self, start: int) -> _Ends:
        """Where the rest of several cells that begins at a piece may end."""
        found = self._ends.get((start, SKIPPED))
        if found is None:
            found = self._ends[start, SKIPPED] = self._worths(start, self.costs.orphans(start))
        return found

    def _row_starts(self, node: Node, piece: Piece, base: float) -> None:
        """The readings that begin a row: with a total, with its first column, or below merged cells; ``base`` is what it costs
        up to the row."""
        if size := self._total_at(node.stop, piece):
            self._total(node, node.stop + size, piece, base)
        self._fill(node, piece, 0, base)
        if node.rows:
            for column in range(1, self._shape.mergeable):
                self._fill(node, piece, column, base + MERGED)

    def _total_at(self, start: int, piece: Piece) -> int:
        """The number of pieces that say that a row is a total; 0 where none do."""
        if piece.total:
            return 1
        following = self.pieces.get(start + 1) if len(piece.text) == 1 else None
        if following and following.gap is Gap.SPACE and len(following.text) == 1:
            return 2 if is_total(piece.text + following.text) else 0
        return 0

    def _total(self, node: Node, stop: int, piece: Piece, base: float) -> None:
        labels = self._shape.labels
        for start in range(min(2 if self._shape.numbered else 1, labels)):
            gain = 0.0 if piece.dash else self._gains[start]
            columns = {*range(start + 1, labels + 1), self._shape.marks, max(self._shape.first_figure, start + 1)}
            ways = [((following, False), 0.0) for following in sorted(columns)]
            ends = self._worths(node.stop, [(stop, 0.0)])
            self._take(node, base, ends, ways, start, gain)

    def _fill(self, node: Node, piece: Piece, column: int, base: float) -> None:
        """Takes in the readings that put a cell of a column next; ``base`` is what it costs up to there."""
        if not (self._wrapped or node.column == 0) and (piece.gap is Gap.SPACE) is not (self.mode is Mode.ROWS):
            return
        kind = self._shape.kinds[column]
        ends = self._ends.get((node.stop, column))
        if ends is None:
            ends = self._ends[node.stop, column] = self._worths(node.stop, self._cell(node.stop, column, kind))
        if not ends:
            return
        if kind is Kind.LEVEL:
            base += LEVEL_CELL
        elif kind is Kind.ORDINAL and self._ordinals and not self._ordinals.has(node.stop):
            base += NOT_DUE
        if piece.dash:
            base += self._dash_cost(node, column)
        gain = 0.0 if piece.dash else self._gains[column]
        if self._shape.surveyed and column == 0 and not node.short:
            counts = [end for end in ends if self._counts_respondents(node.stop, end[0])]
            self._take(node, base, counts, self._ways_on(0, short=True), 0, gain)
            ends = [end for end in ends if end not in counts]
        self._take(node, base, ends, self._ways_on(column, short=node.short), column, gain)

    def _dash_cost(self, node: Node, column: int) -> float:
        """What speaks against a dash: it is no row's first word, and weights and scores are seldom missing."""
        if node.column == 0 and self._shape.kinds[column] in LABELS:
            return 1.5
        return 1.2 if self._shape.scores[column] else 0.0

    def _take(self, node: Node, base: float, ends: _Ends, ways: _Ways, filled: int, gain: float) -> None:
        """Takes in the readings ``node`` with the pieces up to each end put into column ``filled``, going on each way,
        unless another that goes on alike is as good or a row would end inside a line; ``base`` is the cost before the
        cell, ``gain`` what a figure there is worth.
        """
        states, limit, worst, so_far, worth_so_far = self._states, self._limit, self._worst, node.cost, node.worth
        start, rows, barred = node.stop, node.rows, self._barred
        if barred and start == barred.start and filled == barred.filled:
            ends = [end for end in ends if end[0] != barred.stop]
        in_row = node.row_cost if node.column or node.filled < 0 else 0.0
        for stop, step, lines, inside in ends:
            if stop >= limit:
                self.cut = True
                return
            here = states.get(stop)
            for following, left_empty in ways:
                column, short = following
                if inside and column == 0:
                    continue
                cost = base + step + left_empty
                spent = in_row + (cost - so_far)
                if spent > worst:
                    continue
                worth = worth_so_far + cost - so_far - lines - gain
                if here is None:
                    here = states[stop] = {}
                best = here.get(following)
                if best is None or worth < best.worth:
                    whole = rows if column else rows + 1
                    parts = (cost, worth, column, stop, node, start, filled, whole, spent, short)
                    here[following] = from_parts(Node, parts)

    def _take_rests(self, node: Node, base: float, ends: _Ends, filled: int) -> None:
        """Takes in the readings ``node`` with the pieces up to each end taken for a rest of the row above, after which the
        row is whole as before."""
        states, limit, so_far, worth_so_far = self._states, self._limit, node.cost, node.worth
        start, rows = node.stop, node.rows
        spent = AFTER_REST if filled == SKIPPED else node.row_cost if node.filled < 0 else 0.0
        for stop, step, lines, inside in ends:
            if stop >= limit:
                self.cut = True
                return
            if inside:
                continue
            cost = base + step
            worth = worth_so_far + cost - so_far - lines
            here = states.get(stop)
            if here is None:
                here = states[stop] = {}
            best = here.get(_WHOLE)
            if best is None or worth < best.worth:
                parts = (cost, worth, 0, stop, node, start, filled, rows, spent, False)
                here[_WHOLE] = from_parts(Node, parts)

    def _counts_respondents(self, start: int, stop: int) -> bool:
        return bool(_respondents().search(self.pieces.joined(start, stop)))

    def _worths(self, start: int, found: Sequence[tuple[int, float]]) -> _Ends:
        """The ends of what begins at a piece, with what the lines up to each are worth and whether it is inside a line."""
        get, begun = self.pieces.get, self._begun
        before = begun[start]
        return [
            (stop, cost, LINE_WORTH * (begun[stop] - before), (p := get(stop)) is not None and p.gap is Gap.SPACE)
            for stop, cost in found
        ]

    def _cell(self, start: int, column: int, kind: Kind) -> list[tuple[int, float]]:
        """Where a cell of a column may end, each place with its cost."""
        habit = self.habits[column] if self.habits else NO_HABIT
        found = self.costs.cell(start, kind, habit)
        if kind in LABELS and found and self._begun_known(start):
            known = self.around.known
            found = [
                (stop, cost - KNOWN_LABEL if self.pieces.joined(start, stop) in known else cost) for stop, cost in found
            ]
        elif kind is Kind.TEXT and found and len(self.columns) >= MANY_COLUMNS:
            found = self._narrow(start, found)
        if self._shape.levels and kind in _GROUPED and found:
            if self._shape.parted[column]:
                found = self._parted(start, column, found)
            found = self._up_to_row(start, self._up_to_level(start, self._grouped(start, column, found)))
            if self._wrapped:
                found = self._up_to_stack(start, kind, found)
        if self._ordinals and (kind is Kind.TEXT or kind is Kind.NAME):
            due = self._ordinals
            first = start + (kind is Kind.NAME)
            found = [(stop, cost + SWALLOWED * due.count(first, stop)) for stop, cost in found]
        return found

    def _begun_known(self, start: int) -> bool:
        """Whether a label that the document prints as a heading may begin at a piece."""
        piece = self.pieces.get(start)
        return piece is not None and piece.text[0] in self.around.initials

    def _grouped(self, start: int, column: int, found: list[tuple[int, float]]) -> list[tuple[int, float]]:
        """The ends of a level's cell or of a long text, with what speaks for a group's known name alone in a level's, unless
        it is below two others, and against an end that leaves such a name inside the cell or cuts one in two."""
        kind, below = self._shape.kinds[column], column >= self._shape.lowest
        last = found[-1][0]
        known = groups_inside().search(self.pieces.joined(start, last + _AHEAD))
        if known is None:
            return found
        length, place = 0, start
        out: list[tuple[int, float]] = []
        for stop, cost in found:
            length += len(self.pieces.joined(place, stop))
            place = stop
            if kind is Kind.LEVEL and known.span() == (0, length):
                out.append((stop, cost + GROUP if below else cost - GROUP))
            else:
                out.append((stop, cost + ALIEN if length > known.start() else cost))
        return out

    def _up_to_level(self, start: int, found: list[tuple[int, float]]) -> list[tuple[int, float]]:
        """The ends of a cell, with what speaks against one that takes in a line that is a level's name with its full marks
        and nothing else (产出（36分））."""
        level = self.costs.levels.first(start + 1, found[-1][0])
        return found if level is None else [(stop, cost + ALIEN if stop > level else cost) for stop, cost in found]

    def _up_to_row(self, start: int, found: list[tuple[int, float]]) -> list[tuple[int, float]]:
        """The ends of a cell, with what speaks against one that takes in a line whose first word is a group's name and that
        has more cells (产出 数量指标 …): a row begins there."""
        row = self.costs.rows.first(start + 1, found[-1][0])
        return found if row is None else [(stop, cost + ALIEN if stop > row else cost) for stop, cost in found]

    def _parted(self, start: int, column: int, found: list[tuple[int, float]]) -> list[tuple[int, float]]:
        """The ends of the cell of a level that has another below it, with what speaks for a group's name without the word for
        indicators (社会效益) and against a cell that goes on behind it or that holds a figure."""
        figure = self.costs.figures.first(start, found[-1][0])
        if figure is not None:
            found = [(stop, cost + COUNTED if stop > figure else cost) for stop, cost in found]
        group = max((stop for stop, _ in found if self._is_group(start, stop)), default=0)
        if not column:
            found = self._up_to_group(max(start + 1, group), found)
        text = self.pieces.joined(start, group)
        if not group or not is_bare_group(text) or text[-1] in "）)":
            return found
        return [(s, cost - GROUP if s == group else cost + GROUP if s > group else cost) for s, cost in found]

    def _up_to_group(self, start: int, found: list[tuple[int, float]]) -> list[tuple[int, float]]:
        """The ends of a row's first cell, with what speaks against one that takes in a line that begins with a group's name."""
        group = self.costs.groups.first(start, found[-1][0])
        return found if group is None else [(stop, cost + ALIEN if stop > group else cost) for stop, cost in found]

    def _up_to_stack(self, start: int, kind: Kind, found: list[tuple[int, float]]) -> list[tuple[int, float]]:
        """The ends of a cell, with what speaks against one that takes in a group's name that is broken over lines of its
        own, in a level's column ends inside it, or ends inside a run of figures."""
        first = start if kind is Kind.TEXT else start + 1
        stack = self.costs.stacks.first(first, found[-1][0])
        if stack is not None:
            found = [(stop, cost + ALIEN if stop > stack else cost) for stop, cost in found]
        if kind is Kind.TEXT and (row := self.costs.marks.first(start, found[-1][0])) is not None:
            found = [(stop, cost + ALIEN if stop > row else cost) for stop, cost in found]
        if kind is not Kind.LEVEL:
            return found
        if end := self.costs.stacks.end(start):
            found = [(stop, cost + ALIEN if stop < end else cost) for stop, cost in found]
        figure = self.costs.figures.first(start + 1, found[-1][0])
        if figure is not None and self._is_between_figures(figure + 1):
            found = [(stop, cost + ALIEN if stop == figure + 1 else cost) for stop, cost in found]
        return found

    def _is_between_figures(self, stop: int) -> bool:
        """Whether figures of one line stand before and after a place, so that no label ends there."""
        left, right = self.pieces.get(stop - 1), self.pieces.get(stop)
        return left is not None and right is not None and left.gap is right.gap is Gap.SPACE and right.figure

    def _is_group(self, start: int, stop: int) -> bool:
        if stop > start + _GROUP_PIECES:
            return False
        text = self.pieces.joined(start, stop)
        return len(text) >= _GROUP_LENGTH and is_group(text)

    def _narrow(self, start: int, found: list[tuple[int, float]]) -> list[tuple[int, float]]:
        """The ends of a long text, with what speaks against lines as wide as prose beside other columns."""
        wide = self.costs.wide.first(start, found[-1][0])
        return found if wide is None else [(stop, cost + PROSE if stop > wide else cost) for stop, cost in found]


@cache
def _respondents() -> re.Pattern[str]:
    return re.compile("|".join(load_vocabulary("columns")["rows"]["respondents"]))
