"""Tables of one cell a line with a blank line below each row, and tables that a page's number interrupts."""

from __future__ import annotations

import pytest

from pipeline.flow import Table
from tests.report_cases import layout_of

HEAD = "清源县水务局2022年度部门整体支出绩效自评报告\n一、资金情况\n"


def tables(text: str) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in part.rows]
        for part in layout_of(HEAD + text).parts
        if isinstance(part, Table)
    ]


def groups(*rows: str) -> str:
    return "\n\n".join(row.replace(" ", "\n") for row in rows) + "\n"


PROJECTS = "项目名称 年初预算数 全年预算数 全年执行数 执行率 完成情况"


def test_each_run_of_lines_is_a_row() -> None:
    text = "项目支出执行情况表\n单位：万元\n" + groups(
        PROJECTS,
        "渠道清淤 40.00 42.00 40.00 95.24% 已完成",
        "水闸维修 60.00 60.00 51.00 85.00% 未验收",
        "合计 100.00 102.00 91.00 89.22%",
    )
    assert tables(text) == [
        [
            ["项目名称", "年初预算数", "全年预算数", "全年执行数", "执行率", "完成情况"],
            ["渠道清淤", "40.00", "42.00", "40.00", "95.24%", "已完成"],
            ["水闸维修", "60.00", "60.00", "51.00", "85.00%", "未验收"],
            ["合计", "100.00", "102.00", "91.00", "89.22%"],
        ]
    ]


def test_cells_merged_with_those_above_are_missing_on_the_left() -> None:
    (rows,) = tables(
        groups(
            "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分",
            "产出指标 数量指标 清淤长度 ≥12公里 13公里 10 10",
            "维修水闸 4座 3座 10 8",
            "质量指标 验收合格率 100% 100% 10 10",
            "总分 30 28",
        )
    )
    assert [row[:3] for row in rows[1:]] == [
        ["产出指标", "数量指标", "清淤长度"],
        ["", "", "维修水闸"],
        ["", "质量指标", "验收合格率"],
        ["总分", "", ""],
    ]
    assert rows[-1][-2:] == ["30", "28"]


@pytest.mark.parametrize(
    "text",
    [
        groups(PROJECTS, "渠道清淤 一般 较好 合格 优 已完成", "水闸维修 一般 较好 合格 优 未验收"),
        groups("渠道 水闸 堤防", "甲 乙 丙", "丁 戊 己"),
    ],
    ids=["words under figures", "unknown labels"],
)
def test_other_runs_of_lines_are_no_such_table(text: str) -> None:
    assert tables(text) == []


def test_a_chapter_ends_it() -> None:
    text = groups(PROJECTS, "渠道清淤 40.00 42.00 40.00 95.24% 已完成", "水闸维修 60.00 60.00 51.00 85.00% 未验收")
    (rows,) = tables(text + "\n二、存在问题\n资金支付进度偏慢。\n")
    assert len(rows) == 3


SPACED = (
    "表1 分领域支出情况表\n"
    "单位：个、万元\n"
    "领域 项目个数 预算数 支出数 执行率\n"
    "教育 5 38.50 37.00 96.10%\n"
    "水利 4 43.20 31.00 71.76%\n"
)


def test_a_row_below_a_page_number_belongs_to_the_table_above() -> None:
    (rows,) = tables(f"{SPACED}\n— 2 —\n\n合计 9 81.70 68.00 83.23%\n　　从执行情况看，教育较好。\n")
    assert rows[-1] == ["合计", "9", "81.70", "68.00", "83.23%"]


def test_a_header_that_the_new_page_repeats_is_no_row() -> None:
    (rows,) = tables(f"{SPACED}\n第 2 页\n\n领域 项目个数 预算数 支出数 执行率\n交通 2 20.00 19.00 95.00%\n")
    assert [row[0] for row in rows] == ["领域", "教育", "水利", "交通"]


def test_a_paragraph_below_a_page_number_ends_the_table() -> None:
    (rows,) = tables(f"{SPACED}\n— 2 —\n\n从资金投向看 教育项目 完成较好\n")
    assert [row[0] for row in rows] == ["领域", "教育", "水利"]
