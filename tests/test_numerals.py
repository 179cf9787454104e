"""Printed numbers: which characters are a figure, what it is worth to the last decimal, and which digits are none."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.numerals import find_numerals, read_quantity, whole_numeral


def read(text: str) -> list[tuple[str, str, str | None]]:
    """Each number of a text: as printed, its value, its unit."""
    return [(text[n.start : n.stop], str(n.value), n.unit) for n in find_numerals(text)]


def operators(text: str) -> list[str | None]:
    return [n.operator and n.operator.value for n in find_numerals(text)]


@pytest.mark.parametrize(
    ("text", "printed", "value", "decimals", "unit"),
    [
        # plain, with and without decimals; the decimals printed are kept
        ("共1798万元", "1798", "1798", 0, "万元"),
        ("得95.50分", "95.50", "95.50", 2, "分"),
        ("0元", "0", "0", 0, "元"),
        ("00.10", "00.10", "0.10", 2, None),
        # separators between groups of three
        ("1,234.56万元", "1,234.56", "1234.56", 2, "万元"),
        ("1，234.56元", "1，234.56", "1234.56", 2, "元"),
        ("1,234,567.891", "1,234,567.891", "1234567.891", 3, None),
        ("3 456 789.01元", "3 456 789.01", "3456789.01", 2, "元"),
        ("1\u00a0000 万元", "1\u00a0000", "1000", 0, "万元"),
        ("1\u202f000元", "1\u202f000", "1000", 0, "元"),
        # full-width digits, points and signs
        ("１２３４.５０元", "１２３４.５０", "1234.50", 2, "元"),
        ("９５．５％", "９５．５", "95.5", 1, "％"),
        ("１，２３４．５６", "１，２３４．５６", "1234.56", 2, None),
        # negatives
        ("结余-3.2万元", "-3.2", "-3.2", 1, "万元"),
        ("结余－3.2万元", "－3.2", "-3.2", 1, "万元"),
        ("增长−5%", "−5", "-5", 0, "%"),
        ("（-12.3）", "-12.3", "-12.3", 1, None),
        # units, the longest that fits; a blank or a line break may stand before it
        ("1.5亿元", "1.5", "1.5", 1, "亿元"),
        ("1.5亿", "1.5", "1.5", 1, "亿"),
        ("12万人次", "12", "12", 0, "万人次"),
        ("0.36个百分点", "0.36", "0.36", 2, "个百分点"),
        ("5 万元", "5", "5", 0, "万元"),
        ("5\n万元", "5", "5", 0, "万元"),
        ("50余人", "50", "50", 0, "人"),
        ("10多个", "10", "10", 0, "个"),
        ("2022年", "2022", "2022", 0, "年"),
        # as long as a number may be
        ("1234567890123456789012345678", "1234567890123456789012345678", "1234567890123456789012345678", 0, None),
        ("-1234567890123456789012345.678", "-1234567890123456789012345.678", "-1234567890123456789012345.678", 3, None),
        ("12.0000000001", "12.0000000001", "12.0000000001", 10, None),
    ],
)
def test_a_figure(text: str, printed: str, value: str, decimals: int, unit: str | None) -> None:
    [numeral] = find_numerals(text)
    assert text[numeral.start : numeral.stop] == printed
    assert (str(numeral.value), numeral.decimals, numeral.unit) == (value, decimals, unit)
    assert text[numeral.unit_start : numeral.unit_stop] == (unit or "")


def test_a_percent_may_be_said_before_its_digits() -> None:
    [numeral] = find_numerals("执行率百分之98.48，")
    assert (numeral.value, numeral.decimals, numeral.unit) == (Decimal("98.48"), 2, "%")
    assert numeral.stop == numeral.unit_start == numeral.unit_stop
    assert [n.unit for n in find_numerals("百分之5元")] == ["元"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # a hyphen or wave between numbers is a range, and in a date a separator: never a sign
        ("10-12%", [("10", "10", None), ("12", "12", "%")]),
        ("20%-30%", [("20", "20", "%"), ("30", "30", "%")]),
        ("3～5万元", [("3", "3", None), ("5", "5", "万元")]),
        ("3—5个", [("3", "3", None), ("5", "5", "个")]),
        ("2021-2022", [("2021", "2021", None), ("2022", "2022", None)]),
        ("2023-04-18", [("2023", "2023", None), ("04", "4", None), ("18", "18", None)]),
        ("（2019）-3", [("2019", "2019", None), ("3", "3", None)]),
        ("12月-3月", [("12", "12", "月"), ("3", "3", "月")]),
        # what looks like a separator between numbers that are none of one
        ("第1,2,3项", [("1", "1", None), ("2", "2", None), ("3", "3", "项")]),
        ("12,34", [("12", "12", None), ("34", "34", None)]),
        ("1,2345", [("1", "1", None), ("2345", "2345", None)]),
        ("1234,567", [("1234", "1234", None), ("567", "567", None)]),
        ("8 386 47", [("8", "8", None), ("386", "386", None), ("47", "47", None)]),
        ("2 1 000元", [("2", "2", None), ("1 000", "1000", "元")]),
        ("2022 100元", [("2022", "2022", None), ("100", "100", "元")]),
        ("12\n34万元", [("12", "12", None), ("34", "34", "万元")]),
        ("100/200", [("100", "100", None), ("200", "200", None)]),
        ("0-100分", [("0", "0", None), ("100", "100", "分")]),
        # a point that is no decimal point
        ("共3.其中", [("3", "3", None)]),
        ("1,000.", [("1,000", "1000", None)]),
    ],
)
def test_several_figures_side_by_side(text: str, found: list[tuple[str, str, str | None]]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "5G", "A4", "120km", "12.5km", "1,234km", "1,234.56kg", "1.5G网络", "1.234e5", "v1.2", "PM2.5", "GB18030",
        "５Ｇ", "5Ｇ", "Ａ4",
        ".5", "No.5",
        "12345678901234567890123456789", "1234567890123456789.0123456789", "0.12345678901",
        "1,234,567,890,123,456,789,012,345,678,901",
        "二〇二二年", "十二个", "", "，。—",
    ],
)  # fmt: skip
def test_what_is_no_figure(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("≥95%", "≥"), ("≧95%", "≥"), ("不低于 90%", "≥"), ("不少于3个", "≥"), ("至少3次", "≥"), ("90%以上", "≥"),
        ("90%及以上", "≥"), ("大于或等于5", "≥"),
        ("≤10", "≤"), ("≤ 10", "≤"), ("不超过5万元", "≤"), ("控制在5以内", "≤"), ("5天以内", "≤"),
        ("3%及以下", "≤"), ("3%之内", "≤"),
        (">3", ">"), ("＞3", ">"), ("超过3%", ">"), ("高于3", ">"), ("突破100亿元", ">"),
        ("<3", "<"), ("＜3", "<"), ("低于5‰", "<"), ("少于5", "<"),
        ("=5", "="), ("＝5", "="),
        ("5", None), ("约5万元", None), ("达到5%", None), ("超额5%", None),
    ],
)  # fmt: skip
def test_what_bounds_a_figure(text: str, operator: str | None) -> None:
    assert operators(text) == [operator]


def test_the_mark_before_a_figure_outweighs_the_word_behind_it() -> None:
    assert operators("不超过90%以上") == ["≤"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1798万元", "1798"), (" 95.50 % ", "95.50"), ("-3", "-3"), ("3个\n", "3"), ("≥95%", None),
        ("约5万元", None), ("3～5", None), ("5万元整", None), ("", None), ("—", None),
    ],
)  # fmt: skip
def test_a_cell_that_is_nothing_but_a_number(text: str, value: str | None) -> None:
    found = whole_numeral(text)
    assert (str(found.value) if found else None) == value


@pytest.mark.parametrize(
    ("text", "value"), [("≥95.0%", "95.0"), ("群众满意度90%以上", "90"), ("3～5天", None), ("良好", None)]
)
def test_the_single_number_of_a_phrase(text: str, value: str | None) -> None:
    found = read_quantity(text)
    assert (str(found.value) if found else None) == value


def test_a_part_of_a_text_is_read_as_if_it_stood_alone_but_in_its_place() -> None:
    text = "甲12万元，乙3456.7万元"
    assert [(n.start, n.stop, n.unit) for n in find_numerals(text, 7)] == [(7, 13, "万元")]
    assert [(n.start, n.stop, n.unit) for n in find_numerals(text, 0, 3)] == [(1, 3, None)]
    assert [(n.start, n.stop) for n in find_numerals("12km", 0, 2)] == [(0, 2)]


FULL_WIDTH = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


@st.composite
def printed_numbers(draw: st.DrawFn) -> tuple[str, Decimal, int]:
    """A number in one of the ways that reports print it, its value and its decimals."""
    decimals = draw(st.integers(0, 4))
    digits = draw(st.integers(0, 10**12))
    value = Decimal(-digits if draw(st.booleans()) else digits).scaleb(-decimals)
    style = draw(st.sampled_from(["plain", ",", "，", " ", "\u00a0"]))
    text = f"{value:f}" if style == "plain" else f"{value:,f}".replace(",", style)
    if draw(st.booleans()):
        text = text.translate(FULL_WIDTH)
    return text, value, decimals


@given(
    printed_numbers(),
    st.sampled_from(["", "支出", "约", "（", "≥", "共计：", "\n"]),
    st.sampled_from(["", "，", "。其中"]),
)
@example(("1,000.00", Decimal("1000.00"), 2), "", "")
def test_a_number_is_read_back_whatever_way_it_is_printed(
    number: tuple[str, Decimal, int], before: str, after: str
) -> None:
    printed, value, decimals = number
    text = f"{before}{printed}万元{after}"
    [numeral] = find_numerals(text)
    assert text[numeral.start : numeral.stop] == printed
    assert (numeral.value, numeral.decimals, numeral.unit) == (value, decimals, "万元")


@given(st.text(st.sampled_from("0123456789０５.．,， -－年%万元亿个A\n≥以上")))
def test_any_text_gives_figures_in_order_that_are_worth_what_they_print(text: str) -> None:
    last = 0
    for n in find_numerals(text):
        assert last <= n.start < n.stop <= n.unit_start <= n.unit_stop <= len(text)
        plain = "".join(c for c in text[n.start : n.stop].translate(FULL_WIDTH) if c in "０１２３４５６７８９．－−")
        assert Decimal(plain.replace("．", ".").replace("－", "-")) == n.value
        assert n.decimals == len(plain.partition("．")[2])
        assert (n.unit or "") == text[n.unit_start : n.unit_stop]
        last = n.unit_stop


MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    "unit", ["1", "1A", "111,", "111 ", "1.", "(（", "1）", "-1", "不低于", "≥ ", "１，２"], ids=repr
)
def test_time_is_linear_in_the_length_whatever_is_repeated(unit: str) -> None:
    text = unit * (MEGABYTE // 16 // len(unit))
    seconds = [min(_seconds(part) for _ in range(2)) for part in (text, text * 2)]
    assert seconds[1] < 6 * max(seconds[0], 0.02)


@pytest.mark.parametrize("unit", ["1", "（(", "1" * 40 + "A"])
def test_a_megabyte_of_digits_or_brackets_holds_no_figure_and_is_passed_over(unit: str) -> None:
    assert read(unit * (MEGABYTE // len(unit))) == []


def _seconds(text: str) -> float:
    started = time.process_time()
    for _ in find_numerals(text):
        pass
    return time.process_time() - started
