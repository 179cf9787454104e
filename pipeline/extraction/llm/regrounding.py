"""Extraction (llm): records that are not grounded are asked for once more, each with its reason."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from pipeline.evidence import evidence_for
from pipeline.extraction.llm.asking import Asker
from pipeline.extraction.llm.contests import postponed
from pipeline.extraction.llm.reading import Bad, Read, compact
from pipeline.extraction.llm.repairing import Failed, draft_of, repair, within_bounds
from pipeline.extraction.llm.settings import LlmSettings
from pipeline.extraction.llm.short_forms import shortened
from pipeline.flow import Call, Chunk, Document, Draft, Extraction, Layout
from pipeline.grounding import ground_all
from schemas.fields import Record

_MENDABLE = frozenset({"quote", "figure", "label", "text", "unit", "year", "date", "operator"})
"""Codes of rejections that a careful second look may mend: something was not copied as it stands."""


async def with_grounding_repaired(
    extraction: Extraction,
    asker: Asker,
    settings: LlmSettings,
    document: Document,
    layout: Layout,
    chunks: Sequence[Chunk],
) -> Extraction:
    """An extraction in which records that are not grounded are replaced by what the model says when it is told why.

    A record that it takes back, or that does not validate now, stays as it was, so that its reason is stored.
    """
    failing = _failing(extraction, document, layout, chunks)
    found = await asyncio.gather(
        *(
            _again(asker, settings, document, chunk, failing[chunk.chunk_id])
            for chunk in chunks
            if chunk.chunk_id in failing
        )
    )
    instead = {old: new for drafts, _, _ in found for old, new in drafts.items()}
    unasked = {chunk_id: why for _, _, reasons in found for chunk_id, why in reasons.items()}
    return replace(
        extraction,
        drafts=tuple(instead.get(id(d), d) for d in extraction.drafts),
        outcomes=postponed(extraction.outcomes, unasked),
        calls=extraction.calls + tuple(call for _, calls, _ in found for call in calls),
        stopped=extraction.stopped or asker.stopped,
    )


def _failing(
    extraction: Extraction, document: Document, layout: Layout, chunks: Sequence[Chunk]
) -> dict[str, list[tuple[Draft, str]]]:
    """By chunk, the drafts that are not grounded and may be mended, and why; parts of a report's record are not among
    them, as they are joined first."""
    own = {_key(d): d for d in extraction.drafts if d.record_type != "reports"}
    _, rejected = ground_all(evidence_for(document, layout), chunks, [*own.values()])
    failing: defaultdict[str, list[tuple[Draft, str]]] = defaultdict(list)
    for rejection in rejected:
        draft = own.get((rejection.record_type, rejection.chunk_id, rejection.payload))
        if draft and rejection.code in _MENDABLE:
            failing[rejection.chunk_id].append((draft, rejection.reason))
    return dict(failing)


def _key(draft: Draft) -> tuple[str, str, str]:
    return draft.record_type, draft.chunk_id, draft.record.model_dump_json()


async def _again(
    asker: Asker, settings: LlmSettings, document: Document, chunk: Chunk, failing: Sequence[tuple[Draft, str]]
) -> tuple[dict[int, Draft], tuple[Call, ...], dict[str, str]]:
    """What the model says of the failing drafts of a chunk now, by the identity of each, the calls, and by the chunk why it
    was not asked, where the run ended before."""
    cases = within_bounds([Failed(_bad(draft, reason), draft.raw or "") for draft, reason in failing])
    if not cases:
        return {}, (), {}
    said = await repair(asker, settings, document, chunk, cases)
    instead = {
        id(draft): draft_of(chunk, Read(draft.record_type, entry), said.raw)
        for (draft, _), entry in zip(failing, said.entries, strict=False)
        if isinstance(entry, Record)
    }
    return instead, said.calls, {chunk.chunk_id: str(said.postponed)} if said.postponed else {}


def _bad(draft: Draft, reason: str) -> Bad:
    """A draft as it goes back: only the fields that it fills, and why it is not grounded."""
    payload = shortened(draft.record_type, draft.record.model_dump(mode="json"))
    return Bad(draft.record_type, compact(payload), (reason,))
