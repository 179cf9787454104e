"""A model asked from a cluster: the database, the money and the pace are those of one machine, whatever becomes of Ray's
processes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from eval.gold import GoldSet
from eval.gold_model import GoldModel
from eval.standin import ChatRequest, Reply, StandIn
from pipeline.account import RunReport
from pipeline.engines import Reads
from pipeline.engines.ray_cluster import Cluster
from pipeline.extraction.choice import choose
from pipeline.job import Terms, run
from pipeline.prices import Prices
from pipeline.settings import Settings, SettingsError
from pipeline.store import Store
from tests.conftest import ROOT
from tests.killing import content, now_and_then_no_use, processes_of_ray, prompt_hash, stored_replies
from tests.ray_here import ray_or_skip
from tests.test_engines import SAMPLES

ray = ray_or_skip()
in_proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found in /proc")

CHUNK = 1200


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Ray with two processors, for all tests."""
    cluster = Cluster(2)
    cluster.start()
    yield cluster
    ray.shutdown()


@pytest.fixture(scope="module")
def gold() -> GoldModel:
    return GoldModel(GoldSet(ROOT / "data" / "gold", SAMPLES, ()).documents)


def ran(db: Path, server: StandIn, cluster: Cluster | None, batch: bool = False, **settings: Any) -> RunReport:
    """The samples read by an extractor that asks a server."""
    from pipeline.engines.ray_asking import RayAskingEngine  # noqa: PLC0415 - needs the extra

    given = {"extractor": "llm", "model": "standin", "base_url": server.base_url, "chunk": CHUNK, **settings}
    choice = choose(Settings(**given))
    engine = RayAskingEngine(cluster, Reads(target=choice.target)) if cluster else None
    with Store.open(db) as store:
        return asyncio.run(run([SAMPLES], store, choice, Terms(cluster=engine, batch=batch)))


@pytest.mark.parametrize("extractor", ["llm", pytest.param("hybrid", marks=pytest.mark.slow)])
def test_a_cluster_writes_the_rows_that_one_process_writes(
    tmp_path: Path, cluster: Cluster, gold: GoldModel, extractor: str
) -> None:
    with StandIn(now_and_then_no_use(gold)) as server:
        here = ran(tmp_path / "here.duckdb", server, None, extractor=extractor)
        alone = sorted(prompt_hash(r) for r in server.requests)
        there = ran(tmp_path / "there.duckdb", server, cluster, extractor=extractor)
        assert sorted(prompt_hash(r) for r in server.requests[len(alone) :]) == alone
    assert (there.documents, there.failures, there.remarks) == (here.documents, here.failures, here.remarks)
    assert there.documents == 5
    assert len(there.failures) > 0, "no reply was without use"
    assert content(tmp_path / "there.duckdb") == content(tmp_path / "here.duckdb")


@pytest.mark.slow
def test_what_was_answered_in_batches_is_not_asked_from_the_cluster(
    tmp_path: Path, cluster: Cluster, gold: GoldModel
) -> None:
    with StandIn(gold) as server:
        ran(tmp_path / "here.duckdb", server, None)
        alone = len(server.requests)
        report = ran(tmp_path / "there.duckdb", server, cluster, batch=True, batch_poll=0)
        first = {prompt_hash(r) for r in server.batched}
        later = [prompt_hash(r) for r in server.requests[alone:]]
    assert first.isdisjoint(later)
    assert len(first) + len(later) == alone
    assert len(first) > 20
    assert (report.documents, report.failures) == (5, {})
    own = {"runs", "llm_calls", "batches", "batch_questions"}
    here, there = content(tmp_path / "here.duckdb"), content(tmp_path / "there.duckdb")
    assert {n: r for n, r in there.items() if n not in own} == {n: r for n, r in here.items() if n not in own}


def test_a_budget_holds_over_all_processes(tmp_path: Path, cluster: Cluster, gold: GoldModel) -> None:
    prices = Prices(prompt=Decimal("1"), completion=Decimal("4"))
    budget = Decimal("0.15")
    with StandIn(gold) as server:
        report = ran(tmp_path / "a.duckdb", server, cluster, prices={"standin": prices}, budget=budget, concurrency=16)
        sent = len(server.requests)
    with Store.open(tmp_path / "a.duckdb", read_only=True) as store:
        ((calls, spent),) = store.query("SELECT count(*), sum(cost) FROM llm_calls").rows
    assert "budget" in (report.stopped or "")
    assert calls == sent > 5
    assert budget / 2 < spent <= budget


@pytest.mark.slow
def test_a_rate_holds_over_all_processes(tmp_path: Path, cluster: Cluster, gold: GoldModel) -> None:
    came: list[float] = []

    def timed(request: ChatRequest) -> Reply:
        came.append(time.monotonic())
        return gold(request)

    with StandIn(timed) as server:
        report = ran(tmp_path / "a.duckdb", server, cluster, requests_per_minute=600, concurrency=16)
    assert report.documents == 5
    assert len(came) > 20
    assert came[-1] - came[0] >= 0.1 * (len(came) - 2), "more than 600 a minute"


@in_proc
@pytest.mark.parametrize("name", ["_read", pytest.param("Gate", marks=pytest.mark.slow)])
def test_killing_processes_of_ray_loses_nothing_and_repeats_no_call(
    tmp_path: Path, cluster: Cluster, gold: GoldModel, name: str
) -> None:
    killed: list[int] = []

    def deadly(request: ChatRequest) -> Reply:
        if request.number in {6, 25}:
            for pid in processes_of_ray(name):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
        return gold(request)

    with StandIn(gold) as server:
        ran(tmp_path / "here.duckdb", server, None)
        alone = len(server.requests)
    with StandIn(deadly) as server:
        report = ran(tmp_path / "there.duckdb", server, cluster)
        asked = [prompt_hash(r) for r in server.requests]
    assert killed
    assert report.failures == {}
    assert len(set(asked)) == len(asked) == alone
    there, here = content(tmp_path / "there.duckdb"), content(tmp_path / "here.duckdb")
    assert {n: r for n, r in there.items() if n != "runs"} == {n: r for n, r in here.items() if n != "runs"}


def test_a_cluster_that_is_lost_is_one_sentence_and_the_run_goes_on_when_it_is_asked_again(
    tmp_path: Path, cluster: Cluster, gold: GoldModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.engines import ray_asking  # noqa: PLC0415 - needs the extra

    gates: list[Any] = []
    made = ray_asking._gate
    monkeypatch.setattr(ray_asking, "_gate", lambda *given: gates.append(made(*given)) or gates[-1])

    def deadly(request: ChatRequest) -> Reply:
        if len(gates) == 1 and request.number >= 3:
            time.sleep(1)  # what came before is stored, what comes later is under way
        if request.number == 3:
            ray.kill(gates[0])
        return gold(request)

    with StandIn(deadly) as server:
        with pytest.raises(SettingsError, match=r"Ray was lost .* run again, nothing is paid for twice"):
            ran(tmp_path / "a.duckdb", server, cluster)
        stored, before = stored_replies(tmp_path / "a.duckdb"), len(server.requests)
        report = ran(tmp_path / "a.duckdb", server, cluster)
        assert stored.isdisjoint(prompt_hash(r) for r in server.requests[before:])
    assert (report.documents, report.failures) == (5, {})
    assert stored


@in_proc
@pytest.mark.usefixtures("cluster")
def test_a_run_on_a_cluster_that_is_killed_goes_on_and_pays_nothing_twice(tmp_path: Path, gold: GoldModel) -> None:
    db = tmp_path / "killed.duckdb"
    address = ray.get_runtime_context().gcs_address
    settings = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "JIXIAO_MODEL": "standin",
        "JIXIAO_CHUNK": str(CHUNK),
        "JIXIAO_EXTRACTOR": "llm",
        "JIXIAO_JOBS": "2",
        "JIXIAO_CONCURRENCY": "4",
    }
    program = "from pipeline.cli import main; main()"
    command = [
        sys.executable,
        "-c",
        program,
        "run",
        str(SAMPLES),
        "--db",
        str(db),
        "--engine",
        "ray",
        "--address",
        address,
    ]

    running: list[subprocess.Popen[bytes]] = []

    def deadly(request: ChatRequest) -> Reply:
        if request.number == 12:
            running[0].kill()
        return gold(request)

    with StandIn(deadly) as server:
        settings["JIXIAO_BASE_URL"] = server.base_url
        with (tmp_path / "log.txt").open("wb") as log:
            running.append(subprocess.Popen(command, env=settings, stdout=log, stderr=log))  # noqa: S603 - our own code
            assert running[0].wait(timeout=120) == -signal.SIGKILL, (tmp_path / "log.txt").read_text(encoding="utf-8")
        stored, before = stored_replies(db), len(server.requests)
        assert stored
        assert before - len(stored) <= 4 + 1
        again = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)  # noqa: S603 - as above
        assert again.returncode == 0, again.stderr
        asked = [prompt_hash(r) for r in server.requests[before:]]
        ran(tmp_path / "here.duckdb", server, None)
    assert len(set(asked)) == len(asked)
    assert stored.isdisjoint(asked)
    there, here = content(db), content(tmp_path / "here.duckdb")
    assert {n: r for n, r in there.items() if n != "runs"} == {n: r for n, r in here.items() if n != "runs"}
