"""Extraction (hybrid): offline first; the model for what is left open; one reading of both, never worse than offline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from types import TracebackType
from typing import Self

from pipeline.evidence import Evidence, evidence_for
from pipeline.extraction.hybrid.belief import Answers
from pipeline.extraction.hybrid.contesting import Contestable, contestable
from pipeline.extraction.hybrid.joining import Asked, Joined, agreements, join, without_additions
from pipeline.extraction.hybrid.wants import Want, wants
from pipeline.extraction.judging import Cell, Judged, judge
from pipeline.extraction.llm import BatchLog, LlmExtractor, Question, Tell
from pipeline.extraction.llm.contests import contest, postponed
from pipeline.extraction.llm.second import SecondReadings
from pipeline.extraction.offline import OfflineExtractor
from pipeline.flow import Chunk, ChunkOutcome, Document, Draft, Extraction, Grounded, Layout, OutcomeStatus
from pipeline.merging import merge_reports


@dataclass(frozen=True, slots=True)
class _Scene:
    """A document as all steps see it."""

    evidence: Evidence
    document: Document
    layout: Layout
    chunks: tuple[Chunk, ...]

    def judge(self, drafts: Sequence[Draft]) -> Judged:
        return judge(self.evidence, self.document, self.layout, self.chunks, drafts)


class HybridExtractor:
    """Reads offline, asks a model about what that leaves open, and joins the two. One serves a whole run."""

    name = "hybrid"

    def __init__(self, model: LlmExtractor) -> None:
        self.model = model

    async def __aenter__(self) -> Self:
        await self.model.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.model.__aexit__(kind, error, trace)

    def questions(self, document: Document, layout: Layout, chunks: tuple[Chunk, ...]) -> Iterator[Question]:
        """What the model is asked about first: what the offline reading leaves open."""
        _, _, asked = _open(_Scene(evidence_for(document, layout), document, layout, chunks))
        return self.model.questions(document, [want.chunk for want in asked])

    async def ask_in_batches(self, questions: Iterable[Question], log: BatchLog, tell: Tell) -> None:
        """Has questions answered ahead of the reading, by the endpoint's batch API.

        Raises:
            BatchError: the endpoint takes no batches, or cannot be reached.
        """
        await self.model.ask_in_batches(questions, log, tell)

    async def extract(self, document: Document, layout: Layout, chunks: tuple[Chunk, ...]) -> Extraction:
        """The offline reading with what the model adds to it."""
        scene = _Scene(evidence_for(document, layout), document, layout, chunks)
        drafts, known, asked = _open(scene)
        read = await self.model.extract(document, [want.chunk for want in asked])
        found = scene.judge(read.drafts)
        failed = [r.record_type for r in (*found.rejected, *read.rejections)]
        about = Asked(Answers(one for want in asked for one in want.open), failed, scene.evidence)
        joined = join(drafts, known.grounded, _within(known.grounded, asked), found.grounded, about)
        joined, final = _grounded(scene, known, joined)
        doubtful = contestable(scene.judge, scene.evidence, chunks, joined.drafts, final)
        again = await self.model.read_again(document, chunks, [one.cell for one in doubtful])
        contested = _contested(doubtful, again)
        out = {id(cell.grounded.draft) for cell, _ in contested}
        kept = tuple(d for d in joined.drafts if id(d) not in out)
        return Extraction(
            extractor=self.name,
            drafts=kept,
            rejections=(*read.rejections, *found.rejected, *joined.rejections, *(contest(c, v) for c, v in contested)),
            outcomes=postponed(_outcomes(chunks, kept, read), again.unasked),
            calls=read.calls + again.calls,
            stopped=self.model.stopped,
            agreements=agreements(joined, final.grounded),
        )


def _open(scene: _Scene) -> tuple[tuple[Draft, ...], Judged, tuple[Want, ...]]:
    """The offline reading, judged, and what it leaves open."""
    offline = OfflineExtractor().extract(scene.document, scene.layout, scene.chunks)
    drafts = merge_reports(offline.drafts)
    known = scene.judge(drafts)
    return drafts, known, wants(scene.document, scene.chunks, known, drafts, scene.evidence)


def _within(grounded: Sequence[Grounded], asked: Sequence[Want]) -> list[Grounded]:
    """The records that stand where the model was asked for their type."""
    pieces = {want.chunk.chunk_id: want.chunk for want in asked}
    return [
        g
        for g in grounded
        if (piece := pieces.get(g.draft.chunk_id))
        and g.draft.record_type in piece.record_types
        and any(shown.holds(g.quote_span) for shown in piece.shown)
    ]


def _grounded(scene: _Scene, known: Judged, joined: Joined) -> tuple[Joined, Judged]:
    """The joined reading judged; a record that no longer stands since it was filled is taken as it was before, and nothing is
    added or filled where a record of the offline reading would not stand beside it."""
    judged = scene.judge(joined.drafts)
    standing = {id(g.draft) for g in judged.grounded}
    if not standing.issuperset(joined.filled):
        drafts = tuple(joined.filled.get(id(d), d) if id(d) not in standing else d for d in joined.drafts)
        joined = replace(joined, drafts=drafts, filled={n: old for n, old in joined.filled.items() if n in standing})
        judged = scene.judge(drafts)
        standing = {id(g.draft) for g in judged.grounded}
    standing |= {id(old) for new, old in joined.filled.items() if new in standing}
    if any(id(g.draft) not in standing for g in known.grounded if g.draft.record_type != "reports"):
        return without_additions(joined), known
    return joined, judged


def _contested(doubtful: Sequence[Contestable], again: SecondReadings) -> list[tuple[Cell, str]]:
    """The cells whose other reading settles what arithmetic has against the first, one of each record."""
    found: dict[str, tuple[Cell, str]] = {}
    for one in doubtful:
        for cell, second in again.contested([one.cell]):
            if Decimal(second) in one.settling:
                found.setdefault(cell.grounded.record_id, (cell, second))
    return list(found.values())


def _outcomes(chunks: Sequence[Chunk], drafts: Sequence[Draft], read: Extraction) -> tuple[ChunkOutcome, ...]:
    """How each chunk ended: failed where the model failed to read what was left open in it."""
    failed = {o.chunk_id: o.reason for o in read.outcomes if o.status is OutcomeStatus.FAILED}
    counts = {c.chunk_id: sum(d.chunk_id == c.chunk_id for d in drafts) for c in chunks}
    return tuple(
        ChunkOutcome(
            c.chunk_id,
            OutcomeStatus.FAILED
            if c.chunk_id in failed
            else OutcomeStatus.DONE
            if counts[c.chunk_id]
            else OutcomeStatus.EMPTY,
            counts[c.chunk_id],
            failed.get(c.chunk_id),
        )
        for c in chunks
    )
