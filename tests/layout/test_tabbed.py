"""Tables flattened with tabs: one tab-led cell a line with a blank line between rows, or a row of cells a line."""

from __future__ import annotations

import pytest

from tests.report_cases import layout_of, lines, tables_of


def led(*rows: list[str]) -> str:
    """Rows as DOCX text gives them: every cell on a line that a tab begins, a blank line behind every row."""
    return "".join("".join(f"\t{cell}\n" for cell in row) + "\n" for row in rows)


ROWS = [["项目名称", "预算数", "执行数"], ["甲项目", "12.5", "11"], ["乙项目", "3", "2.4"]]


def test_tab_led_cells_are_rows_where_blank_lines_part_them() -> None:
    assert tables_of(led(*ROWS)) == [ROWS]


def test_an_empty_cell_keeps_its_column() -> None:
    rows = [ROWS[0], ["甲项目", "", "11"], ["", "3", "2.4"], ["丙", "1", ""]]
    assert tables_of(led(*rows)) == [rows]


def test_a_cell_of_several_lines_is_one() -> None:
    text = lines("\t项目名称", "\t预算", "数", "\t执行数", "", "\t山洪灾害监测", "预警平台", "\t12", "\t11", "")
    assert tables_of(text) == [[["项目名称", "预算数", "执行数"], ["山洪灾害监测预警平台", "12", "11"]]]


def test_a_number_over_two_lines_of_a_cell_is_whole_and_keeps_its_place() -> None:
    text = lines("\t项目名称", "\t执行数", "", "\t甲", "\t17", "98.50", "")
    layout = layout_of(text)
    [table] = layout.tables
    cell = table.body[0].cells[1]
    assert cell.text == "1798.50"
    assert text[cell.span.start : cell.span.stop] == "17\n98.50"


def test_spanning_headers_are_set_out_over_their_columns() -> None:
    text = led(
        ["机构名称", "收入合计", "其中："],
        ["", "", "上年结转", "事业收入", "其他收入"],
        ["合计", "30", "10", "15", "5"],
        ["1.局本级", "12", "2", "6", "4"],
    )
    [table] = layout_of(text).tables
    assert table.header_rows == 2
    assert [c.header for c in table.body[0].cells] == [
        ("机构名称",), ("收入合计",), ("其中：", "上年结转"), ("其中：", "事业收入"), ("其中：", "其他收入"),
    ]  # fmt: skip


def test_a_caption_row_inside_a_form_begins_a_table_of_its_own() -> None:
    text = led(["一、收入情况（万元）"], *ROWS, ["二、支出情况（元）"], *ROWS)
    first, second = layout_of(text).tables
    assert (first.caption, first.unit) == ("一、收入情况（万元）", "万元")
    assert (second.caption, second.unit) == ("二、支出情况（元）", "元")
    assert [c.text for c in second.body[1].cells] == ["乙项目", "3", "2.4"]


def test_a_header_in_the_middle_of_a_form_begins_a_table_of_its_own() -> None:
    text = led(*ROWS, ["指标名称", "年度指标值", "实际完成值"], ["合格率", "≥95%", "96%"])
    first, second = layout_of(text).tables
    assert len(first.body) == 2
    assert [c.header for c in second.body[0].cells] == [("指标名称",), ("年度指标值",), ("实际完成值",)]


def test_prose_after_a_table_is_prose_again() -> None:
    layout = layout_of("说明。\n" + led(*ROWS) + "以上数据来自决算。\n")
    assert [b.text for b in layout.blocks] == ["说明。", "以上数据来自决算。"]


@pytest.mark.parametrize("gap", ["", "\n"])
def test_tab_separated_rows_are_rows(gap: str) -> None:
    text = gap.join("\t".join(row) + "\n" for row in ROWS)
    assert tables_of(text) == [ROWS]


def test_tab_separated_rows_keep_their_empty_cells() -> None:
    assert tables_of("项目名称\t预算数\t执行数\n甲\t\t3\n乙\t5\t\n")[0][1] == ["甲", "", "3"]


def test_a_single_line_with_a_tab_is_prose() -> None:
    layout = layout_of("填报单位：水利局\t填报日期：2023年4月\n")
    assert list(layout.tables) == []
    assert [b.text for b in layout.blocks] == ["填报单位：水利局\t填报日期：2023年4月"]


def test_a_label_broken_over_two_lines_of_a_tsv_is_one_cell() -> None:
    text = lines(
        "项目资金",
        "（万元）\t\t年初预算数\t全年预算数\t全年执行数",
        "\t年度资金总额\t680.00\t780.00\t702.86",
        "年度总",
        "体目标\t预期目标\t实际完成情况",
        "\t维修路面3.2万平方米以上。\t维修路面3.46万平方米。",
    )
    firsts = [row[0] for table in tables_of(text) for row in table]
    assert "年度总体目标" in firsts


def test_a_unit_below_the_header_is_the_units_of_its_columns() -> None:
    text = lines(
        "收入项目\t年初预算数\t决算数", "（单位：元）", "财政拨款收入\t12,860.00\t15,432.60", "其他收入\t300.00\t412.65"
    )
    [table] = layout_of(text).tables
    assert (table.unit, table.header_rows, len(table.body)) == ("元", 1, 2)


def test_a_caption_and_its_unit_in_one_row_are_no_row() -> None:
    text = lines(
        "表3 项目支出情况表\t\t\t单位：元", "序号\t项目名称\t预算数\t执行数", "1\t甲项目\t12\t11", "2\t乙项目\t3\t2.4"
    )
    [table] = layout_of(text).tables
    assert (table.caption, table.unit, len(table.body)) == ("表3 项目支出情况表", "元", 2)


def test_the_year_below_a_forms_title_belongs_to_it() -> None:
    text = led(
        ["项目支出绩效自评表"], ["（2022年度）"], ["项目名称", "甲项目"], ["主管部门", "某局", "实施单位", "某中心"]
    )
    assert list(layout_of(text).tables)[-1].caption == "项目支出绩效自评表（2022年度）"


def test_a_line_of_nothing_but_a_tab_above_a_title_begins_no_cell() -> None:
    text = lines(
        "甲\t1\t2", "乙\t3\t4", "\t", "项目支出绩效自评表", "（2022年度）", "", "项目名称\t甲项目", "主管部门\t某局"
    )
    assert list(layout_of(text).tables)[-1].caption == "项目支出绩效自评表（2022年度）"
