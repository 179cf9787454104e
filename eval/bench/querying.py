"""Benchmarks: a database of many million figures, what is asked of it and what is written into it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
import tomllib
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
from pipeline.store.derived import derive
from pipeline.store.rows import TABLES_OF_A_READING

OWN = {
    *("document_id", "document", "path", "record_id", "literal_id", "finding_id", "rejection_id", "claim_id"),
    *("unclaimed_id", "chunk_id", "department", "report_department", "org", "record_ids"),
}
"""Columns that differ from copy to copy."""

REPEATS = 3
COPIES = 1000
"""How often everything is copied in one statement."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a database of so many figures takes: milliseconds for each view, asked for one document, for one department, for
    twenty rows of all in an order that its users ask for, and counted whole (the median of three); milliseconds a document
    to store more, milliseconds to count the rows of every reading; bytes of the file; the most memory so far in MB."""

    figures: int
    documents: int
    one_document: dict[str, float]
    one_department: dict[str, float]
    first_twenty: dict[str, float]
    whole: dict[str, float]
    storing: float
    counting: float
    size: int
    memory: float

    def as_json(self) -> dict[str, object]:
        """What is measured."""
        return asdict(self)


def measure(samples: Path, sizes: Sequence[int], folder: Path | None = None) -> Iterator[Measured]:
    """Measures databases of at least so many figures each; they are kept in ``folder``, where one is given, for next time.

    Raises:
        ValueError: the folder holds no report.
    """
    for size in sizes:
        with tempfile.TemporaryDirectory() as passing:
            db = (folder or Path(passing)) / f"bench-{size}.duckdb"
            if not db.is_file():
                _build(db, samples, size)
            with tempfile.TemporaryDirectory(dir=db.parent) as work:
                # Documents are stored in it in the end, so that what is kept is a copy.
                at_work = Path(shutil.copy(db, work))
                yield _measured(at_work, samples)


def _build(db: Path, samples: Path, size: int) -> None:
    draft = db.with_suffix(".part")
    draft.unlink(missing_ok=True)
    with Store.open(draft) as store:
        if not asyncio.run(run([samples], store, OFFLINE)).documents:
            raise ValueError(f"no reports in {samples}")
    _multiply(draft, size)
    draft.rename(db)


def _multiply(db: Path, size: int) -> None:
    template = files("eval.bench").joinpath("multiply.sql").read_text(encoding="utf-8")
    with duckdb.connect(str(db)) as connection:
        ((figures,),) = connection.execute("SELECT count(*) FROM literals").fetchall()
        ((readings,),) = connection.execute("SELECT max(reading) FROM readings").fetchall()
        connection.execute("CREATE TEMP TABLE seeds AS SELECT document_id FROM documents")
        tables = {
            table: ", ".join(
                _copied(name, kind, readings) for name, kind, *_ in connection.execute(f"DESCRIBE {table}").fetchall()
            )
            for table in ("readings", "documents", *TABLES_OF_A_READING)
        }
        copies = size // figures + 1
        for first in range(1, copies, COPIES):
            last = min(first + COPIES, copies)
            for table, columns in tables.items():
                connection.execute(template.format(table=table, columns=columns, first=first, last=last))
            derive(lambda sql, asked: connection.execute(sql, asked).fetchall(), first * readings + 1, last * readings)
        connection.execute("CHECKPOINT")


def _copied(name: str, kind: str, readings: int) -> str:
    """A column of a copy: ``k`` is the number of the copy."""
    if name == "reading":
        return f"t.reading + k * {readings} AS reading"
    if name in OWN and kind == "VARCHAR":
        return f't."{name}" || \'-\' || k AS "{name}"'
    if name in OWN and kind == "VARCHAR[]":
        return f'list_transform(t."{name}", lambda one: one || \'-\' || k) AS "{name}"'
    return f't."{name}"'


def _measured(db: Path, samples: Path) -> Measured:
    orders = tomllib.loads(files("eval.bench").joinpath("questions.toml").read_text(encoding="utf-8"))["first_twenty"]
    with Store.open(db) as store:
        ((figures, documents, document),) = store.query(
            "SELECT (SELECT count(*) FROM literals), count(*), max(document) FROM documents"
        ).rows
        ((department,),) = store.query("SELECT max(department) FROM v_reports").rows
        views = [name for name, kind, _ in store.show().rows if kind == "view" and name.startswith("v_")]
        columns = {v: {column for column, *_ in store.show(v).rows} for v in views}
        one, own = (
            {
                v: _milliseconds(store, f"FROM {v} WHERE {column} = $name", {"name": name})
                for v in views
                if column in columns[v]
            }
            for column, name in (("document", document), ("department", department))
        )
        twenty = {v: _milliseconds(store, f"FROM {v} ORDER BY {orders[v]} LIMIT 20", {}) for v in views}
        whole = {v: _milliseconds(store, f"SELECT count(*) FROM {v}", {}) for v in views}  # noqa: S608 - names of views
        begun = time.perf_counter()
        if wrong := store.discrepancies():
            raise ValueError(f"the database that was made is damaged: {wrong[0]}")
        counting = (time.perf_counter() - begun) * 1000
        storing = _storing(store, samples)
    size = db.stat().st_size
    return Measured(figures, documents, one, own, twenty, whole, storing, counting, size, peak_memory())


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
