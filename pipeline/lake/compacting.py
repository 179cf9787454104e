"""The lake's upkeep: many small files become few large ones, and what no part names any more is removed."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.lake.opening import show
from pipeline.lake.parts import FOLDER, RUNS, Part, commit, committed, withdraw
from pipeline.lake.place import LakeError, Place
from pipeline.lake.writing import TABLES, UNKNOWN, copy_to
from pipeline.store.errors import first_line
from pipeline.store.session import Session


@dataclass(frozen=True, slots=True)
class Compacted:
    """How many data files there were and are, and how many documents they hold."""

    before: int
    after: int
    documents: int


def compact(place: Place) -> Compacted:
    """Puts all parts together: one file for each table and fiscal year, without rows that were replaced.

    No answer changes. Whoever opened the lake before must open it again, as the files that it was shown from go.

    Raises:
        LakeError: the lake cannot be read or written.
    """
    parts = committed(place)
    named = {name for part in parts for name in part.names}
    before = [name for name in place.list() if name.endswith((".parquet", ".part")) and not _is_of_a_run(name)]
    if len(parts) > 1:
        try:
            new = _together(place, parts)
        except duckdb.Error as error:
            raise LakeError(f"{place.root} cannot be compacted: {first_line(error)}") from error
        commit(place, new)
        named = set(new.names)
        parts = [new]
    known = {part.key for part in parts}
    for name in place.list(FOLDER):
        if (key := name.rpartition("/")[2].removesuffix(".json")) not in known and key in _replaced(parts):
            withdraw(place, key)
    place.remove(name for name in before if name not in named)
    return Compacted(len(before), len(named), sum(part.documents for part in parts))


def _is_of_a_run(name: str) -> bool:
    """Whether a file holds the calls of a run; one whose writing was cut short holds nothing."""
    return name.startswith(f"{RUNS}/") and name.endswith(".parquet")


def _replaced(parts: list[Part]) -> set[str]:
    return {key for part in parts for key in part.replaces}


def _together(place: Place, parts: list[Part]) -> Part:
    digest = hashlib.sha256("\n".join(part.key for part in parts).encode()).hexdigest()[:24]
    files: dict[str, tuple[str, ...]] = {}
    with duckdb.connect() as connection, tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        session = Session(connection, Path(":memory:"), read_only=False)
        show(place, session)
        ((documents,),) = session.execute("SELECT count(*) FROM documents")
        session.execute(
            "CREATE TEMP TABLE years AS SELECT d.reading, min(h.year) AS year FROM documents AS d "
            "LEFT JOIN derived.report_heads AS h USING (reading) GROUP BY d.reading"
        )
        found = session.execute("SELECT DISTINCT year FROM years ORDER BY year NULLS LAST")
        for table in TABLES:
            names = []
            for (year,) in found:
                of_year = "year IS NULL" if year is None else f"year = {year:d}"
                chosen = f"FROM {table} SEMI JOIN (FROM years WHERE {of_year}) USING (reading)"
                if not session.execute(f"SELECT 1 {chosen} LIMIT 1"):
                    continue
                name = f"{table}/fiscal_year={UNKNOWN if year is None else year}/{digest}.parquet"
                passing = Path(folder) / "passing.parquet"
                copy_to(session, f"SELECT * {chosen} ORDER BY reading", passing)
                place.put(passing, name)
                names.append(name)
            files[table] = tuple(names)
    replaces = tuple(part.key for part in parts)
    return Part(
        key=digest,
        run_id="compact",
        documents=documents,
        files={t: n for t, n in files.items() if n},
        replaces=replaces,
    )
