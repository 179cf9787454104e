"""What checking finds in reports as the offline reader reads them."""

from __future__ import annotations

import pytest

from tests.checking.checking_cases import found

SURVEY = (
    "四、满意度\n服务满意度调查统计\n问题1：您对服务的评价（有效填写300人）\n"
    "满意　　180人　　60.00%\n一般　　75人　　25.00%\n不满意　　45人　　{}%\n"
    "问题2：办理是否及时（有效填写300人）\n及时　　210人　　70.00%\n不及时　　90人　　30.00%\n"
)


@pytest.mark.parametrize(("share", "expected"), [("15.00", []), ("51.00", [("ratio", "51.00%")])])
def test_a_share_of_answers_follows_from_its_count(share: str, expected: list[tuple[str, str]]) -> None:
    assert found(SURVEY.format(share)) == expected


@pytest.mark.parametrize(("rate", "expected"), [("80", []), ("82", [("ratio", "82%")]), ("80.0", [])])
def test_a_score_rate_follows_from_its_marks(rate: str, expected: list[tuple[str, str]]) -> None:
    assert found(f"三、分析\n产出时效指标分值6分，得4.8分，得分率{rate}%。\n") == expected


LEFT = (
    "二、资金\n各乡镇资金使用情况表\n单位：万元\n乡镇\t到位资金\t实际支出\t结余资金\n河东镇\t300.00\t280.00\t20.00\n"
    "河西镇\t200.00\t190.00\t10.00\n北原乡\t150.00\t120.00\t{}\n"
)


@pytest.mark.parametrize(("left", "expected"), [("30.00", []), ("40.00", [("difference", "40.00万元")])])
def test_what_is_left_of_what_arrived_in_each_row(left: str, expected: list[tuple[str, str]]) -> None:
    assert found(LEFT.format(left)) == expected


FORMS = "".join(
    f"附件{n}\n{name}项目支出绩效自评表\n（2022年度）\n项目名称 | {name}\n主管部门 | 青禾县水务局 | 实施单位 | 青禾县供水站\n"
    "项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值（10分） | 执行率 | 得分\n"
    " | 年度资金总额 | 100.00 | 100.00 | 80.00 | 10 | 80.00% | 8\n | 其他资金 | 0 | 0 | 0 | — | — | —\n"
    "绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因\n"
    " | 产出指标 | 数量指标 | 维护工程 | ≥40处 | 45处 | 50 | 50 |\n |  |  | 更换管网 | ≥30千米 | 31千米 | 40 | 39 |\n"
    f"总分 | | | | | | 100 | {total} |\n"
    for n, name, total in ((1, "农村供水维护", "97"), (2, "水文监测运行", "{}"))
)


@pytest.mark.parametrize(("total", "expected"), [("97", []), ("98", [("score_sum", "98")])])
def test_each_of_several_forms_has_its_own_row_of_funds(total: str, expected: list[tuple[str, str]]) -> None:
    assert found(FORMS.format(total)) == expected


def test_what_another_office_has_left_is_not_the_departments() -> None:
    own = "一、收支情况\n年末结余621.62万元。\n二、执行情况\n{}年末结余39.00万元，沉淀突出。\n"
    assert found(own.format("县林业局")) == []
    assert [kind for kind, _ in found(own.format(""))] == ["conflict"]


@pytest.mark.parametrize(
    ("again", "expected"),
    [("涉及资金186425.37万元", ["conflict"]), ("涉及资金186452.37万元", []), ("累计支出186425.37万元", [])],
)
def test_the_same_words_with_two_digits_exchanged(again: str, expected: list[str]) -> None:
    body = f"一、概况\n自评项目12个，涉及资金186452.37万元。\n三、小结\n本年自评项目12个，{again}。\n"
    assert [kind for kind, _ in found(body)] == expected
