"""Documents: the text of pages with printed lines and ruled tables: what goes on over lines and pages is put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.documents.canonical import Canonical, CanonicalWriter
from pipeline.documents.pdf_columns import lines_in_order
from pipeline.documents.pdf_lines import Character, PrintedLine
from pipeline.documents.pdf_paragraphs import Edges, edges_of, gap_between, goes_on_in
from pipeline.documents.pdf_table_pages import go_on, goes_on
from pipeline.documents.pdf_tables import Rule, RuledTable, ruled_tables


@dataclass(slots=True)
class PageContent:
    """What is printed on a page, tables and the lines around them from the top."""

    number: int
    width: float
    height: float
    items: list[PrintedLine | RuledTable] = field(default_factory=list)


def page_content(
    number: int, size: tuple[float, float], characters: Sequence[Character], rules: Sequence[Rule]
) -> PageContent:
    """What stands on a page of a width and height, from its characters and rules, in the order of reading."""
    width, height = size
    tables, outside = ruled_tables(rules, characters)
    items: list[PrintedLine | RuledTable] = [*lines_in_order(outside, width)]
    for table in tables:
        following = next((i for i, item in enumerate(items) if item.top > table.top), len(items))
        items.insert(following, table)
    return PageContent(number, width, height, items)


def written(pages: Sequence[PageContent], remarks: Sequence[str]) -> Canonical:
    """The canonical text of some pages."""
    writer = CanonicalWriter()
    writer.remarks += remarks
    output = _Output(writer, _edges(pages))
    for page in pages:
        output.turn(page)
        for item in page.items:
            if isinstance(item, RuledTable):
                output.add_table(item)
            else:
                output.add_line(item)
    output.flush()
    return writer.finish()


_Place = tuple[int, int]
"""The width of a page, and the region of a line on it."""


def _edges(pages: Sequence[PageContent]) -> dict[_Place, Edges | None]:
    """The edges of the prose on pages of each width, and of their columns."""
    by_place: defaultdict[_Place, list[PrintedLine]] = defaultdict(list)
    for page in pages:
        for item in page.items:
            if isinstance(item, PrintedLine):
                by_place[round(page.width), item.region].append(item)
    return {place: edges_of(lines) for place, lines in by_place.items()}


class _Output:
    """Puts together what goes on over lines and pages, and writes it."""

    def __init__(self, writer: CanonicalWriter, edges: dict[_Place, Edges | None]) -> None:
        self._writer = writer
        self._edges = edges
        self._table: RuledTable | None = None
        self._rows: dict[int, str] = {}
        self._lines: list[tuple[PrintedLine, str | None]] = []
        self._page: PageContent | None = None
        self._turned: list[str] = []

    def turn(self, page: PageContent) -> None:
        """Begins a page; it is written with the first thing that stands on it."""
        self._page = page
        self._turned.append(str(page.number))

    def add_table(self, table: RuledTable) -> None:
        """Adds a table, to the one of the page before where it goes on with it."""
        self._flush_lines()
        if self._table is not None and len(self._turned) == 1 and goes_on(self._table, table):
            label = self._turned.pop()
            go_on(self._table, table)
            if table.rows:
                self._rows[self._table.rows - table.rows] = label
            return
        self._flush_table()
        self._begin_pages()
        self._table = table

    def add_line(self, line: PrintedLine) -> None:
        """Adds a line, to the paragraph of the line before where that is broken."""
        self._flush_table()
        if self._lines and len(self._turned) <= 1:
            last, _ = self._lines[-1]
            edges = self._edges_of(last), self._edges_of(line)
            paragraph = [part for part, _ in self._lines]
            if goes_on_in(paragraph, line, edges, elsewhere=bool(self._turned) or last.region != line.region):
                gap = gap_between(last.text, line.text)
                self._lines.append((replace(line, text=gap + line.text), self._turned.pop() if self._turned else None))
                return
        self._flush_lines()
        self._begin_pages()
        self._lines = [(line, None)]

    def flush(self) -> None:
        """Writes what is held."""
        self._flush_table()
        self._flush_lines()
        self._begin_pages()

    def _edges_of(self, line: PrintedLine) -> Edges | None:
        return self._edges.get((round(self._page.width), line.region)) if self._page else None

    def _begin_pages(self) -> None:
        for label in self._turned:
            self._writer.page(label)
        self._turned = []

    def _flush_table(self) -> None:
        if self._table is not None:
            self._writer.table(self._table.cells, self._rows)
            self._table, self._rows = None, {}

    def _flush_lines(self) -> None:
        if self._lines:
            self._writer.printed([(line.text, line.edges, page) for line, page in self._lines])
            self._lines = []
