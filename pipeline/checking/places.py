"""Checking: where a figure stands: its sentence, table, table row and the budget account that its chapter is about."""

from __future__ import annotations

import re
from bisect import bisect_right

from pipeline.checking.vocabulary import words
from pipeline.flow import BlockKind, Document, Layout
from schemas.values import Span, squeeze

_STOPS = "。！？"
_STOP = re.compile(f"[{_STOPS}]")
_CLAUSE = re.compile(f"[{_STOPS}；;]")
_BRACKETED = re.compile(r"[（(][^（()）]*[）)]")
_OPENS = re.compile(r"[（(]")
_CHAPTER = re.compile(r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])[^\n]{0,60}$", re.MULTILINE)
_TOP_MARK = re.compile(r"^[一二三四五六七八九十]+、")


class Places:
    """Boundaries of a document, each looked up by bisection.

    A sentence ends at 。 and with its paragraph or item; a table is one passage whatever stands in it, except that a
    cell of whole sentences is divided like prose. Where the layout is empty, sentences and chapter lines of the text
    alone divide it.
    """

    def __init__(self, document: Document, layout: Layout) -> None:
        self._text = document.text
        tables = [t for t in layout.tables if t.span.stop]
        self._tables = sorted((t.span for t in tables), key=lambda s: s.start)
        self._table_starts = [s.start for s in self._tables]
        self._captions = [t.caption or "" for t in sorted(tables, key=lambda t: t.span.start)]
        self._rows = sorted({r.span for t in tables for r in t.rows if r.span.stop}, key=lambda s: s.start)
        self._row_starts = [s.start for s in self._rows]
        self._prose = sorted(c.span for t in tables for r in t.rows for c in r.cells if c.text and _STOP.search(c.text))
        self._prose_starts = [s.start for s in self._prose]
        edges = [e for b in layout.blocks if b.text for e in b.span] + [e for s in self._tables for e in s]
        edges += [e for s in self._prose for e in s]
        edges += [m.start() for m in _CHAPTER.finditer(self._text)] if not layout.parts else []
        ends = self._ends()
        self._sentences = sorted({0, *edges, *(m.end() for m in ends if m[0] in _STOPS)})
        self._clauses = sorted({0, *edges, *(m.end() for m in ends)})
        self._paragraphs = sorted({0, *edges})
        self._blocks = sorted(((b.span.start, b) for b in layout.blocks if b.text), key=lambda x: x[0])
        self._block_starts = [start for start, _ in self._blocks]
        self._accounts = self._read_accounts(layout)
        self._account_starts = [place for place, _ in self._accounts]

    def _ends(self) -> list[re.Match[str]]:
        """The marks that end a sentence or clause of prose."""
        ends = _CLAUSE.finditer(self._text)
        if not self._tables:
            return list(ends)
        return [m for m in ends if self._in_prose_cell(m.start()) or self.table(m.start()) is None]

    def _in_prose_cell(self, place: int) -> bool:
        index = bisect_right(self._prose_starts, place) - 1
        return index >= 0 and place < self._prose[index].stop

    def sentence(self, place: int) -> int:
        """Number of the sentence (or table) that a place stands in."""
        return bisect_right(self._sentences, place)

    def clause(self, place: int) -> int:
        """Number of the clause between 。 and ； that a place stands in."""
        return bisect_right(self._clauses, place)

    def paragraph(self, place: int) -> int:
        """Number of the paragraph, item or table that a place stands in; one for all where the layout is empty."""
        return bisect_right(self._paragraphs, place)

    def paragraph_start(self, place: int) -> int:
        """Where the paragraph, item or table that a place stands in begins."""
        return self._paragraphs[bisect_right(self._paragraphs, place) - 1]

    def clause_span(self, place: int) -> Span:
        """The clause that a place stands in."""
        return self._span(self._clauses, place)

    def row_span(self, place: int) -> Span | None:
        """The table row that a place stands in, None in prose."""
        index = self.row(place)
        return None if index is None else self._rows[index]

    def sentence_span(self, place: int) -> Span:
        """The sentence that a place stands in."""
        return self._span(self._sentences, place)

    def _span(self, boundaries: list[int], place: int) -> Span:
        index = bisect_right(boundaries, place)
        stop = boundaries[index] if index < len(boundaries) else len(self._text)
        return Span(boundaries[index - 1], stop)

    def table(self, place: int) -> int | None:
        """Number of the table that a place stands in, None in prose."""
        index = bisect_right(self._table_starts, place) - 1
        return index if index >= 0 and place < self._tables[index].stop else None

    def caption(self, place: int) -> str:
        """The caption of the table that a place stands in; empty in prose and where none is printed."""
        index = self.table(place)
        return "" if index is None else self._captions[index]

    def row(self, place: int) -> int | None:
        """Number of the table row that a place stands in, None in prose and in a cell of whole sentences."""
        index = bisect_right(self._row_starts, place) - 1
        inside = index >= 0 and place < self._rows[index].stop
        return index if inside and not self._in_prose_cell(place) else None

    def between(self, start: int, stop: int) -> str:
        """The text between two places, white space removed; at most its last 400 characters."""
        return squeeze(self._text[max(start, stop - 400) : stop]) if start < stop else ""

    def before(self, place: int, length: int) -> str:
        """The characters just before a place, white space removed."""
        return squeeze(self._text[max(0, place - 2 * length) : place])[-length:]

    def after(self, place: int, length: int) -> str:
        """The characters just after a place, white space removed."""
        return squeeze(self._text[place : place + 2 * length])[:length]

    def account(self, place: int) -> str | None:
        """The one budget account (一般公共预算, 政府性基金 …) that the chapter of a place is about, None for all of them."""
        index = bisect_right(self._account_starts, place) - 1
        return self._accounts[index][1] if index >= 0 else None

    def is_about_item(self, place: int) -> bool:
        """Whether the block of a place is about one project or part: its last heading or its own first sentence is a name,
        or it is an item that a name and a colon begin (（1）基本支出：).

        False where the layout is empty.
        """
        index = bisect_right(self._block_starts, place) - 1
        if index < 0:
            return False
        block = self._blocks[index][1]
        if not block.span.start <= place < block.span.stop:
            return False
        head = words().item_head.match(block.title) if block.kind is BlockKind.ITEM else None
        if head is not None and not words().whole.search(head[0]):
            return True
        names = [*block.path[-1:], block.title.split("。")[0]] if "。" in block.title else [*block.path[-1:]]
        return any(words().item_name.search(n.strip()) for n in names)

    def _read_accounts(self, layout: Layout) -> list[tuple[int, str | None]]:
        """Chapters of the highest level in order, with the account that their heading names."""
        if layout.parts:
            headings = [
                (b.span.start, b.text) for b in layout.blocks if b.kind is BlockKind.HEADING and _TOP_MARK.match(b.text)
            ]
            headings += [(s.start, "") for segment in layout.segments for s in segment.spans[:1]]
        else:
            headings = [(m.start(), m[0]) for m in _CHAPTER.finditer(self._text) if _TOP_MARK.match(m[0])]
        known = words()
        found: list[tuple[int, str | None]] = []
        for place, text in sorted(headings):
            match = known.accounts.search(text) if known.account_heading.search(text.strip()) else None
            found.append((place, match[0] if match else None))
        return found


def without_brackets(text: str) -> str:
    """Text without what stands in brackets, so that a list's own separators remain."""
    previous = None
    while previous != text and _OPENS.search(text):
        previous, text = text, _BRACKETED.sub("", text)
    return text
