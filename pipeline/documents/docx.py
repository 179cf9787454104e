"""Documents: Word files (DOCX): paragraphs with their printed numbers, tables with their real merged cells, in order."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from pipeline.documents.canonical import MAX_COLUMNS, Canonical, CanonicalWriter, DrawnCell
from pipeline.documents.docx_numbers import Numbering, W
from pipeline.documents.drawn import DrawnTable, Flow
from pipeline.documents.errors import DocumentError
from pipeline.documents.limits import Limits
from pipeline.documents.package import Package

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_NOT_PRINTED = frozenset(
    {
        *(f"{W}del", f"{W}moveFrom", f"{W}delText", f"{W}instrText", f"{W}rPr", f"{W}pPr", f"{W}rt"),
        *(f"{W}sdtPr", f"{W}sdtEndPr", f"{_MC}Fallback"),
    }
)
_SIGNS = {
    f"{W}tab": " ",
    f"{W}ptab": " ",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_WINGDINGS = {"F0FE": "☑", "F052": "☑", "F0FC": "√", "F0FB": "×", "F0A8": "□", "F06F": "□", "F0A3": "□"}


def read_docx(path: Path, data: bytes, limits: Limits) -> Canonical:
    """The canonical text of a Word file; footnotes stand at its end.

    Raises:
        DocumentError: the package is broken, protected or too large, or holds no text part.
    """
    package = Package(path, data, limits)
    main = package.main_part("word/document.xml")
    root = package.xml(main)
    body = None if root is None else root.find(f"{W}body")
    if body is None:
        raise DocumentError(path, "is a Word file without a text part", "open it and save it again")
    folder = posixpath.dirname(main)
    numbering = Numbering(package.xml(f"{folder}/numbering.xml"), package.xml(f"{folder}/styles.xml"))
    flow = _Reader(numbering).flow(body)
    for part, tag in (("footnotes", "footnote"), ("endnotes", "endnote")):
        notes = package.xml(f"{folder}/{part}.xml")
        for note in [] if notes is None else notes.iter(f"{W}{tag}"):
            if note.get(f"{W}type", "normal") == "normal":
                flow.items += _Reader(numbering).flow(note).items
    writer = CanonicalWriter()
    flow.write(writer)
    return writer.finish()


class _Reader:
    """Walks the text part; its depth is bounded by that which the XML parser takes."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering

    def flow(self, container: etree._Element) -> Flow:
        """The paragraphs and tables of a body, a cell, a note or a text box."""
        flow = Flow()
        for child in _blocks(container):
            if child.tag == f"{W}p":
                self._paragraph(child, flow)
            else:
                flow.add(self._table(child))
        return flow

    def _paragraph(self, paragraph: etree._Element, flow: Flow) -> None:
        boxes: list[etree._Element] = []
        text = "".join(_printed(paragraph, boxes)).strip()
        mark = self._numbering.mark(paragraph.find(f"{W}pPr"))
        if text:
            flow.items.append(mark + text)
        for box in boxes:
            flow.items += self.flow(box).items

    def _table(self, table: etree._Element) -> DrawnTable:
        drawn = DrawnTable()
        above: dict[int, DrawnCell] = {}
        for row, element in enumerate(_wrapped(table, f"{W}tr")):
            column = _whole(element.find(f"{W}trPr/{W}gridBefore"), 0)
            here: dict[int, DrawnCell] = {}
            last: DrawnCell | None = None
            for cell in _wrapped(element, f"{W}tc"):
                properties = cell.find(f"{W}tcPr")
                span = _whole(None if properties is None else properties.find(f"{W}gridSpan"), 1)
                merged = None if properties is None else properties.find(f"{W}vMerge")
                across = None if properties is None else properties.find(f"{W}hMerge")
                upper = above.get(column)
                if across is not None and across.get(f"{W}val", "continue") == "continue" and last is not None:
                    last.columns += span
                elif (
                    merged is not None
                    and merged.get(f"{W}val", "continue") == "continue"
                    and upper is not None
                    and upper.row + upper.rows == row
                ):
                    upper.rows += 1
                    here[column] = last = upper
                else:
                    last = DrawnCell(row, column, 1, span)
                    here[column] = last
                    drawn.cells.append((last, self.flow(cell)))
                column += span
            above = here
        return drawn


def _blocks(container: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables of a container, those inside content controls and tracked insertions too."""
    for child in container:
        if child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif child.tag not in _NOT_PRINTED:
            yield from _blocks(child)


def _wrapped(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, wrapped in content controls or not; deleted rows are left out."""
    for child in parent:
        if child.tag == tag:
            if child.find(f"{W}trPr/{W}del") is None:
                yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"}:
            yield from _wrapped(child, tag)


def _printed(element: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    """The text of a paragraph as printed; text boxes in it are put aside."""
    for child in element:
        tag = child.tag
        if tag in {f"{W}t", f"{_MATH}t"}:
            yield child.text or ""
        elif tag in _SIGNS:
            yield _SIGNS[tag]
        elif tag == f"{W}sym":
            yield _WINGDINGS.get(child.get(f"{W}char", "").upper(), "")
        elif tag == f"{W}txbxContent":
            boxes.append(child)
        elif tag not in _NOT_PRINTED and not (tag == f"{W}r" and _is_hidden(child)):
            yield from _printed(child, boxes)


def _is_hidden(run: etree._Element) -> bool:
    vanish = run.find(f"{W}rPr/{W}vanish")
    return vanish is not None and vanish.get(f"{W}val") not in {"0", "false", "off"}


def _whole(element: etree._Element | None, otherwise: int) -> int:
    text = "" if element is None else element.get(f"{W}val", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else otherwise
    return min(max(number, otherwise), MAX_COLUMNS)
