"""The store's hold on its file: statements, bulk inserts and transactions on one connection."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from pipeline.store.errors import OUT_OF_MEMORY, StoreError, first_line
from pipeline.store.rows import TABLES_OF_A_READING, Row

_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

BATCH = 20_000
"""Rows that are fetched at once."""

PIECE = 500
"""Rows that are written as one JSON value; the time that one takes grows faster than its length."""

AT_ONCE = 4_000_000
"""Characters of JSON that one statement unpacks, so that a document of any length fits into little memory."""

T = TypeVar("T")

_FILLED_HERE = frozenset({"reading", "stands", "review", "current"})
"""What only the store knows of a row of a reading."""


class Session:
    """A connection to a jixiao database, for one thread."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self.connection = connection

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a statement's result."""
        return self.connection.execute(sql, list(parameters)).fetchall()

    @contextmanager
    def transaction(self, purpose: str) -> Iterator[None]:
        """All of a block's statements or none; durable when the block ends.

        Raises:
            StoreError: the file is open read-only, or DuckDB refuses a statement.
        """
        if self.read_only:
            raise StoreError(f"Cannot {purpose}: {self.path} is open read-only.")
        try:
            self.connection.execute("BEGIN")
            yield
            self.connection.execute("COMMIT")
        except BaseException as error:
            self._roll_back()
            if isinstance(error, duckdb.OutOfMemoryException):
                raise StoreError(f"Cannot {purpose} in {self.path}: {OUT_OF_MEMORY}") from error
            if isinstance(error, duckdb.Error):
                raise StoreError(f"Cannot {purpose} in {self.path}: {first_line(error)}") from error
            raise

    def _roll_back(self) -> None:
        try:
            self.connection.execute("ROLLBACK")
        except duckdb.Error:  # DuckDB has rolled back by itself
            return

    def add(self, table: str, rows: Sequence[Row]) -> None:
        """Insert a few rows that fill the same columns, strictly: in less time than ``insert`` takes. What fills no column of the
        table is left out."""
        columns = [name for name in rows[0] if name in self._kinds[table]] if rows else []
        values = [row[name] for row in rows for name in columns]
        places = ", ".join(f"({', '.join('?' * len(columns))})" for _ in rows)
        named = ", ".join(f'"{name}"' for name in columns)
        if rows:
            written = [storable(value) if isinstance(value, str) else value for value in values]
            self.execute(f"INSERT INTO {table} ({named}) VALUES {places}", written)  # noqa: S608 - our names

    def insert(self, table: str, rows: Sequence[Row], piece: int = PIECE) -> None:
        """Insert rows in bulk, strictly, into a table whose rows belong to no reading; so many as one JSON value."""
        for some in in_portions(as_columns(rows, piece), AT_ONCE, len):
            self._insert(table, some, ())

    def insert_of(self, table: str, rows: Iterable[tuple[int, Row]]) -> None:
        """Insert rows in bulk, strictly, each with the number of the reading that it belongs to."""
        groups = groupby(rows, key=itemgetter(0))
        pieces = (
            ({"reading": reading}, piece)
            for reading, group in groups
            for piece in as_columns([row for _, row in group])
        )
        self.insert_columns(table, pieces)

    def insert_columns(self, table: str, pieces: Iterable[tuple[Row, str]]) -> None:
        """Insert rows written by ``as_columns``, in their order, each piece with the values that all its rows share: the
        number of the reading that they belong to, and such as the table may have."""
        for some in in_portions(pieces, AT_ONCE, lambda piece: len(piece[1])):
            self._insert(table, [piece for _, piece in some], [shared for shared, _ in some])

    def _insert(self, table: str, pieces: Sequence[str], shared: Sequence[Row]) -> None:
        """DuckDB unpacks JSON into typed columns, strictly: else a value that does not fit would become null in silence."""
        kinds = self._kinds[table]
        beside = [name for name in shared[0] if name in kinds] if shared else []
        written = {name: kind for name, kind in kinds.items() if name not in beside}
        if table in TABLES_OF_A_READING:
            written = {name: kind for name, kind in written.items() if name not in _FILLED_HERE}
        given = ["unnest(?::VARCHAR[]) AS piece", *(f'unnest(?::{kinds[name]}[]) AS "{name}"' for name in beside)]
        columns = [*(f'"{name}"' for name in beside), *(f'unnest(piece_of."{name}") AS "{name}"' for name in written)]
        unpacked = f"SELECT *, from_json_strict(piece, ?) AS piece_of FROM (SELECT {', '.join(given)})"  # noqa: S608 - ours
        self.execute(
            f"INSERT INTO {table} BY NAME SELECT {', '.join(columns)} FROM ({unpacked})",  # noqa: S608 - as above
            [_structure(written), list(pieces), *([one[name] for one in shared] for name in beside)],
        )

    @cached_property
    def _kinds(self) -> dict[str, dict[str, str]]:
        """The columns of each table with their types."""
        kinds: dict[str, dict[str, str]] = {}
        for table, name, kind in self.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal AND schema_name = 'main'"
        ):
            kinds.setdefault(table, {})[name] = kind
        return kinds


def _structure(kinds: Mapping[str, str]) -> str:
    """What ``as_columns`` writes of these columns, as from_json takes it."""
    return _as_json({name: [[kind[:-2]] if kind.endswith("[]") else kind] for name, kind in kinds.items()})


def storable(text: str) -> str:
    """Text that UTF-8 can hold: half of a surrogate pair, as a model's reply may end with, becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def as_columns(rows: Sequence[Row], piece: int = PIECE, *, without: Collection[str] = ()) -> list[str]:
    """Rows that fill the same columns, so many as one JSON object that UTF-8 can hold: of each column its values in order,
    but for columns that are written elsewhere."""
    names = tuple(name for name in rows[0] if name not in without) if rows else ()
    pieces = (rows[first : first + piece] for first in range(0, len(rows), piece))
    return [storable(_as_json({name: [row[name] for row in some] for name in names})) for some in pieces]


def in_portions(items: Iterable[T], most: int, size: Callable[[T], int]) -> Iterator[list[T]]:
    """Items in their order, as many at once as are together no larger than ``most``, one at least."""
    portion: list[T] = []
    total = 0
    for item in items:
        total += size(item)
        if portion and total > most:
            yield portion
            portion, total = [], size(item)
        portion.append(item)
    if portion:
        yield portion
