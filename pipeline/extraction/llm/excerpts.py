"""Extraction (llm): of a chunk, the passages alone that a question is about, with the headings that they stand under."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.extraction.llm.splitting import Part, header_lines
from pipeline.flow import Block, BlockKind, Chunk, Document, Table
from schemas.values import Span


def excerpted(document: Document, chunk: Chunk, spans: Sequence[Span]) -> Chunk:
    """A chunk of which the paragraphs, items and table rows are shown that some spans touch, with the headings above them.

    It keeps the chunk's id and span; ``context`` has the headers of the tables.
    """
    parts: list[Part] = []
    above: list[Block] = []
    for part in chunk.parts:
        if isinstance(part, Block) and part.kind is BlockKind.HEADING:
            above = [*(heading for heading in above if heading.level < part.level), part]
        if kept := _touched(part, spans):
            parts += [heading for heading in above if heading not in parts and heading is not part]
            parts.append(kept)
    outside = [span for span in spans if not any(part.span.overlaps(span) for part in chunk.parts)]
    shown = _merged(document, sorted([*(span for part in parts for span in _places(part)), *outside]))
    headers = (line for part in parts if isinstance(part, Table) for line in header_lines(document, part))
    return replace(
        chunk,
        parts=tuple(parts),
        path=parts[0].path if parts else chunk.path,
        context="\n".join(dict.fromkeys(headers)),
        excerpts=() if shown == (chunk.span,) else shown,
    )


def _touched(part: Part, spans: Sequence[Span]) -> Part | None:
    """A part that some spans touch, of a table the rows that they touch; None where none does."""
    if not any(part.span.overlaps(span) for span in spans):
        return None
    if isinstance(part, Block):
        return part
    rows = tuple(row for row in part.body if any(row.span.overlaps(span) for span in spans))
    return replace(part, rows=(*part.rows[: part.header_rows], *rows)) if rows else part


def _places(part: Part) -> Iterator[Span]:
    """What of a part's text is shown: all, of a table the rows that it has left."""
    if isinstance(part, Table) and part.body:
        yield from (row.span for row in part.body if row.span.stop)
    else:
        yield part.span


def _merged(document: Document, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in reading order, those made one between which nothing is printed."""
    merged: list[Span] = []
    for span in spans:
        if merged and not document.text[merged[-1].stop : span.start].strip():
            merged[-1] = Span(merged[-1].start, max(merged[-1].stop, span.stop))
        else:
            merged.append(span)
    return tuple(merged)
