"""Engines: the machines of a Ray cluster, or those processors of this one that Ray is given, for the offline extractor."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from functools import cache
from typing import Any

from pipeline.documents.read import FileBytes
from pipeline.engines.local import AHEAD, together
from pipeline.engines.ray_cluster import RETRIES, Cluster, LostError, awaited, in_order
from pipeline.engines.reading import FileReader, Reads
from pipeline.engines.worker import OUTCOMES, READS
from pipeline.store import StoreError
from pipeline.work import Outcome


class RayEngine:
    """Reads files as tasks of Ray: each as its own, or, into a lake, as many as make a part, which the task writes."""

    name = "ray"

    def __init__(self, cluster: Cluster, reads: Reads) -> None:
        self._cluster = cluster
        self._reads = reads

    async def read(self, run_id: str, files: Iterator[FileBytes], expected: int) -> AsyncGenerator[Outcome]:  # noqa: ARG002 - a task costs no process
        """What came of each file, in the order of the files; files whose process is lost are read again."""
        with self._cluster.open() as ray:
            task = ray.remote(max_retries=RETRIES, num_cpus=1)(_read)
            reads = READS.dump_json(self._reads)

            def start(few: list[FileBytes]) -> Any:
                return task.remote(run_id, few, reads)

            most = self._cluster.processors * AHEAD
            for few, found in in_order(start, together(files, self._reads.at_once), most):
                for outcome in await self._outcomes(start, few, found):
                    yield outcome

    async def _outcomes(
        self, start: Callable[[list[FileBytes]], Any], few: list[FileBytes], found: asyncio.Future[bytes]
    ) -> list[Outcome]:
        """What came of the files of a task; where it is lost again and again, of each file by itself."""
        try:
            return OUTCOMES.validate_json(await self._cluster.result(found))
        except LostError as error:
            if len(few) == 1:
                return [Outcome(failure=str(error))]
        return [(await self._outcomes(start, [file], awaited(start([file]))))[0] for file in few]


def _read(run_id: str, few: list[FileBytes], reads: bytes) -> bytes:
    """The task: what came of files, as JSON."""
    try:
        outcomes = _reader(reads).read(run_id, few)
    except StoreError as error:
        outcomes = [Outcome(failure=str(error)) for _ in few]
    return OUTCOMES.dump_json(outcomes)


@cache
def _reader(reads: bytes) -> FileReader:
    """What a process of Ray reads with, from its first file to its last."""
    found = READS.validate_json(reads)
    found.take_up()
    return FileReader(found)
