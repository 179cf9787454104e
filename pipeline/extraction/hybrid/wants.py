"""Extraction (hybrid): which chunks a model is asked about, for which record types, and why."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from pipeline.chunking import route
from pipeline.evidence import Evidence
from pipeline.extraction.judging import Judged
from pipeline.extraction.llm.excerpts import excerpted
from pipeline.flow import Block, BlockKind, Chunk, Document, Draft, Grounded, Table
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
CONTROLS = 18
"""Figures that the offline reading has, and a model is shown with what is in question, where the chunk has as many."""
AKIN = 4
"""Pairs of characters that a paragraph shares with a record that it may go on about."""
LONGEST_PHRASE = 12
"""Characters up to which a paragraph is a phrase (a date, a signature) and no statement."""


_PAIR = re.compile(r"(?=([\u4e00-\u9fff]{2}))")


@dataclass(frozen=True, slots=True)
class Open:
    """Something that is left open: where, which record type may settle it, and what it is.

    ``field`` is what the place may fill of a record that leaves it empty, ``beside`` the place of that record, which is
    shown with it.
    """

    chunk_id: str
    record_type: str
    reason: str
    span: Span
    field: str | None = None
    beside: Span | None = None


@dataclass(frozen=True, slots=True)
class Want:
    """A chunk that a model is to read, its record types narrowed to those in question, and what is open in it."""

    chunk: Chunk
    open: tuple[Open, ...]


def wants(
    document: Document, chunks: Sequence[Chunk], judged: Judged, drafts: Sequence[Draft], evidence: Evidence
) -> tuple[Want, ...]:
    """What the offline reading leaves open, chunk by chunk, in reading order, narrowed to where it stands.

    That is: money and percent figures and table rows that no record claims; records that were not grounded; and prose
    that no record holds, where it may be a record of a type that is read from prose, or fill an empty field of one.
    """
    by_id = {c.chunk_id: c for c in chunks}
    read: defaultdict[str, list[Grounded]] = defaultdict(list)
    for grounded in judged.grounded:
        read[grounded.draft.chunk_id].append(grounded)
    unread = _unread_prose(chunks, judged, evidence)
    left: defaultdict[str, list[Open]] = defaultdict(list)
    for one in (
        *_unclaimed(by_id, judged, read),
        *_not_grounded(by_id, judged, evidence),
        *_nothing_read(by_id, drafts, unread),
        *_empty(by_id, judged, unread),
    ):
        left[one.chunk_id].append(one)
    found = []
    for chunk in chunks:
        types = {one.record_type for one in left[chunk.chunk_id]}
        named = tuple(name for name in chunk.record_types if name in types)
        if named:
            open_here = [one for one in left[chunk.chunk_id] if one.record_type in named]
            places = [place for one in open_here for place in (one.span, one.beside) if place]
            piece = excerpted(document, chunk, places)
            named = tuple(name for name in named if name in route(piece.parts)) or named
            piece = excerpted(document, chunk, [*places, *_controls(piece, named, read[chunk.chunk_id])])
            found.append(
                Want(replace(piece, record_types=named), tuple(o for o in open_here if o.record_type in named))
            )
    return tuple(found)


def _controls(piece: Chunk, types: Sequence[str], read: Sequence[Grounded]) -> Iterator[Span]:
    """Passages whose figures the offline reading has, beside those that a model is shown anyway: what it makes of them says
    how far it is believed elsewhere. The nearest to what is in question come first."""
    shown = piece.shown
    known = [g for g in read if g.literals and g.draft.record_type in types]
    count = sum(len(g.literals) for g in known if any(s.holds(g.quote_span) for s in shown))
    for one in sorted(known, key=lambda g: min(_distance(g.quote_span, s) for s in shown)):
        if count >= CONTROLS:
            return
        if not any(s.holds(one.quote_span) for s in shown):
            count += len(one.literals)
            yield one.quote_span


def _distance(one: Span, other: Span) -> int:
    """Characters between two spans."""
    return max(one.start - other.stop, other.start - one.stop, 0)


def _unclaimed(chunks: Mapping[str, Chunk], judged: Judged, read: Mapping[str, Sequence[Grounded]]) -> Iterator[Open]:
    """The types that can claim a figure: in prose those of money and rates, in a table any that has figures."""
    for left in judged.unclaimed:
        chunk = chunks.get(left.chunk_id or "")
        if chunk is None:
            continue
        table = next((p for p in chunk.parts if isinstance(p, Table) and p.span.holds(left.span)), None)
        if table and left.kind != "row" and _numbers_a_row(table, left.span, read.get(chunk.chunk_id, ())):
            continue
        for name in WITH_FIGURES if table else _FIGURES_IN_PROSE:
            yield Open(chunk.chunk_id, name, f"unclaimed {left.kind}", left.span)


def _numbers_a_row(table: Table, figure: Span, read: Sequence[Grounded]) -> bool:
    """Whether a figure opens a row of which others are read: it is the row's number."""
    row = next((row.span for row in table.body if row.span.start == figure.start), None)
    return row is not None and any(row.holds(literal.span) for g in read for literal in g.literals)


def _not_grounded(chunks: Mapping[str, Chunk], judged: Judged, evidence: Evidence) -> Iterator[Open]:
    """The types of records that were not grounded, where their quotes stand."""
    for rejection in judged.rejected:
        if chunk := chunks.get(rejection.chunk_id):
            quote = json.loads(rejection.payload)["quote"]
            place = evidence.find(quote, chunk.span) or chunk.span
            yield Open(chunk.chunk_id, rejection.record_type, "not grounded", place)


def _nothing_read(
    chunks: Mapping[str, Chunk], drafts: Sequence[Draft], unread: Mapping[str, Sequence[Block]]
) -> Iterator[Open]:
    """The types that are read from prose of which a chunk has signs and no record."""
    read = {(d.chunk_id, d.record_type) for d in drafts}
    for chunk_id, blocks in unread.items():
        for name in _FROM_PROSE & set(chunks[chunk_id].record_types):
            if (chunk_id, name) not in read:
                yield from (Open(chunk_id, name, "nothing read", block.span) for block in blocks)


def _empty(chunks: Mapping[str, Chunk], judged: Judged, unread: Mapping[str, Sequence[Block]]) -> Iterator[Open]:
    """The types of records that leave a field of prose empty where prose is left that may fill it: it stands under the
    same heading, or shares words with the record."""
    for grounded in judged.grounded:
        draft = grounded.draft
        if draft.chunk_id not in unread or draft.record_type not in _FROM_PROSE:
            continue
        for info in RECORD_TYPES[draft.record_type].fields:
            if info.sort is Sort.TEXT and getattr(grounded.record, info.name) is None:
                path = _path_at(chunks[draft.chunk_id], grounded.quote_span)
                for block in unread[draft.chunk_id]:
                    if block.path == path or akin(block.text, grounded.record.quote):
                        reason = f"empty {info.name}"
                        yield Open(
                            draft.chunk_id, draft.record_type, reason, block.span, info.name, grounded.quote_span
                        )


def akin(text: str, other: str) -> bool:
    """Whether two texts share so many words that one may go on about the other."""
    return len(_words(text) & _words(other)) >= AKIN


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    """The pairs of Chinese characters in a text, which stand for its words."""
    return frozenset(pair[1] for pair in _PAIR.finditer(text))


def _path_at(chunk: Chunk, place: Span) -> tuple[str, ...]:
    """The headings that a place of a chunk stands under."""
    return next((part.path for part in chunk.parts if part.span.overlaps(place)), ())


def _unread_prose(chunks: Sequence[Chunk], judged: Judged, evidence: Evidence) -> dict[str, list[Block]]:
    """By chunk, the paragraphs and items of which no record holds anything: no quote, no figure, no words."""
    claimed = sorted(_claims(chunks, judged, evidence))
    starts = [span.start for span in claimed]
    reach = list(accumulate((span.stop for span in claimed), max))
    found: defaultdict[str, list[Block]] = defaultdict(list)
    for chunk in chunks:
        for part in chunk.parts:
            if not isinstance(part, Block) or part.kind is BlockKind.HEADING or len(part.text) < LONGEST_PHRASE:
                continue
            before = bisect_left(starts, part.span.stop)
            if before == 0 or reach[before - 1] <= part.span.start:
                found[chunk.chunk_id].append(part)
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
