"""Grounding: of equal numbers the one that the text gives for a claim, by its row, its column and its unit."""

from __future__ import annotations

from typing import Any

from tests.grounding_cases import accepted, money, refused
from tests.report_cases import lines


def span_of(found: Any, field: str) -> int:
    return next(x.span.start for x in found.literals if x.field == field)


SURVEY = lines("第1题：您是否满意？", "选项\t小计\t比例", "满意\t30\t75%", "不满意\t10\t25%", "本题有效填写人次\t40")
ANSWER = {"quote": SURVEY.strip(), "option": "满意", "count": "30", "respondents": "40"}


def test_a_closing_row_says_what_its_figure_is_whatever_its_column() -> None:
    found = accepted(SURVEY, "survey_answers", ANSWER)
    assert span_of(found, "respondents") == SURVEY.index("40")
    assert refused(SURVEY, "survey_answers", ANSWER | {"count": "40", "respondents": None})[0] == "misplaced"


FORM = lines(
    "项目名称\t年初预算数\t全年预算数\t全年执行数",
    "年度资金总额\t612.00\t620.00\t586.44",
    "其中：当年财政拨款\t600.00\t608.00\t574.44",
    "其他资金\t12.00\t12.00\t12.00",
)
PARTS = {
    "quote": FORM[FORM.index("年度") :].strip(),
    "name": "年度资金总额",
    "full_year_budget": money("620.00", None),
    "fiscal_appropriation": money("608.00", None),
    "executed": money("586.44", None),
}


def test_a_row_of_a_form_outweighs_its_column() -> None:
    assert span_of(accepted(FORM, "projects", PARTS), "fiscal_appropriation") == FORM.index("608.00")


def test_what_a_part_spent_is_not_what_the_whole_spent() -> None:
    code, reason = refused(FORM, "projects", PARTS | {"executed": money("574.44", None)})
    assert (code, reason) == ("misplaced", "executed: 574.44 is printed as fiscal_appropriation, not as executed")


MARKS = lines(
    "三级指标\t分值\t评分标准\t分值\t扣分原因",
    "资金使用合规性\t1\t合规得分\t1\t—",
    "预算调整率\t2\t按比例得分\t1.28\t有追加",
)


def test_two_columns_of_one_name_tell_neither_from_the_other() -> None:
    fields = {"quote": "资金使用合规性\t1", "level3": "资金使用合规性", "weight": "1", "score": "1"}
    found = accepted(MARKS, "indicators", fields)
    assert span_of(found, "weight") < span_of(found, "score")


ACCOUNTS = lines(
    "单位：万元", "机构名称\t收入合计\t其他收入\t支出合计\t结余", "县水利站\t86.50\t0\t86.50\t0", "县林业站\t3\t1\t2\t1"
)


def test_a_fact_s_figure_stands_in_the_column_that_its_label_names() -> None:
    quote = "县水利站\t86.50\t0\t86.50\t0"
    fact = {"quote": quote, "path": ["支出合计"], "measure": "executed", "value": "86.50", "unit": "万元"}
    assert span_of(accepted(ACCOUNTS, "budget_facts", fact), "value") == ACCOUNTS.rindex("86.50")
    balance = fact | {"path": ["结余"], "measure": "carried_out", "value": "0"}
    assert span_of(accepted(ACCOUNTS, "budget_facts", balance), "value") == ACCOUNTS.index(
        "0\n", ACCOUNTS.rindex("86.50")
    )


def test_of_equal_numbers_the_one_with_the_claimed_unit() -> None:
    text = "1.渠道清淤项目：完成100公里，支出100万元，群众满意度100%。\n"
    fields = {"quote": text[2:].strip(), "name": "渠道清淤项目", "executed": money("100")}
    assert span_of(accepted(text, "projects", fields), "executed") == text.index("100万元")


LIST = "年初预算项目2个，预算资金总额80万元，分别为：教师培训专项经费50万元、校园安全防护专项经费30万元。\n"


def test_a_list_s_figures_are_what_the_words_before_the_list_say() -> None:
    fields = {"quote": "校园安全防护专项经费30万元", "name": "校园安全防护专项经费", "full_year_budget": money("30")}
    accepted(LIST, "projects", fields)
    moved = {"quote": fields["quote"], "name": fields["name"], "executed": money("30")}
    assert refused(LIST, "projects", moved) == (
        "misplaced",
        "executed: 30 is printed as full_year_budget, not as executed",
    )


def test_a_bound_is_what_was_asked_for_where_no_column_says_otherwise() -> None:
    text = "绩效指标\n（1）养护里程≥12公里。\n"
    bound = {"text": "≥12公里", "op": "≥", "value": "12", "unit": "公里"}
    fields = {"quote": "养护里程≥12公里", "level3": "养护里程"}
    accepted(text, "indicators", fields | {"target": bound})
    assert refused(text, "indicators", fields | {"actual": bound})[0] == "misplaced"


def test_a_score_is_no_weight() -> None:
    text = "最终得分：86.77分，满分100分。\n"
    fields = {"quote": "最终得分：86.77分，满分100分", "name": "最终得分"}
    accepted(text, "score_lines", fields | {"score": "86.77", "weight": "100"})
    assert refused(text, "score_lines", fields | {"weight": "86.77"})[0] == "misplaced"


def test_the_number_of_a_row_is_no_figure_of_it() -> None:
    text = lines("单位：万元", "序号\t项目名称\t预算数\t执行数", "7\t渠道清淤项目\t74\t70", "8\t塘坝加固项目\t80\t80")
    fields = {"quote": "7\t渠道清淤项目\t74\t70", "name": "渠道清淤项目"}
    accepted(text, "projects", fields | {"full_year_budget": money("74")})
    assert refused(text, "projects", fields | {"full_year_budget": money("7")})[0] == "figure"


SOURCES = lines(
    "1.山塘清淤项目", "（1）资金使用情况：全年预算数86.50万元（其中，上级财政拨款资金86.50万元，本级安排0万元）。"
)


def test_where_a_field_s_own_label_has_a_figure_one_without_a_label_is_not_the_field_s() -> None:
    fields = {"quote": SOURCES.strip(), "name": "山塘清淤项目", "full_year_budget": money("86.50")}
    accepted(SOURCES, "projects", fields)
    assert refused(SOURCES, "projects", fields | {"full_year_budget": money("0")})[0] == "misplaced"


EXPLAINED = lines(
    "三级指标\t赋分\t扣分说明\t得分",
    "新增企业数量\t2\t实际完成率=63/70=90%；得分=90%*3=2.7\t1.8",
    "群众满意度\t5\t无\t5",
)


def test_a_score_is_not_what_the_words_beside_it_reckon_with() -> None:
    fields = {"quote": "新增企业数量\t2", "level3": "新增企业数量", "weight": "2", "score": "1.8"}
    accepted(EXPLAINED, "indicators", fields)
    for wrong in ("90", "63"):
        assert refused(EXPLAINED, "indicators", fields | {"score": wrong})[0] == "misplaced"
    assert refused(EXPLAINED, "indicators", fields | {"score": "3"})[0] == "figure"


SCORED = lines(
    *("某县水务局2022年度部门整体支出绩效自评报告", "自评得94.99分。", "指标\t分值\t自评得分"),
    *("预算执行\t10\t9.99", "产出\t90\t85", "合计\t100\t94.99"),
)
REPORT = {
    "quote": SCORED[SCORED.index("自评得94") :].strip(),
    "kind": "overall_self_evaluation",
    "title": "某县水务局2022年度部门整体支出绩效自评报告",
    "department": "某县水务局",
    "fiscal_year": 2022,
    "score": "94.99",
}


def test_the_full_marks_of_a_report_are_those_of_no_part() -> None:
    found = accepted(SCORED, "reports", REPORT | {"max_score": "100"})
    assert span_of(found, "max_score") == SCORED.index("100")
    assert refused(SCORED, "reports", REPORT | {"max_score": "10"})[0] == "misplaced"
