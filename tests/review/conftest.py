"""Databases to review."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from review_cases import reading_of, written

from pipeline.review.desk import Desk
from pipeline.store import Store
from tests.plainly_cases import out_of_date


@pytest.fixture(scope="session")
def reviewed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with flagged and quarantined records, made once."""
    folder = tmp_path_factory.mktemp("review")
    db = folder / "review.duckdb"
    with Store.open(db) as store:
        store.put(store.start_run("offline"), reading_of(written(folder / "reports")))
    return db


@pytest.fixture
def db(reviewed_once: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    path = tmp_path / "review.duckdb"
    shutil.copy(reviewed_once, path)
    return path


@pytest.fixture
def store(db: Path) -> Iterator[Store]:
    with Store.open(db) as opened:
        yield opened
        assert out_of_date(opened) == {}


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)
