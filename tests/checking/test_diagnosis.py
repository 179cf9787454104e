"""What would restore a relation: the smallest single change, as a suggestion."""

from __future__ import annotations

import pytest
from checking_cases import bare_layout, document, facts

from pipeline.checking import check

E, R, F = "executed", "received", "full_year_budget"


def suggestion(text: str, *specs: tuple[object, ...]) -> tuple[str | None, str | None]:
    """The suggestion of the first finding, in both languages."""
    found = check(document(text), bare_layout(text, ("r1", "r2")), facts(text, *specs))
    return found[0].suggestion, found[0].suggestion_en


def parts(total: str, staff: str, running: str) -> tuple[str, list[tuple[object, ...]]]:
    """A head with its two parts."""
    text = f"基本支出{total}，其中人员经费{staff}，公用经费{running}。另有捐赠12.30万元。"
    specs: list[tuple[object, ...]] = []
    for path, amount in (("基本支出", total), ("基本支出/人员经费", staff), ("基本支出/公用经费", running)):
        unit = amount.lstrip("-0123456789.")
        specs.append((amount.removesuffix(unit), path, E, {"unit": unit}))
    specs.append(("12.30", "捐赠", R))
    return text, specs


@pytest.mark.parametrize(
    ("amounts", "zh", "en"),
    [
        (
            ("1000.55万元", "800.05万元", "20.05万元"),
            "20.05万元疑为小数点错位，应为200.5",
            "decimal point of 20.05 seems shifted; 200.5 would fit",
        ),
        (
            ("1000.55亿元", "800.05万元", "200.50万元"),
            "1000.55亿元的单位疑为万元",
            "the unit of 1000.55 seems to be 万元 (×10^4)",
        ),
        (
            ("1012.85万元", "800.05万元", "200.50万元"),
            "差额12.3恰等于“捐赠”12.30万元，疑漏列此项",
            "the difference 12.3 equals 捐赠 12.30, which the list leaves out",
        ),
        (
            ("1000.55万元", "8000.05万元", "200.50万元"),
            "8000.05万元疑多印一位数字，应为800.05",
            "one digit too many in 8000.05; 800.05 would fit",
        ),
        (("1006.55万元", "800.05万元", "200.50万元"), "疑一位数字印错，应为1000.55", None),
        (
            ("1041.55万元", "841.05万元", "20.50万元"),
            "20.50万元疑漏印一位数字，应为200.50",
            "one digit missing in 20.50; 200.50 would fit",
        ),
        (("14.55万元", "841.05万元", "200.50万元"), None, None),
        (("30万元", "-5万元", "40万元"), "疑一位数字印错，应为35", None),
        (
            ("141.55万元", "841.05万元", "200.50万元"),
            "141.55万元疑漏印一位数字，应为1041.55",
            "one digit missing in 141.55; 1041.55 would fit",
        ),
        (("1079.55万元", "800.05万元", "200.50万元"), None, None),
    ],
)
def test_the_smallest_change_that_makes_parts_add_up(
    amounts: tuple[str, str, str], zh: str | None, en: str | None
) -> None:
    text, specs = parts(*amounts)
    found = suggestion(text, *specs)
    assert found[0] == zh
    assert en is None or found[1] == en


def test_digits_exchanged() -> None:
    text, specs = parts("1017.43万元", "812.33万元", "250.10万元")
    assert suggestion(text, *specs)[0] == "250.10万元疑相邻数字颠倒，应为205.10"


def test_part_and_whole_exchanged() -> None:
    text = "全年预算数200.00万元，全年执行数150.00万元，预算执行率133.33%。"
    specs = (("200.00", "全年预算数", F), ("150.00", "全年执行数", E), ("133.33", "预算执行率", "rate", {"unit": "%"}))
    assert suggestion(text, *specs)[0] == "疑为分子、分母颠倒，应为75%"


def test_a_rates_point_and_digit() -> None:
    text = "全年预算数200.00万元，全年执行数150.00万元，预算执行率{}%。"
    for printed, expected in (("7.5", "7.5%疑为小数点错位，应为75"), ("85", "疑一位数字印错，应为75%")):
        made = text.format(printed)
        specs = (
            ("200.00", "全年预算数", F),
            ("150.00", "全年执行数", E),
            (printed, "预算执行率", "rate", {"unit": "%"}),
        )
        assert suggestion(made, *specs)[0] == expected


def test_the_wrong_base_and_the_wrong_word() -> None:
    text = "支出31.95万元，较2021年的35.20万元下降10.17%。"
    specs = (("31.95", "支出", E), ("35.20", "支出", E, {"year": 2021}), ("10.17", "支出", "rate", {"unit": "%"}))
    assert suggestion(text, *specs) == (
        "疑误以本年数为基数计算",
        "the rate seems to be taken of this year's figure instead of last year's",
    )
    wrong = text.replace("下降10.17", "增长9.23")
    assert suggestion(wrong, *specs[:2], ("9.23", "支出", "rate", {"unit": "%"})) == (
        "方向词疑误，应为减少",
        "decrease meant",
    )


def test_the_figure_of_another_year() -> None:
    text = "全年总支出50.00万元。部门总支出50.00万元。年度总支出40.00万元。2021年总支出40.00万元。"
    specs = (
        ("50.00", "全年总支出", E),
        ("50.00", "部门总支出", E),
        ("40.00", "年度总支出", E),
        ("40.00", "总支出", E, {"year": 2021}),
    )
    assert suggestion(text, *specs)[0] == "疑为2021年数"
