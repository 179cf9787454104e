"""Benchmarks: a database of many million figures, what is asked of it and what is written into it."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

import duckdb

from eval.bench.offline import peak_memory
from pipeline.chunking import TARGET
from pipeline.documents import DocumentReader, find_files
from pipeline.documents.read import FileBytes
from pipeline.engines.reading import read_file
from pipeline.extraction.choice import OFFLINE
from pipeline.job import run
from pipeline.store import Parcel, Store
from pipeline.store.rows import TABLES_OF_A_READING

OWN = {
    *("document_id", "document", "path", "record_id", "literal_id", "finding_id", "rejection_id", "claim_id"),
    *("unclaimed_id", "chunk_id", "department", "org"),
}
"""Columns that differ from copy to copy."""

REPEATS = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """What a database of so many figures takes: milliseconds for each view, asked for one document and counted whole (the
    median of three); milliseconds a document to store more; bytes of the file; the most memory so far in MB."""

    figures: int
    documents: int
    one_document: dict[str, float]
    whole: dict[str, float]
    storing: float
    size: int
    memory: float

    def as_json(self) -> dict[str, object]:
        """What is measured."""
        return asdict(self)


def measure(samples: Path, sizes: Sequence[int]) -> Iterator[Measured]:
    """Measures databases of at least so many figures each.

    Raises:
        ValueError: the folder holds no report.
    """
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            db = Path(folder) / "bench.duckdb"
            with Store.open(db) as store:
                if not asyncio.run(run([samples], store, OFFLINE)).documents:
                    raise ValueError(f"no reports in {samples}")
            _multiply(db, size)
            yield _measured(db, samples)


def _multiply(db: Path, size: int) -> None:
    template = files("eval.bench").joinpath("multiply.sql").read_text(encoding="utf-8")
    with duckdb.connect(str(db)) as connection:
        ((figures,),) = connection.execute("SELECT count(*) FROM literals").fetchall()
        connection.execute("CREATE TEMP TABLE seeds AS SELECT document_id FROM documents")
        for table in ("documents", *TABLES_OF_A_READING):
            described = connection.execute(f"DESCRIBE {table}").fetchall()
            own = {name for name, kind, *_ in described if name in OWN and kind == "VARCHAR"}
            columns = ", ".join(f't."{n}" || \'-\' || k AS "{n}"' if n in own else f't."{n}"' for n, *_ in described)
            sql = template.format(table=table, columns=columns, first=1, last=size // figures + 1)
            connection.execute(sql)
        connection.execute("CHECKPOINT")


def _measured(db: Path, samples: Path) -> Measured:
    with Store.open(db) as store:
        ((figures, documents, name),) = store.query(
            "SELECT (SELECT count(*) FROM literals), count(*), max(document) FROM documents"
        ).rows
        views = [name for name, kind, _ in store.show().rows if kind == "view" and name.startswith("v_")]
        named = [v for v in views if "document" in {column for column, *_ in store.show(v).rows}]
        one = {v: _milliseconds(store, f"FROM {v} WHERE document = $name", {"name": name}) for v in named}
        whole = {v: _milliseconds(store, f"SELECT count(*) FROM {v}", {}) for v in views}  # noqa: S608 - names of views
        storing = _storing(store, samples)
    return Measured(figures, documents, one, whole, storing, db.stat().st_size, peak_memory())


def _milliseconds(store: Store, sql: str, parameters: dict[str, str]) -> float:
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        store.query(sql, parameters)
        times.append((time.perf_counter() - begun) * 1000)
    return sorted(times)[REPEATS // 2]


def _storing(store: Store, samples: Path) -> float:
    """Milliseconds a document to store 64 that are new, in one transaction."""
    run_id = store.start_run(OFFLINE.name)
    parcels = list(_new(run_id, samples, 64))
    begun = time.perf_counter()
    store.put_all(run_id, parcels)
    return (time.perf_counter() - begun) * 1000 / len(parcels)


def _new(run_id: str, samples: Path, count: int) -> Iterator[Parcel]:
    paths = [path for path in find_files([samples]) if isinstance(path, Path)]
    with DocumentReader() as reader:
        for number in range(count):
            path = paths[number % len(paths)]
            file = FileBytes(path.with_stem(f"new-{number}"), path.read_bytes() + f"\n{number}\n".encode())
            parcel = read_file(run_id, file, reader, TARGET).parcel
            if parcel is None:
                raise ValueError(f"{path} cannot be read")
            yield parcel
