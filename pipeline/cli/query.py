"""The command line: ``jixiao query``, one SQL question, its answer printed or written to a file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from pipeline.cli.show import as_csv, as_json, complain, note, table
from pipeline.store import Result, Store, save_parquet


class AnswerFormat(StrEnum):
    """How an answer is printed or written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


def query_command(
    sql: Annotated[str | None, typer.Argument(help="One SELECT statement.")] = None,
    *,
    db: Annotated[Path, typer.Option(help="The DuckDB file.")],
    file: Annotated[Path | None, typer.Option(help="A file that holds the statement instead.")] = None,
    fmt: Annotated[AnswerFormat, typer.Option("--format", help="How to print the answer.")] = AnswerFormat.TABLE,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file to write csv, json or parquet to.")
    ] = None,
) -> None:
    """Answer one SQL question, read-only.

    Figures are exact decimals in every format: text in JSON, DECIMAL in Parquet, which is written to --output only.
    """
    question = _question(sql, file)
    if output is None:
        if fmt is AnswerFormat.PARQUET:
            _refuse("Parquet is no text: name a file for it with --output FILE.parquet")
        with Store.open(db, read_only=True) as store:
            _print(question, store.query(question), fmt)
        return
    if fmt is AnswerFormat.TABLE:
        _refuse("a table is for reading: choose --format csv, json or parquet for --output")
    if fmt is AnswerFormat.PARQUET:
        rows = save_parquet(db, question, output)
    else:
        with Store.open(db, read_only=True) as store:
            result = store.query(question)
        rows = len(result.rows)
        try:
            output.write_text(_text(result, fmt) + "\n", encoding="utf-8")
        except OSError as error:
            _refuse(f"{output} cannot be written ({error.strerror}): name another place", error)
    note(f"{rows} rows written to {output}")


def _question(sql: str | None, file: Path | None) -> str:
    if (sql is None) == (file is None):
        _refuse("give the SQL question as an argument or in --file, one of them")
    if file is None:
        assert sql is not None
        return sql
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _refuse(f"{file} cannot be read as UTF-8 text ({error}): check the path", error)


def _refuse(sentence: str, cause: Exception | None = None) -> NoReturn:
    complain(sentence)
    raise typer.Exit(2) from cause


def _print(sql: str, result: Result, fmt: AnswerFormat) -> None:
    if fmt is AnswerFormat.TABLE:
        first = sql.lstrip().splitlines()[0]
        table(first.removeprefix("--").strip() if first.startswith("--") else None, result.columns, result.rows)
    else:
        typer.echo(_text(result, fmt))


def _text(result: Result, fmt: AnswerFormat) -> str:
    return (as_csv if fmt is AnswerFormat.CSV else as_json)(result.columns, result.rows).rstrip("\n")
