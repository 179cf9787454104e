"""Checking: interval arithmetic over printed figures, in Decimal, without division.

A figure printed with d decimals in a unit of 10^k stands for the closed interval v ± ½·10^(k−d); counts, weights, scores
and a printed 0 stand for themselves. A relation is inconsistent when no choice of values in the intervals satisfies it
(XBRL Calculations 1.1, section 5: consistent rounding intervals).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from pipeline.flow import Verdict
from schemas.values import from_parts

EXACT = Context(prec=400, rounding=ROUND_HALF_EVEN, Emax=999_999, Emin=-999_999)
"""Wide enough that sums and products of printed figures (28 digits each) never round."""

add, subtract, multiply = EXACT.add, EXACT.subtract, EXACT.multiply
ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)
_FIVE = Decimal(5)


class Interval(NamedTuple):
    """A closed interval [low, high] around a printed value."""

    low: Decimal
    high: Decimal
    value: Decimal

    @property
    def half(self) -> Decimal:
        """Half the interval's width: what rounding may have taken from the value or added to it."""
        return subtract(self.high, self.value)

    @property
    def is_exact(self) -> bool:
        """Whether the interval holds its value alone."""
        return self.low == self.high

    def meets(self, other: Interval) -> bool:
        """Whether the intervals share a value; closed, so that 0.005 may be printed as 0.00 and as 0.01."""
        return self.low <= other.high and other.low <= self.high

    def truncated(self) -> Interval:
        """The values that print as this one when digits are cut off instead of rounded: towards zero, open beyond."""
        width = multiply(Decimal(2), self.half)
        if self.value < 0:
            return Interval(subtract(self.value, width), self.value, self.value)
        return Interval(self.value, add(self.value, width), self.value)

    def plus(self, other: Interval) -> Interval:
        """The interval of the sums of a value of each."""
        return Interval(add(self.low, other.low), add(self.high, other.high), add(self.value, other.value))

    def without(self, part: Interval) -> Interval:
        """The sum that this one is once one of its parts is taken out of it."""
        return Interval(subtract(self.low, part.low), subtract(self.high, part.high), subtract(self.value, part.value))

    def times(self, factor: Decimal) -> Interval:
        """The interval of the values times an exact factor."""
        low, high = multiply(self.low, factor), multiply(self.high, factor)
        if factor < 0:
            low, high = high, low
        return Interval(low, high, multiply(self.value, factor))

    def scaled(self, exponent: int) -> Interval:
        """The interval in another unit: times 10 to the exponent."""
        if not exponent:
            return self
        return Interval(
            self.low.scaleb(exponent, EXACT), self.high.scaleb(exponent, EXACT), self.value.scaleb(exponent, EXACT)
        )


NOTHING = Interval(ZERO, ZERO, ZERO)
"""What no parts make."""


@cache
def half_unit(place: int) -> Decimal:
    """Half of 10 to the power ``place``: half a unit of the last printed digit."""
    return _FIVE.scaleb(place - 1, EXACT)


def interval(value: Decimal, decimals: int = 0, exponent: int = 0, *, exact: bool = False) -> Interval:
    """The interval of a figure printed with ``decimals`` digits after the point in a unit of 10^``exponent``."""
    if exponent:
        value = value.scaleb(exponent, EXACT)
    if exact or not value:
        return from_parts(Interval, (value, value, value))
    half = half_unit(exponent - decimals)
    return from_parts(Interval, (subtract(value, half), add(value, half), value))


@lru_cache(1 << 14)
def interval_of(literal: tuple[Decimal, int, int, bool]) -> Interval:
    """``interval`` of a value, its decimals, unit and whether it is exact; kept, as most amounts come again."""
    value, decimals, exponent, exact = literal
    return interval(value, decimals, exponent, exact=exact)


def exactly(value: Decimal) -> Interval:
    """The interval that holds one value alone."""
    return Interval(value, value, value)


class Outcome(NamedTuple):
    """What arithmetic says of a relation.

    ``computed`` is what the other figures give for the stated one (for a ratio: not computed, see ``ratio_value``);
    ``needed`` is the slack that the relation would need to hold and ``allowed`` the slack that rounding gives it,
    both in the unit in which the relation was tested.
    """

    verdict: Verdict
    computed: Decimal | None
    needed: Decimal
    allowed: Decimal

    @property
    def broken(self) -> bool:
        """Whether the figures contradict each other."""
        return self.verdict is Verdict.INCONSISTENT

    @property
    def holds(self) -> bool:
        """Whether the figures bear each other out, and could have failed to."""
        return self.verdict is Verdict.CONSISTENT


INCOMPLETE = Outcome(Verdict.INCOMPLETE, None, ZERO, ZERO)
UNDEFINED = Outcome(Verdict.UNDEFINED, None, ZERO, ZERO)


def _judge(
    needed: Decimal, allowed: Decimal, scale: Decimal, computed: Decimal | None, cut: Callable[[], bool]
) -> Outcome:
    """The verdict of a relation that needs ``needed`` and is given ``allowed``, about figures as large as ``scale``.

    ``cut`` tells whether it holds where the stated figure was cut off instead of rounded.
    """
    if needed > allowed:
        verdict = Verdict.TRUNCATED if cut() else Verdict.INCONSISTENT
    elif allowed and multiply(Decimal(2), allowed) >= scale:
        verdict = Verdict.VACUOUS
    else:
        verdict = Verdict.CONSISTENT
    return Outcome(verdict, computed, needed, allowed)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    result = ZERO
    for value in values:
        result = add(result, value)
    return result


def check_sum(stated: Interval, parts: Sequence[Interval], weights: Sequence[int] | None = None) -> Outcome:
    """|T − Σwᵢvᵢ| ≤ h_T + Σ|wᵢ|hᵢ. No parts: incomplete."""
    if not parts:
        return INCOMPLETE
    low = high = computed = ZERO
    for index, part in enumerate(parts):
        weight = 1 if weights is None else weights[index]
        one = part if weight == 1 else part.times(Decimal(weight))
        low, high, computed = add(low, one.low), add(high, one.high), add(computed, one.value)
    return check_total(stated, from_parts(Interval, (low, high, computed)))


def check_total(stated: Interval, made: Interval) -> Outcome:
    """``check_sum`` where what the parts make together is known."""
    computed = made.value
    needed = abs(subtract(stated.value, computed))
    allowed = add(stated.half, subtract(made.high, computed))
    scale = max(abs(stated.value), abs(computed))
    return _judge(needed, allowed, scale, computed, lambda: stated.truncated().meets(made))


def check_ratio(stated: Interval, part: Interval, whole: Interval, factor: Decimal = HUNDRED) -> Outcome:
    """``stated`` = factor · part / whole: factor·a_lo ≤ (p+h)·b_hi and (p−h)·b_lo ≤ factor·a_hi, for any signs.

    A whole whose interval holds 0 leaves the ratio undefined. Slacks are those of factor·a against p·b.
    """
    return _ratio(stated, stated.truncated, part, whole, factor)


def follows(stated: Interval, part: Interval, whole: Interval, factor: Decimal = HUNDRED) -> bool:
    """Whether a ratio of figures that are not negative holds, without saying by how much; False leaves it open."""
    return (
        whole.low > 0
        and part.low >= 0
        and stated.low >= 0
        and multiply(factor, part.low) <= multiply(stated.high, whole.high)
        and multiply(stated.low, whole.low) <= multiply(factor, part.high)
    )


def check_growth(stated: Interval, now: Interval, before: Interval) -> Outcome:
    """``stated`` % = 100·(now/before − 1), as a ratio with 100 + g; a base at or below 0 leaves it undefined."""
    if before.low <= 0:
        return UNDEFINED
    return _ratio(_plus_hundred(stated), lambda: _plus_hundred(stated.truncated()), now, before, HUNDRED)


def _plus_hundred(one: Interval) -> Interval:
    return Interval(add(one.low, HUNDRED), add(one.high, HUNDRED), add(one.value, HUNDRED))


def _ratio(stated: Interval, cut: Callable[[], Interval], part: Interval, whole: Interval, factor: Decimal) -> Outcome:
    if whole.low <= 0 <= whole.high:
        return UNDEFINED
    top = part.times(factor)
    product = _product(stated, whole)
    needed = abs(subtract(top.value, product.value))
    side = subtract(product.high, product.value) if top.value > product.value else subtract(product.value, product.low)
    scale = max(abs(top.value), abs(product.value))
    return _judge(needed, add(top.half, side), scale, None, lambda: top.meets(_product(cut(), whole)))


def check_same(one: Interval, other: Interval) -> Outcome:
    """One quantity stated twice: the intervals meet."""
    needed = abs(subtract(one.value, other.value))
    allowed = add(one.half, other.half)
    scale = max(abs(one.value), abs(other.value))
    return _judge(
        needed,
        allowed,
        scale,
        other.value,
        lambda: one.truncated().meets(other) or other.truncated().meets(one),
    )


def check_at_most(low: Interval, high: Interval) -> Outcome:
    """``low`` ≤ ``high`` for some choice of values."""
    if low.low > high.high:
        return Outcome(Verdict.INCONSISTENT, high.value, subtract(low.value, high.value), add(low.half, high.half))
    return Outcome(Verdict.CONSISTENT, high.value, ZERO, add(low.half, high.half))


def _product(one: Interval, other: Interval) -> Interval:
    if one.low >= 0 and other.low >= 0:
        return Interval(multiply(one.low, other.low), multiply(one.high, other.high), multiply(one.value, other.value))
    corners = [multiply(a, b) for a in (one.low, one.high) for b in (other.low, other.high)]
    return Interval(min(corners), max(corners), multiply(one.value, other.value))


def ratio_value(part: Decimal, whole: Decimal, decimals: int, factor: Decimal = HUNDRED) -> Decimal:
    """factor · part / whole to a number of decimals, for a message; no verdict rests on it."""
    places = ONE.scaleb(-decimals, EXACT)
    return EXACT.divide(multiply(factor, part), whole).quantize(places, context=EXACT)
