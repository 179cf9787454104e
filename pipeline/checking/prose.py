"""Checking: the amounts and percentages of a sentence in their order, whether a record holds them or not."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.checking.intervals import EXACT
from pipeline.checking.labels import CHANGE, RATE
from pipeline.checking.scene import Fact, Figure, Scene
from pipeline.checking.vocabulary import words
from pipeline.numerals import Numeral, find_numerals
from schemas.units import money_exponent, units
from schemas.values import Literal, Span, UnitSource, squeeze

_SHARES = frozenset({"%", "％", "倍"})
_BEFORE_WORD = 6
_DIGITS = frozenset("0123456789.０１２３４５６７８９．")


class Mention(NamedTuple):
    """A figure of a sentence: the words before it, the fact that holds it (None where no record does) and its depth in
    brackets."""

    figure: Figure
    label: str
    fact: Fact | None
    depth: int
    is_share: bool

    @property
    def start(self) -> int:
        """Where its digits begin."""
        return self.figure.span.start

    @property
    def measure(self) -> str | None:
        """The measure of the fact that holds it, None where no record does."""
        return None if self.fact is None else self.fact.measure

    @property
    def is_amount(self) -> bool:
        """Whether it is an amount of money or a count of its own, neither a change nor a rate."""
        return not self.is_share and self.measure not in {CHANGE, RATE} and not (self.fact is None and self.direction)

    @property
    def direction(self) -> int:
        """+1 after a word of rising, −1 after a word of falling, 0 after neither."""
        return direction_of(self.label)


def direction_of(label: str) -> int:
    """The direction that the last words before a figure give it."""
    tail = label.rstrip("了约为达（(：:")[-_BEFORE_WORD:]
    known = words()
    rise = max((m.end() for m in known.rise.finditer(tail)), default=-1)
    fall = max((m.end() for m in known.fall.finditer(tail)), default=-1)
    last = max(rise, fall)
    if last < len(tail):
        return 0
    return 1 if rise > fall else -1


def mentions(scene: Scene, facts: Sequence[Fact]) -> list[Mention]:
    """The amounts of money, shares and facts of the sentence that facts stand in, in text order.

    Everything inside the sentence counts, so that an amount which no record holds still stands between two that do.
    """
    known: dict[int, list[Mention]] = scene.notes.setdefault("mentions", {})
    number = scene.places.sentence(facts[0].start)
    if number not in known:
        known[number] = _read(scene, facts)
    return known[number]


def _read(scene: Scene, facts: Sequence[Fact]) -> list[Mention]:
    span = scene.places.sentence_span(facts[0].start)
    text = scene.document.text
    by_start = {f.start: f for f in facts}
    found: list[Mention] = []
    depth, seen = 0, span.start
    label_from = span.start
    for numeral in find_numerals(text, span.start, span.stop):
        depth = max(0, depth + _opened(text, seen, numeral.start))
        seen = numeral.start
        fact = by_start.get(numeral.start)
        exponent = money_exponent(numeral.unit)
        if fact is None and ((exponent is None and numeral.unit not in _SHARES) or is_torn(text, numeral.start)):
            continue
        figure = fact.figure if fact else figure_of(scene, numeral)
        label = squeeze(text[label_from : numeral.start]).removesuffix("百分之")
        is_share = (fact.figure.literal.unit if fact else numeral.unit) in _SHARES
        found.append(Mention(figure, label, fact, depth, is_share))
        label_from = numeral.unit_stop
    return found


def _opened(text: str, start: int, stop: int) -> int:
    piece = text[start:stop]
    return piece.count("（") + piece.count("(") - piece.count("）") - piece.count(")")


def figure_of(scene: Scene, numeral: Numeral) -> Figure:
    """A numeral of the text that no record holds, as a figure."""
    literal = Literal(
        field="",
        printed=scene.document.text[numeral.start : numeral.stop],
        value=numeral.value,
        decimals=numeral.decimals,
        unit=numeral.unit,
        span=Span(numeral.start, numeral.stop),
        unit_source=UnitSource.ADJACENT if numeral.unit else UnitSource.NONE,
        unit_span=Span(*numeral.unit_place) if numeral.unit_place else None,
        exponent=money_exponent(numeral.unit),
        exact=not numeral.value or (numeral.unit in units().count and not numeral.decimals),
    )
    return scene.told(literal)


def is_torn(text: str, start: int) -> bool:
    """Whether a numeral is what a line break left of a longer one: another digit ends the line before it."""
    before = text[max(0, start - 8) : start]
    gap = before[len(before.rstrip("\r\n")) :]
    return bool(gap) and before.rstrip("\r\n")[-1:] in _DIGITS


def all_claimed(scene: Scene, span: Span) -> bool:
    """Whether every amount and every bare number in a span belongs to a record.

    A number that no record holds may be the part that a relation seems to lack. Years and numbers of other things do
    not count.
    """
    text = scene.document.text
    for numeral in find_numerals(text, span.start, span.stop):
        is_amount = money_exponent(numeral.unit) is not None
        is_bare = numeral.unit is None and not (numeral.decimals == 0 and 1990 <= numeral.value <= 2100)
        if (is_amount or is_bare) and numeral.start not in scene.claimed and not is_torn(text, numeral.start):
            return False
    return True


def holds_value(scene: Scene, span: Span, like: Figure, value: Decimal) -> bool:
    """Whether a number of a span is a value (in yuan where ``like`` is money): what a relation seems to lack may have
    been filed elsewhere by whoever read it."""
    wanted = value.scaleb(-like.exponent, EXACT) if like.exponent else value
    return any(n.value == wanted for n in find_numerals(scene.document.text, span.start, span.stop))
