"""Extraction (llm): an attempt at an endpoint as it is stored, whichever way it was sent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from pipeline.extraction.llm.asking import OK
from pipeline.extraction.llm.budget import Bill
from pipeline.extraction.llm.completion import Completion
from pipeline.extraction.llm.faults import CallError, Fault
from pipeline.extraction.llm.prompting import prompts_version
from pipeline.flow import Call, Reuse


class Asked(Protocol):
    """What was asked: the hash of the request, which asking of it, what for, and of which chunk."""

    @property
    def prompt_hash(self) -> str: ...
    @property
    def asking(self) -> int: ...
    @property
    def purpose(self) -> str: ...
    @property
    def document_id(self) -> str: ...
    @property
    def chunk_id(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Tried:
    """How an attempt went: its number, what was said, what it cost, and its seconds."""

    attempt: int
    said: Completion
    bill: Bill
    seconds: float


def stored_call(model: str, question: Asked, tried: Tried, currency: str) -> Call:
    """An attempt as it is stored. Its id follows from what was asked and how often."""
    said, bill = tried.said, tried.bill
    return Call(
        call_id=f"{question.prompt_hash[:20]}-{question.asking}-{tried.attempt}",
        document_id=question.document_id,
        chunk_id=question.chunk_id,
        purpose=question.purpose,
        model=model,
        prompts=prompts_version(),
        prompt_hash=question.prompt_hash,
        asking=question.asking,
        attempt=tried.attempt,
        status=said.error.fault.value if said.error else OK,
        reuse=_reuse(said.error),
        prompt_tokens=bill.prompt_tokens,
        cached_tokens=said.cached_tokens,
        completion_tokens=bill.completion_tokens,
        usage=bill.usage,
        cost=bill.cost,
        currency=None if bill.cost is None else currency,
        seconds=Decimal(f"{tried.seconds:.3f}"),
        reply=said.text,
        error=None if said.error is None else str(said.error),
    )


def _reuse(error: CallError | None) -> Reuse:
    """Whether a reply stands for the same question asked again. One that was cut off would be cut off again."""
    if error is None or error.fault is Fault.LENGTH:
        return Reuse.ALWAYS
    return Reuse.RUN if error.fault.completed else Reuse.NEVER
