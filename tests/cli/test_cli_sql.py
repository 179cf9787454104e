"""``jixiao sql``: question after question, read-only, from a pipe, at a prompt, or in the duckdb shell."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = (sys.executable, "-c", "from pipeline.cli import main; main()", "sql")


def environment(**changes: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "COLUMNS": "120", **changes}


def piped(db: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    """``jixiao sql`` with questions on standard input."""
    asked = [*COMMAND, "--db", str(db), *options]
    return subprocess.run(  # noqa: S603 - this interpreter, this project
        asked, input=text, capture_output=True, text=True, env=environment(), timeout=60, check=False
    )


def typed(db: Path, *lines: str, options: tuple[str, ...] = (), path: Path | None = None) -> str:
    """What a person sees at a terminal who types a line at each prompt and then ends the input."""
    main, terminal = pty.openpty()
    changes = {} if path is None else {"PATH": f"{path}{os.pathsep}{os.environ['PATH']}"}
    asked = [*COMMAND, "--db", str(db), *options]
    waiting = [*(f"{line}\n" for line in lines), "\x04"]
    seen, answered = b"", 0
    with subprocess.Popen(  # noqa: S603 - this interpreter, this project
        asked, stdin=terminal, stdout=terminal, stderr=terminal, env=environment(TERM="dumb", **changes)
    ) as process:
        os.close(terminal)
        while select.select([main], [], [], 30)[0]:
            try:
                seen += os.read(main, 4096)
            except OSError:  # the other end is closed
                break
            while waiting and seen.count(b"jixiao> ") > answered:
                os.write(main, waiting.pop(0).encode())
                answered += 1
        process.kill()
    os.close(main)
    return seen.decode()


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """A folder where a program ``duckdb`` can be put."""
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


def install(folder: Path, script: str) -> None:
    (folder / "duckdb").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / "duckdb").chmod(0o755)


def test_questions_take_as_many_lines_as_they_need_and_several_stand_on_one(filled: Path) -> None:
    text = (
        "SELECT count(*) AS n,\n '漢;字' AS 文\nFROM reports; SELECT 'second' AS b; -- a remark;\n\nSELECT 'last' AS c"
    )
    ended = piped(filled, text)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert 0 < ended.stdout.index("漢;字") < ended.stdout.index("second") < ended.stdout.index("last")


def test_one_that_cannot_be_answered_is_named_and_the_next_ones_are_answered(filled: Path) -> None:
    ended = piped(filled, "SELECT nonsense;\nSELECT 'next' AS a;\n.columns v_project\n.nonsense\n")
    assert ended.returncode == 1
    assert "next" in ended.stdout
    assert [line.partition(": ")[2][:30] for line in ended.stderr.splitlines()] == [
        "The query cannot be answered: ",
        "There is no table or view v_pr",
        "There is no command .nonsense:",
    ]


def test_nothing_changes_and_no_other_file_is_reached(filled: Path, tmp_path: Path) -> None:
    before = filled.read_bytes()
    out = tmp_path / "stolen.csv"
    asked = ("DELETE FROM projects", f"COPY projects TO '{out}'", "FROM read_text('/etc/passwd')")
    ended = piped(filled, ";\n".join(asked))
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 3
    assert "root:" not in ended.stdout
    assert not out.exists()
    assert filled.read_bytes() == before


def test_points_explain_tables_and_columns(filled: Path) -> None:
    ended = piped(filled, ".help\n.tables\n.columns v_projects\n.quit\nSELECT 'no answer' AS a;\n")
    assert ended.returncode == 0
    assert all(words in ended.stdout for words in (".columns NAME", "v_three_public", "recomputed_rate"))
    assert "no answer" not in ended.stdout


def test_a_person_gets_a_prompt(filled: Path) -> None:
    seen = typed(filled, "SELECT 'an ' ||", "'answer' AS a;", options=("--no-shell",))
    assert "jixiao> " in seen
    assert "an answer" in seen


def test_the_duckdb_shell_opens_read_only_and_sealed_where_it_can_read_the_file(filled: Path, shell: Path) -> None:
    install(shell, 'echo "duckdb $*"')
    assert f"duckdb -readonly -safe {filled}" in typed(filled, path=shell)
    assert "duckdb -readonly" not in typed(filled, options=("--no-shell",), path=shell)


def test_a_shell_too_old_for_the_file_is_named_and_the_prompt_opens(filled: Path, shell: Path) -> None:
    install(shell, 'echo "Trying to read a database file with version number 99" >&2; exit 1')
    seen = typed(filled, "SELECT 'still ' || 'answered' AS a;", path=shell)
    assert "version number 99" in seen
    assert "still answered" in seen


def test_a_missing_database_is_named(tmp_path: Path) -> None:
    ended = piped(tmp_path / "absent.duckdb", "SELECT 1;")
    assert ended.returncode == 2
    assert "There is no database at" in ended.stderr
