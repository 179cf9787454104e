"""Names of projects: what is suggested as the same, and what never is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.same_projects import NamedProject, comparable, same_projects


def suggested(*names: str) -> list[tuple[str, str, Decimal]]:
    """The suggestions for names, each as (name, suggested name, score)."""
    projects = [NamedProject(str(i), name) for i, name in enumerate(names)]
    return [(names[int(s.record_id)], s.suggested_name, s.score) for s in same_projects(projects)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2021年河湖长制工作经费", "2022年河湖长制工作经费"),
        ("2021年度河湖长制工作经费", "河湖长制工作经费"),
        ("2021-2022年 河湖长制工作经费", "河湖长制\n工作经费"),
        ("学校食堂“明厨亮灶”改造资金", "学校食堂明厨亮灶改造资金"),
        ("水利发展资金（水土保持）", "水利发展资金(水土保持)"),
    ],
)
def test_year_space_quotes_and_brackets_make_no_difference(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)
    assert [score for _, _, score in suggested(one, other)] == [1, 1]


def test_a_name_that_is_nearly_the_same_is_suggested_with_its_score() -> None:
    found = suggested("电煤奖补资金项目", "电煤奖补资金项目", "州级电煤奖补资金项目")
    assert found == [
        ("电煤奖补资金项目", "电煤奖补资金项目", Decimal(1)),
        ("电煤奖补资金项目", "电煤奖补资金项目", Decimal(1)),
        ("州级电煤奖补资金项目", "电煤奖补资金项目", Decimal("0.888889")),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中小企业发展专项资金（第一批）", "中小企业发展专项资金（第二批）"),
        ("灌区改造工程一期", "灌区改造工程二期"),
        ("G210线养护工程", "G320线养护工程"),
        ("中央水利发展资金（水土保持工程）", "中央水利发展资金（中小河流治理）"),
        ("河湖长制工作经费", "水资源公报编制经费"),
    ],
)
def test_other_numbers_and_other_words_are_other_projects(one: str, other: str) -> None:
    assert suggested(one, other) == []


def test_a_name_of_punctuation_and_a_year_alone_is_compared_with_nothing() -> None:
    assert suggested("2021年", "2022年", "——") == []


@given(st.lists(st.text("河湖水库移民一二批期12（）", max_size=8), max_size=12))
def test_a_record_is_suggested_once_and_order_makes_no_difference(names: list[str]) -> None:
    found = suggested(*names)
    assert len(found) <= len(names)
    turned = suggested(*reversed(names))
    assert sorted(found) == sorted(turned)
    assert all(Decimal("0.85") <= score <= 1 for _, _, score in found)
