"""Asking the database: any SELECT, and nothing that could write, or reach another file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from store_cases import Maker

from pipeline.store import Result, Store, StoreError

STATE = """
    SELECT
        (SELECT count(*) FROM projects), (SELECT sum(executed) FROM projects), (SELECT count(*) FROM tasks),
        (SELECT list(table_name ORDER BY table_name) FROM duckdb_tables()),
        (SELECT list(view_name ORDER BY view_name) FROM duckdb_views()),
        (SELECT list(database_name ORDER BY database_name) FROM duckdb_databases())
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("query")


@pytest.fixture(scope="module")
def secret(folder: Path) -> Path:
    path = folder / "secret.csv"
    path.write_text("a,b\n1,planted\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=[True, False], ids=["read-only", "writer"])
def filled(folder: Path, empty_database: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """A database with one document, open as its reader or as its writer; no test can change it."""
    path = folder / f"{request.param}.duckdb"
    shutil.copy(empty_database, path)
    with Store.open(path) as store:
        store.put(store.start_run("offline"), Maker(folder).sample())
    with Store.open(path, read_only=request.param) as store:
        yield store


@pytest.mark.parametrize(
    ("sql", "answer"),
    [
        ("SELECT 1 AS a, 'x;y' AS b", Result(("a", "b"), ((1, "x;y"),))),
        ("-- a question\nSELECT count(*) AS n FROM projects;\n", Result(("n",), ((2,),))),
        ("WITH p AS (FROM projects) SELECT sum(executed) AS s FROM p", Result(("s",), ((Decimal("899.5"),),))),
        ("FROM projects SELECT name WHERE executed = 0", Result(("name",), (("空置项目",),))),
        ("VALUES (1), (2)", Result(("col0",), ((1,), (2,)))),
        ("SELECT name FROM projects WHERE false", Result(("name",), ())),
        ("PIVOT v_records ON status USING count(*) GROUP BY document", None),
        ("DESCRIBE projects", None),
        ("SUMMARIZE projects", None),
        ("EXPLAIN SELECT * FROM v_values", None),
    ],
)
def test_questions_are_answered(filled: Store, sql: str, answer: Result | None) -> None:
    result = filled.query(sql)
    assert result == answer if answer else result.rows


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "-- nothing",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE projects",
        "DELETE FROM projects",
        "INSERT INTO tasks (record_id) VALUES ('x')",
        "UPDATE projects SET executed = 0",
        "CREATE TABLE mine (a INTEGER)",
        "CREATE TEMP TABLE mine (a INTEGER)",
        "DROP VIEW v_values",
        "WITH gone AS (DELETE FROM projects RETURNING *) SELECT * FROM gone",
        "COMMIT; DELETE FROM projects",
        "ATTACH '{folder}/new.duckdb' AS other",
        "ATTACH ':memory:' AS other",
        "COPY projects TO '{folder}/out.csv'",
        "COPY (SELECT 1) TO '{folder}/out.parquet' (FORMAT parquet)",
        "EXPORT DATABASE '{folder}/export'",
        "IMPORT DATABASE '{folder}/export'",
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM '{secret}'",
        "SELECT content FROM read_text('{secret}')",
        "SELECT content FROM read_blob('{secret}')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_json('{secret}')",
        "SELECT * FROM read_parquet('{secret}')",
        "SELECT * FROM query('SELECT * FROM read_text(''{secret}'')')",
        "SELECT * FROM sniff_csv('{secret}')",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "RESET enable_external_access",
        "PRAGMA database_list",
        "INSTALL httpfs",
        "LOAD '{folder}/x.duckdb_extension'",
        "CREATE SECRET s (TYPE s3)",
        "CALL pragma_version()",
        "CHECKPOINT",
        "PREPARE p AS SELECT 1",
        "USE memory",
    ],
)
def test_whatever_writes_or_reaches_a_file_is_refused(filled: Store, folder: Path, secret: Path, sql: str) -> None:
    before = filled.query(STATE)
    files = {p: p.stat().st_size for p in folder.rglob("*")}
    with pytest.raises(StoreError) as error:
        filled.query(sql.format(folder=folder, secret=secret))
    assert "planted" not in str(error.value)
    assert "\n" not in str(error.value)
    assert filled.query(STATE) == before
    assert {p: p.stat().st_size for p in folder.rglob("*")} == files


def test_the_reading_connection_itself_cannot_be_talked_into_more(filled: Store, secret: Path, folder: Path) -> None:
    """Even past ``query``'s own check the configuration holds."""
    for sql in (
        f"COPY projects TO '{folder / 'out.csv'}'",
        f"ATTACH '{folder / 'new.duckdb'}'",
        f"FROM read_csv('{secret}')",
        "SET enable_external_access = true",
    ):
        with pytest.raises(Exception, match=r"disabled by configuration|configuration has been locked"):
            filled._session.connection.execute(sql)


def test_a_wrong_question_says_what_is_wrong_in_one_line(filled: Store) -> None:
    with pytest.raises(StoreError, match=r'^The query cannot be answered: syntax error at or near "selec"$'):
        filled.query("selec 1")
    with pytest.raises(StoreError, match=r"^The query cannot be answered: Table with name project does not exist!$"):
        filled.query("SELECT * FROM project")


def test_a_store_answers_again_after_a_refused_question(filled: Store) -> None:
    with pytest.raises(StoreError):
        filled.query("SELECT 1/0 FROM nowhere")
    assert filled.query("SELECT count(*) FROM projects").rows == ((2,),)


def test_several_readers_open_one_file(existing: Path) -> None:
    with Store.open(existing, read_only=True) as first, Store.open(existing, read_only=True) as second:
        assert first.query("SELECT 1").rows == second.query("SELECT 1").rows == ((1,),)
