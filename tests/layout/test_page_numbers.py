"""Bare page numbers of PDF text: told from figures and from the numbers of rows by how they count up."""

from __future__ import annotations

from pipeline.layout.page_numbers import page_numbers
from tests.report_cases import tables_of

PAGE = ["本页的一行文字"] * 20


def test_numbers_that_count_up_page_by_page_are_page_numbers() -> None:
    texts = [*PAGE, "1", *PAGE, "2", "", *PAGE, "3"]
    assert page_numbers(texts) == {20, 41, 63}


def test_the_first_page_may_bear_no_number() -> None:
    texts = [*PAGE, *PAGE, "2", *PAGE, "3", *PAGE, "4", *PAGE[:5]]
    assert page_numbers(texts) == {40, 61, 82}


def test_two_pages_show_no_count() -> None:
    assert not page_numbers([*PAGE, "1", *PAGE, "2"])


def test_the_rows_of_a_table_are_too_near_each_other() -> None:
    rows = [cell for n in range(1, 6) for cell in (str(n), "甲项目", "120.00", "118.50", "98.75%", "已完成")]
    assert not page_numbers([*PAGE, *rows, *PAGE])


def test_numbers_of_one_part_of_the_text_are_none_of_its_pages() -> None:
    texts = [*PAGE, "1", *PAGE, "2", *PAGE, "3", *(PAGE * 9)]
    assert not page_numbers(texts)


def test_a_table_goes_on_behind_the_header_that_a_new_page_repeats() -> None:
    header = ["序号 项目名称 资金", "级次", "预算数 执行数 执行率"]
    rows = [f"{n} 第{n}个项目 县级 1{n}.00 1{n}.00 100%" for n in range(1, 7)]
    page = [f"这一行是报告的第{n}行文字，写满了一整行的宽度，下一行接着写" for n in range(16)]
    one = [*page, "表2 项目支出明细表", "单位：万元", *header, *rows[:4], "1", *header, *rows[4:]]
    text = "\n\n".join([*one, "合计 81.00 81.00 100%", "四、其他情况", *page, "2", *page, "3"])
    [table] = [t for t in tables_of(text + "\n") if len(t) > 3]
    assert [row[0] for row in table] == ["序号", "1", "2", "3", "4", "5", "6", "合计"]
