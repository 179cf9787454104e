"""The store's account of runs: started, ended, or killed and gone on with."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.store.errors import StoreError
from pipeline.store.parcels import Parcel
from pipeline.store.reading import RunStatus
from pipeline.store.rows import Row
from pipeline.store.session import Session, storable


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run was asked to do; a killed run is gone on with by one that is asked the same.

    ``settings`` must hold no secret.
    """

    extractor: str
    model: str | None = None
    inputs: Sequence[Path | str] = ()
    settings: Mapping[str, Any] | None = None

    @property
    def columns(self) -> Row:
        """The columns that say it."""
        return {
            "extractor": self.extractor,
            "model": self.model,
            "inputs": [str(Path(i).resolve()) for i in self.inputs],
            "settings": json.dumps(dict(self.settings or {}), ensure_ascii=False, sort_keys=True, default=str),
        }


def start(session: Session, asked: RunPlan) -> str:
    """Records the start of a run and gives its id.

    The file has one writer, so a run that still says that it is running was interrupted; it is marked so.
    """
    row = begun(asked)
    run_id = str(row["run_id"])
    with session.transaction(f"start run {run_id}"):
        session.execute("UPDATE runs SET status = ? WHERE status = ?", [RunStatus.INTERRUPTED, RunStatus.RUNNING])
        session.insert("runs", [row])
    return run_id


def begun(asked: RunPlan) -> Row:
    """The row of a run that starts now."""
    started = now()
    return {
        **asked.columns,
        "run_id": f"{started:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}",
        "started_at": started.isoformat(sep=" "),
        "finished_at": None,
        "status": RunStatus.RUNNING,
        "failures": [],
        **dict.fromkeys(("documents", "characters", "continued"), 0),
    }


def go_on(session: Session, asked: RunPlan) -> str | None:
    """The id of the last run if it was killed and was asked the same; it runs again then. Else None."""
    same = asked.columns
    last = session.execute(
        "SELECT run_id, status, extractor, model, inputs, settings FROM runs ORDER BY started_at DESC, run_id DESC LIMIT 1"
    )
    if not last:
        return None
    run_id, status, *was = last[0]
    if status != RunStatus.RUNNING or was != [same["extractor"], same["model"], same["inputs"], same["settings"]]:
        return None
    with session.transaction(f"go on with run {run_id}"):
        update(session, run_id, "continued = continued + 1", [])
    return str(run_id)


def plan(session: Session, run_id: str) -> RunPlan:
    """What a run was asked to do.

    Raises:
        StoreError: there is no such run.
    """
    found = session.execute("SELECT extractor, model, inputs, settings FROM runs WHERE run_id = ?", [run_id])
    if not found:
        raise StoreError(f"{session.path} holds no run {run_id}.")
    extractor, model, inputs, settings = found[0]
    return RunPlan(extractor, model, inputs, json.loads(settings))


def end_of(failures: Mapping[str, str], status: RunStatus | None) -> Row:
    """What the row of a run says once it has ended now; the files that failed as path and reason."""
    lines = [storable(f"{path}: {reason}") for path, reason in failures.items()]
    return {
        "status": status or (RunStatus.FAILED if lines else RunStatus.DONE),
        "finished_at": now(),
        "failures": lines,
    }


def finish(session: Session, run_id: str, end: Row) -> None:
    """Records the end of a run."""
    with session.transaction(f"finish run {run_id}"):
        update(session, run_id, ", ".join(f"{name} = ?" for name in end), list(end.values()))


def count(session: Session, run_id: str, parcels: Sequence[Parcel]) -> None:
    """Counts readings that a run has stored."""
    added = [len(parcels), sum(p.document["characters"] for p in parcels)]
    update(session, run_id, "documents = documents + ?, characters = characters + ?", added)


def update(session: Session, run_id: str, assignments: str, values: Sequence[Any]) -> None:
    """Changes the row of a run.

    Raises:
        StoreError: there is no such run.
    """
    ((changed,),) = session.execute(f"UPDATE runs SET {assignments} WHERE run_id = ?", [*values, run_id])  # noqa: S608
    if not changed:
        raise StoreError(f"{session.path} holds no run {run_id}: start one with start_run.")


def now() -> datetime:
    """The present in UTC, as TIMESTAMP columns hold it."""
    return datetime.now(UTC).replace(tzinfo=None)
