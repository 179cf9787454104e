"""Ordinary ways of reporting that look like contradictions and are none, each beside the contradiction that is told."""

from __future__ import annotations

import pytest

from tests.checking.checking_cases import found

ADJUSTED = (
    "二、项目情况\n项目支出情况统计表\n单位：万元\n序号\t项目名称\t年初预算\t调整预算\t全年预算数\t全年执行数\t执行率\n"
    "1\t沟渠清淤项目\t300.00\t84.50\t384.50\t371.20\t{}%\n2\t泵站维护项目\t260.00\t0.00\t260.00\t258.16\t99.29%\n"
    "3\t水质监测经费\t150.00\t0.00\t150.00\t148.50\t99.00%\n合计\t710.00\t84.50\t794.50\t777.86\t97.91%\n"
)
YUAN_FORM = "".join(
    f"附件{n}\n{name}项目支出绩效自评表\n（2022年度）\n项目名称 | {name}\n主管部门 | 青禾县水务局 | 实施单位 | 青禾县供水站\n"
    f"项目资金（{unit}） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分\n"
    f" | 年度资金总额 | 0.00 | {total}.00 | {spent}.00 | 10 | 90.00% | 9\n"
    f" | 其中：当年财政拨款 | 0.00 | {total}.00 | {spent}.00 | — | — | —\n"
    for n, name, unit, total, spent in (
        (1, "农村供水维护", "万元", 500, 450),
        (2, "水文监测运行", "元", 700, 630),
        (3, "灌区节水改造", "万元", 600, 540),
    )
)
SOURCES = (
    "二、资金情况\n中央财政下达中央资金12860万元。\n表1 资金投入和使用情况表\n单位：万元\n"
    "资金来源\t上年结转\t当年下达\t全年预算数\t全年执行数\n中央资金\t{}\t12860.00\t13725.32\t12194.87\n"
    "地方资金\t0.00\t3145.40\t3145.40\t2986.15\n合计\t{}\t16005.40\t16870.72\t15181.02\n"
    "表2 分地区资金执行情况表\n单位：万元\n地区\t中央资金\t地方资金\t下达合计\t执行数\n"
    "河东镇\t6725.32\t1145.40\t7870.72\t7181.02\n河西镇\t7000.00\t2000.00\t9000.00\t8000.00\n"
    "合计\t13725.32\t3145.40\t16870.72\t15181.02\n"
)
THREE_PUBLIC = (
    "三、“三公”经费\n单位：万元\n项目\t2022年预算数\t2022年决算数\t2021年决算数\t比上年增减\n"
    "公务接待费\t1.20\t0.86\t1.02\t-0.16\n公务用车运行维护费\t5.60\t4.38\t4.75\t-0.37\n合计\t6.80\t5.24\t5.77\t{}\n"
)
LEFT = (
    "二、资金情况\n调整后全年预算数8891.80万元。全年支出8674.26万元，年末结转结余{}万元{}。\n"
    "四、问题\n执行不均衡，年末结转结余{}万元。\n"
)
ARRIVED = (
    "二、资金\n资金使用情况表\n单位：万元\n支出方向\t全年预算\t到位资金\t实际支出\t年末结转结余\n"
    "公共服务\t1020.00\t1004.00\t962.18\t{}\n文物保护\t420.00\t420.00\t398.50\t21.50\n"
)
ITEMS = (
    "二、项目\n项目分{}个子项目实施：\n（1）渠道清淤项目，涉及3镇；\n（2）堤防加固项目，涉及4镇{}。\n三、问题\n无。\n"
)
MOVED = (
    "二、资金\n支出对比表\n单位：万元\n序号\t支出项目\t2022年\t2021年\t增减额\n1\t工资支出\t1842.30\t1715.84\t126.46\n"
    "2\t商品支出\t281.06\t302.75\t-21.69\n3\t补助支出\t128.85\t114.20\t14.65\n4\t资本性支出\t{}\n"
    "5\t合计\t2257.61\t2134.74\t122.87\n"
)
OVERSPENT = (
    "二、项目\n项目支出表\n单位：万元\n项目名称\t全年预算数\t全年执行数\t{}\n设备购置\t120.00\t118.50\t{}\n"
    "差旅费\t10.00\t11.20\t{}\n"
)
TWO_GRANTS = (
    "二、资金\n中央资金下达3000万元，到位3000万元，到位率100%；省级配套1200万元，到位900万元，到位率{}%；"
    "支出3705万元，执行率{}%。\n"
)
CARRIED = (
    "二、资金\n当年预算1200万元，上年结转300万元，全年可用资金1500万元，支出1320万元，其中支出当年预算1080万元（执行率{}%），"
    "支出上年结转240万元（执行率80%），总体执行率88%。\n"
)
ORDINARY = [
    "全年预算1.2亿元，其中：基本支出4235.66万元，项目支出7748.12万元。全年支出1.15亿元，执行率95.83%。",
    "年初预算3268.45万元，年中追加512.30万元，压减86.15万元，调整后预算3694.60万元。全年执行3512.08万元，执行率95.06%；"
    "剔除上年结转因素后，执行率为97.21%。",
    "全年预算1000万元，支出940万元，执行率94%。剔除不可执行的专项60万元后，执行率为100%。",
    "上半年支出420万元，占全年预算的42%；全年支出980万元，预算1000万元，执行率98%。",
    "项目总投资5600万元，其中2022年安排预算2400万元，实际支出2280万元，执行率95%，累计支出4080万元，占总投资的72.86%。",
    "中央资金下达3000万元，省级配套1200万元，市县配套800万元，合计5000万元；实际到位4600万元，到位率92%；支出4370万元，"
    "支出率95%。",
    "下达预算指标18批次，资金5632.15万元，其中第一批下达3200万元，支出3200万元，执行率100%；第二批2432.15万元，"
    "支出2210.30万元，执行率90.88%。",
    "全年支出3512.08万元，比年初预算3268.45万元增加243.63万元，增长7.45%；比上年3620.30万元减少108.22万元，下降2.99%。",
    "共设三级指标20个，其中完成18个，基本完成1个，未完成1个，完成率90%。",
    "核定编制80名，实有72人，退休人员28人，遗属3人，编外18人，合计121人。",
    "现有职工72人，其中高级职称8人，中级职称22人，初级职称18人，本科以上学历46人，党员35人。",
    "现有在职职工812人，其中卫生技术人员688人，高级职称126人。",
    "政府采购支出总额512.30万元，授予小微企业合同金额320.10万元，占政府采购支出总额的62.48%；工程采购授予中小企业合同金额占"
    "工程支出金额的90.5%。",
    "河道治理项目预算10万元，支出11.2万元，超支1.2万元，由其他经费调剂解决。",
    "年初结转120.5万元，当年收入2380.2万元，支出2430.4万元，结余分配10万元，年末结转60.3万元。",
    "资金到位率为95.00%，其中中央资金到位率100%，省级资金到位率90%，县级资金到位率80%。",
    "粮食播种面积32.6万亩，同比增加0.2万亩；总产量12.8万吨，亩产393公斤，比上年增加5公斤。",
    "全县12个乡镇中，9个乡镇执行率在90%以上，占75%；2个乡镇在80%—90%之间，占16.67%；1个乡镇低于80%，占8.33%。",
]


@pytest.mark.parametrize("sentence", ORDINARY)
def test_ordinary_sentences_accuse_nothing(sentence: str) -> None:
    assert found(f"二、基本情况\n{sentence}\n") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(MOVED.format("5.40\t1.95\t3.45"), [], id="rows that add up"),
        pytest.param(
            MOVED.format("5.40\t1.95\t3.54"), [("growth", "3.54万元"), ("sum", "122.87万元")], id="a wrong change"
        ),
        pytest.param(
            MOVED.format("1.95\t3.45\t5.40"), [("growth", "5.40万元")], id="a row moved by a cell: no wrong totals"
        ),
        pytest.param(OVERSPENT.format("差异", "-1.50", "1.20"), [], id="a budget that the table says was passed"),
        pytest.param(OVERSPENT.format("执行率", "98.75%", "112.00%"), [], id="a rate above 100% says so, too"),
        pytest.param(
            OVERSPENT.format("执行率", "98.75%", "100.00%"),
            [("conflict", "11.20万元"), ("ratio", "100.00%")],
            id="a rate that hides it",
        ),
        pytest.param(TWO_GRANTS.format("75", "95"), [], id="rates of two grants, and of both together"),
        pytest.param(TWO_GRANTS.format("57", "95"), [("ratio", "57%")], id="a wrong rate of one of two grants"),
        pytest.param(CARRIED.format("90"), [], id="rates of this year's money and the last's"),
        pytest.param(ADJUSTED.format("96.54"), [], id="a column of what the initial budget was adjusted by"),
        pytest.param(ADJUSTED.format("95.64"), [("ratio", "95.64%")], id="a wrong rate in such a row"),
        pytest.param(YUAN_FORM, [("unit", "700.00元")], id="one header's unit, told once for all its figures"),
        pytest.param(SOURCES.format("865.32", "865.32"), [], id="with and without what earlier years left"),
        pytest.param(THREE_PUBLIC.format("-0.53"), [], id="a change of the total"),
        pytest.param(THREE_PUBLIC.format("-0.35"), [("growth", "-0.35万元")], id="a change told once"),
        pytest.param(LEFT.format("217.54", "", "217.54"), [], id="what is left"),
        pytest.param(
            LEFT.format("197.54", "，财政收回20.00万元", "197.54"), [], id="what is left after some was returned"
        ),
        pytest.param(
            "二、资金\n全年预算数5286.00万元，实际到位资金4986.00万元。全年支出4402.37万元，年末结转结余583.63万元。\n",
            [],
            id="what is left of what arrived, less than was planned",
        ),
        pytest.param(
            LEFT.format("217.54", "", "271.54"), [("conflict", "271.54万元")], id="left over, in two chapters"
        ),
        pytest.param(ARRIVED.format("41.82"), [], id="what is left of what arrived, in a row"),
        pytest.param(ARRIVED.format("57.82"), [], id="what is left of what was planned, in a row"),
        pytest.param(ARRIVED.format("48.12"), [("difference", "48.12万元")], id="what is left of neither"),
        pytest.param(ITEMS.format(3, ""), [("count", "3")], id="more announced than listed"),
        pytest.param(ITEMS.format(3, "；（3）泵站改造项目，涉及2镇"), [], id="two items in one paragraph"),
        pytest.param(
            "二、三公经费\n“三公”经费支出312,846.50元，其中：公务用车运行维护费274,226.50元，公务接待费38,620.00{}。\n".format(
                "万元"
            ),
            [("unit", "38620.00万元")],
            id="a part in another unit",
        ),
        pytest.param(
            "二、资金\n资金到位1774.00万元，其中省级620.00万元、市级240.00万元、县级914.00元，到位率95.38%。\n",
            [("unit", "914.00元")],
            id="a part without its 万",
        ),
        pytest.param(
            "二、资金\n资金到位1774.00万元，其中省级620.00万元、市级240.00万元、村民自筹每户900.00元。\n",
            [],
            id="an amount for one household behind parts",
        ),
    ],
)
def test_what_looks_like_a_contradiction(body: str, expected: list[tuple[str, str]]) -> None:
    assert found(body) == expected


BATCHES = "二、资金\n省级资金{}万元，分两批下达，第一批1400.00万元、第二批512.00万元，全部用于灌区建设。\n"
LISTED = (
    "二、资金\n上级共下达资金{}万元，分三批下达，具体如下：\n1.提前下达的通知（财农〔2021〕187号），下达补贴资金5420.00万元；\n"
    "2.第二批的通知，下达补贴资金936.38万元；\n3.第三批的通知，下达补贴资金721.65万元{}。\n"
)
TABLE = (
    "二、资金\n项目资金表\n单位：万元\n序号\t项目名称\t主管单位\t2022年结算额\t实际支出\t执行率\n1\t河东灌区改造工程\t县水务局\t"
    "2000.00\t1260.00\t63.00%\n2\t河西水厂扩建工程\t县供水站\t5369.33\t4832.40\t90.00%\n合计\t\t\t7369.33\t6092.40\t82.67%\n四、问题\n{}\n"
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (BATCHES.format("1912.00"), []),
        (BATCHES.format("2012.00"), [("sum", "2012.00万元")]),
        ("二、资金\n到位资金1912.00万元，支出1500万元，分两批下达，第一批1400.00万元、第二批512.00万元。\n", []),
        ("二、资金\n省级资金2012.00万元，分三批下达，第一批1400.00万元、第二批512.00万元，其余年底下达。\n", []),
        (LISTED.format("7078.03", ""), []),
        (LISTED.format("7178.03", ""), [("sum", "7178.03万元")]),
        (LISTED.format("7178.03", "；\n4.追加的通知，下达补贴资金100.00万元"), []),
    ],
)
def test_batches_make_what_came_in_them(body: str, expected: list[tuple[str, str]]) -> None:
    assert found(body) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("河东灌区改造工程（县水务局）执行率低，全年仅支出1620.00万元。", [("conflict", "1620.00万元")]),
        ("河东灌区改造工程（县水务局）执行率低，全年仅支出1260.00万元。", []),
        ("北原水库执行率低，全年仅支出1620.00万元。", []),
        ("河东灌区改造工程（县水务局）2023年计划支出1620.00万元。", []),
        ("河西水厂扩建工程结算额5396.33万元。", []),
        ("经考核，全部工程结算额7396.33万元。", [("conflict", "7396.33万元")]),
        ("上年结算额7396.33万元。", []),
        ("全年支出占预算总额的82.76%。", [("conflict", "82.76%")]),
        ("河西水厂扩建工程占地面积占全县的82.76%。", []),
    ],
)
def test_prose_and_a_tables_row_with_exchanged_digits(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert found(TABLE.format(sentence)) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("县级资金1000.00万元，较上年增加100.00万元，增长11.11%。", []),
        ("县级资金1000.00万元，较上年增加100.00万元，增长10.00%。", [("growth", "10.00%")]),
        ("全年支出900万元，其中县级资金500万元，较上年增加100万元，增长12.5%。", []),
        ("平均得分82.85分，较上年的81.30分提高1.55分。", []),
        ("平均得分82.85分，较上年的81.30分下降1.55分。", [("direction", "下降1.55分")]),
        ("平均得分82.85分，低于上年的84.40分1.55分。", []),
        ("车辆运维花了4.3万元，比上年的4.9万元少花0.6万元。", []),
        ("车辆运维花了4.3万元，比上年的4.9万元多花0.6万元。", [("direction", "多花0.6万元")]),
    ],
)
def test_changes_told_in_any_paragraph(sentence: str, expected: list[tuple[str, str]]) -> None:
    assert found(f"二、情况\n{sentence}\n") == expected


FUNDS = (
    "附件{0}\n{1}绩效自评表\n项目资金（万元） | 年初预算数 | 全年预算数 | 全年执行数\n"
    "年度资金总额 | {2}.00 | {2}.00 | {3}.00\n"
)
INDICATORS = (
    "附件{}\n{}项目支出绩效自评表\n一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分\n"
    "产出指标 | 验收合格率 | ≥95% | {}% | 50 | 50\n"
    "效益指标 | 供水保证率 | ≥95% | {}% | 30 | 30\n满意度指标 | 群众满意度 | ≥90% | {}% | 20 | 20\n总分 | | | | 100 | 100\n"
)
TOTALS = "附件{0}\n{1}\n一级指标 三级指标 分值 得分\n产出指标 {1}工程 60 {2}\n效益指标 {1}保证率 40 40\n总分 100 {3}\n"


def test_forms_of_several_projects_are_of_several_things() -> None:
    funds = "".join(FUNDS.format(*form) for form in ((1, "供水维护", 1200, 1180), (2, "水文监测", 4500, 4420)))
    scores = "".join(TOTALS.format(*form) for form in ((1, "供水维护", "56.5", "96.5"), (2, "水文监测", "58", "98")))
    assert found(funds) == []
    assert found(f"一、结论\n我局部门整体支出绩效自评得分为93分。\n{scores}") == []
    named = [(1, "供水维护", 98, 96, 92), (2, "水文监测", 97, 97, 95)]
    assert found("".join(INDICATORS.format(*form) for form in named)) == []
    again = [(1, "供水维护", 98, 96, 92), (2, "供水维护（附表）", 98, 96, 95)]
    assert found("".join(INDICATORS.format(*form) for form in again)) == [("conflict", "95%")]
