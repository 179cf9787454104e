"""Extraction (llm): halves a chunk whose reply does not fit, between blocks or table rows, never inside one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.flow import Block, Chunk, Document, Table
from schemas.values import Span

Part = Block | Table


def split(document: Document, chunk: Chunk) -> tuple[Chunk, ...]:
    """Two chunks that together cover the chunk's text, or none where it holds a single block or row.

    Both keep the chunk's id. A table that is cut repeats its caption, unit and header in the second half's context.
    """
    cuts = sorted({cut for cut in _cuts(chunk.parts) if chunk.span.start < cut < chunk.span.stop})
    if not cuts:
        return ()
    middle = (chunk.span.start + chunk.span.stop) // 2
    cut = min(cuts, key=lambda place: abs(place - middle))
    first = replace(
        chunk,
        span=Span(chunk.span.start, cut),
        parts=tuple(_before(chunk.parts, cut)),
        excerpts=tuple(Span(e.start, min(e.stop, cut)) for e in chunk.excerpts if e.start < cut),
    )
    second = replace(
        chunk,
        span=Span(cut, chunk.span.stop),
        parts=tuple(_after(chunk.parts, cut)),
        context=_context(document, chunk, cut),
        excerpts=tuple(Span(max(e.start, cut), e.stop) for e in chunk.excerpts if e.stop > cut),
    )
    return first, second


def _cuts(parts: Sequence[Part]) -> Iterator[int]:
    """Places where a part or a body row starts, behind the first of them."""
    starts = [place for part in parts for place in _starts(part)]
    yield from starts[1:]


def _starts(part: Part) -> Iterator[int]:
    """Where a block starts; of a table, where it and each body row but the first start."""
    yield part.span.start
    if isinstance(part, Table):
        rows = [row.span for row in part.body if any(cell.text for cell in row.cells)]
        yield from (row.start for row in rows[1:])


def _before(parts: Sequence[Part], cut: int) -> Iterator[Part]:
    """The parts in front of a cut, of a table that it divides the rows in front of it."""
    for part in parts:
        if part.span.stop <= cut:
            yield part
        elif part.span.start < cut and isinstance(part, Table):
            rows = (*part.rows[: part.header_rows], *(row for row in part.body if row.span.start < cut))
            yield replace(part, rows=rows, span=Span(part.span.start, cut))


def _after(parts: Sequence[Part], cut: int) -> Iterator[Part]:
    """The parts behind a cut, of a table that it divides the header and the rows behind it."""
    for part in parts:
        if part.span.start >= cut:
            yield part
        elif part.span.stop > cut and isinstance(part, Table):
            rows = (*part.rows[: part.header_rows], *(row for row in part.body if row.span.start >= cut))
            yield replace(part, rows=rows, span=Span(cut, part.span.stop))


def _context(document: Document, chunk: Chunk, cut: int) -> str:
    """The context of the half behind a cut: the chunk's own, and the header of a table that the cut divides."""
    lines = [chunk.context] if chunk.context.strip() else []
    for part in chunk.parts:
        if isinstance(part, Table) and part.span.start < cut < part.span.stop:
            lines += [line for line in header_lines(document, part) if line not in chunk.context]
    return "\n".join(lines)


def header_lines(document: Document, table: Table) -> Iterator[str]:
    """Caption, unit line and header rows of a table."""
    if table.caption:
        yield table.caption
    if table.unit_span:
        yield document.slice(table.unit_span)
    elif table.unit:
        yield f"单位：{table.unit}"
    for row in table.rows[: table.header_rows]:
        if line := " | ".join(cell.text for cell in row.cells if cell.text):
            yield line
