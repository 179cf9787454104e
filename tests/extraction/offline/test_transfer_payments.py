"""What the offline reader makes of constructions that twelve further reports showed: units in lists, dates as targets, forms
of transfer payments, projects below items, reasons of missed goals."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from pydantic import ValidationError

from schemas.budget_facts import BudgetFact
from tests.extraction.offline.reading_cases import read
from tests.report_cases import lines


def test_columns_of_households_areas_and_prices_hold_no_money_though_the_table_declares_its_unit() -> None:
    text = lines(
        "单位：户、亩、元",
        "乡镇\t补贴户数\t补贴面积\t补贴标准\t补贴金额",
        "甲镇\t321\t3854.6\t84.71\t326523.17",
        "乙镇\t784\t1023.4\t84.71\t86692.21",
        "合计\t1105\t4878.0\t84.71\t413215.38",
    )
    assert [(f["org"], f["value"], f["unit"]) for f in read(text, "budget_facts") if "org" in f] == [
        ("甲镇", "326523.17", "元"),
        ("乙镇", "86692.21", "元"),
    ]
    assert {f["value"] for f in read(text, "budget_facts")} == {"326523.17", "86692.21", "413215.38"}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("6月底前", {"text": "6月底前"}),
        ("12月31日前", {"text": "12月31日前"}),
        ("≥650台（套）", {"text": "≥650台（套）", "op": "≥", "value": "650", "unit": "台（套）"}),
        ("12个月", {"text": "12个月", "value": "12", "unit": "个月"}),
    ],
)
def test_targets_that_are_dates_have_no_value_and_pairs_of_units_are_one(cell: str, expected: dict[str, str]) -> None:
    text = lines(
        "一级指标\t二级指标\t三级指标\t指标值\t全年实际完成值", f"产出指标\t时效指标\t发放时间\t{cell}\t已完成"
    )
    (found,) = read(text, "indicators")
    assert found["target"] == expected


def test_marks_of_first_level_indicators_need_not_add_up() -> None:
    text = "自评得分95.6分，其中：预算执行9.6分，产出指标47.5分，效益指标29.5分，满意度指标10分。"
    assert [(s["name"], s["score"]) for s in read(lines("一、结论", text), "score_lines")] == [
        ("预算执行", "9.6"), ("产出指标", "47.5"), ("效益指标", "29.5"), ("满意度指标", "10"),
    ]  # fmt: skip


def test_reasons_of_missed_goals_are_problems_and_the_measures_recommendations() -> None:
    text = lines(
        "三、偏离绩效目标的原因和下一步改进措施",
        "（一）偏离绩效目标的原因",
        "1.配套资金未到位。财力紧张，影响了结算。",
        "2.前期工作不深入。勘察未衔接，部分路段重复建设。",
        "（二）下一步改进措施",
        "1.筹措配套资金。纳入预算统筹安排，上半年补齐缺口。",
        "2.做好项目储备。提前开展勘察设计，做到下达即可开工。",
    )
    assert [(i["kind"], i["title"]) for i in read(text, "issues")] == [
        ("problem", "配套资金未到位"),
        ("problem", "前期工作不深入"),
        ("recommendation", "筹措配套资金"),
        ("recommendation", "做好项目储备"),
    ]


def test_items_below_an_item_that_speaks_of_projects_are_projects() -> None:
    text = lines(
        "二、支出情况",
        "（一）支出总体情况",
        "1.基本支出。全年基本支出120.00万元。",
        "2.项目支出。全年项目支出90.00万元。具体项目执行情况如下：",
        "（1）办案业务费，预算数60.00万元，支出数55.00万元，结余5.00万元，主要用于办案；",
        "（2）标线维护，预算数40.00万元，支出数35.00万元，结余5.00万元，主要用于标线更新。",
    )
    assert [(p["name"], p["full_year_budget"]["value"], p["executed"]["value"]) for p in read(text, "projects")] == [
        ("办案业务费", "60.00", "55.00"),
        ("标线维护", "40.00", "35.00"),
    ]


def test_a_project_whose_name_is_a_sentence_has_the_budget_arranged_for_the_year() -> None:
    text = lines(
        "（一）重点项目实施情况",
        "（1）环境整治项目。全年预算安排286.00万元，实际支出272.40万元，预算执行率95.24%。改造卫生厕所214户，村容村貌明显改善。",
        "（2）沟渠建设项目。全年预算安排420.00万元，实际支出420.00万元，预算执行率100%。新建沟渠8.6公里。",
    )
    assert [(p["name"], p["full_year_budget"]["value"]) for p in read(text, "projects")] == [
        ("环境整治项目", "286.00"),
        ("沟渠建设项目", "420.00"),
    ]


def test_what_was_added_to_a_budget_is_no_list_of_its_projects() -> None:
    first = "年初预算500.00万元，其中：项目支出200.00万元。"
    added = "年中追加预算90.00万元，其中：人员类追加60.00万元，业务资金追加30.00万元。"
    assert not read(lines("二、预算安排", first + added), "projects")


def test_the_form_of_a_transfer_payment_names_its_project_and_its_funds() -> None:
    text = lines(
        "区域绩效目标自评表",
        "（2023年度）",
        "转移支付（项目）名称\t服务补助资金",
        "地方主管部门\t某县某局\t资金使用单位\t各乡镇",
        "资金投入情况（万元）\t\t全年预算数（A）\t全年执行数（B）\t预算执行率（B/A×100%）",
        "\t年度资金总额：\t723.70\t680.16\t93.98%",
        "\t其他资金\t0\t0\t—",
    )
    (project,) = read(text, "projects")
    assert (project["name"], project["full_year_budget"], project["executed"], project["execution_rate"]["value"]) == (
        "服务补助资金", {"value": "723.70", "unit": "万元"}, {"value": "680.16", "unit": "万元"}, "93.98",
    )  # fmt: skip


def test_rates_of_what_arrived_are_no_amounts() -> None:
    text = lines(
        "表1 资金到位情况表",
        "单位：万元",
        "资金来源\t计划数\t到位数\t到位率",
        "省级资金\t320.00\t300.00\t93.75%",
        "县级资金\t240.00\t180.00\t75.00%",
    )
    found = [(f["path"][-1], f["measure"], f["value"]) for f in read(text, "budget_facts")]
    assert found == [
        ("省级资金", "full_year_budget", "320.00"), ("省级资金", "received", "300.00"), ("到位率", "rate", "93.75"),
        ("县级资金", "full_year_budget", "240.00"), ("县级资金", "received", "180.00"), ("到位率", "rate", "75.00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("measure", "unit", "fits"),
    [("received", "万亩", False), ("executed", "人", False),
        ("executed", "%", False), ("received", "万元", True), ("executed", None, True),
     ("assets", "辆", True), ("headcount", "人", True), ("rate", "%", True)],
)  # fmt: skip
def test_an_amount_of_money_has_a_unit_of_money(measure: str, unit: str | None, *, fits: bool) -> None:
    given = {"quote": "x", "path": ["资金"], "measure": measure, "value": "2.6", "unit": unit}
    with nullcontext() if fits else pytest.raises(ValidationError, match="amount of money"):
        BudgetFact.model_validate(given)
