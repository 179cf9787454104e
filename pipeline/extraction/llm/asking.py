"""Extraction (llm): a question about a chunk and its answer, from a live endpoint or from what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from pipeline.extraction.llm.faults import CallError, Fault
from pipeline.extraction.llm.journal import Journal
from pipeline.extraction.llm.requests import Request
from pipeline.flow import BatchQuestion, Call, OpenBatch

OK = "ok"
_READ_ANEW = frozenset({OK, Fault.GARBAGE.value, Fault.ANOTHER_TEXT.value})
"""States of calls whose reply is read again, whatever was made of it before."""


class Purpose(StrEnum):
    """What a question is for."""

    READING = "reading"
    REPAIR = "repair"
    SECOND = "second"
    PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Question:
    """A request, the chunk that it is about, and what it is for. ``asking`` is 2 for the same request made once more."""

    request: Request
    document_id: str
    chunk_id: str
    purpose: Purpose
    asking: int = 1

    @property
    def prompt_hash(self) -> str:
        """The hash of the request."""
        return self.request.prompt_hash

    @property
    def key(self) -> tuple[str, int]:
        """What its reply is stored under."""
        return self.prompt_hash, self.asking


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply, or the error that all attempts ended with; and every attempt as it is stored, the answering one last."""

    reply: str | None
    error: CallError | None
    calls: tuple[Call, ...]


Tell = Callable[[str], None]
"""Told in one sentence how a batch goes."""


class BatchLog(Protocol):
    """The batches whose results were not collected; durable."""

    def waiting(self) -> Sequence[OpenBatch]:
        """The open batches, of this run and those before."""
        ...

    def begin(self, key: str, questions: Sequence[BatchQuestion]) -> None:
        """Notes a batch before it is sent."""
        ...

    def submitted(self, key: str, batch_id: str) -> None:
        """Notes the id that the endpoint gave it."""
        ...

    def ended(self, key: str, status: str) -> None:
        """Notes that its results are stored, or that it has none."""
        ...


class Asker(Protocol):
    """Answers questions; shared by all chunks of a run."""

    @property
    def stopped(self) -> str | None:
        """Why nothing more is sent in this run, None while calls are made."""
        ...

    async def ask(self, question: Question) -> Answer:
        """The answer. Never raises for what an endpoint does; ``Answer.error`` names it."""
        ...

    async def ask_in_batches(self, questions: Iterable[Question], log: BatchLog, tell: Tell) -> None:
        """Has questions answered ahead, so that ``ask`` finds their answers."""
        ...

    async def condemn(self, answer: Answer, error: CallError) -> None:
        """Notes that an answer's reply proved to be no use."""
        ...

    async def aclose(self) -> None:
        """Gives up what is open."""
        ...


class Recorded:
    """Answers from the journal alone: nothing is sent."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self.stopped: str | None = None

    async def ask(self, question: Question) -> Answer:
        """The stored answer, or ``not_stored``."""
        call = self._journal.past(*question.key).call
        if call is None:
            return Answer(None, CallError(Fault.NOT_STORED, "no reply to this question is stored"), ())
        return recalled(call, question)

    async def ask_in_batches(self, questions: Iterable[Question], log: BatchLog, tell: Tell) -> None:
        """Sends nothing."""

    async def condemn(self, answer: Answer, error: CallError) -> None:
        """Changes nothing: what is stored stays."""

    async def aclose(self) -> None:
        """There is nothing to give up."""


def recalled(call: Call, question: Question) -> Answer:
    """The answer that a stored call gives again, to the same question about the same or another chunk."""
    calls = (replace(call, recalled=True, document_id=question.document_id, chunk_id=question.chunk_id),)
    if call.status in _READ_ANEW and call.reply is not None:
        return Answer(call.reply, None, calls)
    told = (call.error or "").removeprefix(f"{call.status}: ")
    return Answer(None, CallError(Fault(call.status), told), calls)
