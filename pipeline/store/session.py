"""The store's hold on its file: statements, bulk inserts and transactions on one connection."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from pipeline.store.errors import StoreError, first_line
from pipeline.store.rows import Row

BATCH = 20_000
"""Rows that are fetched at once."""

PIECE = 200
"""Rows that are inserted as one JSON value."""


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

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """Insert rows in bulk, strictly."""
        pieces = (rows[first : first + PIECE] for first in range(0, len(rows), PIECE))
        self.insert_json(table, [as_json(piece) for piece in pieces])

    def insert_json(self, table: str, pieces: Sequence[str]) -> None:
        """Insert JSON arrays of rows, in their order, which DuckDB unpacks into typed columns, strictly.

        Without ``strict`` a value that does not fit its type would become null in silence. An array should not be long:
        the time that one takes grows faster than its length.
        """
        sql = f"INSERT INTO {table} BY NAME SELECT unnest(from_json_strict(piece::JSON, ?), recursive := true)"
        sql += " FROM (SELECT unnest(?::VARCHAR[]) AS piece)"
        self.execute(sql, [self._structures[table], list(pieces)])

    @cached_property
    def _structures(self) -> dict[str, str]:
        """The columns and types of each table, as from_json takes them."""
        structures: dict[str, dict[str, Any]] = {}
        for table, name, kind in self.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
        ):
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
