"""Tests that a database opened with bounded memory keeps to it, and takes documents of any length."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest
from store_cases import Maker

from pipeline.flow import Unclaimed
from pipeline.store import Store, StoreError
from pipeline.store.database import let_go
from pipeline.store.session import in_portions
from schemas.values import Span

BOUND = 128_000_000


def test_the_bound_is_duckdbs_own_and_nobody_undoes_it(existing: Path) -> None:
    with Store.open(existing, memory=BOUND) as store:
        ((bound,),) = store.query("SELECT current_setting('memory_limit')").rows
        assert bound == "122.0 MiB"
        with pytest.raises(StoreError):
            store.query("SET memory_limit = '1GB'")
        with pytest.raises(duckdb.Error, match="locked"):
            store._session.execute("SET threads = 8")


@pytest.mark.parametrize(("much", "tasks"), [(True, 0), (False, 100)])
def test_who_writes_much_gives_memory_back_and_keeps_the_bound(
    existing: Path, make: Maker, monkeypatch: pytest.MonkeyPatch, *, much: bool, tasks: int
) -> None:
    if much:
        monkeypatch.setattr("pipeline.store.store._AT_A_TIME", 0)
    with Store.open(existing, memory=BOUND) as store:
        store.put(store.start_run("offline"), make.sample())
        sql = "SELECT current_setting('memory_limit'), current_setting('max_vacuum_tasks')"
        assert store.query(sql).rows == (("122.0 MiB", tasks),)


def test_a_bound_that_cannot_be_put_back_is_told() -> None:
    too_much = 2**64  # an eighth of it is taken, the whole is not
    with duckdb.connect() as connection, pytest.raises(StoreError, match="run again"):
        let_go(connection, too_much)


def test_a_bound_that_cannot_be_lowered_is_left() -> None:
    with duckdb.connect(config={"memory_limit": "122MiB"}) as connection:
        connection.execute("SET lock_configuration = true")
        let_go(connection, BOUND)
        assert connection.execute("SELECT current_setting('memory_limit')").fetchall() == [("122.0 MiB",)]


def test_what_does_not_fit_waits_in_a_file(existing: Path) -> None:
    with Store.open(existing, memory=BOUND) as store:
        store._session.execute(
            "CREATE TEMP TABLE wide AS SELECT repeat(md5(range::VARCHAR), 20) AS x FROM range(400000)"
        )
        ((waiting,),) = store.query("SELECT sum(size) FROM duckdb_temporary_files()").rows
        assert waiting > 0


def test_a_document_longer_than_the_bound_is_stored(existing: Path, make: Maker) -> None:
    chance = random.Random(1)  # noqa: S311 - figures to store
    text = "".join(f"{chance.randrange(10**9):09}元；" for _ in range(50_000))
    document = make.document(text)
    left = tuple(Unclaimed("money", Span(i, i + 10), text[i : i + 10], None) for i in range(0, len(text), 11))
    with Store.open(existing, memory=BOUND) as store:
        store.put(store.start_run("offline"), make.reading(document, unclaimed=left))
        assert store.query("SELECT count(*) FROM unclaimed").rows == ((50_000,),)
        assert not store.discrepancies()


def test_too_little_memory_is_told_with_its_remedy(existing: Path) -> None:
    with (
        Store.open(existing, memory=BOUND) as store,
        pytest.raises(StoreError, match="raise JIXIAO_STORE_MEMORY"),
        store._session.transaction("store much"),
    ):
        store._session.execute("SELECT list(md5(range::VARCHAR)) FROM range(20000000)")


@pytest.mark.parametrize(
    ("items", "expected"),
    [("", []), ("a", ["a"]), ("aab", ["aa", "b"]), ("aXb", ["a", "X", "b"]), ("Xa", ["X", "a"])],
)
def test_portions_are_no_larger_than_they_may_be_but_for_one_item_alone(items: str, expected: list[str]) -> None:
    size = {"a": 1, "b": 2, "X": 9}
    assert ["".join(portion) for portion in in_portions(items, 2, lambda item: size[item])] == expected
