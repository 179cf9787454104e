"""Chunking: pieces of a report that are read at once, cut between blocks and table rows, each knowing where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipeline.flow import Block, BlockKind, Cell, Chunk, Document, Layout, Table, View
from pipeline.numerals import find_numerals
from schemas.columns import column_role
from schemas.registry import RECORD_TYPES
from schemas.values import Span
from schemas.word_files import load_vocabulary

TARGET = 1_200
"""Characters that a chunk is filled up to; one block or table row may be longer."""
LARGE = 7_000
"""Characters that chunks for a model are filled up to, as each request repeats the rules and the guides."""

_SENTENCE = re.compile(r"[^。；;！？!?]*(?:[。；;！？!?]+|\Z)")
_HARD_STEP = 4 * TARGET
_WINDOW = 64
"""Characters around a cut that tell whether it falls into a number; no number is longer."""


@dataclass(frozen=True, slots=True)
class _Route:
    """The signs of a record type in headings, text and column roles."""

    text: re.Pattern[str] | None
    headings: re.Pattern[str] | None
    roles: frozenset[str]
    figures: bool
    first: bool


@cache
def _routes() -> dict[str, _Route]:
    data = load_vocabulary("routing")
    return {
        name: _Route(
            text=re.compile("|".join(entry["text"])) if entry.get("text") else None,
            headings=re.compile("|".join(entry["headings"])) if entry.get("headings") else None,
            roles=frozenset(entry.get("roles", ())),
            figures=entry["figures"],
            first=entry.get("first", False),
        )
        for name, entry in data.items()
    }


def chunk(document: Document, layout: Layout, *, target: int = TARGET) -> tuple[Chunk, ...]:
    """The chunks of a document in reading order; together they hold every block and table row once.

    A cut stands between sections where it can, else between blocks, between rows of a table, or between sentences of
    a paragraph longer than four chunks; never inside a row, a number, or an item that is not longer than that. The
    rows of a continued table carry its header and unit in ``context``.
    """
    chunks: list[Chunk] = []
    seen: set[str] = set()
    for parts in _pack(layout, target):
        spans = [_span(p) for p in parts]
        start = min(s.start for s in spans)
        stop = max(s.stop for s in spans)
        report = layout.report_at(start)
        chunks.append(
            Chunk(
                chunk_id=f"{document.document_id}-{len(chunks):04d}",
                index=len(chunks),
                report_id=report,
                span=Span(start, stop),
                parts=tuple(parts),
                path=parts[0].path,
                context=_context(parts[0]),
                record_types=route(parts, first=report not in seen),
            )
        )
        seen.add(report)
    return tuple(chunks)


def _span(part: Block | Table) -> Span:
    return part.span


def _pack(layout: Layout, target: int) -> Iterator[list[Block | Table]]:
    """Sections packed into chunks. Another report always begins one; a section that does not fit and a top heading do where
    the chunk before it is full enough, else the chunk is filled up with what fits."""
    enough = target * 3 // 4 if target > TARGET else 0
    current: list[Block | Table] = []
    size = 0
    for section in _sections(layout):
        length = sum(map(_length, section))
        top = isinstance(section[0], Block) and section[0].kind is BlockKind.HEADING and section[0].level == 1
        moved = bool(current) and layout.report_at(_span(section[0]).start) != layout.report_at(
            _span(current[-1]).start
        )
        if current and (moved or (size >= enough and (top or size + length > target))):
            yield current
            current, size = [], 0
        for piece in _pieces(section, target, target - size):
            length = sum(map(_length, piece))
            if current and size + length > target:
                yield current
                current, size = [], 0
            current += piece
            size += length
    if current:
        yield current


def _length(part: Block | Table) -> int:
    start, stop = _span(part)
    return stop - start


def _sections(layout: Layout) -> Iterator[list[Block | Table]]:
    """A heading of any level with what stands under it up to the next heading."""
    section: list[Block | Table] = []
    report = ""
    bare = True  # whether the section holds nothing but headings yet
    for part in layout.parts:
        here = layout.report_at(_span(part).start)
        starts = isinstance(part, Block) and part.kind is BlockKind.HEADING
        if section and ((starts and not bare) or here != report):
            yield section
            section, bare = [], True
        section.append(part)
        bare = bare and starts
        report = here
    if section:
        yield section


def _pieces(section: Sequence[Block | Table], target: int, room: int) -> Iterator[list[Block | Table]]:
    """What a section may be cut into where it exceeds the room that a chunk has left: its blocks, each with the headings
    above it, groups of table rows, and sentences of endless paragraphs."""
    if sum(map(_length, section)) <= room:
        yield list(section)
        return
    headings: list[Block | Table] = []
    for part in section:
        if isinstance(part, Block) and part.kind is BlockKind.HEADING and part is not section[-1]:
            headings.append(part)
            continue
        for cut in _cut(part, target):
            yield [*headings, cut]
            headings = []


def _cut(part: Block | Table, target: int) -> Iterator[Block | Table]:
    """What a part may be cut into."""
    if isinstance(part, Table):
        yield from _row_groups(part, target)
    elif len(part.text) > _HARD_STEP:
        yield from (replace(part, view=view) for view in _sentences(part.view, target))
    else:
        yield part


def _row_groups(table: Table, target: int) -> Iterator[Table]:
    """The table cut between rows; every group keeps the header rows and covers its own rows only."""
    if _length(table) <= target or not table.body:
        yield table
        return
    group: list[int] = []
    size = 0
    first = True
    body = table.body
    for index, row in enumerate(body):
        length = row.span.stop - row.span.start
        if group and size + length > target:
            yield _group(table, group, first=first)
            group, size, first = [], 0, False
        group.append(index)
        size += length
    yield _group(table, group, first=first)


def _group(table: Table, group: Sequence[int], *, first: bool) -> Table:
    """The table with some of its body rows; its span is theirs, with caption and header for the first group."""
    body = table.body
    rows = tuple(body[i] for i in group)
    spans = [r.span for r in rows if r.span.stop]
    kept = (*table.rows[: table.header_rows], *rows)
    if not spans:
        return replace(table, rows=kept)
    start = table.span.start if first else min(s.start for s in spans)
    return replace(table, rows=kept, span=Span(start, max(s.stop for s in spans)))


def _sentences(view: View, target: int) -> Iterator[View]:
    """An endless paragraph cut after sentences, and inside one only where no number stands."""
    start = 0
    for match in _SENTENCE.finditer(view.text):
        while match.end() - start > _HARD_STEP:
            cut = min(_outside_numbers(view.text, start + target), match.end())
            yield view.part(start, cut)
            start = cut
        if match.end() - start >= target:
            yield view.part(start, match.end())
            start = match.end()
    if start < len(view.text):
        yield view.part(start, len(view.text))


def _outside_numbers(text: str, cut: int) -> int:
    """The cut, or the end of the number with its unit that it would fall into."""
    around = find_numerals(text, max(0, cut - _WINDOW), min(len(text), cut + _WINDOW))
    return next((n.unit_stop for n in around if n.start < cut < n.unit_stop), cut)


def _context(part: Block | Table) -> str:
    """Caption, header rows and unit of the table that a chunk begins with, as lines of text."""
    if not isinstance(part, Table):
        return ""
    lines = [part.caption or ""]
    lines += [" | ".join(cell.text for cell in row.cells) for row in part.rows[: part.header_rows]]
    if part.unit:
        lines.append(f"单位：{part.unit}")
    return "\n".join(line for line in lines if line)


def route(parts: Sequence[Block | Table], *, first: bool = False) -> tuple[str, ...]:
    """The record types whose signs stand in the parts, in the registry's order."""
    text = "\n".join(_text(p) for p in parts)
    headings = "\n".join(h for p in parts for h in (*p.path, *_own_heading(p)))
    headings += "\n" + "\n".join(p.caption or "" for p in parts if isinstance(p, Table))
    roles = {role for p in parts if isinstance(p, Table) for role in _roles(p)}
    has_figures = next(find_numerals(text), None) is not None
    found = []
    for name in RECORD_TYPES:
        route = _routes()[name]
        if route.figures and not has_figures:
            continue
        if (
            (route.first and first)
            or (route.text and route.text.search(text))
            or (route.headings and route.headings.search(headings))
            or (route.roles & roles)
        ):
            found.append(name)
    return tuple(found)


def _own_heading(part: Block | Table) -> tuple[str, ...]:
    return (part.text,) if isinstance(part, Block) and part.kind is BlockKind.HEADING else ()


def _text(part: Block | Table) -> str:
    if isinstance(part, Block):
        return part.text
    return "\n".join(" ".join(cell.text for cell in row.cells) for row in part.rows)


def _roles(table: Table) -> Iterator[str]:
    cells: Iterator[Cell] = (cell for row in table.rows[: table.header_rows] for cell in row.cells)
    for cell in cells:
        role = column_role(cell.text)
        if role:
            yield role
