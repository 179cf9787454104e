"""Checking: a growth rate against this year's figure and its change, where the figure of the year before is not printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.checking.diagnosis import growth_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Interval, check_ratio, follows, ratio_value, subtract
from pipeline.checking.labels import CARRIED, CHANGE, RATE
from pipeline.checking.passages import Passage, passages, plays, sentences, told
from pipeline.checking.prose import Mention, direction_of
from pipeline.checking.scene import Figure, Scene, commensurable, digits, plain, printed
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, FindingLiteral
from schemas.relations import FindingKind

_TIMES = "倍"
_NEAREST = 10
"""Amounts before a change that are tried as what changed."""
_SHARES = frozenset({"%", "％"})
_CHANGED = re.compile(
    r"^[，,]?(?:较|比|同比|与)(?:上年|去年|上一年|上年度|20\d\d年)?(?:相比)?[，,]?(?:净|实际)?[增减下上降升多少][^，,。；]{0,4}$"
)
_RATE = re.compile(r"^[，,、（(]?(?:同比)?(?:增长|增幅|增加|上升|下降|降幅|减少|降低)(?:率)?(?:了|为|约|达)*$")


def implied_growths(mentioned: Sequence[Mention], report: str) -> Iterator[Finding]:
    """“支出168万元，比上年增加28万元，增长16.67%”: 28 of 140 are 20%.

    Precondition: amount, change and rate follow each other, the change says what it is compared with, and records hold
    all three as one subject's; change and rate have one direction.
    """
    for place, (now, change, rate) in enumerate(zip(mentioned, mentioned[1:], mentioned[2:], strict=False)):
        if _belong(now, change, rate) and not _is_of_another(mentioned[max(0, place - _NEAREST) : place], change, rate):
            base = _base(now.figure, change.figure, change.direction)
            if base is not None and commensurable((now.figure, change.figure)):
                figures = (("stated", rate.figure), ("current", now.figure), ("change", change.figure))
                literals = [figure.plays(role) for role, figure in figures]
                yield from _check(now.figure, change.figure, rate.figure, base, change.direction, report, literals)


def _belong(now: Mention, change: Mention, rate: Mention) -> bool:
    if now.fact is None or change.fact is None or rate.fact is None or not now.is_amount or now.direction:
        return False
    if change.measure != CHANGE or rate.measure != RATE or not rate.is_share or rate.figure.literal.unit == _TIMES:
        return False
    one = now.fact.path[-1] == change.fact.path[-1] == rate.fact.path[-1]
    one = one and now.fact.year == change.fact.year
    compared = words().compared.search(change.label) and not words().compared.search(now.label)
    directed = change.direction and change.direction == rate.direction
    return (
        bool(one and compared and directed) and now.measure not in CARRIED and now.depth == change.depth == rate.depth
    )


def _is_of_another(before: Sequence[Mention], change: Mention, rate: Mention) -> bool:
    """Whether the rate is right for an earlier amount of the sentence (支出900万元，其中本级500万元，较上年增加100万元)."""
    amounts = [m.figure for m in before if m.is_amount and commensurable((m.figure, change.figure))]
    bases = [_base(figure, change.figure, change.direction) for figure in amounts]
    return any(b is not None and follows(rate.figure.interval, change.figure.interval, b) for b in bases)


def told_growths(scene: Scene) -> Iterator[Finding]:
    """“县级资金1000万元，较上年增加100万元，增长10%” in any paragraph or item: 100 of 900 are 11.11%.

    Precondition: the three stand one after another in a sentence, the change and the rate right behind commas and in one
    direction, and no other amount of their unit stands before them in it.
    """
    known = words()
    for passage in passages(scene, known.compared):
        for start, stop in sentences(passage.text):
            numbers = told(scene, passage, start, stop)
            amounts = [n for n in numbers if n.numeral.unit not in _SHARES]
            for place, number in enumerate(numbers[1:-1], 1):
                now, change, rate = numbers[place - 1], number, numbers[place + 1]
                direction = direction_of(change.label)
                alone = len(amounts) > 1 and amounts[0] is now and amounts[1] is change
                if (
                    alone
                    and rate.numeral.unit in _SHARES
                    and _CHANGED.match(change.label)
                    and _RATE.match(rate.label)
                    and direction
                    and direction == direction_of(rate.label)
                    and now.numeral.unit == change.numeral.unit is not None
                    and not known.compared.search(now.label)
                ):
                    yield from _told(scene, passage, (now.figure, change.figure, rate.figure), direction)


def _told(scene: Scene, passage: Passage, figures: tuple[Figure, Figure, Figure], direction: int) -> Iterator[Finding]:
    now, change, rate = figures
    base = _base(now, change, direction)
    if base is not None:
        literals = plays(scene, [("stated", rate), ("current", now), ("change", change)])
        yield from _check(now, change, rate, base, direction, passage.report, literals)


def _base(now: Figure, change: Figure, direction: int) -> Interval | None:
    """The figure of the year before, None where it is not above zero."""
    moved = change.interval.times(Decimal(direction))
    interval = now.interval
    base = Interval(
        subtract(interval.low, moved.high), subtract(interval.high, moved.low), subtract(interval.value, moved.value)
    )
    return base if base.low > 0 else None


def _check(  # noqa: PLR0913 - what the sentence says
    now: Figure,
    change: Figure,
    rate: Figure,
    base: Interval,
    direction: int,
    report: str | None,
    literals: Sequence[FindingLiteral],
) -> Iterator[Finding]:
    outcome = check_ratio(rate.interval, change.interval, base)
    if not outcome.broken:
        return
    value = ratio_value(change.interval.value, base.value, max(2, rate.literal.decimals))
    sign = "－" if direction > 0 else "＋"
    yield make(
        FindingKind.GROWTH,
        "growth.implied",
        report,
        Text(
            f"{digits(change)}÷（{digits(now)}{sign}{digits(change)}）＝{plain(value)}%，印为{printed(rate)}",
            f"a change of {digits(change)} to {digits(now)} is {plain(value)}%, but {printed(rate)} is stated",
        ),
        stated=printed(rate),
        computed=f"{plain(value)}%",
        slack=ratio_value(outcome.allowed, base.value, 4, Decimal(1)),
        literals=literals,
        suggestion=growth_hint(rate, now.interval, base),
    )
