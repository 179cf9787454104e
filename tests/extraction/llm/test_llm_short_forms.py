"""The short forms of replies: what they stand for, and that nothing is lost by them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.faults.replies import answer
from pipeline.extraction.llm.reading import read_reply
from pipeline.extraction.llm.short_forms import DITTO, shortened, with_dittos, without_dittos, written_out
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES

MONEY = [
    ("60万元", {"value": "60", "unit": "万元"}),
    ("60 万元", {"value": "60", "unit": "万元"}),
    ("1,234.50元", {"value": "1234.50", "unit": "元"}),
    ("１２．５０亿元", {"value": "12.50", "unit": "亿元"}),
    ("-3.20万元", {"value": "-3.20", "unit": "万元"}),
    ("0", {"value": "0", "unit": None}),
    ("0万元", {"value": "0", "unit": "万元"}),
    ({"value": "60", "unit": "万元"}, {"value": "60", "unit": "万元"}),
    ("", None),
    ("null", None),
    ({"value": None, "unit": "万元"}, None),
]
QUANTITIES = [
    ("≥12%", ("≥12%", "≥", "12", "%")),
    ("95.50%", ("95.50%", None, "95.50", "%")),
    ("不少于3次/年", ("不少于3次/年", "≥", "3", "次")),
    ("3-5次", ("3-5次", None, None, None)),
    ("较好。", ("较好", None, None, None)),
    ("≥|12|%", ("12", "≥", "12", "%")),
    ("|12|月", ("12", None, "12", "月")),
    ("≥| 12 |", ("12", "≥", "12", None)),
    ({"text": "≥12%", "op": "≥", "value": "12", "unit": "%"}, ("≥12%", "≥", "12", "%")),
    ({"text": "基本完成", "value": ""}, ("基本完成", None, None, None)),
]


def read(record_type: str, payload: dict[str, Any]) -> dict[str, Any]:
    [read] = read_reply(json.dumps({record_type: [payload]}), [record_type]).good
    return read.record.model_dump(mode="json")


@pytest.mark.parametrize(("said", "meant"), MONEY, ids=[str(row[0]) for row in MONEY])
def test_money_is_digits_and_unit(said: Any, meant: Any) -> None:
    assert read("projects", {"quote": "甲", "name": "甲", "executed": said})["executed"] == meant


@pytest.mark.parametrize("said", ["约60万元", "六十万元", "60-70万元", "万元", "6.0.0万元"])
def test_what_is_no_amount_is_refused_or_keeps_what_stands_behind_the_number_as_its_unit(said: str) -> None:
    raw = json.dumps({"projects": [{"quote": "甲", "name": "甲", "executed": said}]})
    reading = read_reply(raw, ["projects"])
    if reading.good:
        assert reading.good[0].record.model_dump()["executed"]["unit"] == "-70万元", "grounding refuses that unit"
    else:
        assert reading.bad[0].errors[0].startswith("executed.value: ")


@pytest.mark.parametrize(("said", "meant"), QUANTITIES, ids=[str(row[0]) for row in QUANTITIES])
def test_a_quantity_is_its_cell_and_its_parts_follow_from_that(said: Any, meant: tuple[Any, ...]) -> None:
    record = read("indicators", {"quote": "甲", "level1": "甲", "target": said})
    assert tuple(record["target"][key] for key in ("text", "op", "value", "unit")) == meant


def test_a_ditto_mark_stands_for_the_words_of_the_record_before_through_a_whole_list() -> None:
    rows = [{"quote": f"第{n}行", "table": DITTO, "level1": "产出" if n == 2 else DITTO} for n in range(4)]
    rows[0] |= {"table": "表1", "level1": "投入"}
    found = read_reply(json.dumps({"indicators": rows}), ["indicators"]).good
    said = [r.record.model_dump() for r in found]
    assert [(s["table"], s["level1"]) for s in said] == [
        ("表1", "投入"),
        ("表1", "投入"),
        ("表1", "产出"),
        ("表1", "产出"),
    ]


def test_a_ditto_mark_without_words_before_it_or_in_place_of_a_figure_or_quote_stays_and_is_refused_later() -> None:
    first = {"quote": "甲", "name": "甲", "section": DITTO}
    assert without_dittos("projects", first, None) == first
    assert without_dittos("projects", {"quote": DITTO, "executed": DITTO}, {"quote": "甲", "executed": "6万元"}) == {
        "quote": DITTO,
        "executed": DITTO,
    }
    raw = json.dumps({"projects": [{"quote": "甲", "name": "甲", "executed": "6万元"}, first | {"executed": DITTO}]})
    reading = read_reply(raw, ["projects"])
    assert len(reading.good) == len(reading.bad) == 1


def test_dittos_of_a_record_that_fails_are_written_out_before_it_goes_back() -> None:
    raw = json.dumps({"tasks": [{"quote": "甲", "task": "甲", "section": "目标"}, {"quote": "乙", "section": DITTO}]})
    [bad] = read_reply(raw, ["tasks"]).bad
    assert json.loads(bad.payload) == {"quote": "乙", "section": "目标"}


FIGURES = st.from_regex(r"-?[0-9]{1,9}(\.[0-9]{1,4})?", fullmatch=True)
TEXTS = st.sampled_from(
    ["≥12%", "12", "较好", "3-5次", "不少于3次/年", "约12万元。", "|", "a|b|c", " 95 %", "〃", "null"]
)


@st.composite
def payloads(draw: st.DrawFn, record_type: str) -> dict[str, Any]:
    """A record of a type in full, as the schema has it, with words and figures that may be short forms themselves."""
    shapes: dict[Sort, st.SearchStrategy[Any]] = {
        Sort.MONEY: st.fixed_dictionaries({"value": FIGURES, "unit": st.sampled_from([None, "元", "万元", "/亩"])}),
        Sort.QUANTITY: st.fixed_dictionaries(
            {
                "text": TEXTS,
                "op": st.sampled_from([None, "≥", "<"]),
                "value": st.one_of(st.none(), FIGURES),
                "unit": st.sampled_from([None, "%", "次/年"]),
            }
        ),
        Sort.NUMBER: FIGURES,
        Sort.LABELS: st.lists(st.sampled_from(["支出", "收入"]), min_size=1, max_size=2),
        Sort.YEAR: st.integers(1990, 2100),
        Sort.DATE: st.just("2023-05-06"),
    }
    words = st.sampled_from(["甲", "表1", "万元"])
    made: dict[str, Any] = {"quote": "甲乙"}
    for field in RECORD_TYPES[record_type].fields:
        value = st.sampled_from(field.codes) if field.codes else shapes.get(field.sort, words)
        made[field.name] = draw(value if field.required else st.one_of(st.none(), value))
    return made


@given(st.data(), st.sampled_from(sorted(RECORD_TYPES)))
def test_what_is_shortened_says_the_same(data: st.DataObject, record_type: str) -> None:
    full = data.draw(payloads(record_type))
    meant = {key: value for key, value in written_out(record_type, full).items() if value is not None}
    again = written_out(record_type, shortened(record_type, full))
    assert {key: _said(value) for key, value in again.items() if value is not None} == {
        key: _said(value) for key, value in meant.items()
    }


@given(st.data(), st.sampled_from(sorted(RECORD_TYPES)))
def test_a_reply_in_short_forms_is_read_as_the_records_in_full(data: st.DataObject, record_type: str) -> None:
    full = [{**data.draw(payloads(record_type)), "quote": f"甲{n}"} for n in range(3)]
    short = read_reply(answer([record_type], [(record_type, p) for p in full]), [record_type])
    plain = read_reply(json.dumps({record_type: full}), [record_type])
    assert short.good == plain.good
    assert len(short.bad) == len(plain.bad)


def test_the_short_forms_are_shorter() -> None:
    full = {
        "quote": "甲",
        "name": "甲",
        "section": "一、项目",
        "executed": {"value": "60", "unit": "万元"},
        "status": None,
    }
    short = shortened("projects", full)
    assert short == {"quote": "甲", "name": "甲", "section": "一、项目", "executed": "60万元"}
    assert with_dittos("projects", [short, short])[1] == {
        "quote": "甲",
        "name": DITTO,
        "section": DITTO,
        "executed": "60万元",
    }


def _said(value: Any) -> Any:
    return {key: v for key, v in value.items() if v is not None} if isinstance(value, dict) else value
