"""List marks, headings, captions and titles, told by the vocabulary and by nothing else."""

from __future__ import annotations

import pytest

from pipeline.layout.marks import caption_of, is_annex, is_heading, is_title, mark_of


@pytest.mark.parametrize(
    ("line", "mark", "level", "seq"),
    [
        ("一、部门概况", "一、", 1, "一"),
        ("十二、附则", "十二、", 1, "十二"),
        ("（二）预算情况", "（二）", 2, "二"),
        ("(三)决算", "(三)", 2, "三"),
        ("1.项目概况", "1.", 3, "1"),
        ("1．项目概况", "1．", 3, "1"),
        ("12、项目", "12、", 3, "12"),
        ("4. 2021年第二批", "4.", 3, "4"),
        ("4.2021年第二批", "4.", 3, "4"),
        ("2.1资金到位", "2.1", 3, "2.1"),
        ("（3）完成情况", "（3）", 4, "3"),
        ("(10)满意度", "(10)", 4, "10"),
        ("①宣传", "①", 5, ""),
        ("任务1：建设", "任务1：", 6, "1"),
        ("目标 2：培训", "目标 2：", 6, "2"),
        ("第3题：是否", "第3题：", 6, "3"),
    ],
)
def test_a_list_mark_gives_its_level_and_its_bare_number(line: str, mark: str, level: int, seq: str) -> None:
    found = mark_of(line)
    assert found is not None
    assert (found.text, found.level, found.seq) == (mark, level, seq)


@pytest.mark.parametrize(
    "line",
    [
        "2022年度预算", "95.5%", "1798万元", "3.5%以上", "（含税）", "（2022年度）", "一是加强管理",
        "部门概况",         "1,234元", "12：30", "一般公共预算", "1", "",
    ],
)  # fmt: skip
def test_a_figure_at_a_line_s_start_is_no_list_mark(line: str) -> None:
    assert mark_of(line) is None


@pytest.mark.parametrize("line", ["12.50万元，其中基本支出", "2.15亿元", "1.5万元以上的采购"])
def test_an_amount_at_a_line_s_start_is_no_list_mark(line: str) -> None:
    assert mark_of(line) is None


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("一、部门概况", True),
        ("（二）预算执行情况", True),
        ("1.山洪灾害监测预警平台运行维护经费", True),
        ("（1）资金使用情况：全年预算数86万元", True),
        ("（1）资金使用情况：", False),
        ("1.完成校舍维修，消除隐患", False),
        ("1.完成校舍维修。", False),
        ("（1）", False),
        ("任务1：建设", False),
        ("一、" + "长" * 60, False),
    ],
)
def test_a_marked_line_is_a_heading_where_it_is_short_and_no_sentence(line: str, heading: bool) -> None:
    mark = mark_of(line)
    assert mark is not None
    assert is_heading(line, mark) is heading


@pytest.mark.parametrize(
    ("line", "caption"),
    [
        ("表 1 部门整体支出绩效评价得分表", True),
        ("表3-2：收入情况", True),
        ("附件 2：自评表", True),
        ("2022年度项目支出明细表", True),
        ("满意度调查问卷", True),
        ("整体支出绩效自评表（2022年度）", True),
        ("见附表。", False),
        ("填报了绩效目标自评表，并公开", False),
        ("逐项得分见 表2", False),
    ],
)
def test_a_caption(line: str, caption: bool) -> None:
    assert caption_of(line) == (line if caption else None)


@pytest.mark.parametrize(
    ("line", "annex"),
    [("附件2", True), ("附件 3：自评报告", True), ("附表：", True), ("附件所列项目", False), ("见附件2", False)],
)
def test_an_annex(line: str, annex: bool) -> None:
    assert is_annex(line) is annex


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("清江州水利局2022年度部门预算绩效自评报告", True),
        ("2022年度部门整体支出绩效自评情况的报告", True),
        ("专项资金绩效评价报告（公开版）", True),
        ("清江州水利局工作报告", False),
        ("一、部门整体支出绩效自评报告", False),
        ("附件1：部门整体支出绩效自评报告", False),
        ("根据绩效自评报告", False),
        ("《部门预算绩效自评报告》", False),
        ("我局完成了部门整体支出绩效自评报告。", False),
        ("绩效报告", False),
    ],
)
def test_a_title(line: str, title: bool) -> None:
    assert is_title(line) is title
