"""The store: readings into one DuckDB file, one transaction a document, and questions to it that can change nothing."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from pipeline.checking import Between
from pipeline.store.between import QUANTITIES, Department, clear_statements, departments, outcomes, rows_between, sql
from pipeline.store.database import connect
from pipeline.store.errors import StoreError, first_line
from pipeline.store.findings import FindingTrace, StoredFinding, list_findings, trace_finding
from pipeline.store.reading import Reading, RunStatus
from pipeline.store.rows import TABLES_OF_A_READING, Row, rounded, rows_of
from pipeline.store.trace import Trace, trace
from schemas.registry import RECORD_TYPES

_BATCH = 20_000
_QUESTIONS = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI})


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a question: column names and rows; figures are Decimals."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


class Store:
    """A jixiao database. One process writes at a time; use it as a context manager, from one thread."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path, *, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self._connection = connection

    @classmethod
    def open(cls, path: Path | str, *, read_only: bool = False) -> Self:
        """Open a database; for writing, a new file is made with all its tables and views.

        Raises:
            StoreError: the file is missing (read-only), in use, no jixiao database, or of another version.
        """
        path = Path(path)
        return cls(connect(path, read_only=read_only), path, read_only=read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def start_run(
        self,
        extractor: str,
        *,
        model: str | None = None,
        inputs: Sequence[Path | str] = (),
        settings: Mapping[str, Any] | None = None,
    ) -> str:
        """Record the start of a run and give its id. ``settings`` must hold no secret.

        The file has one writer, so a run that still says that it is running was interrupted; it is marked so.
        """
        started = _now()
        run_id = f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        row: Row = {
            "run_id": run_id,
            "started_at": started.isoformat(sep=" "),
            "finished_at": None,
            "status": RunStatus.RUNNING,
            "extractor": extractor,
            "model": model,
            "inputs": [str(i) for i in inputs],
            "settings": json.dumps(dict(settings or {}), ensure_ascii=False, sort_keys=True, default=str),
            "failures": [],
            "call_seconds": "0",
            **dict.fromkeys(("documents", "characters", "calls", "prompt_tokens", "completion_tokens"), 0),
        }
        with self._transaction(f"start run {run_id}"):
            self._execute("UPDATE runs SET status = ? WHERE status = ?", [RunStatus.INTERRUPTED, RunStatus.RUNNING])
            self._insert("runs", [row])
        return run_id

    def finish_run(
        self, run_id: str, *, failures: Mapping[str, str] | None = None, status: RunStatus | None = None
    ) -> None:
        """Record the end of a run and the files that failed, as path and reason."""
        lines = [f"{path}: {reason}" for path, reason in (failures or {}).items()]
        ended = status or (RunStatus.FAILED if lines else RunStatus.DONE)
        with self._transaction(f"finish run {run_id}"):
            self._update_run(
                run_id,
                "status = ?, finished_at = ?, failures = ?",
                [ended, _now(), [_storable(x) for x in lines]],
            )

    def put(self, run_id: str, reading: Reading) -> None:
        """Write one document's reading in one transaction: all of it or nothing.

        It replaces what the same extractor read of the document before; another extractor's rows stay. Content that
        was stored from the same path before is removed, reviews excepted.

        Raises:
            StoreError: a figure does not stand in the text or does not fit, or the file cannot be written.
        """
        rows = rows_of(run_id, reading, _now())
        document = rows["documents"][0]
        calls = reading.extraction.calls
        with self._transaction(f"store {reading.document.name}"):
            document["aliases"] = self._settle(document)
            for table, found in rows.items():
                self._insert(table, found)
            self._update_run(
                run_id,
                "documents = documents + 1, characters = characters + ?, calls = calls + ?, "
                "prompt_tokens = prompt_tokens + ?, completion_tokens = completion_tokens + ?, "
                "call_seconds = call_seconds + CAST(? AS DECIMAL(38, 10))",
                [
                    document["characters"],
                    len(calls),
                    sum(c.prompt_tokens for c in calls),
                    sum(c.completion_tokens for c in calls),
                    rounded(sum((c.seconds for c in calls), start=Decimal(0))),
                ],
            )

    def departments(self) -> Iterator[Department]:
        """Each department that several documents report on, with its figures and texts; one is in memory at a time."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(sql(QUANTITIES))
            rows = chain.from_iterable(iter(lambda: cursor.fetchmany(_BATCH), []))
            yield from departments(self._ask, rows)
        finally:
            cursor.close()

    def report_outcomes(self) -> list[tuple[str, int]]:
        """What becomes of the reports in a comparison between documents: compared, or why not, and how many."""
        return outcomes(self._ask)

    def put_between(self, found: Sequence[Between], *, documents: int, departments: int, compared: int) -> str:
        """Replace the findings between documents by these and record the check, in one transaction; the check's id.

        Raises:
            StoreError: a document of a finding is not stored, or the file cannot be written.
        """
        checked = _now()
        check_id = f"{checked:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        extractors = {str(i): str(e) for i, e in self._execute("SELECT document_id, extractor FROM documents")}
        findings, literals = rows_between(check_id, extractors, found)
        row: Row = {
            "check_id": check_id,
            "checked_at": checked.isoformat(sep=" "),
            "documents": documents,
            "departments": departments,
            "compared": compared,
            "findings": len(findings),
        }
        with self._transaction(f"store check {check_id}"):
            self._clear_between(None)
            self._insert("checks", [row])
            self._insert("findings", findings)
            self._insert("finding_literals", literals)
        return check_id

    def read_since_last_check(self) -> int:
        """How many documents were stored after the last check between documents; 0 where there was none."""
        ((count,),) = self._execute(
            "SELECT count(*) FROM documents WHERE read_at > (SELECT max(checked_at) FROM checks)"
        )
        return int(count)

    def add_alias(self, document_id: str, path: Path | str) -> None:
        """Record that a stored document's content was found at another path too.

        Raises:
            StoreError: no such document is stored.
        """
        place = str(Path(path).resolve())
        with self._transaction(f"record {place}"):
            found = self._execute("SELECT path, aliases FROM documents WHERE document_id = ?", [document_id])
            if not found:
                raise StoreError(f"{self.path} holds no document {document_id}: store it before naming its copies.")
            self._vacate(place, document_id)
            main, aliases = found[0]
            if place != main and place not in aliases:
                changed = [*aliases, place]
                self._execute("UPDATE documents SET aliases = ? WHERE document_id = ?", [changed, document_id])

    def query(self, sql: str) -> Result:
        """Answer one SELECT; it can write nothing and reach no file but this database.

        Raises:
            StoreError: it is no single question, or DuckDB refuses it.
        """
        cursor = self._connection.cursor()
        try:
            statements = duckdb.extract_statements(sql)
            if len(statements) != 1 or statements[0].type not in _QUESTIONS:
                raise StoreError(
                    "Ask one question at a time: a single SELECT (or FROM, WITH, DESCRIBE, SUMMARIZE, PIVOT)."
                )
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            cursor.execute(statements[0])
            columns = tuple(c[0] for c in cursor.description or ())
            return Result(columns, tuple(cursor.fetchall()))
        except duckdb.Error as error:
            raise StoreError(f"The query cannot be answered: {first_line(error)}") from error
        finally:
            cursor.close()

    def show(self, table: str | None = None) -> Result:
        """What there is: tables and views with their comments, or the columns of one of them.

        Raises:
            StoreError: there is no such table or view.
        """
        everything = (
            "SELECT table_name AS name, 'table' AS kind, comment FROM duckdb_tables() WHERE NOT internal UNION ALL "
            "SELECT view_name, 'view', comment FROM duckdb_views() WHERE NOT internal ORDER BY kind DESC, name"
        )
        listed = self._execute(everything)
        if table is None:
            return Result(("name", "kind", "comment"), tuple(listed))
        names = [name for name, _, _ in listed]
        if table not in names:
            near = get_close_matches(table, names, n=3, cutoff=0.4) or names
            raise StoreError(f"There is no table or view {table} in {self.path}: try {', '.join(near)}.")
        columns = self._execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = ? ORDER BY column_index",
            [table],
        )
        return Result(("column", "type", "comment"), tuple(columns))

    def findings(
        self, *, documents: Sequence[str] = (), kinds: Sequence[str] = (), severities: Sequence[str] = ()
    ) -> list[StoredFinding]:
        """The findings of these documents (by name, on either side), kinds and severities, in text order; all by default.

        Raises:
            StoreError: there is no such document, kind or severity; the sentence lists what there is.
        """
        return list_findings(self._ask, self.path, documents, kinds, severities)

    def trace_finding(self, finding_id: str) -> FindingTrace | None:
        """A finding with the text around each of its figures, None where there is none of this id."""
        return trace_finding(self._ask, finding_id)

    def trace(self, record_id: str) -> Trace:
        """Everything about a record: its sentence, line, figures, findings, chunk, call and reviews.

        Raises:
            StoreError: no record has this id.
        """
        return trace(self._execute, record_id, self.path)

    @contextmanager
    def _transaction(self, purpose: str) -> Iterator[None]:
        if self.read_only:
            raise StoreError(f"Cannot {purpose}: {self.path} is open read-only.")
        try:
            self._connection.execute("BEGIN")
            yield
            self._connection.execute("COMMIT")
        except BaseException as error:
            self._roll_back()
            if isinstance(error, duckdb.Error):
                raise StoreError(f"Cannot {purpose} in {self.path}: {first_line(error)}") from error
            raise

    def _roll_back(self) -> None:
        try:
            self._connection.execute("ROLLBACK")
        except duckdb.Error:  # DuckDB has rolled back by itself
            return

    def _update_run(self, run_id: str, assignments: str, values: Sequence[Any]) -> None:
        ((changed,),) = self._execute(f"UPDATE runs SET {assignments} WHERE run_id = ?", [*values, run_id])  # noqa: S608
        if not changed:
            raise StoreError(f"{self.path} holds no run {run_id}: start one with start_run.")

    def _execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, list(parameters)).fetchall()

    def _ask(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
        named = dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
        return self._connection.execute(sql, named).fetchall()

    def _insert(self, table: str, rows: Sequence[Row]) -> None:
        """Insert rows in bulk: as one JSON value that DuckDB unpacks into typed columns, strictly.

        Without ``strict`` a value that does not fit its type would become null in silence.
        """
        columns = self._structures[table]
        sql = f"INSERT INTO {table} BY NAME SELECT unnest(from_json_strict(?::JSON, ?), recursive := true)"
        for first in range(0, len(rows), _BATCH):
            batch = json.dumps(rows[first : first + _BATCH], ensure_ascii=False, separators=(",", ":"))
            self._execute(sql, [_storable(batch), columns])

    @cached_property
    def _structures(self) -> dict[str, str]:
        """The columns and types of each table, as from_json takes them."""
        structures: dict[str, dict[str, Any]] = {}
        for table, name, kind in self._execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
        ):
            structures.setdefault(table, {})[name] = [kind[:-2]] if kind.endswith("[]") else kind
        return {table: json.dumps([columns]) for table, columns in structures.items()}

    def _settle(self, document: Row) -> list[str]:
        """Clear the place for a document's rows; its aliases, which outlive a new reading."""
        document_id, path = document["document_id"], document["path"]
        self._vacate(path, document_id)
        stored = self._execute("SELECT document, path, aliases FROM documents WHERE document_id = ?", [document_id])
        if not stored:
            return []
        self._clear_between(document_id)
        for table in TABLES_OF_A_READING:
            self._execute(
                f"DELETE FROM {table} WHERE document_id = ? AND extractor = ?",  # noqa: S608
                [document_id, document["extractor"]],
            )
        self._execute("DELETE FROM documents WHERE document_id = ?", [document_id])
        name, main, aliases = stored[0]
        if name != document["document"]:
            self._rename(document_id, document["document"])
        return [p for p in dict.fromkeys([*aliases, main]) if p != path]

    def _vacate(self, path: str, document_id: str) -> None:
        """Take a path from the documents of other content that were read from it before.

        One that lies at another path too stays, under that path; one that does not is removed.
        """
        others = self._execute(
            "SELECT document_id, path, aliases FROM documents "
            "WHERE document_id <> ? AND (path = ? OR list_contains(aliases, ?))",
            [document_id, path, path],
        )
        for other, main, aliases in others:
            kept = [p for p in (main, *aliases) if p != path]
            if not kept:
                self._clear_between(other)
                for table in ("documents", *TABLES_OF_A_READING):
                    self._execute(f"DELETE FROM {table} WHERE document_id = ?", [other])  # noqa: S608
                continue
            name = Path(kept[0]).stem
            self._execute(
                "UPDATE documents SET document = ?, path = ?, aliases = ? WHERE document_id = ?",
                [name, kept[0], kept[1:], other],
            )
            self._rename(other, name)

    def _clear_between(self, document_id: str | None) -> None:
        """Remove the findings between documents: those that touch one, or all."""
        for statement in clear_statements():
            self._connection.execute(statement, {"document_id": document_id})

    def _rename(self, document_id: str, name: str) -> None:
        for table in RECORD_TYPES:
            sql = f"UPDATE {table} SET document = ? WHERE document_id = ? AND document <> ?"  # noqa: S608
            self._execute(sql, [name, document_id, name])


def _now() -> datetime:
    """The present in UTC, as TIMESTAMP columns hold it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _storable(text: str) -> str:
    """Text that UTF-8 can hold: half of a surrogate pair, as a model's reply may end with, becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
