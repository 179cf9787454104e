"""Checking: shares and rates told in prose (占总支出的30%, 办结率99%) against the numbers that stand before them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from pipeline.checking.clashes import transposed
from pipeline.checking.diagnosis import is_ratio_shift, ratio_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import HUNDRED, ONE, Interval, check_ratio, ratio_value
from pipeline.checking.passages import Passage, Told, plays, sentences, told
from pipeline.checking.rates import measure_of
from pipeline.checking.scene import Figure, Scene, digits, plain, printed
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding
from schemas.relations import FindingKind

_PERCENT = re.compile("[%％]")
_SHARES = frozenset({"%", "％"})
_BREAKS = re.compile("[；;]")
_MARKS = re.compile("[，,。；;：:、]")
_LEAST = 2
_SATISFIED = "满意"
_DIGITS = 5
_NEAREST = 30
"""Numbers before a share that may be what it is of, and shares that are looked at together."""
_ROUND = frozenset({HUNDRED, HUNDRED - HUNDRED})


class Share(NamedTuple):
    """A percentage, what its words say it is of (占总支出的: 总支出; 办结率: 办结), and the numbers before it."""

    number: Told
    base: str
    is_rate: bool
    before: tuple[Told, ...]
    clause: tuple[Told, ...]


def check_prose_shares(scene: Scene) -> Iterator[Finding]:
    """Shares and rates of prose.

    Precondition, one of: the words name the base, and a number of the same sentence before the share is called just
    that (年初预算为51.20万元，支出51.60万元，完成年初预算的…); a rate is named after what was done (办结3174件，办结率…) and
    its clause has two counts of one unit before it; or most other shares of the chapter with the same words, two of
    them (one, of an amount in five digits), follow from one number before them all, which then is the base of this
    one too. 100% and 0 bear out nothing.
    """
    for chapter in _chapters(scene):
        numbers: list[Told] = []
        shares: list[Share] = []
        for passage in chapter:
            own = told(scene, passage, 0, len(passage.text))
            found = list(_shares(passage, own))
            numbers.extend(own)
            shares.extend(found)
            for share in found:
                pair = _named(share) or _done(share)
                if pair is not None:
                    yield from _check(scene, passage, share, *pair)
                else:
                    yield from _of_chapter(scene, passage, share, numbers)
        yield from _siblings(scene, chapter[0], shares, numbers)


def _chapters(scene: Scene) -> Iterator[list[Passage]]:
    """The passages that stand under the same headings one after another, where one of them holds a percentage."""
    for _, blocks in groupby(scene.layout.blocks, key=lambda b: b.path):
        group = list(blocks)
        if any(_PERCENT.search(b.text) for b in group):
            report = scene.layout.report_at(group[0].span.start) if scene.layout.segments else None
            yield [Passage(b, report) for b in group]


def _shares(passage: Passage, numbers: Sequence[Told]) -> Iterator[Share]:
    known = words().shares
    starts = [start for start, _ in sentences(passage.text)]
    for place, number in enumerate(numbers):
        if number.figure.literal.unit not in _SHARES or number.numeral.operator is not None or not place:
            continue
        match = known.of.search(number.label) or known.rate.search(number.label) or known.bare.search(number.label)
        if match is None or known.not_a_share.search(number.label):
            continue
        start = starts[bisect_right(starts, number.numeral.start) - 1]
        before = tuple(n for n in numbers[max(0, place - _NEAREST) : place] if n.numeral.start >= start)
        first = before[0].numeral.start if before else number.numeral.start
        cut = max((m.end() for m in _BREAKS.finditer(passage.text, first, number.numeral.start)), default=first)
        clause = tuple(n for n in before if n.numeral.start >= cut)
        yield Share(number, match["base"], match.re is known.rate, before, clause)


def _is_amount(number: Told) -> bool:
    return number.figure.literal.unit not in _SHARES


def _named(share: Share) -> tuple[Figure, Figure] | None:
    """The part and the base that the words of a share name in its sentence."""
    if share.is_rate or not share.base:
        return None
    amounts = [n for n in share.before if _is_amount(n)]
    bases = [n for n in amounts if words().shares.link.sub("", n.label).endswith(share.base)]
    if len({n.figure.interval.value for n in bases}) != 1 or amounts[-1].numeral.start == bases[-1].numeral.start:
        return None
    between = [n for n in amounts if n.numeral.start > bases[-1].numeral.start]
    alike = amounts[-1].figure.exponent == bases[-1].figure.exponent is not None
    return (amounts[-1].figure, bases[-1].figure) if len(between) == 1 and alike else None


def _done(share: Share) -> tuple[Figure, Figure] | None:
    """What was done and what there was to do: the two counts of a rate's clause."""
    if not share.is_rate:
        return None
    counts = [n for n in share.clause if _is_amount(n)]
    if share.base == _SATISFIED:
        counts = counts[-_LEAST:] if not any(share.base in _MARKS.split(n.label)[-1] for n in counts[:-1]) else []
    if len(counts) != _LEAST or any(not _is_amount(n) for n in share.clause):
        return None
    whole, part = counts
    units = {whole.figure.literal.unit, part.figure.literal.unit}
    if len(units) != 1 or None in units or share.base not in part.label:
        return None
    return part.figure, whole.figure


def _of_chapter(scene: Scene, passage: Passage, share: Share, numbers: Sequence[Told]) -> Iterator[Finding]:
    """A share of an amount that the chapter names before the share's sentence (占到位资金的: 实际到位…).

    Precondition: the words of the base name what arrived, was planned or spent; an amount stands right before the share;
    it is a share of none of the chapter's earlier amounts of that measure, and of one of them but for two exchanged
    digits.
    """
    measure = None if share.is_rate else measure_of(share.base)
    if measure is None or not share.before or not share.before[-1].is_money:
        return
    stated, part = share.number.figure, share.before[-1].figure
    first = share.before[0].figure.span.start
    behind = bisect_left(numbers, first, key=lambda n: n.figure.span.start)
    bases = [n for n in numbers[max(0, behind - _NEAREST) : behind] if n.is_money]
    wholes = [n.figure for n in bases if measure_of(n.label) == measure and n.figure.interval.low > 0]
    if any(not check_ratio(stated.interval, part.interval, w.interval).broken for w in wholes):
        return
    for whole in wholes:
        value = ratio_value(part.interval.value, whole.interval.value, stated.literal.decimals)
        if transposed(digits(stated), str(value)):
            yield from _check(scene, passage, share, part, whole)
            return


def _siblings(scene: Scene, passage: Passage, shares: Sequence[Share], numbers: Sequence[Told]) -> Iterator[Finding]:
    groups: dict[tuple[str, bool], list[Share]] = defaultdict(list)
    for share in shares:
        if share.clause and _is_amount(share.clause[-1]):
            groups[(share.base, share.is_rate)].append(share)
    for group in groups.values():
        if not _LEAST <= len(group) <= _NEAREST:
            continue
        first = group[0].clause[-1].figure.span.start
        bases = [n for n in numbers if _is_amount(n) and n.figure.span.start < first][-_NEAREST:]
        for base in bases:
            parts = [(s, s.clause[-1].figure) for s in group]
            holding = [s for s, part in parts if _holds(s, part, base.figure)]
            telling = [s for s in holding if s.number.figure.interval.value not in _ROUND]
            enough = 1 if all(_is_telling(s) for s in group) else _LEAST
            if len(telling) >= enough and len(holding) * 2 >= len(group) > len(holding):
                for share, part in parts:
                    if share not in holding:
                        yield from _check(scene, passage, share, part, base.figure)
                break


def _is_telling(share: Share) -> bool:
    """Whether a share of an amount has so many digits that it hardly follows from another number by chance."""
    part = share.clause[-1]
    return part.is_money and min(_count(part.figure), _count(share.number.figure) + 1) >= _DIGITS


def _count(figure: Figure) -> int:
    return sum(c.isdigit() for c in digits(figure))


def _holds(share: Share, part: Figure, whole: Figure) -> bool:
    if whole.interval.low <= 0 or (part.exponent is None) != (whole.exponent is None):
        return False
    return check_ratio(share.number.figure.interval, part.interval, whole.interval).holds


def _check(scene: Scene, passage: Passage, share: Share, part: Figure, whole: Figure) -> Iterator[Finding]:
    stated = share.number.figure
    if (part.exponent is None) != (whole.exponent is None) or not part.interval.value:
        return
    outcome = check_ratio(stated.interval, part.interval, whole.interval)
    if not outcome.broken:
        return
    value = plain(ratio_value(part.interval.value, whole.interval.value, max(2, stated.literal.decimals)))

    def holds(one: Interval) -> bool:
        return not check_ratio(one, part.interval, whole.interval).broken

    yield make(
        FindingKind.DECIMAL_SHIFT if is_ratio_shift(stated, holds) else FindingKind.RATIO,
        "prose.share",
        passage.report,
        Text(
            f"{printed(part)}÷{printed(whole)}＝{value}%，印为{printed(stated)}",
            f"{digits(part)} / {digits(whole)} = {value}%, but {printed(stated)} is printed",
        ),
        stated=printed(stated),
        computed=f"{value}%",
        slack=ratio_value(outcome.allowed, whole.interval.value, 4, ONE),
        literals=plays(scene, [("stated", stated), ("part", part), ("whole", whole)]),
        suggestion=ratio_hint(stated, part, whole, holds),
    )
