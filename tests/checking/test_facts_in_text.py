"""Checks of records beside what the text around them says: changes, rates, people, classes, columns."""

from __future__ import annotations

import pytest
from checking_cases import document, fact, facts, kinds, record

from pipeline.checking import check
from pipeline.layout import lay_out

TITLE = "青禾县水务局2022年度部门整体支出绩效自评报告\n一、基本情况\n"


DIRECTIONS = [
    ("比上年增加0.43万元，下降8.04%。", "0.43", ["direction"]),
    ("比上年减少0.43万元，下降8.04%。", "0.43", []),
    ("比上年增加0.43万元，占比下降8.04%。", "0.43", []),
    ("比上年增加0.43万元，增幅8.04%。", "0.43", []),
]


@pytest.mark.parametrize(("text", "value", "expected"), DIRECTIONS)
def test_a_change_and_its_rate_go_one_way(text: str, value: str, expected: list[str]) -> None:
    whole = TITLE + "公务接待费" + text
    made = document(whole)
    assert kinds(check(made, lay_out(made), facts(whole, (value, "公务接待费/增减", "change")))) == expected


def test_a_direction_is_held_against_a_figure_of_another_sentence() -> None:
    base = ("261.30", "公用经费", "executed", {"year": 2021})
    for now, expected in (("253.12", ["direction"]), ("269.48", []), ("240.00", [])):
        text = TITLE + f"公用经费{now}万元。\n公用经费较上年261.30万元增加8.18万元。"
        made = document(text)
        records = facts(text, (now, "公用经费", "executed"), base, ("8.18", "公用经费/增加", "change"))
        assert kinds(check(made, lay_out(made), records)) == expected


def test_a_change_and_its_rate_are_held_against_a_figure_of_another_sentence() -> None:
    for word, rate_word, expected in (("增加", "增幅", ["direction"]), ("减少", "降幅", [])):
        text = TITLE + f"决算支出1604.30万元。\n决算支出较2021年决算数1688.73万元{word}84.43万元，{rate_word}5.00%。"
        made = document(text)
        records = facts(
            text,
            ("1604.30", "决算支出", "executed"),
            ("1688.73", "决算支出", "executed", {"year": 2021}),
            ("84.43", "决算支出", "change"),
            ("5.00", "决算支出", "rate", {"unit": "%"}),
        )
        assert kinds(check(made, lay_out(made), records)) == expected


def test_a_change_that_names_its_year_is_not_held_against_the_year_before_it() -> None:
    text = "2021年支出1362.47万元，比2020年增加146.67万元，增长12.06%；2020年支出1215.80万元，比2019年增加107.44万元，增长9.69%。"
    records = facts(
        text,
        ("1362.47", "支出", "executed", {"year": 2021}),
        ("146.67", "支出", "change", {"year": 2021}),
        ("12.06", "支出", "rate", {"year": 2021, "unit": "%"}),
        ("1215.80", "支出", "executed", {"year": 2020}),
        ("107.44", "支出", "change", {"year": 2021}),
        ("9.69", "支出", "rate", {"year": 2021, "unit": "%"}),
    )
    made = document(text)
    assert kinds(check(made, lay_out(made), records)) == []


def test_a_rate_of_the_budget_that_follows_from_what_came_in_is_no_finding() -> None:
    text = TITLE + "全年预算4860.00万元，实际到位资金4536.00万元，累计支出3982.56万元，预算执行率{}%。"
    for rate, expected in (("87.80", []), ("81.95", []), ("84.00", ["ratio"])):
        whole = text.format(rate)
        made = document(whole)
        records = facts(
            whole,
            ("4860.00", "全年预算", "full_year_budget"),
            ("4536.00", "到位资金", "received"),
            ("3982.56", "累计支出", "executed"),
            (rate, "预算执行率", "rate", {"unit": "%"}),
        )
        assert kinds(check(made, lay_out(made), records)) == expected


def test_a_rate_of_adjustment_is_not_looked_at_beside_a_reduction() -> None:
    for cut, expected in (("", ["ratio"]), ("，调减63.40万元", [])):
        whole = TITLE + f"年初预算1985.60万元，年中追加500.75万元{cut}，预算调整率22.52%。"
        made = document(whole)
        more = [("63.40", "预算/调减", "reduction")] if cut else []
        records = facts(
            whole,
            ("1985.60", "年初预算", "initial_budget"),
            ("500.75", "预算/追加", "supplementary"),
            *more,
            ("22.52", "预算调整率", "rate", {"unit": "%"}),
        )
        assert kinds(check(made, lay_out(made), records)) == expected


def test_a_total_with_what_is_carried_over_is_not_the_spending() -> None:
    for label, expected in (("支出总计", []), ("全年总支出", ["conflict"])):
        whole = TITLE + f"全年支出2398.72万元。\n二、收支\n2022年度{label}2486.35万元。"
        made = document(whole)
        records = facts(whole, ("2398.72", "全年支出", "executed"), ("2486.35", f"2022年度{label}", "executed"))
        assert kinds(check(made, lay_out(made), records)) == expected


STAFF = [
    (
        "在职131人，其中行政82人、事业49人，退休57人。",
        [("131", ""), ("82", "/行政"), ("49", "/事业"), ("57", "/退休")],
        [],
    ),
    ("在职205人，其中教师188人，退休96人。", [("205", ""), ("188", "/教师"), ("96", "/退休")], []),
    ("在职131人，其中行政82人、事业94人。", [("131", ""), ("82", "/行政"), ("94", "/事业")], ["sum"]),
    (
        "在职131人，其中行政82人、事业49人、工勤5人。",
        [("131", ""), ("82", "/行政"), ("49", "/事业"), ("5", "/工勤")],
        [],
    ),
]


@pytest.mark.parametrize(("text", "numbers", "expected"), STAFF)
def test_people_who_left_are_no_part_of_those_in_post(
    text: str, numbers: list[tuple[str, str]], expected: list[str]
) -> None:
    whole = TITLE + text
    made = document(whole)
    records = facts(whole, *((value, f"人员/在职{label}", "headcount", {"unit": "人"}) for value, label in numbers))
    assert kinds(check(made, lay_out(made), records)) == expected


def test_the_score_of_one_form_is_not_held_against_another_form() -> None:
    rows = "| 指标 | 分值 | 得分 |\n| 总分 | 100 | {} |\n"
    text = TITLE + "附表1\n" + rows.format("99.56") + "附表2\n" + rows.format("99.37") + "二、结论\n自评得分99.56分。\n"
    made = document(text)
    for quote, expected in (("99.56 |", []), ("自评得分99.56", ["conflict"])):
        head = {"quote": quote, "kind": "overall_self_evaluation", "title": "报告", "score": "99.56"}
        total = {"quote": "100 | 99.37", "table": "附表2", "name": "总分", "weight": "100", "score": "99.37"}
        records = [
            record("reports", head, text, text.index(quote)),
            record("score_lines", total, text, text.index(total["quote"])),
        ]
        assert kinds(check(made, lay_out(made), records)) == expected


CLOSINGS = [("结余金额", "46", []), ("支出", "46", ["sum"]), ("支出", "10", []), ("支出", "5", ["decimal_shift"])]


@pytest.mark.parametrize(("label", "number", "expected"), CLOSINGS)
def test_the_total_of_a_column_is_held_against_its_projects(label: str, number: str, expected: list[str]) -> None:
    text = TITLE + f"1.甲项目执行20万元\n2.乙项目执行30万元\n合计：{number}万元\n"
    made = document(text)
    projects = [
        record(
            "projects",
            {
                "quote": f"{seq}.{name}项目执行",
                "name": f"{name}项目",
                "seq": seq,
                "executed": {"value": v, "unit": "万元"},
            },
            text,
            text.index(f"{seq}.{name}"),
        )
        for seq, name, v in (("1", "甲", "20"), ("2", "乙", "30"))
    ]
    total = fact(text, number, f"{label}/合计", "executed", after=text.index("合计："))
    assert kinds(check(made, lay_out(made), [*projects, total])) == expected


def test_a_classification_without_a_head_is_held_against_the_one_stated_before() -> None:
    whole = TITLE + "决算支出23318.64万元。按功能分类划分，教育19265.48万元，社保2143.90万元，住房{}万元。"
    for last, expected in (("1999.26", ["sum"]), ("1909.26", [])):
        text = whole.format(last)
        made = document(text)
        parts = [
            (v, f"决算支出/{n}", "executed") for v, n in (("19265.48", "教育"), ("2143.90", "社保"), (last, "住房"))
        ]
        records = facts(text, ("23318.64", "决算支出", "executed"), *parts)
        assert kinds(check(made, lay_out(made), records)) == expected


def test_classes_that_name_no_head_are_held_against_the_whole() -> None:
    whole = TITLE + "决算支出23318.64万元。{}教育支出19265.48万元，社保支出2143.90万元，住房支出{}万元。"
    for words, last, expected in (
        ("按功能分类划分，", "1999.26", ["sum"]),
        ("按功能分类划分，", "1909.26", []),
        ("按功能分类划分，", "9999.26", []),  # far from the whole: another thing is divided
        ("其中，", "1999.26", []),
    ):
        text = whole.format(words, last)
        made = document(text)
        parts = [(v, n, "executed") for v, n in (("19265.48", "教育支出"), ("2143.90", "社保支出"), (last, "住房支出"))]
        records = facts(text, ("23318.64", "决算支出", "executed"), *parts)
        assert kinds(check(made, lay_out(made), records)) == expected


def test_two_numbers_of_staff_conflict_where_they_are_about_the_same_size() -> None:
    for other, expected in (("1162", ["conflict"]), ("1126", []), ("16", [])):
        whole = TITLE + f"在职职工1126人。\n二、产出\n年末在职职工{other}人。"
        made = document(whole)
        records = (
            fact(whole, "1126", "人员/在职职工", "headcount", unit="人"),
            fact(whole, other, "人员/在职职工", "headcount", unit="人", after=whole.index("年末")),
        )
        assert kinds(check(made, lay_out(made), records)) == expected
