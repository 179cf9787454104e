"""Projects that a paragraph announces and items list, and whom a programme paid."""

from __future__ import annotations

import pytest

from tests.extraction.offline.reading_cases import facts, read

HEAD = "清源县水务局2022年度节水灌溉专项资金绩效评价报告\n一、基本情况\n（三）资金安排与使用\n"


def projects(text: str) -> list[tuple[str | None, str, str]]:
    found = read(HEAD + text, "projects")
    return [(p.get("seq"), p["name"], p["executed"]["value"] if "executed" in p else "") for p in found]


LIST = (
    "全年支付资金90万元，各方向资金使用情况如下：\n（1）喷灌设备购置补助40.00万元，惠及农户52户；\n"
    "（2）渠系改造补助38.00万元，新建渠道6公里；\n（3）贷款贴息12.00万元，惠及合作社4家。\n"
)


def test_an_announced_list_states_a_project_each() -> None:
    assert projects(LIST) == [
        ("1", "喷灌设备购置补助", "40.00"),
        ("2", "渠系改造补助", "38.00"),
        ("3", "贷款贴息", "12.00"),
    ]
    found = read(HEAD + LIST, "projects")
    assert (found[0]["outcome"], found[1]["implementation"]) == ("惠及农户52户", "新建渠道6公里")


def test_their_amounts_are_no_facts_of_the_department() -> None:
    assert {value for _, _, value, _ in facts(HEAD + LIST)} <= {"90"}


@pytest.mark.parametrize(
    "items",
    [
        "（1）人员经费40.00万元，按月发放；\n（2）办公费38.00万元，据实支付；\n",
        "（1）喷灌设备购置补助40.00万元，其中省级30万元；\n（2）渠系改造补助38.00万元，新建渠道6公里；\n",
        "（1）喷灌设备购置补助，惠及农户52户；\n（2）渠系改造补助38.00万元，新建渠道6公里；\n",
        "（1）喷灌设备购置补助40.00万元，惠及农户52户。\n",
    ],
    ids=["sorts of money", "two amounts", "no amount", "one item"],
)
def test_other_lists_are_not(items: str) -> None:
    assert projects(f"各方向资金使用情况如下：\n{items}") == []


PAID = "逐户兑付情况为：\n设备购置：清源绿水有限公司购泵12台，兑付14.40万元；枫桥节水合作社购泵9台，兑付10.80万元。\n"


def test_whom_a_programme_paid() -> None:
    assert projects(PAID) == [(None, "清源绿水有限公司", "14.40"), (None, "枫桥节水合作社", "10.80")]


@pytest.mark.parametrize(
    "text",
    [
        "清源绿水有限公司购泵12台，签约14.40万元；枫桥节水合作社购泵9台，签约10.80万元。\n",
        "清源绿水有限公司购泵12台，兑付14.40万元；群众反映较好。\n",
        "清源绿水有限公司购泵12台，兑付14.40万元。\n",
    ],
    ids=["no payment", "another part", "one alone"],
)
def test_other_sentences_about_firms_are_not(text: str) -> None:
    assert projects(text) == []
