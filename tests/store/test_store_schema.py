"""The database file: typed and documented columns, one version, one writer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.store import Store, StoreError
from pipeline.store.records import KEPT, column_of, columns_of
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES

TABLES = {
    *("documents", "readings", "runs", "chunks", "llm_calls", "chunk_calls", "agreements", "literals", "findings"),
    *("finding_literals", "quarantine", "unclaimed", "reviews", "checks", "same_projects", "schema_version"),
    *("batches", "batch_questions"),
    *RECORD_TYPES,
}
VIEWS = {
    *("v_values", "v_findings", "v_execution", "v_indicators", "v_coverage", "v_run_costs", "v_records", "v_reports"),
    *("v_department_years", "v_projects", "v_targets", "v_score_inflation", "v_three_public", "v_finding_counts"),
    *("v_same_projects", "v_quarantine", "v_reviews", "v_decisions", "v_read_records"),
    *(f"current_{name}" for name in RECORD_TYPES),
}
TYPES = {
    *("VARCHAR", "VARCHAR[]", "INTEGER", "BIGINT", "BOOLEAN", "TIMESTAMP", "DATE"),
    *("DECIMAL(38,10)", "DECIMAL(38,4)", "DECIMAL(7,6)", "DECIMAL(18,3)", "DECIMAL(4,3)", "MAP(VARCHAR, INTEGER)"),
}


def test_a_new_file_holds_every_table_and_view(store: Store) -> None:
    rows = store.show().rows
    assert {name for name, kind, _ in rows if kind == "table"} == TABLES
    assert {name for name, kind, _ in rows if kind == "view"} == VIEWS


def test_every_table_view_and_column_is_explained_in_english_with_the_chinese_term(store: Store) -> None:
    for name, _, comment in store.show().rows:
        assert comment, name
        for column, _, about in store.show(name).rows:
            assert about and any("\u4e00" <= c <= "\u9fff" for c in about), f"{name}.{column}: {about}"


def test_no_column_is_a_float(store: Store) -> None:
    for name, _, _ in store.show().rows:
        for column, kind, _ in store.show(name).rows:
            assert kind in TYPES, f"{name}.{column} is {kind}"


def test_record_columns_follow_from_the_sort_of_each_field(store: Store) -> None:
    expected = {
        Sort.MONEY: ["DECIMAL(38,10)", "VARCHAR"],
        Sort.QUANTITY: ["VARCHAR", "VARCHAR", "DECIMAL(38,10)", "VARCHAR"],
        Sort.NUMBER: ["DECIMAL(38,10)"],
        Sort.LABELS: ["VARCHAR[]"],
        Sort.YEAR: ["INTEGER"],
        Sort.DATE: ["DATE"],
    }
    for record_type in RECORD_TYPES.values():
        types = [kind for _, kind, _ in store.show(record_type.name).rows][13 : -len(KEPT)]
        assert types == [t for f in record_type.fields for t in expected.get(f.sort, ["VARCHAR"])], record_type.name


def test_the_columns_of_projects_by_name(store: Store) -> None:
    names = [name for name, _, _ in store.show("projects").rows]
    assert names[:13] == [
        *("record_id", "document_id", "document", "report_id", "run_id", "chunk_id", "extractor", "status"),
        *("quote", "quote_start", "quote_stop", "text_score", "reading"),
    ]
    assert names[13:21] == [
        *("section", "seq", "name", "fund_level", "initial_budget", "initial_budget_unit"),
        *("supplementary_budget", "supplementary_budget_unit"),
    ]
    assert names[-10 : -len(KEPT)] == [
        "satisfaction_unit",
        "implementation",
        "outcome",
        "unfinished_reason",
        "stated_status",
    ]
    assert names[-len(KEPT) :] == ["report_department", "report_year", "stands", "review", "current"]


def test_a_projects_own_status_does_not_hide_the_status_of_acceptance() -> None:
    status = next(f for f in RECORD_TYPES["projects"].fields if f.name == "status")
    assert column_of(status) == "stated_status"
    for record_type in RECORD_TYPES.values():
        names = [c.name for c in columns_of(record_type)]
        assert len(names) == len(set(names)), record_type.name


def test_the_view_columns_that_the_design_promises(store: Store) -> None:
    promised = "document record_type record_id field label literal value unit yuan year start stop status"
    assert [c for c, _, _ in store.show("v_values").rows][:13] == promised.split()


def test_opening_again_keeps_what_is_there(db: Path) -> None:
    with Store.open(db) as store:
        run_id = store.start_run("offline")
    with Store.open(db) as store:
        assert store.query("SELECT run_id FROM runs").rows == ((run_id,),)
        assert store.query("SELECT count(*) FROM schema_version").rows == ((1,),)


def test_an_unknown_table_is_answered_with_near_ones(store: Store) -> None:
    with pytest.raises(StoreError, match=r"no table or view v_value in .*: try v_values"):
        store.show("v_value")


def test_a_missing_file_is_not_made_by_reading(tmp_path: Path) -> None:
    path = tmp_path / "none.duckdb"
    with pytest.raises(StoreError, match=r"no database at .*none\.duckdb: make one with jixiao run"):
        Store.open(path, read_only=True)
    assert not path.exists()


@pytest.mark.parametrize("change", ["UPDATE schema_version SET tables = 99", "UPDATE schema_version SET records = 99"])
@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_of_another_version_is_refused(existing: Path, change: str, *, read_only: bool) -> None:
    with duckdb.connect(str(existing)) as raw:
        raw.execute(change)
    with pytest.raises(StoreError) as error:
        Store.open(existing, read_only=read_only)
    assert str(existing) in str(error.value)
    assert "99" in str(error.value)
    assert "run the reports into a new file" in str(error.value)


@pytest.mark.parametrize("read_only", [False, True])
def test_another_database_is_refused_and_left_alone(tmp_path: Path, *, read_only: bool) -> None:
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as raw:
        raw.execute("CREATE TABLE mine (a INTEGER)")
    with pytest.raises(StoreError, match="no jixiao database"):
        Store.open(path, read_only=read_only)
    with duckdb.connect(str(path)) as raw:
        assert raw.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("mine",)]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.duckdb"
    path.write_text("磷石膏" * 3000, encoding="utf-8")
    with pytest.raises(StoreError, match=r"text\.duckdb cannot be opened as a DuckDB file"):
        Store.open(path)


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_in_use_by_another_process_is_named_with_its_holder(existing: Path, *, read_only: bool) -> None:
    code = (
        "import sys; from pipeline.store import Store\n"
        "with Store.open(sys.argv[1]):\n    print('open', flush=True)\n    sys.stdin.read()"
    )
    with subprocess.Popen(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code, str(existing)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "open\n"
        with pytest.raises(StoreError) as error:
            Store.open(existing, read_only=read_only)
        assert holder.stdin is not None
        holder.stdin.close()
        holder.wait(timeout=10)
    assert str(error.value) == (
        f"{existing} is in use by another process (PID {holder.pid}): wait for it to end or close it, then try again."
    )
    Store.open(existing, read_only=read_only).close()


def test_a_file_open_for_writing_in_this_process_cannot_be_opened_read_only(store: Store, db: Path) -> None:
    with pytest.raises(StoreError, match="already open in this process"):
        Store.open(db, read_only=True)
