"""What a lake answers, to be compared with what a database of the same reports answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.lake import Place, open_lake
from pipeline.store import Store

OF_THE_RUN = {"run_id", "read_at", "started_at", "finished_at", "wall_seconds", "reading"}

Rows = dict[str, list[tuple[Any, ...]]]


def views(db: Path) -> Rows:
    """Every row of every view of a database, and of its documents, what each run makes anew aside."""
    with Store.open(db, read_only=True) as store:
        names = [name for name, kind, _ in store.show().rows if kind == "view" and name.startswith(("v_", "current_"))]
        found = {}
        for name in (*names, "documents"):
            result = store.query(f"FROM {name}")
            kept = [i for i, c in enumerate(result.columns) if c not in OF_THE_RUN]
            found[name] = sorted((tuple(row[i] for i in kept) for row in result.rows), key=repr)
        return found


def shown(lake: str) -> Rows:
    """The same of a lake, as it is now."""
    db = Path(lake.removeprefix("file://").replace("memory://", "/tmp/")).with_suffix(".duckdb")  # noqa: S108 - a name
    open_lake(Place(lake), db)
    return views(db)


def data_files(lake: str) -> dict[str, int]:
    return {str(p): p.stat().st_mtime_ns for p in Path(lake).rglob("*.parquet")}
