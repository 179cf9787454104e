"""One thing told in two places with two digits exchanged, and marks of prose against the summary; and near misses."""

from __future__ import annotations

import pytest
from checking_cases import document, kinds

from pipeline.checking import check
from pipeline.layout import lay_out
from tests.checking.test_bases_and_consequences import found as read

TITLE = "青禾县水务局2022年度部门整体支出绩效自评报告\n一、基本情况\n"


def found(body: str) -> list[str]:
    """The kinds of findings in a report without any record."""
    made = document(TITLE + body)
    return kinds(check(made, lay_out(made), ()))


PROSE = [
    ("全年收支相抵，年末结余28.64万元。\n二、问题\n年末形成结余28.46万元。\n", ["conflict"]),
    ("全年收支相抵，年末结余28.64万元。\n二、问题\n年末形成结余28.64万元。\n", []),
    ("全年收支相抵，年末结余28.64万元。\n二、问题\n年末形成结余29.64万元。\n", []),
    ("全年收支相抵，年末结余28.64万元。\n二、问题\n上年年末结余28.46万元。\n", []),
    ("2022年资金到位率96.74%。\n二、问题\n资金到位率97.64%。\n", ["conflict"]),
    ("2022年资金到位率96.74%。\n二、问题\n2021年资金到位率97.64%。\n", []),
    ("全年收支相抵，年末结余28.64万元。\n二、问题\n年末形成结余２８．４６万元。\n", ["conflict"]),
    ("接待游客2864人次。\n二、问题\n培训农户2846人次。\n", []),
    ("居民满意度96.2%。\n二、问题\n居民满意度92.6%。\n", []),
]


@pytest.mark.parametrize(("body", "expected"), PROSE)
def test_two_places_of_prose(body: str, expected: list[str]) -> None:
    assert found(body) == expected


TABLE = """表1    分用途支出情况表
单位：万元
支出用途    预算    支出
河道整治补贴    3999.20    3964.20
水源保护补贴    1200.40    1180.30
合计    5199.60    5144.50
二、成效
{told}
"""


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("全年发放河道整治补贴3946.20万元。", ["conflict"]),
        ("全年发放河道整治补贴3,946.20万元。", ["conflict"]),
        ("全年发放河道整治补贴3964.20万元。", []),
        ("计划发放河道整治补贴3946.20万元。", []),
        ("全年发放管网改造补贴3946.20万元。", []),
    ],
)
def test_a_row_told_in_prose(told: str, expected: list[str]) -> None:
    assert found(TABLE.format(told=told)) == expected


def test_a_total_that_its_rows_refute_is_told_once() -> None:
    table = TABLE.replace("合计    5199.60    5144.50", "合计    5199.60    5414.50")
    assert found(table.format(told="县财政支出5144.50万元。")) == ["sum"]


SUMMARY = """三、评价结论
经综合评价，绩效自评得分91.9分。
表1 得分汇总表
一级指标\t分值\t得分
决策\t20\t18.5
过程\t30\t27.2
产出\t50\t46.2
合计\t100\t91.9
四、指标分析
产出类指标分值{weight}分，得分{score}分。
"""


@pytest.mark.parametrize(
    ("weight", "score", "expected"),
    [("50", "46.2", []), ("50", "42.6", [("conflict", "42.6")]), ("12", "11.6", [])],
)
def test_marks_of_prose_against_the_summary(weight: str, score: str, expected: list[tuple[str, str]]) -> None:
    assert read(SUMMARY.format(weight=weight, score=score)) == expected
