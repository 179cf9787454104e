"""``jixiao run``: how it ends, what it says of every file, and that a wrong one costs no other."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from eval.standin import StandIn, fails, says
from pipeline.cli.run import KINDS
from tests.cli.conftest import SAMPLES, Jixiao

KEY = "sk-planted-9b2f60"


def documents(jixiao: Jixiao, db: str = "a.duckdb") -> list[str]:
    return jixiao("query", "SELECT document FROM documents ORDER BY 1", "--db", db, "--format", "csv").out.split()[1:]


def test_all_documents_read_is_0_and_prints_the_balance(jixiao: Jixiao, reports: Path) -> None:
    ended = jixiao("run", reports, "--db", "new/folder/a.duckdb")
    assert ended.code == 0
    assert ended.errors == []
    assert "extractor: offline (no model endpoint is configured)" in ended.err
    assert "2 documents read" in ended.out
    for words in ("education-2023", "water-2022", "unclaimed", "quarantined", "projects", "budget_facts"):
        assert words in ended.out
    assert documents(jixiao, "new/folder/a.duckdb") == ["education-2023", "water-2022"]


def test_progress_is_on_stderr_so_that_stdout_is_the_result(jixiao: Jixiao, reports: Path) -> None:
    ended = jixiao("run", reports, "--db", "a.duckdb")
    assert ended.out.startswith("Documents")
    assert ended.out.rstrip().endswith("2 documents read")


def test_each_failed_file_is_named_with_its_reason_and_the_others_are_stored(jixiao: Jixiao, reports: Path) -> None:
    (reports / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    (reports / "empty.txt").write_bytes(b"\n")
    (reports / "gone.txt").symlink_to("nowhere.txt")
    ended = jixiao("run", reports, reports / "absent", "--db", "a.duckdb")
    assert ended.code == 1
    assert sorted(ended.errors) == [
        f"error: {reports / 'absent'}: no such file or folder; check the path",
        f"error: {reports / 'empty.txt'}: holds no text; remove it or supply the report's text",
        f"error: {reports / 'gone.txt'}: no such file; check the path, and where it leads if it is a link",
        f"error: {reports / 'picture.txt'}: is a broken image (not what it begins as); get the file anew",
    ]
    assert "2 documents read, 4 failed" in ended.out
    assert documents(jixiao) == ["education-2023", "water-2022"]
    stored = jixiao("query", "SELECT status, len(failures) FROM runs", "--db", "a.duckdb", "--format", "csv")
    assert stored.out.split() == ["status,len(failures)", "failed,4"]


def test_an_error_line_is_never_broken(jixiao: Jixiao, tmp_path: Path) -> None:
    name = tmp_path / ("长" * 60) / ("x" * 90 + ".txt")
    assert jixiao("run", name, "--db", "a.duckdb").errors == [f"error: {name}: no such file or folder; check the path"]


def test_a_file_larger_than_the_limit_is_named(jixiao: Jixiao, reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (reports / "long.txt").write_text("预算" * 4000, encoding="utf-8")
    monkeypatch.setenv("JIXIAO_MAX_BYTES", "10000")
    ended = jixiao("run", reports, "--db", "a.duckdb")
    assert ended.code == 1
    assert ended.errors == [
        f"error: {reports / 'long.txt'}: 24,000 bytes is more than the limit of 10,000; split it or raise the limit"
    ]


def test_the_same_content_twice_is_read_once_and_both_names_are_kept(jixiao: Jixiao, reports: Path) -> None:
    shutil.copy(reports / "water-2022.txt", reports / "水利（副本）.txt")
    ended = jixiao("run", reports, "--db", "a.duckdb")
    assert ended.code == 0
    assert (
        f"{reports / '水利（副本）.txt'}: same content as {reports / 'water-2022.txt'}; read once, both names are recorded"
        in ended.err.splitlines()
    )
    stored = jixiao(
        "query",
        "SELECT document, aliases[1] FROM documents WHERE len(aliases) > 0",
        "--db",
        "a.duckdb",
        "--format",
        "csv",
    )
    assert stored.out.splitlines()[1:] == [f"water-2022,{reports / '水利（副本）.txt'}"]


def test_a_second_run_replaces_and_doubles_nothing(jixiao: Jixiao, reports: Path) -> None:
    counts = "SELECT record_type, count(*), min(record_id), max(record_id) FROM v_records GROUP BY ALL ORDER BY ALL"
    answers = []
    for _ in range(2):
        assert jixiao("run", reports, "--db", "a.duckdb").code == 0
        answers.append(jixiao("query", counts, "--db", "a.duckdb", "--format", "csv").out)
    assert answers[0] == answers[1]
    assert len(answers[0].splitlines()) > 5


def test_a_folder_without_reports_is_said_to_hold_none(jixiao: Jixiao, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ended = jixiao("run", tmp_path / "empty", "--db", "a.duckdb")
    assert ended.code == 1
    assert ended.errors == [f"error: no reports in {tmp_path / 'empty'}; name files, or folders that hold {KINDS}"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run"], "Missing argument"),
        (["run", "."], "name what to write: a DuckDB file with --db"),
        (["run", ".", "--db", "a.duckdb", "--colour", "red"], "No such option"),
        (["run", ".", "--db", "a.duckdb", "--extractor", "magic"], "setting extractor: Input should be 'auto'"),
        (["run", ".", "--db", "a.duckdb", "--extractor", "llm"], "the llm extractor needs a model"),
        (["run", ".", "--db", "a.duckdb", "--concurrency", "0"], "setting concurrency: Input should be greater"),
        (["run", ".", "--db", "."], "cannot be opened as a DuckDB file"),
        (["run", ".", "--db", "/dev/null/a.duckdb"], "the folder of /dev/null/a.duckdb cannot be made"),
        (["frobnicate"], "No such command 'frobnicate'"),
    ],
)
def test_wrong_usage_is_2_and_says_what_is_wrong(jixiao: Jixiao, arguments: list[str], message: str) -> None:
    ended = jixiao(*arguments)
    assert ended.code == 2
    assert message in ended.err
    assert "Traceback" not in ended.err


def test_a_file_that_is_no_database_is_not_overwritten(jixiao: Jixiao, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no database", encoding="utf-8")
    ended = jixiao("run", SAMPLES / "water-2022.txt", "--db", path)
    assert ended.code == 2
    assert "not a valid DuckDB database file" in ended.err
    assert path.read_text(encoding="utf-8") == "no database"


def test_a_broken_settings_file_is_2(jixiao: Jixiao, tmp_path: Path) -> None:
    (tmp_path / "jixiao.toml").write_text(f'api_key = "{KEY}"\n', encoding="utf-8")
    ended = jixiao("run", ".", "--db", "a.duckdb")
    assert ended.code == 2
    assert "jixiao.toml holds an api_key" in ended.err
    assert KEY not in ended.out + ended.err


def test_a_key_is_neither_printed_nor_stored(
    jixiao: Jixiao, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIXIAO_API_KEY", KEY)
    ended = jixiao("run", reports, "--db", "a.duckdb", "--extractor", "offline")
    assert ended.code == 0
    assert KEY not in ended.out + ended.err
    assert KEY.encode() not in (tmp_path / "a.duckdb").read_bytes()


def test_no_command_shows_what_there_is(jixiao: Jixiao) -> None:
    ended = jixiao("--help")
    assert ended.code == 0
    for command in ("run", "query", "show", "trace", "doctor"):
        assert re.search(rf"\b{command}\b", ended.out)


def test_a_model_that_refuses_every_call_is_1_and_the_document_is_stored_with_its_failed_chunks(
    jixiao: Jixiao, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIXIAO_API_KEY", KEY)
    with StandIn(lambda _: fails(400, f"no such model for {KEY}")) as server:
        ended = jixiao(
            "run", reports / "water-2022.txt", "--db", "a.duckdb", "--model", "m", "--base-url", server.base_url
        )
    assert ended.code == 1
    assert f"extractor: llm (m at {server.base_url})" in ended.err
    [error] = ended.errors
    assert error.startswith(f"error: {reports / 'water-2022.txt'}: ")
    assert "chunks failed: " in error
    assert KEY not in ended.out + ended.err
    answer = jixiao(
        "query", "SELECT chunks = chunks_failed, records FROM v_coverage", "--db", "a.duckdb", "--format", "csv"
    )
    assert answer.out.splitlines()[1:] == ["True,0"]


def test_a_model_that_finds_nothing_is_0_and_leaves_every_figure_unclaimed(jixiao: Jixiao, reports: Path) -> None:
    with StandIn(lambda request: says({name: [] for name in request.record_types})) as server:
        ended = jixiao(
            "run", reports / "water-2022.txt", "--db", "a.duckdb", "--model", "m", "--base-url", server.base_url
        )
    assert ended.code == 0
    answer = jixiao("query", "SELECT records, unclaimed > 40 FROM v_coverage", "--db", "a.duckdb", "--format", "csv")
    assert answer.out.splitlines()[1:] == ["0,True"]
