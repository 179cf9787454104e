"""``jixiao replay``: readings built anew from what the database holds, never made worse."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from eval.standin import StandIn, fails
from pipeline.documents import read_document
from pipeline.extraction.choice import OFFLINE
from pipeline.extraction.llm import LlmSettings
from pipeline.job import run
from pipeline.replay import replay
from pipeline.store import Store
from tests.test_job import TEXT, TRUE, Answers, model, script

Asked = Callable[[str], list[tuple[Any, ...]]]


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A database that a model read one report into; one chunk failed."""
    return read(tmp_path, TRUE | {"二、基本支出": fails(400, "no")})


def read(folder: Path, answers: Answers) -> Path:
    (folder / "qinghe-2022.txt").write_text(TEXT, encoding="utf-8")
    db = folder / "a.duckdb"
    with StandIn(script(answers)) as server, Store.open(db) as store:
        choice = model(LlmSettings(model="standin", base_url=server.base_url, attempts=1))
        asyncio.run(run([folder / "qinghe-2022.txt"], store, choice))
    return db


def replayed(db: Path) -> tuple[list[dict[str, str]], Asked, Store]:
    store = Store.open(db)
    reports = asyncio.run(replay(store))
    return [r.failures for r in reports], lambda sql: list(store.query(sql).rows), store


def test_a_replay_needs_neither_the_file_nor_the_endpoint_and_ends_failed_chunks_as_before(db: Path) -> None:
    with Store.open(db, read_only=True) as store:
        before = store.query("SELECT record_id, status FROM v_records ORDER BY 1").rows
        chunks = store.query("SELECT chunk_id, status, reason FROM chunks ORDER BY 1").rows
    (db.parent / "qinghe-2022.txt").unlink()
    failures, ask, store = replayed(db)
    with store:
        assert failures == [{}]
        assert tuple(ask("SELECT record_id, status FROM v_records ORDER BY 1")) == before
        assert tuple(ask("SELECT chunk_id, status, reason FROM chunks ORDER BY 1")) == chunks
        assert ask("SELECT run_id FROM documents") == ask("SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 1")
        assert ask("SELECT count(*) FROM llm_calls WHERE run_id = (SELECT arg_max(run_id, started_at) FROM runs)") == [
            (0,)
        ]


def test_a_document_comes_back_with_the_tables_that_its_file_draws(tmp_path: Path) -> None:
    page = "<h1>绩效自评</h1><table><tr><td>项目</td><td>预算数（万元）</td></tr><tr><td>水库</td><td>12.50</td></tr></table>"
    path = tmp_path / "a.html"
    path.write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    with Store.open(tmp_path / "a.duckdb") as store:
        asyncio.run(run([path], store, OFFLINE))
        document = read_document(path)
        assert document.tables
        assert store.document(document.document_id) == document


def test_a_reading_whose_replies_are_gone_is_kept_and_named(db: Path) -> None:
    with duckdb.connect(str(db)) as raw:
        raw.execute("DELETE FROM llm_calls WHERE reply IS NOT NULL")
    with Store.open(db, read_only=True) as store:
        before = store.query("SELECT record_id, run_id FROM v_records ORDER BY 1").rows
    failures, ask, store = replayed(db)
    with store:
        [(path, reason)] = failures[0].items()
        assert path == str(db.parent / "qinghe-2022.txt")
        assert reason.startswith("3 questions have no stored reply")
        assert tuple(ask("SELECT record_id, run_id FROM v_records ORDER BY 1")) == before
        assert ask("SELECT status FROM runs ORDER BY started_at DESC LIMIT 1") == [("failed",)]
