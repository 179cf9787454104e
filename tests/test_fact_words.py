"""Grounding: true digits under a false name are refused: another label, another unit's figure, another measure."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.budget_facts import Measure
from schemas.measures import measure_words
from tests.grounding_cases import accepted, refused
from tests.report_cases import lines

PROSE = (
    "2023年部门支出合计846.20万元，其中：基本支出612.75万元，项目支出233.45万元。"
    "年初批复预算700.00万元，年中追加146.20万元，其中县水利站追加46.20万元。三公经费支出4.60万元，比上年减少0.40万元，下降8.00%。\n"
)


def fact(quote: str, label: str, measure: str, value: str, **more: Any) -> dict[str, Any]:
    return {"quote": quote, "path": [label], "measure": measure, "value": value, "unit": "万元", **more}


TRUE = [
    fact("部门支出合计846.20万元", "部门支出合计", "executed", "846.20"),
    fact("基本支出612.75万元", "基本支出", "executed", "612.75"),
    fact("年初批复预算700.00万元", "年初批复预算", "initial_budget", "700.00"),
    fact("年中追加146.20万元", "年中追加", "supplementary", "146.20"),
    fact("县水利站追加46.20万元", "年中追加", "supplementary", "46.20", org="县水利站"),
    fact("比上年减少0.40万元", "三公经费支出", "change", "0.40"),
    fact("下降8.00%", "三公经费支出", "rate", "8.00", unit="%"),
]


@pytest.mark.parametrize("fields", TRUE, ids=lambda f: f["quote"])
def test_what_the_words_bear_out_is_accepted(fields: dict[str, Any]) -> None:
    accepted(PROSE, "budget_facts", fields)


FALSE = [
    (
        fact("项目支出233.45万元", "基本支出", "executed", "233.45"),
        "misplaced",
        "233.45 is printed as 项目, not as 基本支出",
    ),
    (
        fact("部门支出合计846.20万元", "基本支出", "executed", "846.20", path=["部门支出合计", "基本支出"]),
        "misplaced",
        "846.20 is printed as 部门",
    ),
    (fact("年中追加146.20万元", "年初批复预算", "initial_budget", "146.20"), "misplaced", "printed as supplementary"),
    (fact("年初批复预算700.00万元", "年初批复预算", "executed", "700.00"), "misplaced", "not as executed"),
    (fact("基本支出612.75万元", "基本支出", "carried_out", "612.75"), "misplaced", "not as carried_out"),
    (fact("比上年减少0.40万元", "三公经费支出", "rate", "0.40"), "misplaced", "0.40万元 is no rate"),
]


@pytest.mark.parametrize(("fields", "code", "words"), FALSE, ids=[f"{f['path']} {f['measure']}" for f, _, _ in FALSE])
def test_what_the_words_name_otherwise_is_refused(fields: dict[str, Any], code: str, words: str) -> None:
    found, reason = refused(PROSE, "budget_facts", fields)
    assert (found, words in reason) == (code, True), reason


def test_a_label_of_another_paragraph_is_refused() -> None:
    text = PROSE + "第二段。县林业站机关运行经费支出12.30万元。\n"
    fields = fact("机关运行经费支出12.30万元", "三公经费支出", "executed", "12.30")
    assert refused(text, "budget_facts", fields)[0] == "label"
    fields = fact("机关运行经费支出12.30万元", "机关运行经费支出", "executed", "12.30", org="县水利站")
    assert refused(text, "budget_facts", fields)[0] == "label"


YEARS = "2023年度预算执行情况。三公经费支出4.60万元，与2022年的5.00万元相比减少0.40万元，2021年支出5.50万元。上年结转3.00万元。\n"


@pytest.mark.parametrize(
    ("label", "measure", "value", "year", "code"),
    [
        ("三公经费支出", "executed", "4.60", 2023, None),
        ("三公经费支出", "executed", "5.00", 2022, None),
        ("三公经费支出", "change", "0.40", 2023, None),
        ("三公经费支出", "executed", "5.50", 2021, None),
        ("上年结转", "carried_in", "3.00", 2022, None),
        ("三公经费支出", "executed", "5.00", 2023, "misplaced"),
        ("三公经费支出", "executed", "5.50", 2023, "misplaced"),
        ("三公经费支出", "executed", "4.60", 2022, "misplaced"),
    ],
)
def test_a_figure_is_of_the_year_that_is_named_before_it(
    label: str, measure: str, value: str, year: int, code: str | None
) -> None:
    text = "2023年度部门预算绩效自评报告，2023年。\n" + YEARS
    fields = fact(f"{value}万元", label, measure, value, year=year)
    if code is None:
        accepted(text, "budget_facts", fields)
    else:
        assert refused(text, "budget_facts", fields)[0] == code


TABLE = lines(
    "单位：万元", "科目\t年初预算数\t全年执行数", "工资福利支出\t500.00\t510.00", "商品和服务支出\t80.00\t77.00"
)


def cell(label: str, measure: str, value: str) -> dict[str, Any]:
    row = next(line for line in TABLE.splitlines() if label in line)
    return fact(row, label, measure, value)


def test_a_column_says_what_its_figures_measure() -> None:
    accepted(TABLE, "budget_facts", cell("商品和服务支出", "initial_budget", "80.00"))
    accepted(TABLE, "budget_facts", cell("商品和服务支出", "executed", "77.00"))
    assert refused(TABLE, "budget_facts", cell("商品和服务支出", "executed", "80.00"))[0] == "misplaced"
    assert refused(TABLE, "budget_facts", cell("商品和服务支出", "received", "77.00"))[0] == "misplaced"


@pytest.mark.parametrize("value", ["29", "31"])
def test_a_figure_in_a_form_is_that_of_its_own_label_and_not_of_the_next_one(value: str) -> None:
    form = f"部门名称\n\t甲局\n\t人员编制\n\t31\n\t实有人数\n\t{value}\n\n正文如下。\n"
    claimed = {"quote": f"实有人数\n\t{value}", "path": ["实有人数"], "measure": "headcount", "unit": None}
    accepted(form, "budget_facts", {**claimed, "value": value})
    if value != "31":
        assert refused(form, "budget_facts", {**claimed, "value": "31"})[0] == "misplaced"


def test_a_row_s_label_over_the_next_row_s_figure_is_refused() -> None:
    shifted = cell("商品和服务支出", "executed", "77.00") | {"path": ["工资福利支出"]}
    assert refused(TABLE, "budget_facts", shifted)[0] == "label"


@pytest.mark.parametrize(
    ("words", "measures"),
    [
        ("年初部门预算安排", {"initial_budget"}),
        ("全年预算数", {"full_year_budget"}),
        ("一般公共预算财政拨款", {"received"}),
        ("上年结转结余", {"carried_in"}),
        ("基本支出", set()),
        ("预算执行数", {"executed"}),
    ],
)
def test_words_name_measures_outright(words: str, measures: set[str]) -> None:
    assert measure_words().named(words) == {Measure(m) for m in measures}


def test_subjects_are_what_is_left_of_measures_and_comparisons() -> None:
    assert measure_words().subjects("与上年相比，公务接待费减少") == ("公务接待费",)
    assert measure_words().subjects("较上年同期实际支出增加") == ()


def test_a_figure_is_not_that_of_a_label_which_its_sentence_gives_behind_it() -> None:
    text = "全年预算数846.20万元，其中基本支出612.75万元；决算数800.00万元，其中基本支出600.00万元。\n"
    fields = fact("全年预算数846.20万元，其中基本支出612.75万元", "基本支出", "full_year_budget", "612.75")
    accepted(text, "budget_facts", fields)
    found, reason = refused(text, "budget_facts", fields | {"value": "846.20"})
    assert (found, "846.20 is printed before 基本支出" in reason) == ("misplaced", True)


STAFF = lines("年末编制数\t年末实有人数\t控制率", "91\t78\t85.71%")


def test_a_figure_is_not_that_of_another_column_of_its_row() -> None:
    fields = fact(STAFF.strip(), "年末实有人数", "headcount", "78", unit=None)
    accepted(STAFF, "budget_facts", fields)
    found, reason = refused(STAFF, "budget_facts", fields | {"value": "91"})
    assert (found, "91 is printed as 年末编制数, not as 年末实有人数" in reason) == ("misplaced", True)


@pytest.mark.parametrize("mark", ["2、", "2．", "（2）"])
def test_the_mark_of_a_label_is_no_figure(mark: str) -> None:
    table = lines("项目\t预算数（万元）\t决算数（万元）", "1、公务接待费\t5.00\t4.60", f"{mark}因公出国费\t0\t0")
    fields = fact(f"{mark}因公出国费\t0\t0", "因公出国费", "executed", "0", path=["三公经费", "因公出国费"])
    accepted(table, "budget_facts", fields)
    assert refused(table, "budget_facts", fields | {"value": "2"})[0] == "figure"
