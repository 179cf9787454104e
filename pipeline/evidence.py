"""Grounding: what a document offers as evidence: its numerals with their places, its words, and the region of a quote."""

from __future__ import annotations

import bisect
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain, starmap
from operator import itemgetter

from pipeline.flow import Block, BlockKind, Cell, Document, Layout, Row, Table
from pipeline.layout.form_labels import named_on_line, project_cell
from pipeline.printed_places import Place, places_of
from schemas.labels import field_labels
from schemas.orders import order_in, suspects
from schemas.values import INVISIBLE, SEPARATORS, Span, from_parts, squeeze

_PRINTED = re.compile(rf"[^\s{INVISIBLE}]+")
_FULL_WIDTH = ord("０") - ord("0")
_ENDS = re.compile(r"[。！？!?]")
_ENTRY_LEVEL = 3
"""The deepest level (1.) at which entries are numbered; deeper headings (（1）) are items of one."""
_LONGEST_FORM = 20
"""Tables and lines that one form is made of at most."""
_LONGEST_LINE_IN_FORM = 30


class Evidence:
    """A document's numerals, words and regions, indexed once."""

    def __init__(self, document: Document, layout: Layout) -> None:
        self.document = document
        self._parts = [(p.span, p) for p in layout.parts]
        self._starts = [s.start for s, _ in self._parts]
        words = (word.span() for word in _PRINTED.finditer(document.text))
        self._offsets = list(chain.from_iterable(starmap(range, words)))
        self.squeezed = _printed(document.text)
        self._furniture = layout.furniture
        self.places = sorted(places_of(layout), key=itemgetter(0))  # by span
        self._place_starts = [p[0][0] for p in self.places]  # where each begins
        self._filled_rows: dict[int, list[tuple[Span, Row]]] = {}
        self._held: dict[str, bool] = {}
        self._flat: dict[str, str] = {}
        self._fields: dict[tuple[str, int], str | None] = {}

    @cached_property
    def _project_cells(self) -> list[Cell | None]:
        return [project_cell(part) if isinstance(part, Table) else None for _, part in self._parts]

    @cached_property
    def unquoted(self) -> str:
        """The squeezed text without quotation marks."""
        return unquoted(self.squeezed)

    def holds(self, words: str) -> bool:
        """Whether words stand in the text, white space and quotation marks aside; looked for once, as labels come again."""
        held = self._held.get(words)
        if held is None:
            bare = squeeze(words)
            held = self._held[words] = bare in self.squeezed or unquoted(bare) in self.unquoted
        return held

    def flat(self, words: str) -> str:
        """Words of the text without white space and quotation marks; made once, as cells, labels and headings come again."""
        flat = self._flat.get(words)
        if flat is None:
            flat = self._flat[words] = unquoted(squeeze(words))
        return flat

    @cached_property
    def usual_year(self) -> int | None:
        """The year that the text names most often, None where it names none."""
        years = Counter(re.findall(r"((?:19|20)\d\d)年", self.squeezed)).most_common(1)
        return int(years[0][0]) if years else None

    def prints(self, digits: str) -> bool:
        """Whether digits stand in the text, full-width forms and separators between them aside."""
        if digits in self.document.text:
            return True
        spaced = f"[{SEPARATORS}]*".join(f"[{digit}{chr(ord(digit) + _FULL_WIDTH)}]" for digit in digits)
        return re.search(spaced, self.document.text) is not None

    @cached_property
    def _suspects(self) -> list[int]:
        return suspects(self.document.text)

    @cached_property
    def _suspected(self) -> tuple[list[int], list[int]]:
        """The blocks, and the places outside of blocks, at which suspicious words stand: where each begins and ends."""
        found = dict.fromkeys(
            part.span if isinstance(part := self.part_at(place), Block) else Span(place, place + 1)
            for place in self._suspects
        )
        return [start for start, _ in found], [stop for _, stop in found]

    def order_around(self, span: Span) -> str | None:
        """The order to its reader that the sentences of a span give, None where they give none."""
        starts, stops = self._suspected
        first = bisect.bisect_right(stops, span.start)
        if first == len(starts) or starts[first] >= span.stop:
            return None
        part = self.part_at(span.start)
        start, stop = part.span if isinstance(part, Block) else span
        near = bisect.bisect_left(self._suspects, start)
        if near == len(self._suspects) or self._suspects[near] >= max(stop, span.stop):
            return None
        return order_in(self.sentences(span))

    def find(self, quote: str, within: Span) -> Span | None:
        """Where a quote stands inside a span, white space aside and, where it runs over a page's end, the page's
        furniture; the first place, None where it stands nowhere."""
        wanted = _printed(quote)
        found = next(_found(wanted, self.squeezed, self._offsets, within), None)
        if found is None and self._furniture:
            return next(_found(wanted, *self._without_furniture, within), None)
        return found

    def find_all(self, quote: str, within: Span) -> list[Span]:
        """Every place where a quote stands inside a span, white space aside, in order and without overlap."""
        wanted = _printed(quote)
        found = list(_found(wanted, self.squeezed, self._offsets, within))
        if self._furniture:
            rest = Span(found[-1].stop if found else within.start, within.stop)
            found += _found(wanted, *self._without_furniture, rest)
        return found

    def part_at(self, place: int) -> Block | Table | None:
        """The block or table that holds a place of the text."""
        index = bisect.bisect_right(self._starts, place) - 1
        if index < 0 or self._parts[index][0].stop <= place:
            return None
        return self._parts[index][1]

    @cached_property
    def _without_furniture(self) -> tuple[str, list[int]]:
        words: list[str] = []
        offsets: list[int] = []
        low = 0
        for start, stop in (*sorted(self._furniture), Span(len(self.document.text), len(self.document.text))):
            high = max(low, bisect.bisect_left(self._offsets, start))
            words.append(self.squeezed[low:high])
            offsets += self._offsets[low:high]
            low = max(low, bisect.bisect_left(self._offsets, stop))
        return "".join(words), offsets

    def sentences(self, span: Span) -> str:
        """The sentences of prose that a span stands in, whole; in a table the span alone."""
        return self.document.slice(self.sentence(span))

    def sentence(self, span: Span) -> Span:
        """Where the sentences of prose stand that a span touches; in a table the span alone."""
        part = self.part_at(span.start)
        if not isinstance(part, Block):
            return span
        start = max(
            (m.end() for m in _ENDS.finditer(self.document.text, part.span.start, span.start)),
            default=part.span.start,
        )
        end = _ENDS.search(self.document.text, max(span.stop - 1, start))
        stop = max(span.stop, min(part.span.stop, end.end())) if end else max(span.stop, part.span.stop)
        return Span(start, stop)

    def around(self, span: Span) -> str:
        """The squeezed text of a span, for aligning prose."""
        low = bisect.bisect_left(self._offsets, span.start)
        high = bisect.bisect_left(self._offsets, span.stop)
        return self.squeezed[low:high]

    def part(self, span: Span, start: int, stop: int) -> Span:
        """The place of the squeezed characters [start, stop) of a span; bounds beyond it are its own."""
        low = bisect.bisect_left(self._offsets, span.start)
        high = bisect.bisect_left(self._offsets, span.stop)
        first, last = low + max(start, 0), min(low + stop, high) - 1
        return Span(self._offsets[first], self._offsets[last] + 1) if first <= last else Span(span.start, span.start)

    def numeral_at(self, span: Span) -> Place | None:
        """The numeral whose digits stand exactly at a span."""
        return self._by_span.get(span)

    @cached_property
    def _by_span(self) -> dict[Span, Place]:
        """The numerals by where they stand; of two at one place, the first."""
        return {place.span: place for place in reversed(self.places)}

    def numerals_in(self, region: Sequence[Span]) -> Iterator[Place]:
        """The numerals inside the spans of a region, in reading order."""
        return _inside(self.places, self._place_starts, region)

    def equal_in(self, region: Sequence[Span], value: Decimal) -> Iterator[Place]:
        """Those of the numerals inside the spans of a region that have a value, in reading order."""
        return _inside(*self._by_value.get(value, _NONE), region)

    @cached_property
    def _by_value(self) -> dict[Decimal, tuple[list[Place], list[int]]]:
        """The numerals of each value, and where each begins."""
        found: defaultdict[Decimal, tuple[list[Place], list[int]]] = defaultdict(lambda: ([], []))
        for place, start in zip(self.places, self._place_starts, strict=True):
            places, starts = found[place.value]
            places.append(place)
            starts.append(start)
        return found

    def region(self, quote: Span) -> list[Span]:
        """Where the figures of a record may stand: its quote; the table rows that the quote touches; and, where the
        quote holds the heading of a numbered entry, the items of that entry up to the next heading.

        The entry is the row's equal in prose: a project's budget, spending and satisfaction stand in items of their
        own below its name, and a quote that had to span them all would have to repeat pages of text. A heading with
        entries below it (a chapter, a group of projects) is none itself: it would lend one entry's figures to another.
        """
        spans = [quote]
        index = max(0, bisect.bisect_right(self._starts, quote.start) - 1)
        while index < len(self._parts) and self._parts[index][0].start < quote.stop:
            span, part = self._parts[index]
            if isinstance(part, Table):
                spans += [row.span for row in self._rows_at(index, part, quote)]
            elif part.kind is BlockKind.HEADING and span.overlaps(quote):
                spans.append(self._entry(index))
            index += 1
        return spans

    def of_project(self, quote: Span) -> list[Span]:
        """Where the figures of a project may stand beside the region of its quote: the rows of the form that names it, as a
        form is one project's, whose money stands by source in rows of its own (其中：财政拨款, 其他资金); and the whole of a
        numbered item that the quote begins."""
        first = max(0, bisect.bisect_right(self._starts, quote.start) - 1)
        last = bisect.bisect_left(self._starts, quote.stop)
        touched = [part for _, part in self._parts[first:last]]
        spans = [p.span for p in touched if isinstance(p, Block) and _begins(p, quote)]
        if self.project_named(quote) is not None:
            spans += [row.span for p in touched if isinstance(p, Table) for row in p.rows if row.span.stop]
        return spans

    def _rows_at(self, index: int, table: Table, quote: Span) -> list[Row]:
        """The rows of the table at an index of the parts that a quote touches."""
        filled = self._filled_rows.get(index)
        if filled is None:
            filled = self._filled_rows[index] = [(row.span, row) for row in table.rows if row.span.stop]
        first, last = quote
        return [row for (start, stop), row in filled if start < last and first < stop]

    def cells(self, quote: Span) -> Iterator[str]:
        """The texts of the cells in the table rows that a quote touches, for cells whose lines others interrupt."""
        index = max(0, bisect.bisect_right(self._starts, quote.start) - 1)
        while index < len(self._parts) and self._parts[index][0].start < quote.stop:
            part = self._parts[index][1]
            if isinstance(part, Table):
                yield from (cell.text for row in self._rows_at(index, part, quote) for cell in row.cells)
            index += 1

    def project_named(self, quote: Span) -> str | None:
        """The project that the form around a quote names above it (项目名称, or a name in brackets on a line of its
        own): the nearest one, with no prose between."""
        index = bisect.bisect_right(self._starts, quote.start) - 1
        if index < 0 or isinstance(self._parts[index][1], Block):
            return None
        for back in range(index, max(-1, index - _LONGEST_FORM), -1):
            part = self._parts[back][1]
            cell = self._project_cells[back]
            if cell is not None and cell.span.start < quote.start:
                return cell.text
            if isinstance(part, Block):
                named = named_on_line(part.text)
                if named is not None or len(part.text) > _LONGEST_LINE_IN_FORM:
                    return named
        return None

    def _entry(self, index: int) -> Span:
        heading = self._parts[index][1]
        assert isinstance(heading, Block)
        stop = index + 1
        while stop < len(self._parts):
            part = self._parts[stop][1]
            if isinstance(part, Table):
                break
            if part.kind is BlockKind.HEADING and part.level <= max(heading.level, _ENTRY_LEVEL):
                if part.level > heading.level:
                    return self._parts[index][0]
                break
            stop += 1
        return Span(self._parts[index][0].start, self._parts[stop - 1][0].stop)

    def field_at(self, record_type: str, place: Place) -> str | None:
        """The field of a record type that one of the numerals is printed as, told once: those of a row are asked about again."""
        key = record_type, id(place)
        if key not in self._fields:
            self._fields[key] = field_labels(record_type).field_of(place.before, place.row, place.role)
        return self._fields[key]


def _printed(text: str) -> str:
    """Text without white space and characters that print nothing."""
    bare = squeeze(text)
    return bare if bare.isprintable() else "".join(_PRINTED.findall(text))


def _begins(item: Block, quote: Span) -> bool:
    """Whether a quote begins a numbered item, its mark aside."""
    return bool(item.mark) and item.span.start <= quote.start <= item.span.start + len(item.mark) + 1


_NONE: tuple[list[Place], list[int]] = ([], [])


def _inside(places: Sequence[Place], starts: Sequence[int], region: Iterable[Span]) -> Iterator[Place]:
    """Those of sorted numerals that stand inside the spans of a region; ``starts`` is where each begins."""
    for start, stop in region:
        for index in range(bisect.bisect_left(starts, start), bisect.bisect_left(starts, stop)):
            if places[index][0][1] <= stop:  # its span's end
                yield places[index]


def _found(wanted: str, squeezed: str, offsets: list[int], within: Span) -> Iterator[Span]:
    """Each place inside a span where squeezed words stand, in order and without overlap."""
    low = bisect.bisect_left(offsets, within.start)
    high = bisect.bisect_left(offsets, within.stop, low)
    while wanted and (at := squeezed.find(wanted, low, high)) >= 0:
        low = at + len(wanted)
        yield from_parts(Span, (offsets[at], offsets[low - 1] + 1))


_QUOTATION = "“”‘’\"'「」『』"
_QUOTED = re.compile(f"[{_QUOTATION}]")


def unquoted(text: str) -> str:
    """Text without quotation marks."""
    if _QUOTED.search(text):
        for sign in _QUOTATION:
            text = text.replace(sign, "")  # str.translate takes ten times as long, as most characters are in no table
    return text


def evidence_for(document: Document, layout: Layout) -> Evidence:
    """The evidence of a document."""
    return Evidence(document, layout)
