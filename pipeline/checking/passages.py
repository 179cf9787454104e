"""Checking: prose as it reads, wraps joined: its sentences, and the numbers in them with the words before each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from pipeline.checking.scene import Figure, Scene
from pipeline.flow import Block, FindingLiteral, View
from pipeline.numerals import Numeral
from schemas.units import money_exponent, units
from schemas.values import Literal, UnitSource, from_parts, squeeze

_SENTENCE = re.compile(r"[^。！？]+")
_LABEL = 40
_START = itemgetter(0)


class Passage(NamedTuple):
    """A heading, paragraph or item, with the report that it belongs to."""

    block: Block
    report: str | None

    @property
    def view(self) -> View:
        """Its text where it stands."""
        return self.block.view

    @property
    def text(self) -> str:
        """Its text, wraps joined."""
        return self.block.text


class Told(NamedTuple):
    """A number of a sentence: its place in the passage, and the words between the number before it and itself."""

    numeral: Numeral
    figure: Figure
    label: str

    @property
    def is_money(self) -> bool:
        """Whether it is an amount of money."""
        return self.figure.exponent is not None


def passages(scene: Scene, hint: re.Pattern[str]) -> Iterator[Passage]:
    """The blocks of the layout whose text a pattern occurs in, in reading order."""
    layout = scene.layout
    report_at = partial(layout.report_at) if layout.segments else (lambda _: None)
    for block in scene.blocks:
        if hint.search(block.text):
            yield Passage(block, report_at(block.span.start))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of the sentences of a passage; 。 ends one."""
    return (m.span() for m in _SENTENCE.finditer(text))


def told(scene: Scene, passage: Passage, start: int, stop: int) -> list[Told]:
    """The numbers of a range of a passage in order, told once for all checks."""
    key = passage.block.span, start, stop
    known: list[Told] | None = scene.in_ranges.get(key)
    if known is not None:
        return known
    found: list[Told] = scene.in_ranges.setdefault(key, [])
    before, text, numerals = start, passage.text, passage.block.numerals
    first, last = (bisect_left(numerals, place, key=_START) for place in (start, stop))
    for numeral, figure in zip(numerals[first:last], _figures(scene, passage.block)[first:last], strict=True):
        label = squeeze(text[max(before, numeral.start - _LABEL) : numeral.start])
        found.append(from_parts(Told, (numeral, figure, label)))
        before = numeral.unit_stop
    return found


def _figures(scene: Scene, block: Block) -> Sequence[Figure]:
    """The numbers of a block as figures, worked out once for all checks."""
    found = scene.in_blocks.get(block.span)
    if found is None:
        found = scene.in_blocks[block.span] = [figure_in(scene, block.view, n) for n in block.numerals]
    return found


def figure_in(scene: Scene, view: View, numeral: Numeral) -> Figure:
    """A numeral of a view as a figure; a count without decimals is exact."""
    literal = Literal(
        field="",
        printed=view.text[numeral.start : numeral.stop],
        value=numeral.value,
        decimals=numeral.decimals,
        unit=numeral.unit,
        span=view.span(numeral.start, numeral.stop),
        unit_source=UnitSource.ADJACENT if numeral.unit else UnitSource.NONE,
        unit_span=None,
        exponent=money_exponent(numeral.unit),
        exact=not numeral.value or (numeral.unit in units().count and not numeral.decimals),
    )
    return scene.told(literal)


def literal_in(scene: Scene, passage: Passage, role: str, start: int, stop: int) -> FindingLiteral:
    """A piece of a passage as a literal of a finding."""
    span = passage.view.span(start, stop)
    return FindingLiteral(role, span, scene.document.slice(span), None, None)


def plays(scene: Scene, roles: Sequence[tuple[str, Figure]]) -> list[FindingLiteral]:
    """Figures read from passages as the literals of a finding, with the records that hold them."""
    return [scene.in_record(figure, role) for role, figure in roles]
