"""Checks that read prose and tables as they are printed, whatever records were made of them: each with what it must not say."""

from __future__ import annotations

import pytest
from checking_cases import document, facts, kinds, record

from pipeline.checking import check
from pipeline.flow import Finding
from pipeline.layout import lay_out

TITLE = "青禾县水务局2022年度部门整体支出绩效自评报告\n一、基本情况\n"


def found(body: str) -> list[Finding]:
    """What checking finds in a report of one chapter without any record."""
    made = document(TITLE + body)
    return list(check(made, lay_out(made), ()))


REMAINDERS = [
    ("到位资金5640万元，支付4230万元，支付率75%，结余1140万元。", ["difference"]),
    ("到位资金5640万元，支付4230万元，支付率75%，结余1410万元。", []),
    ("全年预算742.00万元，资金足额到位，支付689.60万元，结余42.40万元。", ["difference"]),
    ("配套资金计划4000万元，实际到位2250万元，缺口1850万元。", ["difference"]),
    ("配套资金计划4000万元，实际到位2250万元，缺口1750万元。", []),
    ("到位资金5640.4万元，支付4230.2万元，结余1410万元。", []),
    ("预算800万元，到位700万元，支付650万元，结余50万元。", []),
    ("预算800万元，到位700万元，支付650万元，结余150万元。", []),
    ("预算800万元，支付650万元，收回财政100万元，结余50万元。", []),
    ("上年结转20万元，到位700万元，支付650万元，结余70万元。", []),
    ("到位资金700万元，支付650万元，年末结转结余62万元。", []),
    ("到位资金700万元。支付及时。工程款结余62万元。", []),
    ("到位资金700万元（其中省级资金300万元），支付650万元，结余50万元。", []),
    ("到位资金700万元；另有结余62万元。", []),
    ("区级应配套1649.52万元，实际到账1299.52万元，缺口305.00万元。", ["difference"]),
]


LISTED = """2022年专项资金预算安排{total}万元。资金共安排{n}个子项目。
表1  子项目安排情况
单位：万元
序号\t子项目名称\t预算金额\t支出金额
1\t产业基地建设\t1260.00\t1198.45
2\t村组道路硬化\t1580.00\t1580.00
3\t饮水安全巩固\t860.00\t802.30
合计\t\t3700.00\t3580.75
"""


@pytest.mark.parametrize(
    ("n", "total", "expected"), [("4", "3700", ["count"]), ("3", "3700", []), ("4", "5200", []), ("12", "3700", [])]
)
def test_a_number_of_projects_is_held_against_the_table_of_them_all(n: str, total: str, expected: list[str]) -> None:
    assert kinds(found(LISTED.format(n=n, total=total))) == expected


DIVISIONS = [
    (
        "三公经费支出58.34万元，比上年减少3.56万元。其中：公务接待费6.12万元，公务用车运行维护费42.72万元，因公出国（境）费8.60万元。",
        ["sum"],
    ),
    (
        "三公经费支出57.44万元，比上年减少3.56万元。其中：公务接待费6.12万元，公务用车运行维护费42.72万元，因公出国（境）费8.60万元。",
        [],
    ),
    ("三公经费支出158.34万元。其中：公务接待费6.12万元，公务用车运行维护费42.72万元，因公出国（境）费8.60万元。", []),
    ("三公经费支出58.34万元。其中：公务接待费6.12万元，公务用车运行维护费42.72万元。", []),
    (
        "三公经费支出58.34万元。其中：公务接待费6.12万元，公务用车购置费40.72万元，公务用车运行费2.90万元，因公出国（境）费8.60万元。",
        [],
    ),
    ("支出58.34万元。其中：公务接待费6.12万元，培训费42.72万元，会议费8.60万元。", []),
]


@pytest.mark.parametrize(("text", "expected"), DIVISIONS)
def test_a_whole_division_is_held_against_the_sentence_before(text: str, expected: list[str]) -> None:
    assert kinds(found(text)) == expected


@pytest.mark.parametrize(
    ("left", "expected"), [("1597.82", ["difference"]), ("1579.82", []), ("1479.82", ["difference"]), ("1402.11", [])]
)
def test_what_a_year_leaves_is_held_against_its_budget_and_spending(left: str, expected: list[str]) -> None:
    text = f"调整后全年预算23273.00万元。\n全年支出21693.18万元，执行率93.21%。年末结转结余{left}万元，均为项目结转。\n"
    made = document(text)
    records = facts(
        text,
        ("23273.00", "预算/全年预算", "full_year_budget"),
        ("21693.18", "支出/全年支出", "executed"),
        (left, "结转结余/年末结转结余", "carried_out"),
    )
    assert kinds(check(made, lay_out(made), records)) == expected


@pytest.mark.parametrize(("text", "expected"), REMAINDERS)
def test_what_is_left(text: str, expected: list[str]) -> None:
    assert kinds(found(text)) == expected


def test_a_remainder_names_its_three_figures_and_the_exchanged_digits() -> None:
    (finding,) = found("到位资金5640万元，支付4230万元，支付率75%，结余1140万元。")
    assert [(x.role, x.printed) for x in finding.literals] == [("stated", "1140"), ("base", "5640"), ("spent", "4230")]
    assert (finding.stated, finding.computed) == ("1140万元", "1410万元")
    assert finding.suggestion == "疑相邻数字颠倒"


SCORES = [
    ("自评得分93.5分。其中：投入15分，得14分；过程30分，得28.5分；产出30分，得27分；效果25分，得23分。", ["score_sum"]),
    ("自评得分92.5分。其中：投入15分，得14分；过程30分，得28.5分；产出30分，得27分；效果25分，得23分。", []),
    (
        "总分100分，自评得分93.5分，投入15分，得14分；过程30分，得28.5分；产出30分，得27分；效果25分，得23分。",
        ["score_sum"],
    ),
    ("自评得分93.5分。其中：投入15分，得14分；过程30分，得28.5分；产出30分，得27分。", []),
    ("自评得分93.5分，复核得分90分。投入15分，得14分；过程30分，得28.5分；产出30分，得27分；效果25分，得23分。", []),
    ("投入15分，得14分；过程30分，得28.5分；产出30分，得27分；效果25分，得23分。", []),
]


@pytest.mark.parametrize(("text", "expected"), SCORES)
def test_scores_told_in_prose(text: str, expected: list[str]) -> None:
    assert kinds(found(text)) == expected


def test_scores_in_prose_are_held_against_the_reports_own() -> None:
    text = (
        TITLE + "投入15分，得14分；过程30分，得28.5分；产出30分，得27分；效果25分，得23分。\n二、结论\n综合得分93.5分。"
    )
    quote = "综合得分93.5"
    head = {"quote": quote, "kind": "overall_self_evaluation", "title": "报告", "score": "93.5"}
    made = document(text)
    assert kinds(check(made, lay_out(made), [record("reports", head, text, text.index(quote))])) == ["score_sum"]


LISTS = [
    ("下属预算单位5个，分别为水库管理所、河道站、水文站、供水站。", ["count"]),
    ("下属预算单位4个，分别为水库管理所、河道站、水文站、供水站。", []),
    ("下属预算单位4家，包括：水库管理所、河道站、水文站。", ["count"]),
    ("下属预算单位5个，分别为水库管理所、河道站、水文站等。", []),
    ("下属预算单位4个，分别为水库管理所、河道站、水文站和供水站。", []),
    ("下属预算单位3个，分别为水库管理所、河道站、水文和供水站。", []),
    ("下属预算单位5个，分别为水库管理所、河道站、水文和供水站。", ["count"]),
    ("涉及项目3个，分别为河道治理20万元、管网改造30万元。", []),
    ("下设股室5个，分别为办公室（含人事、财务）、规划股、建管股、水资源股、河湖股。", []),
    ("共涉及12个，主要为河道、水库。", []),
    ("采购食材6大类，分别为米面、肉类、蛋奶、蔬菜、水果。", ["count"]),
    ("实施项目6个：一是河道治理；二是管网改造；三是水库加固；四是水质监测；五是宣传培训。", ["count"]),
    ("实施项目5个：一是河道治理；二是管网改造；三是水库加固；四是水质监测；五是宣传培训。", []),
    ("实施项目6个：一是河道治理；二是管网改造；四是水库加固。", []),
    ("2022年抽查3个乡镇，发现2个问题：一是台账不全；二是标识缺失；三是管护不力。", []),
    ("纳入自评的项目共3个，具体为：\n1、河道治理项目。\n2、管网改造项目。\n二、自评组织\n成立小组。", ["count"]),
    ("纳入自评的项目共2个，具体为：\n1、河道治理项目。按期完成。\n2、管网改造项目。按期完成。\n二、自评组织\n成立小组。", []),
    ("纳入自评的项目共3个，具体为：\n1、河道治理项目。\n2、管网改造项目。\n另有一项：\n3、水库项目。\n二、组织\n成立。", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LISTS)
def test_numbers_of_things_and_their_lists(text: str, expected: list[str]) -> None:
    assert kinds(found(text)) == expected


STAGES = [
    ("计划改造18处，已完工14处，在建3处，未开工2处。", ["count"]),
    ("计划改造19处，已完工14处，在建3处，未开工2处。", []),
    ("计划改造18处，已完工14处，在建3处。", []),
    ("计划改造18处，已完工14处，在建3处，未开工2处，另有附属设施4处。", []),
    ("计划改造18处，涉及7处，已完工14处，在建3处，未开工2处。", []),
    ("已完工14处，在建3处，未开工2处。", []),
]


@pytest.mark.parametrize(("text", "expected"), STAGES)
def test_stages_of_a_number(text: str, expected: list[str]) -> None:
    assert kinds(found(text)) == expected


SHARES = [
    ("年初预算为51.20万元，支出决算为51.60万元，完成年初预算的110.78%。", ["ratio"]),
    ("年初预算为51.20万元，支出决算为51.60万元，完成年初预算的100.78%。", []),
    ("年初预算为51.20万元，调整预算为60万元，支出决算为51.60万元，完成年初预算的110.78%。", []),
    ("受理投诉3206件，办结3174件，办结率98%。", ["ratio"]),
    ("受理投诉3206件，办结3174件，办结率99%。", []),
    ("受理投诉3206件，办结3174件，其中当年办结2100件，办结率98%。", []),
    ("计划抽检2600批次，实际完成2688批次，完成率103.38%。", []),
    ("总支出2653.09万元。基本支出1842.35万元，占总支出的69.44%；项目支出810.74万元，占总支出的30.65%。", ["ratio"]),
    ("总支出2653.09万元。基本支出1842.35万元，占总支出的69.44%；项目支出810.74万元，占总支出的30.56%。", []),
    ("基本支出1842.35万元，占总支出的69.44%；项目支出810.74万元，占总支出的30.65%。", []),
    (
        "有效问卷186份，水质满意的168人，满意率90.32%；保障满意的161人，满意率86.56%；水费满意的142人，满意率76.43%。",
        ["ratio"],
    ),
    ("有效问卷186份，水质满意的168人，满意率90.32%；水费满意的142人，满意率76.43%。", []),
    ("支出决算51.60万元，比上年增长10.78%。", []),
    (
        "总支出29864.75万元。其中：\n1.住院19412.09万元，占65%；\n2.门诊7167.54万元，占24%；\n3.大病3285.12万元，占12%。",
        ["ratio"],
    ),
    (
        "总支出29864.75万元。其中：\n1.住院19412.09万元，占65%；\n2.门诊7167.54万元，占24%；\n3.大病3285.12万元，占11%。",
        [],
    ),
    ("完成投资860万元，占计划的9.00%，计划投资955万元，完成投资860万元，占计划投资的9.01%。", ["decimal_shift"]),
]


@pytest.mark.parametrize(("text", "expected"), SHARES)
def test_shares_told_in_prose(text: str, expected: list[str]) -> None:
    assert kinds(found(text)) == expected


TOTALS = [
    ("累计支付4312.58万元。\n二、问题\n截至年底累计支付4321.58万元。", ["conflict"]),
    ("累计支付4312.58万元。\n二、问题\n截至年底累计支付4312.58万元。", []),
    ("累计支付4312.58万元。\n二、问题\n截至年底累计支付4412.58万元。", []),
    ("累计支付4312.58万元。\n二、问题\n实际到位4321.58万元。", []),
    ("累计支付12.5万元。\n二、问题\n累计支付15.2万元。", []),
    ("采购总额18.63万元，其中：货物86.30万元、服务100.00万元。", ["decimal_shift"]),
    ("采购总额180万元，其中：货物86.30万元、服务100.00万元。", ["sum"]),
    ("采购总额200万元，其中：货物86.30万元、服务100.00万元。", []),
    ("支出100万元，其中：基本60万元、项目40万元、结转20万元。", []),
    ("支出100万元，其中：基本60万元，收入120万元。", []),
    ("适配辅具1260件，其中轮椅326件、助听器414件、假肢48件、其他462件。", ["sum"]),
    ("适配辅具1250件，其中轮椅326件、助听器414件、假肢48件、其他462件。", []),
    ("适配辅具1260件，其中轮椅326件、助听器414件、假肢48件。", []),
    ("适配辅具1260件，其中轮椅326人、助听器414人、其他462人。", []),
]


@pytest.mark.parametrize(("text", "expected"), TOTALS)
def test_totals_and_their_parts(text: str, expected: list[str]) -> None:
    assert kinds(found(text)) == expected


def table(*rows: str) -> str:
    return "附表 支出情况表（单位：万元）\n" + "\n".join(f"| {' | '.join(r.split())} |" for r in rows) + "\n"


HEADER = "项目 2022年 2021年 增减额 增减率"
GOOD = ("工资 648.90 612.38 36.52 5.96%", "商品 264.18 286.45 -22.27 -7.77%", "补助 45.73 42.60 3.13 7.35%")
TABLES = [
    ((HEADER, *GOOD, "资本 162.56 148.92 13.64 8.39%"), ["growth"]),
    ((HEADER, *GOOD, "资本 162.56 148.92 13.64 9.16%"), []),
    ((HEADER, *GOOD, "资本 162.56 — — —"), []),
    ((HEADER, GOOD[0], "资本 162.56 148.92 13.64 8.39%", "其他 10 20 -10 50%"), []),
    (("项目 预算 支出 进度比率", "甲 200 150 75%", "乙 400 300.4 75.1%", "丙 500 400 80%", "丁 80 60 57%"), ["ratio"]),
    (
        ("项目 预算 支出 进度比率", "甲 200 150 75%", "乙 400 300.4 75.1%", "丁 80 60 75.0%", "丙 420 378 9.00%"),
        ["decimal_shift"],
    ),
    (("项目 预算 支出 合格率", "甲 200 150 75%", "乙 400 300.4 75.1%", "丁 80 60 57%"), []),
    (("项目 金额 占比", "甲 150 25.00%", "乙 300 50.00%", "丙 90 15.00%", "丁 60 12.00%", "合计 600 100%"), ["ratio"]),
    (("项目 金额 占比", "甲 150 25.00%", "乙 300 50.00%", "丙 90 15.00%", "丁 60 10.00%", "合计 600 100%"), []),
    (("项目 预算 支出 进度比率", "甲 200 200 100%", "乙 400 400 100%", "丙 500 400 90%"), []),
]


@pytest.mark.parametrize(("rows", "expected"), TABLES)
def test_rates_of_a_table_follow_its_own_columns(rows: tuple[str, ...], expected: list[str]) -> None:
    assert kinds(found(table(*rows))) == expected


def test_a_growth_of_the_wrong_year_is_suggested() -> None:
    (finding,) = found(table(HEADER, *GOOD, "资本 162.56 148.92 13.64 8.39%"))
    assert (finding.stated, finding.computed) == ("8.39%", "9.16%")
    assert finding.suggestion == "疑误以本年数为基数计算"


FORM = "项目资金 年初预算 全年预算 全年执行"
FORMS = [
    ((FORM, "年度资金总额 4500 5236 4987", "其中：财政拨款 4500 5036 4787", "上年结转资金 0 200 190"), ["sum"]),
    ((FORM, "年度资金总额 4500 5236 4977", "其中：财政拨款 4500 5036 4787", "上年结转资金 0 200 190"), []),
    ((FORM, "年度资金总额 4500 5236 4987", "其中：财政拨款 4500 5036 4787", "上年结转资金 0 0 0"), []),
]


@pytest.mark.parametrize(("rows", "expected"), FORMS)
def test_the_funds_of_a_form_against_what_they_are_made_of(rows: tuple[str, ...], expected: list[str]) -> None:
    assert kinds(found(table(*rows))) == expected


def test_rows_that_only_name_a_group_are_no_parts() -> None:
    head = "序号 项目 年初预算 决算数"
    rows = ("一 县本级项目 — —", "1 甲 268.00 261.37", "2 乙 95.50 121.00", "二 上级项目 — —", "3 丙 320.00 340.00")
    assert kinds(found(table(head, *rows, "— 合计 653.50 722.37"))) == ["sum"]
    assert kinds(found(table(head, *rows, "— 合计 683.50 722.37"))) == []


def mentioned(sentence: str, actual: str = "91.5") -> list[str]:
    """Findings of a report whose indicator table gives 群众满意度 a target of 90% and this value."""
    row = f"| 群众满意度 | ≥90% | {actual}% | 10 | 10 |"
    text = TITLE + sentence + "\n附表 绩效指标表\n| 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |\n" + row + "\n"
    values = {
        "quote": row,
        "table": "绩效指标表",
        "level3": "群众满意度",
        "target": {"text": "≥90%", "op": "≥", "value": "90", "unit": "%"},
        "actual": {"text": f"{actual}%", "op": None, "value": actual, "unit": "%"},
        "weight": "10",
        "score": "10",
    }
    made = document(text)
    return kinds(check(made, lay_out(made), [record("indicators", values, text, text.index(row))]))


MENTIONS = [
    ("群众满意度为95.1%，较好完成目标。", ["conflict"]),
    ("经调查，群众满意度达到95.1%。", ["conflict"]),
    ("群众满意度为91.5%。", []),
    ("群众满意度为92%。", []),
    ("群众满意度目标为90%。", []),
    ("群众满意度为90%。", []),
    ("上年群众满意度为95.1%。", []),
    ("受益群众满意度为95.1%。", []),
    ("群众满意度为95.1%以上。", []),
    ("群众满意度为95.1%；年末复查，群众满意度为93%。", []),
]


@pytest.mark.parametrize(("sentence", "expected"), MENTIONS)
def test_an_indicator_told_in_prose(sentence: str, expected: list[str]) -> None:
    assert mentioned(sentence) == expected
