"""Interval arithmetic: the cases that an auditor argues about, and what must never change a verdict."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.checking.intervals import (
    Interval,
    check_at_most,
    check_growth,
    check_ratio,
    check_same,
    check_sum,
    follows,
    interval,
    ratio_value,
)
from pipeline.flow import Verdict

UNITS = {"元": 0, "万元": 4, "亿元": 8}


def figure(printed: str, *, exact: bool = False) -> Interval:
    """The interval of a printed number with an optional unit of money; % and counts have none."""
    unit = next((u for u in ("万元", "亿元", "元") if printed.endswith(u)), "")
    number = printed.removesuffix(unit).rstrip("%")
    return interval(Decimal(number), len(number.partition(".")[2]), UNITS.get(unit, 0), exact=exact)


def count(printed: str) -> Interval:
    """An exact number."""
    return figure(printed, exact=True)


@pytest.mark.parametrize(
    ("stated", "parts", "verdict"),
    [
        ("100.0", ["33.3", "33.3", "33.3"], Verdict.CONSISTENT),  # 99.9 is within 4 × 0.05
        ("100.00", ["33.33", "33.33", "33.33"], Verdict.CONSISTENT),
        ("100.00", ["33.33", "33.33", "33.30"], Verdict.INCONSISTENT),
        ("11062.47万元", ["4248.92万元", "6914.56万元"], Verdict.INCONSISTENT),
        ("2834.44万元", ["2470.10万元", "364.35万元"], Verdict.CONSISTENT),  # one unit of the last place
        ("1.41亿元", ["280万元", "1.38亿元"], Verdict.CONSISTENT),  # 1.408亿元
        ("1.41亿元", ["280万元", "1.28亿元"], Verdict.INCONSISTENT),
        ("2万元", ["12000元", "8000元"], Verdict.CONSISTENT),
        ("-5.00", ["10.00", "-15.00"], Verdict.CONSISTENT),
        ("-5.00", ["10.00", "-16.00"], Verdict.INCONSISTENT),
        ("0", ["0", "0"], Verdict.CONSISTENT),  # a printed 0 stands for nothing
        ("0", ["0.3", "0"], Verdict.INCONSISTENT),
        ("0.1", ["0.1", "0.0"], Verdict.VACUOUS),  # the slack is as large as the figure
        ("10.00", ["4.00", "5.995"], Verdict.CONSISTENT),
        ("364.35", ["364.23"], Verdict.INCONSISTENT),
        ("12.34", ["6.00", "6.35"], Verdict.CONSISTENT),
        ("12.3", ["6.000", "6.399"], Verdict.TRUNCATED),  # 12.399 cut off, not rounded
        ("1", [], Verdict.INCOMPLETE),
    ],
)
def test_sums_hold_within_what_rounding_allows(stated: str, parts: list[str], verdict: Verdict) -> None:
    assert check_sum(figure(stated), [figure(p) for p in parts]).verdict is verdict


def test_a_sum_of_counts_is_exact() -> None:
    assert check_sum(count("34"), [count("12"), count("2"), count("8"), count("5"), count("7")]).holds
    assert check_sum(count("34"), [count("12"), count("2"), count("8"), count("5"), count("8")]).broken


def test_weights_subtract() -> None:
    outcome = check_sum(figure("86.59"), [figure("1327.19"), figure("1240.6")], [1, -1])
    assert outcome.holds
    assert outcome.computed == Decimal("86.59")
    assert outcome.allowed == Decimal("0.06")


@pytest.mark.parametrize(
    ("stated", "part", "whole", "verdict"),
    [
        ("100%", "8982.84", "8988.94", Verdict.CONSISTENT),  # 99.93 % printed without decimals
        ("99.93%", "8982.84", "8988.94", Verdict.CONSISTENT),
        ("97.2%", "1200.00", "1234.56", Verdict.CONSISTENT),
        ("97.3%", "1200.00", "1234.56", Verdict.INCONSISTENT),
        ("70%", "364.64", "524.64", Verdict.CONSISTENT),
        ("92%", "35", "35", Verdict.INCONSISTENT),
        ("100%", "1798", "1790", Verdict.CONSISTENT),  # 100.45 % rounds to 100
        ("100%", "1799.5", "1790.2", Verdict.TRUNCATED),  # 100.52 % is 100 only when cut off
        ("100%", "1820.5", "1790.2", Verdict.INCONSISTENT),
        ("50%", "1", "3", Verdict.VACUOUS),
        ("0", "0", "2000", Verdict.CONSISTENT),
        ("5%", "0", "2000", Verdict.INCONSISTENT),
        ("100%", "0", "0", Verdict.UNDEFINED),
        ("100%", "5", "0", Verdict.UNDEFINED),
        ("50%", "50000元", "0.0010亿元", Verdict.CONSISTENT),
        ("-50%", "-5.00", "10.00", Verdict.CONSISTENT),
        ("50%", "-5.00", "-10.00", Verdict.CONSISTENT),
        ("96.8%", "96.89", "100.00", Verdict.TRUNCATED),
    ],
)
def test_ratios_need_no_division(stated: str, part: str, whole: str, verdict: Verdict) -> None:
    assert check_ratio(figure(stated), figure(part), figure(whole)).verdict is verdict


def test_a_multiple_is_a_ratio_without_percent() -> None:
    assert check_ratio(figure("4.10"), figure("7227.63"), figure("1761.31"), Decimal(1)).holds
    assert check_ratio(figure("1.27"), figure("373.5"), figure("292.62"), Decimal(1)).verdict is Verdict.TRUNCATED


@pytest.mark.parametrize(
    ("stated", "now", "before", "verdict"),
    [
        ("50.76", "6148.40", "4078.15", Verdict.CONSISTENT),
        ("-50.76", "6148.40", "4078.15", Verdict.INCONSISTENT),
        ("-9.23", "31.95", "35.20", Verdict.CONSISTENT),
        ("-10.17", "31.95", "35.20", Verdict.INCONSISTENT),
        ("116", "24.83", "11.50", Verdict.CONSISTENT),
        ("-9", "3.81", "4.20", Verdict.CONSISTENT),
        ("9.4", "1902.77", "1738.50", Verdict.CONSISTENT),  # 9.449 %
        ("10", "5", "0", Verdict.UNDEFINED),
    ],
)
def test_growth_is_a_ratio_with_a_hundred_more(stated: str, now: str, before: str, verdict: Verdict) -> None:
    assert check_growth(figure(stated), figure(now), figure(before)).verdict is verdict


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("2409.59", "2409.60", Verdict.CONSISTENT),  # they meet at 2409.595
        ("2409.59", "2409.61", Verdict.INCONSISTENT),
        ("7479.37万元", "0.75亿元", Verdict.CONSISTENT),
        ("7479.37万元", "7479.37元", Verdict.INCONSISTENT),
        ("933", "933.73", Verdict.TRUNCATED),
        ("0.005", "0.01", Verdict.CONSISTENT),
        ("0.005", "0.0", Verdict.INCONSISTENT),  # a printed 0 is exact
    ],
)
def test_one_quantity_stated_twice_meets(one: str, other: str, verdict: Verdict) -> None:
    outcome = check_same(figure(one), figure(other))
    assert outcome.verdict is verdict or {outcome.verdict, verdict} <= {Verdict.CONSISTENT, Verdict.VACUOUS}


@pytest.mark.parametrize("printed", ["2", "3"])
def test_rounding_at_a_half_is_read_both_ways(printed: str) -> None:
    assert figure("2.5", exact=True).meets(figure(printed))


def test_at_most_needs_the_intervals_apart() -> None:
    assert check_at_most(figure("1798"), figure("1790")).broken
    assert not check_at_most(figure("100.4"), figure("100")).broken


def test_slack_is_reported_with_the_verdict() -> None:
    outcome = check_sum(figure("1413.16万元"), [figure("3.87万元"), figure("374.82万元"), figure("1034.43万元")])
    assert outcome.broken
    assert outcome.needed == Decimal("400.00")
    assert outcome.allowed == Decimal("200")


def test_displayed_ratios_are_rounded_to_even() -> None:
    assert ratio_value(Decimal(1), Decimal(8), 2) == Decimal("12.50")
    assert ratio_value(Decimal("0.125"), Decimal(1), 2, Decimal(1)) == Decimal("0.12")


numbers = st.decimals(min_value=-(10**12), max_value=10**12, places=2)
positive = st.decimals(min_value=Decimal("0.01"), max_value=10**12, places=2)
percents = st.decimals(min_value=0, max_value=300, places=1)


def of(value: Decimal, exponent: int) -> Interval:
    decimals = -int(value.as_tuple().exponent)
    return interval(value, decimals, exponent)


@given(numbers, st.lists(numbers, min_size=1, max_size=8), st.integers(-8, 8))
def test_rescaling_never_changes_the_verdict_of_a_sum(stated: Decimal, parts: list[Decimal], shift: int) -> None:
    plain = check_sum(of(stated, 0), [of(p, 0) for p in parts])
    scaled = check_sum(of(stated, shift), [of(p, shift) for p in parts])
    assert plain.verdict is scaled.verdict


@given(percents, positive, positive, st.sampled_from([(4, 0), (0, 4), (8, 4)]))
def test_rescaling_never_changes_the_verdict_of_a_ratio(
    stated: Decimal, part: Decimal, whole: Decimal, exponents: tuple[int, int]
) -> None:
    one, other = exponents
    p = of(stated, 0)
    assert (
        check_ratio(p, of(part, one), of(whole, one)).verdict
        is check_ratio(p, of(part, other), of(whole, other)).verdict
    )


@given(numbers, st.lists(numbers, min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_parts_never_changes_a_verdict(stated: Decimal, parts: list[Decimal], random: object) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert check_sum(of(stated, 4), [of(p, 4) for p in parts]) == check_sum(of(stated, 4), [of(p, 4) for p in shuffled])


@given(st.lists(st.decimals(min_value=1, max_value=10**9, places=4), min_size=1, max_size=9), st.integers(0, 3))
def test_what_is_rounded_from_true_values_is_never_inconsistent(true: list[Decimal], places: int) -> None:
    unit = Decimal(1).scaleb(-places)
    stated = interval(sum(true).quantize(unit), places)
    assert not check_sum(stated, [interval(v.quantize(unit), places) for v in true]).broken


@given(positive, positive, st.integers(0, 3))
def test_a_rounded_rate_of_rounded_figures_is_never_inconsistent(part: Decimal, whole: Decimal, places: int) -> None:
    unit = Decimal(1).scaleb(-places)
    rate = ratio_value(part, whole, places)
    assume(rate and part >= 1 and whole >= 1)  # a printed 0 stands for nothing
    one, other = interval(part.quantize(unit), places), interval(whole.quantize(unit), places)
    assert not check_ratio(interval(rate, places), one, other).broken


@given(percents, positive, positive)
def test_the_quick_answer_is_the_full_one(stated: Decimal, part: Decimal, whole: Decimal) -> None:
    p, a, b = of(stated, 0), of(part, 4), of(whole, 4)
    verdict = check_ratio(p, a, b).verdict
    if follows(p, a, b):
        assert verdict in {Verdict.CONSISTENT, Verdict.VACUOUS}
    elif p.low >= 0 and a.low >= 0 and b.low > 0:
        assert verdict in {Verdict.INCONSISTENT, Verdict.TRUNCATED}
