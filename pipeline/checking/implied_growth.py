"""Checking: a growth rate against this year's figure and its change, where the figure of the year before is not printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.checking.diagnosis import growth_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Interval, check_ratio, ratio_value, subtract
from pipeline.checking.labels import CARRIED, CHANGE, RATE
from pipeline.checking.prose import Mention
from pipeline.checking.scene import commensurable, digits, plain, printed
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding
from schemas.relations import FindingKind

_TIMES = "倍"


def implied_growths(told: Sequence[Mention], report: str) -> Iterator[Finding]:
    """“支出168万元，比上年增加28万元，增长16.67%”: 28 of 140 are 20%.

    Precondition: amount, change and rate follow each other, the change says what it is compared with, and records hold
    all three as one subject's; change and rate have one direction.
    """
    for now, change, rate in zip(told, told[1:], told[2:], strict=False):
        if _belong(now, change, rate) and (base := _base(now, change)) is not None:
            yield from _check(now, change, rate, base, report)


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


def _base(now: Mention, change: Mention) -> Interval | None:
    """The figure of the year before, None where it is not above zero."""
    if not commensurable((now.figure, change.figure)):
        return None
    moved = change.figure.interval.times(Decimal(change.direction))
    interval = now.figure.interval
    base = Interval(
        subtract(interval.low, moved.high), subtract(interval.high, moved.low), subtract(interval.value, moved.value)
    )
    return base if base.low > 0 else None


def _check(now: Mention, change: Mention, rate: Mention, base: Interval, report: str) -> Iterator[Finding]:
    outcome = check_ratio(rate.figure.interval, change.figure.interval, base)
    if not outcome.broken:
        return
    value = ratio_value(change.figure.interval.value, base.value, max(2, rate.figure.literal.decimals))
    sign = "－" if change.direction > 0 else "＋"
    yield make(
        FindingKind.GROWTH,
        "growth.implied",
        report,
        Text(
            f"{digits(change.figure)}÷（{digits(now.figure)}{sign}{digits(change.figure)}）＝{plain(value)}%，"
            f"印为{printed(rate.figure)}",
            f"a change of {digits(change.figure)} to {digits(now.figure)} is {plain(value)}%, "
            f"but {printed(rate.figure)} is stated",
        ),
        stated=printed(rate.figure),
        computed=f"{plain(value)}%",
        slack=ratio_value(outcome.allowed, base.value, 4, Decimal(1)),
        literals=[rate.figure.plays("stated"), now.figure.plays("current"), change.figure.plays("change")],
        suggestion=growth_hint(rate.figure, now.figure.interval, base),
    )
