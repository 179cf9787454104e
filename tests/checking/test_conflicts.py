"""One quantity stated twice: like with like, and nothing that rounding or another scope explains."""

from __future__ import annotations

from typing import Any

import pytest
from checking_cases import bare_layout, document, facts, kinds, record

from pipeline.checking import check
from pipeline.checking.labels import node, subject
from pipeline.flow import Finding

Spec = tuple[Any, ...]
E, R, F, B = "executed", "received", "full_year_budget", "initial_budget"


def found(text: str, *specs: Spec) -> list[Finding]:
    """What checking finds in a text with these facts."""
    return list(check(document(text), bare_layout(text, ("r1", "r2")), facts(text, *specs)))


SECOND = {"report": "r2"}
CASES: list[tuple[str, str, list[Spec], list[str]]] = [
    (
        "two reports of one department",
        "全年预算数7479.37万元。部门预算总额7479.37万元。自评：全年预算数4501.85万元。",
        [("7479.37", "全年预算数", F), ("7479.37", "部门预算总额", F), ("4501.85", "全年预算数", F, SECOND)],
        ["conflict"],
    ),
    (
        "two digits of a long number are exchanged",
        "农林水支出1987.54万元。重点支出保障：农林水支出1978.54万元。",
        [("1987.54", "农林水支出", E), ("1978.54", "农林水支出", E)],
        ["conflict"],
    ),
    (
        "short numbers alike by chance",
        "会议费12.3万元。局机关会议费13.2万元。",
        [("12.3", "会议费", E), ("13.2", "会议费", E)],
        [],
    ),
    (
        "names of the whole are one quantity",
        "全年总支出5069.77万元。部门整体全年决算支出5096.77万元。",
        [("5069.77", "全年总支出", E), ("5096.77", "部门整体全年决算支出", E)],
        ["conflict"],
    ),
    (
        "本年支出 in prose and its total in another place",
        "本年支出4314.72万元。支出表：本年支出合计4341.72万元。",
        [("4314.72", "本年支出", E), ("4341.72", "本年支出合计", E)],
        ["conflict"],
    ),
    (
        "one unit of the last place",
        "年末结转结余2409.60万元。累计结转2409.59万元。部门结转结余2409.59万元。",
        [("2409.60", "年末结转结余", "carried_out"), ("2409.59", "部门结转结余", "carried_out")],
        [],
    ),
    (
        "what is carried over needs no word for the whole",
        "年末结转结余217.54万元。四季度集中支付较多，年末结转结余271.54万元。",
        [("217.54", "年末结转结余", "carried_out"), ("271.54", "年末结转结余", "carried_out")],
        ["conflict"],
    ),
    (
        "a rounded restatement",
        "全年预算数7479.37万元。全年预算总额约0.75亿元。",
        [("7479.37", "全年预算数", F), ("0.75", "全年预算总额", F, {"unit": "亿元"})],
        [],
    ),
    (
        "a label with many values does not tell them apart",
        "全年预算数60万元。全年预算数70万元。全年预算数80万元。",
        [("60", "全年预算数", F), ("70", "全年预算数", F), ("80", "全年预算数", F)],
        [],
    ),
    (
        "a part in two breakdowns of one head",
        "支出合计120万元，其中基本支出80万元、项目支出40万元。年度资金总额120万元，其中基本支出70万元、项目支出40万元、补助10万元。",
        [
            ("120", "支出合计", E), ("80", "支出合计/基本支出", E), ("40", "支出合计/项目支出", E),
            ("120", "年度资金总额", E), ("70", "年度资金总额/基本支出", E), ("40", "年度资金总额/项目支出", E),
            ("10", "年度资金总额/补助", E),
        ],
        ["conflict"],
    ),
    (
        "parts of unlike heads",
        "支出合计120万元，其中基本支出80万元、项目支出40万元。年度资金总额150万元，其中基本支出80万元、项目支出70万元。",
        [
            ("120", "支出合计", E), ("80", "支出合计/基本支出", E), ("40", "支出合计/项目支出", E),
            ("150", "年度资金总额", E), ("80", "年度资金总额/基本支出", E), ("70", "年度资金总额/项目支出", E),
        ],
        [],
    ),
    (
        "a shifted point",
        "工资1567.51万元、资本性支出10.80万元。工资1567.51万元、资本性支出1.08万元。",
        [("1567.51", "工资", E), ("10.80", "资本性支出", E), ("1567.51", "工资", E), ("1.08", "资本性支出", E)],
        ["decimal_shift"],
    ),
    (
        "the same labels in two lists that share no figure",
        "工资67.32万元、资本性支出36.44万元。工资1567.51万元、资本性支出1.08万元。",
        [("67.32", "工资", E), ("36.44", "资本性支出", E), ("1567.51", "工资", E), ("1.08", "资本性支出", E)],
        [],
    ),
    (
        "one sentence with two values of one label",
        "2021年支出市级资金357.65万元，支出上级资金619.2万元。支出总额976.85万元。",
        [("357.65", "支出", E), ("619.2", "支出", E), ("976.85", "支出总额", E)],
        [],
    ),
    (
        "a budget that another place calls the initial one",
        "全年预算数136.85万元。年初预算136.85万元。全年预算总额6154.50万元。",
        [("136.85", "全年预算数", F), ("136.85", "年初预算", B), ("6154.50", "全年预算总额", F)],
        [],
    ),
    (
        "figures of two years",
        "2021年总支出14.02万元。2022年总支出27.74万元。",
        [("14.02", "总支出", E, {"year": 2021}), ("27.74", "总支出", E)],
        [],
    ),
    (
        "figures of two organisations",
        "甲中心总支出14.02万元。乙中心总支出27.74万元。",
        [("14.02", "总支出", E, {"org": "甲中心"}), ("27.74", "总支出", E, {"org": "乙中心"})],
        [],
    ),
    (
        "a total that only its table tells what it is of",
        "合计2859.78万元。全年预算数7479.37万元。",
        [("2859.78", "预算/决算数/合计", F), ("7479.37", "全年预算数", F)],
        [],
    ),
    (
        "rates that say of what",
        "三公经费控制率37.84%。“三公”经费控制率73.84%。",
        [("37.84", "三公经费控制率", "rate", {"unit": "%"}), ("73.84", "“三公”经费控制率", "rate", {"unit": "%"})],
        ["conflict"],
    ),
    (
        "rates that do not",
        "实际完成率90%。实际完成率64.40%。",
        [("90", "实际完成率", "rate", {"unit": "%"}), ("64.40", "实际完成率", "rate", {"unit": "%"})],
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "specs", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_facts_stated_twice(text: str, specs: list[Spec], expected: list[str]) -> None:
    assert kinds(found(text, *specs)) == expected


def test_a_conflict_between_reports_belongs_to_neither() -> None:
    text = "全年预算数7479.37万元。预算总额7479.37万元。自评：全年预算数4501.85万元。"
    (finding,) = found(
        text, ("7479.37", "全年预算数", F), ("7479.37", "预算总额", F), ("4501.85", "全年预算数", F, SECOND)
    )
    assert finding.report_id is None
    assert (finding.stated, finding.computed) == ("4501.85万元", "7479.37万元")
    assert {x.role for x in finding.literals} == {"stated", "other"}


def test_a_special_funds_report_is_about_something_else() -> None:
    text = "全年预算数7479.37万元。预算总额7479.37万元。专项报告：全年预算数4501.85万元。"
    special = record(
        "reports", {"kind": "special_fund_self_evaluation", "quote": "专项报告"}, text, text.index("专项"), "r2"
    )
    records = facts(text, ("7479.37", "全年预算数", F), ("4501.85", "全年预算数", F, SECOND))
    assert check(document(text), bare_layout(text, ("r1", "r2")), [*records, special]) == ()


def indicators(*rows: tuple[str, str, str]) -> list[Finding]:
    """What checking finds among indicators given as (report, name, actual)."""
    text = "\n".join(f"{name} {actual}" for _, name, actual in rows)
    records, at = [], 0
    for report, name, actual in rows:
        quote = f"{name} {actual}"
        at = text.index(quote, at)
        value, unit = (actual[:-1], "%") if actual.endswith("%") else (actual.rstrip("个亿元"), "个")
        values = {
            "table": f"表{report}", "level3": name, "quote": quote,
            "actual": {"text": actual, "value": value, "unit": unit},
        }  # fmt: skip
        records.append(record("indicators", values, text, at, report))
        at += len(quote)
    return list(check(document(text), bare_layout(text, ("r1", "r2")), records))


def test_indicators_of_tables_that_agree_elsewhere() -> None:
    shared = [("r1", "招商项目", "102.55%"), ("r2", "招商项目", "102.55%")]
    rows = [*shared, ("r1", "指标1：服务对象满意度", "96%"), ("r2", "服务对象满意度", "95%")]
    assert kinds(indicators(*rows)) == ["conflict"]
    assert indicators(*rows[2:]) == []  # nothing shows that the tables are about the same thing
    assert indicators(*shared, ("r1", "预算执行率", "100%"), ("r2", "预算执行率", "99.93%")) == []


@pytest.mark.parametrize(
    ("path", "measure", "expected"),
    [
        ("全年预算数", F, ()),
        ("支出/全年执行数", E, ()),
        ("部门整体全年决算支出", E, ()),
        ("年末结转和结余", "carried_out", ()),
        ("年度资金总额/按支出性质分/基本支出", E, ("基本",)),
        ("基本支出合计", E, ("基本",)),
        ("项目支出/合计", E, ("项目",)),
        ("资金/总计", E, None),
        ("支出/决算数/合计", E, None),
        ("年初预算收入/2023 年预算", B, None),
        ("“三公”经费/公务接待费", E, ("三公经费", "公务接待费")),
        ("预算完成率", "rate", ("预算完成率",)),
        ("人员/编制人数", "headcount", ("编制",)),
    ],
)
def test_what_a_label_path_is_about(path: str, measure: str, expected: tuple[str, ...] | None) -> None:
    assert subject(tuple(path.split("/")), measure) == expected


def test_a_path_as_a_place_in_a_tree() -> None:
    assert node(("年度资金总额", "按收入性质分：", "一般公共预算")).path == ("年度资金", "一般公共预算")
    assert node(("年度资金总额", "按收入性质分", "一般公共预算")).classified == "按收入性质分"
    assert node(("1.收入合计",)).path == ("收入",)
    assert node(("基本支出", "合 计")).bare
