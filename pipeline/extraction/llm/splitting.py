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


def excerpted(document: Document, chunk: Chunk, spans: Sequence[Span]) -> Chunk:
    """A chunk of which only the parts and table rows are shown that some spans touch, with the headings above them and the
    headers of their tables. It keeps the chunk's id and span."""
    parts: list[Part] = []
    for place, part in enumerate(chunk.parts):
        if _opens(part) or not (kept := _touched(part, spans)):
            continue
        parts += [heading for heading in _headings(chunk.parts[:place]) if heading not in parts]
        parts.append(kept)
    shown = sorted({*(span for part in parts for span in _excerpts(part)), *_outside(chunk, spans)})
    if not shown:
        return chunk
    path = parts[0].path if parts else chunk.path
    headers = [line for part in parts if isinstance(part, Table) for line in _context_lines(document, chunk, part)]
    context = chunk.context if chunk.parts and parts and parts[0].span.start == chunk.parts[0].span.start else ""
    lines = [line for line in dict.fromkeys(headers) if line not in context]
    joined = "\n".join(([context] if context.strip() else []) + lines)
    return replace(chunk, parts=tuple(parts), path=path, context=joined, excerpts=_merged(document, shown))


def _touched(part: Part, spans: Sequence[Span]) -> Part | None:
    """A part that some spans touch, of a table the rows that they touch."""
    if not any(part.span.overlaps(span) for span in spans):
        return None
    if isinstance(part, Block):
        return part
    rows = tuple(row for row in part.body if any(row.span.overlaps(span) for span in spans))
    return replace(part, rows=(*part.rows[: part.header_rows], *rows)) if rows else part


def _headings(before: Sequence[Part]) -> list[Part]:
    """The headings that what follows some parts stands under."""
    found: list[Part] = []
    level: int | None = None
    for part in reversed(before):
        if isinstance(part, Block) and part.kind is BlockKind.HEADING and (level is None or part.level < level):
            found.append(part)
            level = part.level
    return found[::-1]


def _excerpts(part: Part) -> Iterator[Span]:
    """What of a part's text is shown."""
    if isinstance(part, Block) or not part.body:
        yield part.span
        return
    filled = [row.span for row in part.body if row.span.stop]
    yield from filled


def _context_lines(document: Document, chunk: Chunk, part: Table) -> Iterator[str]:
    """The lines of a table's header."""
    yield from (line for line in header_lines(document, part) if chunk.parts)


def _outside(chunk: Chunk, spans: Sequence[Span]) -> Iterator[Span]:
    """The spans that stand in no part."""
    yield from (span for span in spans if not any(part.span.overlaps(span) for part in chunk.parts))


def _merged(document: Document, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans in reading order, those joined between which nothing is printed."""
    merged: list[Span] = []
    for span in spans:
        if merged and not document.text[merged[-1].stop : span.start].strip():
            merged[-1] = Span(merged[-1].start, max(merged[-1].stop, span.stop))
        else:
            merged.append(span)
    return tuple(merged)


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
