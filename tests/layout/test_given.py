"""Tables that the file draws: fine grids set out below their headers, whatever each part of a form merges."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.canonical import CanonicalWriter, DrawnCell
from pipeline.flow import Document, Table
from pipeline.layout import lay_out
from tests.report_cases import document


def drawn(*rows: str) -> list[DrawnCell]:
    """Cells from rows like ``"项目:2 预算:3 执行"``: text and columns spanned; ``_`` is an empty cell."""
    cells = []
    for row, line in enumerate(rows):
        column = 0
        for piece in line.split(" "):
            text, _, span = piece.partition(":")
            cells.append(DrawnCell(row, column, 1, int(span or 1), [] if text == "_" else [text]))
            column += cells[-1].columns
    return cells


def tables_of(cells: list[DrawnCell], *above: str) -> list[Table]:
    writer = CanonicalWriter()
    for line in above:
        writer.paragraph(line)
    writer.table(cells)
    return list(lay_out(finished(writer)).tables)


def finished(writer: CanonicalWriter) -> Document:
    found = writer.finish()
    return replace(document(found.text), tables=found.tables)


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_cells_stand_below_the_header_that_they_lie_under() -> None:
    [table] = tables_of(drawn("项目:3 预算数:2 执行数:4", "甲:2 _ 10:2 9.5:4", "乙:3 20:2 19:4", "合计:3 30:2 28.5:4"))
    assert texts(table) == [
        ["项目", "预算数", "执行数"],
        ["甲", "10", "9.5"],
        ["乙", "20", "19"],
        ["合计", "30", "28.5"],
    ]
    assert [c.header for c in table.body[0].cells] == [("项目",), ("预算数",), ("执行数",)]


def test_a_total_that_is_merged_over_columns_keeps_its_figures_below_their_headers() -> None:
    [table] = tables_of(drawn("一级指标 二级指标 分值 得分", "产出 数量 60 58", "效益 社会 40 40", "总分:2 100 98"))
    assert texts(table)[-1] == ["总分", "", "100", "98"]


def test_a_header_over_several_columns_labels_each() -> None:
    [table] = tables_of(drawn("绩效指标:3 分值 得分", "产出 数量 培训人数 10 9", "产出 质量 合格率 10 10"))
    assert [c.header for c in table.body[0].cells] == [("绩效指标",)] * 3 + [("分值",), ("得分",)]


def test_a_form_is_divided_where_other_headers_begin_and_its_captions_are_taken() -> None:
    found = tables_of(
        drawn(
            "项目名称:2 某项目:6",
            "主管部门:2 某局:2 实施单位:2 某局:2",
            "项目资金:2 年初预算数:2 全年预算数:2 执行数:2",
            "总额:2 10:2 12:2 11:2",
            "一级指标 二级指标 三级指标 指标值 实际值 分值 得分 原因",
            "产出 数量 培训 5 6 10 10 _",
        ),
        "项目支出绩效自评表",
    )
    assert [t.caption for t in found] == ["项目支出绩效自评表"] * len(found)
    funds = next(t for t in found if "项目资金" in texts(t)[0][0])
    assert texts(funds) == [["项目资金", "年初预算数", "全年预算数", "执行数"], ["总额", "10", "12", "11"]]
    assert texts(found[-1])[-1] == ["产出", "数量", "培训", "5", "6", "10", "10", ""]


def test_lines_around_a_drawn_table_are_never_drawn_into_it() -> None:
    writer = CanonicalWriter()
    writer.paragraph("指标 分值 得分")
    writer.table(drawn("项目 预算数", "甲 1"))
    writer.paragraph("乙 2 3")
    [table] = lay_out(finished(writer)).tables
    assert texts(table) == [["项目", "预算数"], ["甲", "1"]]


WORDS = st.sampled_from(["", "项目", "预算数", "执行数", "分值", "甲", "乙", "12", "3.50", "95%", "合计", "总分"])


@given(st.lists(st.lists(st.tuples(WORDS, st.integers(1, 3)), min_size=2, max_size=5), min_size=1, max_size=6))
def test_no_cell_is_lost_and_none_comes_twice(rows: list[list[tuple[str, int]]]) -> None:
    cells = []
    for r, row in enumerate(rows):
        column = 0
        for text, span in row:
            cells.append(DrawnCell(r, column, 1, span, [text]))
            column += span
    places = [c.span for t in tables_of(cells) for row in t.rows for c in row.cells if c.text]
    assert len(set(places)) == len(places)
    shown = sum(1 for t in tables_of(cells) for row in t.rows for c in row.cells if c.text)
    captions = sum(1 for t in tables_of(cells) if t.caption)
    assert shown + captions >= sum(1 for row in rows for text, _ in row if text)
