"""Documents against each other: what is one quantity, what contradicts, and what rounding, scope and words explain."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checking import Between, Stated, check_across
from pipeline.flow import Document, Severity, Verdict
from schemas.relations import FindingKind
from schemas.units import money_exponent
from schemas.values import Literal, Span, UnitSource

NAME = "青禾县水务局"
TEXT = "正文没有标题。" + "。" * 200


def literal(number: str, unit: str | None, start: int = 0) -> Literal:
    decimals = len(number.partition(".")[2])
    value = Decimal(number)
    span = Span(start, start + len(number))
    return Literal(
        "value", number, value, decimals, unit, span, UnitSource.NONE, None, money_exponent(unit), exact=not value
    )


def fact(document: int, path: str, number: str, unit: str | None = "万元", **changes: Any) -> Stated:
    """A fact of the report on a year, which is its document's name; about the year itself where nothing else is said."""
    values: dict[str, Any] = {
        "department": NAME,
        "department_name": NAME,
        "document_id": str(document),
        "report_id": "r1",
        "fiscal_year": document,
        "record_id": f"{document}{path}{number}",
        "path": tuple(path.split("/")),
        "measure": "executed",
        "year": document,
        "org": None,
        "headings": (),
        "literal": literal(number, unit),
    }
    return Stated(**{**values, **changes})


def check(*facts: Stated, texts: dict[str, str] | None = None) -> tuple[Between, ...]:
    documents = {
        f.document_id: Document(
            f.document_id, f.document_id, Path(), "", "utf-8", (texts or {}).get(f.document_id, TEXT)
        )
        for f in facts
    }
    return check_across(facts, documents).findings


def last_year(path: str, number: str, unit: str | None = "万元", **changes: Any) -> Stated:
    return fact(2022, path, number, unit, year=2021, **changes)


WHOLE = fact(2021, "部门总支出", "1150.32")

CONTRADICT = [
    pytest.param([WHOLE, last_year("部门总支出", "1150.23")], "conflict", "疑相邻数字颠倒", id="digits exchanged"),
    pytest.param([WHOLE, last_year("全年执行数", "1150.42")], "conflict", "疑一位数字印错，应为1150.32", id="one digit"),
    pytest.param([WHOLE, last_year("部门总支出", "11503.2")], "decimal_shift", "疑为小数点错位：1150.32", id="shift"),
    pytest.param([WHOLE, last_year("部门总支出", "1150.32", "元")], "unit", "疑为1150.32万元", id="unit"),
    pytest.param([WHOLE, last_year("部门总支出", "1290")], "conflict", None, id="another amount"),
    pytest.param(
        [WHOLE, last_year("部门总支出", "1201"), fact(2022, "部门总支出", "1201")], "conflict", "疑为2022年数", id="year"
    ),
    pytest.param([fact(2021, "基本支出", "612.4"), last_year("支出/基本支出", "621")], "conflict", None, id="named part"),
    pytest.param(
        [fact(2021, "基本支出/人员经费", "500.1"), last_year("人员经费", "501.2")], "conflict", None, id="implied head"
    ),
    pytest.param(
        [
            fact(2021, "年末结转和结余", "62.15", measure="carried_out"),
            fact(2022, "年初结转和结余", "61.25", measure="carried_in"),
        ],
        "conflict",
        "疑相邻数字颠倒",
        id="carried over",
    ),
    pytest.param(
        [
            fact(2021, "预算执行率", "95.86", "%", measure="rate"),
            last_year("预算执行率", "96.86", "%", measure="rate"),
        ],
        "conflict",
        "疑一位数字印错，应为95.86",
        id="a rate of the whole",
    ),
    pytest.param(
        [fact(2021, "部门总支出", "80", org="水文站"), last_year("部门总支出", "90", org="水文站")],
        "conflict",
        None,
        id="the same unit of it",
    ),
    pytest.param(
        [WHOLE, fact(2021, "部门总支出", "1153", document_id="second")], "conflict", None, id="two reports on one year"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "kind", "suggestion"), CONTRADICT)
def test_a_contradiction_names_both_documents_and_places(
    facts: list[Stated], kind: str, suggestion: str | None
) -> None:
    (found,) = check(*facts)
    assert found.finding.kind is FindingKind(kind)
    assert found.finding.suggestion == suggestion
    assert found.finding.verdict is Verdict.INCONSISTENT
    assert found.finding.severity is Severity.WARNING
    assert found.document_id != found.other_document_id
    assert found.owners == (found.document_id, found.other_document_id)
    assert [x.role for x in found.finding.literals] == ["stated", "other"]


AGREE = [
    pytest.param([WHOLE, last_year("部门总支出", "1150.3")], id="fewer decimals"),
    pytest.param([WHOLE, last_year("部门总支出", "11503200", "元")], id="yuan"),
    pytest.param([WHOLE, last_year("部门总支出", "0.12", "亿元")], id="hundred million"),
    pytest.param([fact(2021, "部门总支出", "588.679"), last_year("部门总支出", "588.67")], id="cut off"),
    pytest.param([fact(2021, "部门总支出", "1150.01"), last_year("部门总支出", "1150.02")], id="sums of rounded parts"),
    pytest.param([WHOLE, last_year("部门总支出", "1290", measure="full_year_budget")], id="another measure"),
    pytest.param([WHOLE, fact(2022, "部门总支出", "1290")], id="another year"),
    pytest.param([WHOLE, last_year("财政拨款支出", "1100")], id="a part against the whole"),
    pytest.param([WHOLE, last_year("支出", "1100")], id="a label that does not say it is the whole"),
    pytest.param([WHOLE, last_year("部门总支出", "90", org="水文站")], id="a unit against the department"),
    pytest.param([WHOLE, last_year("部门总支出", "1100", org=NAME)], id="its own office among its units"),
    pytest.param([WHOLE, last_year("部门总支出", "1290", None)], id="no unit"),
    pytest.param([WHOLE, last_year("部门总支出", "12", headings=("三、项目支出情况",))], id="a chapter about projects"),
    pytest.param(
        [fact(2021, "项目支出/河湖长制工作经费", "45"), last_year("项目支出/河湖长制工作经费", "44")], id="one project"
    ),
    pytest.param([fact(2021, "河湖长制工作经费", "45"), last_year("河湖长制工作经费", "44")], id="a project by name"),
    pytest.param(
        [
            fact(2021, "部门收入合计", "1200", measure="received"),
            last_year("部门收入合计", "1250", measure="received"),
        ],
        id="what counts as income",
    ),
    pytest.param(
        [
            fact(2021, "年末结转", "62.15", measure="carried_out"),
            fact(2022, "年初结转和结余", "70", measure="carried_in"),
        ],
        id="carried over under other words",
    ),
    pytest.param(
        [
            fact(2021, "年末结转和结余", "62.15", measure="carried_out"),
            fact(2022, "上年末结转和结余", "70", measure="carried_in", year=2021),
        ],
        id="carried in of an unclear year",
    ),
    pytest.param([WHOLE, fact(2021, "部门总支出", "1160"), last_year("部门总支出", "1170")], id="two values in one document"),
    pytest.param([fact(2021, "编制", "38", "名", measure="headcount"), last_year("编制", "39", "名", measure="headcount")],
                 id="headcounts"),
    pytest.param([fact(2021, "增幅", "3", "%", measure="rate"), last_year("增幅", "4", "%", measure="rate")], id="any rate"),
]  # fmt: skip


@pytest.mark.parametrize("facts", AGREE)
def test_what_rounding_scope_or_words_explain_is_silent(facts: list[Stated]) -> None:
    assert check(*facts) == ()
    assert check(*reversed(facts)) == ()


def test_a_chapter_about_one_account_is_not_compared_with_the_whole() -> None:
    chapter = "一、一般公共预算支出情况\n" + "。" * 200
    facts = (WHOLE, last_year("部门总支出", "900", literal=literal("900", "万元", 60)))
    assert len(check(*facts)) == 1
    assert check(*facts, texts={"2022": chapter}) == ()


def test_of_three_documents_the_odd_one_is_told() -> None:
    later = fact(2023, "部门总支出", "1150.3", year=2021)
    (found,) = check(WHOLE._replace(literal=literal("1152.3", "万元")), last_year("部门总支出", "1150.32"), later)
    assert (found.document_id, found.other_document_id) == ("2021", "2022")


def test_the_sentence_names_department_years_labels_figures_and_gap_in_both_languages() -> None:
    (found,) = check(WHOLE, last_year("部门总支出", "1150.23"))
    finding = found.finding
    assert finding.message == (
        "青禾县水务局：2022年度报告的2021年部门总支出为1150.23万元，2021年度报告的部门总支出为1150.32万元，相差0.09万元"
    )
    assert finding.message_en == (
        "青禾县水务局: 部门总支出 of 2021 is 1150.23万元 in the report on 2022, "
        "部门总支出 is 1150.32万元 in the report on 2021; they differ by 0.09万元"
    )
    assert (finding.stated, finding.computed, finding.slack) == ("1150.23万元", "1150.32万元", Decimal("0.01"))


amounts = st.decimals(min_value=1, max_value=10**6, places=2)


@given(amounts, amounts)
def test_writing_an_amount_in_yuan_changes_no_verdict(one: Decimal, other: Decimal) -> None:
    plain = check(fact(2021, "部门总支出", str(one)), last_year("部门总支出", str(other)))
    if one == other:
        assert not plain
    in_yuan = literal(str(other), "万元")
    in_yuan = Literal(
        "value", f"{other * 10000:.0f}", other * 10000, -2, "元", in_yuan.span, UnitSource.NONE, None, 0, exact=False
    )
    scaled = check(fact(2021, "部门总支出", str(one)), last_year("部门总支出", "0")._replace(literal=in_yuan))
    assert bool(plain) == bool(scaled)
