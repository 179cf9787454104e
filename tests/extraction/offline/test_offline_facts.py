"""What the offline reader makes of figures in sentences and tables: parts, comparisons, shares, sides, years."""

from __future__ import annotations

import pytest

from tests.extraction.offline.reading_cases import facts, read

HEAD = "清源县水务局2022年度部门整体支出绩效自评报告\n"


def shown(text: str) -> list[tuple[str, str, int | None, str]]:
    """Budget facts as deepest label, measure, year and value."""
    return [(f["path"][-1], f["measure"], f.get("year"), f["value"]) for f in read(HEAD + text, "budget_facts")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "公用经费90.20万元，较2021年度88.10万元增加2.10万元，增长2.38%。",
            [
                ("公用经费", "executed", 2022, "90.20"),
                ("公用经费", "executed", 2021, "88.10"),
                ("公用经费", "change", 2022, "2.10"),
                ("公用经费", "rate", 2022, "2.38"),
            ],
            id="a comparison gives its year to its own figure",
        ),
        pytest.param(
            "本年支出合计812.40万元。与2021年度790.00万元相比，增加22.40万元，增长2.84%。",
            [
                ("本年支出合计", "executed", 2022, "812.40"),
                ("本年支出合计", "executed", 2021, "790.00"),
                ("本年支出合计", "change", 2022, "22.40"),
                ("本年支出合计", "rate", 2022, "2.84"),
            ],
            id="a sentence that begins with a comparison goes on with the subject before it",
        ),
        pytest.param(
            "“三公”经费支出决算9.10万元，完成预算14万元的65.00%，较2021年度8.00万元增加1.10万元。",
            [
                ("“三公”经费", "executed", 2022, "9.10"),
                ("“三公”经费", "full_year_budget", 2022, "14"),
                ("完成预算", "rate", 2022, "65.00"),
                ("“三公”经费", "executed", 2021, "8.00"),
                ("“三公”经费", "change", 2022, "1.10"),
            ],
            id="what the budget was completed by",
        ),
        pytest.param(
            "本年收入合计500.00万元，其中：财政拨款收入480.00万元，占96.00%；其他收入20.00万元，占4.00%。",
            [
                ("本年收入合计", "received", 2022, "500.00"),
                ("财政拨款收入", "received", 2022, "480.00"),
                ("财政拨款收入", "rate", 2022, "96.00"),
                ("其他收入", "received", 2022, "20.00"),
                ("其他收入", "rate", 2022, "4.00"),
            ],
            id="a bare share is the subject's",
        ),
        pytest.param(
            "全年支出812.40万元，占收入总计的95.20%。",
            [("全年支出", "executed", 2022, "812.40"), ("占收入总计", "rate", 2022, "95.20")],
            id="a share of something named",
        ),
        pytest.param(
            "按功能分类：1.农林水支出300.00万元，其中：行政运行120.00万元，水利行业业务管理30.50万元；2.城乡社区（类）支出60.00万元。",
            [
                ("农林水支出", "executed", 2022, "300.00"),
                ("行政运行", "executed", 2022, "120.00"),
                ("水利行业业务管理", "executed", 2022, "30.50"),
                ("城乡社区（类）支出", "executed", 2022, "60.00"),
            ],
            id="parts in a list may be called anything",
        ),
        pytest.param(
            "固定资产原值640.00万元，其中在用600.00万元。镇本级共有公务用车3辆。",
            [("固定资产原值", "assets", 2022, "640.00"), ("在用", "assets", 2022, "600.00"), ("公务用车", "assets", 2022, "3")],
            id="assets and vehicles",
        ),
        pytest.param(
            "年初预算700.00万元，年中追加150.00万元，全年预算数850.00万元。",
            [
                ("年初预算", "initial_budget", 2022, "700.00"),
                ("年中追加", "supplementary", 2022, "150.00"),
                ("全年预算数", "full_year_budget", 2022, "850.00"),
            ],
            id="what is added is no subject of what comes next",
        ),
        pytest.param(
            "当年预算调整为850.00万元。机关运行经费支出60.00万元，比年初预算65.00万元节约5.00万元，下降7.69%。",
            [
                ("当年预算", "full_year_budget", 2022, "850.00"),
                ("机关运行经费支出", "executed", 2022, "60.00"),
                ("机关运行经费支出", "initial_budget", 2022, "65.00"),
                ("机关运行经费支出", "change", 2022, "5.00"),
                ("机关运行经费支出", "rate", 2022, "7.69"),
            ],
            id="a comparison with the budget is of the same year",
        ),
        pytest.param(
            "2022年初结转和结余资金33.20万元，当年决算总收入410.00万元，节约资金4.00万元，节约率4%。",
            [
                ("年初结转和结余资金", "carried_in", 2022, "33.20"),
                ("决算总收入", "received", 2022, "410.00"),
                ("节约资金", "change", 2022, "4.00"),
                ("节约率", "rate", 2022, "4"),
            ],
            id="what is carried in, received and saved",
        ),
        pytest.param(
            "截至2023年3月31日，实际到位资金90.00万元，资金到位率90.00%。",
            [("实际到位资金", "received", 2022, "90.00"), ("资金到位率", "rate", 2022, "90.00")],
            id="the year of a date is not the year of the figures",
        ),
        pytest.param(
            "年初批复我局一般公共预算财政拨款收入320.00万元；年初支出预算同为320.00万元，分为基本支出200.00万元和项目支出120.00万元。",
            [
                ("一般公共预算财政拨款收入", "initial_budget", 2022, "320.00"),
                ("支出", "initial_budget", 2022, "320.00"),
                ("基本支出", "initial_budget", 2022, "200.00"),
                ("项目支出", "initial_budget", 2022, "120.00"),
            ],
            id="what was approved at the start of the year",
        ),
    ],
)  # fmt: skip
def test_figures_in_sentences(text: str, expected: list[tuple[str, str, int | None, str]]) -> None:
    assert shown(text + "\n") == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("全县实现旅游综合收入12.6亿元，增长8.4%。\n", id="the region's income"),
        pytest.param("全年接收进修人员35名，访谈乡村干部27人。\n", id="people of the work"),
        pytest.param(
            "三、项目支出情况\n1.河道清淤整治工程。全年预算80.00万元，支付72.00万元，结余8.00万元。\n", id="a project's own money"
        ),
        pytest.param(
            "三、重点项目实施情况\n2.饮水安全巩固提升项目，预算50万元，支出48万元，执行率96%。\n", id="a project in one line"
        ),
    ],
)  # fmt: skip
def test_figures_of_others_are_no_budget_facts(text: str) -> None:
    assert facts(HEAD + text) == []


def table(*rows: str) -> str:
    return HEAD + "二、收支情况\n" + "\n".join(rows) + "\n"


def test_a_table_of_two_sides_is_read_side_by_side() -> None:
    text = table(
        "表1 收入支出决算总表",
        "单位：万元",
        "项目\t决算数\t项目\t决算数",
        "一、财政拨款收入\t480.00\t一、农林水支出\t300.00",
        "二、其他收入\t20.00\t二、住房保障支出\t190.00",
        "本年收入合计\t500.00\t本年支出合计\t490.00",
    )
    assert [(label, measure, value) for label, measure, value, _ in facts(text)] == [
        ("财政拨款收入", "received", "480.00"),
        ("其他收入", "received", "20.00"),
        ("本年收入合计", "received", "500.00"),
        ("农林水支出", "executed", "300.00"),
        ("住房保障支出", "executed", "190.00"),
        ("本年支出合计", "executed", "490.00"),
    ]


def test_a_total_row_goes_by_its_own_name_though_it_stands_in_the_column_of_ordinals() -> None:
    text = table(
        "表2 项目支出明细表",
        "单位：万元",
        "序号\t项目名称\t预算数\t执行数",
        "1\t河道清淤整治工程\t80.00\t72.00",
        "2\t山洪灾害防治设施维护\t40.00\t39.50",
        "合计\t\t120.00\t111.50",
    )
    assert facts(text) == [("合计", "full_year_budget", "120.00", "万元"), ("合计", "executed", "111.50", "万元")]


def test_a_column_of_growth_rates_goes_by_its_row() -> None:
    text = table(
        "表3 支出对比表",
        "单位：万元",
        "支出项目\t2022年\t2021年\t增减额\t增减率",
        "工资福利支出\t210.00\t200.00\t10.00\t5.00%",
        "商品和服务支出\t95.00\t100.00\t-5.00\t-5.00%",
    )
    assert {label for label, _, _, _ in facts(text)} == {"工资福利支出", "商品和服务支出"}
