"""The command line: ``jixiao sql``, question after question, in DuckDB's own shell or at a prompt of ours, read-only."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from pipeline.cli.show import complain, console, note, table
from pipeline.store import Store, StoreError

SHELL_OPTIONS = ("-readonly", "-safe")
"""DuckDB's shell changes nothing with the first, and reaches no other file and no program with the second."""

HELP = """A question is SQL up to a semicolon: SELECT * FROM v_projects LIMIT 5;
.tables          the tables and views, each explained
.columns NAME    the columns of one
.help   .quit"""


def sql_command(
    *,
    db: Annotated[Path, typer.Option(help="The DuckDB file.")],
    shell: Annotated[bool, typer.Option(help="Use the duckdb shell where it is installed.")] = True,
) -> None:
    """Ask question after question, read-only: in the duckdb shell where one is installed, else at a simple prompt.

    Neither changes the database or reaches another file. Questions that are piped in are answered in turn; the exit
    status is then 1 where one could not be answered.
    """
    interactive = sys.stdin.isatty()
    with Store.open(db, read_only=True) as store:
        program = shutil.which("duckdb") if shell and interactive else None
        usable = program is not None and _opens(program, db)
        if not usable:
            failed = _answer_all(store, interactive=interactive)
            raise typer.Exit(1 if failed and not interactive else 0)
    assert program is not None
    os.execv(program, [program, *SHELL_OPTIONS, str(db)])  # noqa: S606 - the user's own duckdb, no shell in between


def _opens(program: str, db: Path) -> bool:
    """Whether a duckdb shell can read the file; one that is older than the file's format cannot."""
    asked = [program, *SHELL_OPTIONS, "-c", "SELECT 1", str(db)]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=30, check=False)  # noqa: S603 - the user's duckdb
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        note(f"{program} cannot open {db} ({lines[0]}): this is jixiao's own prompt, .help explains it")
    return not done.returncode


def _answer_all(store: Store, *, interactive: bool) -> int:
    """Answers what is typed or piped in until its end; how many questions could not be answered."""
    failed = 0
    if interactive:
        note(f"{store.path}, read-only. {HELP}")
    for question in _questions(interactive=interactive):
        if question in {".quit", ".exit"}:
            break
        try:
            _answer(store, question)
        except StoreError as error:
            complain(str(error))
            failed += 1
    return failed


def _answer(store: Store, question: str) -> None:
    command, _, name = question.partition(" ")
    if command == ".help":
        console().print(HELP)
        return
    if command == ".tables":
        result = store.show()
    elif command == ".columns":
        result = store.show(name.strip())
    elif question.startswith("."):
        raise StoreError(f"There is no command {command}: .help lists them.")
    else:
        result = store.query(question)
    table(None, result.columns, result.rows)


def _questions(*, interactive: bool) -> Iterator[str]:
    """The questions of standard input: a line that begins with a point, or SQL up to a semicolon or the end."""
    asked = ""
    for line in _lines(interactive=interactive):
        if not asked.strip() and line.startswith("."):
            yield line.strip()
            continue
        asked += line
        if asked.strip() and _is_whole(asked):
            yield from _statements(asked)
            asked = ""
    if asked.strip():
        yield from _statements(asked)


def _statements(sql: str) -> list[str]:
    """The statements of a text one by one; a text that is no SQL as it is, for the error to name."""
    try:
        return [s.query.strip() for s in duckdb.extract_statements(sql)]
    except duckdb.Error:
        return [sql.strip()]


def _is_whole(sql: str) -> bool:
    """Whether a text ends with a semicolon that is no part of a text or comment."""
    encoded = sql.encode()  # DuckDB's tokens count bytes
    starts = [start for start, kind in duckdb.tokenize(sql) if kind != duckdb.token_type.comment]
    return bool(starts) and encoded[starts[-1] : starts[-1] + 1] == b";"


def _lines(*, interactive: bool) -> Iterator[str]:
    if not interactive:
        yield from sys.stdin
        return
    import readline  # noqa: F401, PLC0415 - gives input() editing and history where the system has it

    while True:
        try:
            yield input("jixiao> ") + "\n"
        except EOFError:
            return
