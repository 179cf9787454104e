"""Extraction (llm): pauses a run while its endpoint is down, and gives the endpoint up when that lasts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from pipeline.extraction.llm.faults import CallError, Fault

LONGEST_PAUSE = 60.0
"""Seconds between two trials of an endpoint that is down."""
REFUSALS = 3
"""Refusals in a row (a wrong key, an empty account) that no waiting mends."""


class Breaker:
    """Watches the attempts of a run, within one event loop.

    After ``limit`` attempts in a row without an answer all further ones wait. One at a time is tried, after 1 second, 2, 4
    and so on up to a minute; the first answer ends the pause. After ``patience`` seconds of pauses the endpoint is given
    up for the run. Where it refuses every call (a wrong key, no such model, an empty account) there is no pause.

    Args:
        limit: attempts in a row that show an outage.
        patience: seconds that the run waits in all, before any answer comes.
        sleep: waits the given seconds.
    """

    def __init__(self, limit: int, patience: float, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._limit = limit
        self._patience = patience
        self._sleep = sleep
        self._failures = 0
        self._refusals = 0
        self._last = ""
        self._waited = 0.0
        self._pause = 1.0
        self._given_up = False
        self._trial = asyncio.Lock()

    @property
    def paused(self) -> bool:
        """Whether the endpoint seems to be down."""
        return self._failures >= self._limit

    @property
    def stopped(self) -> str | None:
        """Why the endpoint was given up, None while it is not."""
        if not self._given_up:
            return None
        waited = f" and {self._waited:.0f} seconds of waiting did not help" if self._waited else ""
        return (
            f"not sent, because {self._failures} attempts in a row failed{waited} (last: {self._last}); "
            "run again when the endpoint answers, nothing is paid for twice"
        )

    @asynccontextmanager
    async def admitted(self) -> AsyncIterator[None]:
        """Lets an attempt through: at once, or as the only trial of an endpoint that is down.

        Raises:
            CallError: ``breaker_open``: the endpoint was given up.
        """
        self._check()
        if not self.paused:
            yield
            return
        async with self._trial:
            if self.paused:
                self._check()
                await self._wait()
            yield

    async def _wait(self) -> None:
        pause = min(self._pause, self._patience - self._waited)
        self._waited += pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        await self._sleep(pause)

    def _check(self) -> None:
        if reason := self.stopped:
            raise CallError(Fault.BREAKER_OPEN, reason)

    def record(self, error: CallError | None) -> None:
        """Counts how an attempt ended; None and faults of the chunk itself are answers."""
        if error is not None and error.fault.outage:
            self._failures += 1
            self._last = str(error)
            self._refusals += not error.fault.transient
            tired = self.paused and self._waited >= self._patience
            self._given_up = self._given_up or tired or self._refusals >= REFUSALS
        else:
            self._failures, self._refusals, self._waited, self._pause = 0, 0, 0.0, 1.0
