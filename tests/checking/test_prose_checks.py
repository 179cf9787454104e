"""Budget facts in sentences: parts and heads, totals that close a list, growth, rates and balances."""

from __future__ import annotations

from typing import Any

import pytest
from checking_cases import bare_layout, document, facts, kinds

from pipeline.checking import check
from pipeline.flow import Finding, Severity

Spec = tuple[Any, ...]
ADDED, CUT, IN = "supplementary", "reduction", "carried_in"
E, R, B, F = "executed", "received", "initial_budget", "full_year_budget"


def found(text: str, *specs: Spec) -> list[Finding]:
    """What checking finds in a text with these facts."""
    return list(check(document(text), bare_layout(text), facts(text, *specs)))


LISTS: list[tuple[str, str, list[Spec], list[str]]] = [
    (
        "parts in brackets that exceed their head",
        "项目经费11062.47万元（其中，州本级安排4248.92万元，上级补助6914.56万元）。",
        [("11062.47", "项目经费", E), ("4248.92", "项目经费/州本级安排", E), ("6914.56", "项目经费/上级补助", E)],
        ["sum"],
    ),
    (
        "parts that fall short of their head, by a known division",
        "整体支出1895.40万元，其中基本支出742.95万元（人员经费661.30万元、公用经费78.65万元），项目支出1152.45万元。",
        [
            ("1895.40", "整体支出", E),
            ("742.95", "整体支出/基本支出", E),
            ("661.30", "整体支出/基本支出/人员经费", E),
            ("78.65", "整体支出/基本支出/公用经费", E),
            ("1152.45", "整体支出/项目支出", E),
        ],
        ["sum"],
    ),
    (
        "staff costs are wages and benefits: the parts fall short",
        "人员经费948.72万元，其中：工资福利支出801.34万元，对个人和家庭的补助143.78万元。",
        [
            ("948.72", "人员经费", E),
            ("801.34", "人员经费/工资福利支出", E),
            ("143.78", "人员经费/对个人和家庭的补助", E),
        ],
        ["sum"],
    ),
    (
        "posts are administrative, institutional and support",
        "核定编制58名，其中：行政编制24名，事业编制31名，机关工勤编制2名。",
        [
            ("58", "核定编制", "headcount"),
            ("24", "核定编制/行政编制", "headcount"),
            ("31", "核定编制/事业编制", "headcount"),
            ("2", "核定编制/机关工勤编制", "headcount"),
        ],
        ["sum"],
    ),
    (
        "其中 with a residual names all parts",
        "收入总计581.67万元，其中财政拨款收入553.67万元，其他收入26万元。",
        [("581.67", "收入总计", R), ("553.67", "收入总计/财政拨款收入", R), ("26", "收入总计/其他收入", R)],
        ["sum"],
    ),
    (
        "其中 without a residual may leave parts out",
        "支出581.67万元，其中培训费3.20万元，会议费2.10万元。",
        [("581.67", "支出", E), ("3.20", "支出/培训费", E), ("2.10", "支出/会议费", E)],
        [],
    ),
    (
        "主要用于 may leave parts out, even with a residual",
        "公用经费135.25万元，主要用于办公费22.3万元、水电费15.6万元、其他支出8万元。",
        [
            ("135.25", "公用经费", E),
            ("22.3", "公用经费/办公费", E),
            ("15.6", "公用经费/水电费", E),
            ("8", "公用经费/其他支出", E),
        ],
        [],
    ),
    (
        "主要用于 that exceeds its head",
        "国有资本经营预算支出8.54万元，主要用于商品和服务支出，其中办公费1.32万元、差旅费9.04万元。",
        [
            ("8.54", "国有资本经营预算支出", E),
            ("1.32", "国有资本经营预算支出/商品和服务支出/办公费", E),
            ("9.04", "国有资本经营预算支出/商品和服务支出/差旅费", E),
        ],
        ["sum"],
    ),
    (
        "two divisions of one head, each of which adds up",
        "在职人员40人（行政人员15人，事业人员25人），其中：男27人，女13人。",
        [
            ("40", "人员/在职人员", "headcount", {"unit": "人"}),
            ("15", "人员/在职人员/行政人员", "headcount", {"unit": "人"}),
            ("25", "人员/在职人员/事业人员", "headcount", {"unit": "人"}),
            ("27", "人员/在职人员/男", "headcount", {"unit": "人"}),
            ("13", "人员/在职人员/女", "headcount", {"unit": "人"}),
        ],
        [],
    ),
    (
        "含 names some of the parts",
        "科级领导职数13名（含专职书记1名、总工程师1名）。",
        [
            ("13", "人员/科级领导职数", "headcount", {"unit": "名"}),
            ("1", "人员/科级领导职数/专职书记", "headcount", {"unit": "名"}),
            ("1", "人员/科级领导职数/总工程师", "headcount", {"unit": "名"}),
        ],
        [],
    ),
    (
        "a part that no record holds leaves a list incomplete",
        "收入合计2687.60万元，其中：一般公共预算拨款2500万元，政府性基金150.60万元，其他收入37万元。",
        [("2687.60", "收入合计", R), ("2500", "收入合计/一般公共预算拨款", R), ("37", "收入合计/其他收入", R)],
        [],
    ),
    (
        "what was carried in may or may not be part of the income",
        "收入合计1902.77万元，其中上年结转42.18万元、财政拨款1846.35万元、其他收入56.42万元。",
        [
            ("1902.77", "收入合计", R),
            ("42.18", "收入合计/上年结转", "carried_in"),
            ("1846.35", "收入合计/财政拨款", R),
            ("56.42", "收入合计/其他收入", R),
        ],
        [],
    ),
    (
        "one unit of the last place is rounding",
        "基本支出2834.44万元，其中人员经费2470.10万元，公用经费364.35万元。",
        [("2834.44", "基本支出", E), ("2470.10", "基本支出/人员经费", E), ("364.35", "基本支出/公用经费", E)],
        [],
    ),
    (
        "a total whose point is one place off",
        "收入合计1958.50万元，其中财政拨款收入189.05万元，其他收入6.80万元。",
        [("1958.50", "收入合计", R), ("189.05", "收入合计/财政拨款收入", R), ("6.80", "收入合计/其他收入", R)],
        ["decimal_shift"],
    ),
    (
        "a total printed after its parts, whatever their labels are",
        "按科目分类工资福利支出1567.51万元，商品服务支出363.27万元，资本性支出10.80万元，支出合计1931.86万元。",
        [
            ("1567.51", "工资福利支出", E),
            ("363.27", "商品服务支出", E),
            ("10.80", "资本性支出", E),
            ("1931.86", "支出合计", E),
        ],
        ["sum"],
    ),
    (
        "a total after the clause of another list",
        "收入1902.77万元，其中拨款1846.35万元、其他56.42万元；本年支出合计1895.40万元。",
        [
            ("1902.77", "收入", R),
            ("1846.35", "收入/拨款", R),
            ("56.42", "收入/其他", R),
            ("1895.40", "本年支出合计", E),
        ],
        [],
    ),
    (
        "units that differ are brought together",
        "支出1.2亿元，其中基本支出2000万元，项目支出10000万元。",
        [
            ("1.2", "支出", E, {"unit": "亿元"}),
            ("2000", "支出/基本支出", E),
            ("10000", "支出/项目支出", E),
        ],
        [],
    ),
    (
        "a figure without a unit is not added to one with",
        "支出合计120万元，其中基本支出20，项目支出300。",
        [
            ("120", "支出合计", E),
            ("20", "支出合计/基本支出", E, {"unit": None}),
            ("300", "支出合计/项目支出", E, {"unit": None}),
        ],
        [],
    ),
]


@pytest.mark.parametrize(("text", "specs", "expected"), [c[1:] for c in LISTS], ids=[c[0] for c in LISTS])
def test_parts_against_their_head(text: str, specs: list[Spec], expected: list[str]) -> None:
    assert kinds(found(text, *specs)) == expected


GROWTH: list[tuple[str, str, list[Spec], list[str]]] = [
    (
        "a rise that is called a fall",
        "项目支出6148.40万元，比2021年项目支出4078.15万元增加2070.25万元，降幅50.76%。",
        [
            ("6148.40", "项目支出", E),
            ("4078.15", "项目支出", E, {"year": 2021}),
            ("2070.25", "项目支出", "change"),
            ("50.76", "项目支出", "rate", {"unit": "%"}),
        ],
        ["direction"],
    ),
    (
        "a rate of the wrong base",
        "“三公经费”全年支出31.95万元，较2021年的35.20万元减少3.25万元，下降10.17%。",
        [
            ("31.95", "三公经费", E),
            ("35.20", "三公经费", E, {"year": 2021}),
            ("3.25", "三公经费", "change"),
            ("10.17", "三公经费", "rate", {"unit": "%"}),
        ],
        ["growth"],
    ),
    (
        "two wrong words are one finding",
        "“三公”经费支出3.31万元（公务用车2.60万元，公务接待费0.71万元），较上年2.95万元减少0.36万元，下降12.20%。",
        [
            ("3.31", "“三公”经费支出", E),
            ("2.60", "“三公”经费支出/公务用车", E),
            ("0.71", "“三公”经费支出/公务接待费", E),
            ("2.95", "“三公”经费支出", E, {"year": 2021}),
            ("0.36", "“三公”经费支出", "change"),
            ("12.20", "“三公”经费支出", "rate", {"unit": "%"}),
        ],
        ["direction"],
    ),
    (
        "a change without this year's figure",
        "本年支出较上年1764.20万元增加131.20万元，同比增长8.44%。",
        [("131.20", "本年支出", "change"), ("8.44", "本年支出", "rate", {"unit": "%"})],
        ["growth"],
    ),
    (
        "a wrong change",
        "收入总额8982.84万元，较2021年收入5205.51万元，增加3777.73万元。",
        [
            ("8982.84", "收入总额", R),
            ("5205.51", "收入", R, {"year": 2021}),
            ("3777.73", "收入总额", "change"),
        ],
        ["growth"],
    ),
    (
        "pairs one after another keep to themselves",
        "收入8982.84万元，较2021年5205.51万元增加3777.33万元，拨款7650.85万元，较2021年4679.80万元，增加2971.05万元，增幅63.49%。",
        [
            ("8982.84", "收入", R),
            ("5205.51", "收入", R, {"year": 2021}),
            ("3777.33", "收入", "change"),
            ("7650.85", "收入/拨款", R),
            ("4679.80", "收入/拨款", R, {"year": 2021}),
            ("2971.05", "收入/拨款", "change"),
            ("63.49", "收入/拨款", "rate", {"unit": "%"}),
        ],
        [],
    ),
    (
        "a whole percentage is rounded",
        "公务车辆维护费24.83万元，比2021年11.50万元，增幅116%。",
        [
            ("24.83", "公务车辆维护费", E),
            ("11.50", "公务车辆维护费", E, {"year": 2021}),
            ("116", "公务车辆维护费", "rate", {"unit": "%"}),
        ],
        [],
    ),
    (
        "a level is no change",
        "办公费由上年10万元增加到12万元。",
        [("10", "办公费", E, {"year": 2021}), ("12", "办公费", E)],
        [],
    ),
    (
        "what was carried over is no base",
        "年初预算100万元，上年结转20万元，增加预算30万元。",
        [("100", "年初预算", B), ("20", "上年结转", "carried_in"), ("30", "增加预算", "change")],
        [],
    ),
]


@pytest.mark.parametrize(("text", "specs", "expected"), [c[1:] for c in GROWTH], ids=[c[0] for c in GROWTH])
def test_growth_with_its_direction_words(text: str, specs: list[Spec], expected: list[str]) -> None:
    assert kinds(found(text, *specs)) == expected


PERCENT = {"unit": "%"}
RATES: list[tuple[str, str, list[Spec], list[str]]] = [
    (
        "a rate against the amounts of its sentence",
        "全年预算数7479.37万元，全年执行数5069.77万元，预算完成率100%。",
        [("7479.37", "全年预算数", F), ("5069.77", "全年执行数", E), ("100", "预算完成率", "rate", PERCENT)],
        ["ratio"],
    ),
    (
        "the clause decides, not the sentence",
        "市级资金到位382.4万元，支出357.65万元，执行率93.5%；上级资金到位640万元，支出619.2万元，执行率97%。",
        [
            ("382.4", "市级资金/到位", R), ("357.65", "市级资金/支出", E), ("93.5", "执行率", "rate", PERCENT),
            ("640", "上级资金/到位", R), ("619.2", "上级资金/支出", E), ("97", "执行率", "rate", PERCENT),
        ],
        [],
    ),
    (
        "people in post against posts",
        "共有编制91人，实有在职人数为78人，在职人员控制率为87.51%。",
        [
            ("91", "人员/编制", "headcount", {"unit": "人"}),
            ("78", "人员/实有在职人数", "headcount", {"unit": "人"}),
            ("87.51", "在职人员控制率", "rate", PERCENT),
        ],
        ["ratio"],
    ),
    (
        "parts of the numerator are not taken for it",
        "三公经费预算30万元，实际支出24.6万元，其中公务接待费3.1万元、公务用车费21.5万元，三公经费控制率82%。",
        [
            ("30", "三公经费", F), ("24.6", "三公经费", E), ("3.1", "三公经费/公务接待费", E),
            ("21.5", "三公经费/公务用车费", E), ("82", "三公经费控制率", "rate", PERCENT),
        ],
        [],
    ),
    (
        "an amount that no record holds counts too",
        "三公经费预算30万元，实际支出24.6万元，三公经费控制率82%。",
        [("30", "三公经费", F), ("82", "三公经费控制率", "rate", PERCENT)],
        [],
    ),
    (
        "a multiple instead of a percentage",
        "年初预算安排公用经费292.62万元，实际支出公用经费473.5万元，公用经费控制率为1.27倍。",
        [("292.62", "公用经费", B), ("473.5", "公用经费", E), ("1.27", "公用经费控制率", "rate", {"unit": "倍"})],
        ["ratio"],
    ),
    (
        "a rate of nothing named is left alone",
        "全年预算数7479.37万元，项目完成率100%。",
        [("7479.37", "全年预算数", F), ("100", "项目完成率", "rate", PERCENT)],
        [],
    ),
    (
        "a rate of the whole budget against the figures that the report agrees on",
        "全年预算数1944.95万元。全年支出1895.40万元。存在的问题：预算执行率91.45%。",
        [("1944.95", "全年预算数", F), ("1895.40", "全年支出", E), ("91.45", "预算执行率", "rate", PERCENT)],
        ["ratio"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "specs", "expected"), [c[1:] for c in RATES], ids=[c[0] for c in RATES])
def test_named_rates(text: str, specs: list[Spec], expected: list[str]) -> None:
    assert kinds(found(text, *specs)) == expected


BALANCES: list[tuple[str, str, list[Spec], list[str]]] = [
    (
        "initial, supplementary and reduction make the full year",
        "年初预算2310.50万元，追加412.30万元，调减35.20万元，全年预算数2697.60万元。",
        [("2310.50", "年初预算", B), ("412.30", "追加", ADDED), ("35.20", "调减", CUT), ("2697.60", "全年预算数", F)],
        ["sum"],
    ),
    (
        "the initial budget may hold what was carried in",
        "年初结转42.18万元，年初预算1386.50万元，追加558.45万元，全年预算数1944.95万元。",
        [("42.18", "年初结转", IN), ("1386.50", "年初预算", B), ("558.45", "追加", ADDED), ("1944.95", "全年预算数", F)],
        [],
    ),
    (
        "budget less spending is carried out",
        "全年预算数7479.37万元，全年总支出5069.77万元，年末结转和结余2409.60万元。",
        [("7479.37", "全年预算数", F), ("5069.77", "全年总支出", E), ("2409.60", "年末结转和结余", "carried_out")],
        [],
    ),
    (
        "carried in and received less spent is carried out",
        "年初结转结余42.18万元，本年收入合计1902.77万元；本年支出合计1895.40万元，年末结转结余47.55万元。",
        [
            ("42.18", "年初结转结余", "carried_in"), ("1902.77", "本年收入合计", R),
            ("1895.40", "本年支出合计", E), ("47.55", "年末结转结余", "carried_out"),
        ],
        ["difference"],
    ),
    (
        "one source of income does not balance the whole",
        "财政拨款收入553.67万元，支出合计581.67万元，年末结转5万元。",
        [("553.67", "财政拨款收入", R), ("581.67", "支出合计", E), ("5", "年末结转", "carried_out")],
        [],
    ),
    (
        "a saving against the budget before it",
        "预算下达1022.4万元，实际支出976.85万元，较预算节约54.55万元。",
        [("54.55", "支出/较预算节约", "change")],
        ["difference"],
    ),
    (
        "a saving that follows",
        "预算下达1327.19万元，实际支出1240.6万元，支出较预算节约86.59万元。",
        [("86.59", "支出/较预算节约", "change")],
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "specs", "expected"), [c[1:] for c in BALANCES], ids=[c[0] for c in BALANCES])
def test_balances(text: str, specs: list[Spec], expected: list[str]) -> None:
    assert kinds(found(text, *specs)) == expected


def test_a_finding_says_everything() -> None:
    text = "收入总计581.67万元，其中财政拨款收入553.67万元，其他收入26万元。另有捐赠2万元。"
    (finding,) = found(
        text,
        ("581.67", "收入总计", R),
        ("553.67", "收入总计/财政拨款收入", R),
        ("26", "收入总计/其他收入", R),
        ("2", "捐赠", R),
    )
    assert finding.severity is Severity.ERROR
    assert finding.relation == "budget_facts.parts"
    assert (finding.stated, finding.computed) == ("581.67万元", "579.67万元")
    assert str(finding.slack) == "0.51"
    assert finding.message == "收入总计581.67万元≠财政拨款收入553.67＋其他收入26＝579.67万元，相差2万元"
    assert "579.67" in finding.message_en
    assert finding.suggestion == "差额2恰等于“捐赠”2万元，疑漏列此项"
    assert [x.role for x in finding.literals] == ["total", "part", "part"]
    assert [text[x.span.start : x.span.stop] for x in finding.literals] == ["581.67", "553.67", "26"]
    assert all(x.record_id and x.field == "value" for x in finding.literals)


def test_the_order_of_records_changes_nothing() -> None:
    text = LISTS[0][1] + LISTS[1][1]
    records = facts(text, *LISTS[0][2], *LISTS[1][2])
    forwards = check(document(text), bare_layout(text), records)
    assert forwards == check(document(text), bare_layout(text), records[::-1])
    assert [f.literals[0].span.start for f in forwards] == sorted(f.literals[0].span.start for f in forwards)
