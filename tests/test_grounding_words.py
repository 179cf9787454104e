"""Grounding of labels, dates and prose: words stand in the text, and no number is taken for another."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.grounding_cases import accepted, ground_claims, money, refused
from tests.report_cases import lines

REPORT = lines("水利局2022年度部门整体支出绩效自评报告", "自评得分95.50分，等级为“优”。", "水利局", "2023年4月18日")
TITLE = {"quote": "水利局2022年度部门整体支出绩效自评报告", "kind": "overall_self_evaluation"}


@pytest.mark.parametrize(
    ("text", "fields", "code"),
    [
        (REPORT, {"fiscal_year": 2022}, None),
        (REPORT, {"fiscal_year": 2021}, "year"),
        (
            REPORT.replace("2022", "二〇二二"),
            {"quote": "水利局二〇二二年度部门整体支出绩效自评报告", "fiscal_year": 2022},
            None,
        ),
        (
            REPORT.replace("2022", "2 022"),
            {"quote": "水利局2 022年度部门整体支出绩效自评报告", "fiscal_year": 2022},
            None,
        ),
        (REPORT, {"issued_on": "2023-04-18"}, None),
        (REPORT, {"issued_on": "2023-04-01"}, "date"),
        (REPORT, {"issued_on": "2023-04-08"}, "date"),
        (REPORT, {"issued_on": "2022-04-18"}, "date"),
        (REPORT.replace("年4月18日", "-04-18"), {"issued_on": "2023-04-18"}, None),
        (REPORT.replace("年4月18日", ".4.18"), {"issued_on": "2023-04-18"}, None),
        (REPORT.replace("2023年4月18日", "二〇二三年四月十八日"), {"issued_on": "2023-04-18"}, None),
        (REPORT.replace("2023年4月18日", "二○二三年十二月三十一日"), {"issued_on": "2023-12-31"}, None),
        (REPORT.replace("2023年4月18日", "二零二三年十月二十日"), {"issued_on": "2023-10-20"}, None),
        (REPORT.replace("2023年4月18日", "二〇二三年四月十八日"), {"issued_on": "2023-04-08"}, "date"),
        (REPORT.replace("2023年4月18日", "二〇二三年四月十八日"), {"issued_on": "2023-04-10"}, "date"),
        (REPORT, {"grade": "优"}, None),
        (REPORT, {"grade": "良"}, "label"),
        (REPORT, {"department": "水利局"}, None),
        (REPORT, {"department": "水务局"}, "label"),
    ],
)
def test_years_dates_and_labels_stand_in_the_text(text: str, fields: dict[str, Any], code: str | None) -> None:
    claim = TITLE | fields
    if code is None:
        assert accepted(text, "reports", claim)
    else:
        assert refused(text, "reports", claim)[0] == code


def test_group_labels_of_the_convention_need_not_be_printed_and_others_must() -> None:
    fields = {"quote": "公用经费78.65万元", "measure": "executed", "value": "78.65", "unit": "万元"}
    text = "其中公用经费78.65万元。\n"
    assert accepted(text, "budget_facts", fields | {"path": ["支出", "公用经费"]})
    assert refused(text, "budget_facts", fields | {"path": ["基本支出", "公用经费"]})[0] == "label"


DONE = "（1）开展巡检：转移受威胁群众3260人，建成站点12个，群众普遍满意，社会效益显著，设备运行平稳。\n"


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("转移受威胁群众3260人，建成站点12个", "1"),
        ("转移受威胁\n群众3260人，建成 站点12个", "1"),
        ("转移受威胁群众3260人、建成站点12个，群众普遍满意，社会效益显著", "0.971"),
    ],
)
def test_prose_may_differ_a_little_and_its_likeness_is_kept(text: str, score: str) -> None:
    assert str(accepted(DONE, "tasks", {"quote": "开展巡检", "task": text}).text_score) == score


@pytest.mark.parametrize(
    "text",
    [
        "转移受威胁群众3261人，建成站点12个，群众普遍满意，社会效益显著",
        "转移受威胁群众326人，建成站点12个，群众普遍满意，社会效益显著",
        "转移受威胁群众3260人，建成站点12.0001个，群众普遍满意，社会效益显著",
        "全年没有发生任何安全事故，工程质量优良",
        DONE.strip() + "并获得全国先进单位称号，争取到中央资金支持，受到各级领导的高度评价和社会各界的广泛赞誉",
    ],
)
def test_invented_prose_and_altered_figures_in_it_are_refused(text: str) -> None:
    assert refused(DONE, "tasks", {"quote": "开展巡检", "task": text})[0] == "text"


def test_words_that_are_a_figure_stand_beside_the_quote() -> None:
    text = (
        "（1）开展巡检：完成情况：27.36亿元。\n"
        + "（2）其他任务：工作正常推进，没有发生事故。\n" * 12
        + "全年支出816.30万元。\n"
    )
    assert accepted(text, "tasks", {"quote": "开展巡检", "task": "开展巡检", "completion": "27.36亿元"})
    assert refused(text, "tasks", {"quote": "开展巡检", "task": "开展巡检", "completion": "816.30"})[0] == "text"


@given(st.integers(0, 10**8), st.integers(0, 10**8))
def test_no_other_number_is_ever_taken_for_the_printed_one(first: int, second: int) -> None:
    text = f"支出{first}万元。\n"
    grounded, rejected = ground_claims(
        text, [("projects", {"quote": f"支出{first}万元", "name": "支出", "executed": money(str(second))})]
    )
    assert (len(grounded), len(rejected)) == ((1, 0) if first == second else (0, 1))
