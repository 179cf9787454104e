"""Review: the passage of a text that a record was read from, cut where what is marked begins and ends."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from pipeline.numerals import find_numerals
from schemas.values import Span, squeeze


class Mark(StrEnum):
    """What a part of a passage is marked as."""

    NONE = ""
    FIGURE = "figure"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a passage: whether it belongs to the quote, and its mark."""

    text: str
    quoted: bool
    mark: Mark


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text in parts; ``line`` is that of what it shows, ``first`` of its beginning, both from 1; ``cut`` says
    that the text goes on before or after it."""

    parts: tuple[Part, ...]
    line: int
    first: int
    cut: bool


def passage(text: str, quote: Span, figures: Iterable[Span], others: Iterable[Span], around: int) -> Passage:
    """A passage of whole lines around a quote (``around`` characters to each side at least, where lines are not longer)."""
    start, stop = _line_start(text, max(0, quote.start - around)), _line_stop(text, quote.stop + around)
    window = Span(start, stop)
    marks = {Mark.OTHER: _within(others, window), Mark.FIGURE: _within(figures, window)}
    edges = {start, stop, *quote, *(e for spans in marks.values() for span in spans for e in span)}
    cuts = sorted(e for e in edges if start <= e <= stop)
    return Passage(
        parts=tuple(
            Part(text[a:b], quote.start <= a and b <= quote.stop, _mark(Span(a, b), marks)) for a, b in pairwise(cuts)
        ),
        line=text.count("\n", 0, quote.start) + 1,
        first=text.count("\n", 0, start) + 1,
        cut=start > 0 or stop < len(text),
    )


def find_quote(text: str, quote: str, within: Span) -> Span | None:
    """Where a claimed quote stands, white space aside: in the piece that it was read from, else anywhere."""
    words = squeeze(quote)
    if not words:
        return None
    pattern = re.compile(r"\s*".join(map(re.escape, words)))
    found = pattern.search(text, within.start, within.stop) or pattern.search(text)
    return Span(*found.span()) if found else None


def numbers_in(text: str, within: Span, values: Collection[Decimal]) -> Iterator[Span]:
    """The printed numbers of a piece of text that have one of these values."""
    for numeral in find_numerals(text[within.start : within.stop]):
        if numeral.value in values:
            yield Span(within.start + numeral.start, within.start + numeral.stop)


def _mark(span: Span, marks: dict[Mark, list[Span]]) -> Mark:
    for mark in (Mark.FIGURE, Mark.OTHER):
        if any(m.holds(span) for m in marks[mark]):
            return mark
    return Mark.NONE


def _within(spans: Iterable[Span], window: Span) -> list[Span]:
    return [s for s in spans if window.holds(s)]


_LONGEST_LINE = 400
"""Characters by which a passage grows at most to end with a whole line."""


def _line_start(text: str, place: int) -> int:
    first = max(0, place - _LONGEST_LINE)
    found = text.rfind("\n", first, place)
    if found >= 0:
        return found + 1
    return 0 if first == 0 else place


def _line_stop(text: str, place: int) -> int:
    place = min(place, len(text))
    found = text.find("\n", place, place + _LONGEST_LINE)
    return found if found >= 0 else place
