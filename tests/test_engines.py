"""Engines: however many processes read, the database is the same row for row, and one that dies takes nothing with it."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.bench.made_reports import make_reports
from pipeline.account import RunReport
from pipeline.documents.read import FileBytes, load
from pipeline.engines import LocalEngine, Reads
from pipeline.engines import local as local_engine
from pipeline.engines.worker import Worker, WorkerDiedError
from pipeline.extraction.choice import OFFLINE
from pipeline.job import Terms, run
from pipeline.store import Store
from pipeline.work import Engine
from tests.conftest import ROOT

SAMPLES = ROOT / "data" / "samples"
OF_THE_RUN = {"run_id", "read_at", "started_at", "finished_at", "created_at"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty reports that differ, one of them twice, an empty file and a broken one."""
    path = tmp_path / "in"
    path.mkdir()
    samples = sorted(SAMPLES.glob("*.txt"))
    for number in range(20):
        text = samples[number % len(samples)].read_text(encoding="utf-8")
        (path / f"{number:02d}.txt").write_text(f"{text}\n第{number}份\n", encoding="utf-8")
    shutil.copy(path / "03.txt", path / "zz-copy.txt")
    (path / "11-empty.txt").write_text("", encoding="utf-8")
    (path / "12-broken.docx").write_bytes(b"PK\x03\x04 is no office file")
    return path


def ran(folder: Path, db: Path, engine: Engine | None) -> RunReport:
    with Store.open(db) as store:
        return asyncio.run(run([folder], store, OFFLINE, Terms(engine=engine)))


def in_order(db: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table in the order in which it was written, what each run makes anew aside."""
    with Store.open(db, read_only=True) as store:
        found = {}
        for table in (name for name, kind, _ in store.show().rows if kind == "table"):
            result = store.query(f"FROM {table} ORDER BY rowid")
            kept = [i for i, c in enumerate(result.columns) if c not in OF_THE_RUN]
            found[table] = [tuple(row[i] for i in kept) for row in result.rows]
        return found


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes are started for few files, too."""
    monkeypatch.setattr(local_engine, "WORTH_A_PROCESS", 1)


@pytest.mark.parametrize("jobs", [1, 2, 3])
@pytest.mark.usefixtures("soon")
def test_any_number_of_processes_writes_the_same_rows_in_the_same_order(
    folder: Path, tmp_path: Path, jobs: int
) -> None:
    plain = ran(folder, tmp_path / "plain.duckdb", None)
    report = ran(folder, tmp_path / "engine.duckdb", LocalEngine(jobs, Reads()))
    assert in_order(tmp_path / "engine.duckdb") == in_order(tmp_path / "plain.duckdb")
    assert (report.documents, report.failures, report.duplicates, report.remarks) == (
        (plain.documents, plain.failures, plain.duplicates, plain.remarks)
    )
    assert report.documents == 20
    assert len(report.failures) == 2
    assert set(report.seconds) == {"documents", "layout", "extraction", "checking", "packing"}


@pytest.mark.usefixtures("soon")
def test_what_was_read_before_is_not_read_again(folder: Path, tmp_path: Path) -> None:
    engine = LocalEngine(2, Reads())
    ran(folder, tmp_path / "a.duckdb", engine)
    (folder / "05.txt").write_text("改了的报告\n", encoding="utf-8")
    again = ran(folder, tmp_path / "a.duckdb", engine)
    assert (again.documents, len(again.unchanged)) == (1, 19)


def files(folder: Path, names: Iterator[int]) -> Iterator[FileBytes]:
    return (load(folder / f"{number:02d}.txt") for number in names)


@pytest.mark.usefixtures("soon")
def test_a_process_that_is_killed_is_replaced_and_its_file_read_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = []

    class Dying(Worker):
        def read(self, run_id: str, files: Sequence[FileBytes]) -> Any:
            for name in {"07.txt", "15.txt"} & {file.path.name for file in files} - set(killed):
                killed.append(name)
                os.kill(self.pid, signal.SIGKILL)
            return super().read(run_id, files)

    ran(folder, tmp_path / "plain.duckdb", None)
    monkeypatch.setattr(local_engine, "Worker", Dying)
    ran(folder, tmp_path / "engine.duckdb", LocalEngine(2, Reads()))
    assert sorted(killed) == ["07.txt", "15.txt"]
    assert in_order(tmp_path / "engine.duckdb") == in_order(tmp_path / "plain.duckdb")


@pytest.mark.usefixtures("soon")
def test_a_file_that_ends_its_process_twice_is_named_and_the_others_are_stored(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dying(Worker):
        def read(self, run_id: str, files: Sequence[FileBytes]) -> Any:
            if "07.txt" in {file.path.name for file in files}:
                os.kill(self.pid, signal.SIGKILL)
            return super().read(run_id, files)

    monkeypatch.setattr(local_engine, "Worker", Dying)
    report = ran(folder, tmp_path / "a.duckdb", LocalEngine(2, Reads()))
    failure = report.failures[str(folder / "07.txt")]
    assert failure.startswith("ends the process that reads it, twice (process ")
    assert "killed by signal 9" in failure
    assert report.documents == 19


def test_closing_a_process_frees_the_thread_that_waits_for_it(folder: Path) -> None:
    worker = Worker(Reads())
    ended: list[BaseException] = []

    def wait() -> None:
        try:
            while True:
                worker.read("run", [load(folder / "01.txt")])
        except WorkerDiedError as error:
            ended.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    worker.close()
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert len(ended) == 1


@pytest.mark.usefixtures("soon")
def test_an_interrupted_run_leaves_no_process_and_ends_what_it_stored_whole(folder: Path, tmp_path: Path) -> None:
    started: list[int] = []

    class Counted(Worker):
        def __init__(self, reads: Reads) -> None:
            super().__init__(reads)
            started.append(self.pid)

    async def interrupted() -> None:
        with Store.open(tmp_path / "a.duckdb") as store:
            job = asyncio.create_task(run([folder], store, OFFLINE, Terms(engine=LocalEngine(2, Reads()))))
            while not started:
                await asyncio.sleep(0.01)
            job.cancel()
            with pytest.raises(asyncio.CancelledError):
                await job

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_engine, "Worker", Counted)
        asyncio.run(interrupted())
    assert len(started) == 2
    for pid in started:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert ran(folder, tmp_path / "a.duckdb", None).documents == 20


def test_a_run_whose_process_is_killed_leaves_none_behind_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    reports, db = tmp_path / "in", tmp_path / "killed.duckdb"
    reports.mkdir()
    samples = sorted(SAMPLES.glob("*.txt"))
    for _ in make_reports(samples, reports, 104):
        pass
    few = "from pipeline import job; job.BATCH = 64; from pipeline.cli import main; main()"
    command = [sys.executable, "-c", few, "run", str(reports), "--db", str(db)]
    settings = {**os.environ, "JIXIAO_EXTRACTOR": "offline", "JIXIAO_JOBS": "2", "PYTHONPATH": str(ROOT)}
    started = subprocess.Popen(command, env=settings, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603
    wal = db.with_name(f"{db.name}.wal")
    until = time.monotonic() + 120
    while not (wal.exists() and wal.stat().st_size > 1_000_000) and started.poll() is None:
        assert time.monotonic() < until, "nothing was stored"
        time.sleep(0.01)
    readers = children(started.pid)
    started.kill()
    started.wait()
    assert len(readers) == 2
    while any(is_alive(pid) for pid in readers):
        assert time.monotonic() < until, "a process is left"
        time.sleep(0.05)
    again = ran(reports, db, LocalEngine(1, Reads()))
    assert again.documents == 104
    ran(reports, tmp_path / "whole.duckdb", LocalEngine(1, Reads()))
    assert in_order(db)["literals"] == in_order(tmp_path / "whole.duckdb")["literals"]
    assert in_order(db)["documents"] == in_order(tmp_path / "whole.duckdb")["documents"]


def children(parent: int) -> list[int]:
    """The processes that a process started and that read for it."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                ours = int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent
                if ours and b"pipeline.engines" in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
