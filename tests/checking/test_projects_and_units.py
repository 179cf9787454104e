"""Projects: their own relations, lists of them against what introduces or sums them up, and slipped units."""

from __future__ import annotations

import re
from typing import Any

import pytest
from checking_cases import bare_layout, document, fact, facts, kinds, record

from pipeline.checking import check
from pipeline.flow import Finding, Grounded

_FIELDS = {
    "全年预算数": "full_year_budget",
    "财政拨款资金": "fiscal_appropriation",
    "其他资金": "other_funds",
    "全年执行数": "executed",
    "年初预算": "initial_budget",
    "追加": "supplementary_budget",
}
_LINE = re.compile(r"^(?P<seq>\d+)[.、](?P<name>[^：\n]+)：(?P<rest>[^\n]*)$", re.MULTILINE)
_AMOUNT = re.compile(rf"(?P<field>{'|'.join(_FIELDS)})(?P<value>[\d.]+)(?P<unit>万元|亿元|元)?")
_RATE = re.compile(r"执行率(?P<value>[\d.]+)%")


def projects(text: str, section: str = "项目", level: str | None = None, **more: Any) -> list[Grounded]:
    """The projects of the lines “1.name：全年预算数…，全年执行数…，执行率…%”."""
    found = []
    for line in _LINE.finditer(text):
        values: dict[str, Any] = {
            "section": section, "seq": line["seq"], "name": line["name"], "fund_level": level,
            "outcome": line["rest"], "quote": line[0], **more,
        }  # fmt: skip
        for amount in _AMOUNT.finditer(line["rest"]):
            values[_FIELDS[amount["field"]]] = {"value": amount["value"], "unit": amount["unit"]}
        if rate := _RATE.search(line["rest"]):
            values["execution_rate"] = {"text": f"{rate['value']}%", "value": rate["value"], "unit": "%"}
        found.append(record("projects", values, text, line.start(), stop=line.end()))
    return found


def found(text: str, *records: Grounded) -> list[Finding]:
    """What checking finds."""
    return list(check(document(text), bare_layout(text), records))


def relations(text: str) -> list[str]:
    """The relations that the projects of a text break."""
    return [f.relation for f in found(text, *projects(text))]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("全年预算数35万元，全年执行数35万元，执行率92%", ["projects.execution_rate"]),
        ("全年预算数524.64万元，全年执行数364.64万元，执行率70%", []),
        ("全年预算数1790万元，全年执行数1798万元，执行率100%", ["projects.executed_within_budget"]),
        ("全年预算数45.5万元（财政拨款资金40.33万元，其他资金5.18万元），全年执行数43.27万元，执行率95.1%", []),
        (
            "全年预算数45.5万元（财政拨款资金40.33万元，其他资金6.18万元），全年执行数43.27万元",
            ["projects.budget_parts"],
        ),
        ("年初预算10.72万元，追加5.00万元，全年预算数16.72万元", ["projects.budget_build_up"]),
        ("全年预算数100万元，全年执行数0万元，执行率0%", []),
        ("全年预算数0万元，全年执行数0万元，执行率100%", []),  # nothing follows from nothing
        ("全年预算数1.5亿元，全年执行数7500万元，执行率50%", []),
    ],
)
def test_a_projects_own_relations(line: str, expected: list[str]) -> None:
    assert relations(f"1.农村公路养护：{line}") == expected


SECTION = """二、项目支出
1.甲项目：全年预算数60万元（财政拨款资金60万元，其他资金0元），全年执行数60万元，执行率100%
2.乙项目：全年预算数16.791万元，全年执行数16.791万元，执行率100%
3.丙项目：全年预算数1790万元，全年执行数1790万元，执行率100%
4.丁项目：全年预算数{slip}，全年执行数{slip}，执行率100%
"""


def test_yuan_among_neighbours_in_wan_is_a_slip_of_each_figure() -> None:
    text = SECTION.format(slip="33.93元")
    slips = [f for f in found(text, *projects(text)) if f.kind == "unit"]
    assert [f.stated for f in slips] == ["33.93元", "33.93元"]
    assert slips[0].suggestion == "疑为33.93万元"
    assert text[slice(*slips[1].literals[0].span)] == "33.93"


@pytest.mark.parametrize("amount", ["330000元", "9000元", "33.93万元"])
def test_a_plausible_amount_in_yuan_is_none(amount: str) -> None:
    text = SECTION.format(slip=amount)
    assert "unit" not in kinds(found(text, *projects(text)))


def test_few_neighbours_say_nothing() -> None:
    text = "1.甲项目：全年预算数60万元，全年执行数60万元，执行率100%\n2.乙项目：全年预算数500元，全年执行数500元，执行率100%"
    assert found(text, *projects(text)) == []


@pytest.mark.parametrize(
    ("others", "relation", "computed"),
    [("元", "units.wan_for_yuan", "960000.00元"), ("万元", "units.yuan_for_wan", "960000.00万元")],
)
def test_the_unit_that_a_report_does_not_use_is_the_slip(others: str, relation: str, computed: str) -> None:
    text = "".join(
        f"{n}.{name}项目：全年预算数{amount}{unit}，全年执行数{amount}{others}，执行率100%\n"
        for n, (name, amount, unit) in enumerate(
            [
                ("甲", "1180000.00", others),
                ("乙", "960000.00", "万元" if others == "元" else "元"),
                ("丙", "325000.00", others),
            ],
            start=1,
        )
    )
    assert [(f.relation, f.computed) for f in found(text, *projects(text))] == [(relation, computed)]


def test_the_records_own_text_tells_a_slip() -> None:
    text = "1.甲项目：全年预算数400元，全年执行数400元，执行率100%。涉及400万奖补资金，产煤400万吨"
    assert kinds(found(text, *projects(text))) == ["unit", "unit"]


def test_a_slipped_figure_is_read_as_it_is_meant_elsewhere() -> None:
    text = SECTION.format(slip="33.93元") + "本级安排1900.72万元。"
    head = fact(text, "1900.72", "资金/项目经费/本级安排", "received")
    assert [f.relation for f in found(text, head, *projects(text, level="own"))] == ["units.yuan_for_wan"] * 2
    wrong = text.replace("1900.72", "1990.72")
    head = fact(wrong, "1990.72", "资金/项目经费/本级安排", "received")
    assert "projects.by_level" in [f.relation for f in found(wrong, head, *projects(wrong, level="own"))]


def test_a_department_smaller_than_its_part_is_a_slip() -> None:
    text = "工资福利支出0.98万元，项目经费11062.47万元，专项业务费101.01万元。全年预算数1566.73元。"
    records = facts(
        text,
        ("0.98", "工资福利支出", "received"),
        ("11062.47", "项目经费", "received"),
        ("101.01", "专项业务费", "received"),
        ("1566.73", "全年预算数", "full_year_budget", {"unit": "元"}),
    )
    assert kinds(found(text, *records)) == ["unit"]


LIST = "上级专项资金项目{n}个，预算资金总额{total}万元，分别为：甲经费{a}万元、乙经费300万元、丙经费80万元。"


def listed(text: str) -> list[Grounded]:
    """The subtotal and the projects of ``LIST``."""
    total = re.search(r"总额(\d+)", text)
    assert total is not None
    records = [fact(text, total[1], "预算/上级专项资金项目/预算资金总额", "full_year_budget")]
    for item in re.finditer(r"([甲乙丙]经费)([\d.]+)万元", text):
        values = {
            "section": "资金来源",
            "name": item[1],
            "full_year_budget": {"value": item[2], "unit": "万元"},
            "quote": item[0],
        }
        records.append(record("projects", values, text, item.start(), stop=item.end()))
    return records


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"n": 3, "total": 640, "a": 260}, []),
        ({"n": 3, "total": 642, "a": 260}, []),  # whole numbers: ±½ each
        ({"n": 3, "total": 650, "a": 260}, ["sum"]),
        ({"n": 4, "total": 640, "a": 260}, ["count"]),
        ({"n": 4, "total": 740, "a": 260}, []),  # a project may have been overlooked
    ],
)
def test_a_list_of_projects_against_what_introduces_it(values: dict[str, int], expected: list[str]) -> None:
    text = LIST.format(**values)
    assert kinds(found(text, *listed(text))) == expected


def test_an_amount_that_no_project_holds_leaves_a_list_open() -> None:
    text = (
        LIST.format(n=3, total=740, a=260)
        .replace("项目3个，", "")
        .replace("丙经费80万元", "丙经费80万元、丁经费100万元")
    )
    assert found(text, *listed(text)) == []


def test_one_project_with_two_budgets_in_two_lists() -> None:
    text = "1.甲项目：全年预算数60万元\n2.乙项目：全年预算数70万元\n" + "1.甲项目：全年预算数66万元\n"
    records = projects(text)
    apart = [*records[:2], *projects(text, section="另一表")[2:]]
    assert kinds(found(text, *apart)) == ["conflict"]
    assert found(text, *records) == []  # twice in one list: two projects of one name


def test_an_indicator_in_tons_and_in_ten_thousand_tons() -> None:
    text = "电煤保供≥90.4吨 电煤保供≥90.4万吨"
    records = [
        record(
            "indicators",
            {
                "table": table, "level3": "电煤保供", "quote": "电煤保供",
                "target": {"text": f"≥90.4{unit}", "op": "≥", "value": "90.4", "unit": unit},
            },
            text,
            at,
        )
        for table, unit, at in (("表1", "吨", 0), ("表5", "万吨", text.rindex("电煤")))
    ]  # fmt: skip
    assert kinds(found(text, *records)) == ["unit"]


def test_an_amount_for_one_person_is_small_by_itself() -> None:
    text = (
        "筹资标准为每人860元，其中个人缴费{}元。财政补助21643.60万元，个人缴费收入10617.60万元，利息收入7000.00万元。"
    )
    for head, expected in (("每人860元", []), ("共计860元", ["unit"])):
        made = text.format(280).replace("标准为每人860元", head)
        specs = (("860", "筹资", "received", {"unit": "元"}), ("280", "筹资/个人缴费", "received", {"unit": "元"}))
        amounts = (("21643.60", "财政补助"), ("10617.60", "个人缴费收入"), ("7000.00", "利息收入"))
        records = facts(made, *specs, *((v, label, "received") for v, label in amounts))
        assert kinds(check(document(made), bare_layout(made), records)) == expected
