"""Extraction (llm): one call per chunk, every reply read record by record, every chunk ended by name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from pydantic import SecretStr

from pipeline.extraction.judging import Cell
from pipeline.extraction.llm.asking import Answer, Asker, BatchLog, Purpose, Question, Tell
from pipeline.extraction.llm.budget import FREE, Money
from pipeline.extraction.llm.contests import with_second_readings
from pipeline.extraction.llm.endpoint import Endpoint, Sleep
from pipeline.extraction.llm.faults import CallError, Fault
from pipeline.extraction.llm.journal import Journal, MemoryJournal
from pipeline.extraction.llm.probing import ProbeError, probed
from pipeline.extraction.llm.prompting import render_messages, shown_text
from pipeline.extraction.llm.reading import Bad, Read, Reading, read_reply
from pipeline.extraction.llm.regrounding import with_grounding_repaired
from pipeline.extraction.llm.repairing import TAKEN_BACK, Failed, draft_of, rejection_of, repair, within_bounds
from pipeline.extraction.llm.requests import Request, build_request, exact
from pipeline.extraction.llm.responses import in_prompt_order, reading_model
from pipeline.extraction.llm.second import SecondReadings, read_again
from pipeline.extraction.llm.settings import LlmSettings
from pipeline.extraction.llm.splitting import split
from pipeline.flow import Call, Chunk, ChunkOutcome, Document, Draft, Extraction, Layout, OutcomeStatus, Rejection
from schemas.fields import Record
from schemas.values import squeeze


@dataclass(frozen=True, slots=True)
class _Piece:
    """What came of a chunk, or of a half of one."""

    drafts: tuple[Draft, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    calls: tuple[Call, ...] = ()
    error: CallError | None = None


class LlmExtractor:
    """Reads chunks by asking a model. One extractor serves a whole run; its limits hold over all documents together.

    Use it within one event loop, as ``async with LlmExtractor(settings, asker) as extractor``, or call ``aclose``.
    """

    name = "llm"

    def __init__(self, settings: LlmSettings, asker: Asker) -> None:
        self.settings = settings
        self._asker = asker

    @property
    def asker(self) -> Asker:
        """What answers its questions."""
        return self._asker

    @classmethod
    def live(
        cls,
        settings: LlmSettings,
        api_key: SecretStr,
        journal: Journal | None = None,
        sleep: Sleep = asyncio.sleep,
        money: Money = FREE,
    ) -> Self:
        """An extractor that asks the endpoint of the settings; see ``Endpoint``. Without a journal it keeps its own."""
        own = MemoryJournal() if journal is None else journal
        return cls(settings, Endpoint(settings, api_key, own, sleep, money))

    async def __aenter__(self) -> Self:
        """Finds out the mode where it is to be found out.

        Raises:
            ProbeError: the endpoint answers in no mode.
        """
        try:
            self.settings = await probed(self.settings, self._asker)
        except ProbeError:
            await self.aclose()
            raise
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
            stopped=self._asker.stopped,
        )

    async def read_twice(self, document: Document, layout: Layout, chunks: Sequence[Chunk]) -> Extraction:
        """Everything that the model read: with the records that were not grounded asked for once more, and short of those
        that it reads differently when it is asked again for the cells that arithmetic accuses."""
        once = await self.extract(document, chunks)
        if self.settings.repairs:
            once = await with_grounding_repaired(once, self._asker, self.settings, document, layout, chunks)
        return await with_second_readings(once, self._asker, self.settings, document, layout, chunks)

    async def read_again(self, document: Document, chunks: Sequence[Chunk], cells: Sequence[Cell]) -> SecondReadings:
        """What the model reads in single cells, without being told what was read in them before."""
        return await read_again(self._asker, self.settings, document, chunks, cells)

    @property
    def stopped(self) -> str | None:
        """Why nothing more is asked in this run, None while questions are sent."""
        return self._asker.stopped

    def questions(self, document: Document, chunks: Sequence[Chunk]) -> Iterator[Question]:
        """What the reading of chunks begins with asking; what replies lead to comes on top."""
        for chunk in chunks:
            if _is_read(document, chunk):
                request = self.request_for(document, chunk)
                yield Question(request, document.document_id, chunk.chunk_id, Purpose.READING)

    async def ask_in_batches(self, questions: Iterable[Question], log: BatchLog, tell: Tell) -> None:
        """Has questions answered ahead of the reading, by the endpoint's batch API.

        Raises:
            BatchError: the endpoint takes no batches, or cannot be reached.
        """
        await self._asker.ask_in_batches(questions, log, tell)

    def request_for(self, document: Document, chunk: Chunk) -> Request:
        """The request that a chunk's reading begins with, exactly as it is sent."""
        return request_for(self.settings, document, chunk)

    async def _read_chunk(self, document: Document, chunk: Chunk) -> _Piece:
        """What the model reads in a chunk; nothing is asked where there is nothing to read or no type to find."""
        if not _is_read(document, chunk):
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
            reading = read_reply(answer.reply, in_prompt_order(chunk.record_types))
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
        drafts = [draft_of(chunk, read, raw) for read in reading.good]
        calls = list(answer.calls)
        rejections = [rejection_of(chunk, Failed(bad, raw)) for bad in reading.bad if not bad.asked]
        open_cases = [Failed(bad, raw) for bad in reading.bad if bad.asked]
        postponed: CallError | None = None
        for _ in range(self.settings.repairs):
            asked = within_bounds(open_cases)
            if not asked:
                break
            said = await repair(self._asker, self.settings, document, chunk, asked)
            calls += said.calls
            postponed = said.postponed
            for case, entry in zip(asked, said.entries, strict=True):
                if isinstance(entry, Record):
                    drafts.append(draft_of(chunk, Read(case.bad.record_type, entry), said.raw))
                elif entry is None:
                    rejections.append(rejection_of(chunk, case, TAKEN_BACK))
            still = [
                case if entry is case.bad else Failed(entry, said.raw)
                for case, entry in zip(asked, said.entries, strict=True)
                if isinstance(entry, Bad)
            ]
            open_cases = still + open_cases[len(asked) :]
        rejections += [rejection_of(chunk, case) for case in open_cases]
        return _Piece(tuple(drafts), tuple(rejections), tuple(calls), postponed)


def _is_read(document: Document, chunk: Chunk) -> bool:
    """Whether there is something to read in a chunk, and a type to find."""
    return bool(chunk.record_types) and bool(document.slice(chunk.span).strip())


def request_for(settings: LlmSettings, document: Document, chunk: Chunk) -> Request:
    """The request that a chunk's reading begins with, exactly as it is sent; needs no key and no endpoint.

    Raises:
        KeyError: the chunk is routed to a record type that does not exist.
    """
    types = in_prompt_order(chunk.record_types)
    return build_request(settings, render_messages(document, chunk), reading_model(types, exact=exact(settings)))


def _is_of_another_text(reading: Reading, document: Document, chunk: Chunk) -> bool:
    """Whether a reply states records, and none that was asked for has a quote that stands in the chunk."""
    text = squeeze(shown_text(document, chunk))
    if any(bad.asked for bad in reading.bad) or any(squeeze(read.record.quote) in text for read in reading.good):
        return False
    return bool(reading.good or reading.bad)


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
