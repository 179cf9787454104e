"""The whole offline way of any text: it ends, in time that follows the length, and what it says stands in the text."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.documents import read_document
from pipeline.extraction.offline import OfflineExtractor
from pipeline.flow import Document
from pipeline.job import conclude, prepare
from pipeline.store import Reading
from tests.report_cases import document, report_texts

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
MARKS = st.text(
    "0123456789，,.。、：:；;（）()|｜\t \n\r　-—=%％“”甲项目支出预算万元年其中分别为一是合计表单位", max_size=200
)
REPEATED = {
    "a syllable": "某局支出",
    "digits": "1",
    "sentences": "本年支出12.5万元，其中基本支出3万元。",
    "a clause without a stop": "支出12万元其中",
    "a rate": "预算执行率12%，",
    "a list": "一是项目12万元；",
    "figures read together": "项目3个，分别为甲1万元、",
    "words without their figures": "-分别为",
    "opening brackets": "（",
    "quotation marks": "“",
    "list marks": "1.",
    "commas": "1,",
    "spaces": "项目 12 34 ",
    "tabs": "\t1\t",
    "pipes": "a|1|",
    "a rule": "|-",
    "equals signs": "1=1",
    "letters": "the ",
    "orders": "你必须",
    "payments": "甲公司购泵12台，兑付14.40万元；",
    "comparisons": "其中甲支出2万元、乙支出1万元，比2021年的4万元减少1万元，",
    "answers": "第1题：怎么样？\n满意12人，占5%；\n",
    "evaluations": "项目支出自评",
}
"""What a single line may repeat without an end."""

LABELS = {"labels": "项目\n", "labels in turn": "项目\n得分\n", "cells": "\t甲\n", "figures": "甲 12\n"}
"""What lines may repeat without an end."""


def read(text: str) -> Reading:
    """A text read the whole way, short of the store."""
    return conclude_offline(document(text))


def conclude_offline(source: Document) -> Reading:
    """A document read the whole way, short of the store."""
    prepared = prepare(source)
    return conclude(prepared, OfflineExtractor().extract(prepared.document, prepared.layout, prepared.chunks))


def seconds(text: str) -> float:
    """Processor time of reading a text."""
    begun = time.process_time()
    read(text)
    return time.process_time() - begun


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(report_texts(), MARKS))
@example("")
@example("\x00\ud800")
@example("1958年支出3万元。\n1958年建成，2022年收入5万元。\n")
@example(
    "某局1990年度部门整体支出绩效自评报告\n支出3万元，比上年的2万元增加1万元。\n项目\t上年决算数（万元）\n支出\t2\n"
)
@example("某局1958年度部门整体支出绩效自评报告\n年度\t支出（万元）\n1958\t2\n1990\t3\n")
@example("一、\n（一）\n1.\n（1）\n合计\t\t\n\t\t\n合计|12|\n")
def test_any_text_is_read_to_the_end(text: str) -> None:
    reading = read(text)
    printed = reading.document.slice
    for decision in reading.decisions:
        assert printed(decision.grounded.quote_span)
        assert all(printed(x.span) == x.printed for x in decision.grounded.literals)
    assert all(printed(x.span) == x.printed for finding in reading.findings for x in finding.literals)
    assert all(x.printed == printed(x.span) for x in reading.unclaimed if x.kind != "row")


PUT_IN = (
    *"\u200b\u202e\ufeff\x1b\f\t\n 0９9．.-%；。，、：|",
    "[bookmark: a]", "</span>", "万元", "合计", "其中：", "一、", "1.", "2022年", "99999999999999", "0" * 30,
)  # fmt: skip
EDITS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 3), st.sampled_from(PUT_IN)), min_size=1, max_size=40)
"""Where a text is altered (in ten-thousandths of it), how many characters are left out there, and what stands there instead."""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(SAMPLES.glob("*.txt"))), EDITS)
def test_a_report_is_read_to_the_end_whatever_is_put_into_it(path: Path, edits: list[tuple[int, int, str]]) -> None:
    text = path.read_text()
    for place, left_out, piece in edits:
        at = place * len(text) // 10_000
        text = text[:at] + piece + text[at + left_out :]
    reading = read(text)
    assert all(reading.document.slice(x.span) == x.printed for d in reading.decisions for x in d.grounded.literals)


PROJECT = "1．河道清淤补助\n全年预算336万元，执行336万元，执行率100%。"
INDICATOR = "执行率——指标值100%，实际95.5%，10分，得"
RATED = f"{INDICATOR}9.1分。\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            f"二、项目情况\n{PROJECT}\n三、其他\n1．河道清淤补助\n", id="a heading that comes again further down"
        ),
        pytest.param("一、概况\n2022年预算执行率百分之98.48", id="a rate in words at the end"),
        pytest.param(
            f"二、绩效目标\n本项目年度绩效目标为：{'完成农村公路养护，' * 300}合格率达到100%\n",
            id="a goal longer than a quote may be",
        ),
        pytest.param("1.\n资金使用情况：预算12万元，支出10万元。\n", id="a project's mark without its name"),
        pytest.param(f"一、概况\n预算完成率\n={'1' * 31}.86/3159.45=87.1；\n", id="an equation of a huge number"),
        pytest.param(f"{RATED}{RATED}{INDICATOR}9.{'0' * 20}6分。\n", id="a score of more decimals than figures have"),
    ],
)
def test_what_once_ended_the_reading(text: str) -> None:
    assert read(text).document.text == text


@pytest.mark.parametrize(
    ("head", "row"),
    [
        pytest.param(
            "<td>实际完成情况</td><td colspan=3>实际完成情况</td>",
            ["", "甲", "乙", "县"],
            id="two sides below a merged header",
        ),
        pytest.param(
            "<th>备注</th><th>年度总体目标</th>", ["已完成", "指"], id="a goal to the right of what came of it"
        ),
    ],
)
def test_tables_that_once_ended_the_reading(tmp_path: Path, head: str, row: list[str]) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        f"<meta charset=utf-8><table><tr>{head}</tr><tr>{''.join(f'<td>{c}</td>' for c in row)}</tr></table>"
    )
    assert conclude_offline(read_document(page)).document.text.endswith("\t".join(row) + "\n")


INVISIBLE = ("\u00ad", "\u200b", "\u200f", "\u202e", "\u2060", "\ufeff", "\U000e0041")


@pytest.mark.parametrize("mark", INVISIBLE, ids=[f"U+{ord(mark):04X}" for mark in INVISIBLE])
def test_characters_that_print_nothing_change_no_figure(mark: str) -> None:
    head = "某局2022年度部门整体支出绩效自评报告\n一、收支情况\n"
    plain = f"{head}2022年支出12.5万元，预算执行率98.25%。\n"
    hidden = f"{head}2022年支{mark}出1{mark}2.{mark}5{mark}万{mark}元，预算执行率{mark}98.2{mark}5%。\n"
    figures = [
        [(x.value, x.unit) for d in read(text).decisions for x in d.grounded.literals] for text in (plain, hidden)
    ]
    assert figures[0] == figures[1] != []


@pytest.mark.parametrize("unit", (REPEATED | LABELS).values(), ids=(REPEATED | LABELS).keys())
def test_time_follows_the_length_whatever_is_repeated(unit: str) -> None:
    once, twice = (min(seconds(unit * (size // len(unit))) for _ in range(2)) for size in (5_000, 10_000))
    assert twice < 3 * max(once, 0.02)


def test_time_follows_the_number_of_sentences_in_one_paragraph() -> None:
    """Checks ask for the numbers of each sentence: not by walking those of all others."""
    unit = REPEATED["sentences"]
    once, twice = (min(seconds(unit * (size // len(unit))) for _ in range(2)) for size in (40_000, 80_000))
    assert twice < 3 * once


def test_time_follows_the_length_of_a_rule_that_is_none() -> None:
    once, twice = (min(seconds(f"|{'-' * size}甲") for _ in range(2)) for size in (10_000, 20_000))
    assert twice < 3 * max(once, 0.02)


@pytest.mark.slow
@pytest.mark.parametrize("unit", REPEATED.values(), ids=REPEATED.keys())
def test_a_line_of_five_megabytes_does_not_hang(unit: str) -> None:
    """The aim is ten seconds; docs/benchmarks.md has the figures, as a busy machine cannot be held to them."""
    assert seconds(unit * (5_000_000 // len(unit.encode()))) < 60
