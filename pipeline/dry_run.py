"""The dry run: what a model would be asked and what that would cost, without a call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pipeline.chunking import expected_reply
from pipeline.documents import DocumentError, Limits, find_files, read_document
from pipeline.extraction.choice import Extractor
from pipeline.extraction.llm import LlmSettings
from pipeline.extraction.llm.prompting import fenced_text
from pipeline.extraction.llm.tokens import count_tokens
from pipeline.flow import Document
from pipeline.job import prepare
from pipeline.prices import Prices
from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class Estimate:
    """What reading a file would take. ``stored`` counts the chunks whose reply is stored already and costs nothing;
    the tokens and the cost are those of the others. ``problem`` says why a file cannot be read."""

    name: str
    chunks: int = 0
    asked: int = 0
    stored: int = 0
    text_tokens: int = 0
    prompt_tokens: int = 0
    reply_tokens: int = 0
    cost: Decimal | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a model, by which extractor, and how many characters chunks are filled up to."""

    settings: LlmSettings
    extractor: Extractor
    target: int


def estimate(
    paths: Iterable[Path], limits: Limits, asked: Asked, prices: Prices | None, store: Store | None
) -> Iterator[Estimate]:
    """An estimate for each file of the paths; ``store`` is asked for replies that need not be paid for."""
    seen: set[str] = set()
    for source in find_files(paths):
        try:
            if isinstance(source, DocumentError):
                raise source
            document = read_document(source, limits)
        except DocumentError as error:
            yield Estimate(str(error.path), problem=f"{error.reason}; {error.remedy}")
            continue
        if document.document_id not in seen:
            seen.add(document.document_id)
            yield _estimate(document, asked, prices, store)


def _estimate(document: Document, asked_of: Asked, prices: Prices | None, store: Store | None) -> Estimate:
    asked = stored = prompt = reply = 0
    settings = asked_of.settings
    prepared = prepare(document, asked_of.target)
    for question in asked_of.extractor.questions(document, prepared.layout, prepared.chunks):
        if store and store.recorded().past(*question.key).call:
            stored += 1
            continue
        asked += 1
        prompt += question.request.tokens
        expected = expected_reply(fenced_text(question.request.messages[-1]["content"]) or "")
        reply += min(expected, settings.max_tokens or expected)
    return Estimate(
        name=document.name,
        chunks=len(prepared.chunks),
        asked=asked,
        stored=stored,
        text_tokens=count_tokens(document.text),
        prompt_tokens=prompt,
        reply_tokens=reply,
        cost=prices.cost(prompt, reply) if prices else None,
    )
