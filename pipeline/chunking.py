"""Chunking: pieces of a report that are read at once, cut between blocks and table rows, each knowing where it stands."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from itertools import groupby
from typing import NamedTuple

from pipeline.flow import Block, BlockKind, Cell, Chunk, Document, Layout, Row, Table, View
from pipeline.numerals import find_numerals
from schemas.columns import column_role
from schemas.registry import RECORD_TYPES
from schemas.values import Span
from schemas.word_files import load_vocabulary

TARGET = 1_200
"""Characters that a chunk is filled up to; one block or table row may be longer."""
LARGE = 15_000
"""Characters that chunks for a model are filled up to, as each request repeats the rules and the guides."""
REPLY = 0.5
"""Tokens of the expected reply for each character that such a chunk may hold: with the usual size 7,500, of the 8,192 that a
reply may have, so that few replies are cut off and asked for again in halves."""
FIGURE = 24
"""Tokens that a model's reply has for each figure of the text, fitted to gold annotations; the length of the text says less."""
_FIGURE_UNDER = {"option": 36, "target": 17, "actual": 17}
"""The same for tables with a column of such a role: an answer's figures come with its words, targets and results are quoted
whole and scores beside them are short."""
_ENOUGH = 0.9
"""How full a chunk for a model is to be before a section that does not fit begins another."""
_SLACKS = (1.05, 1.15, 1.3)
"""How much larger than their even share the chunks of a report may be, as cuts cannot be even."""

_SENTENCE = re.compile(r"[^。；;！？!?]*(?:[。；;！？!?]+|\Z)")
_HARD_STEP = 4 * TARGET
_WINDOW = 64
"""Characters around a cut that tell whether it falls into a number; no number is longer."""


def expected_reply(text: str) -> int:
    """The tokens that a model's reply to a text may have."""
    return FIGURE * sum(1 for _ in find_numerals(text))


class _Size(NamedTuple):
    """How large something is: the characters of its text, and the tokens that a model's reply to it may have."""

    text: int
    reply: int

    def plus(self, other: _Size) -> _Size:
        """The size of both together."""
        return _Size(self.text + other.text, self.reply + other.reply)


_NOTHING = _Size(0, 0)


class _Room(NamedTuple):
    """What a chunk may hold: characters, and tokens of the reply to it (infinite where no model is asked)."""

    text: int
    reply: float

    def holds(self, size: _Size) -> bool:
        """Whether something of that size fits."""
        return size.text <= self.text and size.reply <= self.reply

    def filled(self, size: _Size) -> float:
        """The share of it that something of that size takes."""
        return max(size.text / self.text, size.reply / self.reply)

    def size(self, parts: Sequence[Block | Table]) -> _Size:
        """How large parts are."""
        return _Size(sum(map(_length, parts)), 0 if self.reply == math.inf else sum(map(_reply_to, parts)))

    def row_size(self, row: Row, figure: int) -> _Size:
        """How large a table row is."""
        return _Size(row.span.stop - row.span.start, 0 if self.reply == math.inf else _reply_to_row(row, figure))


class _Section(NamedTuple):
    """A heading with what stands under it, and how large they are together."""

    parts: list[Block | Table]
    size: _Size


def _reply_to(part: Block | Table) -> int:
    if isinstance(part, Table):
        figure = _figure_in(part)
        return sum(_reply_to_row(row, figure) for row in part.body)
    return FIGURE * len(part.numerals)


def _figure_in(table: Table) -> int:
    """The tokens that a reply has for each figure of a table."""
    roles = set(_roles(table))
    return next((tokens for role, tokens in _FIGURE_UNDER.items() if role in roles), FIGURE)


def _reply_to_row(row: Row, figure: int) -> int:
    return figure * sum(len(cell.numerals) for cell in row.cells)


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
    """Sections packed into chunks; another report always begins one."""
    room = _Room(target, target * REPLY if target > TARGET else math.inf)
    for _, sections in groupby(_sections(layout), key=lambda section: layout.report_at(_span(section[0]).start)):
        held = [_Section(parts, room.size(parts)) for parts in sections]
        yield from _filled(held, room, 0) if target <= TARGET else _alike(held, room)


def _alike(sections: Sequence[_Section], room: _Room) -> list[list[Block | Table]]:
    """Sections in as few chunks for a model as they can be had in, and those as alike as can be, so that no reply to one is cut
    off while another's is short."""
    fewest = list(_filled(sections, room, math.inf))
    if len(fewest) < 2:
        return fewest
    even = room.filled(reduce(_Size.plus, (section.size for section in sections))) / len(fewest)
    for share in (even * slack for slack in _SLACKS if even * slack < 1):
        alike = list(_filled(sections, _Room(int(room.text * share), room.reply * share), _ENOUGH))
        if len(alike) <= len(fewest):
            return alike
    return fewest


def _filled(sections: Sequence[_Section], room: _Room, enough: float) -> Iterator[list[Block | Table]]:
    """Chunks filled with sections. One that does not fit and a top heading begin a chunk where the one before is full enough,
    else that is filled up with what fits."""
    current: list[Block | Table] = []
    size = _NOTHING
    for section, whole in sections:
        top = isinstance(section[0], Block) and section[0].kind is BlockKind.HEADING and section[0].level == 1
        if current and room.filled(size) >= enough and (top or not room.holds(size.plus(whole))):
            yield current
            current, size = [], _NOTHING
        fits = room.holds(size.plus(whole))
        for piece in [section] if fits else _pieces(section, room):
            more = whole if fits else room.size(piece)
            if current and not room.holds(size.plus(more)):
                yield current
                current, size = [], _NOTHING
            current += piece
            size = size.plus(more)
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


def _pieces(section: Sequence[Block | Table], room: _Room) -> Iterator[list[Block | Table]]:
    """What a section may be cut into where it exceeds what is left of a chunk: its blocks, each with the headings above it,
    groups of table rows, and sentences of endless paragraphs."""
    headings: list[Block | Table] = []
    for part in section:
        if isinstance(part, Block) and part.kind is BlockKind.HEADING and part is not section[-1]:
            headings.append(part)
            continue
        for cut in _cut(part, room):
            yield [*headings, cut]
            headings = []


def _cut(part: Block | Table, room: _Room) -> Iterator[Block | Table]:
    """What a part may be cut into."""
    if isinstance(part, Table):
        yield from _row_groups(part, room)
    elif len(part.text) > _HARD_STEP:
        yield from (replace(part, view=view) for view in _sentences(part.view, room.text))
    else:
        yield part


def _row_groups(table: Table, room: _Room) -> Iterator[Table]:
    """The table cut between rows; every group keeps the header rows and covers its own rows only."""
    if room.holds(room.size([table])) or not table.body:
        yield table
        return
    group: list[int] = []
    size = _NOTHING
    first = True
    figure = _figure_in(table)
    for index, row in enumerate(table.body):
        more = room.row_size(row, figure)
        if group and not room.holds(size.plus(more)):
            yield _group(table, group, first=first)
            group, size, first = [], _NOTHING, False
        group.append(index)
        size = size.plus(more)
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
