"""Extraction, offline: indicators that paragraphs score one by one, in the forms that evaluators write them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extraction.offline.reading_cases import read

TITLE = "青禾县2022年度产业扶持资金绩效评价报告\n四、绩效评价指标分析\n"
FIELDS = ("level1", "level2", "level3", "weight", "score", "deviation_reason")


def indicators(text: str) -> list[tuple[Any, ...]]:
    """The indicators of a report, by their levels, marks and reasons."""
    return [tuple(r.get(f) for f in FIELDS) for r in read(TITLE + text, "indicators")]


LEVEL_LINES = """一级指标：决策（20分）
二级指标：项目立项（6分）
　　立项依据充分性（3分）：得3分。
　　立项程序规范性（3分）：得2分。扣1分，因为未见论证纪要。
一级指标：过程（20分）
二级指标：资金管理（12分）
　　预算执行率（4分）：目标值100%，实际值93.94%，得3.5分。
"""
HEADINGS = """（一）决策（20分）
1.项目立项（6分）
（1）立项依据充分性（3分）。依据充分，得3分。
（2）立项程序规范性（分值3分，得分2分）。扣分原因：未见论证纪要。
（二）过程（20分）
1.资金管理（12分）
（1）预算执行率，该指标分值4分，评价得分3.5分。
"""
CODES = """A1立项依据充分性：满分3分，得3分。
A2立项程序规范性：满分3分，得2分，扣1分，原因是未见论证纪要。
B1预算执行率：满分4分，得3.5分。
"""
EXPECTED = [
    ("立项依据充分性", "3", "3", None),
    ("立项程序规范性", "3", "2", "未见论证纪要"),
    ("预算执行率", "4", "3.5", None),
]


@pytest.mark.parametrize("text", [LEVEL_LINES, HEADINGS, CODES], ids=["levels", "headings", "codes"])
def test_scored_paragraphs_are_indicators(text: str) -> None:
    assert [found[2:] for found in indicators(text)] == EXPECTED


@pytest.mark.parametrize("text", [LEVEL_LINES, HEADINGS], ids=["levels", "headings"])
def test_the_lines_above_name_their_levels(text: str) -> None:
    levels = [("决策（20分）", "项目立项（6分）")] * 2 + [("过程（20分）", "资金管理（12分）")]
    assert [found[:2] for found in indicators(text)] == levels


def test_target_and_actual_value_are_read() -> None:
    last = read(TITLE + LEVEL_LINES, "indicators")[-1]
    assert (last["target"]["value"], last["actual"]["value"]) == ("100", "93.94")


@pytest.mark.parametrize(
    "text",
    [
        "　　立项依据充分性（3分）：得3分。\n　　立项程序规范性（3分）：得2分。\n",  # too few to be a list
        "决策（20分）：得17分。\n过程（20分）：得18分。\n产出（30分）：得28分。\n效益（30分）：得27分。\n",
        "一级指标\t二级指标\t三级指标\t分值\t得分\n决策\t立项\t充分性\t3\t3\n过程\t管理\t执行率\t4\t3.5\n"
        + LEVEL_LINES,
    ],
)
def test_what_is_no_list_of_indicators(text: str) -> None:
    assert all(found[2] in {"充分性", "执行率"} for found in indicators(text))


TOLD = """（一）产出（50分）
数量：送戏下乡场次——指标值≥60场，实际64场，8分，得8分。
质量：演出验收合格率——指标值100%，实际92%，6分，得4.8分，扣分原因：两场因暴雨中断。
（二）满意度（10分）
观众满意度：目标值≥90%，实际完成值93.5%，分值10分，自评得分10分。
"""


def test_lines_that_tell_target_actual_weight_and_score_in_order_are_indicators() -> None:
    assert indicators(TOLD) == [
        ("产出（50分）", "数量", "送戏下乡场次", "8", "8", None),
        ("产出（50分）", "质量", "演出验收合格率", "6", "4.8", "两场因暴雨中断"),
        ("满意度（10分）", None, "观众满意度", "10", "10", None),
    ]
    stated = [(r["target"]["text"], r["actual"]["text"]) for r in read(TITLE + TOLD, "indicators")]
    assert stated == [("≥60场", "64场"), ("100%", "92%"), ("≥90%", "93.5%")]
