"""Tables: what stands above them, which rows are headers, what unit their figures have."""

from __future__ import annotations

import pytest

from pipeline.flow import Table, View
from pipeline.layout.grid import unit_declared
from pipeline.layout.merged import set_right
from tests.report_cases import layout_of, lines


def table_of(text: str) -> Table:
    [table] = layout_of(text).tables
    return table


def headers(text: str) -> list[tuple[str, ...]]:
    return [cell.header for cell in table_of(text).body[0].cells]


TABLE = ("项目\t预算数\t执行数", "基本支出\t12\t11", "项目支出\t30\t29.5")


def test_a_caption_and_a_unit_line_stand_above_a_table() -> None:
    text = lines("表1 部门收支情况表", "单位：万元", *TABLE)
    table = table_of(text)
    assert (table.caption, table.unit) == ("表1 部门收支情况表", "万元")
    assert table.unit_span is not None
    assert text[table.unit_span.start : table.unit_span.stop] == "万元"


@pytest.mark.parametrize(
    ("above", "caption", "unit"),
    [
        (["2022年度部门收支情况表（万元）"], "2022年度部门收支情况表（万元）", "万元"),
        (["2022年收入明细"], "2022年收入明细", None),
        (["金额单位：元"], None, "元"),
        (["收支情况表", "（2022年度）"], "收支情况表（2022年度）", None),
        (["收支情况表", "", "单位：亿元", ""], "收支情况表", "亿元"),
        (["逐项情况见下表，共3项。"], None, None),
        (["附件2"], None, None),
        (["（1）本年收入"], None, None),
        (["表1 收支表", "上述数据来自决算。"], None, None),
    ],
)
def test_what_names_a_table_and_what_is_prose(above: list[str], caption: str | None, unit: str | None) -> None:
    table = table_of(lines(*above, *TABLE))
    assert (table.caption, table.unit) == (caption, unit)


def test_a_short_caption_with_a_unit_is_a_caption_too() -> None:
    table = table_of(lines("表1 收支情况表（万元）", *TABLE))
    assert (table.caption, table.unit) == ("表1 收支情况表（万元）", "万元")


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：万元", "万元"), ("单位:元", "元"), ("金额单位：亿元", "亿元"), ("收支表（百万元）", "百万元"),
        ("单位 万元", "万元"),         ("单位：人", None), ("（人）", None),
        ("单位：水利局", None), ("（含税）", None), ("万元", None), ("", None),
    ],
)  # fmt: skip
def test_a_declared_unit(line: str, unit: str | None) -> None:
    found = unit_declared(View(line, range(len(line))))
    assert (found[0] if found else None) == unit
    if found:
        assert line[found[1].start : found[1].stop] == unit


def test_header_rows_are_the_rows_of_labels_at_the_top() -> None:
    table = table_of(lines(*TABLE))
    assert table.header_rows == 1
    assert [c.header for c in table.body[1].cells] == [("项目",), ("预算数",), ("执行数",)]
    assert all(cell.header == () for cell in table.rows[0].cells)


def test_a_table_without_labels_at_the_top_has_no_header() -> None:
    table = table_of(lines("甲\t1\t2", "乙\t3\t4"))
    assert table.header_rows == 0
    assert all(cell.header == () for row in table.rows for cell in row.cells)


def test_two_header_rows_give_each_column_its_path() -> None:
    text = lines(
        "| 机构名称 | 支出合计 | 其中： | | |", "| | | 基本支出 | 项目支出 | 结余 |", "| 局本级 | 30 | 10 | 15 | 5 |",
        "| 二级单位 | 12 | 2 | 6 | 4 |",
    )  # fmt: skip
    assert headers(text)[:3] == [("机构名称",), ("支出合计",), ("其中：", "基本支出")]


def test_a_label_of_levels_spans_the_columns_that_a_shorter_header_leaves_out() -> None:
    text = lines("评价内容\t分值\t得分", "产出\t数量\t培训人数\t10\t9", "效益\t社会\t满意率\t20\t18")
    assert headers(text) == [("评价内容",), ("评价内容",), ("评价内容",), ("分值",), ("得分",)]


def test_a_shorter_header_without_such_a_label_says_nothing_of_any_column() -> None:
    text = lines("预算数\t执行数", "甲\t本级\t12\t11", "乙\t本级\t30\t29")
    assert headers(text) == [(), (), (), ()]


def test_rows_and_columns_are_numbered_and_empty_cells_are_empty() -> None:
    table = table_of(lines("项目\t预算数\t执行数", "甲\t\t11", "乙\t5\t4"))
    assert [(c.row, c.column, c.text) for c in table.rows[1].cells] == [(1, 0, "甲"), (1, 1, ""), (1, 2, "11")]
    assert table.rows[1].cells[1].span == (0, 0)


def test_a_row_s_span_runs_from_its_first_filled_cell_to_its_last() -> None:
    text = lines("项目\t预算数\t执行数", "甲\t5\t11", "乙\t5\t4")
    table = table_of(text)
    assert text[table.rows[1].span.start : table.rows[1].span.stop] == "甲\t5\t11"


def test_a_table_knows_the_headings_above_it() -> None:
    table = table_of(lines("一、收支情况", "（二）支出", *TABLE))
    assert table.path == ("一、收支情况", "（二）支出")


def test_an_empty_first_cell_of_a_tab_separated_row_keeps_the_other_cells_in_their_columns() -> None:
    table = table_of(lines("一级指标\t二级指标\t分值\t得分", "产出\t数量\t10\t9", "\t质量\t10\t8"))
    assert [c.text for c in table.rows[2].cells] == ["", "质量", "10", "8"]


def test_a_lone_cell_is_not_lost() -> None:
    layout = layout_of("前文。\n\n\t共安排资金1798万元\n\n后文。\n")
    said = [b.text for b in layout.blocks] + [c.text for t in layout.tables for r in t.rows for c in r.cells]
    assert "共安排资金1798万元" in said


def test_rows_may_lack_merged_cells_at_the_left_and_empty_ones_at_the_right() -> None:
    roles = ["level1", "level2", "level3", "target", "actual", "weight", "score", "reason"]
    row = [View(text, range(len(text))) for text in ("数量指标", "检测批次", "≥12批", "13批", "10", "10")]
    assert [cell.text for cell in set_right(row, roles)] == ["", "数量指标", "检测批次", "≥12批", "13批", "10", "10"]
