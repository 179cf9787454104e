"""Tables flattened with pipes: a row a line, or one cell a line; columns are never guessed."""

from __future__ import annotations

import pytest

from tests.report_cases import layout_of, lines, tables_of

ROWS = [["项目名称", "预算数（万元）", "执行数（万元）"], ["甲项目", "12.5", "11"], ["乙项目", "3", "2.4"]]


@pytest.mark.parametrize(
    "form",
    ["| {} |", "{} |", "| {}", "｜{}｜", "{} | "],
    ids=["closed", "ends", "begins", "full-width", "blank behind"],
)
def test_a_row_a_line(form: str) -> None:
    pipe = "｜" if "｜" in form else " | "
    text = lines(*(form.format(pipe.join(row)) for row in ROWS))
    assert tables_of(text) == [ROWS]


def test_a_rule_below_the_header_is_no_row() -> None:
    text = lines("| 项目名称 | 预算数 |", "| --- | :---: |", "| 甲 | 12.5 |", "| 乙 | 3 |")
    assert tables_of(text) == [[["项目名称", "预算数"], ["甲", "12.5"], ["乙", "3"]]]


def test_blank_lines_between_rows_do_not_part_a_table() -> None:
    text = "\n\n".join("| " + " | ".join(row) + " |" for row in ROWS) + "\n"
    assert tables_of(text) == [ROWS]


def test_an_empty_cell_keeps_its_column() -> None:
    assert tables_of(lines("| 项目名称 | 预算数 | 执行数 |", "| 甲 |  | 11 |", "| 乙 | 3 | |"))[0][1:] == [
        ["甲", "", "11"],
        ["乙", "3", ""],
    ]


def test_one_cell_a_line_is_set_out_where_the_columns_hold_one_sort_of_cell_each() -> None:
    cells = ["一级指标", "分值", "得分", "投入", "11", "9", "过程", "29", "23.47", "产出", "30", "26.9"]
    assert tables_of(lines(*(f"{c} |" for c in cells))) == [
        [["一级指标", "分值", "得分"], ["投入", "11", "9"], ["过程", "29", "23.47"], ["产出", "30", "26.9"]]
    ]


def test_cells_that_fit_no_number_of_columns_stay_one_a_row() -> None:
    cells = ["甲", "乙", "12", "丙", "丁", "戊", "13", "14"]
    assert tables_of(lines(*(f"{c} |" for c in cells))) == [[[c] for c in cells]]


@pytest.mark.parametrize("text", ["甲|1\n乙|2\n", "一行 |\n正文。\n", "| 单独一行 |\n"])
def test_a_pipe_alone_makes_no_table(text: str) -> None:
    assert tables_of(text) == []


def test_cells_keep_their_places() -> None:
    text = lines("前文。", *("| " + " | ".join(row) + " |" for row in ROWS))
    [table] = layout_of(text).tables
    for row in table.rows:
        for cell in row.cells:
            assert text[cell.span.start : cell.span.stop] == cell.text
