"""The store's account of batches: what was sent to a batch API and not collected yet, so that none is sent twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from pipeline.flow import BatchQuestion, OpenBatch
from pipeline.store.session import Session

_OPEN = "open"
_QUESTION = ("custom_id", "prompt_hash", "document_id", "chunk_id", "purpose", "tokens", "asking")


class StoredBatches:
    """The batches of a database; a run adds its own, and collects those of runs before it, too."""

    def __init__(self, session: Session, run_id: str) -> None:
        self._session = session
        self._run_id = run_id

    def waiting(self) -> list[OpenBatch]:
        """The batches whose results are not stored."""
        found = self._session.execute("SELECT key, batch_id FROM batches WHERE status = ? ORDER BY key", [_OPEN])
        return [OpenBatch(key, batch_id, self._questions(key)) for key, batch_id in found]

    def _questions(self, key: str) -> tuple[BatchQuestion, ...]:
        rows = self._session.execute(
            f"SELECT {', '.join(_QUESTION)} FROM batch_questions WHERE key = ? ORDER BY custom_id",  # noqa: S608
            [key],
        )
        return tuple(BatchQuestion(*row) for row in rows)

    def begin(self, key: str, questions: Sequence[BatchQuestion]) -> None:
        """Notes a batch before it is sent.

        Raises:
            StoreError: the file cannot be written.
        """
        batch = {"key": key, "run_id": self._run_id, "batch_id": None, "status": _OPEN, "requests": len(questions)}
        with self._session.transaction("note a batch"):
            self._session.insert("batches", [batch])
            self._session.insert("batch_questions", [{"key": key, **asdict(question)} for question in questions])

    def submitted(self, key: str, batch_id: str) -> None:
        """Notes the id that the endpoint gave a batch.

        Raises:
            StoreError: the file cannot be written.
        """
        with self._session.transaction("note a batch"):
            self._session.execute("UPDATE batches SET batch_id = ? WHERE key = ?", [batch_id, key])

    def ended(self, key: str, status: str) -> None:
        """Notes that a batch's results are stored, or that it has none.

        Raises:
            StoreError: the file cannot be written.
        """
        with self._session.transaction("note a batch"):
            self._session.execute("UPDATE batches SET status = ? WHERE key = ?", [status, key])
