"""Extraction (llm): records whose accused cells are read differently the second time are contested, and leave the reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.evidence import evidence_for
from pipeline.extraction.judging import Cell, judge
from pipeline.extraction.llm.asking import Asker
from pipeline.extraction.llm.second import read_again, unmistakable
from pipeline.extraction.llm.settings import LlmSettings
from pipeline.flow import Chunk, ChunkOutcome, Document, Draft, Extraction, Layout, OutcomeStatus, Rejection
from schemas.values import Money, Quantity

CONTESTED = "contested"
"""Code of rejections of records that two readings state differently."""


async def with_second_readings(
    extraction: Extraction,
    asker: Asker,
    settings: LlmSettings,
    document: Document,
    layout: Layout,
    chunks: Sequence[Chunk],
) -> Extraction:
    """An extraction without the records whose accused cells the model, asked again, reads differently."""
    judged = judge(evidence_for(document, layout), document, layout, chunks, extraction.drafts)
    cells = unmistakable(judged.accused(), judged.grounded)
    if not cells:
        return extraction
    readings = await read_again(asker, settings, document, chunks, cells)
    contested = readings.contested(cells)
    out = {id(d) for cell, _ in contested for d in extraction.drafts if _states(d, cell)}
    return replace(
        extraction,
        drafts=tuple(d for d in extraction.drafts if id(d) not in out),
        rejections=(*extraction.rejections, *(contest(cell, second) for cell, second in _first_of_each(contested))),
        outcomes=postponed(extraction.outcomes, readings.unasked),
        calls=extraction.calls + readings.calls,
        stopped=extraction.stopped or asker.stopped,
    )


def postponed(outcomes: Sequence[ChunkOutcome], why: Mapping[str, str]) -> tuple[ChunkOutcome, ...]:
    """Outcomes of chunks, those failed about which the run ended before the model could be asked again: so that the next
    run, which asks what is missing only, does it."""
    return tuple(
        replace(o, status=OutcomeStatus.FAILED, reason=why[o.chunk_id])
        if o.chunk_id in why and o.status is not OutcomeStatus.FAILED
        else o
        for o in outcomes
    )


def _states(draft: Draft, cell: Cell) -> bool:
    """Whether a draft is the one of a cell's record, or one of the parts that a report's record was joined of."""
    whole = cell.grounded.draft
    if draft is whole:
        return True
    if draft.record_type != whole.record_type or draft.record_type != "reports" or draft.report_id != whole.report_id:
        return False
    return bool(_figure(draft, cell.field) == _figure(whole, cell.field))


def _figure(draft: Draft, field: str) -> str | None:
    value = getattr(draft.record, field)
    return value.value if isinstance(value, Money | Quantity) else value


def _first_of_each(contested: Sequence[tuple[Cell, str]]) -> list[tuple[Cell, str]]:
    """One contest for each record, the first."""
    found: dict[str, tuple[Cell, str]] = {}
    for cell, second in contested:
        found.setdefault(cell.grounded.record_id, (cell, second))
    return list(found.values())


def contest(cell: Cell, second: str) -> Rejection:
    """The rejection of a record of which one cell was read otherwise."""
    draft = cell.grounded.draft
    reason = f"{cell.field}: read as {cell.value}, and as {second} when it was asked for by itself"
    return Rejection(
        draft.record_type,
        draft.report_id,
        draft.chunk_id,
        CONTESTED,
        reason,
        draft.record.model_dump_json(),
        draft.raw,
    )
