"""What must not be told: rates of another base, quantities of other kinds, and what follows from a defect already told."""

from __future__ import annotations

import pytest

from tests.checking.checking_cases import found

Told = list[tuple[str, str]]

AREAS = """二、资金情况
表1    资金分地区收支情况表
单位：万元
地区    上年结转    本年下达    可用资金    实际支出    执行率
河东镇    20.00    400.00    420.00    399.00    95.00%
河西镇    30.00    270.00    300.00    270.00    90.00%
北原乡    40.00    210.00    250.00    220.00    {rate}
合计    90.00    880.00    970.00    889.00    91.65%
"""


@pytest.mark.parametrize(("rate", "expected"), [("88.00%", []), ("80.80%", [("ratio", "80.80%")])])
def test_a_table_shows_what_its_rates_are_taken_of(rate: str, expected: Told) -> None:
    assert found(AREAS.format(rate=rate)) == expected


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ("房屋建筑面积4200平方米，保有公务用车16辆，固定资产利用率98.60%。", []),
        ("固定资产总额500.00万元，在用固定资产493.00万元，固定资产利用率98.60%。", []),
        ("固定资产总额500.00万元，在用固定资产493.00万元，固定资产利用率96.80%。", [("ratio", "96.80%")]),
    ],
)
def test_quantities_of_other_kinds_make_no_rate(amounts: str, expected: Told) -> None:
    assert found(f"二、资产情况\n截至2022年末，{amounts}\n") == expected


SCORES = """三、评价结论
评价得分90分{bound}为优，80分至90分为良。经评价，得分{score}分。
表1  得分汇总表
一级指标\t分值\t得分
投入\t20\t18
过程\t30\t27
产出\t50\t47
合计\t100\t92
"""


@pytest.mark.parametrize(
    ("bound", "score", "expected"),
    [("（含）以上", "92", []), ("以上", "92", []), ("（含）以上", "91", [])],
)
def test_the_bound_of_a_grade_is_no_score(bound: str, score: str, expected: Told) -> None:
    assert [f for f in found(SCORES.format(bound=bound, score=score)) if f[1] == "90"] == expected


RATE = """二、资金情况
2022年全年预算数500.00万元，全年支出480.00万元，预算执行率96.00%。
三、过程情况
{again}
"""


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        ("全年预算数500.00万元，全年支出480.00万元，预算执行率96.40%。", [("ratio", "96.40%")]),
        ("我局预算执行率96.40%，执行较好。", [("conflict", "96.40%")]),
        ("我局预算执行率96.00%，执行较好。", []),
    ],
)
def test_a_rate_that_its_own_sentence_refutes_is_told_once(again: str, expected: Told) -> None:
    assert found(RATE.format(again=again)) == expected


PROJECTS = """二、项目情况
2022年共实施项目3个，全年预算900万元，实际支出{spent}万元，具体如下：
1.河道清淤项目。预算400万元，实际支出380万元，完成率95%。
2.泵站改造项目。预算300万元，实际支出270万元，完成率90%。
3.水质监测项目。预算200万元，实际支出190万元，完成率95%。
"""


@pytest.mark.parametrize(("spent", "expected"), [("840", []), ("870", [("sum", "870万元")])])
def test_what_was_spent_is_added_up_from_what_was_spent(spent: str, expected: Told) -> None:
    assert found(PROJECTS.format(spent=spent)) == expected


UNIT = """二、收入情况
2022年本年收入合计800.00万元，其中：财政拨款收入700.00万元，占87.50%；事业收入60.00万元，占7.50%；其他收入40.00{unit}，占5.00%。
"""


@pytest.mark.parametrize(("unit", "expected"), [("万元", []), ("元", [("unit", "40.00元")])])
def test_a_slip_of_a_unit_makes_no_wrong_share(unit: str, expected: Told) -> None:
    assert found(UNIT.format(unit=unit)) == expected
