"""What the offline reader makes of the ways in which reports word budgets, spending, rates and comparisons."""

from __future__ import annotations

import pytest

from tests.extraction.offline.reading_cases import read

HEAD = "清源县水务局2022年度部门整体支出绩效自评报告\n一、基本情况\n（一）收支情况\n"


def shown(text: str) -> list[tuple[str, str, int | None, str]]:
    """Budget facts as path, measure, year and value."""
    return [("/".join(f["path"]), f["measure"], f.get("year"), f["value"]) for f in read(HEAD + text, "budget_facts")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "年初预算520.00万元，全年预算560.00万元，实际支出548.80万元，预算执行率百分之98.00。",
            [
                ("年初预算", "initial_budget", 2022, "520.00"),
                ("全年预算", "full_year_budget", 2022, "560.00"),
                ("实际支出", "executed", 2022, "548.80"),
                ("预算执行率", "rate", 2022, "98.00"),
            ],
            id="what was spent of the budgets before it; a rate in words",
        ),
        pytest.param("支出完成年初预算的105.54%。", [("支出/完成年初预算", "rate", 2022, "105.54")], id="a share of a budget"),
        pytest.param(
            "非税收入完成36.00万元，为年初预算的120%。",
            [("非税收入", "received", 2022, "36.00"), ("非税收入/为年初预算", "rate", 2022, "120")],
            id="income that is no tax",
        ),
        pytest.param(
            "收入决算总计600.00万元，支出决算总计590.00万元。",
            [("收入决算总计", "received", 2022, "600.00"), ("支出决算总计", "executed", 2022, "590.00")],
            id="the account's income",
        ),
        pytest.param(
            "上年结转资金12.00万元，当年预算安排300.00万元。",
            [("上年结转资金", "carried_in", 2022, "12.00"), ("预算安排", "full_year_budget", 2022, "300.00")],
            id="a budget is not what was carried in",
        ),
        pytest.param(
            "2022年收入500.00万元，2021年收入480.00万元，增加20.00万元，增长4.17%。",
            [
                ("收入", "received", 2022, "500.00"),
                ("收入", "received", 2021, "480.00"),
                ("收入", "change", 2022, "20.00"),
                ("收入", "rate", 2022, "4.17"),
            ],
            id="the later year is the one that changed",
        ),
        pytest.param(
            "与上年相比，收入增加20.00万元；支出减少6.00万元，下降1.25%。",
            [
                ("收入", "change", 2022, "20.00"),
                ("支出", "change", 2022, "6.00"),
                ("支出", "rate", 2022, "1.25"),
            ],
            id="each change has its own subject",
        ),
        pytest.param(
            "财政拨款收入由上年的480.00万元增至500.00万元。",
            [("财政拨款收入", "received", 2021, "480.00"), ("财政拨款收入", "received", 2022, "500.00")],
            id="from last year's to this year's",
        ),
        pytest.param(
            "支出决算500.00万元，比2021年决算480.00万元增长4.17%。",
            [
                ("支出决算", "executed", 2022, "500.00"),
                ("支出决算", "executed", 2021, "480.00"),
                ("支出决算", "rate", 2022, "4.17"),
            ],
            id="last year's account of the same subject",
        ),
        pytest.param(
            "支出较年初预算增加30.00万元，增长6.38%。",
            [("支出较年初预算增加", "change", 2022, "30.00"), ("支出", "rate", 2022, "6.38")],
            id="what changed against the budget",
        ),
        pytest.param(
            "公务接待费2.50万元（上年3.10万元）。",
            [("支出/公务接待费", "executed", 2022, "2.50"), ("支出/公务接待费", "executed", 2021, "3.10")],
            id="last year's figure in brackets",
        ),
        pytest.param(
            "收入总额520.00万元（含上年结转20.00万元）。",
            [("收入总额", "received", 2022, "520.00"), ("收入总额/上年结转", "carried_in", 2022, "20.00")],
            id="what is contained",
        ),
        pytest.param(
            "年中因政策性增资增加预算25.00万元。",
            [("年中因政策性增资增加预算", "supplementary", 2022, "25.00")],
            id="a budget that was raised",
        ),
        pytest.param(
            "年初，县财政批复我局部门预算120.00万元，其中：基本支出90.00万元。",
            [("部门预算", "initial_budget", 2022, "120.00"), ("部门预算/基本支出", "initial_budget", 2022, "90.00")],
            id="a budget that the treasury approved",
        ),
        pytest.param(
            "县财政共下达我局专项资金60.00万元，已支付57.00万元。",
            [("专项资金", "received", 2022, "60.00"), ("专项资金", "executed", 2022, "57.00")],
            id="what the treasury granted, and what was paid of it",
        ),
        pytest.param(
            "追加预算指标9.00万元，调整后全年预算为129.00万元。",
            [("追加预算指标", "supplementary", 2022, "9.00"), ("调整后全年预算", "full_year_budget", 2022, "129.00")],
            id="a budget is not what was added to it",
        ),
        pytest.param(
            "公务用车保有量5辆。", [("资产/公务用车保有量", "assets", 2022, "5")], id="how many cars there are"
        ),
    ],
)  # fmt: skip
def test_figures_in_sentences(text: str, expected: list[tuple[str, str, int | None, str]]) -> None:
    assert shown(text + "\n") == expected


def test_what_was_spent_on_a_purchase_alone_is_no_fact() -> None:
    assert shown("购置水泵一台，实际使用3.20万元。\n") == []


def test_rows_behind_of_which_are_parts_as_far_as_they_add_up() -> None:
    rows = (
        "资金来源\t当年下达\t全年执行数\n中央资金\t500.00\t480.00\n地方资金\t300.00\t290.00\n"
        "其中：省级\t200.00\t195.00\n县级\t100.00\t95.00\n其他资金\t50.00\t50.00\n合计\t850.00\t820.00\n"
    )
    found = shown(f"表1 资金投入和使用情况表\n单位：万元\n{rows}")
    executed = [path for path, measure, _, _ in found if measure == "executed"]
    assert executed == ["中央资金", "地方资金", "地方资金/省级", "地方资金/县级", "其他资金", "合计"]


def test_directions_of_support_are_projects_with_the_sources_of_their_money() -> None:
    rows = (
        "序号\t支持方向（项目）\t中央资金\t其他资金\t全年预算数\t全年执行数\t执行率\n"
        "1\t小型灌区改造\t80.00\t20.00\t100.00\t95.00\t95%\n2\t节水设备补贴\t40.00\t0\t40.00\t40.00\t100%\n"
    )
    found = read(f"{HEAD}表2 支持方向资金执行情况表\n单位：万元\n{rows}", "projects")
    assert [(p["name"], p["other_funds"]["value"], p["executed"]["value"]) for p in found] == [
        ("小型灌区改造", "20.00", "95.00"),
        ("节水设备补贴", "0", "40.00"),
    ]


def test_a_heading_below_projects_names_one_whatever_it_ends_in() -> None:
    text = (
        "三、分项目绩效完成情况\n1．渠道清淤疏浚\n年度指标下达60万元，实际支付57万元，支付率95%。完成清淤12公里。\n"
        "2．雨情监测站更新\n全年预算40万元，执行40万元，执行率100%。更新监测站6座。\n"
    )
    found = read(HEAD + text, "projects")
    assert [(p["name"], p["full_year_budget"]["value"], p["execution_rate"]["value"]) for p in found] == [
        ("渠道清淤疏浚", "60", "95"),
        ("雨情监测站更新", "40", "100"),
    ]
    assert [f for f in shown(text) if f[1] != "rate"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "资金实际到位90.00万元，其中省级60.00万元、县级30.00万元；实际支出85.00万元。",
            [
                ("收入/实际到位", "received", 2022, "90.00"),
                ("收入/实际到位/省级", "received", 2022, "60.00"),
                ("收入/实际到位/县级", "received", 2022, "30.00"),
                ("实际支出", "executed", 2022, "85.00"),
            ],
        ),
        (
            "累计安排专项资金75.00万元，其中2021年35.00万元、2022年40.00万元。",
            [
                ("累计安排专项资金", "received", 2022, "75.00"),
                ("累计安排专项资金", "received", 2021, "35.00"),
                ("累计安排专项资金", "received", 2022, "40.00"),
            ],
        ),
    ],
    ids=["what arrived", "parts by year"],
)
def test_parts_behind_a_bare_word_are_read(text: str, expected: list[tuple[str, str, int, str]]) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "到位资金490万元，其中：东山县100万元，西岭县190万元，北原县200万元。全年支出480万元。",
            [
                ("到位资金", "received", None, "490"),
                ("到位资金", "received", "东山县", "100"),
                ("到位资金", "received", "西岭县", "190"),
                ("到位资金", "received", "北原县", "200"),
                ("全年支出", "executed", None, "480"),
            ],
        ),
        (
            "河东镇安排资金20万元，支出18万元，支出率90%；河西镇安排资金40万元，支出30万元，支出率75%。",
            [
                ("安排资金", "received", "河东镇", "20"),
                ("支出", "executed", "河东镇", "18"),
                ("支出率", "rate", "河东镇", "90"),
                ("安排资金", "received", "河西镇", "40"),
                ("支出", "executed", "河西镇", "30"),
                ("支出率", "rate", "河西镇", "75"),
            ],
        ),
        (
            "全县区支出20万元，本区支出18万元。",
            [("本区支出", "executed", None, "18")],
        ),
    ],
    ids=["parts of what arrived", "each with more figures", "no place of its own"],
)
def test_money_listed_by_place_belongs_to_the_place(
    text: str, expected: list[tuple[str, str, str | None, str]]
) -> None:
    found = read(HEAD + text, "budget_facts")
    assert [("/".join(f["path"]), f["measure"], f.get("org"), f["value"]) for f in found] == expected


@pytest.mark.parametrize("broken", ["1 2.5", "12. 5", "12．　5"])
def test_the_rest_of_a_number_that_is_broken_by_a_space_is_no_figure(broken: str) -> None:
    assert shown(f"全年支出{broken}万元，项目支出3.2万元。") == [("项目支出", "executed", 2022, "3.2")]


def test_what_is_left_over_has_no_parts() -> None:
    text = "年末结转结余421.54万元。按支出性质分，基本支出1254.80万元，项目支出8257.66万元。"
    assert shown(text) == [
        ("年末结转结余", "carried_out", 2022, "421.54"),
        ("基本支出", "executed", 2022, "1254.80"),
        ("项目支出", "executed", 2022, "8257.66"),
    ]
