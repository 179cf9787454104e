"""Engines: the processes of this machine. A thread each waits for them, so that the one writer never does."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

from pipeline.documents.read import FileBytes
from pipeline.engines.reading import FileReader, Reads
from pipeline.engines.worker import Worker, WorkerDiedError
from pipeline.work import Outcome

AHEAD = 32
"""Files in hand for each process: read, being read, and waiting, so that neither a long one nor the storing of what was
read holds anything up."""

BYTES_IN_HAND = 32_000_000
BYTES_AT_ONCE = 8_000_000
WORTH_A_PROCESS = 40
"""Starting a process takes as long as reading some files."""


class LocalEngine:
    """Reads with up to ``jobs`` processes; few files, or one job, are read in this process itself."""

    name = "local"

    def __init__(self, jobs: int, reads: Reads) -> None:
        self._jobs = jobs
        self._reads = reads

    async def read(self, run_id: str, files: Iterator[FileBytes], expected: int) -> AsyncGenerator[Outcome]:
        """What came of each file, in the order of the files."""
        jobs = processes(self._jobs, expected)
        outcomes = self._with_processes(run_id, files, jobs) if jobs > 1 else self._here(run_id, files)
        try:
            async for outcome in outcomes:
                yield outcome
        finally:
            await outcomes.aclose()

    async def _here(self, run_id: str, files: Iterator[FileBytes]) -> AsyncGenerator[Outcome]:
        with FileReader(self._reads) as reader:
            for few in together(files, self._reads.at_once):
                for outcome in await asyncio.to_thread(reader.read, run_id, few):
                    yield outcome

    async def _with_processes(self, run_id: str, files: Iterator[FileBytes], jobs: int) -> AsyncGenerator[Outcome]:
        loop = asyncio.get_running_loop()
        waiting: deque[tuple[asyncio.Future[list[Outcome]], int]] = deque()
        in_hand = 0
        with _Pool(jobs, self._reads) as pool:
            for few in together(files, self._reads.at_once):
                size = sum(len(file.data) for file in few)
                waiting.append((loop.run_in_executor(pool.threads, pool.read, run_id, few), size))
                in_hand += size
                while waiting and (len(waiting) >= jobs * AHEAD or in_hand > BYTES_IN_HAND):
                    first, size = waiting.popleft()
                    in_hand -= size
                    for outcome in await first:
                        yield outcome
            while waiting:
                for outcome in await waiting.popleft()[0]:
                    yield outcome


def together(files: Iterator[FileBytes], count: int) -> Iterator[list[FileBytes]]:
    """Files in their order, at most so many at once, and fewer where they are long."""
    few: list[FileBytes] = []
    size = 0
    for file in files:
        few.append(file)
        size += len(file.data)
        if len(few) >= count or size >= BYTES_AT_ONCE:
            yield few
            few, size = [], 0
    if few:
        yield few


def processes(jobs: int, expected: int) -> int:
    """How many processes read so many files; one is this process itself."""
    return max(1, min(jobs, expected // WORTH_A_PROCESS))


class _Pool:
    """Processes, and a thread for each."""

    def __init__(self, jobs: int, reads: Reads) -> None:
        self.threads = ThreadPoolExecutor(jobs)
        self._reads = reads
        self._workers = {Worker(reads) for _ in range(jobs)}
        self._free: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._closed = False

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._end_processes()
        self.threads.shutdown(cancel_futures=True)
        self._end_processes()  # one may have been replaced meanwhile

    def _end_processes(self) -> None:
        for worker in list(self._workers):
            worker.close()

    def read(self, run_id: str, files: list[FileBytes]) -> list[Outcome]:
        """What came of files; a process that ends over them is replaced, and each file tried once more, by itself."""
        try:
            return self._try(run_id, files)
        except WorkerDiedError as first:
            return [self._once_more(run_id, file, first) for file in files]

    def _once_more(self, run_id: str, file: FileBytes, first: WorkerDiedError) -> Outcome:
        try:
            return self._try(run_id, [file])[0]
        except WorkerDiedError as again:
            return Outcome(
                failure=f"ends the process that reads it, twice ({first}; {again}); "
                "split it or save it in another format, or see whether the machine is out of memory"
            )

    def _try(self, run_id: str, files: list[FileBytes]) -> list[Outcome]:
        worker = self._free.get()
        try:
            return worker.read(run_id, files)
        except WorkerDiedError:
            worker.close()
            self._workers.discard(worker)
            if not self._closed:
                worker = Worker(self._reads)
                self._workers.add(worker)
            raise
        finally:
            self._free.put(worker)
