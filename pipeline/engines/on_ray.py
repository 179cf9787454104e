"""Engines: the machines of a Ray cluster, or those processors of this one that Ray is given, for the offline extractor."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator

from pipeline.documents.read import FileBytes
from pipeline.engines.local import AHEAD
from pipeline.engines.ray_cluster import RETRIES, Cluster, in_order, prepared
from pipeline.engines.reading import Reads, read_file
from pipeline.engines.worker import OUTCOME, READS
from pipeline.work import Outcome


class RayEngine:
    """Reads each file as a task of Ray."""

    name = "ray"

    def __init__(self, cluster: Cluster, reads: Reads) -> None:
        self._cluster = cluster
        self._reads = reads

    async def read(self, run_id: str, files: Iterator[FileBytes], expected: int) -> AsyncGenerator[Outcome]:  # noqa: ARG002 - a task costs no process
        """What came of each file, in the order of the files; a file whose process is lost is read again."""
        with self._cluster.open() as ray:
            task = ray.remote(max_retries=RETRIES, num_cpus=1)(_read)
            reads = READS.dump_json(self._reads)
            most = self._cluster.processors * AHEAD
            for found in in_order(lambda file: task.remote(run_id, file, reads), files, most):
                yield await self._cluster.outcome(found)


def _read(run_id: str, file: FileBytes, reads: bytes) -> bytes:
    """The task: what came of a file, as JSON."""
    reader, target = prepared(reads)
    return OUTCOME.dump_json(read_file(run_id, file, reader, target))
