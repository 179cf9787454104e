"""Offline: score lines of prose; issues by items, ordinals and labels; tasks with their completion."""

from __future__ import annotations

import time

import pytest

from pipeline.extraction.offline.issues import is_closing
from tests.extraction.offline.reading_cases import extract, read


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "自评得分90分。其中：决策指标15分，得14分；产出指标85分，得76分。",
            [("决策指标", "15", "14", None), ("产出指标", "85", "76", None)],
        ),
        (
            "项目决策得分14分（满分15分），项目绩效得分54分（满分60分）。",
            [("项目决策", "15", "14", None), ("项目绩效", "60", "54", None)],
        ),
        (
            "投入类指标分值10分，自评得分9分，得分率90%；过程类指标分值30分，自评得分28分，得分率93.33%。",
            [("投入类指标", "10", "9", "90%"), ("过程类指标", "30", "28", "93.33%")],
        ),
        (
            "投入、产出、效益三个一级指标分值分别为20分、40分、40分，得分分别为18分、39分、37.5分，综合得分94.5分。",
            [
                ("投入", "20", "18", None),
                ("产出", "40", "39", None),
                ("效益", "40", "37.5", None),
                ("综合得分", None, "94.5", None),
            ],
        ),
        (
            "自评得分95.5分。其中：预算执行9.5分，产出指标48分，效益指标38分。",
            [("预算执行", None, "9.5", None), ("产出指标", None, "48", None), ("效益指标", None, "38", None)],
        ),
        ("自评得分95.5分。其中：预算执行10分，产出指标50分，效益指标40分。", []),
        ("投入、产出、效益三个一级指标分值分别为20分、40分，得分分别为18分、39分。", []),
    ],
)
def test_score_lines_of_a_sentence(sentence: str, expected: list[tuple[str, str | None, str, str | None]]) -> None:
    lines = read(f"四、评价结论\n{sentence}\n", "score_lines")
    assert [(r["name"], r.get("weight"), r["score"], (r.get("rate") or {}).get("text")) for r in lines] == expected


def issues(text: str) -> list[tuple[str, str | None, str]]:
    """Issues as kind, title and text."""
    return [(i["kind"][0], i.get("title"), i["text"]) for i in read(text, "issues")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "五、存在问题\n1、配套资金到位偏慢。两个乡镇未按期拨付。\n2、管护责任不清。部分设施无人看管。\n",
            [("p", "配套资金到位偏慢", "两个乡镇未按期拨付"), ("p", "管护责任不清", "部分设施无人看管")],
        ),
        (
            "五、存在问题\n1.配套资金到位偏慢，两个乡镇未按期拨付。\n2.管护责任不清，设施闲置。\n",
            [("p", None, "配套资金到位偏慢，两个乡镇未按期拨付"), ("p", None, "管护责任不清，设施闲置")],
        ),
        (
            "五、存在问题\n一是预算偏粗。年中追加频繁。二是档案不全。合同未归档。\n",
            [("p", "预算偏粗", "年中追加频繁"), ("p", "档案不全", "合同未归档")],
        ),
        (
            "六、改进建议\n建议提高运转经费标准；建议将管护经费列入预算。\n某县水务局\n2023年3月1日\n",
            [("r", None, "建议提高运转经费标准"), ("r", None, "建议将管护经费列入预算")],
        ),
        (
            "四、评价结论及建议\n（一）评价结论。得分93分，总体较好。\n（二）存在问题。\n1.采购偏慢。集中在下半年招标。\n"
            "（三）改进建议。\n1.提前编制采购计划，明确时点。\n",
            [("p", "采购偏慢", "集中在下半年招标"), ("r", None, "提前编制采购计划，明确时点")],
        ),
        (
            "六、存在问题和建议\n1.问题：预算不够细化。建议：提前谋划项目。\n",
            [("p", None, "预算不够细化"), ("r", None, "提前谋划项目")],
        ),
        (
            "五、存在的主要问题\n评价发现，主要存在以下2个方面的问题：\n1.进度偏慢，资金沉淀。\n",
            [("p", None, "进度偏慢，资金沉淀")],
        ),
    ],
)
def test_issues_of_a_section(text: str, expected: list[tuple[str, str | None, str]]) -> None:
    assert issues(text) == expected


@pytest.mark.parametrize(
    ("line", "closing"),
    [
        ("某某会计师事务所（普通合伙）", True),
        ("二〇二三年九月十日", True),
        ("2023 年 5 月 18 日", True),
        ("填表人：张某", True),
        ("部分项目进度滞后", False),
        ("加强预算管理，提高编制质量。", False),
    ],
)
def test_what_closes_a_report(line: str, closing: bool) -> None:
    assert is_closing(line) is closing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "一、年度重点任务\n1.改造桥梁7座。完成情况：已改造6座。未完成原因：一座征地受阻。\n",
            [("一、年度重点任务", "1", "改造桥梁7座", "已改造6座", "一座征地受阻")],
        ),
        (
            "一、绩效目标完成情况\n1.办理案件600件以上。完成情况：办结612件。\n",
            [("一、绩效目标完成情况", "1", "办理案件600件以上", "办结612件", None)],
        ),
        (
            "一、绩效目标完成情况\n（一）年度总体目标：改善人居环境，维护稳定。\n（二）目标完成情况：改厕312户。\n",
            [("一、绩效目标完成情况", None, "改善人居环境，维护稳定", "改厕312户", None)],
        ),
        (
            "一、部门情况\n（三）年度绩效目标\n推进场馆错时开放，全年接待读者50万人次以上。\n二、其他\n",
            [("（三）年度绩效目标", None, "推进场馆错时开放，全年接待读者50万人次以上", None, None)],
        ),
        (
            "一、部门情况\n（三）年度重点任务。\n1.建成厂房2万平方米；\n2.新增就业800人。\n",
            [
                ("（三）年度重点任务", "1", "建成厂房2万平方米；", None, None),
                ("（三）年度重点任务", "2", "新增就业800人", None, None),
            ],
        ),
    ],
)
def test_tasks_of_a_section(text: str, expected: list[tuple[str | None, ...]]) -> None:
    fields = ("section", "seq", "task", "completion", "reason")
    assert [tuple(t.get(f) for f in fields) for t in read(text, "tasks")] == expected


@pytest.mark.parametrize(
    "text",
    ["\t\n\t目标1：", "一、年度任务\n年度任务：\n任务1：\n", "一、存在问题\n（一）管护方面\n1.。\n一是；二是，\n"],
)
def test_labels_and_marks_with_nothing_behind_them_state_nothing(text: str) -> None:
    assert not {"tasks", "issues"} & {d.record_type for d in extract(text).drafts}


@pytest.mark.parametrize(
    "unit",
    [
        "其中甲1分，",
        "分别为",
        "甲、乙分别为1元、",
        "一是甲经费支出1万元",
        "建议；",
        "（其中",
        "截至",
        "甲工程，预算1万元，",
        "问题：",
    ],
)
def test_a_long_hostile_line_is_read_in_time_linear_in_its_length(unit: str) -> None:
    def seconds(count: int) -> float:
        text = f"三、项目问题和建议\n1.甲工程，{unit * count}。\n"
        start = time.process_time()
        extract(text)
        return time.process_time() - start

    seconds(50)
    assert seconds(8000) < 60 * max(seconds(500), 0.01)


@pytest.mark.parametrize(
    ("head", "lines_of_scores"),
    [
        ("评价内容\t分值\t自评得分\t得分率", ["部门决策", "履职产出"]),
        ("三级指标\t分值\t得分\t得分率", []),
    ],
    ids=["parts that were scored", "indicators of a level"],
)
def test_a_table_of_parts_with_their_rates_is_a_summary(head: str, lines_of_scores: list[str]) -> None:
    text = f"某局2022年度部门整体支出绩效自评报告\n表7 自评得分汇总表\n{head}\n部门决策\t20\t18\t90%\n履职产出\t30\t29\t96.67%\n"
    assert [line["name"] for line in read(text, "score_lines")] == lines_of_scores
