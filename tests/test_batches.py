"""``jixiao run --batch``: questions through the batch API, over the real client and the stand-in's files and batches."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from eval.standin import ChatRequest, Reply, StandIn
from eval.standin_batches import BatchWays, Lines
from pipeline.chunking import LARGE
from pipeline.extraction.choice import Choice, Llm
from pipeline.extraction.llm import BatchError, Journal, LlmExtractor, LlmSettings, Money
from pipeline.extraction.llm.asking import Purpose, Question
from pipeline.extraction.llm.batching import request_files
from pipeline.extraction.llm.requests import Request
from pipeline.job import RunReport, Terms, run
from pipeline.prices import Prices
from pipeline.replay import replay
from pipeline.store import Store
from tests.report_cases import lines
from tests.test_job import KEY, at_once

PLACES = ("东", "西", "南", "北", "上", "下")
PRICES = Prices(prompt=Decimal(2), completion=Decimal(8), batch=Decimal("0.5"), currency="CNY")
BATCH = Terms(batch=True)


class Killed(BaseException):
    """The end of a process, at this moment."""


def canal(text: str) -> dict[str, Any]:
    """The project that a report of these tests states."""
    place = next(p for p in PLACES if f"{p}渠修复项目" in text)
    quote = f"{place}渠修复项目全年预算数45万元，全年执行数43.27万元"
    amounts = {name: {"value": v, "unit": "万元"} for name, v in (("full_year_budget", "45"), ("executed", "43.27"))}
    return {"quote": quote, "name": f"{place}渠修复项目", **amounts}


def truth(request: ChatRequest) -> Reply:
    said = {name: [canal(request.text or "")] if name == "projects" else [] for name in request.record_types}
    return Reply(content=json.dumps(said, ensure_ascii=False))


@dataclass
class Folder:
    """Six reports, and the database that they are read into."""

    path: Path

    def read(
        self, server: StandIn, terms: Terms = BATCH, *, limit: Decimal | None = None, sleep: Any = at_once
    ) -> tuple[RunReport, list[str]]:
        settings = LlmSettings(model="standin", base_url=server.base_url, outage=5, attempts=1, repairs=0)
        told: list[str] = []

        def opened(journal: Journal) -> Llm:
            money = Money(PRICES, limit)
            return Llm(LlmExtractor.live(settings, SecretStr(KEY), journal, sleep, money))

        choice = Choice("llm", 4, "llm", opened, "standin", {**settings.asked, "chunk": LARGE}, LARGE)
        with Store.open(self.path / "a.duckdb") as store:
            return asyncio.run(run([self.path / "in"], store, choice, terms, tell=told.append)), told

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with Store.open(self.path / "a.duckdb", read_only=True) as store:
            return list(store.query(sql).rows)

    @property
    def records(self) -> list[tuple[Any, ...]]:
        return self.ask("SELECT record_id, document_id, name, status FROM projects ORDER BY 1")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "in").mkdir()
    for place in PLACES:
        text = lines(
            "青禾县水利局2022年度自评报告", "一、项目", f"{place}渠修复项目全年预算数45万元，全年执行数43.27万元。"
        )
        (tmp_path / "in" / f"{place}.txt").write_text(text, encoding="utf-8")
    return Folder(tmp_path)


def test_every_answer_comes_by_the_batch_and_the_database_is_that_of_a_live_run(folder: Folder, tmp_path: Path) -> None:
    with StandIn(truth) as server:
        report, told = folder.read(server)
        assert (report.ok, report.documents) == (True, 6)
        assert (len(server.batched), server.requests, len(server.desk.batches)) == (6, (), 1)
    assert told[0] == "batch batch-1: 6 requests sent; they may take up to 24 hours"
    assert told[-1] == "batch batch-1 completed: 6 results"
    found = folder.records
    (tmp_path / "a.duckdb").rename(tmp_path / "b.duckdb")
    with StandIn(truth) as server:
        folder.read(server, Terms())
        assert (len(server.requests), server.desk.batches) == (6, [])
    assert folder.records == found
    assert len(found) == 6


def reversed_(results: Lines) -> tuple[Lines, Lines]:
    return results[::-1], []


def two_missing(results: Lines) -> tuple[Lines, Lines]:
    return results[2:], []


def refused(results: Lines) -> tuple[Lines, Lines]:
    failed = [json.loads(line) for line in results[:3]]
    failed[0] |= {"response": {"status_code": 400, "body": {"error": {"message": "bad"}}}}
    failed[1] |= {"response": None, "error": {"code": "batch_expired", "message": "not in time"}}
    failed[2] |= {"response": {"status_code": 200}}
    return results[3:], [json.dumps(line) for line in failed]


def strange(results: Lines) -> tuple[Lines, Lines]:
    other = json.dumps(json.loads(results[0]) | {"custom_id": "another"})
    return [results[0], results[0], "{ not JSON", "[]", other, *results[1:]], []


WAYS: list[tuple[str, BatchWays, int, str]] = [
    ("out of order", BatchWays(results=reversed_), 0, "completed: 6 results"),
    ("missing", BatchWays(results=two_missing), 2, "completed: 4 results; 2 without an answer are asked one by one"),
    ("failed one by one", BatchWays(results=refused), 3, "completed: 6 results; 3 without an answer are asked"),
    ("expired", BatchWays(status="expired", results=two_missing), 2, "expired: 4 results; 2 without"),
    ("failed", BatchWays(status="failed", results=lambda _: ([], []), errors=("too many",)), 6, "failed (too many): 0 results"),
    ("nothing came", BatchWays(results=lambda _: ([], [])), 6, "completed: 0 results; 6 without an answer"),
    ("cancelled", BatchWays(status="cancelled", results=two_missing), 2, "cancelled: 4 results"),
    ("garbage, repeated and strange results", BatchWays(results=strange), 0, "6 results; 3 results belong to no question"),
    ("the answer to the submission is lost", BatchWays(forgets=1), 0, "completed: 6 results"),
]  # fmt: skip


@pytest.mark.parametrize(("ways", "live", "words"), [row[1:] for row in WAYS], ids=[row[0] for row in WAYS])
def test_what_a_batch_does_not_answer_is_asked_live(folder: Folder, ways: BatchWays, live: int, words: str) -> None:
    with StandIn(truth, batches=ways) as server:
        report, told = folder.read(server)
        assert report.ok
        assert len(server.desk.batches) == 1
        assert len(server.requests) == live
    assert words in told[-1]
    assert len(folder.records) == 6
    assert folder.ask("SELECT count(*) FROM llm_calls WHERE status = 'ok'") == [(6,)]
    assert folder.ask("SELECT count(*), sum(requests) FROM batches WHERE status = 'open'") == [(0, None)]


@pytest.mark.parametrize("status", [404, 400, 401])
def test_an_endpoint_without_batches_is_said_to_have_none_and_nothing_is_paid(folder: Folder, status: int) -> None:
    with StandIn(truth, batches=BatchWays(refuses=status)) as server, pytest.raises(BatchError) as told:
        folder.read(server)
    assert ("run without --batch" in str(told.value)) == (status != 401)
    assert (server.requests, server.batched) == ((), ())
    assert KEY not in str(told.value)


def killed_at(look: int) -> Any:
    """A clock that ends the process when it is looked at so often."""
    looks = 0

    async def sleep(_: float) -> None:
        nonlocal looks
        looks += 1
        if looks == look:
            raise Killed

    return sleep


@pytest.mark.parametrize("look", [1, 3])
@pytest.mark.parametrize("known", [True, False], ids=["submitted", "submitted, and killed before its id was noted"])
@pytest.mark.parametrize("fresh", [False, True])
def test_a_run_that_is_killed_while_it_waits_collects_the_batch_later_and_sends_none_twice(
    folder: Folder, look: int, known: bool, fresh: bool
) -> None:
    terms = Terms(batch=True, fresh=fresh)
    with StandIn(truth, batches=BatchWays(looks=4)) as server:
        with pytest.raises(Killed):
            folder.read(server, terms, sleep=killed_at(look))
        if not known:
            with duckdb.connect(str(folder.path / "a.duckdb")) as raw:
                raw.execute("UPDATE batches SET batch_id = NULL")
        report, _ = folder.read(server, terms)
        assert (report.ok, report.documents) == (True, 6)
        assert (len(server.desk.batches), len(server.batched), server.requests) == (1, 6, ())
    assert len(folder.records) == 6
    assert folder.ask("SELECT count(*), count(DISTINCT prompt_hash) FROM llm_calls") == [(6, 6)]


def test_a_batch_that_was_noted_and_never_sent_is_sent_anew(folder: Folder) -> None:
    with StandIn(truth, batches=BatchWays(looks=9)) as server:
        with pytest.raises(Killed):
            folder.read(server, sleep=killed_at(1))
        server.desk.batches.clear()
        with duckdb.connect(str(folder.path / "a.duckdb")) as raw:
            raw.execute("UPDATE batches SET batch_id = NULL")
        report, _ = folder.read(server)
        assert report.ok
        assert (len(server.desk.batches), len(server.batched)) == (1, 6)
    assert folder.ask("SELECT status FROM batches ORDER BY status") == [("completed",), ("never_sent",)]


def test_calls_of_a_batch_cost_what_batches_cost_and_are_not_paid_for_again(folder: Folder) -> None:
    with StandIn(truth) as server:
        folder.read(server)
        assert folder.ask(
            "SELECT sum(cost) = sum(prompt_tokens * 2 + completion_tokens * 8) / 2e6::DECIMAL(38, 10), min(usage) FROM llm_calls"
        ) == [(True, "endpoint")]
        assert folder.read(server)[0].unchanged
        with Store.open(folder.path / "a.duckdb") as store:
            assert [r.failures for r in asyncio.run(replay(store))] == [{}]
        assert len(server.batched) == 6
        fresh, _ = folder.read(server, Terms(batch=True, fresh=True))
        assert (fresh.ok, len(server.batched), server.requests) == (True, 12, ())


def test_a_budget_bounds_what_is_sent_in_a_batch(folder: Folder) -> None:
    with StandIn(truth) as server:
        one = PRICES.in_batches.cost(900, 8192)
        report, _ = folder.read(server, limit=2 * one)
        assert report.stopped and "does not cover another call" in report.stopped
        assert 1 <= len(server.batched) <= 2
    [(spent,)] = folder.ask("SELECT sum(cost) FROM llm_calls")
    assert spent <= 2 * one


def test_request_files_hold_the_text_and_never_the_key(folder: Folder) -> None:
    with StandIn(truth) as server:
        folder.read(server)
        [uploaded] = server.desk.uploaded
    assert "渠修复项目" in uploaded.decode()
    assert KEY.encode() not in uploaded
    for path in folder.path.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes(), path


def questions(texts: list[str]) -> list[Question]:
    asked = [{"messages": [{"role": "user", "content": text}]} for text in texts]
    return [
        Question(Request(body, f"{number:064x}", 1), "d", "c", Purpose.READING) for number, body in enumerate(asked)
    ]


@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=40), max_size=30),
    st.integers(1, 7),
    st.integers(200, 900),
)
def test_request_files_keep_within_the_limits_and_lose_nothing_that_fits(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], requests: int, size: int
) -> None:
    folder = tmp_path_factory.mktemp("files")
    held = []
    for file in request_files(folder, questions(texts), requests, size):
        entries = [json.loads(line) for line in file.path.read_bytes().splitlines()]
        assert file.path.stat().st_size <= size
        assert 1 <= len(entries) == len(file.questions) <= requests
        assert [e["custom_id"] for e in entries] == [q.custom_id for q in file.questions]
        held += [e["body"]["messages"][0]["content"] for e in entries]
    fitting: Callable[[str], bool] = lambda text: text in held  # noqa: E731
    left = [text for text in texts if not fitting(text)]
    for text in left:
        [alone] = request_files(folder, questions([text]), 1, 100_000)
        assert alone.path.stat().st_size > size
    assert held == [text for text in texts if fitting(text)]
