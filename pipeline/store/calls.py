"""The store's journal of model calls: each attempt durable before its reply is used, none removed, none paid for twice."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

from pipeline.flow import Call, Past, Reuse, UsageSource
from pipeline.store.rows import Row, rounded
from pipeline.store.session import Session, storable

GATHERING = 0.02
"""Seconds in which attempts that end are gathered for one transaction, as each takes 2.7 ms of processor time."""
_COLUMNS = (
    *("call_id", "document_id", "chunk_id", "purpose", "model", "prompts", "prompt_hash", "asking", "attempt"),
    *("status", "reuse", "prompt_tokens", "cached_tokens", "completion_tokens"),
    *("usage", "cost", "currency", "seconds", "reply", "error"),
)


class RunJournal:
    """The calls that a run makes, and those of earlier runs whose replies it may use.

    Attempts that end at about the same time are written together, in one transaction.

    Args:
        fresh: replies of other runs are not used.
    """

    def __init__(self, session: Session, run_id: str, extractor: str, *, fresh: bool = False) -> None:
        self._session = session
        self._run_id = run_id
        self._extractor = extractor
        self._fresh = fresh
        self._known = {_short(found) for (found,) in session.execute("SELECT DISTINCT prompt_hash FROM llm_calls")}
        self._waiting: list[Row] = []
        self._writing: asyncio.Task[None] | None = None

    def past(self, prompt_hash: str, asking: int) -> Past:
        """What is known of a question; the database is asked only where it may know something."""
        if _short(prompt_hash) not in self._known:
            return Past()
        rows = _calls(self._session, prompt_hash, asking)
        usable = (call for run_id, call in reversed(rows) if self._answers(call, run_id))
        return Past(len(rows), next(usable, None))

    def _answers(self, call: Call, run_id: str) -> bool:
        if call.reuse is Reuse.ALWAYS:
            return not self._fresh or run_id == self._run_id
        return call.reuse is Reuse.RUN and run_id == self._run_id

    async def add(self, call: Call) -> None:
        """Keeps an attempt; it is durable when this returns.

        Raises:
            StoreError: the file cannot be written.
        """
        self._known.add(_short(call.prompt_hash))
        self._waiting.append(_row(call, self._run_id, self._extractor))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        await asyncio.shield(self._writing)

    async def _write(self) -> None:
        await asyncio.sleep(GATHERING)
        rows, self._waiting, self._writing = self._waiting, [], None
        with self._session.transaction("store model calls"):
            self._session.insert("llm_calls", rows)

    def spent(self) -> Decimal:
        """What the run has paid so far."""
        ((found,),) = self._session.execute("SELECT sum(cost) FROM llm_calls WHERE run_id = ?", [self._run_id])
        return found or Decimal()

    async def condemn(self, call: Call, status: str, error: str) -> None:
        """Notes that a reply proved to be no use: a later run asks again.

        Raises:
            StoreError: the file cannot be written.
        """
        with self._session.transaction("mark a model call"):
            self._session.execute(
                "UPDATE llm_calls SET status = ?, reuse = ?, error = ? WHERE call_id = ? AND run_id = ?",
                [status, Reuse.RUN, storable(error), call.call_id, self._run_id],
            )


class StoredJournal:
    """The calls of all runs, for a replay: whatever ended a question the last time ends it again."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.missing = 0
        """Questions that were never sent."""

    def past(self, prompt_hash: str, asking: int) -> Past:
        """What is known of a question; where no reply came, the call that failed last."""
        calls = [call for _, call in _calls(self._session, prompt_hash, asking)]
        completed = (c for c in reversed(calls) if c.reuse is not Reuse.NEVER)
        self.missing += not calls
        return Past(len(calls), next(completed, calls[-1] if calls else None))

    async def add(self, call: Call) -> None:
        """A replay calls nothing."""
        raise AssertionError(f"a replay made call {call.call_id}")

    async def condemn(self, call: Call, status: str, error: str) -> None:
        """A replay changes no call."""

    def spent(self) -> Decimal:
        """A replay pays nothing."""
        return Decimal()


def _short(prompt_hash: str) -> int:
    """A hash as a small number: half a million of them take 40 MB, and two that are alike only cost a question."""
    return hash(prompt_hash)


def _calls(session: Session, prompt_hash: str, asking: int) -> list[tuple[str, Call]]:
    """Run and call of each attempt at a question, in order."""
    listed = ", ".join(_COLUMNS)
    found = session.execute(
        f"SELECT run_id, {listed} FROM llm_calls WHERE prompt_hash = ? ORDER BY attempt",  # noqa: S608
        [prompt_hash],
    )
    rows = [(run_id, dict(zip(_COLUMNS, values, strict=True))) for run_id, *values in found]
    return [(run_id, _call(row)) for run_id, row in rows if row["asking"] == asking]


def _call(row: dict[str, Any]) -> Call:
    return Call(**{**row, "reuse": Reuse(row["reuse"]), "usage": UsageSource(row["usage"])})


def _row(call: Call, run_id: str, extractor: str) -> Row:
    row: Row = {name: getattr(call, name) for name in _COLUMNS}
    cost: Decimal | None = call.cost
    return {
        **row,
        "run_id": run_id,
        "extractor": extractor,
        "reuse": call.reuse.value,
        "usage": call.usage.value,
        "cost": None if cost is None else rounded(cost),
        "seconds": rounded(call.seconds),
    }
