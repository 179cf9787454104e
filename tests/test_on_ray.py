"""The engine ray: the same database as that of this machine's own processes, whatever becomes of Ray's."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from eval.bench.made_reports import make_reports
from pipeline.documents.read import FileBytes
from pipeline.engines import LocalEngine, Reads
from pipeline.engines.on_ray import RayEngine
from pipeline.engines.ray_cluster import Cluster
from pipeline.extraction.choice import OFFLINE
from pipeline.job import Terms, run
from pipeline.settings import SettingsError
from pipeline.store import Store
from pipeline.work import Engine, Outcome
from tests.killing import processes_of_ray
from tests.ray_here import ray_or_skip
from tests.test_engines import SAMPLES, in_order

ray = ray_or_skip()


@pytest.fixture(scope="module")
def engine() -> Iterator[RayEngine]:
    """Ray with two processes, for all tests."""
    cluster = Cluster(2)
    cluster.start()
    yield RayEngine(cluster, Reads())
    ray.shutdown()


class Killing:
    """An engine that kills the processes of Ray that are reading, after every so many outcomes."""

    name = "ray"

    def __init__(self, inner: RayEngine, every: int) -> None:
        self._inner = inner
        self._every = every
        self.killed = 0

    async def read(self, run_id: str, files: Iterator[FileBytes], expected: int) -> AsyncGenerator[Outcome]:
        number = 0
        async for outcome in self._inner.read(run_id, files, expected):
            yield outcome
            number += 1
            if number % self._every == 0:
                self._kill()

    def _kill(self) -> None:
        for pid in processes_of_ray("_read"):
            os.kill(pid, signal.SIGKILL)
            self.killed += 1


def compared(folder: Path, count: int, engine: Engine) -> None:
    """Reads so many reports with an engine and in this process, and compares."""
    reports = folder / "in"
    reports.mkdir()
    for _ in make_reports(sorted(SAMPLES.glob("*.txt")), reports, count):
        pass
    databases = folder / "local.duckdb", folder / "ray.duckdb"
    for db, each in zip(databases, (LocalEngine(2, Reads()), engine), strict=True):
        with Store.open(db) as store:
            report = asyncio.run(run([reports], store, OFFLINE, Terms(engine=each)))
            assert (report.failures, report.documents) == ({}, count)
    here, there = map(in_order, databases)
    assert there == here
    assert len(here["documents"]) == count


def test_two_processes_of_ray_write_the_rows_that_this_machine_writes(tmp_path: Path, engine: RayEngine) -> None:
    compared(tmp_path, 12, engine)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found in /proc")
def test_killing_the_processes_of_ray_loses_nothing(tmp_path: Path, engine: RayEngine) -> None:
    killing = Killing(engine, 6)
    compared(tmp_path, 24, killing)
    assert killing.killed > 0


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found in /proc")
def test_five_hundred_documents_are_the_same_while_processes_are_killed(tmp_path: Path, engine: RayEngine) -> None:
    killing = Killing(engine, 100)
    compared(tmp_path, 500, killing)
    assert killing.killed >= 3


def test_a_cluster_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    ray.shutdown()
    engine = RayEngine(Cluster(1, "127.0.0.1:1"), Reads())
    with (
        Store.open(tmp_path / "a.duckdb") as store,
        pytest.raises(SettingsError, match=r"127\.0\.0\.1:1 .*see that it runs"),
    ):
        asyncio.run(run([SAMPLES], store, OFFLINE, Terms(engine=engine)))
