"""Every reading has the rows that it was written with, each once; the tests' own databases are all counted when they end."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from store_cases import Maker

from pipeline.store import Store
from tests.plainly_cases import out_of_date

DAMAGE = {
    "a row twice": (
        "INSERT INTO literals FROM literals LIMIT 1",
        "literals: 1 readings .*yuntai-2022, read by offline: 13 instead of 12",
    ),
    "a row lost": ("DELETE FROM unclaimed", "unclaimed: 1 readings .*: 0 instead of 1"),
    "a record twice": ("INSERT INTO projects FROM projects", "projects: 1 readings .*: 4 instead of 2"),
    "a finding lost": ("DELETE FROM findings", "findings: 1 readings .*: 0 instead of 1"),
    "rows that nobody wrote": (
        "INSERT INTO chunks SELECT * REPLACE (99 AS reading) FROM chunks",
        "chunks: 1 readings .*no document, read by nobody: 1 instead of 0",
    ),
    "a document without its reading": (
        "UPDATE documents SET reading = 99",
        "1 documents are without their current reading",
    ),
    "a correction twice": (
        "INSERT INTO projects SELECT p.* REPLACE ('review' AS extractor) FROM projects AS p, range(2)",
        "projects holds 2 rows twice",
    ),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_rows_that_are_lost_or_there_twice_are_told(existing: Path, make: Maker, case: str) -> None:
    damage, sentence = DAMAGE[case]
    with Store.open(existing) as store:
        store.put(store.start_run("offline"), make.sample())
        assert store.discrepancies() == []
    with duckdb.connect(str(existing)) as raw:
        raw.execute(damage)
    with Store.open(existing, read_only=True) as store:
        (told,) = store.discrepancies()
    assert re.search(sentence, told), told


def test_a_run_counts_what_it_wrote_and_what_came_after_it(existing: Path, make: Maker) -> None:
    with Store.open(existing) as store:
        first, second = store.start_run("offline"), store.start_run("offline")
        store.put(first, make.sample())
        store.put(second, make.sample(make.document(name="other", text="另一份。\n" + make.document().text)))
        store._session.execute("DELETE FROM chunks WHERE reading = 1")
        assert store.discrepancies(second) == []
        assert len(store.discrepancies(first)) == len(store.discrepancies()) == 1
        assert store.discrepancies("no run") == []


def test_a_reading_cannot_be_written_beside_itself(existing: Path, make: Maker) -> None:
    with Store.open(existing) as store:
        store.put(store.start_run("offline"), make.sample())
        again = "INSERT INTO readings SELECT * REPLACE (reading + 1 AS reading) FROM readings"
        with pytest.raises(duckdb.ConstraintException, match="document_id"):
            store._session.execute(again)


def test_what_is_derived_is_told_from_what_it_follows_from(existing: Path, make: Maker) -> None:
    with Store.open(existing) as store:
        store.put(store.start_run("offline"), make.sample())
        assert out_of_date(store) == {}
        store._session.execute("UPDATE projects SET stands = false")
        assert set(out_of_date(store)) == {"execution", "coverage"}
