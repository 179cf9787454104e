"""What the offline reader promises of any text: it never fails, it ends every chunk, and all it says stands in the text."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from pipeline.documents import read_document
from pipeline.flow import OutcomeStatus
from tests.conftest import ROOT
from tests.extraction.offline.reading_cases import extract, ground
from tests.report_cases import report_texts

SAMPLES = sorted((ROOT / "data" / "samples").glob("*.txt"))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(report_texts())
@example("")
@example("一、\n（一）\n1.\n（1）\n")
@example("合计\t\t\n\t\t\n合计|12|\n")
@example("项目名称\t预算数\n合计\t12万元\n\t12\n")
def test_any_text_is_read_and_every_chunk_ends(text: str) -> None:
    found = extract(text)
    counts = Counter(d.chunk_id for d in found.drafts)
    for outcome in found.outcomes:
        assert outcome.drafts == counts.pop(outcome.chunk_id, 0)
        assert outcome.status is (OutcomeStatus.DONE if outcome.drafts else OutcomeStatus.EMPTY)
    assert not counts, "every draft belongs to a chunk"
    assert (found.rejections, found.calls) == ((), ())


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(report_texts())
def test_of_any_text_it_says_only_what_grounding_finds_there(text: str) -> None:
    assert [(r.record_type, r.reason) for r in ground(text)[1]] == []


@pytest.mark.parametrize("path", SAMPLES, ids=[p.stem for p in SAMPLES])
def test_everything_that_it_reads_is_grounded(path: Path) -> None:
    grounded, rejected = ground(read_document(path).text)
    assert [(r.record_type, r.reason) for r in rejected] == []
    assert len(grounded) > 20
    assert {g.text_score for g in grounded} == {1}, "prose is verbatim"


def test_the_same_text_gives_the_same_drafts() -> None:
    text = read_document(SAMPLES[0]).text
    assert extract(text) == extract(text)


def test_a_fact_s_figure_is_given_with_its_place() -> None:
    text = "全年预算数86.5万元，全年执行数80.10万元。\n"
    assert [text[s.start : s.stop] for d in extract(text).drafts for s in d.places.values()] == ["86.5", "80.10"]


@pytest.mark.parametrize(
    "unit",
    [
        "预算12万元，", "甲\t", "甲|\n", "（(", "一、", "其中：", "一、概况\n", "\t甲\n", "12 ", "。",
        "1", "甲", "甲\n",
    ],
    ids=repr,
)  # fmt: skip
def test_time_is_linear_in_the_length_whatever_is_repeated(unit: str) -> None:
    seconds = [min(_seconds(unit * (size // len(unit))) for _ in range(2)) for size in (2_000, 4_000)]
    assert seconds[1] < 3 * max(seconds[0], 0.05)


def _seconds(text: str) -> float:
    started = time.process_time()
    extract(text)
    return time.process_time() - started
