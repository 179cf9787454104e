"""Documents: a page's elements as paragraphs and tables in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from pipeline.documents.boilerplate import is_boilerplate
from pipeline.documents.canonical import MAX_COLUMNS, CanonicalWriter, DrawnCell
from pipeline.documents.drawn import DrawnTable, Flow
from pipeline.documents.ordinals import ordinal

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li"),
        *("legend", "main", "nav", "ol", "p", "pre", "section", "ul", "caption", "summary", "details"),
    }
)
_WHITE = re.compile(r"[ \t\r\n\f]+")
_BROKEN = re.compile(r"(?<=[\u2e80-\uffef])[ \t]*[\r\n][ \t\r\n]*(?=[\u2e80-\uffef])")
"""A line end of the source between two Chinese characters, which prints nothing (CSS Text 3, 4.1.3)."""
_ORDERED_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?([\w-]*(?:cjk|chinese|alpha|roman|decimal)[\w-]*)")
_MAX_ROWSPAN = 65_534


class _Reading:
    """A flow while its paragraphs are read, character by character."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.line: list[str] = []

    def end_line(self) -> None:
        text = "".join(self.line).strip()
        self.line = []
        if text and not is_boilerplate(text):
            self.flow.items.append(text)


@dataclass(slots=True)
class _Rows:
    """A table while its rows are read: ``until`` holds, per column, the row at which a cell from above ends."""

    table: DrawnTable = field(default_factory=DrawnTable)
    row: int = -1
    column: int = 0
    until: dict[int, int] = field(default_factory=dict)

    def next_row(self) -> None:
        self.row += 1
        self.column = 0

    def place(self, rows: int, columns: int) -> Flow:
        """Begins a cell at the next free place of the row; it ends where a cell from above begins."""
        if self.row < 0:
            self.next_row()
        while self._taken(self.column):
            self.column += 1
        width = 1
        while width < columns and self.column + width < MAX_COLUMNS and not self._taken(self.column + width):
            width += 1
        cell = DrawnCell(self.row, self.column, rows, width)
        for column in range(self.column, self.column + width):
            self.until[column] = self.row + rows
        self.column += width
        flow = Flow()
        self.table.cells.append((cell, flow))
        return flow

    def _taken(self, column: int) -> bool:
        return self.until.get(column, 0) > self.row

    def finish(self) -> DrawnTable:
        """The table; none of its cells reaches below the last row."""
        for cell, _ in self.table.cells:
            cell.rows = min(cell.rows, self.row + 1 - cell.row)
        return self.table


class HtmlFlow:
    """Walks a page once, however deep its elements nest."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._page = _Reading(Flow())
        self._flows = [self._page]
        self._tables: list[_Rows] = []
        self._lists: list[tuple[str | None, int]] = []
        self._preserved = 0

    def write(self, writer: CanonicalWriter) -> None:
        """Writes the page's text."""
        for event, element in etree.iterwalk(self._root, events=("start", "end")):
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                self._start(tag, element)
                self._text(element.text)
            else:
                self._end(tag)
                if element is not self._root:
                    self._text(element.tail)
        self._page.end_line()
        self._page.flow.write(writer)

    def _start(self, tag: str, element: etree._Element) -> None:
        flow = self._flows[-1]
        if tag == "br":
            flow.end_line()
        elif tag == "table":
            flow.end_line()
            self._tables.append(_Rows())
        elif tag == "tr" and self._tables:
            self._tables[-1].next_row()
        elif tag in {"td", "th"} and self._tables:
            table = self._tables[-1]
            extent = _extent(element, "rowspan", _MAX_ROWSPAN), _extent(element, "colspan", MAX_COLUMNS)
            self._flows.append(_Reading(table.place(*extent)))
        elif tag in _BLOCKS:
            flow.end_line()
            if tag in {"ol", "ul"}:
                self._lists.append((_style(element) if tag == "ol" else None, _start_number(element)))
            elif tag == "li" and self._lists:
                self._mark(element)
            elif tag == "pre":
                self._preserved += 1

    def _end(self, tag: str) -> None:
        flow = self._flows[-1]
        if tag in {"td", "th"} and self._tables:
            flow.end_line()
            self._flows.pop()
        elif tag == "table" and self._tables:
            flow.end_line()
            flow.flow.add(self._tables.pop().finish())
        elif tag in _BLOCKS:
            flow.end_line()
            if tag in {"ol", "ul"} and self._lists:
                self._lists.pop()
            elif tag == "pre":
                self._preserved -= 1

    def _mark(self, element: etree._Element) -> None:
        """Writes the number that the browser prints before an item of an ordered list."""
        style, number = self._lists[-1]
        if style is None:
            return
        number = _number(element.get("value"), number)
        self._lists[-1] = (style, number + 1)
        mark = ordinal(number, style)
        self._flows[-1].line.append(f"{mark}、" if mark and mark[0] > "\u2fff" else f"{mark}. ")

    def _text(self, text: str | None) -> None:
        if not text:
            return
        flow = self._flows[-1]
        if self._preserved:
            first, *others = text.split("\n")
            flow.line.append(first)
            for line in others:
                flow.end_line()
                flow.line.append(line)
            return
        folded = _WHITE.sub(" ", _BROKEN.sub("", text))
        if folded != " " or flow.line:
            flow.line.append(folded)


def _extent(element: etree._Element, name: str, most: int) -> int:
    """A rowspan or colspan as browsers take it: 1 where it makes no sense; a rowspan of 0 runs to the table's end."""
    number = _number(element.get(name), 1)
    if name == "rowspan" and number == 0:
        return most
    return min(max(number, 1), most)


def _number(text: str | None, otherwise: int) -> int:
    match = re.match(r"\s*([+-]?\d{1,9})", text or "", re.ASCII)
    return int(match[1]) if match else otherwise


def _start_number(element: etree._Element) -> int:
    return _number(element.get("start"), 1)


def _style(element: etree._Element) -> str:
    match = _ORDERED_STYLE.search(element.get("style", ""))
    return match[1] if match else element.get("type", "1")
