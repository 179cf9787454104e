"""Exported tables: one file for each record type, and for figures, findings, quarantine and more, by DuckDB's writers."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb

from pipeline.store import Store, StoreError
from pipeline.store.database import connect_to_folder
from pipeline.store.errors import first_line
from schemas.registry import RECORD_TYPES

GUARDED = "[=+\\-@\\t\\r'']"
"""What a text may not begin with in CSV: a spreadsheet would take it for a formula. An apostrophe is set before it, and
before an apostrophe too, so that taking one away gives the text back."""

_VIEWS = {
    "figures": "v_values",
    "findings": "v_findings",
    "documents": "v_coverage",
    "quarantine": "v_quarantine",
    "reviews": "v_reviews",
    "same_projects": "v_same_projects",
}


class TableFormat(StrEnum):
    """How a table is written."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


_OPTIONS = {
    TableFormat.CSV: "FORMAT csv, HEADER, NULLSTR ''",
    TableFormat.JSONL: "FORMAT json",
    TableFormat.PARQUET: "FORMAT parquet, COMPRESSION zstd",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written, and how many rows it has."""

    path: Path
    rows: int


def exported_tables() -> dict[str, str]:
    """What is exported: the name of each file and the question that it answers, of the current readings alone."""
    records = {name: f"FROM current_{name} ORDER BY document, quote_start, record_id" for name in RECORD_TYPES}
    return records | {name: f"FROM {view} ORDER BY ALL" for name, view in _VIEWS.items()}


def export_tables(db: Path, folder: Path, fmt: TableFormat) -> list[Written]:
    """Write every table into a folder, which is made where it is missing; all files are complete before one is replaced.

    Figures are DECIMAL in Parquet, and their digits in CSV and, as text, in JSON Lines.

    Raises:
        StoreError: the database cannot be read or the folder not written.
    """
    Store.open(db, read_only=True).close()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".jixiao-") as temporary:
            parts = Path(temporary)
            with connect_to_folder(db, parts) as connection:
                counts = {
                    f"{name}.{fmt}": _write(connection, question, parts / f"{name}.{fmt}", fmt)
                    for name, question in exported_tables().items()
                }
            for name in counts:
                (parts / name).replace(folder / name)
    except OSError as error:
        raise StoreError(f"{folder} cannot be written ({error.strerror}): name another folder.") from error
    except duckdb.Error as error:
        raise StoreError(f"{db} cannot be exported: {first_line(error)}") from error
    return [Written(folder / name, rows) for name, rows in counts.items()]


def _write(connection: duckdb.DuckDBPyConnection, question: str, target: Path, fmt: TableFormat) -> int:
    described = connection.execute(f"DESCRIBE {question}").fetchall()
    columns = ", ".join(_column(name, kind, fmt) for name, kind, *_ in described)
    place = str(target).replace("'", "''")
    sql = f"COPY (SELECT {columns} FROM ({question})) TO '{place}' ({_OPTIONS[fmt]})"  # noqa: S608
    ((rows,),) = connection.execute(sql).fetchall()
    return int(rows)


def _column(name: str, kind: str, fmt: TableFormat) -> str:
    """A column as a format takes it: exact digits, lists as JSON, no text that a spreadsheet would compute."""
    column = f'"{name}"'
    if fmt is TableFormat.PARQUET:
        return column
    if kind.startswith("DECIMAL"):
        digits = f"CAST({column} AS VARCHAR)"
        return f"CASE WHEN contains({digits}, '.') THEN rtrim(rtrim({digits}, '0'), '.') ELSE {digits} END AS {column}"
    if fmt is TableFormat.CSV and kind.endswith("[]"):
        return f"CAST(to_json({column}) AS VARCHAR) AS {column}"
    if fmt is TableFormat.CSV and kind == "VARCHAR":
        return f"CASE WHEN regexp_matches({column}, '^{GUARDED}') THEN '''' || {column} ELSE {column} END AS {column}"
    return column
