"""Benchmarks: jixiao beside what a user would pick instead, on the same chunks and the same replies of an instant stand-in model,
every second one with figures altered: documents a second, and which altered figures each accepts."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from types import GenericAlias
from typing import Any, TypeVar
from urllib.parse import urlsplit

import instructor
import openai
from instructor.core import InstructorRetryException
from pydantic import BaseModel, SecretStr, create_model

from eval.bench import langextract_baseline
from eval.bench.altered_replies import Piece, Told, pieces
from eval.faults.figures import slots
from eval.gold import GoldDocument, GoldSet
from eval.standin import ChatRequest, Reply, StandIn
from pipeline.collection import seldom_collection
from pipeline.documents import read_document
from pipeline.extraction.llm import LlmExtractor, LlmSettings, MemoryJournal
from pipeline.extraction.llm.endpoint import Endpoint
from pipeline.extraction.llm.prompting import neutral
from pipeline.flow import Decision
from pipeline.job import conclude, prepare
from schemas.registry import RECORD_TYPES

RIGHT = "right"
BESIDE = "right, in a record with an altered one"
_EXACT_ONLY = {"enable_fuzzy_alignment": False, "accept_match_lesser": False}
LANGEXTRACT = {
    "LangExtract, a record each": ("quotes", "regex", {}),
    "LangExtract, a record each, tokens for Chinese": ("quotes", "unicode", {}),
    "LangExtract, a record each, these and exact alignment only": ("quotes", "unicode", _EXACT_ONLY),
    "LangExtract, a figure each": ("figures", "regex", {}),
    "LangExtract, a figure each, tokens for Chinese": ("figures", "unicode", {}),
    "LangExtract, a figure each, these and exact alignment only": ("figures", "unicode", _EXACT_ONLY),
}
"""Ways of using it: what is aligned, the tokenizer, and the parameters of its resolver."""


_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Round:
    """A report with one set of replies; its number names the stand-in's model."""

    number: int
    gold: GoldDocument
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """What one way made of the replies: seconds by the clock and of processor time for all documents; how many figures were
    stated and how many of them kept, by how they were altered; and as what the altered ones were kept."""

    way: str
    documents: int
    chunks: int
    seconds: float
    processor: float
    stated: Mapping[str, int]
    kept: Mapping[str, int]
    kept_as: Mapping[str, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Documents a second."""
        return self.documents / self.seconds

    @property
    def altered(self) -> tuple[int, int]:
        """Altered figures that were kept, of how many."""
        kinds = self.stated.keys() - {RIGHT, BESIDE}
        return sum(self.kept[k] for k in kinds), sum(self.stated[k] for k in kinds)

    def as_json(self) -> dict[str, object]:
        """What is measured, and the rate."""
        return {**asdict(self), "rate": self.rate}


def compare(gold: GoldSet, documents: int, target: int, setup: Path | None) -> Iterator[Compared]:
    """Has each tool read reports in turn, each time with replies of its own.

    Args:
        documents: how many to read.
        target: what chunks are filled up to, in characters.
        setup: where LangExtract's environment lies, or is made; None leaves it out.

    Raises:
        GoldError: the gold cannot be used.
        NoBaselineError: LangExtract cannot be installed or run.
    """
    known = gold.documents
    rounds = [
        Round(n, known[n % len(known)], pieces(known[n % len(known)], target, n // len(known)))
        for n in range(documents)
    ]
    with _served([*rounds, _first(rounds)]) as base_url:
        yield _jixiao(rounds, target, base_url)
        yield _instructor(rounds, base_url)
        for way, how in LANGEXTRACT.items() if setup else ():
            assert setup is not None
            yield _langextract(way, how, rounds, base_url, setup)


def _first(rounds: Sequence[Round]) -> Round:
    """The first round under a number of its own, by which jixiao warms up: it asks nothing twice."""
    return replace(rounds[0], number=len(rounds))


def _jixiao(rounds: Sequence[Round], target: int, base_url: str) -> Compared:
    """The whole way short of the store: file, layout, chunks, calls, grounding, checks, acceptance; as in a run, other documents
    are worked on while replies are waited for."""

    async def read(one: Round, endpoint: Endpoint) -> Sequence[Decision]:
        prepared = prepare(read_document(one.gold.report_path), target)
        extractor = LlmExtractor(LlmSettings(model=f"records-{one.number}", repairs=0), endpoint)
        return conclude(prepared, await extractor.extract(prepared.document, prepared.chunks)).decisions

    async def read_all() -> tuple[list[Sequence[Decision]], tuple[float, float]]:
        settings = LlmSettings(model="standin", base_url=base_url)
        async with aclosing(Endpoint(settings, SecretStr(""), MemoryJournal())) as endpoint:
            await read(_first(rounds), endpoint)
            with seldom_collection(), _timed() as times:
                decided = await _at_once([read(one, endpoint) for one in rounds], settings.concurrency)
            return decided, times()

    decided, times = asyncio.run(read_all())
    tally = _Tally()
    for one, decisions in zip(rounds, decided, strict=True):
        found = {key: str(d.status) for d in decisions for key in _figures_of(d)}
        for piece in one.pieces:
            keys = ((t.record_type, _quote(piece, t), t.field, t.printed) for t in piece.figures)
            tally.add(piece, [found.get(key) for key in keys])
    return _compared("jixiao", rounds, times, tally)


async def _at_once(readings: Sequence[Coroutine[Any, Any, _Read]], most: int) -> list[_Read]:
    """What all of them read, in their order, so many at once at most."""
    room = asyncio.Semaphore(most)

    async def one(reading: Coroutine[Any, Any, _Read]) -> _Read:
        async with room:
            return await reading

    return await asyncio.gather(*map(one, readings))


@contextmanager
def _timed() -> Iterator[Callable[[], tuple[float, float]]]:
    """Seconds by the clock and of processor time of what is inside. Garbage is looked for in what it makes alone, and not in the
    gold and the replies of the comparison; LangExtract's process has it alike."""
    gc.collect()
    gc.freeze()
    started = time.perf_counter(), time.process_time()
    ended = started
    try:
        yield lambda: (ended[0] - started[0], ended[1] - started[1])
    finally:
        ended = time.perf_counter(), time.process_time()
        gc.unfreeze()


def _figures_of(decision: Decision) -> Iterator[tuple[str, str, str, str]]:
    """What tells the figures of a record that is kept: type, quote, field, digits. Reports are joined of several quotes."""
    draft = decision.grounded.draft
    quote = "" if draft.record_type == "reports" else draft.record.quote
    for slot in slots(draft.record_type, draft.record.model_dump(mode="json")):
        yield draft.record_type, quote, slot.field, slot.printed


class _Tally:
    """Counts figures as they are stated and kept."""

    def __init__(self) -> None:
        self.stated: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self.kept_as: Counter[str] = Counter()

    def add(self, piece: Piece, kept_as: Iterable[str | None]) -> None:
        """Counts the figures of a reply, each kept as something, or not at all."""
        hit = {told.record for told in piece.figures if told.altered}
        for told, as_what in zip(piece.figures, kept_as, strict=True):
            kind = told.altered or (BESIDE if told.record in hit else RIGHT)
            self.stated[kind] += 1
            if as_what is not None:
                self.kept[kind] += 1
                if told.altered:
                    self.kept_as[as_what] += 1


def _quote(piece: Piece, told: Told) -> str:
    return "" if told.record_type == "reports" else str(piece.records[told.record][1]["quote"])


def _instructor(rounds: Sequence[Round], base_url: str) -> Compared:
    """A plain loop: a call for each chunk with the models of the records; what validates is accepted."""
    with openai.OpenAI(base_url=base_url, api_key="none", max_retries=0) as endpoint:
        client = instructor.from_openai(endpoint, mode=instructor.Mode.JSON_SCHEMA)
        _validated(client, rounds[0])
        with _timed() as times:
            validated = [_validated(client, one) for one in rounds]
    tally = _Tally()
    for one, replies in zip(rounds, validated, strict=True):
        for piece, reply in zip(one.pieces, replies, strict=True):
            tally.add(piece, [None if reply is None else "validated"] * len(piece.figures))
    return _compared("instructor, a call a chunk", rounds, times(), tally)


def _validated(client: instructor.Instructor, one: Round) -> list[BaseModel | None]:
    """The reply to each chunk, None where it does not validate."""
    found: list[BaseModel | None] = []
    for piece in one.pieces:
        messages: list[Any] = [
            {"role": "system", "content": "Extract the records that the report states, figures as printed."},
            {"role": "user", "content": piece.text},
        ]
        model, name = _model(piece.types), f"models-{one.number}"
        try:
            reply = client.chat.completions.create(model=name, messages=messages, response_model=model, max_retries=1)
        except InstructorRetryException:
            reply = None
        found.append(reply)
    return found


@cache
def _model(types: tuple[str, ...]) -> type[BaseModel]:
    """A response model as one writes it: a list of records for each type."""
    fields: dict[str, Any] = {name: (GenericAlias(list, (RECORD_TYPES[name].model,)), []) for name in types}
    return create_model("Records", **fields)


def _langextract(
    way: str, how: tuple[str, str, Mapping[str, Any]], rounds: Sequence[Round], base_url: str, setup: Path
) -> Compared:
    form, tokenizer, resolver = how
    job = {
        "address": urlsplit(base_url).netloc,
        "documents": [{"model": f"{form}-{one.number}", "chunks": [p.text for p in one.pieces]} for one in rounds],
        "longest": 2 * max(len(p.text) for one in rounds for p in one.pieces),
        "tokenizer": tokenizer,
        "resolver": resolver,
    }
    found = langextract_baseline.readings(job, setup)
    if found["prompts"] != sum(len(one.pieces) for one in rounds):
        raise langextract_baseline.NoBaselineError(f"LangExtract cut the chunks anew: {found['prompts']} prompts")
    tally = _Tally()
    for one, read in zip(rounds, found["read"], strict=True):
        for piece, extractions in zip(one.pieces, read, strict=True):
            aligned = dict(extractions)
            numbers = (number if form == "figures" else told.record for number, told in enumerate(piece.figures))
            tally.add(piece, [aligned.get(str(number)) for number in numbers])
    return _compared(way, rounds, (found["seconds"], found["processor"]), tally)


def _compared(way: str, rounds: Sequence[Round], times: tuple[float, float], tally: _Tally) -> Compared:
    chunks = sum(len(one.pieces) for one in rounds)
    kept = {kind: tally.kept[kind] for kind in tally.stated}
    return Compared(way, len(rounds), chunks, *times, dict(tally.stated), kept, dict(tally.kept_as))


@contextmanager
def _served(rounds: Iterable[Round]) -> Iterator[str]:
    """The address of a stand-in in a process of its own, so that its work does not count as a tool's."""
    told: dict[str, dict[str, str]] = {}
    for one in rounds:
        told[f"records-{one.number}"] = {p.text: p.as_records for p in one.pieces}
        told[f"models-{one.number}"] = {p.text: p.as_models for p in one.pieces}
        told[f"quotes-{one.number}"] = {p.text: p.as_quotes for p in one.pieces}
        told[f"figures-{one.number}"] = {p.text: p.as_figures for p in one.pieces}
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, told), daemon=True)
    server.start()
    theirs.close()  # so that a server that does not start is told of
    try:
        yield ours.recv()
    finally:
        with suppress(OSError):
            ours.send(None)
        server.join(timeout=10)
        ours.close()


def _serve(connection: Connection, told: Mapping[str, Mapping[str, str]]) -> None:
    """Answers with what is told of the longest of a model's texts that a prompt holds."""

    def answer(request: ChatRequest) -> Reply:
        prompt = request.prompt
        known = told[request.model]
        held = [text for text in known if text.strip() in prompt]
        held = held or [text for text in known if neutral(text).strip() in prompt]
        return Reply(content=known[max(held, key=len)])

    with StandIn(answer) as server:
        connection.send(server.base_url)
        connection.recv()
