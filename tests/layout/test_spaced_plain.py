"""Tables by spaces whose lines are their rows, and the heads of forms above a table that is broken over lines."""

from __future__ import annotations

import pytest

from pipeline.layout.form_heads import read_form_head
from pipeline.layout.lines import split_lines
from pipeline.layout.spaced_plain import read_plain

Rows = list[list[str]]


def read(text: str) -> Rows | None:
    lines, _ = split_lines(text)
    found = read_plain(lines, 0)
    if found is None:
        return None
    rows, stop = found
    assert 0 < stop <= len(lines)
    return [[cell.text for cell in row] for row in rows]


def test_a_column_that_the_vocabulary_does_not_know_holds_what_its_cells_are() -> None:
    rows = read("""序号 项目名称 年初预算 变动 全年预算数 全年执行数 执行率
1 堤防加固工程 300.00 84.50 384.50 371.20 96.54%
2 水质监测 200.00 0.00 200.00 200.00 100.00%
合计 500.00 84.50 584.50 571.20 97.72%
后附说明。
""")
    assert rows is not None
    assert rows[1] == ["1", "堤防加固工程", "300.00", "84.50", "384.50", "371.20", "96.54%"]
    assert rows[-1] == ["合计", "", "500.00", "84.50", "584.50", "571.20", "97.72%"]


def test_a_form_is_read_with_all_its_headers() -> None:
    rows = read("""项目名称 堤防加固工程
主管部门 县水利局 实施单位 河道站
项目资金(万元) 年初预算数 全年预算数 全年执行数 分值 执行率 得分
年度资金总额 300.00 384.50 371.20 10 96.54% 9.65
其他资金 0.00 0.00 0.00 - - -
年度总体目标 预期目标 实际完成情况
加固堤防6公里。 加固堤防5.4公里。
绩效指标 一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因
产出指标 数量指标 加固长度 ≥6公里 5.4公里 20 18 征地未果
岸坡绿化 12处 12处 10 10
总分 100 97.15
""")
    assert rows is not None
    assert {len(row) for row in rows} == {9}
    assert rows[0][:2] == ["项目名称", "堤防加固工程"]
    assert rows[6][:3] == ["", "加固堤防6公里。", "加固堤防5.4公里。"]
    assert rows[8] == ["", "产出指标", "数量指标", "加固长度", "≥6公里", "5.4公里", "20", "18", "征地未果"]
    assert rows[9] == ["", "", "", "岸坡绿化", "12处", "12处", "10", "10", ""]
    assert rows[10] == ["总分", "", "", "", "", "", "100", "97.15", ""]


@pytest.mark.parametrize(
    "row",
    [
        "2 水质 监测 200.00 180.00 90%",
        "2 水质监测 200.00 90%",
        "2 水质监测 90% 200.00 180.00",
        "2 200.00 水质监测 180.00 90%",
        "2 水质监测\n200.00 180.00 90%",
    ],
)
def test_a_row_that_fits_no_columns_leaves_the_table_to_another_reading(row: str) -> None:
    assert (
        read(f"序号 项目名称 预算数 支出数 执行率\n1 堤防加固 80.00 80.00 100%\n{row}\n3 清淤 5.00 5.00 100%\n") is None
    )


def test_a_total_whose_columns_are_not_sure_is_no_row() -> None:
    header = "项目名称 年初预算 调整数 全年预算数 执行数\n"
    assert read(f"{header}甲工程 1.00 2.00 3.00 2.50\n乙工程 1.00 0.00 1.00 1.00\n合计 4.00 3.50\n") is None


def test_words_without_figures_are_no_table() -> None:
    assert read("序号 名称 联系电话\n张三 办公室主任 无\n李四 财务科科长 无\n") is None
    assert read("项目名称 堤防加固工程\n主管部门 县水利局\n") is None


def test_a_unit_apart_from_its_figure_belongs_to_it() -> None:
    rows = read("三级指标 年度指标值 实际完成值 分值 得分\n加固长度 ≥ 6 公里 5.4 公里 20 18\n绿化 12 处 12 处 10 10\n")
    assert rows is not None
    assert rows[1][1:3] == ["≥6公里", "5.4公里"]


def head(text: str) -> Rows | None:
    lines, _ = split_lines(text.replace("¶\n", "\n\n"))
    found = read_form_head(lines, 0)
    return [[cell.text for cell in row] for row in found[0]] if found else None


def test_a_form_s_head_has_values_broken_over_lines() -> None:
    text = "项目名称 草场围栏项目¶\n主管部门 旗林业局 实施单位\n旗草原¶\n工作站¶\n项目资金¶\n（万元）¶\n"
    assert head(text) == [["项目名称", "草场围栏项目"], ["主管部门", "旗林业局", "实施单位", "旗草原工作站"]]


def test_a_header_of_projects_is_no_form_s_head() -> None:
    assert head("项目名称 预算数 执行数\n甲工程 1.00 1.00\n") is None
    assert head("项目名称\n甲工程\n") is None
