"""The store's hold on its file: statements, bulk inserts and transactions on one connection."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb

from pipeline.store.errors import StoreError, first_line
from pipeline.store.rows import TABLES_OF_A_READING, Row

BATCH = 20_000
"""Rows that are fetched at once."""

PIECE = 200
"""Rows that are inserted as one JSON value."""

_FILLED_HERE = frozenset({"reading", "stands", "review"})
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
            if isinstance(error, duckdb.Error):
                raise StoreError(f"Cannot {purpose} in {self.path}: {first_line(error)}") from error
            raise

    def _roll_back(self) -> None:
        try:
            self.connection.execute("ROLLBACK")
        except duckdb.Error:  # DuckDB has rolled back by itself
            return

    def insert(self, table: str, rows: Sequence[Row], piece: int = PIECE) -> None:
        """Insert rows in bulk, strictly, into a table whose rows belong to no reading; so many as one JSON value."""
        pieces = (rows[first : first + piece] for first in range(0, len(rows), piece))
        self._insert(table, [as_json(few) for few in pieces], None)

    def insert_of(self, table: str, rows: Iterable[tuple[int, Row]]) -> None:
        """Insert rows in bulk, strictly, each with the number of the reading that it belongs to."""
        groups = [(reading, [row for _, row in group]) for reading, group in groupby(rows, key=itemgetter(0))]
        self.insert_json(table, [(reading, as_json(group)) for reading, group in groups])

    def insert_json(self, table: str, pieces: Sequence[tuple[int, str]]) -> None:
        """Insert JSON arrays of rows, in their order, each with the number of the reading that its rows belong to.

        An array should not be long: the time that one takes grows faster than its length.
        """
        self._insert(table, [piece for _, piece in pieces], [reading for reading, _ in pieces])

    def _insert(self, table: str, pieces: Sequence[str], readings: Sequence[int] | None) -> None:
        """DuckDB unpacks JSON into typed columns, strictly: else a value that does not fit would become null in silence."""
        rows, given = "unnest(from_json_strict(piece::JSON, ?), recursive := true)", "unnest(?::VARCHAR[]) AS piece"
        parameters: list[Any] = [self._structures[table], list(pieces)]
        if readings is not None:
            rows, given = f"reading, {rows}", f"{given}, unnest(?::BIGINT[]) AS reading"
            parameters.append(list(readings))
        self.execute(f"INSERT INTO {table} BY NAME SELECT {rows} FROM (SELECT {given})", parameters)  # noqa: S608

    @cached_property
    def _structures(self) -> dict[str, str]:
        """The columns and types of each table as from_json takes them, but for those that the store fills itself."""
        structures: dict[str, dict[str, Any]] = {}
        for table, name, kind in self.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal AND schema_name = 'main'"
        ):
            if table in TABLES_OF_A_READING and name in _FILLED_HERE:
                continue
            structures.setdefault(table, {})[name] = [kind[:-2]] if kind.endswith("[]") else kind
        return {table: json.dumps([columns]) for table, columns in structures.items()}


def storable(text: str) -> str:
    """Text that UTF-8 can hold: half of a surrogate pair, as a model's reply may end with, becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def as_json(rows: Sequence[Row]) -> str:
    """Rows as a JSON array that UTF-8 can hold."""
    return storable(json.dumps(rows, ensure_ascii=False, separators=(",", ":")))
