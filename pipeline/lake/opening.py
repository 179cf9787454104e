"""The lake's way out: a DuckDB file whose tables are the Parquet files of a lake, with all the views of a database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline.lake.parts import RUNS, committed
from pipeline.lake.place import LakeError, Place
from pipeline.lake.writing import TABLES
from pipeline.store import Store
from pipeline.store.database import create, reach
from pipeline.store.errors import first_line
from pipeline.store.session import Session
from schemas.registry import RECORD_TYPES

_OF_RUNS = ("runs", "llm_calls")
_HIDDEN = frozenset({"documents", "readings"})
"""Tables of which the rows that still stand are shown alone; views join the others with ``documents``, or ask for the mark."""
_MARKED = frozenset({*RECORD_TYPES, "literals"})
"""Tables whose rows are marked as those of a document's current reading, or of another one."""


def open_lake(place: Place, db: Path) -> int:
    """Makes a database that shows the lake as it is now; how many documents it has. The file is made anew.

    Raises:
        LakeError: the file is a database of its own, or cannot be written.
    """
    _must_be_free(db)
    db.parent.mkdir(parents=True, exist_ok=True)
    draft = db.with_name(f".{db.name}.new")
    draft.unlink(missing_ok=True)
    try:
        with duckdb.connect(str(draft)) as connection:
            session = Session(connection, draft, read_only=False)
            show(place, session)
            ((documents,),) = session.execute("SELECT count(*) FROM documents")
    except (duckdb.Error, OSError) as error:
        draft.unlink(missing_ok=True)
        raise LakeError(f"{place.root} cannot be shown in {db}: {first_line(error)}") from error
    draft.replace(db)
    return int(documents)


def _must_be_free(db: Path) -> None:
    """A file that shows a lake is made anew; any other one is not touched."""
    if not db.exists():
        return
    try:
        with duckdb.connect(str(db), read_only=True) as connection:
            if connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'lake'").fetchall():
                return
    except duckdb.Error as error:
        raise LakeError(
            f"{db} is there already and cannot be opened ({first_line(error)}): name another file"
        ) from error
    raise LakeError(f"{db} is there already and shows no lake: name another file, so that nothing is lost")


def copy_lake(place: Place, db: Path) -> int:
    """Makes a database that holds what the lake holds now, to be checked and reviewed; how many documents it has.

    Raises:
        LakeError: there is such a file already, or it cannot be written.
    """
    if db.exists():
        raise LakeError(f"{db} is there already: name a new file to copy the lake to.")
    Store.open(db).close()
    shown = db.with_name(f".{db.name}.lake")
    documents = open_lake(place, shown)
    try:
        with duckdb.connect(str(db)) as connection:
            reach(connection, place.address)
            connection.execute(f"ATTACH '{str(shown).replace(chr(39), chr(39) * 2)}' AS lake (READ_ONLY)")
            connection.execute("BEGIN")
            for table in (*TABLES, *_OF_RUNS):
                source = f"lake.{table} AS r" if "." in table else f"lake.main.{table} AS r"
                if table not in {"documents", *_OF_RUNS}:
                    source += " SEMI JOIN lake.main.documents AS d ON d.reading = r.reading"
                connection.execute(f"INSERT INTO {table} BY NAME SELECT r.* FROM {source}")  # noqa: S608 - our names
            connection.execute("COMMIT")
    except duckdb.Error as error:
        db.unlink()
        raise LakeError(f"{place.root} cannot be copied to {db}: {first_line(error)}") from error
    finally:
        shown.unlink(missing_ok=True)
    return documents


def show(place: Place, session: Session) -> None:
    """Makes the tables and views of a database in an empty one, its tables over the files of a lake."""
    reach(session.connection, place.address)
    create(session.connection)
    parts = committed(place)
    with session.transaction(f"show {place.root}"):
        session.execute("CREATE TABLE lake (address VARCHAR NOT NULL)")
        session.execute("INSERT INTO lake VALUES (?)", [place.address])
        _explain(session, "lake", "One row: where the Parquet files lie that this database shows (数据湖)")
        _explain(session, "lake.address", "folder or address of the lake (位置)")
        of_runs = place.list(RUNS)
        _note_runs(session, [json.loads(place.read(name)) for name in of_runs if name.endswith(".json")])
        if calls := place.files(name for name in of_runs if name.endswith(".parquet")):
            _show_table(session, "llm_calls", calls)
        for table in TABLES:
            if files := place.files(name for part in parts for name in part.files.get(table, ())):
                _show_table(session, table, files)


def _show_table(session: Session, table: str, files: list[str]) -> None:
    """Puts a view over files in the place of a table, explained as the table was."""
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    source = f"read_parquet([{listed}], hive_partitioning = false)"
    explained = session.execute(
        "SELECT NULL, comment FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = $1 UNION ALL "
        "SELECT column_name, comment FROM duckdb_columns() WHERE schema_name = 'main' AND table_name = $1",
        [table],
    )
    stands = " SEMI JOIN lake_stands USING (reading)" if table in _HIDDEN else ""
    if table in _MARKED:
        # Files do not change, so that none of them knows whether it holds what a later one replaces.
        source = f"(SELECT * REPLACE (reading IN (FROM lake_stands) AS current) FROM {source})"  # noqa: S608 - our names
    if table == "documents":
        _note_what_stands(session, source)
        source = (
            f"(SELECT d.* REPLACE (coalesce(a.aliases, d.aliases) AS aliases) FROM {source} AS d "  # noqa: S608 - our names
            "LEFT JOIN lake_aliases AS a USING (document_id))"
        )
    session.execute(f"DROP TABLE {table}")
    session.execute(f"CREATE VIEW {table} AS SELECT * FROM {source}{stands}")  # noqa: S608 - as above
    for column, comment in explained:
        _explain(session, table if column is None else f'{table}."{column}"', comment, kind="VIEW")


def _explain(session: Session, what: str, comment: str, kind: str = "TABLE") -> None:
    kind = "COLUMN" if "." in what else kind
    session.execute(f"COMMENT ON {kind} {what} IS '{comment.replace(chr(39), chr(39) * 2)}'")


def _note_what_stands(session: Session, source: str) -> None:
    """Of a document that was read again, and of documents that lay at one path, the last reading stands."""
    last = "QUALIFY row_number() OVER (PARTITION BY {} ORDER BY read_at DESC, reading DESC) = 1"
    session.execute(
        "CREATE TABLE lake_stands AS SELECT reading FROM ("  # noqa: S608 - our own names
        f"SELECT reading, document_id, path, read_at FROM {source} {last.format('document_id')}) {last.format('path')}"
    )
    _explain(session, "lake_stands", "One row per reading that stands: no later one took its place (有效读取)")
    _explain(session, "lake_stands.reading", "number of the reading (读取序号)")


def _note_runs(session: Session, noted: Sequence[dict[str, Any]]) -> None:
    copies: dict[str, list[str]] = {}
    for run in noted:
        for path, document_id in run["copies"]:
            copies.setdefault(document_id, []).append(path)
    rows: list[dict[str, Any]] = [{"document_id": i, "aliases": list(dict.fromkeys(p))} for i, p in copies.items()]
    session.execute("CREATE TABLE lake_aliases (document_id VARCHAR NOT NULL, aliases VARCHAR[] NOT NULL)")
    _explain(session, "lake_aliases", "Other paths at which the content of a document was found (同内容的其他路径)")
    _explain(session, "lake_aliases.document_id", "the document (文档编号)")
    _explain(session, "lake_aliases.aliases", "the other paths (其他路径)")
    session.insert("runs", [run["row"] for run in noted])
    session.insert("lake_aliases", rows)
