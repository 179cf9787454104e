"""Benchmarks: what the client adds to an endpoint's own time: the real client and journal against a stand-in with delays."""

from __future__ import annotations

import asyncio
import heapq
import math
import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from pydantic import SecretStr

from eval.standin import ChatRequest, Reply, StandIn, says
from pipeline.extraction.llm import LlmExtractor, LlmSettings
from pipeline.flow import Chunk, Document, Extraction
from pipeline.store import Store
from schemas.values import Span

_LINE = "（{n}）年度工作任务：修复渠道{n}公里，完成情况：{n}公里。"
_LINES = 30


@dataclass(frozen=True, slots=True)
class Measured:
    """How long the chunks took, how long they would at best, and the processor time of the client for each, in seconds."""

    chunks: int
    seconds: float
    ideal: float
    cpu_each: float
    read: int

    @property
    def ratio(self) -> float:
        """How many times the best."""
        return self.seconds / self.ideal


def run(chunks: int, concurrency: int, latency: float, spread: float) -> Measured:
    """Reads chunks over real HTTP into a real database.

    Args:
        latency: median seconds that the endpoint takes for a reply.
        spread: standard deviation of the logarithm of a reply's time; 0 where all take the same.
    """
    chance = random.Random(1)
    delays = [latency * math.exp(chance.gauss(0, spread)) if spread else latency for _ in range(chunks)]
    document, pieces = _document(chunks)
    with (
        _served(delays) as base_url,
        tempfile.TemporaryDirectory() as folder,
        Store.open(Path(folder) / "bench.duckdb") as store,
    ):
        settings = LlmSettings(model="standin", base_url=base_url, concurrency=concurrency)
        journal = store.journal(store.start_run("llm"), "llm")

        async def read() -> tuple[Extraction, float, float]:
            async with LlmExtractor.live(settings, SecretStr(""), journal) as extractor:
                await extractor.extract(document, pieces[:1])  # imports and the first connection
                started, cpu = time.perf_counter(), time.thread_time()
                extraction = await extractor.extract(document, pieces[1:])
                return extraction, time.perf_counter() - started, time.thread_time() - cpu

        extraction, seconds, cpu = asyncio.run(read())
    return Measured(chunks, seconds, _ideal(delays, concurrency), cpu / chunks, len(extraction.drafts))


@contextmanager
def _served(delays: list[float]) -> Iterator[str]:
    """The address of a stand-in in a process of its own, so that its work does not count as the client's."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, delays), daemon=True)
    server.start()
    try:
        yield ours.recv()
    finally:
        ours.send(None)
        server.join(timeout=10)
        ours.close()
        theirs.close()


def _serve(connection: Connection, delays: list[float]) -> None:
    with StandIn(_slow(delays)) as server:
        connection.send(server.base_url)
        connection.recv()


def _slow(delays: list[float]) -> Callable[[ChatRequest], Reply]:
    def answer(request: ChatRequest) -> Reply:
        line = (request.text or "").splitlines()[0]
        delay = 0.0 if request.number == 1 else delays[(request.number - 2) % len(delays)]
        return replace(says({"tasks": [{"quote": line, "task": line}]}), delay=delay)

    return answer


def _document(chunks: int) -> tuple[Document, list[Chunk]]:
    """A document of chunks of the usual size that all differ."""
    texts = ["\n".join(_LINE.format(n=100 * c + n) for n in range(_LINES)) + "\n" for c in range(chunks + 1)]
    document = Document("bench", "bench", Path("bench.txt"), "0", "utf-8", "".join(texts))
    pieces, place = [], 0
    for number, text in enumerate(texts):
        span = Span(place, place + len(text))
        place += len(text)
        pieces.append(Chunk(f"bench-{number:04d}", number, "r1", span, (), (), "", ("tasks",)))
    return document, pieces


def _ideal(delays: list[float], concurrency: int) -> float:
    """The end of the last reply where each free place takes the next at once."""
    free = [0.0] * concurrency
    for delay in delays:
        heapq.heapreplace(free, free[0] + delay)
    return max(free)
