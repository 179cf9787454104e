"""The store: readings into one DuckDB file, one transaction a document, and questions to it that can change nothing."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from pipeline.checking import Between
from pipeline.flow import Document
from pipeline.same_projects import Suggestion
from pipeline.store import inbox, runs
from pipeline.store.accounts import discrepancies
from pipeline.store.batches import StoredBatches
from pipeline.store.between import QUANTITIES, Department, departments, outcomes, rows_between, sql
from pipeline.store.calls import RunJournal, StoredJournal
from pipeline.store.claims import ClaimTrace, trace_claim
from pipeline.store.database import connect, let_go
from pipeline.store.derived import count_between, settle_findings
from pipeline.store.errors import StoreError, first_line
from pipeline.store.findings import FindingTrace, Lines, StoredFinding, list_findings, trace_finding
from pipeline.store.inbox import StoredReading, Twins
from pipeline.store.parcels import Parcel, pack
from pipeline.store.questions import one_question
from pipeline.store.reading import Reading, RunStatus
from pipeline.store.recorded import StoredRecord, stored_record
from pipeline.store.replacing import Place, clear_between, named_between
from pipeline.store.reviews import Reviews
from pipeline.store.rows import DRAWN, Row
from pipeline.store.runs import RunPlan
from pipeline.store.session import BATCH, Session
from pipeline.store.suggestions import DepartmentProjects, projects_by_department, suggestion_rows
from pipeline.store.trace import Trace, trace


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a question: column names and rows; figures are Decimals."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


_AT_A_TIME = 8_000_000
"""Characters that are written until memory that is bounded is given back: fewer than those of a batch."""


class Store:
    """A jixiao database. One process writes at a time; use it as a context manager, from one thread."""

    def __init__(self, session: Session, memory: int | None = None) -> None:
        self.path = session.path
        self.read_only = session.read_only
        self._session = session
        self._place = Place(session)
        self._memory = memory
        self._written = 0

    @classmethod
    def open(cls, path: Path | str, *, read_only: bool = False, memory: int | None = None) -> Self:
        """Open a database; for writing, a new file is made with all its tables and views.

        ``memory`` bounds the bytes that DuckDB takes; without it, that is as much as there is.

        Raises:
            StoreError: the file is missing (read-only), in use, no jixiao database, or of another version.
        """
        path = Path(path)
        return cls(Session(connect(path, read_only=read_only, memory=memory), path, read_only=read_only), memory)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._session.connection.close()

    def start_run(self, plan: RunPlan | str) -> str:
        """Record the start of a run and give its id; see ``runs.start``. An extractor's name alone is a plan, too."""
        return runs.start(self._session, RunPlan(plan) if isinstance(plan, str) else plan)

    def go_on(self, plan: RunPlan) -> str | None:
        """The id of the last run, if it was killed and was asked the same: it runs again then. Else None."""
        return runs.go_on(self._session, plan)

    def finish_run(
        self, run_id: str, *, failures: Mapping[str, str] | None = None, status: RunStatus | None = None
    ) -> None:
        """Record the end of a run and the files that failed, as path and reason."""
        runs.finish(self._session, run_id, runs.end_of(failures or {}, status))

    def stored_in(self, run_id: str) -> dict[str, StoredReading]:
        """The readings that a run has stored and that are current, by document id."""
        return inbox.stored_in(self._session, run_id)

    def unchanged(self, plan: RunPlan) -> dict[str, frozenset[str]]:
        """The documents that a run would read as they are stored, by id, with the paths that they lie at."""
        return inbox.unchanged(self._session, plan)

    def gone(self, inputs: Iterable[Path]) -> list[str]:
        """The paths of documents read from these inputs that are there no more."""
        return inbox.gone(self._session, inputs)

    def twins(self, run_id: str) -> list[Twins]:
        """The pairs of files, one of them read in a run, that seem to be one report."""
        return inbox.twins(self._session, run_id)

    def failed_chunks(self, document_id: str, extractor: str) -> int | None:
        """How many chunks failed in an extractor's stored reading of a document, None where there is none."""
        found = self._session.execute(
            "SELECT count(*) FILTER (status = 'failed'), count(*) FROM chunks WHERE document_id = ? AND extractor = ?",
            [document_id, extractor],
        )
        failed, chunks = found[0]
        return int(failed) if chunks else None

    def runs_of_documents(self) -> dict[str, list[str]]:
        """The ids of all documents by the run of their current reading, both in order."""
        found: dict[str, list[str]] = {}
        for run_id, document_id in self._session.execute(
            "SELECT run_id, document_id FROM documents ORDER BY run_id, path, document_id"
        ):
            found.setdefault(run_id, []).append(document_id)
        return found

    def document(self, document_id: str) -> Document:
        """A document as it was read.

        Raises:
            StoreError: there is no such document.
        """
        columns = "document_id, document, path, sha256, encoding, text, drawn"
        found = self._session.execute(f"SELECT {columns} FROM documents WHERE document_id = ?", [document_id])  # noqa: S608
        if not found:
            raise StoreError(f"{self.path} holds no document {document_id}.")
        document_id, name, path, sha256, encoding, text, drawn = found[0]
        beside = DRAWN.validate_json(drawn)
        parts = {f.name: getattr(beside, f.name) for f in fields(beside)}
        return Document(document_id, name, Path(path), sha256, encoding, text, **parts)

    def plan(self, run_id: str) -> RunPlan:
        """What a run was asked to do.

        Raises:
            StoreError: there is no such run.
        """
        return runs.plan(self._session, run_id)

    def batches(self, run_id: str) -> StoredBatches:
        """The batches of model calls whose results are not collected yet, and the place of those that a run sends."""
        return StoredBatches(self._session, run_id)

    def journal(self, run_id: str, extractor: str, *, fresh: bool = False) -> RunJournal:
        """Where a run keeps its model calls, and finds the replies that it need not pay for."""
        return RunJournal(self._session, run_id, extractor, fresh=fresh)

    def recorded(self) -> StoredJournal:
        """The model calls of all runs."""
        return StoredJournal(self._session)

    def put(self, run_id: str, reading: Reading) -> None:
        """Write one document's reading in one transaction: all of it or nothing.

        It replaces what the same extractor read of the document before; another extractor's rows stay. Content that
        was stored from the same path before is removed, reviews excepted.

        Raises:
            StoreError: a figure does not stand in the text or does not fit, or the file cannot be written.
        """
        self.put_all(run_id, [pack(run_id, reading)])

    def put_all(self, run_id: str, parcels: Sequence[Parcel]) -> None:
        """Write the readings of several documents, one at least, in one transaction, as ``put`` would one after the other.

        Raises:
            StoreError: the file cannot be written.
        """
        names = [str(p.document["document"]) for p in parcels]
        named = names[0] if len(names) == 1 else f"{len(names)} documents ({names[0]} … {names[-1]})"
        with self._session.transaction(f"store {named}"):
            self._place.put(run_id, parcels)
            runs.count(self._session, run_id, parcels)
        self._written += sum(p.size for p in parcels)
        if self._memory is not None and self._written > _AT_A_TIME:
            let_go(self._session.connection, self._memory)
            self._written = 0

    def departments(self) -> Iterator[Department]:
        """Each department that several documents report on, with its figures and texts; one is in memory at a time."""
        cursor = self._session.connection.cursor()
        try:
            cursor.execute(sql(QUANTITIES))
            rows = chain.from_iterable(iter(lambda: cursor.fetchmany(BATCH), []))
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
        checked = runs.now()
        check_id = f"{checked:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        rows = self._session.execute("SELECT document_id, extractor, reading FROM documents")
        findings, literals = rows_between(check_id, {str(i): str(e) for i, e, _ in rows}, found)
        readings = {str(i): int(n) for i, _, n in rows}
        row: Row = {
            "check_id": check_id,
            "checked_at": checked.isoformat(sep=" "),
            "documents": documents,
            "departments": departments,
            "compared": compared,
            "findings": len(findings),
        }
        with self._session.transaction(f"store check {check_id}"):
            clear_between(self._session, None)
            self._session.insert("checks", [row])
            for table, own in (("findings", findings), ("finding_literals", literals)):
                self._session.insert_of(table, ((readings[row["document_id"]], row) for row in own))
            settle_findings(self._session.execute, self._reviewed())
            count_between(self._session.execute, named_between(self._session, None))
        return check_id

    def _reviewed(self) -> dict[int, str]:
        """The current readings of the documents that people decided about, each with its document's id."""
        found = self._session.execute(
            "SELECT reading, document_id FROM documents "
            "WHERE document_id IN (SELECT document_id FROM reviews) ORDER BY reading"
        )
        return {int(reading): str(document_id) for reading, document_id in found}

    def discrepancies(self, run_id: str | None = None) -> list[str]:
        """What is not as it was written, a sentence each: rows that are missing, there twice, or nobody's; of the readings
        from a run's first on, which is quick, or of all."""
        return list(discrepancies(self._session.execute, run_id))

    def projects_by_department(self) -> Iterator[DepartmentProjects]:
        """The project records of each department by name."""
        return projects_by_department(self._ask)

    def put_same_projects(self, found: Sequence[tuple[DepartmentProjects, Sequence[Suggestion]]]) -> int:
        """Replace the suggestions of same projects by these, in one transaction; how many groups they make.

        Raises:
            StoreError: the file cannot be written.
        """
        rows = suggestion_rows(found)
        with self._session.transaction("store suggestions of same projects"):
            self._session.execute("DELETE FROM same_projects")
            readings = dict(self._session.execute("SELECT document_id, reading FROM documents"))
            self._session.insert_of("same_projects", ((readings[row["document_id"]], row) for row in rows))
        return len({row["group_id"] for row in rows})

    def read_since_last_check(self) -> int:
        """How many documents were stored after the last check between documents; 0 where there was none."""
        ((count,),) = self._session.execute(
            "SELECT count(*) FROM documents WHERE read_at > (SELECT max(checked_at) FROM checks)"
        )
        return int(count)

    def add_alias(self, document_id: str, path: Path | str) -> None:
        """Record that a stored document's content was found at another path too.

        Raises:
            StoreError: no such document is stored.
        """
        self.add_aliases(document_id, [path])

    def add_aliases(self, document_id: str, paths: Sequence[Path | str]) -> None:
        """Record that a stored document's content was found at other paths, in one transaction.

        Raises:
            StoreError: no such document is stored.
        """
        places = list(dict.fromkeys(str(Path(path).resolve()) for path in paths))
        with self._session.transaction(f"record {places[0]}"):
            found = self._session.execute("SELECT path, aliases FROM documents WHERE document_id = ?", [document_id])
            if not found:
                raise StoreError(f"{self.path} holds no document {document_id}: store it before naming its copies.")
            self._place.vacate(places, document_id)
            main, aliases = found[0]
            changed = list(dict.fromkeys([*aliases, *(place for place in places if place != main)]))
            if changed != aliases:
                self._session.execute("UPDATE documents SET aliases = ? WHERE document_id = ?", [changed, document_id])

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Result:
        """Answer one SELECT with its named parameters; it can write nothing and reach no file but this database.

        Raises:
            StoreError: it is no single question, or DuckDB refuses it.
        """
        cursor = self._session.connection.cursor()
        try:
            question = one_question(sql)
            cursor.execute("BEGIN TRANSACTION READ ONLY")
            cursor.execute(question, parameters or {})
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
            "SELECT table_name AS name, 'table' AS kind, comment "
            "FROM duckdb_tables() WHERE NOT internal AND schema_name = 'main' UNION ALL "
            "SELECT view_name, 'view', comment "
            "FROM duckdb_views() WHERE NOT internal AND schema_name = 'main' ORDER BY kind DESC, name"
        )
        listed = self._session.execute(everything)
        if table is None:
            return Result(("name", "kind", "comment"), tuple(listed))
        names = [name for name, _, _ in listed]
        if table not in names:
            near = get_close_matches(table, names, n=3, cutoff=0.4) or names
            raise StoreError(f"There is no table or view {table} in {self.path}: try {', '.join(near)}.")
        columns = self._session.execute(
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

    def lines(self) -> Lines:
        """The texts of the documents, and the lines of places in them."""
        return Lines(self._ask)

    def trace_finding(self, finding_id: str) -> FindingTrace | None:
        """A finding with the text around each of its figures, None where there is none of this id."""
        return trace_finding(self._ask, finding_id)

    def trace_claim(self, asked: str) -> ClaimTrace | None:
        """What a quarantined record claims and what became of it, by its rejection_id or claim_id; None where there is none."""
        return trace_claim(self._ask, asked)

    def reviews(self) -> Reviews:
        """The decisions of people about records."""
        return Reviews(self._session)

    def record(self, record_type: str, record_id: str, extractor: str) -> StoredRecord:
        """A record as an extractor read it, or as a review left it.

        Raises:
            StoreError: there is no such record.
        """
        return stored_record(self._session.execute, record_type, record_id, extractor)

    def trace(self, record_id: str) -> Trace:
        """Everything about a record: its sentence, line, figures, findings, chunk, call and reviews.

        Raises:
            StoreError: no record has this id.
        """
        return trace(self._ask, record_id, self.path)

    def _ask(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
        named = dict(parameters) if isinstance(parameters, Mapping) else list(parameters)
        return self._session.connection.execute(sql, named).fetchall()
