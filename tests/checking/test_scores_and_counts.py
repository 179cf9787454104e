"""Scores against their totals, numbers of things, and grades."""

from __future__ import annotations

from typing import Any

import pytest
from checking_cases import bare_layout, document, kinds, record

from pipeline.checking import check
from pipeline.flow import Grounded


def row(text: str, name: str, weight: str, score: str, level1: str | None, table: str = "表") -> Grounded:
    """An indicator row printed as “name weight score”."""
    quote = f"{name} {weight} {score}"
    values = {"table": table, "level1": level1, "level3": name, "weight": weight, "score": score, "quote": quote}
    return record("indicators", values, text, text.index(quote))


def line(
    text: str, name: str, weight: str | None, score: str, table: str = "汇总", rate: str | None = None
) -> Grounded:
    """A score line printed as “name weight score rate”."""
    quote = " ".join(x for x in (name, weight, score, f"{rate}%" if rate else None) if x)
    values: dict[str, Any] = {"table": table, "name": name, "weight": weight, "score": score, "quote": quote}
    if rate:
        values["rate"] = {"text": f"{rate}%", "value": rate, "unit": "%"}
    return record("score_lines", values, text, text.index(quote))


def found(text: str, *records: Grounded) -> list[str]:
    """The relations that are broken."""
    return [f.relation for f in check(document(text), bare_layout(text), records)]


TABLE = """数量 20 18
质量 30 29
效益 40 {benefit}
合计 90 87
满意度指标 10 9 90%
产出指标 50 {output}
效益指标 40 40
总分 100 96"""


def table(benefit: str = "40", output: str = "47", *, with_lines: bool = True) -> tuple[str, list[Grounded]]:
    """A table of three rows and a summary of three lines."""
    text = TABLE.format(benefit=benefit, output=output)
    rows = [
        row(text, "数量", "20", "18", "产出指标（50分）"),
        row(text, "质量", "30", "29", "产出指标（50分）"),
        row(text, "效益", "40", benefit, "效益指标（40分）"),
        line(text, "合计", "90", "87", "表"),
    ]
    lines = [
        line(text, "满意度指标", "10", "9", rate="90"),
        line(text, "产出指标", "50", output),
        line(text, "效益指标", "40", "40"),
        line(text, "总分", "100", "96"),
    ]
    return text, rows + (lines if with_lines else [])


def test_scores_that_add_up_are_silent() -> None:
    text, records = table()
    assert found(text, *records) == []


def test_rows_against_their_total_and_their_line() -> None:
    text, records = table(benefit="39")
    assert sorted(found(text, *records)) == ["indicators.first_level", "indicators.total"]


def test_lines_against_their_total() -> None:
    text, records = table(output="46")
    assert sorted(found(text, *records)) == ["indicators.first_level", "score_lines.total"]


def test_a_missing_row_leaves_the_total_open() -> None:
    text, records = table(benefit="39", with_lines=False)
    assert found(text, *records[1:]) == []


def test_a_rate_of_marks_and_marks_above_full() -> None:
    text = "满意度指标 10 9 100%\n产出指标 50 51 102%"
    records = [line(text, "满意度指标", "10", "9", rate="100"), line(text, "产出指标", "50", "51", rate="102")]
    assert found(text, *records) == ["score_lines.score_rate", "score_lines.score_within_weight"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("该指标分值为3分，扣1分，实际得分2分。", []),
        ("该指标分值为 2 分，扣 0.72 分，实际得分\n\n1.28 分。", []),
        ("该指标分值为 2 分，扣 0.72 分，实际得分\n\n1.38 分。", ["scores.deduction"]),
    ],
)
def test_points_taken_off(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("score", "grade", "text", "expected"),
    [
        ("81.78", "良", "得分81.78分，评为良", []),
        ("89.5", "优", "得分89.5分，评为优", ["reports.grade_in_band"]),
        ("98", "优秀", "得分98分，评为优秀", []),
        ("78", "良", "得分78分，评为良。75（含）—90分为良", []),  # a scale of the report's own
        ("108", "优", "得分108分，评为优", []),  # not out of a hundred
    ],
)
def test_grades_within_their_band(score: str, grade: str, text: str, expected: list[str]) -> None:
    values = {"kind": "overall_self_evaluation", "score": score, "grade": grade, "quote": text}
    assert found(text, record("reports", values, text, 0)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("共安排重点项目 7 个，截至年底已完成 4 个、\n\n未完成 2 个，明细见表 4。", ["counts.done_and_undone"]),
        ("共安排重点项目7个，已完成5个、未完成2个。", []),
        ("排查隐患58处，已整改55处，未整改3处。", []),
        ("共安排项目7个，已完成4个、未完成2个、取消1个。", []),  # a third kind
        ("安排项目7个，投入35万元，已完成4项，未完成2家。", []),  # unlike things
    ],
)
def test_done_and_undone(text: str, expected: list[str]) -> None:
    assert found(text) == expected


INDICATORS = (
    "共设定三级指标 {n} 个。投入指标由 2 个二级指标，3 个三级指标构成。过程指标由 4 个二级指标，15 个三级指标构成。"
)


@pytest.mark.parametrize(("n", "lines", "expected"), [(18, 2, []), (17, 2, ["counts.indicators"]), (17, 3, [])])
def test_indicators_announced_and_described(n: int, lines: int, expected: list[str]) -> None:
    text = INDICATORS.format(n=n) + "投入 50 50\n过程 30 30\n产出 20 20"
    names = [("投入", "50", "50"), ("过程", "30", "30"), ("产出", "20", "20")][:lines]
    assert found(text, *(line(text, *x) for x in names)) == expected


@pytest.mark.parametrize(
    ("mark", "rows", "expected"),
    [
        ("[单选题]", (("53", "82.81"), ("8", "12.50"), ("3", "4.69")), []),
        ("[单选题]", (("53", "82.81"), ("8", "12.50"), ("2", "4.69")), ["survey_answers.share_of_respondents"]),
        ("[单选题]", (("53", "82.81"), ("8", "12.50")), []),  # an option may have been overlooked
        ("[多选题]", (("53", "82.81"), ("38", "59.38"), ("13", "20.31")), []),
    ],
)
def test_answers_to_a_single_choice(mark: str, rows: tuple[tuple[str, str], ...], expected: list[str]) -> None:
    options = ("非常满意", "满意", "一般")
    text = f"第1题：是否满意？{mark}\n" + "\n".join(f"{o} {c} {s}%" for o, (c, s) in zip(options, rows, strict=False))
    text += "\n有效填写人次 64"
    records = [
        record(
            "survey_answers",
            {
                "survey": "问卷", "question_no": "1", "option": o, "count": c, "respondents": "64", "quote": f"{o} {c} {s}%",
                "share": {"text": f"{s}%", "value": s, "unit": "%"},
            },
            text,
            text.index(f"\n{o} {c}") + 1,
        )
        for o, (c, s) in zip(options, rows, strict=False)
    ]  # fmt: skip
    relations = found(text, *records)
    assert [r for r in relations if r != "survey_answers.single_choice"] == expected
    assert ("survey_answers.single_choice" in relations) == bool(expected)


@pytest.mark.parametrize(
    ("second", "others", "expected"),
    [
        (("61", "58", "29"), 2, ["survey_answers.as_others"]),
        (("61", "58", "27"), 2, []),
        (("61", "58", "29"), 1, []),  # one other question shows nothing
        (("61", "98", "77"), 2, []),  # several answers were asked for
    ],
)
def test_answers_beside_questions_that_add_up(second: tuple[str, ...], others: int, expected: list[str]) -> None:
    questions = {"1": ("100", "40", "6"), "2": second, "3": ("80", "60", "6")}
    asked = {no: questions[no] for no in ("2", "1", "3")[: others + 1]}
    text = "".join(
        f"第{no}题\n" + "".join(f"{o}{no} {c}\n" for o, c in zip("甲乙丙", counts, strict=True))
        for no, counts in asked.items()
    )
    text += "有效问卷 146"
    records = [
        record(
            "survey_answers",
            {
                "survey": "问卷",
                "question_no": no,
                "option": f"{o}{no}",
                "count": c,
                "respondents": "146",
                "quote": f"{o}{no} {c}",
            },
            text,
            text.index(f"{o}{no} {c}"),
        )
        for no, counts in asked.items()
        for o, c in zip("甲乙丙", counts, strict=True)
    ]
    assert found(text, *records) == expected


def test_shares_of_respondents() -> None:
    text = "满意 9 23%\n本题有效填写人次 41"
    values = {
        "option": "满意", "count": "9", "share": {"text": "23%", "value": "23", "unit": "%"}, "respondents": "41",
        "quote": "满意 9 23%",
    }  # fmt: skip
    assert kinds(check(document(text), bare_layout(text), [record("survey_answers", values, text, 0)])) == ["ratio"]
