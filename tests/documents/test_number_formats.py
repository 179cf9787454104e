"""Numbers as a spreadsheet shows them: the table is what Excel and WPS show."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.number_formats import BUILT_IN, shown
from tests.formats.to_xlsx import typed

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '

SHOWN = [
    ("0.9993", "0.00%", "99.93%"),
    ("0.99929999999999997", "0.00%", "99.93%"),
    ("0.955", "0%", "96%"),
    ("0.005", "0.0%", "0.5%"),
    ("1", "0%", "100%"),
    ("1234567.891", "#,##0.00", "1,234,567.89"),
    ("1234567.891", "#,##0", "1,234,568"),
    ("999.5", "#,##0", "1,000"),
    ("0", "#,##0", "0"),
    ("95.5", "0.00", "95.50"),
    ("2.005", "0.00", "2.01"),
    ("-2.005", "0.00", "-2.01"),
    ("7", "000", "007"),
    ("0.5", "#.##", ".5"),
    ("1234.5", "#.00", "1234.50"),
    ("12.5", ".00", "12.50"),
    ("3.10", "0.0#", "3.1"),
    ("-1234.5", "#,##0.00_);(#,##0.00)", "(1,234.50)"),
    ("-12.3", "0.00_ ;[Red]\\-0.00\\ ", "-12.30"),
    ("-12.3", "0.00;[红色]-0.00", "-12.30"),
    ("0", ACCOUNTING, "-"),
    ("12.3", ACCOUNTING, "12.30"),
    ("-1812.3", ACCOUNTING, "-1,812.30"),
    ("36", '0.00"万元"', "36.00万元"),
    ("123456", '0!.0,"万"', "12.3万"),
    ("1234567", "#,##0,", "1,235"),
    ("1234567890", "0.00,,", "1234.57"),
    ("1", "[$¥-804]#,##0.00", "¥1.00"),
    ("5", ";;;", ""),
    ("0", "0;-0;;@", ""),
    ("5", "@", "5"),
    ("5", "G/通用格式", "5"),
    ("5", 'General"元"', "5元"),
    ("1798.5", "General", "1798.5"),
    ("0.1", "General", "0.1"),
    ("0.30000000000000004", "General", "0.3"),
    ("97.4523456789123", "General", "97.45234568"),
    ("12345678901234", "General", "12345678901234"),
    ("-0", "General", "0"),
    ("3.5", "# ?/?", "3.5"),
    ("1234", "0.00E+00", "1234"),
    ("95", '[>=60]"及格";"不及格"', "95"),
    ("5", "[DBNum1]General", "5"),
    ("44927", 'yyyy"年"m"月"d"日"', "2023年1月1日"),
    ("44927", "yyyy/m/d;@", "2023/1/1"),
    ("44927", "[$-804]yyyy年m月d日", "2023年1月1日"),
    ("44927.5", "yyyy-mm-dd hh:mm", "2023-01-01 12:00"),
    ("44927.75", "yyyy-mm-dd h:mm:ss", "2023-01-01 18:00:00"),
    ("59", "yyyy-mm-dd", "1900-02-28"),
    ("61", "yyyy-mm-dd", "1900-03-01"),
    ("44927", "aaaa", "星期日"),
    ("-5", "yyyy-mm-dd", "-5"),
    ("1E+300", "#,##0.00", "1" + ",000" * 100 + ".00"),
    ("0.5", "[h]:mm", "0.5"),
    ("0.5", "h:mm AM/PM", "0.5"),
]


@pytest.mark.parametrize(("value", "code", "text"), SHOWN)
def test_a_number_is_printed_as_it_is_seen(value: str, code: str, text: str) -> None:
    assert shown(Decimal(value), code) == text


def test_files_of_old_macs_count_days_from_1904() -> None:
    assert shown(Decimal(43465), "yyyy-mm-dd", from_1904=True) == "2023-01-01"


@pytest.mark.parametrize("code", sorted(set(BUILT_IN.values())))
def test_every_built_in_format_is_understood(code: str) -> None:
    assert shown(Decimal("44927.5"), code) != shown(Decimal("44927.5"), "General") or code == "General"


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["", "%"]), st.booleans())
def test_what_was_typed_is_what_is_seen(value: Decimal, percent: str, grouped: bool) -> None:
    text = f"{value:,f}{percent}" if grouped else f"{value:f}{percent}"
    number, code = typed(text)
    assert isinstance(number, Decimal)
    assert shown(number, code) == text


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15), st.text(max_size=12))
def test_any_code_shows_something(value: Decimal, code: str) -> None:
    assert isinstance(shown(value, code), str)
