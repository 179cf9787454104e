"""The lake's store: what a run asks of it, as it would of a database. Readings come in as parts that others wrote."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from pipeline.lake.opening import RUNS, show
from pipeline.lake.place import Place
from pipeline.store import Parcel, Result, RunPlan, RunStatus, StoredReading, Twins, inbox
from pipeline.store.runs import begun, now
from pipeline.store.session import Session, storable


class LakeStore:
    """A lake under a run; use it as a context manager, from one thread."""

    def __init__(self, place: Place) -> None:
        self.path = place.root
        self._place = place
        self._shown: Session | None = None
        self._row: dict[str, Any] = {}
        self._copies: list[tuple[str, str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._forget()

    def go_on(self, plan: RunPlan) -> str | None:  # noqa: ARG002 - a database would say
        """None: a run that was killed is another run; what it committed is unchanged for the next one."""
        return None

    def start_run(self, plan: RunPlan) -> str:
        """Record the start of a run and give its id."""
        self._row = begun(plan)
        self._note()
        return str(self._row["run_id"])

    def finish_run(
        self,
        run_id: str,
        *,
        failures: Mapping[str, str] | None = None,
        status: RunStatus | None = None,
    ) -> None:
        """Record the end of the run and the files that failed, as path and reason."""
        assert run_id == self._row["run_id"]
        lines = [storable(f"{path}: {reason}") for path, reason in (failures or {}).items()]
        ended = status or (RunStatus.FAILED if lines else RunStatus.DONE)
        self._row |= {"status": ended, "finished_at": now().isoformat(sep=" "), "failures": lines}
        self._note()
        self._forget()

    def unchanged(self, plan: RunPlan) -> dict[str, frozenset[str]]:
        """The documents that a run would read as they are stored, by id, with the paths that they lie at."""
        return inbox.unchanged(self._session, plan)

    def stored_in(self, run_id: str) -> dict[str, StoredReading]:  # noqa: ARG002 - as ``go_on``
        """Nothing: every run is new."""
        return {}

    def put_all(self, run_id: str, parcels: Sequence[Parcel]) -> None:  # noqa: ARG002 - one run at a time
        """Count readings that were committed by those who read them."""
        self._row["documents"] += len(parcels)
        self._row["characters"] += sum(p.document["characters"] for p in parcels)

    def add_alias(self, document_id: str, path: Path | str) -> None:
        """Record that a document's content was found at another path, too."""
        self._copies.append((str(Path(path).resolve()), document_id))

    def failed_chunks(self, document_id: str, extractor: str) -> int | None:  # noqa: ARG002 - a database would look
        """None: a reading is replaced by the next one, whatever failed in it."""
        return None

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

    def _note(self) -> None:
        noted = json.dumps({"row": self._row, "copies": self._copies}, ensure_ascii=False)
        self._place.write(f"{RUNS}/{self._row['run_id']}.json", noted.encode())
