"""Checking: what is left (结余, 缺口) of what came in or was planned, less what was spent, in prose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.checking.clashes import transposed
from pipeline.checking.diagnosis import one_digit
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Outcome, check_sum
from pipeline.checking.passages import Passage, Told, passages, plays, sentences, told
from pipeline.checking.scene import Figure, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.checking.vocabulary import Remainder, words
from pipeline.flow import Finding
from schemas.relations import FindingKind

_BREAKS = "；;"
_NEAREST = 30
"""Numbers before a remainder that may be what it is left of."""


class Pair(NamedTuple):
    """An amount with what was spent of it, and how the remainder fits."""

    base: Figure
    spent: Figure
    outcome: Outcome


def check_remainders(scene: Scene) -> Iterator[Finding]:
    """“到位资金A万元，支付B万元，结余C万元”: A less B against C; “计划A，实际到位B，缺口C” alike.

    Precondition: the three stand in this order in one clause, failing that in one sentence; the words before each say
    what it is (vocabulary), and nothing but rates stands between what was spent and what is left. Where several amounts
    before may be the base, the remainder is wrong only if it follows from none of them; a sentence that counts in
    what earlier years left (上年结转) is passed over.
    """
    known = words().remainders
    for passage in passages(scene, known.hint):
        for start, stop in sentences(passage.text):
            if not known.hint.search(passage.text, start, stop):
                continue
            numbers = told(scene, passage, start, stop)
            for index, number in enumerate(numbers):
                if number.is_money and (kind := _kind(number, known.kinds)) is not None:
                    yield from _check(scene, passage, kind, numbers[max(0, index - _NEAREST) : index + 1])


def _kind(number: Told, kinds: Sequence[Remainder]) -> Remainder | None:
    return next((k for k in kinds if k.left.search(number.label)), None)


def _check(scene: Scene, passage: Passage, kind: Remainder, numbers: Sequence[Told]) -> Iterator[Finding]:
    *before, left = numbers
    amounts = [n for n in before if n.is_money]
    if not amounts or any(words().remainders.carried.search(n.label) for n in numbers):
        return
    spent = amounts[-1]
    if not kind.spent.search(spent.label) or any(n.figure.literal.unit not in _SHARES for n in _after(before, spent)):
        return
    bases = amounts[:-1]
    pairs = [_pair(b.figure, spent.figure, left.figure) for b in bases if commensurable((b.figure, left.figure))]
    if any(not p.outcome.broken for p in pairs):
        return
    named = [b for b in bases if kind.base.search(b.label)]
    named = [b for b in named if not words().remainders.part.search(b.label)] or named
    near = [b for b in named if not set(passage.text[b.numeral.start : left.numeral.start]) & set(_BREAKS)]
    chosen = (near or named)[-1:]
    if chosen and commensurable((chosen[0].figure, spent.figure, left.figure)):
        yield _finding(scene, passage, left.figure, _pair(chosen[0].figure, spent.figure, left.figure))


_SHARES = frozenset({"%", "％"})


def _after(numbers: Sequence[Told], one: Told) -> list[Told]:
    return [n for n in numbers if n.numeral.start > one.numeral.start]


def _pair(base: Figure, spent: Figure, left: Figure) -> Pair:
    return Pair(base, spent, check_sum(left.interval, [base.interval, spent.interval], [1, -1]))


def _finding(scene: Scene, passage: Passage, left: Figure, pair: Pair) -> Finding:
    outcome = pair.outcome
    assert outcome.computed is not None
    computed, gap = in_unit(left, outcome.computed), in_unit(left, outcome.needed)
    unit = left.literal.unit or ""
    return make(
        FindingKind.DIFFERENCE,
        "prose.remainder",
        passage.report,
        Text(
            f"{digits(pair.base)}－{digits(pair.spent)}＝{computed}{unit}，印为{printed(left)}，相差{gap}{unit}",
            f"{digits(pair.base)} less {digits(pair.spent)} is {computed}, but {printed(left)} is said to be left; off by {gap}",
        ),
        stated=printed(left),
        computed=f"{computed}{unit}",
        slack=slack_in(left, outcome.allowed),
        literals=plays(scene, [("stated", left), ("base", pair.base), ("spent", pair.spent)]),
        suggestion=transposed(digits(left), computed) or one_digit(digits(left), computed),
    )
