"""The lake's store: what a run asks of it, as it would of a database, and the account that a run keeps beside it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from pipeline.lake.opening import show
from pipeline.lake.parts import RUNS, run_note
from pipeline.lake.place import LakeError, Place
from pipeline.lake.writing import PartWriter, copy_to
from pipeline.store import Parcel, Result, RunPlan, RunStatus, StoredReading, Twins, inbox, runs
from pipeline.store.batches import StoredBatches
from pipeline.store.calls import RunJournal
from pipeline.store.database import bare, connect, connect_to_folder
from pipeline.store.session import Session


class LakeStore:
    """A lake under a run; use it as a context manager, from one thread.

    Its account, the runs and what they asked a model, is a database beside the lake: what was paid for is durable in it at
    every moment, and the lake gets a copy when a run ends. A run that asks no model needs no such file.

    Args:
        account: the file, made where it is missing.
        memory: bounds the bytes that DuckDB takes of it.

    Raises:
        StoreError: the file is in use, no jixiao database, or of another version.
    """

    def __init__(self, place: Place, account: Path | None = None, memory: int | None = None) -> None:
        self.path = place.root
        self._place = place
        self._file = account
        self._memory = memory
        self._account = self._open()
        self._shown: Session | None = None
        self._copies: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._forget()
        self._account.connection.close()
        if "_writer" in vars(self):
            self._writer.close()

    def _open(self) -> Session:
        connection = connect(self._file, read_only=False, memory=self._memory) if self._file else bare()
        return Session(connection, self._file or Path(":memory:"), read_only=False)

    def go_on(self, plan: RunPlan) -> str | None:
        """The id of the account's last run, if it was killed and was asked the same: it runs again then. Else None."""
        run_id = runs.go_on(self._account, self._here(plan))
        if run_id is not None:
            # what was committed last may not have been counted any more
            ((documents, characters),) = self._session.execute(
                "SELECT count(*), coalesce(sum(characters), 0) FROM documents WHERE run_id = ?", [run_id]
            )
            with self._account.transaction(f"go on with run {run_id}"):
                runs.update(self._account, run_id, "documents = ?, characters = ?", [documents, characters])
        return run_id

    def start_run(self, plan: RunPlan) -> str:
        """Record the start of a run and give its id."""
        run_id = runs.start(self._account, self._here(plan))
        self._note(self._row(run_id), [])
        return run_id

    def finish_run(
        self,
        run_id: str,
        *,
        failures: Mapping[str, str] | None = None,
        status: RunStatus | None = None,
    ) -> None:
        """Record the end of the run and the files that failed, as path and reason; nothing more is asked after that.

        The account is told last: of a run that is killed before, it says that it is running, so that the run goes on and tells
        the lake again.
        """
        end = runs.end_of(failures or {}, status)
        noted = dict(self._session.execute("SELECT run_id, status FROM runs"))
        self._forget()
        ran = self._account.execute(
            "SELECT run_id, status FROM runs WHERE settings ->> 'lake' = ?", [self._place.address]
        )
        others = [self._row(each) for each, stands in ran if each != run_id and stands != noted.get(each)]
        row = self._row(run_id) | end
        self._account.connection.close()
        if self._file is not None:
            self._copy_calls(self._file, [run_id, *(str(other["run_id"]) for other in others)])
        for other in others:
            self._note(other, self._noted_copies(other["run_id"]))
        self._note(row, self._copies)
        if self._file is not None:
            self._account = self._open()
            runs.finish(self._account, run_id, end)
            self._account.connection.close()

    def journal(self, run_id: str, extractor: str, *, fresh: bool = False) -> RunJournal:
        """Where a run keeps its model calls, and finds the replies that it need not pay for.

        Raises:
            LakeError: the account has no file, so that what is paid for would be lost with this process.
        """
        self._must_last()
        return RunJournal(self._account, run_id, extractor, fresh=fresh)

    def batches(self, run_id: str) -> StoredBatches:
        """The batches of model calls whose results are not collected yet, and the place of those that a run sends.

        Raises:
            LakeError: as ``journal``.
        """
        self._must_last()
        return StoredBatches(self._account, run_id)

    def unchanged(self, plan: RunPlan) -> dict[str, frozenset[str]]:
        """The documents that a run would read as they are stored, by id, with the paths that they lie at."""
        return inbox.unchanged(self._session, plan)

    def stored_in(self, run_id: str) -> dict[str, StoredReading]:
        """The readings that a run has stored and that are current, by document id."""
        return inbox.stored_in(self._session, run_id)

    def put_all(self, run_id: str, parcels: Sequence[Parcel]) -> None:
        """Write readings as one part, all of them or none, and count them; those who read may have written some.

        Raises:
            StoreError: the lake cannot be written, or a row does not fit its table.
        """
        if here := [parcel for parcel in parcels if not parcel.is_stored]:
            self._writer.write(run_id, here)
        with self._account.transaction(f"count {len(parcels)} documents"):
            runs.count(self._account, run_id, parcels)

    def add_alias(self, document_id: str, path: Path | str) -> None:
        """Record that a document's content was found at another path, too."""
        self.add_aliases(document_id, [path])

    def add_aliases(self, document_id: str, paths: Sequence[Path | str]) -> None:
        """Record that a document's content was found at other paths, too."""
        self._copies += ((str(Path(path).resolve()), document_id) for path in paths)

    def failed_chunks(self, document_id: str, extractor: str) -> int | None:
        """How many chunks failed in the reading that stands of a document, None where none of this extractor does."""
        ((failed, chunks),) = self._session.execute(
            "SELECT count(*) FILTER (c.status = 'failed'), count(*) FROM chunks AS c JOIN documents AS d USING (reading) "
            "WHERE d.document_id = ? AND d.extractor = ?",
            [document_id, extractor],
        )
        return int(failed) if chunks else None

    def gone(self, inputs: Iterable[Path]) -> list[str]:
        """The paths of documents read from these inputs that are there no more."""
        return inbox.gone(self._session, inputs)

    def twins(self, run_id: str) -> list[Twins]:
        """The pairs of files, one of them read in a run, that seem to be one report."""
        return inbox.twins(self._session, run_id)

    def discrepancies(self, run_id: str | None = None) -> list[str]:  # noqa: ARG002 - as below
        """Nothing: who writes a part counts its rows before it is committed."""
        return []

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> Result:
        """Answer one SELECT of jixiao's own."""
        cursor = self._session.connection.execute(sql, dict(parameters or {}))
        return Result(tuple(c[0] for c in cursor.description or ()), tuple(cursor.fetchall()))

    def _here(self, plan: RunPlan) -> RunPlan:
        """A plan with the lake that it is for, of which an account may know several."""
        return replace(plan, settings={**(plan.settings or {}), "lake": self._place.address})

    def _must_last(self) -> None:
        if self._file is None:
            raise LakeError(
                "a run into a lake that asks a model needs a database beside it for what is paid for: use --db"
            )

    @cached_property
    def _writer(self) -> PartWriter:
        return PartWriter(self._place)

    @property
    def _session(self) -> Session:
        """The lake as it was when it was looked at last."""
        if self._shown is None:
            self._shown = Session(duckdb.connect(), Path(self.path), read_only=False)
            show(self._place, self._shown)
        return self._shown

    def _forget(self) -> None:
        if self._shown is not None:
            self._shown.connection.close()
            self._shown = None

    def _row(self, run_id: str) -> dict[str, Any]:
        """A run as the account has it."""
        cursor = self._account.connection.execute("FROM runs WHERE run_id = ?", [run_id])
        return dict(zip((c[0] for c in cursor.description or ()), cursor.fetchall()[0], strict=True))

    def _note(self, row: Mapping[str, Any], copies: Sequence[Sequence[str]]) -> None:
        noted = json.dumps({"row": row, "copies": copies}, ensure_ascii=False, default=str)
        self._place.write(run_note(row["run_id"]), noted.encode())

    def _noted_copies(self, run_id: str) -> list[list[str]]:
        name = run_note(run_id)
        return list(json.loads(self._place.read(name))["copies"]) if self._place.holds(name) else []

    def _copy_calls(self, account: Path, run_ids: Sequence[str]) -> None:
        """Copies what runs asked into the lake."""
        with tempfile.TemporaryDirectory(prefix="jixiao-") as folder, connect_to_folder(account, Path(folder)) as found:
            session, passing = Session(found, account, read_only=True), Path(folder) / "passing.parquet"
            for run_id in run_ids:
                calls = f"FROM llm_calls WHERE run_id = '{run_id}'"
                if session.execute(f"{calls} LIMIT 1"):
                    copy_to(session, calls, passing)
                    self._place.put(passing, f"{RUNS}/{run_id}.parquet")
