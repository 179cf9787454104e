"""A model's readings in a lake: the rows of a database, and nothing paid for twice, whatever ends a run."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from eval.gold import GoldSet
from eval.gold_model import GoldModel
from eval.standin import ChatRequest, Reply, StandIn
from eval.standin_batches import BatchWays
from pipeline.account import RunReport
from pipeline.extraction.choice import choose
from pipeline.job import Terms, run
from pipeline.lake import LakeError, LakeStore, Place, compact, copy_lake, open_lake
from pipeline.prices import Prices
from pipeline.replay import replay
from pipeline.settings import Settings
from pipeline.store import Store
from tests.conftest import ROOT
from tests.killing import CONCURRENCY, Killed, Zygote, now_and_then_no_use, prompt_hash, slowly, zygote
from tests.lake_rows import Rows, data_files, shown, views

SAMPLES = ROOT / "data" / "samples"
FEW = [SAMPLES / "culture-2023.txt", SAMPLES / "education-2023.txt"]
PRICES = {"standin": Prices(prompt=Decimal("1"), completion=Decimal("4"), currency="CNY")}
OF_TIME = {"run_id", "started_at", "call_seconds", "wall_seconds"}


@pytest.fixture(scope="module")
def gold() -> GoldModel:
    return GoldModel(GoldSet(ROOT / "data" / "gold", SAMPLES, ()).documents)


@pytest.fixture
def lake(tmp_path: Path) -> str:
    return str(tmp_path / "lake")


def ran(
    lake: str | None, db: Path, server: StandIn, *, fresh: bool = False, batch: bool = False, **given: Any
) -> RunReport:
    """Some samples read by an extractor that asks a server, into a lake beside a database, or into the database."""
    asked = {
        "extractor": "llm",
        "model": "standin",
        "base_url": server.base_url,
        "chunk": 1200,
        "prices": PRICES,
        **given,
    }
    with LakeStore(Place(lake), db) if lake else Store.open(db) as store:
        return asyncio.run(run(FEW, store, choose(Settings(**asked)), Terms(fresh=fresh, batch=batch)))


def misreading(gold: GoldModel) -> Callable[[ChatRequest], Reply]:
    """Gold, but every second reply has other digits than the report, always the same ones."""

    def answer(request: ChatRequest) -> Reply:
        found = gold(request)
        wrong = zlib.crc32(request.prompt.encode()) % 2 == 0 and found.content is not None
        return replace(found, content=str(found.content).replace("3", "8")) if wrong else found

    return answer


def costs(db: Path) -> list[tuple[Any, ...]]:
    """What each run of a database cost, and what was asked for it, but for the time that it took."""
    with Store.open(db, read_only=True) as store:
        found = store.query("FROM v_run_costs ORDER BY started_at")
        kept = [i for i, name in enumerate(found.columns) if name not in OF_TIME]
        return [tuple(row[i] for i in kept) for row in found.rows]


def traces(lake: str) -> list[Any]:
    """All that a lake says about each of its records but for the run, and which of its attempts a call was."""
    db = Path(lake).with_suffix(".duckdb")
    with Store.open(db, read_only=True) as store:
        found = [store.trace(i) for (i,) in store.query("SELECT record_id FROM v_records ORDER BY record_id").rows]
    return [(x.record_id, x.literals, x.findings, x.chunk, [c.prompt_hash for c in x.calls], x.quote) for x in found]


def without_costs(rows: Rows) -> Rows:
    return {name: found for name, found in rows.items() if name != "v_run_costs"}


@pytest.mark.parametrize("extractor", ["llm", pytest.param("hybrid", marks=pytest.mark.slow)])
def test_every_view_of_a_lake_has_the_rows_of_a_database(
    tmp_path: Path, lake: str, gold: GoldModel, extractor: str
) -> None:
    with StandIn(now_and_then_no_use(misreading(gold))) as server:
        database = ran(None, tmp_path / "db.duckdb", server, extractor=extractor)
        alone = sorted(prompt_hash(r) for r in server.requests)
        into = ran(lake, tmp_path / "calls.duckdb", server, extractor=extractor)
        assert sorted(prompt_hash(r) for r in server.requests[len(alone) :]) == alone
    assert (into.documents, into.failures, into.remarks) == (2, database.failures, database.remarks)
    assert into.failures, "no reply was without use"
    expected, found = views(tmp_path / "db.duckdb"), shown(lake)
    assert expected["v_quarantine"] or extractor == "hybrid"
    assert without_costs(found) == without_costs(expected)
    assert costs(tmp_path / "lake.duckdb") == costs(tmp_path / "calls.duckdb") == costs(tmp_path / "db.duckdb")
    assert len(list(Path(lake).glob("parts/*"))) == 1


def test_what_was_asked_is_asked_no_more(tmp_path: Path, lake: str, gold: GoldModel) -> None:
    db = tmp_path / "calls.duckdb"
    with StandIn(gold) as server:
        assert ran(lake, db, server).ok
        asked, files = len(server.requests), data_files(lake)
        again = ran(lake, db, server)
        assert (again.documents, len(again.unchanged), len(server.requests)) == (0, 2, asked)
        assert data_files(lake) == files
        shutil.rmtree(lake)
        rebuilt = ran(lake, db, server)
        assert (rebuilt.documents, len(server.requests)) == (2, asked)
        shown(lake)
        assert [row[3] for row in costs(tmp_path / "lake.duckdb")] == [2, 0, 2]
        assert costs(tmp_path / "lake.duckdb") == costs(db), "the account knows what the lake lost"


@pytest.mark.slow
def test_what_is_asked_afresh_takes_the_place_of_what_was_there(tmp_path: Path, lake: str, gold: GoldModel) -> None:
    db = tmp_path / "calls.duckdb"
    with StandIn(gold) as server:
        ran(lake, db, server)
        asked, before = len(server.requests), shown(lake)
        traced = traces(lake)
        ran(lake, db, server, fresh=True)
        assert len(server.requests) == 2 * asked
        assert without_costs(shown(lake)) == without_costs(before)
        assert traces(lake) == traced
        compact(Place(lake))
        assert without_costs(shown(lake)) == without_costs(before)
        assert traces(lake) == traced
        assert costs(tmp_path / "lake.duckdb") == costs(db)


@pytest.mark.slow
def test_a_budget_ends_a_run_and_the_next_one_pays_for_the_rest_alone(
    tmp_path: Path, lake: str, gold: GoldModel
) -> None:
    with StandIn(gold) as server:
        ran(None, tmp_path / "db.duckdb", server)
        alone = len(server.requests)
        budget = Decimal("0.07")
        report = ran(lake, tmp_path / "calls.duckdb", server, budget=budget, concurrency=2)
        assert "budget" in (report.stopped or "") and not report.ok
        ((*_, cost, currency),) = costs(tmp_path / "calls.duckdb")
        assert budget / 2 < cost <= budget and currency == "CNY"
        assert ran(lake, tmp_path / "calls.duckdb", server).ok
        assert len(server.requests) == 2 * alone
    assert without_costs(shown(lake)) == without_costs(views(tmp_path / "db.duckdb"))


@pytest.mark.slow
def test_a_worse_reading_takes_no_ones_place(tmp_path: Path, lake: str, gold: GoldModel) -> None:
    with StandIn(gold) as server:
        ran(lake, tmp_path / "calls.duckdb", server)
    before = shown(lake)
    with StandIn(now_and_then_no_use(gold)) as server:
        report = ran(lake, tmp_path / "calls.duckdb", server, fresh=True)
    kept = [
        reason for reason in report.failures.values() if "its stored reading, with fewer of them, is kept" in reason
    ]
    assert kept
    assert shown(lake)["v_coverage"] == before["v_coverage"]


@pytest.mark.slow
def test_batches_ask_for_a_lake(tmp_path: Path, lake: str, gold: GoldModel) -> None:
    with StandIn(gold, batches=BatchWays(looks=2)) as server:
        ran(None, tmp_path / "db.duckdb", server)
        alone = len(server.requests)
        assert ran(lake, tmp_path / "calls.duckdb", server, batch=True, batch_poll=0).ok
        assert len(server.requests) - alone + len(server.batched) == alone
        assert len(server.batched) > 10
    assert without_costs(shown(lake)) == without_costs(views(tmp_path / "db.duckdb"))


@pytest.mark.slow
def test_a_copy_of_a_lake_has_all_that_a_replay_needs(tmp_path: Path, lake: str, gold: GoldModel) -> None:
    with StandIn(gold) as server:
        ran(lake, tmp_path / "calls.duckdb", server)
    copied = tmp_path / "copied.duckdb"
    assert copy_lake(Place(lake), copied) == 2
    before = views(copied)
    with Store.open(copied) as store:
        assert store.discrepancies() == []
        reports = asyncio.run(replay(store))
    assert [(report.documents, report.failures) for report in reports] == [(2, {})]
    assert without_costs(views(copied)) == without_costs(before)


def test_nothing_is_asked_where_no_file_would_keep_it(lake: str, gold: GoldModel) -> None:
    with StandIn(gold) as server:
        choice = choose(Settings(extractor="llm", model="standin", base_url=server.base_url))
        with LakeStore(Place(lake)) as store, pytest.raises(LakeError, match=r"needs a database beside it .* use --db"):
            asyncio.run(run(FEW, store, choice))
        assert not server.requests


@pytest.fixture
def process(tmp_path: Path, gold: GoldModel) -> Iterator[tuple[Zygote, StandIn]]:
    (tmp_path / "in").mkdir()
    for sample in FEW:
        shutil.copy(sample, tmp_path / "in")
    shutil.copy(FEW[0], tmp_path / "in" / "zz-copy.txt")
    with StandIn(slowly(gold, 1)) as server, zygote(tmp_path, server) as started:
        yield started, server


def killed(tmp_path: Path, process: tuple[Zygote, StandIn], seed: int, kills: int, **whole: Any) -> int:
    """Kills a run into a lake, lets it end, and compares with the database of one that nothing interrupted; the kills."""
    started, server = process
    db, lake, before = tmp_path / f"{seed}.duckdb", str(tmp_path / f"lake-{seed}"), len(server.requests)
    run = Killed(started, server, ["run", "in", "--lake", lake, "--db", str(db)], db)
    run.go(kills, whole["seconds"] * 0.5, seed)
    assert run.repeated == []
    assert len(server.requests) - before <= whole["requests"] + run.kills * CONCURRENCY
    found = shown(lake)
    assert without_costs(found) == whole["views"]
    assert [row for row in costs(Path(f"{lake}.duckdb")) if row[0] == "done"] == [
        row for row in costs(db) if row[0] == "done"
    ]
    assert {json.loads(p.read_bytes())["row"]["status"] for p in Path(lake).glob("runs/*.json")} <= {
        "done",
        "interrupted",
    }
    return run.kills


def uninterrupted(tmp_path: Path, process: tuple[Zygote, StandIn]) -> dict[str, Any]:
    started, server = process
    begun = time.monotonic()
    assert started.run(["run", "in", "--db", "whole.duckdb"]) == 0, started.log.read_text(encoding="utf-8")
    seconds = time.monotonic() - begun
    rows = without_costs(views(tmp_path / "whole.duckdb"))
    return {"seconds": seconds, "requests": len(server.requests), "views": rows}


def test_a_run_that_is_killed_goes_on_and_pays_nothing_twice(tmp_path: Path, process: tuple[Zygote, StandIn]) -> None:
    whole = uninterrupted(tmp_path, process)
    assert killed(tmp_path, process, 7, 3, **whole) >= 1


@pytest.mark.slow
def test_a_hundred_kills_lose_and_repeat_nothing(tmp_path: Path, process: tuple[Zygote, StandIn]) -> None:
    whole = uninterrupted(tmp_path, process)
    kills, seed = 0, 100
    while kills < 100:
        kills += killed(tmp_path, process, seed, 6, **whole)
        seed += 1


@pytest.mark.slow
def test_one_account_serves_several_lakes(tmp_path: Path, lake: str, gold: GoldModel) -> None:
    db, other = tmp_path / "calls.duckdb", str(tmp_path / "other")
    with StandIn(gold) as server:
        ran(lake, db, server)
        asked = len(server.requests)
        ran(other, db, server)
        assert len(server.requests) == asked
    assert without_costs(shown(other)) == without_costs(shown(lake))
    assert [len(list(Path(each).glob("runs/*.parquet"))) for each in (lake, other)] == [1, 0]
    open_lake(Place(other), tmp_path / "o.duckdb")
    assert costs(tmp_path / "o.duckdb") == costs(db)[1:]
