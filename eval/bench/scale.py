"""Benchmarks: `jixiao run` offline, from files to the database, over more and more documents."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from eval.bench.made_reports import make_reports
from eval.bench.offline import peak_memory
from pipeline.documents import find_files
from pipeline.engines import LocalEngine, Reads
from pipeline.engines.local import processes
from pipeline.extraction.choice import OFFLINE
from pipeline.job import Terms, run
from pipeline.settings import STORE_MEMORY
from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run took: seconds from start to end, and to the end of reading; seconds of processor time by station
    (``storing`` is that of the process that writes); the most memory of that process and of one that reads, in MB; bytes
    of the database file; its records and figures."""

    documents: int
    jobs: int
    seconds: float
    stations: dict[str, float]
    writer_memory: float
    reader_memory: float
    database: int
    records: int
    figures: int

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.documents / self.seconds

    def as_json(self) -> dict[str, object]:
        """What is measured, and the rate."""
        return {**asdict(self), "rate": self.rate}


def measure(samples: Path, sizes: Sequence[int], jobs: int) -> Iterator[Measured]:
    """Runs over documents made of the samples, one size after the other, each in a process of its own.

    Raises:
        ValueError: the folder holds no text.
    """
    texts = [path for path in find_files([samples]) if isinstance(path, Path) and path.suffix == ".txt"]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            reports = Path(folder) / "reports"
            reports.mkdir()
            for _ in make_reports(texts, reports, size):
                pass
            yield _in_a_process(reports, size, jobs)


def _in_a_process(reports: Path, size: int, jobs: int) -> Measured:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(theirs, reports, size, jobs))
    process.start()
    theirs.close()
    try:
        measured = ours.recv()
    except EOFError:
        raise RuntimeError(f"the run over {size} documents ended early; its message stands above") from None
    finally:
        process.join()
        ours.close()
    assert isinstance(measured, Measured)
    return measured


def _run(connection: Connection, reports: Path, size: int, jobs: int) -> None:
    db = reports.parent / "bench.duckdb"
    begun, cpu = time.perf_counter(), time.process_time()
    with Store.open(db, memory=STORE_MEMORY) as store:
        report = asyncio.run(run([reports], store, OFFLINE, Terms(engine=LocalEngine(jobs, Reads()))))
        seconds = time.perf_counter() - begun
        used = time.process_time() - cpu
        records = store.query("SELECT count(*) FROM v_records").rows[0][0]
        figures = store.query("SELECT count(*) FROM literals").rows[0][0]
    if not report.ok:
        raise RuntimeError(f"a document was not read: {next(iter(report.failures.values()))}")
    read_here = sum(report.seconds.values()) if processes(jobs, size) <= 1 else 0.0
    stations = {**report.seconds, "storing": used - read_here}
    memory = (peak_memory(), report.memory / 1024 / 1024)
    connection.send(Measured(size, jobs, seconds, stations, *memory, db.stat().st_size, records, figures))
    connection.close()
