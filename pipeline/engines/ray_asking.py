"""Engines: a Ray cluster for the extractors that ask a model: its machines read, this process alone asks and writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any

from pipeline.documents.read import FileBytes
from pipeline.engines.gate import AT_ONCE, Desk, Gate, GateAsker
from pipeline.engines.local import together
from pipeline.engines.ray_cluster import RETRIES, Cluster, in_order, prepared
from pipeline.engines.reading import Reads, read_file_asking
from pipeline.engines.worker import OUTCOME, READS
from pipeline.extraction.choice import Extractor, asking_through
from pipeline.extraction.llm import LlmSettings
from pipeline.settings import SettingsError
from pipeline.work import Outcome

WAITING = 4
"""Documents for each processor that wait for a model at once: each has a process, which does next to nothing meanwhile."""
SPARE = 64
"""Calls of the gate that this process has room for beside those of the readers."""


class RayAskingEngine:
    """Reads each file as a task of Ray; what the tasks ask a model comes through one actor to this process."""

    name = "ray"

    def __init__(self, cluster: Cluster, reads: Reads) -> None:
        self._cluster = cluster
        self._reads = reads

    async def read(
        self, run_id: str, files: Iterator[FileBytes], extractor: Extractor, in_flight: int
    ) -> AsyncGenerator[Outcome]:
        """What came of each file, in the order of the files; a file whose process is lost is read again, and asks nothing
        again that was answered.

        Raises:
            SettingsError: the cluster cannot be reached, or was lost.
        """
        model = extractor.model
        assert model is not None, f"{extractor.name} asks no model"
        with self._cluster.open() as ray:
            processors = self._cluster.processors
            running = max(processors, min(in_flight, processors * WAITING))
            most = 2 * running
            gate = _gate(ray, most)
            task = ray.remote(max_retries=RETRIES, num_cpus=_share(processors, running))(_read)
            how = READS.dump_json(self._reads), extractor.name, model.settings.model_dump_json(), gate
            desk = Desk(gate, model.asker)
            serving = asyncio.create_task(desk.serve())
            try:
                for _, found in in_order(lambda few: task.remote(run_id, *few, *how), together(files, 1), most):
                    either: set[asyncio.Future[Any]] = {found, serving}
                    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
                    if serving.done():
                        with _losing(ray):
                            serving.result()
                    yield await self._cluster.outcome(found)
                with _losing(ray):
                    await desk.finish()
                    await gate.__ray_ready__.remote()  # what failed for want of the gate is not to be kept as failed
            finally:
                await desk.close(serving)
                ray.kill(gate)


@contextmanager
def _losing(ray: Any) -> Iterator[None]:
    """Tells in one sentence that the gate is gone for good; as long as there is one, Ray starts it again by itself."""
    try:
        yield
    except ray.exceptions.RayError as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise SettingsError(f"Ray was lost ({reason}): run again, nothing is paid for twice") from error


def _gate(ray: Any, tasks: int) -> Any:
    """The actor, with room for what so many tasks ask, and for what those asked that were lost."""
    room = tasks * AT_ONCE * (RETRIES + 1) + SPARE
    return ray.remote(num_cpus=0, max_concurrency=room, max_restarts=-1, max_task_retries=-1)(Gate).remote()


def _share(processors: int, running: int) -> float:
    """What a task takes of a processor so that so many run; in hundredths, rounded down."""
    return (100 * processors // running) / 100


def _read(run_id: str, file: FileBytes, reads: bytes, extractor: str, settings: str, gate: Any) -> bytes:
    """The task: what came of a file, as JSON."""
    reader, target = prepared(reads)
    configured = LlmSettings.model_validate_json(settings)

    asking = asking_through(extractor, configured, GateAsker(gate))
    return OUTCOME.dump_json(asyncio.run(read_file_asking(run_id, file, reader, target, asking)))
