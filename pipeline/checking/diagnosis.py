"""Checking: the smallest single change that would restore a relation, as a suggestion; nothing is ever changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import reduce

from pipeline.checking.findings import Text
from pipeline.checking.intervals import (
    NOTHING,
    Interval,
    Outcome,
    check_sum,
    check_total,
    exactly,
    interval,
    ratio_value,
    subtract,
)
from pipeline.checking.intervals import total as add_up
from pipeline.checking.scene import Figure, digits, in_unit, plain, printed

_MANY = 60
"""Figures beyond which only the total is tried: the search is quadratic in the parts."""

_SHIFTS = (1, -1, 2, -2)
_LONG = 5
"""Characters of a number that may have lost a digit; a shorter one may become many others."""
_TELLING = 3
"""Digits from which on a rate that fits after a shift of its point hardly does so by chance."""
_UNITS = (("万元", 4), ("元", 0), ("亿元", 8))


Candidates = Callable[[Decimal], Iterable[tuple[str, Figure]]]
"""The figures that stand elsewhere with a certain value, each with its label."""


def sum_hint(total: Figure, parts: Sequence[Figure], candidates: Candidates = lambda _: ()) -> Text | None:
    """What would make the parts add up to the total: a shifted point, another unit, a missing part, digits
    exchanged, doubled, lost or misprinted."""
    figures = (total, *parts)
    made = reduce(Interval.plus, (p.interval for p in parts), NOTHING)

    def holds(index: int, value: Interval) -> bool:
        if index == 0:
            return not check_total(value, made).broken
        return not check_total(total.interval, made.without(figures[index].interval).plus(value)).broken

    tried = figures if len(figures) <= _MANY else figures[:1]
    return (
        _shifted(tried, holds)
        or _rescaled(tried, holds)
        or _missing(total, parts, candidates)
        or _mixed_up(tried, holds)
        or _dropped(total, parts)
        or _one_digit(total, check_sum(total.interval, [p.interval for p in parts]))
    )


def is_shift(total: Figure, parts: Sequence[Figure]) -> int | None:
    """The number of places by which the total's point is off, where exactly that explains a sum; None otherwise."""
    values = [p.interval for p in parts]
    for shift in (1, -1):
        moved = total.interval.scaled(-shift)
        outcome = check_sum(moved, values)
        if not outcome.broken and outcome.allowed < abs(moved.value):
            return shift
    return None


def is_ratio_shift(stated: Figure, holds: Callable[[Interval], bool]) -> bool:
    """Whether a rate follows but for a decimal point: one place off in the rate or in what it was taken of.

    A rate of fewer than three digits may meet by chance what a shift makes of it.
    """
    telling = sum(c.isdigit() for c in digits(stated)) >= _TELLING
    return telling and any(holds(stated.interval.scaled(shift)) for shift in (1, -1))


def ratio_hint(stated: Figure, part: Figure, whole: Figure, holds: Callable[[Interval], bool]) -> Text | None:
    """What would make a stated percentage follow from its two figures."""
    shifted = _shifted((stated,), lambda _, value: holds(value))
    if shifted or not part.interval.value or not whole.interval.value:
        return shifted
    decimals = stated.literal.decimals
    correct = ratio_value(part.interval.value, whole.interval.value, decimals)
    swapped = ratio_value(whole.interval.value, part.interval.value, decimals)
    if swapped == stated.literal.value:
        return Text(
            f"疑为分子、分母颠倒，应为{plain(correct)}%", f"part and whole seem swapped; {plain(correct)}% would follow"
        )
    return _digit_text(stated, correct, "%")


def growth_hint(stated: Figure, now: Interval, before: Interval) -> Text | None:
    """What would make a stated growth follow: the wrong base, or one wrong digit."""
    decimals = stated.literal.decimals
    change = abs(subtract(now.value, before.value))
    if now.value > 0 and ratio_value(change, now.value, decimals) == abs(stated.literal.value):
        return Text("疑误以本年数为基数计算", "the rate seems to be taken of this year's figure instead of last year's")
    if before.value > 0:
        return _digit_text(stated, ratio_value(change, before.value, decimals), "%")
    return None


def _shifted(figures: Sequence[Figure], holds: Callable[[int, Interval], bool]) -> Text | None:
    for shift in _SHIFTS:
        for index, figure in enumerate(figures):
            if figure.interval.value and holds(index, figure.interval.scaled(shift)):
                meant = plain(figure.literal.value.scaleb(shift))
                return Text(
                    f"{printed(figure)}疑为小数点错位，应为{meant}",
                    f"decimal point of {digits(figure)} seems shifted; {meant} would fit",
                )
    return None


def _rescaled(figures: Sequence[Figure], holds: Callable[[int, Interval], bool]) -> Text | None:
    for unit, exponent in _UNITS:
        for index, figure in enumerate(figures):
            if figure.exponent is None or figure.exponent == exponent or not figure.interval.value:
                continue
            if holds(index, figure.interval.scaled(exponent - figure.exponent)):
                return Text(
                    f"{printed(figure)}的单位疑为{unit}",
                    f"the unit of {digits(figure)} seems to be {unit} (×10^{exponent})",
                )
    return None


def _missing(total: Figure, parts: Sequence[Figure], candidates: Candidates) -> Text | None:
    rest = subtract(total.interval.value, add_up(p.interval.value for p in parts))
    if rest <= 0:
        return None
    for label, figure in candidates(rest):
        if figure.exponent == total.exponent:
            value = in_unit(total, rest)
            return Text(
                f"差额{value}恰等于“{label}”{printed(figure)}，疑漏列此项",
                f"the difference {value} equals {label} {digits(figure)}, which the list leaves out",
            )
    return None


def _mixed_up(figures: Sequence[Figure], holds: Callable[[int, Interval], bool]) -> Text | None:
    for index, figure in enumerate(figures):
        for text, zh, en in _slips(digits(figure)):
            _, _, fraction = text.partition(".")
            if holds(
                index, interval(Decimal(text), len(fraction), figure.exponent or 0, exact=figure.interval.is_exact)
            ):
                return Text(f"{printed(figure)}疑{zh}，应为{text}", f"{en} in {digits(figure)}; {text} would fit")
    return None


def _dropped(total: Figure, parts: Sequence[Figure]) -> Text | None:
    """A digit that is missing in one of the figures: what the others leave for it has one digit more."""
    whole = add_up(p.interval.value for p in parts)
    wanted = [(total, whole)]
    if len(parts) <= _MANY:
        wanted += [(p, subtract(total.interval.value, subtract(whole, p.interval.value))) for p in parts]
    for figure, value in wanted:
        printed_digits = digits(figure)
        right = plain_as(exactly(value).scaled(-(figure.exponent or 0)).value, figure.literal.decimals)
        if len(right) == len(printed_digits) + 1 >= _LONG and printed_digits in _with_one_less(right):
            return Text(
                f"{printed(figure)}疑漏印一位数字，应为{right}",
                f"one digit missing in {printed_digits}; {right} would fit",
            )
    return None


def _with_one_less(text: str) -> set[str]:
    """The numbers that a number becomes when one of its digits is left out."""
    return {text[:i] + text[i + 1 :] for i, c in enumerate(text) if c.isdigit()}


def _slips(text: str) -> Iterator[tuple[str, str, str]]:
    """Readings of a number with two neighbouring digits exchanged, or one digit doubled by mistake left out."""
    for i in range(len(text) - 1):
        a, b = text[i], text[i + 1]
        if a.isdigit() and b.isdigit() and a != b and (i or b != "0"):
            yield text[:i] + b + a + text[i + 2 :], "相邻数字颠倒", "two digits seem exchanged"
    first = 1 if text.startswith("-") else 0
    point = text.find(".") if "." in text else len(text)
    for i in range(first, point if point - first > 1 else first):
        if i == first and text[first + 1] == "0":
            continue
        yield text[:i] + text[i + 1 :], "多印一位数字", "one digit too many"


def _one_digit(total: Figure, outcome: Outcome) -> Text | None:
    if outcome.computed is None:
        return None
    value = exactly(outcome.computed).scaled(-(total.exponent or 0)).value
    return _digit_text(total, value, "")


def _digit_text(stated: Figure, correct: Decimal, sign: str) -> Text | None:
    return one_digit(digits(stated), plain_as(correct, stated.literal.decimals), sign)


def one_digit(was: str, should: str, sign: str = "") -> Text | None:
    """The suggestion that a single digit of a printed number is wrong, None where more than one differs."""
    if len(was) != len(should) or sum(1 for a, b in zip(was, should, strict=True) if a != b) != 1:
        return None
    return Text(f"疑一位数字印错，应为{should}{sign}", f"one digit seems misprinted; {should}{sign} would follow")


def plain_as(value: Decimal, decimals: int) -> str:
    """A value with a fixed number of decimals, where it has no more than these; otherwise in full."""
    text = plain(value)
    _, _, fraction = text.partition(".")
    return f"{value:.{decimals}f}" if len(fraction) <= decimals else text
