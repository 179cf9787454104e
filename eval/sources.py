"""Eval: predictions, read anew by an extractor, or made of gold itself to score the checker alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from eval.gold import GoldDocument
from eval.items import Figure, Item, figure_of, nearest_figure, scored_fields
from eval.predicted import PredictedDocument, from_result
from pipeline.acceptance import accept
from pipeline.checking import check
from pipeline.documents import read_document
from pipeline.evidence import evidence_for
from pipeline.extraction.choice import Choice, Extractor, choose
from pipeline.extraction.llm import MemoryJournal
from pipeline.flow import Call, Chunk, Draft, OutcomeStatus
from pipeline.grounding import ground_all
from pipeline.job import prepare, read
from pipeline.settings import SettingsError, load_settings
from pipeline.store import Reading
from schemas.registry import RECORD_TYPES
from schemas.values import Span

_ENTRY = 1000
"""Characters that an entry of a report has at most beyond the quote of its head."""


class SourceError(Exception):
    """Predictions that cannot be had: says why and what to do."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What reading cost: calls over the network, those of them without a usable reply, the tokens that the model read
    and wrote as the endpoint counts them, and the seconds spent waiting for it."""

    calls: int = 0
    failed: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: Decimal = Decimal()

    def __add__(self, other: Usage) -> Usage:
        return Usage(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class MeteredDocument(PredictedDocument):
    """What an extractor read anew, and what that cost."""

    usage: Usage = Usage()


def read_with(
    documents: Sequence[GoldDocument], extractor: str | None, model: str | None = None
) -> tuple[Choice, list[PredictedDocument]]:
    """What an extractor makes of each document, by the whole way of the data short of the store.

    Raises:
        SourceError: the extractor cannot be used as asked.
    """
    try:
        choice = choose(load_settings(extractor=extractor, model=model))
    except SettingsError as error:
        raise SourceError(str(error)) from error
    return choice, asyncio.run(_read_all(documents, choice))


async def _read_all(documents: Sequence[GoldDocument], choice: Choice) -> list[PredictedDocument]:
    places = asyncio.Semaphore(choice.in_flight)

    async def one(gold: GoldDocument, extractor: Extractor) -> PredictedDocument:
        async with places:
            return _predicted(gold, await read(read_document(gold.report_path), extractor, choice.target))

    async with choice.open(MemoryJournal()) as extractor:
        return list(await asyncio.gather(*(one(gold, extractor) for gold in documents)))


def from_oracle(documents: Sequence[GoldDocument]) -> list[PredictedDocument]:
    """What grounding, checking and acceptance make of the gold records: an extraction without a fault of its own."""
    return [_judged(gold) for gold in documents]


def _judged(gold: GoldDocument) -> PredictedDocument:
    prepared = prepare(read_document(gold.report_path))
    drafts = [_draft(gold.text, item, prepared.chunks) for item in gold.records]
    grounded, rejected = ground_all(evidence_for(prepared.document, prepared.layout), prepared.chunks, drafts)
    findings = check(prepared.document, prepared.layout, grounded)
    return from_result(gold.name, gold.text, accept(grounded, findings), rejected, findings)


def _draft(text: str, item: Item, chunks: Sequence[Chunk]) -> Draft:
    """A gold record as an extractor's claim, with the places of the figures that its short quote leaves out."""
    record = RECORD_TYPES[item.record_type].model.model_validate({**item.values, "quote": item.quote})
    start = item.span.start if item.span else 0
    chunk = next((c for c in chunks if c.span.start <= start < c.span.stop), None)
    return Draft(
        record_type=item.record_type,
        record=record,
        report_id=item.report_id or "",
        chunk_id=chunk.chunk_id if chunk else "",
        places=dict(_places_beyond(text, item)),
        quote_span=item.span,
    )


def _places_beyond(text: str, item: Item) -> Iterator[tuple[str, Span]]:
    for scored in scored_fields(item.record_type):
        figure = figure_of(scored, item.values)
        if figure is None or item.span is None or scored.name in item.places:
            continue
        if place := _place_beyond(text, figure, item.span):
            yield scored.name, place


def _place_beyond(text: str, figure: Figure, quote: Span) -> Span | None:
    """Where a figure stands that a quote leaves out: a quote is an entry's head, so what follows it comes first."""
    stop = quote.stop + _ENTRY
    after = nearest_figure(text[quote.start : stop], figure, Span(0, quote.stop - quote.start))
    return Span(quote.start + after.start, quote.start + after.stop) if after else nearest_figure(text, figure, quote)


def _predicted(gold: GoldDocument, reading: Reading) -> PredictedDocument:
    failed = sum(o.status is OutcomeStatus.FAILED for o in reading.extraction.outcomes)
    read = from_result(gold.name, gold.text, reading.decisions, reading.quarantined, reading.findings, failed)
    scored = {f.name: getattr(read, f.name) for f in fields(PredictedDocument)}
    return MeteredDocument(**scored, usage=usage_of(reading.extraction.calls))


def usage_of(calls: Iterable[Call]) -> Usage:
    """What calls cost together; replies that are given again cost nothing."""
    sent = [call for call in calls if not call.recalled]
    return Usage(
        calls=len(sent),
        failed=sum(call.error is not None for call in sent),
        prompt_tokens=sum(call.prompt_tokens for call in sent),
        completion_tokens=sum(call.completion_tokens for call in sent),
        seconds=sum((call.seconds for call in sent), Decimal()),
    )
