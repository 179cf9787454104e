"""Layout: tables whose cells only spaces and line ends keep apart (text of PDF files, copied tables)."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.flow import View
from pipeline.layout.lines import Line, join
from pipeline.layout.spaced_cells import Mode
from pipeline.layout.spaced_columns import LABELS, Kind
from pipeline.layout.spaced_header import Header, headers_at
from pipeline.layout.spaced_pieces import Pieces, blank_between, ends_table, text_width
from pipeline.layout.spaced_rows import RESUMED, Node, Reader
from pipeline.layout.tabbed import RawRow

EMPTY = View("", ())
LONGEST_HEADER_LINE = 120
PROBE = 70
"""Pieces over which the ways to read a header are compared."""

TRIED = 3
CLOSE = 4.0
WORST_SHARE = 0.45
"""Share of what the lines of a table are worth that its faults may cost."""


class SpacedReader:
    """Finds the tables of one text; a header that led to no table is not tried again from its middle."""

    def __init__(self, lines: Sequence[Line], width: int | None) -> None:
        self._lines = lines
        self._width = width
        self._barred = 0

    def read(self, index: int) -> tuple[list[RawRow], int] | None:
        """The rows of the table whose header begins at line ``index``, header first, and the line after the table.

        None where no table begins there, or where its cells cannot be told apart.
        """
        line = self._lines[index]
        if index < self._barred or line.blank or len(line.text) > LONGEST_HEADER_LINE or ends_table(line):
            return None
        pieces = Pieces(self._lines, index)
        headers = headers_at(pieces)
        if not headers:
            return None
        found = _best(pieces, headers, _modes(self._lines, index, self._width))
        if found is None:
            self._barred = pieces.line_after(headers[0].stop - 1)
            return None
        header, node = found
        rows = [[join(pieces.views(a, b)) for a, b in header.places], *_body(pieces, header, node)]
        return rows, pieces.line_after(node.stop - 1)


def read_spaced(lines: Sequence[Line], index: int, width: int | None) -> tuple[list[RawRow], int] | None:
    """``SpacedReader.read`` for one line of a text."""
    return SpacedReader(lines, width).read(index)


def _modes(lines: Sequence[Line], index: int, width: int | None) -> tuple[Mode, ...]:
    if blank_between(lines, index):
        return (Mode.WRAPPED,)
    return (Mode.ROWS, Mode.CELLS) if width is None else (Mode.ROWS, Mode.CELLS, Mode.WRAPPED)


def _best(pieces: Pieces, headers: Sequence[Header], modes: Sequence[Mode]) -> tuple[Header, Node] | None:
    """The reading of header and rows that explains most lines at the least cost."""
    for mode in modes:
        probed: list[tuple[float, int, Header, Reader]] = []
        for number, header in enumerate(headers):
            reader = Reader(pieces, header.columns, mode)
            node = reader.read(header.stop, PROBE)
            if node is not None and _holds(header, node, pieces):
                probed.append((node.worth + header.cost, number, header, reader))
        found: list[tuple[float, int, Header, Node]] = []
        probed.sort(key=lambda p: p[:2])
        for worth, number, header, reader in probed[:TRIED]:
            node = reader.read(header.stop) if worth < probed[0][0] + CLOSE else None
            if node is not None and _holds(header, node, pieces) and (node.rows >= 2 or not header.shaped):
                found.append((node.worth + header.cost, number, header, node))
        if found:
            _, _, header, node = min(found, key=lambda f: f[:2])
            return header, node
    return None


def _holds(header: Header, node: Node, pieces: Pieces) -> bool:
    """Whether a reading has few faults for what it finds."""
    return node.cost <= WORST_SHARE * node.found


def _body(pieces: Pieces, header: Header, node: Node) -> list[RawRow]:
    rows: list[RawRow] = []
    path: list[Node] = []
    step: Node | None = node
    while step is not None and step.previous is not None:
        path.append(step)
        step = step.previous
    row = [EMPTY] * len(header.columns)
    for step in reversed(path):
        views = pieces.views(step.start, step.stop)
        if step.filled == RESUMED:
            _resume(rows, header, views)
            continue
        row[step.filled] = join(views)
        if step.column == 0:
            rows.append(row)
            row = [EMPTY] * len(header.columns)
    return rows


def _resume(rows: list[RawRow], header: Header, views: list[View]) -> None:
    """Adds what goes on after a page break to the cell of the last row that it goes on from, where that is clear."""
    row = rows[-1]
    columns = [i for i, c in enumerate(header.columns) if c.kind in LABELS | {Kind.TEXT} and len(row[i].text) > 1]
    broken = [
        i
        for i in columns
        if row[i].text.count("（") + row[i].text.count("(") > row[i].text.count("）") + row[i].text.count(")")
    ]
    chosen = broken or [i for i in columns if header.columns[i].kind in LABELS and text_width(row[i].text) > 4]
    if len(chosen) == 1:
        row[chosen[0]] = join([row[chosen[0]], *views])
