"""Fault injection: repetitions of the whole way over real HTTP, until enough faults were injected."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import SecretStr

from eval.faults.answering import Answering
from eval.faults.judging import Clean, Verdicts, clean, judge
from eval.faults.planning import Injection, Plan, Scene, plan, scene_of, with_orders
from eval.faults.tally import FaultReport, report
from eval.gold import GoldDocument
from eval.standin import StandIn
from pipeline.documents import read_document
from pipeline.extraction.llm import LlmExtractor, LlmSettings
from pipeline.job import conclude
from pipeline.store import Reading

CONCURRENCY = 64
MOST_REPETITIONS = 10_000


@dataclass(frozen=True)
class Trials:
    """What came of the repetitions: the clean readings, and the report on the faults."""

    clean: tuple[Clean, ...]
    report: FaultReport
    repetitions: int


def run_trials(documents: Sequence[GoldDocument], injection: Injection, faults: int) -> Trials:
    """Reads the documents through the oracle, first clean, then again and again with faults.

    Args:
        documents: reports with their gold.
        injection: how much is corrupted; its seed is that of the first repetition, each further one has the next.
        faults: repetitions end when so many were injected.
    """
    return asyncio.run(_run(documents, injection, faults))


async def _run(documents: Sequence[GoldDocument], injection: Injection, faults: int) -> Trials:
    answering = Answering()
    with StandIn(answering) as server:
        scenes = [scene_of(read_document(d.report_path), d.records) for d in documents]
        base = await _clean(server, answering, scenes, replace(injection, rate=0.0), "clean")
        verdicts: list[Verdicts] = []
        repetition = injected = 0
        while injected < faults and repetition < MOST_REPETITIONS:
            now = replace(injection, seed=injection.seed + repetition)
            done = await _repetition(server, answering, base, now)
            verdicts += done
            injected += sum(len(v.judged) for v in done)
            repetition += 1
    return Trials(tuple(base), report(verdicts), repetition)


async def _repetition(
    server: StandIn, answering: Answering, base: Sequence[Clean], injection: Injection
) -> list[Verdicts]:
    """All documents once, corrupted; documents with orders in their text are read clean before."""
    scenes = [with_orders(c.scene, injection) for c in base]
    changed = [s for s, c in zip(scenes, base, strict=True) if s is not c.scene]
    anew = iter(await _clean(server, answering, changed, replace(injection, rate=0.0), f"orders-{injection.seed}"))
    cleans = [c if s is c.scene else next(anew) for s, c in zip(scenes, base, strict=True)]
    plans = [plan(c.scene, injection, c.sound) for c in cleans]
    readings = await _read(server, answering, plans, f"faults-{injection.seed}")
    return [judge(p, c, r) for p, c, r in zip(plans, cleans, readings, strict=True)]


async def _clean(
    server: StandIn, answering: Answering, scenes: Sequence[Scene], injection: Injection, model: str
) -> list[Clean]:
    readings = await _read(server, answering, [Plan(s, injection) for s in scenes], model)
    return [clean(s, r) for s, r in zip(scenes, readings, strict=True)]


async def _read(server: StandIn, answering: Answering, plans: Sequence[Plan], model: str) -> list[Reading]:
    """The documents of some plans through the real client and all stations behind it."""
    settings = LlmSettings(model=model, base_url=server.base_url, concurrency=CONCURRENCY)
    answering.expect(settings, plans)

    async def one(made: Plan, extractor: LlmExtractor) -> Reading:
        prepared = made.scene.prepared
        if made.injection.lying:
            read = await extractor.read_twice(prepared.document, prepared.layout, prepared.chunks)
        else:
            read = await extractor.extract(prepared.document, prepared.chunks)
        return conclude(prepared, read)

    async with LlmExtractor.live(settings, SecretStr("")) as extractor:
        return list(await asyncio.gather(*(one(p, extractor) for p in plans)))
