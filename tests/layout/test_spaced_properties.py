"""Tables without marks: no text makes the reading fail, and what it reads keeps its place."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.layout.lines import split_lines
from pipeline.layout.spaced import SpacedReader
from pipeline.layout.spaced_pieces import is_figure, text_width
from tests.spaced_cases import readings

HEADERS = (
    "序号",
    "项目名称",
    "一级指标",
    "二级指标",
    "指标值",
    "年初预\n\n算数",
    "执行数",
    "得分",
    "备注",
    "选项",
    "比例",
)
WORDS = (
    "道路",
    "工程\n\n维护",
    "合计",
    "（6 分）",
    "—",
    "12.5",
    "3",
    "100%",
    "≥5",
    "11 月",
    "，",
    "。",
    "2.1",
    "一",
    "元",
)
BREAKS = (" ", "\n", "\n\n", "\n ", "", "\t", "|")


def texts() -> st.SearchStrategy[str]:
    """Texts of headers, words and figures with the breaks that part or break cells."""
    piece = st.tuples(st.sampled_from(HEADERS + WORDS + WORDS), st.sampled_from(BREAKS + BREAKS[:3])).map("".join)
    head = st.lists(st.sampled_from(HEADERS), min_size=2, max_size=6, unique=True).map(" ".join)
    body = st.lists(st.one_of(piece, st.text(alphabet="甲乙1 。，\n（）%", max_size=6)), max_size=60).map("".join)
    return st.lists(st.tuples(head, st.sampled_from(["\n", "\n\n"]), body).map("".join), max_size=3).map("\n".join)


def check(text: str) -> None:
    """What holds of every table that is read."""
    lines, _ = split_lines(text)
    for rows, index, stop in readings(text):
        places = [place for row in rows for cell in row for place in cell.places]
        said = [c for row in rows for cell in row for c in cell.text]
        assert [text[place] for place in places] == said, "cells are verbatim"
        assert len(set(places)) == len(places), "no character stands in two cells"
        assert lines[index].span.start <= min(places), "a table begins at its header"
        assert max(places) < lines[stop - 1].span.stop, "a table ends where it says"
        width = len(rows[0])
        for row in rows:
            if len(row) != width:
                assert len(row) > width and not any(cell.text for cell in row[:width]), (
                    "only what is left out is longer"
                )


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts())
@example("项目名称 预算数 执行数\n\n甲\n\n1 2\n 3 4\n\n乙 5\n6")
@example("项目名称 指标值\n\n年初预\n\n算数 序号\n\n序号\n 序号\n\n）")
@example("序号 项目名称 得分\n\n1 — —\n\n— 1 1\n\n2.1 甲 3")
@example("一级指标 二级指标 得分\n\n（6 分）（6 分） 3\n\n分）\n\n— — —")
def test_any_text_is_read_without_failing_and_cells_are_verbatim(text: str) -> None:
    check(text)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="一二工程数额 \u3000\n\t0123456789.%—|（）【】“”≥，。：:、", max_size=300))
def test_text_at_random_is_read_without_failing(text: str) -> None:
    check(text)


@pytest.mark.parametrize("line", ["一" * 5_000_000, "项目名称 预算数 " * 600_000, "1 2 " * 1_250_000])
def test_a_line_of_five_megabytes_is_no_table(line: str) -> None:
    lines, _ = split_lines(line)
    assert SpacedReader(lines, None).read(0) is None


def test_reading_takes_steps_in_proportion_to_the_lines() -> None:
    def steps(tables: int) -> int:
        text = ("一级指标 二级指标 三级指标 指标值 说明\n\n" + "道路工程的说明\n\n" * 60) * tables
        lines, _ = split_lines(text)
        reader = SpacedReader(lines, None)
        before = reader.around.steps
        for index in range(len(lines)):
            reader.read(index)
        return before - reader.around.steps

    assert 0 < steps(16) <= 4.5 * steps(4)


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("12.50", True),
        ("82.81%", True),
        ("1,200", True),
        ("35亿元", True),
        ("2023年", False),
        ("3月", False),
        ("A3", False),
    ],
)
def test_a_figure_is_one_number_that_is_no_date(text: str, figure: bool) -> None:
    assert is_figure(text) is figure


def test_a_chinese_character_is_as_wide_as_two_digits() -> None:
    assert text_width("一二") == text_width("1234") == 4
