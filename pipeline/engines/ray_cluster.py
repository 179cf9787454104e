"""Engines: a Ray cluster as long as a run needs it, and files as its tasks. Needs the extra ``ray``."""

from __future__ import annotations

import asyncio
import os
import socket
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from pipeline.documents import DocumentReader
from pipeline.documents.read import FileBytes
from pipeline.engines.local import BYTES_IN_HAND
from pipeline.engines.worker import OUTCOME, READS
from pipeline.settings import SettingsError
from pipeline.work import Outcome

RETRIES = 3
"""How often a file is given to another process where one is lost with it."""


class Cluster:
    """Where Ray runs.

    Args:
        jobs: processors that Ray is given here, and a bound on what is in hand where the cluster's are not known.
        address: of a cluster's head, or ``auto``; None starts Ray on this machine for the length of the run.

    Raises:
        SettingsError: Ray is not installed.
    """

    def __init__(self, jobs: int, address: str | None = None) -> None:
        self._ray = _ray(alone=address is None)
        self._jobs = jobs
        self._address = address

    @contextmanager
    def open(self) -> Iterator[Any]:
        """Ray, started here and ended again where it does not run in this process already.

        Raises:
            SettingsError: it cannot be reached.
        """
        started = not self._ray.is_initialized()
        if started:
            self.start()
        try:
            yield self._ray
        finally:
            if started:
                self._ray.shutdown()

    def start(self) -> None:
        """Starts Ray here, or joins the cluster.

        Raises:
            SettingsError: it cannot be reached.
        """
        quietly = {"log_to_driver": False, "logging_level": "error"}
        try:
            if self._address:
                _must_answer(self._address)
                self._ray.init(self._address, **quietly)
            else:
                self._ray.init(num_cpus=self._jobs, include_dashboard=False, **quietly)
        except (OSError, ValueError, RuntimeError) as error:
            where = self._address or "this machine"
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise SettingsError(
                f"Ray cannot be reached at {where} ({reason}): see that it runs, or leave --address out"
            ) from error

    @property
    def processors(self) -> int:
        """How many there are."""
        return max(self._jobs, int(self._ray.cluster_resources().get("CPU", 0)))

    async def result(self, task: asyncio.Future[bytes]) -> bytes:
        """What a task gives back.

        Raises:
            LostError: it was lost, however often it was given to another process.
        """
        try:
            return await task
        except self._ray.exceptions.RayError as error:
            reason = str(error).splitlines()[0]
            lost = f"lost with its process {RETRIES + 1} times ({type(error).__name__}: {reason})"
            raise LostError(f"{lost}; split it or run again") from error

    async def outcome(self, task: asyncio.Future[bytes]) -> Outcome:
        """What came of the file of a task that reads one."""
        try:
            return OUTCOME.validate_json(await self.result(task))
        except LostError as error:
            return Outcome(failure=str(error))


class LostError(Exception):
    """A task was lost; the text says how, as the failure of its file."""


def in_order(
    start: Callable[[list[FileBytes]], Any], files: Iterator[list[FileBytes]], most: int
) -> Iterator[tuple[list[FileBytes], asyncio.Future[bytes]]]:
    """The tasks that are started with some files each, and their files, when it is their turn to be waited for; at most so
    many tasks, and a bounded number of bytes, are in hand at once."""
    waiting: deque[tuple[list[FileBytes], Any, int]] = deque()
    in_hand = 0
    for few in files:
        size = sum(len(file.data) for file in few)
        waiting.append((few, start(few), size))
        in_hand += size
        while waiting and (len(waiting) >= most or in_hand > BYTES_IN_HAND):
            first, task, size = waiting.popleft()
            in_hand -= size
            yield first, awaited(task)
    while waiting:
        first, task, _ = waiting.popleft()
        yield first, awaited(task)


def awaited(task: Any) -> asyncio.Future[bytes]:
    """A task of Ray as this loop waits for it."""
    return asyncio.wrap_future(task.future())


@cache
def prepared(reads: bytes) -> tuple[DocumentReader, int]:
    """What a process of Ray reads with, from its first file to its last."""
    found = READS.validate_json(reads)
    found.take_up()
    return DocumentReader(found.limits), found.target


def _must_answer(address: str) -> None:
    """Asks whether anything listens at ``host:port``, as Ray itself tries for minutes.

    Raises:
        OSError: nothing does.
    """
    host, colon, port = address.rpartition(":")
    if colon and port.isdecimal() and "://" not in address:
        socket.create_connection((host, int(port)), timeout=10).close()


def _ray(*, alone: bool) -> Any:
    """The library; it reports no use to anybody, and where it is alone on this machine it needs no token in a file."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if alone:
        os.environ.setdefault("RAY_AUTH_MODE", "disabled")
    try:
        import ray  # noqa: PLC0415 - an extra, and a second that other runs do not pay
    except ImportError as error:
        raise SettingsError("the engine ray needs Ray: pip install 'jixiao[ray]', or use --engine local") from error
    return ray
