"""``jixiao query --output``: answers as files, Parquet among them, exact and nowhere else."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tests.cli.conftest import Jixiao

QUESTION = (
    "SELECT project, full_year_budget, full_year_budget_yuan FROM v_projects WHERE project LIKE '州级河湖长制%' -- one;"
)


def test_parquet_keeps_decimals_and_names(jixiao: Jixiao, filled: Path, tmp_path: Path) -> None:
    ended = jixiao("query", QUESTION, "--db", filled, "--format", "parquet", "-o", "answer.parquet")
    assert (ended.code, ended.out) == (0, "")
    assert "1 rows written to answer.parquet" in ended.err
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t AS FROM '{tmp_path / 'answer.parquet'}'")
        described = connection.execute(
            "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 't'"
        ).fetchall()
        rows = connection.execute("FROM t").fetchall()
    assert described == [
        ("project", "VARCHAR"),
        ("full_year_budget", "DECIMAL(38,10)"),
        ("full_year_budget_yuan", "DECIMAL(38,10)"),
    ]
    assert rows == [("州级河湖长制工作经费", Decimal("45.5"), Decimal(455000))]


def test_an_earlier_file_is_replaced_and_nothing_else_is_left(jixiao: Jixiao, filled: Path, tmp_path: Path) -> None:
    for question in ("SELECT 1 AS a", "SELECT 2 AS a;\n"):
        assert jixiao("query", question, "--db", filled, "--format", "parquet", "-o", "a.parquet").code == 0
    with duckdb.connect() as connection:
        assert connection.execute(f"FROM '{tmp_path / 'a.parquet'}'").fetchall() == [(2,)]
    assert [p.name for p in tmp_path.iterdir()] == ["a.parquet"]


def test_csv_and_json_are_the_same_text_as_on_the_terminal(jixiao: Jixiao, filled: Path, tmp_path: Path) -> None:
    for name in ("csv", "json"):
        printed = jixiao("query", QUESTION, "--db", filled, "--format", name).out
        assert jixiao("query", QUESTION, "--db", filled, "--format", name, "--output", f"a.{name}").out == ""
        assert (tmp_path / f"a.{name}").read_text(encoding="utf-8") == printed
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))[0]["full_year_budget"] == "45.5"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('../**')",
        "COPY projects TO 'stolen.csv'",
        "SELECT 1; COPY projects TO 'stolen.csv'",
        "SELECT 1) TO 'stolen.csv' --",
        "INSTALL httpfs",
        "SET lock_configuration = false",
        "EXPLAIN COPY projects TO 'stolen.csv'",
    ],
)
def test_a_question_for_a_file_reaches_no_other(jixiao: Jixiao, filled: Path, tmp_path: Path, sql: str) -> None:
    before = filled.read_bytes()
    ended = jixiao("query", sql, "--db", filled, "--format", "parquet", "-o", "a.parquet")
    assert not (tmp_path / "stolen.csv").exists()
    if ended.code == 0:  # what EXPLAIN says is harmless
        assert sql.startswith("EXPLAIN")
    else:
        assert (ended.code, list(tmp_path.iterdir())) == (2, [])
        assert ended.errors
    assert filled.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--format", "parquet"], "Parquet is no text: name a file for it with --output FILE.parquet"),
        (["--output", "a.txt"], "a table is for reading: choose --format csv, json or parquet for --output"),
        (
            ["--format", "parquet", "-o", "none/a.parquet"],
            "none/a.parquet cannot be written (No such file or directory)",
        ),
        (["--format", "csv", "-o", "none/a.csv"], "none/a.csv cannot be written (No such file or directory)"),
        (["--format", "parquet", "-o", "."], "cannot be written"),
    ],
)
def test_wrong_usage_is_2_and_leaves_nothing(
    jixiao: Jixiao, filled: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    ended = jixiao("query", "SELECT 1 AS a", "--db", filled, *arguments)
    assert ended.code == 2
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert list(tmp_path.iterdir()) == []
