"""Extraction (llm): how many calls run at once, and how many start in a minute."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Limiter:
    """Lets at most ``limit`` calls run at once, fewer while the endpoint answers 429.

    A 429 halves the number (once for all calls that were already under way), every answered call raises it a little,
    so that a full round of answers adds one.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._allowed = float(limit)
        self._running = 0
        self._started = 0
        self._halved_at = 0
        self._change = asyncio.Condition()

    @property
    def allowed(self) -> int:
        """Calls that may run at once now."""
        return int(self._allowed)

    async def __aenter__(self) -> int:
        """Waits for a place; returns the call's number, which ``throttled`` wants back."""
        async with self._change:
            await self._change.wait_for(lambda: self._running < self.allowed)
            self._running += 1
            self._started += 1
            return self._started

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        async with self._change:
            self._running -= 1
            self._change.notify_all()

    def throttled(self, call: int) -> None:
        """The endpoint answered 429 to a call."""
        if call > self._halved_at:
            self._allowed = max(1.0, self._allowed / 2)
            self._halved_at = self._started

    def answered(self) -> None:
        """The endpoint answered a call."""
        self._allowed = min(float(self._limit), self._allowed + 1 / self._allowed)


class Pace:
    """Spaces calls so that their amounts stay within a rate; without a rate nothing waits."""

    def __init__(self, per_minute: int | None) -> None:
        self._seconds_each = 60 / per_minute if per_minute else 0.0
        self._free_at = 0.0

    def delay(self, now: float, amount: int = 1) -> float:
        """Reserves an amount (one call, or its tokens) and returns the seconds until it may start."""
        start = max(now, self._free_at)
        self._free_at = start + amount * self._seconds_each
        return start - now
