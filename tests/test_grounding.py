"""Grounding: a claim is stored only where the text bears it out to the digit; everything else is named and kept out."""

from __future__ import annotations

import gc
import weakref
from decimal import Decimal

import pytest

from pipeline.evidence import evidence_for
from pipeline.flow import Draft
from pipeline.grounding import ground_all
from pipeline.job import prepare
from schemas.registry import RECORD_TYPES
from schemas.values import Span
from tests.grounding_cases import Claim, accepted, ground_claims, money, printed, quantity, refused
from tests.report_cases import document, lines

PROJECT = "1.山塘清淤项目：全年预算数86.50万元（其中，财政拨款资金86.50万元），全年执行数85.73万元，执行率99.1%。\n"
QUOTE = PROJECT.strip()[2:-1]
FIELDS = {
    "quote": QUOTE,
    "name": "山塘清淤项目",
    "full_year_budget": money("86.50"),
    "fiscal_appropriation": money("86.50"),
    "executed": money("85.73"),
    "execution_rate": quantity("99.1%", "99.1"),
}


def test_a_quote_may_run_over_the_end_of_a_page() -> None:
    text = PROJECT.replace("，全年执行数", "，\n\n— 3 —\n\n全年执行数")
    found = accepted(text, "projects", FIELDS)
    assert text[found.quote_span.start : found.quote_span.stop].replace("\n\n— 3 —\n\n", "") == QUOTE
    assert printed(found)["executed"] == "85.73"


@pytest.mark.parametrize("quote", [QUOTE, QUOTE.replace("清", "清\u200b"), "\u200b".join(QUOTE)])
def test_characters_that_print_nothing_are_no_part_of_a_quote_or_a_figure(quote: str) -> None:
    text = PROJECT.replace("清", "清\u200b").replace("86.50", "86.\u200b50").replace("85.73", "8\u00ad5.73")
    found = accepted(text, "projects", FIELDS | {"quote": quote})
    assert [(x.field, x.printed, str(x.value)) for x in found.literals] == [
        ("full_year_budget", "86.\u200b50", "86.50"),
        ("fiscal_appropriation", "86.\u200b50", "86.50"),
        ("executed", "8\u00ad5.73", "85.73"),
        ("execution_rate", "99.1", "99.1"),
    ]


def test_a_true_record_has_a_literal_for_each_figure_at_its_own_place() -> None:
    found = accepted(PROJECT, "projects", FIELDS)
    assert [(x.field, PROJECT[x.span.start : x.span.stop], x.span.start) for x in found.literals] == [
        ("full_year_budget", "86.50", PROJECT.index("86.50")),
        ("fiscal_appropriation", "86.50", PROJECT.rindex("86.50")),
        ("executed", "85.73", PROJECT.index("85.73")),
        ("execution_rate", "99.1", PROJECT.index("99.1")),
    ]
    assert PROJECT[found.quote_span.start : found.quote_span.stop] == QUOTE
    assert found.text_score == 1


def test_decimals_and_value_come_from_the_text_not_from_the_claim() -> None:
    found = accepted(PROJECT, "projects", FIELDS | {"full_year_budget": money("86.5")})
    budget = found.literal("full_year_budget")
    assert budget is not None
    assert (budget.printed, str(budget.value), budget.decimals, budget.yuan) == ("86.50", "86.50", 2, Decimal(865000))


@pytest.mark.parametrize(
    ("field", "claim", "code", "reason"),
    [
        ("executed", money("85.37"), "figure", "executed: 85.37 does not stand in the quote or the row it was read from"),
        ("executed", money("8573"), "figure", "executed: 8573 does not stand in the quote or the row it was read from"),
        ("executed", money("85.7"), "figure", "executed: 85.7 does not stand in the quote or the row it was read from"),
        ("executed", money("-85.73"), "figure", "executed: -85.73 does not stand in the quote or the row it was read from"),
        ("execution_rate", quantity("99.1%", "99"), "figure", None),
        ("execution_rate", quantity("99.2%"), "label", "execution_rate: “99.2%” does not stand in the text"),
        ("executed", money("85.73", "元"), "unit", "executed: 85.73 is printed with 万元, not with 元"),
        ("executed", money("85.73", None), "unit", "executed: 85.73 is printed with 万元, not with no unit"),
        ("executed", money("99.1"), "misplaced", "executed: 99.1 is printed as execution_rate, not as executed"),
        ("name", "山塘清污项目", "label", "name: “山塘清污项目” does not stand in the quote or the row of the figures"),
        ("quote", QUOTE.replace("清淤", "清污"), "quote", None),
        ("other_funds", money("0"), "figure", None),
    ],
)  # fmt: skip
def test_one_wrong_field_fails_the_record_and_says_which(
    field: str, claim: object, code: str, reason: str | None
) -> None:
    found = refused(PROJECT, "projects", FIELDS | {field: claim})
    assert found[0] == code
    assert reason is None or found[1] == reason


def test_what_is_refused_is_kept_with_its_payload_and_raw_reply() -> None:
    claim = FIELDS | {"executed": money("85.37")}
    _, [rejection] = ground_claims(PROJECT, [("projects", claim)], raw='{"projects": []}')
    assert RECORD_TYPES["projects"].model.model_validate_json(rejection.payload).model_dump()["executed"] == money(
        "85.37"
    )
    assert (rejection.record_type, rejection.report_id, rejection.raw) == ("projects", "r1", '{"projects": []}')


def test_a_document_is_let_go_with_its_records_though_some_were_refused() -> None:
    gc.collect()
    gc.disable()
    try:
        prepared = prepare(document(PROJECT))
        evidence = evidence_for(prepared.document, prepared.layout)
        claims = [FIELDS | {"executed": money("85.37")}, FIELDS | {"full_year_budget": money("85.73")}]
        models = [RECORD_TYPES["projects"].model.model_validate(claim) for claim in claims]
        drafts = [Draft("projects", model, "r1", prepared.chunks[0].chunk_id) for model in models]
        assert len(ground_all(evidence, prepared.chunks, drafts)[1]) == 2
        kept = weakref.ref(evidence)
        del evidence
        assert kept() is None
    finally:
        gc.enable()


def test_budget_and_spending_that_change_places_are_refused() -> None:
    swapped = FIELDS | {"full_year_budget": money("85.73"), "executed": money("86.50")}
    code, reason = refused(PROJECT, "projects", swapped)
    assert (code, reason) == (
        "misplaced",
        "full_year_budget: 85.73 is printed as executed, not as full_year_budget",
    )


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("全年预算\n数86.5万元\n", "全年预算数86.5万元"),
        ("全年预算数86.5万元\n", "全年预算数\n86.5 万元"),
        ("全年 预算数　86.5 万元\r\n", "全年预算数86.5万元"),
    ],
)
def test_a_quote_is_found_whatever_white_space_stands_in_it(text: str, quote: str) -> None:
    found = accepted(text, "projects", {"quote": quote, "name": "预算", "full_year_budget": money("86.5")})
    assert text[found.quote_span.start : found.quote_span.stop].split() == text.split()


def test_a_quote_must_stand_in_the_chunk_that_was_read() -> None:
    text = lines("一、概况", "全年预算数86.5万元。", "二、支出", "全年执行数80万元。")
    fields = {"quote": "全年执行数80万元", "name": "全年", "executed": money("80")}
    assert accepted(text, "projects", fields, chunk=1).quote_span.start == text.index("全年执行数")
    assert refused(text, "projects", fields, chunk=0)[0] == "quote"


def test_a_quote_that_is_given_with_its_place_must_stand_there() -> None:
    text = "支出12万元，其中支出12万元。"
    fields = {"quote": "支出12万元", "name": "支出", "executed": money("12")}
    second = Span(text.rindex("支出"), len(text) - 1)
    found = accepted(text, "projects", fields, quote_span=second)
    assert (found.quote_span, found.literals[0].span.start) == (second, text.rindex("12"))
    code, reason = refused(text, "projects", fields, quote_span=Span(0, 3))
    assert (code, reason) == ("quote", "the quote is not what stands at its place, or not all of it")


def test_a_figure_that_is_given_with_its_place_must_stand_there() -> None:
    text = "支出12万元，预算15万元。"
    fields = {"quote": "支出12万元，预算15万元", "name": "支出", "executed": money("12")}
    assert accepted(text, "projects", fields, places={"executed": Span(2, 4)}).literals[0].span == (2, 4)
    for wrong in (Span(9, 11), Span(2, 3), Span(3, 4), Span(0, 4)):
        assert refused(text, "projects", fields, places={"executed": wrong})[0] == "figure"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("支出１７９８．５０万元。\n", "1798.50"),
        ("支出1,798.50万元。\n", "1798.50"),
        ("支出1，798.50万元。\n", "1798.50"),
        ("支出1 798.50万元。\n", "1798.50"),
        ("支出17</span>98.50万元。\n", "1798.50"),
    ],
)
def test_a_figure_is_found_however_it_is_printed(text: str, value: str) -> None:
    found = accepted(text, "projects", {"quote": text.strip(), "name": "支出", "executed": money(value)})
    [literal] = found.literals
    assert (literal.value, literal.decimals) == (Decimal("1798.50"), 2)
    assert literal.printed == text[literal.span.start : literal.span.stop]


def test_a_figure_that_a_line_break_splits_is_found() -> None:
    wrapped = (
        "全年一般公共预算财政拨款收入年初结转和结余资金合计数全年预算数17\n98.50万元，较上年有所增加，主要用于水利\n"
    )
    text = wrapped + "工程建设和运行维护以及防汛抗旱物资储备并按月调度确保资金使用效益充\n" * 12
    quote = "全年预算数17\n98.50万元"
    found = accepted(text, "projects", {"quote": quote, "name": "全年", "full_year_budget": money("1798.50")})
    assert printed(found) == {"full_year_budget": "17\n98.50"}


@pytest.mark.parametrize("shorter", ["179", "98.50", "1798.5", "798.50"])
def test_a_part_of_a_figure_is_not_the_figure(shorter: str) -> None:
    text = "支出1798.50万元，编号179号，第98.50条。\n"
    code, _ = refused(
        "支出1798.51万元。\n", "projects", {"quote": "支出1798.51万元", "name": "支出", "executed": money(shorter)}
    )
    assert code == "figure"
    quote = "支出1798.50万元"
    found = ground_claims(text, [("projects", {"quote": quote, "name": "支出", "executed": money(shorter)})])
    assert [printed(g) for g in found[0]] == ([{"executed": "1798.50"}] if shorter == "1798.5" else [])


def test_the_same_input_has_the_same_ids_and_other_claims_others() -> None:
    claims: list[Claim] = [("projects", FIELDS), ("projects", FIELDS | {"seq": "1"})]
    first, second = ground_claims(PROJECT, claims)[0], ground_claims(PROJECT, claims)[0]
    assert len({g.record_id for g in first}) == 2
    assert [g.record_id for g in first] == [g.record_id for g in second]
    assert first[0].record_id == accepted(PROJECT, "projects", FIELDS).record_id


def test_the_same_claim_in_another_document_has_another_id() -> None:
    assert accepted(PROJECT, "projects", FIELDS).record_id != accepted(PROJECT + "\n", "projects", FIELDS).record_id
