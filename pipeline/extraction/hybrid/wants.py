"""Extraction (hybrid): which chunks a model is asked about, for which record types, and why."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from pipeline.chunking import route
from pipeline.evidence import Evidence
from pipeline.extraction.judging import Judged
from pipeline.extraction.llm.splitting import narrowed
from pipeline.flow import Block, BlockKind, Chunk, Document, Draft, Table
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES
from schemas.values import Span

_FIGURES = frozenset({Sort.MONEY, Sort.QUANTITY, Sort.NUMBER})
WITH_FIGURES = frozenset(
    name for name, t in RECORD_TYPES.items() if name != "reports" and any(f.sort in _FIGURES for f in t.fields)
)
"""Record types that can claim a figure of the text."""
_FIGURES_IN_PROSE = frozenset({"budget_facts", "projects"})
_FROM_PROSE = frozenset({"tasks", "issues"})
LONGEST_PHRASE = 12
"""Characters up to which a paragraph is a phrase (a date, a signature) and no statement."""


@dataclass(frozen=True, slots=True)
class Want:
    """A chunk that a model is to read, its record types narrowed to those in question, and why."""

    chunk: Chunk
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Open:
    """Something that is left open: where, which record type may settle it, and what it is."""

    chunk_id: str
    record_type: str
    reason: str
    span: Span


def wants(
    document: Document, chunks: Sequence[Chunk], judged: Judged, drafts: Sequence[Draft], evidence: Evidence
) -> tuple[Want, ...]:
    """What the offline reading leaves open, chunk by chunk, in reading order, narrowed to where it stands.

    That is: money and percent figures and table rows that no record claims; records that were not grounded; and prose
    that no record holds, where it may be a record of a type that is read from prose, or fill an empty field of one.
    """
    by_id = {c.chunk_id: c for c in chunks}
    unread = _unread_prose(chunks, judged, evidence)
    left: defaultdict[str, list[_Open]] = defaultdict(list)
    for one in (
        *_unclaimed(by_id, judged),
        *_not_grounded(by_id, judged),
        *_nothing_read(by_id, drafts, unread),
        *_empty(judged, unread),
    ):
        left[one.chunk_id].append(one)
    found = []
    for chunk in chunks:
        types = {one.record_type for one in left[chunk.chunk_id]}
        named = tuple(name for name in chunk.record_types if name in types)
        if named:
            open_here = [one for one in left[chunk.chunk_id] if one.record_type in named]
            piece = narrowed(document, chunk, [one.span for one in open_here])
            named = tuple(name for name in named if name in route(piece.parts)) or named
            reasons = tuple(dict.fromkeys(one.reason for one in open_here))
            found.append(Want(replace(piece, record_types=named), reasons))
    return tuple(found)


def _unclaimed(chunks: Mapping[str, Chunk], judged: Judged) -> Iterator[_Open]:
    """The types that can claim a figure: in prose those of money and rates, in a table any that has figures."""
    for left in judged.unclaimed:
        chunk = chunks.get(left.chunk_id or "")
        if chunk is None:
            continue
        in_table = any(isinstance(part, Table) and part.span.holds(left.span) for part in chunk.parts)
        for name in WITH_FIGURES if in_table else _FIGURES_IN_PROSE:
            yield _Open(chunk.chunk_id, name, f"unclaimed {left.kind}", left.span)


def _not_grounded(chunks: Mapping[str, Chunk], judged: Judged) -> Iterator[_Open]:
    for rejection in judged.rejected:
        if chunk := chunks.get(rejection.chunk_id):
            yield _Open(chunk.chunk_id, rejection.record_type, "not grounded", chunk.span)


def _nothing_read(
    chunks: Mapping[str, Chunk], drafts: Sequence[Draft], unread: Mapping[str, Sequence[Span]]
) -> Iterator[_Open]:
    """The types that are read from prose of which a chunk has signs and no record."""
    read = {(d.chunk_id, d.record_type) for d in drafts}
    for chunk_id, spans in unread.items():
        for name in _FROM_PROSE & set(chunks[chunk_id].record_types):
            if (chunk_id, name) not in read:
                yield from (_Open(chunk_id, name, "nothing read", span) for span in spans)


def _empty(judged: Judged, unread: Mapping[str, Sequence[Span]]) -> Iterator[_Open]:
    """The types of records that leave a field of prose empty where prose is left."""
    for grounded in judged.grounded:
        draft = grounded.draft
        if draft.chunk_id not in unread or draft.record_type not in _FROM_PROSE:
            continue
        for info in RECORD_TYPES[draft.record_type].fields:
            if info.sort is Sort.TEXT and getattr(grounded.record, info.name) is None:
                for span in (grounded.quote_span, *unread[draft.chunk_id]):
                    yield _Open(draft.chunk_id, draft.record_type, f"empty {info.name}", span)


def _unread_prose(chunks: Sequence[Chunk], judged: Judged, evidence: Evidence) -> dict[str, list[Span]]:
    """By chunk, the paragraphs and items of which no record holds anything: no quote, no figure, no words."""
    claimed = sorted(_claims(chunks, judged, evidence))
    starts = [span.start for span in claimed]
    reach = list(accumulate((span.stop for span in claimed), max))
    found: defaultdict[str, list[Span]] = defaultdict(list)
    for chunk in chunks:
        for part in chunk.parts:
            if not isinstance(part, Block) or part.kind is BlockKind.HEADING or len(part.text) < LONGEST_PHRASE:
                continue
            before = bisect_left(starts, part.span.stop)
            if before == 0 or reach[before - 1] <= part.span.start:
                found[chunk.chunk_id].append(part.span)
    return dict(found)


def _claims(chunks: Sequence[Chunk], judged: Judged, evidence: Evidence) -> Iterator[Span]:
    by_id = {c.chunk_id: c for c in chunks}
    for grounded in judged.grounded:
        yield grounded.quote_span
        yield from (x.span for x in grounded.literals)
        chunk = by_id.get(grounded.draft.chunk_id)
        for info in RECORD_TYPES[grounded.draft.record_type].fields:
            value = getattr(grounded.record, info.name)
            if chunk and info.sort is Sort.TEXT and value and (place := evidence.find(value, chunk.span)):
                yield place
