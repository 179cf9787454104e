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


@pytest.mark.parametrize(
    ("body", "expected"),
    [
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
            LEFT.format("217.54", "", "271.54"), [("conflict", "271.54万元")], id="left over, in two chapters"
        ),
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
