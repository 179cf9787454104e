"""Extraction (llm): every attempt as it was paid for, and replies given again to the same question, so that none is paid
twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from pipeline.flow import Call, Past, Reuse


class Journal(Protocol):
    """The calls of this run and of those before. Implementations live in memory or in the database."""

    def past(self, prompt_hash: str, asking: int) -> Past:
        """What is known of a question."""
        ...

    async def add(self, call: Call) -> None:
        """Keeps an attempt; it is durable when this returns, and before its reply is used."""
        ...

    async def condemn(self, call: Call, status: str, error: str) -> None:
        """Notes that a reply proved to be no use: a later run asks again."""
        ...

    def spent(self) -> Decimal:
        """What the run has paid so far."""
        ...


class MemoryJournal:
    """The calls of one process, for evaluations and tests. A reply that was no use is asked for again."""

    def __init__(self) -> None:
        self._calls: defaultdict[tuple[str, int], list[Call]] = defaultdict(list)

    def past(self, prompt_hash: str, asking: int) -> Past:
        """What is known of a question."""
        calls = self._calls[prompt_hash, asking]
        return Past(len(calls), next((c for c in reversed(calls) if c.reuse is Reuse.ALWAYS), None))

    async def add(self, call: Call) -> None:
        """Keeps an attempt."""
        self._calls[call.prompt_hash, call.asking].append(call)

    async def condemn(self, call: Call, status: str, error: str) -> None:
        """Notes that a reply proved to be no use."""
        calls = self._calls[call.prompt_hash, call.asking]
        calls[call.attempt - 1] = replace(call, status=status, error=error, reuse=Reuse.RUN)

    def spent(self) -> Decimal:
        """What was paid so far."""
        return sum((c.cost or Decimal() for calls in self._calls.values() for c in calls), Decimal())

    def __len__(self) -> int:
        """Replies that will be given again."""
        return sum(c.reuse is Reuse.ALWAYS for calls in self._calls.values() for c in calls)
