"""Engines: the machines of a Ray cluster, or those processors of this one that Ray is given. Needs the extra ``ray``."""

from __future__ import annotations

import os
import socket
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from functools import cache
from typing import Any

from pipeline.documents import DocumentReader
from pipeline.documents.read import FileBytes
from pipeline.engines.local import AHEAD, BYTES_IN_HAND
from pipeline.engines.reading import Reads, read_file
from pipeline.engines.worker import OUTCOME, READS
from pipeline.settings import SettingsError
from pipeline.work import Outcome

RETRIES = 3
"""How often a file is given to another process where one is lost with it."""


class RayEngine:
    """Reads each file as a task of Ray.

    Args:
        address: of a cluster's head, or ``auto``; None starts Ray on this machine for the length of the run.
        jobs: processors that Ray is given here, and a bound on what is in hand where the cluster's are not known.

    Raises:
        SettingsError: Ray is not installed.
    """

    name = "ray"

    def __init__(self, jobs: int, reads: Reads, address: str | None = None) -> None:
        self._ray = _ray(alone=address is None)
        self._jobs = jobs
        self._reads = reads
        self._address = address

    async def read(self, run_id: str, files: Iterator[FileBytes], expected: int) -> AsyncGenerator[Outcome]:  # noqa: ARG002 - a task costs no process
        """What came of each file, in the order of the files; a file whose process is lost is read again."""
        ray = self._ray
        started = not ray.is_initialized()
        if started:
            self._start(ray)
        try:
            task = ray.remote(max_retries=RETRIES, num_cpus=1)(_read)
            reads = READS.dump_json(self._reads)
            most = max(self._jobs, int(ray.cluster_resources().get("CPU", 0))) * AHEAD
            waiting: deque[tuple[Any, int]] = deque()
            in_hand = 0
            for file in files:
                waiting.append((task.remote(run_id, file, reads), len(file.data)))
                in_hand += len(file.data)
                while waiting and (len(waiting) >= most or in_hand > BYTES_IN_HAND):
                    first, size = waiting.popleft()
                    in_hand -= size
                    yield await self._outcome(ray, first)
            while waiting:
                yield await self._outcome(ray, waiting.popleft()[0])
        finally:
            if started:
                ray.shutdown()

    def _start(self, ray: Any) -> None:
        quietly = {"log_to_driver": False, "logging_level": "error"}
        try:
            if self._address:
                _must_answer(self._address)
                ray.init(self._address, **quietly)
            else:
                ray.init(num_cpus=self._jobs, include_dashboard=False, **quietly)
        except (OSError, ValueError, RuntimeError) as error:
            where = self._address or "this machine"
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise SettingsError(
                f"Ray cannot be reached at {where} ({reason}): see that it runs, or leave --address out"
            ) from error

    async def _outcome(self, ray: Any, found: Any) -> Outcome:
        try:
            return OUTCOME.validate_json(await found)
        except ray.exceptions.RayError as error:
            reason = str(error).splitlines()[0]
            lost = f"lost with its process {RETRIES + 1} times ({type(error).__name__}: {reason})"
            return Outcome(failure=f"{lost}; split it or run again")


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


def _read(run_id: str, file: FileBytes, reads: bytes) -> bytes:
    """The task: what came of a file, as JSON."""
    reader, target = _prepared(reads)
    return OUTCOME.dump_json(read_file(run_id, file, reader, target))


@cache
def _prepared(reads: bytes) -> tuple[DocumentReader, int]:
    """What a process of Ray reads with, from its first file to its last."""
    found = READS.validate_json(reads)
    found.take_up()
    return DocumentReader(found.limits), found.target
