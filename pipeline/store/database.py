"""The store's file: opening it, making its tables and views, refusing files of another version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from threading import Lock

import duckdb

from pipeline.store.errors import StoreError, cannot_open
from pipeline.store.records import all_records, current_views, record_tables, states_of_records
from schemas.registry import SCHEMA_VERSION

TABLES_VERSION = 10
"""Raised when one of the scripts that make tables and views changes so that files made before cannot be used."""

_SEALED = {"enable_external_access": "false", "lock_configuration": "true"}

_CHECKPOINT = "64MB"
"""What is written ahead before it is put into its place. Each time, the last rows of every table are packed anew."""

_THREADS = 1
"""Threads of a connection whose memory is bounded: each needs some of its own, and a batch is too small for two to be faster."""

_KEPT = 8
"""The part of its memory that a bounded connection keeps pages of the file in from one time to the next."""

_ALLOWED = ["memory_limit", "max_vacuum_tasks"]
"""Settings that jixiao itself changes while a bounded connection writes; questions cannot."""

_SEALING = Lock()

_RECORDS_HERE = "/* every record table */"
_STATES_HERE = "/* the state of every record */"


def connect(path: Path, *, read_only: bool, memory: int | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to a database of this version that reaches no other file.

    A missing file is made, with its tables and views, when it is opened for writing. ``memory`` bounds the bytes that DuckDB
    keeps of the file and works with; what does not fit waits in a folder beside the file. Else it takes what there is.

    Raises:
        StoreError: the file is missing, locked, no jixiao database, or of another version.
    """
    if read_only and not path.is_file():
        raise StoreError(f"There is no database at {path}: make one with jixiao run PATH… --db {path}.")
    try:
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                _make(path)
        connection = duckdb.connect(str(path), read_only=read_only)
    except (duckdb.Error, OSError) as error:
        raise cannot_open(path, error) from error
    try:
        _prepare(connection, path, read_only=read_only)
        bounds = (
            {} if memory is None else {**_bounds(memory), "threads": str(_THREADS), "allowed_configs": f"{_ALLOWED}"}
        )
        _seal(connection, _lake(connection, path, read_only=read_only), bounds)
    except BaseException:
        connection.close()
        raise
    return connection


def let_go(connection: duckdb.DuckDBPyConnection, memory: int) -> None:
    """Makes DuckDB give back what it keeps of the file but does not use; it would only when ``memory``, the bound, is full.

    Who has much to write leaves what he wrote as it is: putting parts of tables together each time that they double would take
    a quarter of the time and more memory each time. Who writes little after that does so.

    Raises:
        StoreError: the bound could not be put back to what it was.
    """
    try:
        connection.execute("SET max_vacuum_tasks = 0")
        _bound(connection, memory // _KEPT)
    except duckdb.Error:
        # more is in use, and the bound is what it was; or the file was opened here before without a bound
        return
    try:
        _bound(connection, memory)
    except duckdb.Error as error:
        raise StoreError(
            f"DuckDB works with {memory // _KEPT} bytes and takes no more again ({error}): run again to go on where this ended."
        ) from error


def _bound(connection: duckdb.DuckDBPyConnection, memory: int) -> None:
    for name, value in _bounds(memory).items():
        connection.execute(f"SET {name} = {value}")


def _bounds(memory: int) -> dict[str, str]:
    return {"memory_limit": f"'{memory} bytes'"}


def _make(path: Path) -> None:
    """A new file, complete when it appears under its name: a process that is killed here leaves no half of one."""
    draft = path.with_name(f".{path.name}.new")
    for left_over in (draft, draft.with_name(f"{draft.name}.wal")):
        left_over.unlink(missing_ok=True)
    with duckdb.connect(str(draft)) as connection:
        create(connection)
    draft.rename(path)


@contextmanager
def connect_to_folder(path: Path, folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection that can write files into one folder, and reaches no other.

    Raises:
        StoreError: the database is missing, locked, no jixiao database, or of another version.
    """
    if not path.is_file():
        raise StoreError(f"There is no database at {path}: make one with jixiao run PATH… --db {path}.")
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except duckdb.Error as error:
        raise cannot_open(path, error) from error
    with connection:
        _prepare(connection, path, read_only=True)
        _seal(connection, [f"{folder.resolve()}/", *_lake(connection, path, read_only=True)])
        yield connection


def _seal(connection: duckdb.DuckDBPyConnection, reached: Sequence[str], bounds: Mapping[str, str] = {}) -> None:
    """No statement reads or writes another file than those in these folders, and none undoes this. What this process has
    open already is sealed, for all its connections alike."""
    with _SEALING:
        ((sealed,),) = connection.execute("SELECT current_setting('lock_configuration')").fetchall()
        if not sealed:
            _close_off(connection, reached, bounds)


def _close_off(connection: duckdb.DuckDBPyConnection, reached: Sequence[str], bounds: Mapping[str, str]) -> None:
    settings = {"checkpoint_threshold": f"'{_CHECKPOINT}'", **bounds}
    if reached:
        listed = ", ".join("'" + place.replace("'", "''") + "'" for place in reached)
        settings["allowed_directories"] = f"[{listed}]"
    for name, value in (settings | _SEALED).items():
        connection.execute(f"SET {name} = {value}")


def _lake(connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> list[str]:
    """The folder or address whose files a database shows, where it shows a lake.

    Raises:
        StoreError: it is to be written.
    """
    if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'lake'").fetchall():
        return []
    ((address,),) = connection.execute("SELECT address FROM lake").fetchall()
    if not read_only:
        raise StoreError(
            f"{path} shows the lake at {address} and cannot be written: copy the lake to a database of its own with "
            f"jixiao open --lake {address} --db FILE --copy."
        )
    reach(connection, str(address))
    return [f"{address}/"]


def reach(connection: duckdb.DuckDBPyConnection, address: str) -> None:
    """Makes a connection know what kind of address this is, where it is none of this machine.

    Raises:
        StoreError: fsspec is not installed, or knows no such address.
    """
    if "://" not in address:
        return
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra

        connection.register_filesystem(url_to_fs(address)[0])
    except ImportError as error:
        raise StoreError(
            f"{address} needs fsspec and its part for such addresses: pip install 'jixiao[lake]'"
        ) from error


def _prepare(connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "schema_version" in tables:
        _check_version(connection, path)
    elif tables or read_only:
        raise StoreError(f"{path} is a DuckDB file but no jixiao database: name another file, or a new one.")
    else:
        create(connection)


def _check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    found = connection.execute("SELECT tables, records FROM schema_version").fetchall()
    if found != [(TABLES_VERSION, SCHEMA_VERSION)]:
        theirs = "/".join(str(n) for n in found[0]) if len(found) == 1 else "unknown"
        raise StoreError(
            f"{path} has schema version {theirs} and this jixiao writes version {TABLES_VERSION}/{SCHEMA_VERSION}: "
            "run the reports into a new file, or open this one with the jixiao that made it."
        )


def scratch() -> duckdb.DuckDBPyConnection:
    """An empty database in memory, with its tables and views, that writes files where it is told to."""
    connection = duckdb.connect()
    create(connection)
    return connection


def bare() -> duckdb.DuckDBPyConnection:
    """The tables of a database in memory without what belongs to records and views: enough for the account of a run."""
    connection = duckdb.connect()
    connection.execute(_sql("schema.sql"))
    return connection


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the tables and views in an empty database."""
    connection.execute("BEGIN")
    for script in (_sql("schema.sql"), _sql("asking.sql"), record_tables(), *_views()):
        connection.execute(script)
    row = [TABLES_VERSION, SCHEMA_VERSION, datetime.now(UTC).replace(tzinfo=None)]
    connection.execute("INSERT INTO schema_version (tables, records, created_at) VALUES (?, ?, ?)", row)
    connection.execute("COMMIT")


def _views() -> Iterator[str]:
    """The scripts that make the views, and the tables that are derived for them, over the tables that are written."""
    yield _sql("macros.sql")
    yield _sql("reviews.sql").replace(_RECORDS_HERE, all_records()).replace(_STATES_HERE, states_of_records())
    yield current_views()
    yield _sql("derived.sql").replace(_STATES_HERE, states_of_records())
    yield _sql("views.sql").replace(_RECORDS_HERE, all_records())
    yield _sql("analysis.sql")


def _sql(name: str) -> str:
    return files("pipeline.store").joinpath(name).read_text(encoding="utf-8")
