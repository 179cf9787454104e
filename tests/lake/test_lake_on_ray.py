"""Ray's processes write a lake: the rows are those that this machine's own write, whatever becomes of them."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest

from eval.bench.made_reports import make_reports
from eval.gold import GoldSet
from eval.gold_model import GoldModel
from eval.standin import ChatRequest, Reply, StandIn
from pipeline.documents.read import FileBytes
from pipeline.engines import LocalEngine, Reads, reading
from pipeline.engines.on_ray import RayEngine
from pipeline.engines.ray_cluster import Cluster
from pipeline.extraction.choice import OFFLINE, choose
from pipeline.job import Terms, run
from pipeline.lake import LakeStore, Place
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.work import Engine, Outcome
from tests.conftest import ROOT
from tests.killing import processes_of_ray, prompt_hash
from tests.lake_rows import Rows, shown, views
from tests.ray_here import ray_or_skip

ray = ray_or_skip()
in_proc = pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are found in /proc")

SAMPLES = ROOT / "data" / "samples"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Ray with two processes, for all tests."""
    cluster = Cluster(2)
    cluster.start()
    yield cluster
    ray.shutdown()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of four documents."""
    monkeypatch.setattr(reading, "FILES_OF_A_PART", 4)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Fourteen reports, a copy of one, and an empty file."""
    path = tmp_path / "in"
    path.mkdir()
    for _ in make_reports(sorted(SAMPLES.glob("*.txt")), path, 14):
        pass
    shutil.copy(min(path.glob("*.txt")), path / "zz-copy.txt")
    (path / "empty.txt").write_text("", encoding="utf-8")
    return path


class Killing:
    """An engine that kills Ray's processes twice while they read or write."""

    name = "ray"

    def __init__(self, inner: RayEngine) -> None:
        self._inner = inner
        self.killed = 0

    async def read(self, run_id: str, files: Iterator[FileBytes], expected: int) -> AsyncGenerator[Outcome]:
        killing = asyncio.create_task(self._kill())
        async for outcome in self._inner.read(run_id, files, expected):
            yield outcome
        killing.cancel()

    async def _kill(self) -> None:
        for _ in range(2):
            while not (found := processes_of_ray("_read")):
                await asyncio.sleep(0.01)
            for pid in found:
                os.kill(pid, signal.SIGKILL)
            self.killed += len(found)
            while set(found) & set(processes_of_ray("_read")):
                await asyncio.sleep(0.01)


def read_into(folder: Path, lake: str, engine: Engine) -> Rows:
    """What a lake answers when an engine has read a folder into it."""
    with LakeStore(Place(lake)) as store:
        report = asyncio.run(run([folder], store, OFFLINE, Terms(engine=engine)))
    assert (report.documents, len(report.failures), len(report.duplicates)) == (14, 1, 1)
    found = shown(lake)
    assert found.pop("v_run_costs")
    return found


@pytest.mark.slow
def test_processes_of_ray_write_the_lake_that_this_machine_writes(
    folder: Path, tmp_path: Path, cluster: Cluster
) -> None:
    here, there = str(tmp_path / "here"), str(tmp_path / "there")
    expected = read_into(folder, here, LocalEngine(1, Reads(lake=here)))
    assert read_into(folder, there, RayEngine(cluster, Reads(lake=there))) == expected
    assert len(list(Path(there).glob("parts/*"))) == len(list(Path(here).glob("parts/*"))) == 4


@in_proc
def test_killing_processes_of_ray_loses_nothing_of_a_lake(folder: Path, tmp_path: Path, cluster: Cluster) -> None:
    here, there = str(tmp_path / "here"), str(tmp_path / "there")
    killing = Killing(RayEngine(cluster, Reads(lake=there)))
    assert read_into(folder, there, killing) == read_into(folder, here, LocalEngine(1, Reads(lake=here)))
    assert killing.killed >= 2
    parts = list(Path(there).glob("parts/*"))
    assert len(parts) == 4, "a part that was written twice is one part"


def test_a_machine_that_has_another_folder_there_writes_nothing(folder: Path, tmp_path: Path, cluster: Cluster) -> None:
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    with LakeStore(Place(str(here))) as store:
        engine = RayEngine(cluster, Reads(lake=str(elsewhere)))
        report = asyncio.run(run([folder / "zz-copy.txt"], store, OFFLINE, Terms(engine=engine)))
    (reason,) = report.failures.values()
    assert "is not the lake that the run writes into: name a folder or an address that all machines share" in reason
    assert "bug" not in reason
    assert not elsewhere.exists()


@in_proc
@pytest.mark.slow
def test_a_model_asked_from_a_cluster_fills_a_lake(tmp_path: Path, cluster: Cluster) -> None:
    from pipeline.engines.ray_asking import RayAskingEngine  # noqa: PLC0415 - needs the extra

    gold = GoldModel(GoldSet(ROOT / "data" / "gold", SAMPLES, ()).documents)
    lake, killed = str(tmp_path / "lake"), []

    def deadly(request: ChatRequest) -> Reply:
        if request.number == alone + 6:
            for pid in processes_of_ray("_read"):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
        return gold(request)

    alone = 10**6
    with StandIn(deadly) as server:
        choice = choose(Settings(extractor="llm", model="standin", base_url=server.base_url, chunk=1200))
        with Store.open(tmp_path / "db.duckdb") as store:
            asyncio.run(run([SAMPLES], store, choice))
        alone = len(server.requests)
        terms = Terms(cluster=RayAskingEngine(cluster, Reads(target=choice.target, lake=lake)))
        with LakeStore(Place(lake), tmp_path / "calls.duckdb") as into:
            report = asyncio.run(run([SAMPLES], into, choice, terms))
        asked = [prompt_hash(r) for r in server.requests[alone:]]
    assert killed
    assert (report.documents, report.failures) == (5, {})
    assert len(set(asked)) == len(asked) == alone
    found, expected = shown(lake), views(tmp_path / "db.duckdb")
    del found["v_run_costs"], expected["v_run_costs"]
    assert found == expected
