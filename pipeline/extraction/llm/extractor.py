"""Extraction (llm): one call per chunk, every reply read record by record, every chunk ended by name."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from pydantic import SecretStr

from pipeline.extraction.llm.asking import Answer, Asker, Purpose, Question
from pipeline.extraction.llm.endpoint import Endpoint, Sleep
from pipeline.extraction.llm.faults import CallError, Fault
from pipeline.extraction.llm.journal import Journal, MemoryJournal
from pipeline.extraction.llm.prompting import Rejected, render_messages, render_repair
from pipeline.extraction.llm.reading import Bad, Read, Reading, read_repair, read_reply
from pipeline.extraction.llm.requests import Request, build_request, exact
from pipeline.extraction.llm.responses import in_registry_order, reading_model, repair_model
from pipeline.extraction.llm.settings import LlmSettings
from pipeline.extraction.llm.splitting import split
from pipeline.flow import Call, Chunk, ChunkOutcome, Document, Draft, Extraction, OutcomeStatus, Rejection
from schemas.fields import Record
from schemas.values import squeeze

INVALID = "invalid"
"""Code of rejections of records that do not fit their model."""
MAX_REPAIR_RECORDS = 20
MAX_REPAIR_CHARS = 8000
"""How much of a failing reply one repair request carries; what exceeds it is rejected without another question."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """What came of a chunk, or of a half of one."""

    drafts: tuple[Draft, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    calls: tuple[Call, ...] = ()
    error: CallError | None = None


@dataclass(frozen=True, slots=True)
class _Failed:
    """A record that does not validate, and the raw reply that holds it."""

    bad: Bad
    raw: str


class LlmExtractor:
    """Reads chunks by asking a model. One extractor serves a whole run; its limits hold over all documents together.

    Use it within one event loop, as ``async with LlmExtractor(settings, asker) as extractor``, or call ``aclose``.
    """

    name = "llm"

    def __init__(self, settings: LlmSettings, asker: Asker) -> None:
        self.settings = settings
        self._asker = asker

    @classmethod
    def live(
        cls,
        settings: LlmSettings,
        api_key: SecretStr,
        journal: Journal | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> Self:
        """An extractor that asks the endpoint of the settings; see ``Endpoint``. Without a journal it keeps its own."""
        return cls(settings, Endpoint(settings, api_key, MemoryJournal() if journal is None else journal, sleep))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections to the endpoint."""
        await self._asker.aclose()

    async def extract(self, document: Document, chunks: Sequence[Chunk]) -> Extraction:
        """Everything that the model read. A chunk that fails says why in its outcome; the others go on."""
        pieces = await asyncio.gather(*(self._read_chunk(document, chunk) for chunk in chunks))
        return Extraction(
            extractor=self.name,
            drafts=tuple(draft for piece in pieces for draft in piece.drafts),
            rejections=tuple(rejection for piece in pieces for rejection in piece.rejections),
            outcomes=tuple(_outcome(chunk, piece) for chunk, piece in zip(chunks, pieces, strict=True)),
            calls=tuple(call for piece in pieces for call in piece.calls),
        )

    def request_for(self, document: Document, chunk: Chunk) -> Request:
        """The request that a chunk's reading begins with, exactly as it is sent."""
        return request_for(self.settings, document, chunk)

    async def _read_chunk(self, document: Document, chunk: Chunk) -> _Piece:
        """What the model reads in a chunk; nothing is asked where there is nothing to read or no type to find."""
        if not chunk.record_types or not document.slice(chunk.span).strip():
            return _Piece()
        return await self._read(document, chunk, self.settings.splits)

    async def _read(self, document: Document, chunk: Chunk, splits: int) -> _Piece:
        """What the model reads in a chunk, or in its halves where the whole does not fit."""
        request = self.request_for(document, chunk)
        answer, reading, error = await self._ask(request, document, chunk)
        if reading is not None:
            return await self._with_repairs(document, chunk, reading, answer)
        halves = split(document, chunk) if splits and error and error.fault.oversized else ()
        if not halves:
            return _Piece(calls=answer.calls, error=error)
        read = await asyncio.gather(*(self._read(document, half, splits - 1) for half in halves))
        return _joined(answer.calls, read)

    async def _ask(
        self, request: Request, document: Document, chunk: Chunk
    ) -> tuple[Answer, Reading | None, CallError | None]:
        """The answer to a chunk's request, what it holds or why it holds nothing.

        A reply that is about another text (of a proxy that mixes replies up, of a request before this one) is asked for
        once more; where the second is no better, the first stands, and grounding refuses its records one by one.
        """
        first = Question(request, document.document_id, chunk.chunk_id, Purpose.READING)
        answer, reading, error = await self._understand(first, document, chunk)
        if error is None or error.fault is not Fault.ANOTHER_TEXT:
            return answer, reading, error
        again, second, wrong = await self._understand(replace(first, asking=2), document, chunk)
        calls = answer.calls + again.calls
        if wrong is None:
            return replace(again, calls=calls), second, None
        await self._asker.condemn(answer, error)
        if second is not None:
            await self._asker.condemn(again, wrong)
        return replace(answer, calls=calls), reading, None

    async def _understand(
        self, question: Question, document: Document, chunk: Chunk
    ) -> tuple[Answer, Reading | None, CallError | None]:
        """An answer, what it holds, and what is wrong with it; a reply that cannot be read is condemned."""
        answer = await self._asker.ask(question)
        if answer.reply is None:
            return answer, None, answer.error
        try:
            reading = read_reply(answer.reply, in_registry_order(chunk.record_types))
        except CallError as error:
            await self._asker.condemn(answer, error)
            return answer, None, error
        if not _is_of_another_text(reading, document, chunk):
            return answer, reading, None
        wrong = CallError(Fault.ANOTHER_TEXT, "no quote of the reply stands in the text that was asked about")
        return answer, reading, wrong

    async def _with_repairs(self, document: Document, chunk: Chunk, reading: Reading, answer: Answer) -> _Piece:
        """The records of a reply, those that do not validate after they were asked for again, or as rejections."""
        raw = answer.reply or ""
        drafts = [_draft(chunk, read, raw) for read in reading.good]
        calls = list(answer.calls)
        rejections = [_rejection(chunk, _Failed(bad, raw)) for bad in reading.bad if not bad.asked]
        open_cases = [_Failed(bad, raw) for bad in reading.bad if bad.asked]
        for _ in range(self.settings.repairs):
            asked = _within_bounds(open_cases)
            if not asked:
                break
            repaired, kept, withdrawn, asked_calls = await self._repair(document, chunk, asked)
            drafts += repaired
            calls += asked_calls
            rejections += withdrawn
            open_cases = kept + open_cases[len(asked) :]
        rejections += [_rejection(chunk, case) for case in open_cases]
        return _Piece(tuple(drafts), tuple(rejections), tuple(calls))

    async def _repair(
        self, document: Document, chunk: Chunk, cases: Sequence[_Failed]
    ) -> tuple[list[Draft], list[_Failed], list[Rejection], tuple[Call, ...]]:
        """Asks once for the failing records: those that validate now, still fail, were taken back; and the calls."""
        rejected = [Rejected(no, c.bad.record_type, c.bad.payload, c.bad.errors) for no, c in enumerate(cases, start=1)]
        types = in_registry_order({case.bad.record_type for case in cases})
        model = repair_model(types, strict=exact(self.settings))
        request = build_request(self.settings, render_repair(document, chunk, rejected), model)
        answer = await self._asker.ask(Question(request, document.document_id, chunk.chunk_id, Purpose.REPAIR))
        if answer.reply is None:
            return [], list(cases), [], answer.calls
        try:
            entries = read_repair(answer.reply, types)
        except CallError as error:
            await self._asker.condemn(answer, error)
            return [], list(cases), [], answer.calls
        drafts: list[Draft] = []
        kept: list[_Failed] = []
        withdrawn: list[Rejection] = []
        for no, case in enumerate(cases, start=1):
            entry = entries.get((case.bad.record_type, no), case.bad)
            if isinstance(entry, Record):
                drafts.append(_draft(chunk, Read(case.bad.record_type, entry), answer.reply))
            elif entry is None:
                withdrawn.append(_rejection(chunk, case, "; asked again, the model took it back"))
            else:
                kept.append(case if entry is case.bad else _Failed(entry, answer.reply))
        return drafts, kept, withdrawn, answer.calls


def request_for(settings: LlmSettings, document: Document, chunk: Chunk) -> Request:
    """The request that a chunk's reading begins with, exactly as it is sent; needs no key and no endpoint.

    Raises:
        KeyError: the chunk is routed to a record type that does not exist.
    """
    types = in_registry_order(chunk.record_types)
    return build_request(settings, render_messages(document, chunk), reading_model(types, strict=exact(settings)))


def _is_of_another_text(reading: Reading, document: Document, chunk: Chunk) -> bool:
    """Whether a reply states records, and none that was asked for has a quote that stands in the chunk."""
    text = squeeze(document.slice(chunk.span))
    if any(bad.asked for bad in reading.bad) or any(squeeze(read.record.quote) in text for read in reading.good):
        return False
    return bool(reading.good or reading.bad)


def _within_bounds(cases: Sequence[_Failed]) -> list[_Failed]:
    """The first cases that one repair request may carry."""
    chosen: list[_Failed] = []
    size = 0
    for case in cases[:MAX_REPAIR_RECORDS]:
        size += len(case.bad.payload)
        if size > MAX_REPAIR_CHARS:
            break
        chosen.append(case)
    return chosen


def _joined(calls: tuple[Call, ...], halves: Sequence[_Piece]) -> _Piece:
    """What came of both halves; the chunk failed where one of them did, but keeps what the other read."""
    return _Piece(
        drafts=tuple(draft for half in halves for draft in half.drafts),
        rejections=tuple(rejection for half in halves for rejection in half.rejections),
        calls=calls + tuple(call for half in halves for call in half.calls),
        error=next((half.error for half in halves if half.error), None),
    )


def _outcome(chunk: Chunk, piece: _Piece) -> ChunkOutcome:
    """How a chunk ended."""
    if piece.error is not None:
        return ChunkOutcome(chunk.chunk_id, OutcomeStatus.FAILED, len(piece.drafts), str(piece.error))
    ended = OutcomeStatus.DONE if piece.drafts or piece.rejections else OutcomeStatus.EMPTY
    return ChunkOutcome(chunk.chunk_id, ended, len(piece.drafts))


def _draft(chunk: Chunk, read: Read, raw: str) -> Draft:
    return Draft(read.record_type, read.record, chunk.report_id, chunk.chunk_id, raw=raw)


def _rejection(chunk: Chunk, case: _Failed, ending: str = "") -> Rejection:
    """A record that does not validate, with one sentence on why."""
    reason = f"the model's record does not fit {case.bad.record_type}: {'; '.join(case.bad.errors)}{ending}"
    return Rejection(case.bad.record_type, chunk.report_id, chunk.chunk_id, INVALID, reason, case.bad.payload, case.raw)
