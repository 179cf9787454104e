"""The second reading: accused cells alone are asked for again, blindly; what differs is contested."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from llm_cases import KEY, settings
from pydantic import SecretStr

from eval.cli import DATA
from eval.standin import ChatRequest, Reply, StandIn, fails, says
from pipeline.chunking import LARGE
from pipeline.documents import read_document
from pipeline.evidence import evidence_for
from pipeline.extraction.judging import judge
from pipeline.extraction.llm import Answer, BatchLog, LlmExtractor, Question, Tell
from pipeline.extraction.llm.asking import Purpose
from pipeline.extraction.llm.faults import CallError, Fault
from pipeline.extraction.llm.reading import read_cells
from pipeline.extraction.llm.second import unmistakable
from pipeline.extraction.offline import OfflineExtractor
from pipeline.flow import Extraction, OutcomeStatus
from pipeline.job import prepare
from pipeline.merging import merge_reports
from tests.test_job import CANALS, DREDGING, TEXT, TRUE, script


def read(answer: object, tmp_path: Path) -> tuple[Extraction, tuple[ChatRequest, ...]]:
    path = tmp_path / "qinghe.txt"
    path.write_text(TEXT, encoding="utf-8")
    prepared = prepare(read_document(path))

    async def extract(base_url: str) -> Extraction:
        async with LlmExtractor.live(settings(base_url, attempts=1), SecretStr(KEY)) as extractor:
            return await extractor.read_twice(prepared.document, prepared.layout, prepared.chunks)

    with StandIn(answer) as server:
        return asyncio.run(extract(server.base_url)), server.requests


def seconds(requests: tuple[ChatRequest, ...]) -> list[ChatRequest]:
    return [r for r in requests if r.questions is not None]


def test_only_accused_cells_are_asked_for_and_nothing_of_the_first_answer_is_sent(tmp_path: Path) -> None:
    _, requests = read(script(TRUE), tmp_path)
    [again] = seconds(requests)
    questions = again.questions or {}
    assert all("渠道修复项目" in words for words in questions.values())
    assert [words.split(":")[1].split("(")[0].strip() for words in questions.values()] == [
        "全年预算数", "全年执行数", "执行率",
    ]  # fmt: skip
    asked = again.prompt.split("</report_text>")[1]
    assert "43.27" not in asked
    assert "100" not in asked
    assert again.text is not None and "43.27" in again.text


@pytest.mark.parametrize("answer", ["100", "100.0", "１００"])
def test_two_equal_readings_keep_the_record_and_its_finding(tmp_path: Path, answer: str) -> None:
    def same(request: ChatRequest) -> Reply:
        if request.questions is None:
            return script(TRUE)(request)
        return says({"cells": [{"no": n, "value": answer} for n, w in request.questions.items() if "执行率" in w]})

    extraction, _ = read(same, tmp_path)
    assert {d.record.model_dump()["quote"] for d in extraction.drafts if d.record_type == "projects"} == {
        DREDGING["quote"],
        CANALS["quote"],
    }


def test_two_different_readings_are_a_contest_and_leave_the_reading(tmp_path: Path) -> None:
    extraction, _ = read(script(TRUE, second="96.16"), tmp_path)
    assert [d.record.model_dump()["name"] for d in extraction.drafts if d.record_type == "projects"] == ["山塘清淤项目"]
    [rejection] = extraction.rejections
    assert (rejection.record_type, rejection.code) == ("projects", "contested")
    assert rejection.reason == "full_year_budget: read as 45, and as 96.16 when it was asked for by itself"
    assert json.loads(rejection.payload)["name"] == "渠道修复项目"
    assert [c.purpose for c in extraction.calls].count("second") == 1


@pytest.mark.parametrize("failure", [fails(400), Reply(content="不知道"), says({"cells": "x"}), says({"cells": []})])
def test_a_second_reading_that_fails_contests_nothing(tmp_path: Path, failure: Reply) -> None:
    def failing(request: ChatRequest) -> Reply:
        return failure if request.questions is not None else script(TRUE)(request)

    extraction, _ = read(failing, tmp_path)
    assert extraction.rejections == ()
    assert len([d for d in extraction.drafts if d.record_type == "projects"]) == 2


def test_nothing_is_asked_where_nothing_is_accused(tmp_path: Path) -> None:
    _, requests = read(script(TRUE | {"一、项目支出": {"projects": [DREDGING]}}), tmp_path)
    assert seconds(requests) == []


@pytest.mark.parametrize(
    ("reply", "cells"),
    [
        ('{"cells": [{"no": 1, "value": "1,234.50"}, {"no": 2, "value": null}]}', {1: "1234.50"}),
        ('```json\n{"cells": [{"no": "3", "value": 95.50}]}\n```', {3: "95.50"}),
        ('{"cells": [{"no": 1, "value": "约5万元"}, {"value": "1"}, 7, {"no": -1, "value": "2"}]}', {}),
        ('{"cells": []}', {}),
    ],
)
def test_what_a_reply_holds(reply: str, cells: dict[int, str]) -> None:
    assert read_cells(reply) == cells


@pytest.mark.parametrize("reply", ["", "7", '{"tasks": []}', "不知道"])
def test_a_reply_without_cells_is_garbage(reply: str) -> None:
    with pytest.raises(CallError, match="garbage"):
        read_cells(reply)


def test_a_cell_whose_words_name_another_figure_too_is_not_asked_about() -> None:
    prepared = prepare(read_document(DATA / "samples" / "culture-2023.txt"), LARGE)
    document, layout, chunks = prepared.document, prepared.layout, prepared.chunks
    drafts = merge_reports(OfflineExtractor().extract(document, layout, chunks).drafts)
    judged = judge(evidence_for(document, layout), document, layout, chunks, drafts)
    asked = unmistakable(judged.accused(), judged.grounded)
    left_out = [cell for cell in judged.accused() if cell not in asked]
    assert [(c.grounded.record.model_dump()["name"], c.field) for c in left_out] == [("合计", "score")]


class _Ending:
    """Answers first questions; when it is asked again, the run's money is spent."""

    stopped: str | None = None

    def __init__(self, reply: str) -> None:
        self._reply = reply

    async def ask(self, question: Question) -> Answer:
        if question.purpose is Purpose.READING:
            return Answer(self._reply, None, ())
        return Answer(None, CallError(Fault.BUDGET_EXHAUSTED, "the budget is spent"), ())

    async def ask_in_batches(self, questions: Iterable[Question], log: BatchLog, tell: Tell) -> None: ...

    async def condemn(self, answer: Answer, error: CallError) -> None: ...

    async def aclose(self) -> None: ...


@pytest.mark.parametrize(
    "record",
    [CANALS, CANALS | {"name": 7}, CANALS | {"full_year_budget": {"value": "9", "unit": "万元"}}],
    ids=["a second reading", "a repair of what does not validate", "a repair of what is not grounded"],
)
def test_a_chunk_that_could_not_be_asked_about_again_is_asked_by_the_next_run(
    tmp_path: Path, record: dict[str, object]
) -> None:
    path = tmp_path / "qinghe.txt"
    path.write_text(TEXT, encoding="utf-8")
    prepared = prepare(read_document(path), LARGE)
    extractor = LlmExtractor(settings("http://x"), _Ending(json.dumps({"projects": [DREDGING, record]})))
    read = asyncio.run(extractor.read_twice(prepared.document, prepared.layout, prepared.chunks))
    reasons = {outcome.reason for outcome in read.outcomes if outcome.status is OutcomeStatus.FAILED}
    assert reasons == {"budget_exhausted: the budget is spent"}
