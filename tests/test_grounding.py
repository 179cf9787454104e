"""Grounding: a claim is stored only where the text bears it out to the digit; everything else is named and kept out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.chunking import chunk
from pipeline.evidence import evidence_for
from pipeline.flow import Draft, Grounded, Rejection
from pipeline.grounding import ground_all
from pipeline.layout import lay_out
from schemas.registry import RECORD_TYPES
from schemas.values import Span
from tests.report_cases import document, lines

Claim = tuple[str, dict[str, Any]]


def ground_claims(text: str, claims: list[Claim], **draft: Any) -> tuple[tuple[Grounded, ...], tuple[Rejection, ...]]:
    """Grounds claims about a text, all said to be read in its first chunk unless ``chunk`` gives another's index."""
    doc = document(text)
    layout = lay_out(doc)
    chunks = chunk(doc, layout)
    chunk_id = chunks[draft.pop("chunk", 0)].chunk_id
    drafts = [Draft(t, RECORD_TYPES[t].model.model_validate(f), "r1", chunk_id, **draft) for t, f in claims]
    return ground_all(evidence_for(doc, layout), chunks, drafts)


def accepted(text: str, record_type: str, fields: dict[str, Any], **draft: Any) -> Grounded:
    grounded, rejected = ground_claims(text, [(record_type, fields)], **draft)
    assert not rejected, rejected[0].reason
    return grounded[0]


def refused(text: str, record_type: str, fields: dict[str, Any], **draft: Any) -> tuple[str, str]:
    """Code and reason of a claim that must fail."""
    grounded, rejected = ground_claims(text, [(record_type, fields)], **draft)
    assert not grounded, grounded[0].literals
    return rejected[0].code, rejected[0].reason


def printed(found: Grounded) -> dict[str, str]:
    return {x.field: x.printed for x in found.literals}


def money(value: str, unit: str | None = "万元") -> dict[str, Any]:
    return {"value": value, "unit": unit}


def quantity(text: str, value: str | None = None, unit: str | None = "%", op: str | None = None) -> dict[str, Any]:
    return {"text": text, "value": value, "unit": unit if value else None, "op": op}


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
    assert (code, reason) == ("quote", "the quote is not what stands at its place")


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


TABLE = lines(
    "表1 项目支出明细表",
    "单位：万元",
    "项目名称\t预算数\t执行数\t执行率",
    "山塘清淤\t86.50\t85.73\t99.1%",
    "渠道修复\t45\t43.27\t96.2%",
)
ROW = {
    "quote": "山塘清淤\t86.50\t85.73\t99.1%",
    "name": "山塘清淤",
    "full_year_budget": money("86.50"),
    "executed": money("85.73"),
}


def test_a_row_s_figures_have_the_unit_that_the_table_declares() -> None:
    found = accepted(TABLE, "projects", ROW)
    [budget, executed] = found.literals
    assert (budget.unit, budget.unit_source, budget.yuan) == ("万元", "caption", Decimal(865000))
    assert budget.unit_span is not None
    assert TABLE[budget.unit_span.start : budget.unit_span.stop] == "万元"
    assert executed.span.start == TABLE.index("85.73")


def test_a_header_s_unit_outweighs_the_caption_s() -> None:
    text = TABLE.replace("执行数\t", "执行数（元）\t")
    found = accepted(text, "projects", ROW | {"executed": money("85.73", "元")})
    assert [(x.unit, x.unit_source) for x in found.literals] == [("万元", "caption"), ("元", "header")]


def test_a_quote_of_the_name_alone_gives_the_figures_of_its_row() -> None:
    assert printed(accepted(TABLE, "projects", ROW | {"quote": "山塘清淤"})) == {
        "full_year_budget": "86.50",
        "executed": "85.73",
    }


def test_the_figure_of_the_row_below_is_refused() -> None:
    code, reason = refused(TABLE, "projects", ROW | {"executed": money("43.27")})
    assert (code, reason) == ("figure", "executed: 43.27 does not stand in the quote or the row it was read from")


def test_one_row_s_name_with_another_row_s_figures_is_refused() -> None:
    assert refused(TABLE, "projects", ROW | {"name": "渠道修复"}) == (
        "label",
        "name: “渠道修复” does not stand in the quote or the row of the figures",
    )


def test_the_deepest_level_of_an_indicator_is_its_row_s_and_the_merged_ones_above_need_not_be() -> None:
    text = lines("| 一级指标 | 三级指标 | 分值 |", "| 产出 | 培训人数 | 10 |", "|  | 满意率 | 20 |")
    fields = {"quote": "满意率 | 20", "level1": "产出", "level3": "满意率", "weight": "20"}
    assert accepted(text, "indicators", fields)
    assert refused(text, "indicators", fields | {"level3": "培训人数"})[0] == "label"


def test_columns_that_change_places_are_refused() -> None:
    code, reason = refused(TABLE, "projects", ROW | {"executed": money("86.50"), "full_year_budget": None})
    assert (code, reason) == ("misplaced", "executed: 86.50 is printed as full_year_budget, not as executed")


@pytest.mark.parametrize(("unit", "code"), [("元", "unit"), ("亿元", "unit")])
def test_a_unit_that_the_table_does_not_declare_is_refused(unit: str, code: str) -> None:
    assert refused(TABLE, "projects", ROW | {"executed": money("85.73", unit)})[0] == code


def test_ten_thousand_yuan_is_refused_where_yuan_is_printed_and_none_where_nothing_is() -> None:
    claim = {"quote": "预算18.6元", "name": "预算", "full_year_budget": money("18.6", "万元")}
    assert refused("全年预算18.6元。\n", "projects", claim) == (
        "unit",
        "full_year_budget: 18.6 is printed with 元, not with 万元",
    )
    bare = {"quote": "预算18.6", "name": "预算", "full_year_budget": money("18.6", "万元")}
    assert refused("全年预算18.6。\n", "projects", bare) == (
        "unit",
        "full_year_budget: 18.6 is printed with no unit, not with 万元",
    )


SCORES = lines("表2 得分表", "单位：万元", "一级指标\t分值\t得分", "投入\t11\t9", "产出\t30\t26.90")


def test_marks_and_weights_are_exact_and_no_money_whatever_the_table_declares() -> None:
    found = accepted(
        SCORES, "score_lines", {"quote": "产出\t30\t26.90", "name": "产出", "weight": "30", "score": "26.90"}
    )
    assert [(x.field, x.printed, x.decimals, x.unit, x.yuan, x.exact) for x in found.literals] == [
        ("weight", "30", 0, None, None, True),
        ("score", "26.90", 2, None, None, True),
    ]


@pytest.mark.parametrize(
    ("text", "value", "unit", "exact"),
    [
        ("在职人员28人", "28", "人", True),
        ("支出0元", "0", "元", True),
        ("支出28万元", "28", "万元", False),
        ("执行率95%", "95", "%", False),
    ],
)
def test_counts_and_a_printed_zero_are_exact_and_amounts_are_not(text: str, value: str, unit: str, exact: bool) -> None:
    measure = {"人": "headcount", "%": "rate"}.get(unit, "executed")
    fields = {"quote": text, "path": [text[:2]], "measure": measure, "value": value, "unit": unit}
    [literal] = accepted(f"{text}。\n", "budget_facts", fields).literals
    assert (literal.exact, literal.unit) == (exact, unit)


ENTRY = lines(
    "1.山塘清淤项目",
    "（1）资金使用情况：全年预算数86万元，全年执行数85.73万元。",
    "（2）受益对象满意度：93%。",
    "2.渠道修复项目",
    "（1）资金使用情况：全年预算数45万元，全年执行数43.27万元。",
)


def test_the_items_below_a_heading_that_is_quoted_are_its_row() -> None:
    fields = {
        "quote": "1.山塘清淤项目",
        "name": "山塘清淤项目",
        "executed": money("85.73"),
        "satisfaction": quantity("93%", "93"),
    }
    assert printed(accepted(ENTRY, "projects", fields)) == {"executed": "85.73", "satisfaction": "93"}


def test_the_items_of_the_next_heading_are_not() -> None:
    fields = {"quote": "1.山塘清淤项目", "name": "山塘清淤项目", "executed": money("43.27")}
    assert refused(ENTRY, "projects", fields)[0] == "figure"


@pytest.mark.parametrize("quote", ["一、项目", "（一）本级项目"])
def test_the_heading_of_a_chapter_or_group_lends_no_entry_the_figures_of_another(quote: str) -> None:
    text = lines("一、项目", "（一）本级项目") + ENTRY
    fields = {"quote": quote, "name": "山塘清淤项目", "executed": money("43.27")}
    assert refused(text, "projects", fields)[0] == "figure"


def test_an_entry_may_be_numbered_at_a_higher_level_where_it_holds_no_entries() -> None:
    text = lines(
        "一、项目",
        "（一）山塘清淤项目",
        "（1）全年预算数86万元，全年执行数85.73万元。",
        "（4）满意度：93%",
        "（二）渠道",
    )
    fields = {
        "quote": "（一）山塘清淤项目",
        "name": "山塘清淤项目",
        "executed": money("85.73"),
        "satisfaction": quantity("93%", "93"),
    }
    assert accepted(text, "projects", fields)


def test_the_same_input_has_the_same_ids_and_other_claims_others() -> None:
    claims: list[Claim] = [("projects", FIELDS), ("projects", FIELDS | {"seq": "1"})]
    first, second = ground_claims(PROJECT, claims)[0], ground_claims(PROJECT, claims)[0]
    assert len({g.record_id for g in first}) == 2
    assert [g.record_id for g in first] == [g.record_id for g in second]
    assert first[0].record_id == accepted(PROJECT, "projects", FIELDS).record_id


def test_the_same_claim_in_another_document_has_another_id() -> None:
    assert accepted(PROJECT, "projects", FIELDS).record_id != accepted(PROJECT + "\n", "projects", FIELDS).record_id


INDICATOR = lines("三级指标\t年度指标值\t实际完成值", "工程合格率\t≥95%\t96%", "完工项目\t12个\t12个")
ROW_OF_INDICATOR = {"quote": "工程合格率\t≥95%\t96%", "level3": "工程合格率", "actual": quantity("96%", "96")}


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (quantity("≥95%", "95", "%", "≥"), None),
        (quantity("≥95%", "95", "%"), None),
        (quantity("≥95%"), None),
        (quantity("≥95%", "95", "％", "≥"), None),
        (quantity("≥95%", "95", "%", "≤"), "operator"),
        (quantity("≥95%", "95", None, "≥"), "unit"),
        (quantity("≥95%", "96", "%", "≥"), "misplaced"),
        (quantity("96%", "96"), "misplaced"),
        (quantity("＞95%", "95", "%", ">"), "label"),
    ],
)
def test_a_quantity_is_its_own_text_s(target: dict[str, Any], code: str | None) -> None:
    fields = ROW_OF_INDICATOR | {"target": target}
    if code is None:
        assert accepted(INDICATOR, "indicators", fields)
    else:
        assert refused(INDICATOR, "indicators", fields)[0] == code


def test_a_quantity_s_number_is_the_one_in_its_text() -> None:
    text = lines("山塘清淤执行率95%，渠道修复执行率93%。")
    fields = {"quote": text.strip(), "name": "山塘清淤", "execution_rate": quantity("95%", "93")}
    assert refused(text, "projects", fields) == ("figure", "execution_rate: 93 is not the number of “95%”")


REPORT = lines("水利局2022年度部门整体支出绩效自评报告", "自评得分95.50分，等级为“优”。", "水利局", "2023年4月18日")
TITLE = {"quote": "水利局2022年度部门整体支出绩效自评报告", "kind": "overall_self_evaluation"}


@pytest.mark.parametrize(
    ("text", "fields", "code"),
    [
        (REPORT, {"fiscal_year": 2022}, None),
        (REPORT, {"fiscal_year": 2021}, "year"),
        (
            REPORT.replace("2022", "二〇二二"),
            {"quote": "水利局二〇二二年度部门整体支出绩效自评报告", "fiscal_year": 2022},
            None,
        ),
        (
            REPORT.replace("2022", "2 022"),
            {"quote": "水利局2 022年度部门整体支出绩效自评报告", "fiscal_year": 2022},
            None,
        ),
        (REPORT, {"issued_on": "2023-04-18"}, None),
        (REPORT, {"issued_on": "2023-04-01"}, "date"),
        (REPORT, {"issued_on": "2023-04-08"}, "date"),
        (REPORT, {"issued_on": "2022-04-18"}, "date"),
        (REPORT.replace("年4月18日", "-04-18"), {"issued_on": "2023-04-18"}, None),
        (REPORT.replace("年4月18日", ".4.18"), {"issued_on": "2023-04-18"}, None),
        (REPORT.replace("2023年4月18日", "二〇二三年四月十八日"), {"issued_on": "2023-04-18"}, None),
        (REPORT.replace("2023年4月18日", "二○二三年十二月三十一日"), {"issued_on": "2023-12-31"}, None),
        (REPORT.replace("2023年4月18日", "二零二三年十月二十日"), {"issued_on": "2023-10-20"}, None),
        (REPORT.replace("2023年4月18日", "二〇二三年四月十八日"), {"issued_on": "2023-04-08"}, "date"),
        (REPORT.replace("2023年4月18日", "二〇二三年四月十八日"), {"issued_on": "2023-04-10"}, "date"),
        (REPORT, {"grade": "优"}, None),
        (REPORT, {"grade": "良"}, "label"),
        (REPORT, {"department": "水利局"}, None),
        (REPORT, {"department": "水务局"}, "label"),
    ],
)
def test_years_dates_and_labels_stand_in_the_text(text: str, fields: dict[str, Any], code: str | None) -> None:
    claim = TITLE | fields
    if code is None:
        assert accepted(text, "reports", claim)
    else:
        assert refused(text, "reports", claim)[0] == code


def test_group_labels_of_the_convention_need_not_be_printed_and_others_must() -> None:
    fields = {"quote": "公用经费78.65万元", "measure": "executed", "value": "78.65", "unit": "万元"}
    text = "其中公用经费78.65万元。\n"
    assert accepted(text, "budget_facts", fields | {"path": ["支出", "公用经费"]})
    assert refused(text, "budget_facts", fields | {"path": ["基本支出", "公用经费"]})[0] == "label"


DONE = "（1）开展巡检：转移受威胁群众3260人，建成站点12个，群众普遍满意，社会效益显著，设备运行平稳。\n"


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("转移受威胁群众3260人，建成站点12个", "1"),
        ("转移受威胁\n群众3260人，建成 站点12个", "1"),
        ("转移受威胁群众3260人、建成站点12个，群众普遍满意，社会效益显著", "0.971"),
    ],
)
def test_prose_may_differ_a_little_and_its_likeness_is_kept(text: str, score: str) -> None:
    assert str(accepted(DONE, "tasks", {"quote": "开展巡检", "task": text}).text_score) == score


@pytest.mark.parametrize(
    "text",
    [
        "转移受威胁群众3261人，建成站点12个，群众普遍满意，社会效益显著",
        "转移受威胁群众326人，建成站点12个，群众普遍满意，社会效益显著",
        "转移受威胁群众3260人，建成站点12.0001个，群众普遍满意，社会效益显著",
        "全年没有发生任何安全事故，工程质量优良",
        DONE.strip() + "并获得全国先进单位称号，争取到中央资金支持，受到各级领导的高度评价和社会各界的广泛赞誉",
    ],
)
def test_invented_prose_and_altered_figures_in_it_are_refused(text: str) -> None:
    assert refused(DONE, "tasks", {"quote": "开展巡检", "task": text})[0] == "text"


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_no_other_number_is_ever_taken_for_the_printed_one(first: int, second: int) -> None:
    text = f"支出{first}万元。\n"
    grounded, rejected = ground_claims(
        text, [("projects", {"quote": f"支出{first}万元", "name": "支出", "executed": money(str(second))})]
    )
    assert (len(grounded), len(rejected)) == ((1, 0) if first == second else (0, 1))
