"""Offline: projects that prose states as items, below headings, in lists by ordinals and in zipped lists."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.extraction.offline.project_amounts import labelled_field, without_label
from pipeline.extraction.offline.projects_prose import project_amounts
from tests.extraction.offline.reading_cases import read
from tests.report_cases import layout_of

MONEY = (
    "initial_budget",
    "supplementary_budget",
    "full_year_budget",
    "fiscal_appropriation",
    "other_funds",
    "executed",
)


def flat(text: str) -> list[dict[str, Any]]:
    """The projects of a text: money and quantities as printed."""
    return [
        {
            k: f"{v['value']}{v['unit']}" if k in MONEY else v["text"] if isinstance(v, dict) else v
            for k, v in project.items()
            if k not in {"section", "name", "seq"}
        }
        | {"name": project["name"]}
        for project in read(text, "projects")
    ]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            "1.河堤加固工程。年初预算120万元，追加30万元，全年预算150万元，支付141.5万元，支付率94.33%，结余8.5万元。",
            {
                "name": "河堤加固工程",
                "initial_budget": "120万元",
                "supplementary_budget": "30万元",
                "full_year_budget": "150万元",
                "executed": "141.5万元",
                "execution_rate": "94.33%",
            },
        ),
        (
            "3.剧目扶持项目。年初预算30万元，实际支出26万元。扶持小型节目12个，2部入选省级展演。未完成原因：质保金未到支付期限。",
            {
                "name": "剧目扶持项目",
                "initial_budget": "30万元",
                "executed": "26万元",
                "implementation": "扶持小型节目12个",
                "outcome": "2部入选省级展演",
                "unfinished_reason": "质保金未到支付期限",
            },
        ),
        (
            "（二）冷链设备更新项目：全年预算70万元（其中财政拨款50万元，其他资金20万元），全年支出69万元。",
            {
                "name": "冷链设备更新项目",
                "full_year_budget": "70万元",
                "fiscal_appropriation": "50万元",
                "other_funds": "20万元",
                "executed": "69万元",
            },
        ),
        (
            "2.乡村图书室项目，预算36万元，支出33万元，新建图书室11个，读者满意度93.5%。",
            {
                "name": "乡村图书室项目",
                "full_year_budget": "36万元",
                "executed": "33万元",
                "implementation": "新建图书室11个",
                "satisfaction": "读者满意度93.5%",
            },
        ),
        (
            "3.水文站改造项目。全年预算90万元，支付52万元。未完成原因：设备招标两次流标；",
            {
                "name": "水文站改造项目",
                "full_year_budget": "90万元",
                "executed": "52万元",
                "unfinished_reason": "设备招标两次流标",
            },
        ),
        (
            "（4）护林防火专项经费预算40万元，支出38万元；",
            {"name": "护林防火专项经费", "full_year_budget": "40万元", "executed": "38万元"},
        ),
        (
            "5.应急抢险项目。县级财政安排25万元，支付25万元。共清理塌方12处。",
            {
                "name": "应急抢险项目",
                "fund_level": "own",
                "full_year_budget": "25万元",
                "executed": "25万元",
                "implementation": "共清理塌方12处",
            },
        ),
        (
            "6.展厅布展项目，预算30万元，其中设备购置支出12万元，实际支出29万元。",
            {"name": "展厅布展项目", "full_year_budget": "30万元", "executed": "29万元"},
        ),
    ],
)
def test_an_item_names_a_project_and_its_clauses_state_its_amounts(item: str, expected: dict[str, str]) -> None:
    assert flat(f"三、项目支出情况\n{item}\n") == [expected]


def test_a_paragraph_below_a_heading_that_names_a_project() -> None:
    text = "三、重点项目实施情况\n（一）校舍维修工程\n该项目全年预算150万元，实际支出146.2万元，执行率97.47%。\n"
    (project,) = read(text, "projects")
    assert (project["section"], project["seq"], project["name"]) == ("三、重点项目实施情况", "一", "校舍维修工程")
    assert project["executed"] == {"value": "146.2", "unit": "万元"}


def test_a_lead_with_nothing_behind_it_is_the_section_of_the_items_below_it() -> None:
    text = "三、资金使用情况\n（三）项目支出情况。\n1.河道清淤工程。预算50万元，支出48万元。\n四、其他\n"
    assert [p["section"] for p in read(text, "projects")] == ["（三）项目支出情况"]


@pytest.mark.parametrize(
    "item",
    [
        "1.资金到位情况。预算安排100万元，实际到位90万元。",
        "1.基本支出，预算300万元，支出296万元。",
        "1.中央财政资金，预算60万元，支出50万元。",
        "1.三公经费，预算10万元，支出8万元。",
        "1.按经济分类，工资福利支出80万元，商品和服务支出20万元。",
        "1.全年完成投资，支出85万元，执行率94%。",
    ],
)
def test_sorts_of_money_and_topics_are_no_projects(item: str) -> None:
    assert read(f"三、项目支出情况\n{item}\n", "projects") == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "全年实施项目3个：一是古树保护经费支出12万元；二是苗木培育资金支出30.5万元；三是步道维修工程支出9万元。",
            [
                ("古树保护经费", "executed", "12"),
                ("苗木培育资金", "executed", "30.5"),
                ("步道维修工程", "executed", "9"),
            ],
        ),
        (
            "共安排项目2个：一是街巷亮化支出18万元；二是公厕改造支出6.5万元。",
            [("街巷亮化", "executed", "18"), ("公厕改造", "executed", "6.5")],
        ),
        (
            "安排泵站改造工程、灌渠修复工程2个项目，预算分别为80万元、65万元。",
            [("泵站改造工程", "full_year_budget", "80"), ("灌渠修复工程", "full_year_budget", "65")],
        ),
    ],
)
def test_projects_in_one_sentence(sentence: str, expected: list[tuple[str, str, str]]) -> None:
    found = read(f"三、项目支出情况\n（一）总体情况。{sentence}\n", "projects")
    assert [(p["name"], f, p[f]["value"]) for p in found for f in MONEY if f in p] == expected


def test_zipped_lists_state_each_amount_of_each_name() -> None:
    text = "二、资金使用\n2021年机井维修、水质监测两个项目分别安排资金50万元、30万元，分别支出48万元和29.5万元。\n"
    assert [(p["name"], p["full_year_budget"]["value"], p["executed"]["value"]) for p in read(text, "projects")] == [
        ("机井维修", "50", "48"),
        ("水质监测", "30", "29.5"),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "安排泵站改造工程、灌渠修复工程3个项目，预算分别为80万元、65万元。",
        "安排泵站改造工程、灌渠修复工程2个项目，预算分别为80万元、65万元、70万元。",
        "安排泵站改造工程、灌渠修复工程2个项目，预算分别为80万元、65万元，支出分别为79万元。",
    ],
)
def test_lists_of_unequal_length_are_not_read_together(sentence: str) -> None:
    assert read(f"二、项目情况\n{sentence}\n", "projects") == []


def test_what_projects_state_is_no_budget_fact() -> None:
    layout = layout_of("三、项目支出情况\n1.河堤加固工程。全年预算150万元，支付141.5万元，结余8.5万元。\n")
    item = list(layout.blocks)[-1]
    assert {item.text[n : n + 3] for n in project_amounts(item)} >= {"150", "141", "8.5"}


@pytest.mark.parametrize(
    ("before", "field"),
    [
        ("到位财政资金", "fiscal_appropriation"),
        ("，截至12月底累计支付", "executed"),
        ("（其中其他资金", "other_funds"),
        ("，设备购置支出", None),
        ("主要用于支出", None),
        ("支出后带动增收", None),
    ],
)
def test_the_label_of_a_clause(before: str, field: str | None) -> None:
    assert labelled_field(before) == field


def test_a_label_that_closes_a_name() -> None:
    assert without_label("古树保护经费实际支出") == ("古树保护经费", "executed")
    assert without_label("步道维修工程") == ("步道维修工程", None)
