"""Fresh databases, and what is in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from store_cases import Dump, Maker

from pipeline.store import Store
from tests.plainly_cases import out_of_date


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A path where no database is yet."""
    return tmp_path / "build" / "test.duckdb"


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh database, made once: copying it is ten times as fast as making it."""
    path = tmp_path_factory.mktemp("empty") / "empty.duckdb"
    Store.open(path).close()
    return path


@pytest.fixture
def existing(db: Path, empty_database: Path) -> Path:
    """The path of a database without rows."""
    db.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(empty_database, db)
    return db


@pytest.fixture
def store(existing: Path) -> Iterator[Store]:
    with Store.open(existing) as opened:
        yield opened
        assert opened.discrepancies() == []
        assert out_of_date(opened) == {}


_VOLATILE = ("run_id", "reading", "read_at", "started_at", "finished_at", "created_at")


@pytest.fixture
def dump() -> Dump:
    """The content of every table, sorted, without what each run makes anew."""

    def dumped(store: Store) -> dict[str, list[tuple[Any, ...]]]:
        tables = [n for n, kind, _ in store.show().rows if kind == "table" and n not in {"runs", "schema_version"}]
        found = {}
        for table in tables:
            result = store.query(f"FROM {table}")
            kept = [i for i, c in enumerate(result.columns) if c not in _VOLATILE]
            found[table] = sorted((tuple(row[i] for i in kept) for row in result.rows), key=repr)
        return found

    return dumped
