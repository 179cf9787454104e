"""Tables as a browser copies them: merged cells are lost, cells break at line ends, and a cell's paragraphs stand apart."""

from __future__ import annotations

import pytest

from tests.report_cases import layout_of, lines, tables_of


def tsv(*rows: str) -> str:
    """Rows with spaces for tabs."""
    return lines(*("\t".join(row.split(" ")) for row in rows))


def headers(text: str) -> list[str]:
    """The labels above each column of the first row below the header."""
    [table] = layout_of(text).tables
    return ["/".join(cell.header) for cell in table.body[0].cells]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [
                "项目 上年决算数 2022年 比上年增减",
                "预算数 决算数 增减额 增减率",
                "接待费 6 7 5 -1 -16.7%",
                "差旅费 8 9 8 0 0%",
            ],
            ["项目", "上年决算数", "2022年/预算数", "2022年/决算数", "比上年增减/增减额", "比上年增减/增减率"],
            id="the first columns are merged downwards",
        ),
        pytest.param(
            ["项目 预算数 执行数 未完成原因", "财政 自筹 财政 自筹", "甲 1 2 3 4 无", "乙 2 3 4 5 无"],
            ["项目", "预算数/财政", "预算数/自筹", "执行数/财政", "执行数/自筹", "未完成原因"],
            id="the last column too; labels that come again",
        ),
        pytest.param(
            ["项目 资金", "预算数 执行数 执行率", "甲 10 8 80%", "乙 20 15 75%"],
            ["项目", "资金/预算数", "资金/执行数", "资金/执行率"],
            id="one label over all the others",
        ),
        pytest.param(
            ["序号 项目名称 资金", "来源 预算数 执行数", "1 甲 省级 10 8", "2 乙 县级 20 15"],
            ["序号", "项目名称", "资金来源", "预算数", "执行数"],
            id="a label broken in two",
        ),
        pytest.param(
            ["项目 预算 执行 结余 增减", "一月 二月 三月 四月 五月", "甲 1 2 3 4 5 6 7", "乙 1 2 3 4 5 6 7"],
            [""] * 5,
            id="nothing says which label spans how many columns",
        ),
    ],
)
def test_headers_of_two_rows_get_their_merged_cells_back(rows: list[str], expected: list[str]) -> None:
    assert headers(tsv(*rows)) == expected


def test_a_label_over_a_group_of_rows_is_set_left_of_theirs() -> None:
    rows = [
        "项目 2021年决算数 2022年决算数",
        "收入 财政拨款 30 32",
        "事业收入 3 4",
        "支出 基本支出 20 21",
        "项目支出 13 15",
        "合计 33 36",
    ]
    assert tables_of(tsv(*rows)) == [
        [
            ["项目", "", "2021年决算数", "2022年决算数"],
            ["收入", "财政拨款", "30", "32"],
            ["", "事业收入", "3", "4"],
            ["支出", "基本支出", "20", "21"],
            ["", "项目支出", "13", "15"],
            ["", "合计", "33", "36"],
        ]
    ]


def test_rows_with_a_cell_too_many_somewhere_are_no_group() -> None:
    rows = ["项目 预算数 执行数", "基本支出 20 21", "项目支出 水利 13 15", "合计 33 36"]
    assert tables_of(tsv(*rows))[0][1] == ["基本支出", "20", "21"]


def test_a_name_that_is_broken_in_two_is_one_cell() -> None:
    rows = [
        "序号 项目名称 资金来源 预算数 执行数",
        "1 河道",
        "清淤 省级 10 8",
        "2 堤防加固 县级 20 15",
        "3 泵站 县级 5 5",
    ]
    text = tsv(*rows)
    assert tables_of(text)[0][1] == ["1", "河道清淤", "省级", "10", "8"]
    name = layout_of(text).tables[0].body[0].cells[1]
    assert text[name.span.start : name.span.stop] == "河道\n清淤"


def paragraphs(*rows: list[str | list[str]]) -> str:
    """Rows whose cells hold paragraphs, as a browser copies them: each paragraph with blank lines around it, a tab on a line
    of its own between cells."""
    text = ""
    for row in rows:
        cells = ["\n\n".join([cell] if isinstance(cell, str) else cell) for cell in row]
        text += "\n\n\t\n\n".join(cells).replace("\t\n\n\n\n\t", "\t\n\n\t") + "\n\n\n\n\n"
    return text


HEAD = ["一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]


def test_cells_that_hold_paragraphs_are_rows_where_blank_lines_part_them() -> None:
    text = "表2 指标表\n\n" + paragraphs(
        HEAD, ["产出", "培训人次", "≥90人", "96人", "10", "10", ""], ["验收合格率", "100%", "98%", "10", "9", "材料不齐"]
    )  # fmt: skip
    text += "五、存在的问题\n\n无。\n"
    layout = layout_of(text)
    [table] = layout.tables
    assert table.caption == "表2 指标表"
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        HEAD,
        ["产出", "培训人次", "≥90人", "96人", "10", "10", ""],
        ["", "验收合格率", "100%", "98%", "10", "9", "材料不齐"],
    ]
    assert [block.text for block in layout.blocks][-2:] == ["五、存在的问题", "无。"]


def test_a_cell_of_two_paragraphs_is_one_and_an_empty_one_keeps_its_column() -> None:
    text = paragraphs(["项目", "预算数", "执行数"], ["甲项目", "", "8"], ["乙项目", "20", "15"]) + "后文。\n"
    assert tables_of(text) == [[["项目", "预算数", "执行数"], ["甲项目", "", "8"], ["乙项目", "20", "15"]]]
    text = paragraphs(["项目", "预算数", "说明"], ["甲", ["12", "万元"], "无"], ["乙项目", "20", "无"])
    assert tables_of(text)[0][1] == ["甲", "12万元", "无"]


CELLS = [
    *("支出方向", "年初预算", "调整后", "预算", "实际支出"),
    *("公共文化", "12.5", "11", "1,004.00"),
    *("文艺创作", "3", "—", "2.4"),
    *("合计", "15.5", "11", "13.4"),
]


def test_rows_of_one_cell_a_line_are_counted_where_a_label_of_the_header_is_broken() -> None:
    expected = [
        ["支出方向", "年初预算", "调整后预算", "实际支出"],
        ["公共文化", "12.5", "11", "1,004.00"],
        ["文艺创作", "3", "—", "2.4"],
        ["合计", "15.5", "11", "13.4"],
    ]
    assert tables_of(lines("表1 支出情况表", *CELLS, "后文如下。")) == [expected]
    assert tables_of(lines("甲", "乙", *CELLS)) == [expected]
    assert tables_of("\n\n".join(["表1 支出情况表", *CELLS, "后文如下。"])) == [expected]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([*CELLS[:9], "文艺创作", "3", "合计", "15.5", "11", "13.4"], id="rows of different lengths"),
        pytest.param(["东乡", "西乡", "南乡", "北乡", *CELLS[5:]], id="labels that are no columns"),
    ],
)
def test_lines_that_are_no_rows_stay_lines(cells: list[str]) -> None:
    assert tables_of(lines("表1 支出情况表", *cells, "后文如下。")) == []


def test_a_sentence_between_two_tables_of_one_cell_a_line_is_prose() -> None:
    head = ["一级指标", "分值", "得分", "得分率"]
    sentence = (
        "综合评价，2023年度专项资金绩效自评得分94.3分，自评等级为“优秀”，各部分得分情况见下表，其中过程得分最低。"
    )
    table = [*head, *("决策", "15", "14", "93%"), *("过程", "85", "80.3", "94%")]
    text = lines(*table, "（二）结论", sentence, *table)
    layout = layout_of(text)
    assert [len(table.rows) for table in layout.tables] == [3, 3]
    assert sentence in [block.text for block in layout.blocks]


PAGE = [
    "城关片区改",
    "1 1,268.50 1,125.36 95.37% 已完工",
    "造工程",
    "文昌社区宿",
    "2 舍等4个小区改造工 742.60 612.85 91.69% 已完工",
    "程",
]
PAGE_ROWS = [
    ["1", "城关片区改造工程", "1,268.50", "1,125.36", "95.37%", "已完工"],
    ["2", "文昌社区宿舍等4个小区改造工程", "742.60", "612.85", "91.69%", "已完工"],
    ["", "合计", "2,011.10", "1,738.21", "86.43%", ""],
]


@pytest.mark.parametrize(
    "header",
    [["序号 项目名称 预算数 支付资金 支付率 完工情况"], ["序 完工情", "项目名称 预算数 支付资金 支付率", "号 况"]],
)
def test_names_that_are_broken_around_their_figures_are_whole(header: list[str]) -> None:
    text = lines("表2 项目支付情况表", *header, *PAGE, "合计 2,011.10 1,738.21 86.43%", "以上均已公示。")
    layout = layout_of(text)
    [table] = layout.tables
    expected = [["序号", "项目名称", "预算数", "支付资金", "支付率", "完工情况"], *PAGE_ROWS]
    assert [[cell.text for cell in row.cells] for row in table.rows] == expected
    assert layout.blocks[-1].text == "以上均已公示。"
    name = table.body[1].cells[1]
    assert text[name.span.start : name.span.stop].replace("\n", "") == PAGE[3] + PAGE[4] + "程"


def test_names_that_cannot_be_shared_out_evenly_stay_lines() -> None:
    header = "序号 项目名称 预算数 支付资金 支付率 完工情况"
    uneven = ["城关片区改", "造工程", "1 1,268.50 1,125.36 95.37% 已完工", *PAGE[3:], "合计 2,011.10 1,738.21 86.43%"]
    assert tables_of(lines("表2 项目支付情况表", header, *uneven, "以上均已公示。")) == []
