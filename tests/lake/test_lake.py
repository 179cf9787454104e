"""A lake answers what a database of the same reports answers, whatever was read again, killed or compacted meanwhile."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fsspec
import pytest

from eval.bench.made_reports import make_reports
from pipeline.account import RunReport
from pipeline.chunking import TARGET
from pipeline.documents import DocumentReader
from pipeline.documents.read import FileBytes
from pipeline.engines import LocalEngine, Reads, reading
from pipeline.engines import local as local_engine
from pipeline.engines.reading import read_file
from pipeline.extraction.choice import OFFLINE
from pipeline.job import Terms, run
from pipeline.lake import LakeError, LakeStore, PartWriter, Place, compact, copy_lake, open_lake
from pipeline.recheck import recheck
from pipeline.store import Store, StoreError
from tests.conftest import ROOT
from tests.lake_rows import data_files, shown, views

SAMPLES = ROOT / "data" / "samples"


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of four documents, and processes for few files, too."""
    monkeypatch.setattr(reading, "FILES_OF_A_PART", 4)
    monkeypatch.setattr(local_engine, "WORTH_A_PROCESS", 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Seven reports, a copy of one, an empty file, and reports of one department and several years."""
    path = tmp_path / "in"
    path.mkdir()
    for _ in make_reports(sorted(SAMPLES.glob("*.txt")), path, 7):
        pass
    shutil.copytree(ROOT / "tests" / "checking" / "across", path / "across")
    shutil.copy(path / "across" / "qinghe-water-2021.txt", path / "zz-copy.txt")
    (path / "empty.txt").write_text("", encoding="utf-8")
    return path


@pytest.fixture
def lake(tmp_path: Path) -> str:
    return str(tmp_path / "lake")


def into_lake(folder: Path, lake: str, jobs: int = 1, *, fresh: bool = False) -> RunReport:
    with LakeStore(Place(lake)) as store:
        return asyncio.run(
            run([folder], store, OFFLINE, Terms(engine=LocalEngine(jobs, Reads(lake=lake)), fresh=fresh))
        )


def into_database(folder: Path, db: Path) -> RunReport:
    with Store.open(db) as store:
        return asyncio.run(run([folder], store, OFFLINE, Terms(engine=LocalEngine(1, Reads()))))


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_view_of_a_lake_has_the_rows_of_a_database(folder: Path, tmp_path: Path, lake: str, jobs: int) -> None:
    database, into = into_database(folder, tmp_path / "db.duckdb"), into_lake(folder, lake, jobs)
    assert (into.documents, into.failures, into.duplicates) == (
        database.documents,
        database.failures,
        database.duplicates,
    )
    expected = views(tmp_path / "db.duckdb")
    assert {name: len(rows) for name, rows in expected.items() if rows}.keys() >= {
        "v_values",
        "v_targets",
        "v_three_public",
    }
    found = shown(lake)
    assert found.pop("v_run_costs")
    assert found == {name: rows for name, rows in expected.items() if name != "v_run_costs"}
    years = {p.parent.name for p in Path(lake).rglob("budget_facts/*/*.parquet")}
    assert years >= {"fiscal_year=2021", "fiscal_year=2022", "fiscal_year=2023"}


def test_a_second_run_writes_nothing_and_what_changed_is_replaced(folder: Path, tmp_path: Path, lake: str) -> None:
    db = tmp_path / "db.duckdb"
    into_database(folder, db)
    into_lake(folder, lake)
    before = data_files(lake)
    again = into_lake(folder, lake)
    assert (again.documents, len(again.unchanged)) == (0, 11)
    assert data_files(lake) == before

    changed, moved, *_ = sorted(folder.glob("*-0000*.txt"))
    changed.write_text(changed.read_text(encoding="utf-8").replace("2022", "2020") + "\n改了\n", encoding="utf-8")
    moved.rename(folder / "moved.txt")
    (folder / "new.txt").write_text(
        "云台县粮食局2022年度部门整体支出绩效自评报告\n全年预算数12.5万元。\n", encoding="utf-8"
    )
    for _ in range(2):
        into_database(folder, db)
        into_lake(folder, lake)
    found, expected = shown(lake), views(db)
    del found["v_run_costs"], expected["v_run_costs"]
    assert found == expected


@pytest.mark.slow
def test_what_is_read_afresh_takes_the_place_of_what_was_there(folder: Path, lake: str) -> None:
    into_lake(folder, lake)
    before = shown(lake)
    into_lake(folder, lake, fresh=True)
    after = shown(lake)
    del before["v_run_costs"], after["v_run_costs"]
    assert after == before


def killed(folder: Path, lake: str, parts: int) -> int:
    """A run of the command that is killed when the lake has so many parts; its exit status."""
    command = "from pipeline.cli import main; import pipeline.engines.reading as r; r.FILES_OF_A_PART = 4; main()"
    arguments = ["run", str(folder), "--lake", lake, "--extractor", "offline", "--jobs", "1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([sys.executable, "-c", command, *arguments], env=environment, **silent)  # noqa: S603 - ours
    while process.poll() is None and len(list(Path(lake).glob("parts/*.json"))) < parts:
        time.sleep(0.002)
    process.kill()
    return process.wait()


def test_a_run_that_is_killed_shows_whole_documents_alone_and_the_next_one_ends_it(
    folder: Path, tmp_path: Path, lake: str
) -> None:
    whole = str(tmp_path / "whole")
    assert killed(folder, whole, 100) == 1, "the empty file fails"
    expected = shown(whole)
    kills = 0
    for parts in (0, 1, 2):
        kills += killed(folder, lake, parts) == -9
        if Path(lake).exists():
            for name, rows in shown(lake).items():
                if name != "v_run_costs" and "v_" in name:
                    assert len(rows) <= len(expected[name]), name
    assert kills
    into_lake(folder, lake)
    found = shown(lake)
    del found["v_run_costs"], expected["v_run_costs"]
    assert found == expected


def test_data_that_no_part_names_is_not_there(folder: Path, lake: str) -> None:
    into_lake(folder, lake)
    before = shown(lake)
    part = sorted(Path(lake).glob("parts/*.json"))[0]
    held = part.read_bytes()
    part.unlink()
    without = shown(lake)
    assert 0 < len(without["v_coverage"]) < len(before["v_coverage"])
    assert len(without["v_values"]) < len(before["v_values"])
    part.write_bytes(held)
    assert shown(lake) == before


def test_compacting_changes_no_answer_and_leaves_no_file_behind(folder: Path, lake: str) -> None:
    into_lake(folder, lake)
    into_lake(folder, lake, fresh=True)
    before, files = shown(lake), data_files(lake)
    (Path(lake) / "literals" / "fiscal_year=2022" / "of-a-killed-run.parquet").write_bytes(b"half")
    (Path(lake) / "literals" / "fiscal_year=2022" / "x.parquet.0a1b2c3d.part").write_bytes(b"half")
    done = compact(Place(lake))
    assert (done.before, done.after) == (len(files) + 2, len(data_files(lake)))
    assert not list(Path(lake).rglob("*.part"))
    assert done.after < len(files) / 2
    assert shown(lake) == before
    assert len(list(Path(lake).glob("parts/*"))) == 1
    twice = data_files(lake)
    assert compact(Place(lake)).after == done.after
    assert data_files(lake) == twice
    assert into_lake(folder, lake).documents == 0


@pytest.mark.slow
def test_a_compact_that_is_killed_after_it_committed_is_tidied_by_the_next(
    folder: Path, lake: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    into_lake(folder, lake)
    before, files = shown(lake), data_files(lake)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.lake.compacting.withdraw", dies)
        with pytest.raises(KeyboardInterrupt):
            compact(Place(lake))
    assert len(data_files(lake)) > len(files)
    assert shown(lake) == before
    compact(Place(lake))
    assert shown(lake) == before
    assert len(data_files(lake)) < len(files)
    assert len(list(Path(lake).glob("parts/*"))) == 1


@pytest.fixture
def in_memory() -> Iterator[str]:
    yield "memory://archive/lake"
    fsspec.filesystem("memory").rm("/archive", recursive=True)


def test_a_lake_lies_wherever_fsspec_reaches(folder: Path, tmp_path: Path, lake: str, in_memory: str) -> None:
    into_lake(folder, f"file://{lake}")
    here = shown(f"file://{lake}")
    into_lake(folder, in_memory)
    db = tmp_path / "memory.duckdb"
    open_lake(Place(in_memory), db)
    there = views(db)
    compact(Place(in_memory))
    open_lake(Place(in_memory), db)
    del here["v_run_costs"], there["v_run_costs"]
    assert there == here == {n: r for n, r in views(db).items() if n != "v_run_costs"}


def test_a_database_that_shows_a_lake_reads_its_files_alone_and_writes_nothing(
    folder: Path, tmp_path: Path, lake: str
) -> None:
    into_lake(folder, lake)
    db, secret = tmp_path / "shown.duckdb", tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    open_lake(Place(lake), db)
    with Store.open(db, read_only=True) as store:
        with pytest.raises(StoreError, match="disabled by configuration"):
            store.query(f"FROM read_csv('{secret}')")
        assert store.discrepancies() == []
    with pytest.raises(StoreError, match=r"shows the lake at .* and cannot be written: copy the lake .* --copy"):
        Store.open(db)
    with Store.open(tmp_path / "own.duckdb"):
        pass
    with pytest.raises(LakeError, match=r"own\.duckdb is there already and shows no lake"):
        open_lake(Place(lake), tmp_path / "own.duckdb")


@pytest.mark.slow
def test_a_copy_of_a_lake_is_checked_like_any_database(folder: Path, tmp_path: Path, lake: str) -> None:
    db, copied = tmp_path / "db.duckdb", tmp_path / "copied.duckdb"
    into_database(folder, db)
    into_lake(folder, lake)
    into_lake(folder, lake, fresh=True)
    copy_lake(Place(lake), copied)
    for path in (db, copied):
        with Store.open(path) as store:
            assert recheck(store).findings > 0
            assert store.discrepancies() == []
    found, expected = views(copied), views(db)
    del found["v_run_costs"], expected["v_run_costs"]
    assert found == expected
    with pytest.raises(LakeError, match="is there already"):
        copy_lake(Place(lake), copied)


def test_a_part_that_cannot_be_written_is_told_with_its_files(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file", encoding="utf-8")
    with pytest.raises(LakeError, match="cannot be written"):
        into_lake(folder, str(tmp_path / "lake"))


def test_a_document_that_no_table_takes_keeps_no_other_from_being_written(folder: Path, lake: str) -> None:
    paths = sorted(folder.glob("*-0000*.txt"))[:3]
    with DocumentReader() as reader:
        parcels = [read_file("r", FileBytes(p, p.read_bytes()), reader, TARGET).parcel for p in paths]
    first, *others = [p for p in parcels if p is not None]
    broken = replace(
        first,
        tables={**first.tables, "chunks": [first.tables["chunks"][0].replace('"position":[0', '"position":["x"')]},
    )
    writer = PartWriter(Place(lake))
    failures = writer.write_all("r", [broken, *others])
    assert failures.keys() == {first.document_id}
    assert "Cannot write 1 documents" in str(failures[first.document_id])
    assert writer.write("r", [first]).documents == 1
    writer.close()
    assert len(shown(lake)["v_coverage"]) == 3


def test_an_empty_lake_has_every_view_and_no_row(tmp_path: Path, lake: str) -> None:
    assert open_lake(Place(lake), tmp_path / "empty.duckdb") == 0
    assert not any(views(tmp_path / "empty.duckdb").values())
