"""``jixiao query``, ``show`` and ``trace``: answers as tables, CSV and JSON, and a database that no question changes."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

from tests.cli.conftest import SAMPLES, Jixiao

PROJECT = "SELECT name, executed, length(name) AS characters FROM projects WHERE name LIKE '州级河湖长制%'"
TEXT = (SAMPLES / "water-2022.txt").read_text(encoding="utf-8")
NAME = "州级河湖长制工作经费"


def test_a_table_has_a_title_where_the_question_has_a_comment(jixiao: Jixiao, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "question.sql").write_text("-- 州级项目\nSELECT 1 AS 一, 'x' AS 二\n", encoding="utf-8")
    ended = jixiao("query", "--file", "question.sql", "--db", filled)
    assert ended.code == 0
    assert ended.out.startswith("州级项目")
    assert "一" in ended.out


def test_figures_are_printed_as_they_are_and_without_the_column_s_zeros(jixiao: Jixiao, filled: Path) -> None:
    ended = jixiao("query", PROJECT, "--db", filled)
    assert ended.code == 0
    assert NAME in ended.out
    assert "43.27 " in ended.out
    assert "43.2700" not in ended.out


def test_csv_has_a_header_and_one_line_a_row(jixiao: Jixiao, filled: Path) -> None:
    ended = jixiao("query", PROJECT, "--db", filled, "--format", "csv")
    assert list(csv.reader(io.StringIO(ended.out))) == [
        ["name", "executed", "characters"],
        [NAME, "43.27", "10"],
    ]


def test_csv_quotes_what_must_be_quoted(jixiao: Jixiao, filled: Path) -> None:
    ended = jixiao("query", "SELECT 'a,\"b\"\nc' AS x, NULL AS y", "--db", filled, "--format", "csv")
    assert list(csv.reader(io.StringIO(ended.out))) == [["x", "y"], ['a,"b"\nc', ""]]


def test_json_keeps_figures_as_strings_and_names_the_columns(jixiao: Jixiao, filled: Path) -> None:
    ended = jixiao("query", PROJECT, "--db", filled, "--format", "json")
    assert json.loads(ended.out) == [{"name": NAME, "executed": "43.27", "characters": 10}]


def test_an_answer_without_rows_is_empty_in_every_format(jixiao: Jixiao, filled: Path) -> None:
    question = "SELECT name FROM projects WHERE false"
    assert jixiao("query", question, "--db", filled, "--format", "csv").out == "name\n"
    assert json.loads(jixiao("query", question, "--db", filled, "--format", "json").out) == []
    assert jixiao("query", question, "--db", filled).code == 0


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM projects",
        "UPDATE projects SET name = 'x'",
        "DROP VIEW v_values",
        "CREATE TABLE t (x INTEGER)",
        "INSERT INTO schema_version VALUES (99)",
        "SELECT 1; DELETE FROM projects",
        "COPY projects TO 'stolen.csv'",
        "ATTACH 'other.duckdb'",
        "PRAGMA disable_checkpoint_on_shutdown",
        "INSTALL httpfs",
        "SET threads = 1",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "",
    ],
)
def test_a_question_changes_nothing_and_reaches_no_file(jixiao: Jixiao, filled: Path, tmp_path: Path, sql: str) -> None:
    before = filled.read_bytes()
    ended = jixiao("query", sql, "--db", filled)
    assert ended.code == 2
    assert ended.errors
    assert "Traceback" not in ended.err
    assert filled.read_bytes() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query"], "Missing option '--db'"),
        (["query", "--db", "DB"], "give the SQL question as an argument or in --file, one of them"),
        (["query", "SELECT 1", "--file", "q.sql", "--db", "DB"], "in --file, one of them"),
        (["query", "--file", "absent.sql", "--db", "DB"], "absent.sql cannot be read as UTF-8 text"),
        (["query", "SELECT nonsense", "--db", "DB"], "The query cannot be answered"),
        (["query", "SELECT 1", "--db", "DB", "--format", "xml"], "'xml' is not one of"),
        (["query", "SELECT 1", "--db", "absent.duckdb"], "There is no database at absent.duckdb: make one with"),
        (["show", "projekts", "--db", "DB"], "There is no table or view projekts"),
        (["trace", "0000", "--db", "DB"], "holds no record, finding or claim 0000: take a record_id from v_values"),
    ],
)
def test_wrong_usage_is_2_and_says_what_is_wrong(
    jixiao: Jixiao, filled: Path, arguments: list[str], message: str
) -> None:
    ended = jixiao(*(str(filled) if a == "DB" else a for a in arguments))
    assert ended.code == 2
    assert message in ended.err
    assert "Traceback" not in ended.err


def test_show_lists_tables_and_views_with_what_they_hold(jixiao: Jixiao, filled: Path) -> None:
    ended = jixiao("show", "--db", filled)
    assert ended.code == 0
    for name in ("v_values", "v_coverage", "projects", "literals", "unclaimed"):
        assert name in ended.out


def test_show_explains_every_column_of_one(jixiao: Jixiao, filled: Path) -> None:
    ended = jixiao("show", "v_values", "--db", filled)
    for name in (
        "document", "record_type", "record_id", "field", "label", "literal", "value", "unit", "yuan", "year", "start", "stop",
        "status",
    ):  # fmt: skip
        assert name in ended.out


def test_trace_shows_the_sentence_with_its_figures_the_line_and_the_findings(jixiao: Jixiao, filled: Path) -> None:
    question = "SELECT record_id FROM projects WHERE name LIKE '州级河湖长制%'"
    _, record_id = jixiao("query", question, "--db", filled, "--format", "csv").out.split()
    ended = jixiao("trace", record_id, "--db", filled)
    assert ended.code == 0
    line = 1 + TEXT[: TEXT.index("全年预算数45.5万元")].count("\n")
    assert f"projects {record_id}" in ended.out
    assert any(f"water-2022.txt:{n}" in ended.out for n in (line, line - 1)), "the line of the sentence or its heading"
    for words in ("全年预算数45.5万元", "43.27", "95.1", "executed", "chunk "):
        assert words in ended.out


def test_trace_marks_every_figure_that_it_shows_those_behind_the_quote_too(
    jixiao: Jixiao, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "SELECT record_id FROM projects WHERE name LIKE '州级河湖长制%'"
    _, record_id = jixiao("query", question, "--db", filled, "--format", "csv").out.split()
    terminal = Console(force_terminal=True, color_system="standard", highlight=False, width=200)
    monkeypatch.setattr("pipeline.cli.show.out", terminal)
    shown = jixiao("trace", record_id, "--db", filled).out.partition("Figures")[0]
    marked = re.findall(r"\x1b\[[0-9;]*7m([^\x1b]*)\x1b", shown)
    assert marked == ["45.5", "40.33", "5.18", "43.27", "95.1"]
