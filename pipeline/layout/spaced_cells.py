"""Layout: tables without marks: where a cell that begins at a piece may end, and how well it would then look.

A cost is a sum of small penalties, 0 for a cell that looks exactly as a cell of its kind does. Lines of a cell that
goes on are full: as wide as its widest line, up to the word that did not fit.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import NamedTuple

from pipeline.layout.spaced_columns import LABELS, Kind
from pipeline.layout.spaced_pieces import AUTOSPACE, MOST_GIVE, Gap, Piece, Pieces, is_figure
from pipeline.numerals import find_numerals
from schemas.units import units


class Mode(Enum):
    """How a text is flattened: lines are rows, lines are cells, or cells are broken over lines."""

    ROWS = "rows"
    CELLS = "cells"
    WRAPPED = "wrapped"


SLACK = 2.0
"""Half characters by which lines of one cell may differ in width."""

USUAL_LEVEL = 12
"""Characters beyond which a level's name is unusually long."""

UNCLOSED = 1.0
"""What speaks against a level's name without its full marks （6分） where the others of its column print them."""

STUB = 0.4
"""Share of a text's width under which a last line of its own, after a sentence, is rather the next cell."""

OVER = 1.0
"""Half characters by which a line may be wider than its column is thought to be."""

FIGURE_FIRST = 0.8
"""What speaks against a text that begins with a figure, unless its line may end there; half of it with words beside it."""

ALONE = 1.0
"""What speaks against a text that takes in a figure with a line of its own."""

CAP = 3.5
"""Cost at which a cell is given up."""

_STOP_WIDTH = 1.0
"""Half characters that a stop at a line's end may hang over."""

_ROUNDING = 1e-6
_LONGEST = {Kind.QUANTITY: 24, Kind.SHORT: 20, Kind.LEVEL: 40, Kind.NAME: 90, Kind.TEXT: 700}
_PIECES = 90
_NO_START = "，。、；：）)》”】％%．"
_STOPS = "，。、；：）”"
_NO_END = "（(《“【、，"
_PARAGRAPH_END = "。；;：:！？"
_PARAGRAPH = {"。": 0.7, "%": 0.5, "％": 0.5}
_CLOSED_LEVEL = re.compile(r"[（(]\d+(?:\.\d+)?分[）)]$")
_LEVEL = re.compile(r"[\u4e00-\u9fff、]{2,12}[（(]\d+(?:\.\d+)?分[）)]")
_CLOSING_LINE = re.compile(r"分[）)]$")
SWALLOWED = 1.3
"""What speaks besides against a label that ends in a figure with decimals."""

_YEAR = re.compile(r"(?:19|20)\d\d$")
_DATED = re.compile(r"(?:19|20)\d\d(?!\d)")
_DAY = re.compile(r"\d{1,2}(?:[日号月]|$)")
_MONEY_OR_SHARE = re.compile(r"(?:[百千万亿]+元|元|[万亿]|[%％‰])$")


@dataclass(slots=True)
class _Cell:
    """A cell of words while its pieces are taken in.

    ``column`` is the width of its column, 0 where unknown, ``line`` that of its current line, ``widest`` that of the
    widest of these;
    ``breaks`` holds for each line end the width that the line would have had with the next word, ``narrowest`` the least of
    these, ``give`` by how much these measures may be wrong.
    """

    kind: Kind
    last: Piece
    cost: float = 0.0
    column: float = 0.0
    unclosed: float = 0.0
    apart: bool = False
    line: float = 0.0
    widest: float = 0.0
    length: int = 0
    depth: int = 0
    odd: int = 0
    commas: int = 0
    shares: int = 0
    latin: bool = False
    give: float = 0.0
    han: bool = False
    fresh: bool = False
    tail: str = ""
    breaks: list[float] = field(default_factory=list)
    narrowest: float = math.inf

    def add(self, piece: Piece) -> None:
        """Takes one more piece."""
        if self.length:
            if piece.gap is Gap.SPACE:
                self.cost += _space_cost(self.kind, self.last, piece, apart=self.apart)
                self.line += AUTOSPACE
            else:
                self._turn(piece)
        self.last = piece
        self.line += piece.width
        self.length += len(piece.text)
        self.depth += piece.depth
        self.odd += piece.odd
        self.commas += piece.commas
        self.shares += piece.shares
        self.latin = self.latin or piece.latin
        self.give = max(self.give, piece.give)
        self.han = self.han or piece.han
        self.tail = (self.tail + piece.text)[-10:]

    def _turn(self, piece: Piece) -> None:
        """Goes on to the next line."""
        self.cost += _break_cost(self, piece) + self._alone()
        end = self.tail[-1]
        width = self.line - (_STOP_WIDTH if end in _STOPS else 0.0)
        if self.kind is Kind.TEXT and (end in _PARAGRAPH_END or piece.marked or self._formula()):
            wider = max(0.0, piece.width - max(self.widest, self.line) - SLACK)
            self.cost += (0.15 if piece.marked else _PARAGRAPH.get(end, 0.15)) + 0.1 * wider
        else:
            self.breaks.append(width + piece.head)
            self.narrowest = min(self.narrowest, width + piece.head)
        self.widest = max(self.widest, width)
        self.latin = False
        self.line = 0.0
        self.fresh = end == "。" and not piece.marked

    def _alone(self) -> float:
        """What speaks against a text that takes in a figure with a line of its own."""
        last = self.last
        return ALONE if self.kind is Kind.TEXT and last.figure and last.gap is not Gap.SPACE else 0.0

    def _formula(self) -> bool:
        return self.last.odd > 0 and self.tail[-1] in "%％"

    def whole(self) -> float:
        """The cost if the cell ends here."""
        cost = self.cost
        if self.depth:
            cost += 1.5
        if self.tail[-1] in _NO_END:
            cost += 1.0
        widest = max(self.widest, self.line) - self.give
        if self.narrowest <= widest:
            for full in self.breaks:
                if full <= widest:
                    cost += 1.1 + 0.25 * (widest - full)
        if self.column and (over := max(self.widest, self.line) - self.column) > OVER:
            cost += 0.5 + 0.25 * over
        if self.kind in LABELS:
            cost += self._unlike_label()
        elif self.kind is Kind.TEXT:
            if self.last.figure and self.length == len(self.last.text):
                cost += 1.0
            else:
                cost += self._alone()
            if self.fresh and self.line < STUB * self.widest:
                cost += 0.4
        return cost

    def least(self) -> float:
        """What the cell costs at least wherever it ends from here on."""
        cost = self.cost
        widest = max(self.widest, self.line - _STOP_WIDTH)
        for full in self.breaks:
            if full <= widest - MOST_GIVE:
                cost += 1.1 + 0.25 * (widest - MOST_GIVE - full)
        if self.kind in LABELS:
            cost += 3.0 * self.odd + self.commas
        if self.kind is Kind.LEVEL:
            cost += 2.5 * self.shares + 0.15 * max(0, self.length - USUAL_LEVEL)
        return cost

    def _unlike_label(self) -> float:
        """What speaks against the cell as a name or a level."""
        cost = 3.0 * self.odd + self.commas
        if self.last.figure and (self.last.gap is Gap.SPACE or self.length == len(self.last.text)):
            cost += 1.2 + (SWALLOWED if "." in self.last.text and self.last.gap is Gap.SPACE else 0.0)
        if not self.han:
            cost += CAP
        if self.kind is Kind.LEVEL:
            cost += 2.5 * self.shares + 0.15 * max(0, self.length - USUAL_LEVEL) + 0.8 * (self.length == 1)
            cost += 0.0 if is_closed(self.tail) else self.unclosed
        return cost


class Habit(NamedTuple):
    """What the cells of a column have in common: the width of their lines, 0 where unknown, and for levels whether
    they end in their full marks （6分）."""

    width: float = 0.0
    closed: bool = False


NO_HABIT = Habit()


def is_closed(text: str) -> bool:
    """Whether a level's name ends in its full marks."""
    return bool(_CLOSED_LEVEL.search(text))


def is_level(text: str) -> bool:
    """Whether a text is nothing but a level's name with its full marks."""
    return bool(_LEVEL.fullmatch(text))


def cell_ends(pieces: Pieces, start: int, kind: Kind, mode: Mode, habit: Habit = NO_HABIT) -> list[tuple[int, float]]:
    """The indices at which a cell of a kind that begins at piece ``start`` may end, each with its cost."""
    piece = pieces.get(start)
    if piece is None:
        return []
    if mode is Mode.CELLS:
        return _line_cell(pieces, start, piece, kind)
    if kind is Kind.ORDINAL:
        return _ordinal(piece, start)
    if kind is Kind.FIGURE:
        return list(_figures(pieces, start, piece, mode))
    if piece.dash:
        return [(start + 1, 0.3 if kind is Kind.NAME else 0.0)]
    return list(_texts(pieces, start, piece, kind, mode, habit))


def _ordinal(piece: Piece, start: int) -> list[tuple[int, float]]:
    if piece.ordinal:
        return [(start + 1, 0.0)]
    return [(start + 1, 0.3)] if piece.total else []


def _figures(pieces: Pieces, start: int, piece: Piece, mode: Mode) -> Iterator[tuple[int, float]]:
    following = pieces.get(start + 1)
    if piece.value:
        yield start + 1, 0.15 if piece.dash else (0.5 if _YEAR.fullmatch(piece.text) else 0.0)
        if piece.figure and following and following.gap is Gap.SPACE and _MONEY_OR_SHARE.match(following.text):
            yield start + 2, 0.0
    if mode is Mode.WRAPPED and following and following.gap is not Gap.SPACE and piece.text[0].isdigit():
        broken = piece.text[-1] in ".．,，" or following.text[0] in ".．"
        if broken and is_figure(piece.text + following.text):
            yield start + 2, 0.3


def _line_cell(pieces: Pieces, start: int, piece: Piece, kind: Kind) -> list[tuple[int, float]]:
    """The whole line as a cell."""
    stop = start + 1
    while (following := pieces.get(stop)) and following.gap is Gap.SPACE:
        stop += 1
    alone = stop == start + 1
    if piece.gap is Gap.SPACE:
        return []
    if kind is Kind.ORDINAL:
        return [(stop, 0.0)] if alone and piece.ordinal else []
    text = pieces.joined(start, stop)
    if alone and piece.dash:
        return [(stop, 0.0)]
    if kind is Kind.FIGURE:
        return [(stop, 0.0)] if is_figure(text) else []
    if len(text) > _LONGEST[kind] or (kind in LABELS and is_figure(text)):
        return []
    return [(stop, _quantity_cost(text) if kind is Kind.QUANTITY else 0.0)]


def _texts(
    pieces: Pieces, start: int, first: Piece, kind: Kind, mode: Mode, habit: Habit
) -> Iterator[tuple[int, float]]:
    """The ends of a cell of words."""
    cost = _start_cost(pieces, start, first, kind)
    cell = _Cell(
        kind, first, cost, habit.width, UNCLOSED if habit.closed else 0.0, mode is Mode.ROWS, widest=habit.width
    )
    longest = _LONGEST[kind]
    piece: Piece | None = first
    for stop in range(start + 1, start + _PIECES):
        if piece is None or (piece.gap is not Gap.SPACE and stop > start + 1 and mode is Mode.ROWS):
            return
        cell.add(piece)
        if cell.length > longest or cell.cost > CAP:
            return
        cost = cell.whole()
        if cost > CAP:
            if cell.least() > CAP + _ROUNDING:
                return
        elif kind is Kind.QUANTITY:
            cost += _quantity_cost(pieces.joined(start, stop))
        if cost <= CAP:
            yield stop, cost
        piece = pieces.get(stop)


def _start_cost(pieces: Pieces, start: int, first: Piece, kind: Kind) -> float:
    """What speaks against a cell that begins with a piece."""
    if first.text[0] in _NO_START:
        return 2.5
    if kind in LABELS and first.text[0] in "（(" and not first.marked:
        return 1.6
    if kind in LABELS and first.text[0].isdigit() and not _DATED.match(first.text):
        return 1.2
    if kind is Kind.TEXT and first.total and first.gap is not Gap.SPACE:
        return 2.0
    if kind is Kind.TEXT and first.figure:
        return _figure_first_cost(first, pieces.get(start + 1))
    return 0.0


def _figure_first_cost(first: Piece, following: Piece | None) -> float:
    """What speaks against a text that begins with a figure."""
    if following is None or following.gap is Gap.SOFT:
        return 0.0
    counts = first.gap is not Gap.SPACE and following.gap is Gap.SPACE and following.han
    return FIGURE_FIRST / 2 if counts else FIGURE_FIRST


def _quantity_cost(text: str) -> float:
    """What speaks against a text as a target or an actual value."""
    found = list(find_numerals(text))
    told = sum(n.unit_stop - n.start for n in found)
    cost = (
        0.7 * (not found) + 0.4 * (len(found) > 1) + 0.5 * max(0, len(found) - 1) + 0.08 * max(0, len(text) - told - 5)
    )
    cost += 3.0 * sum(map(text.count, "。；;：")) + text.count("，")
    return cost + 1.5 * any(c in "≥≤＞＜" for c in text[1:])


def _space_cost(kind: Kind, left: Piece, right: Piece, *, apart: bool) -> float:
    """What speaks against a space inside a cell; ``apart`` says that spaces are all that keeps cells apart."""
    if right.dash or left.dash:
        return 2.0
    if not left.text[-1].isascii() and not right.text[0].isascii():
        return 0.6 if kind is Kind.TEXT else 1.5
    if not left.latin:
        if apart and kind is not Kind.TEXT:
            return 0.8
        return 0.4 if kind in {Kind.SHORT, Kind.QUANTITY} else 0.03
    return 0.5 if left.figure and right.figure else 0.03


def _break_cost(cell: _Cell, right: Piece) -> float:
    """What speaks against a line end inside a cell, the widths apart."""
    kind, left = cell.kind, cell.last
    if kind is Kind.LEVEL and _CLOSED_LEVEL.search(cell.tail):
        return 3.0
    cost = (0.8 if kind in {Kind.LEVEL, Kind.TEXT} else 0.3) if right.gap is Gap.PAGE else 0.0
    if kind is Kind.SHORT and not left.text[-1].isdigit():
        cost += 0.8
    if kind is Kind.QUANTITY and left.han and ((cell.latin and right.han) or (right.figure and not cell.latin)):
        cost += 0.6
    if right.gap is Gap.SOFT:
        words, text = (0.3, 0.1) if cell.latin or right.latin else (2.0, 1.2)
        cost += text if kind is Kind.TEXT else words
    if right.dash or left.dash or right.total:
        cost += 2.0
    if kind in LABELS and left.figure and left.gap is Gap.SPACE:
        cost += 1.2
    return cost


@cache
def _units() -> frozenset[str]:
    return frozenset((*units().longest_first, "日", "号", "时"))


def is_unit(text: str) -> bool:
    """Whether a text is a unit alone."""
    return text in _units()


def boundary_cost(left: Piece, right: Piece) -> float:
    """What speaks against a cell's end between two pieces, whatever the cells."""
    cost = _BOUNDARY[right.gap]
    if right.gap is Gap.HARD and (left.text[-1] == "。" or _CLOSING_LINE.search(left.text)):
        cost = 0.1
    if left.text[-1].isdigit():
        if is_unit(right.text):
            cost += 2.5
        elif right.gap is Gap.SPACE and right.text[0] in "年月日分元万亿":
            cost += 2.5 if right.text[1] in _STOPS else 1.5
    elif left.text[-1] in "年月" and _DAY.match(right.text):
        cost += 1.0
    return cost


_BOUNDARY = {Gap.SPACE: 0.0, Gap.SOFT: 0.0, Gap.HARD: 0.35, Gap.PAGE: 0.2}
