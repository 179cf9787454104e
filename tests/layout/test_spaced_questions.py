"""Questionnaires in text without marks whose questions stand between their options."""

from __future__ import annotations

import pytest

from pipeline.layout.lines import split_lines
from pipeline.layout.spaced_questions import read_questions

Rows = list[list[str]]


def read(text: str) -> Rows | None:
    lines, _ = split_lines(text)
    found = read_questions(lines, 0)
    return None if found is None else [[cell.text for cell in row] for row in found[0]]


ANSWERS = """选项 人数 比例
1.您对渠道维修质量的评价
很 满意 57 95.00%
不满意 3 5.00%
2.您是否知道
水费怎样收取？
知道 60 100.00%
本题有效填写人次 60
从结果看，群众比较满意。
"""


@pytest.mark.parametrize("text", [ANSWERS, ANSWERS.replace("\n", "\n\n")], ids=["lines", "lines set apart"])
def test_a_question_is_a_row_of_its_own(text: str) -> None:
    assert read(text) == [
        ["选项", "人数", "比例"],
        ["1.您对渠道维修质量的评价"],
        ["很满意", "57", "95.00%"],
        ["不满意", "3", "5.00%"],
        ["2.您是否知道水费怎样收取？"],
        ["知道", "60", "100.00%"],
        ["本题有效填写人次", "60", ""],
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("选项 人数 比例\n满意 57 95%\n不满意 3 5%\n", id="options alone"),
        pytest.param("选项 人数 比例\n1.您对服务的评价\n满意 57 95%\n", id="one answer"),
        pytest.param("选项 人数 金额\n1.您对服务的评价\n满意 57 95\n不满意 3 5\n", id="another header"),
        pytest.param("选项 人数 比例\n群众的评价如下\n满意 57 95%\n不满意 3 5%\n", id="no question"),
    ],
)
def test_other_tables_are_left_to_others(text: str) -> None:
    assert read(text) is None
