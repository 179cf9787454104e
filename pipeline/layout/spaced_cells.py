"""Layout: tables without marks: where a cell that begins at a piece may end, and how well it would then look.

A cost is a sum of small penalties, 0 for a cell that looks exactly as a cell of its kind does. Lines of a cell that
goes on are full: as wide as its first line, up to the word that did not fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from pipeline.layout.spaced_columns import LABELS, Kind
from pipeline.layout.spaced_pieces import AUTOSPACE, Gap, Piece, Pieces, is_figure, text_width
from pipeline.numerals import find_numerals
from schemas.columns import is_total
from schemas.units import units


class Mode(Enum):
    """How a text is flattened: lines are rows, lines are cells, or cells are broken over lines."""

    ROWS = "rows"
    CELLS = "cells"
    WRAPPED = "wrapped"


SLACK = 2
"""Half characters by which lines of one cell may differ in width."""

TIGHT = 0.5
"""Half characters by which the measured width of a line may be wrong."""

CAP = 3.0
"""Cost at which a cell is given up."""

_LONGEST = {Kind.QUANTITY: 24, Kind.SHORT: 20, Kind.LEVEL: 40, Kind.NAME: 90, Kind.TEXT: 700}
_PIECES = 90
_NO_START = "，。、；：）)》”】％%．"
_STOPS = "，。、；：）”"
_NO_END = "（(《“【、，"
_PARAGRAPH_END = "。；;：:！？"
_CLOSED_LEVEL = re.compile(r"[（(]\d+(?:\.\d+)?分[）)]$")
_CLOSING_LINE = re.compile(r"分[）)]$")
_WORD = re.compile(r"[（(《“‘【\[]*(?:[!-'*-~]+|.)[，。、；：！？）)》”’】\]％]*")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_DATED = re.compile(r"(?:19|20)\d\d(?!\d)")
_LATIN = re.compile(r"[!-~“”‘’]")
_DIGIT_END = re.compile(r"\d$")
_MONEY_OR_SHARE = re.compile(r"(?:[百千万亿]+元|元|[万亿]|[%％‰])$")
@dataclass(slots=True)
class _Progress:
    """What is known of a cell while its pieces are taken in: its lines' widths and its open brackets.

    ``breaks`` holds for each line end the width that the line would have had with the next word.
    """

    cost: float
    widest: float = 0.0
    current: float = 0.0
    length: int = 0
    depth: int = 0
    latin: bool = False
    mixed: bool = False
    tail: str = ""
    breaks: list[float] = field(default_factory=list)

    def take(self, piece: Piece) -> None:
        """Adds a piece to the current line."""
        self.current += piece.width + (AUTOSPACE if self.current else 0.0)
        self.length += len(piece.text)
        self.depth += piece.depth
        self.latin = self.latin or bool(_LATIN.search(piece.text))
        self.tail = (self.tail + piece.text)[-12:]

    def finish_line(self, following: Piece, *, paragraph: bool) -> None:
        """Ends the current line; a line that ends before its width is full must end a paragraph."""
        if paragraph:
            self.cost += 0.15 + 0.1 * max(0, following.width - max(self.widest, self.current) - SLACK)
        else:
            hanging = 1.0 if self.tail[-1] in _STOPS else 0.0
            self.breaks.append(self.current - hanging + first_word(following.text))
        self.widest = max(self.widest, self.current - (1.0 if self.tail[-1] in _STOPS else 0.0))
        self.mixed = self.mixed or self.latin
        self.current = 0
        self.latin = False

    def loose_ends(self) -> float:
        """What speaks against the line ends, the next word having had room before them."""
        widest = max(self.widest, self.current) - (TIGHT if self.mixed or self.latin else 0.0)
        return sum(1.0 + 0.25 * (widest - full) for full in self.breaks if full <= widest)


def cell_ends(pieces: Pieces, start: int, kind: Kind, mode: Mode) -> list[tuple[int, float]]:
    """The indices at which a cell of a kind that begins at piece ``start`` may end, each with its cost."""
    piece = pieces.get(start)
    if piece is None:
        return []
    if mode is Mode.CELLS:
        return _line_cell(pieces, start, kind)
    if kind is Kind.ORDINAL:
        return _ordinal(piece, start)
    if kind is Kind.FIGURE:
        return list(_figures(pieces, start, piece, mode))
    if piece.dash:
        return [(start + 1, 0.3 if kind is Kind.NAME else 0.0)]
    return list(_texts(pieces, start, kind, mode))


def _ordinal(piece: Piece, start: int) -> list[tuple[int, float]]:
    if piece.ordinal:
        return [(start + 1, 0.0)]
    return [(start + 1, 0.3)] if is_total(piece.text) else []


def _figures(pieces: Pieces, start: int, piece: Piece, mode: Mode) -> Iterator[tuple[int, float]]:
    following = pieces.get(start + 1)
    if piece.value:
        yield start + 1, 0.5 if _YEAR.fullmatch(piece.text) else (0.15 if piece.dash else 0.0)
        if piece.figure and following and following.gap is Gap.SPACE and _MONEY_OR_SHARE.match(following.text):
            yield start + 2, 0.0
    if mode is Mode.WRAPPED and following and following.gap is not Gap.SPACE and piece.text[0].isdigit():
        broken = piece.text[-1] in ".．,，" or following.text[0] in ".．"
        if broken and is_figure(piece.text + following.text):
            yield start + 2, 0.3


def _line_cell(pieces: Pieces, start: int, kind: Kind) -> list[tuple[int, float]]:
    """The whole line as a cell."""
    stop = start + 1
    while (piece := pieces.get(stop)) and piece.gap is Gap.SPACE:
        stop += 1
    text = pieces.joined(start, stop)
    piece = pieces.get(start)
    if piece is None or piece.gap is Gap.SPACE:
        return []
    dash = stop == start + 1 and piece.dash
    if kind is Kind.ORDINAL:
        return [(stop, 0.0)] if stop == start + 1 and piece.ordinal else []
    if kind is Kind.FIGURE:
        return [(stop, 0.0)] if dash or is_figure(text) else []
    if dash:
        return [(stop, 0.0)]
    fits = len(text) <= _LONGEST[kind] and not (kind in LABELS and is_figure(text))
    return [(stop, whole_cost(text, kind))] if fits else []


def _texts(pieces: Pieces, start: int, kind: Kind, mode: Mode) -> Iterator[tuple[int, float]]:
    first = pieces.get(start)
    if first is None:
        return
    following = pieces.get(start + 1)
    bare = first.figure and following is not None and following.gap is not Gap.SOFT
    state = _Progress(2.5 if first.text[0] in _NO_START else (0.8 if bare and kind is Kind.TEXT else 0.0))
    left = first
    state.take(first)
    for stop in range(start + 1, start + _PIECES):
        text = pieces.joined(start, stop) if state.length <= _LONGEST[Kind.NAME] or kind is not Kind.TEXT else ""
        if state.length > _LONGEST[kind] or state.cost > CAP:
            return
        cost = state.cost + state.loose_ends() + _end_cost(state, kind, left) + whole_cost(text, kind)
        if cost <= CAP:
            yield stop, cost
        right = pieces.get(stop)
        if right is None or (right.gap is not Gap.SPACE and mode is Mode.ROWS):
            return
        _go_on(state, kind, left, right)
        left = right


def _end_cost(state: _Progress, kind: Kind, last: Piece) -> float:
    cost = 1.5 if state.depth != 0 else 0.0
    if kind in LABELS and last.figure and last.gap is Gap.SPACE:
        cost += 1.2
    if last.text[-1] in _NO_END:
        cost += 1.0
    return cost


def whole_cost(text: str, kind: Kind) -> float:
    """What speaks against a whole text as a cell of a kind."""
    if kind is Kind.TEXT:
        return 1.0 if is_figure(text) else 0.0
    cost = 0.0
    if kind in LABELS:
        if not any(c > "⺀" for c in text) or is_figure(text):
            return CAP
        cost += 3.0 * sum(c in "。；;=*≥≤" for c in text) + 1.0 * text.count("，")
        if text[0].isdigit() and not _DATED.match(text):
            cost += 0.8
    elif kind is Kind.QUANTITY:
        found = list(find_numerals(text))
        told = sum(n.unit_stop - n.start for n in found)
        cost += 0.4 * (len(found) != 1) + 0.5 * max(0, len(found) - 1) + 0.08 * max(0, len(text) - told - 5)
        cost += 3.0 * sum(c in "。；;：" for c in text) + 1.0 * text.count("，")
        cost += 1.5 * any(c in "≥≤＞＜" for c in text[1:])
    return cost


def _go_on(state: _Progress, kind: Kind, left: Piece, right: Piece) -> None:
    """Takes one more piece into a cell."""
    if right.gap is Gap.SPACE:
        state.cost += _space_cost(kind, left, right)
    else:
        state.cost += _break_cost(state, kind, left, right)
        state.finish_line(right, paragraph=kind is Kind.TEXT and left.text[-1] in _PARAGRAPH_END)
    state.take(right)


def _space_cost(kind: Kind, left: Piece, right: Piece) -> float:
    if right.dash or left.dash:
        return 2.0
    if left.text[-1].isascii() or right.text[0].isascii():
        return 0.5 if left.figure and right.figure else 0.03
    return 0.6 if kind is Kind.TEXT else 1.5


def _break_cost(state: _Progress, kind: Kind, left: Piece, right: Piece) -> float:
    """What speaks against a line end inside a cell."""
    if kind is Kind.LEVEL and _CLOSED_LEVEL.search(state.tail):
        return 3.0
    cost = {Gap.SOFT: 0.0, Gap.HARD: 0.0, Gap.PAGE: 0.3}[right.gap]
    if right.gap is Gap.SOFT:
        latin = state.latin or _LATIN.search(right.text)
        cost += 0.3 if latin else (1.2 if kind is Kind.TEXT else 2.0)
    if right.dash or left.dash or is_total(right.text):
        cost += 2.0
    if kind in LABELS and left.figure and left.gap is Gap.SPACE:
        cost += 1.2
    return cost


def first_word(text: str) -> float:
    """The width of what cannot be broken at a text's start: a run of Latin letters and digits, or one character, with
    the brackets and stops that stay with it."""
    word = _WORD.match(text)
    return text_width(word[0]) if word else 2.0


def is_unit(text: str) -> bool:
    """Whether a text is a unit alone."""
    return text in units().longest_first or text in {"日", "号", "时"}


def boundary_cost(left: Piece, right: Piece) -> float:
    """What speaks against a cell's end between two pieces, whatever the cells."""
    cost = {Gap.SPACE: 0.0, Gap.SOFT: 0.0, Gap.HARD: 0.35, Gap.PAGE: 0.2}[right.gap]
    if right.gap is Gap.HARD and (left.text[-1] in "。" or _CLOSING_LINE.search(left.text)):
        cost = 0.1
    if _DIGIT_END.search(left.text):
        if is_unit(right.text):
            cost += 2.5
        elif right.gap is Gap.SPACE and right.text[0] in "年月日分个元万亿户人家":
            cost += 1.5
    return cost
