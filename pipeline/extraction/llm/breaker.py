"""Extraction (llm): gives an endpoint up for the rest of a run when it keeps failing."""

from __future__ import annotations

from pipeline.extraction.llm.faults import CallError, Fault


class Breaker:
    """Opens after ``limit`` calls in a row that failed for good, and stays open; an answer in between ends the row."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._failures = 0
        self._last = ""

    @property
    def is_open(self) -> bool:
        """Whether no more calls are made."""
        return self._failures >= self._limit

    def check(self) -> None:
        """Raises ``CallError`` (``breaker_open``) where the endpoint was given up."""
        if self.is_open:
            raise CallError(
                Fault.BREAKER_OPEN,
                f"not sent, because {self._limit} calls in a row failed (last: {self._last}); "
                "run again when the endpoint answers",
            )

    def record(self, error: CallError | None) -> None:
        """Counts how a call ended after all its attempts; None and faults of the chunk itself are answers."""
        if self.is_open or (error is not None and error.fault is Fault.BREAKER_OPEN):
            return
        if error is not None and error.fault.outage:
            self._failures += 1
            self._last = str(error)
        else:
            self._failures = 0
