"""Extraction, offline: what every reader of a record type needs to know of the document."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from pipeline.extraction.offline.columns import Columns
from pipeline.flow import Block, BlockKind, Chunk, Document, Draft, Layout, Segment, Table, View
from pipeline.numerals import Numeral
from pipeline.quantities import quantity_of
from schemas.fields import MAX_QUOTE, Record
from schemas.values import Money, Quantity, Span, plain_number

_Found = TypeVar("_Found")

_YEAR = re.compile(r"((?:199|20\d)\d)\s?年")
_OF_YEAR = re.compile(r"[（(]?((?:199|20\d)\d)\s?年度[）)]?")


@dataclass(frozen=True)
class Context:
    """A document with its layout and chunks, and the look-ups that readers share."""

    document: Document
    layout: Layout
    chunks: Sequence[Chunk]

    @cached_property
    def _columns(self) -> dict[int, Columns]:
        return {}

    def columns(self, table: Table) -> Columns:
        """A table by its columns, worked out once for all readers."""
        found = self._columns.get(id(table))
        if found is None:
            found = self._columns[id(table)] = Columns(table)
        return found

    @cached_property
    def _known(self) -> dict[Callable[[Context], Any], Any]:
        return {}

    def once(self, what: Callable[[Context], _Found]) -> _Found:
        """What a reader works out of the whole document, worked out once for all who ask for it."""
        if what not in self._known:
            self._known[what] = what(self)
        found: _Found = self._known[what]
        return found

    @cached_property
    def _chunk_starts(self) -> list[int]:
        return [c.span.start for c in self.chunks]

    def chunk_at(self, place: int) -> str:
        """The id of the chunk that a place belongs to."""
        index = max(0, bisect.bisect_right(self._chunk_starts, place) - 1)
        return self.chunks[index].chunk_id

    @cached_property
    def years(self) -> Mapping[str, int | None]:
        """The fiscal year of each report: of its title, else the year that its opening names first; a form without a
        year is of the one year that the document's other reports are of."""
        own = {s.report_id: self._year_of(s) for s in self.layout.segments}
        known = {year for year in own.values() if year is not None}
        common = next(iter(known)) if len(known) == 1 else None
        return {report: year or common for report, year in own.items()}

    def _year_of(self, segment: Segment) -> int | None:
        if segment.title is not None and (match := _YEAR.search(segment.title.text)):
            return int(match[1])
        opening = self.document.slice(segment.spans[0])
        if match := _OF_YEAR.search(opening[:600]):
            return int(match[1])
        found = _YEAR.findall(opening[:20_000])
        return int(max(found, key=found.count)) if found else None

    def year_at(self, place: int) -> int | None:
        """The fiscal year of the report that a place belongs to."""
        return self.years.get(self.layout.report_at(place))

    def draft(self, record_type: str, record: Record, quote: Span, places: Mapping[str, Span] | None = None) -> Draft:
        """A record read at a place, with the digits of its figures."""
        return Draft(
            record_type=record_type,
            record=record,
            report_id=self.layout.report_at(quote.start),
            chunk_id=self.chunk_at(quote.start),
            places=places or {},
            quote_span=quote,
        )

    def quote(self, span: Span) -> str:
        """The verbatim text of a quote, cut where it is longer than a quote may be; grounding refuses such a record."""
        return self.document.slice(span)[:MAX_QUOTE]

    @cached_property
    def entries(self) -> tuple[tuple[Block, Sequence[Block | Table]], ...]:
        """Each heading or numbered item with the parts below it, up to the next heading of its level or higher, or the
        next item that is numbered like it."""
        return tuple(self._entries())

    def _entries(self) -> Iterator[tuple[Block, Sequence[Block | Table]]]:
        parts = self.layout.parts
        for index, part in enumerate(parts):
            if isinstance(part, Block) and part.kind is not BlockKind.PARAGRAPH:
                stop = index + 1
                while stop < len(parts) and not _ends_entry(part, parts[stop]):
                    stop += 1
                yield part, parts[index + 1 : stop]


def _ends_entry(head: Block, part: Block | Table) -> bool:
    if not isinstance(part, Block):
        return False
    if part.kind is BlockKind.HEADING:
        return part.level <= head.level
    return part.kind is BlockKind.ITEM and part.level == head.level


@dataclass(slots=True)
class Places:
    """Collects the digits' places of a record's figures while it is being read."""

    spans: dict[str, Span] = field(default_factory=dict)

    def money(self, name: str, view: View, numeral: Numeral, declared: str | None = None) -> Money:
        """An amount, its place noted under the field's name; ``declared`` is the unit of its header or caption."""
        self.spans[name] = view.span(numeral.start, numeral.stop)
        return Money(value=plain_number(view.text[numeral.start : numeral.stop]), unit=numeral.unit or declared)

    def quantity(self, name: str, view: View) -> Quantity | None:
        """A cell or phrase as a quantity, its number's place noted where it holds a single one."""
        quantity, numeral = quantity_of(view.text)
        if numeral:
            self.spans[name] = view.span(numeral.start, numeral.stop)
        return quantity

    def number(self, name: str, view: View, numeral: Numeral) -> str:
        """A bare number, its place noted."""
        self.spans[name] = view.span(numeral.start, numeral.stop)
        return str(plain_number(view.text[numeral.start : numeral.stop]))


def words(text: str) -> str | None:
    """A text field's value: one trailing 。 dropped, None where nothing is left."""
    return text.strip().removesuffix("。").strip() or None
