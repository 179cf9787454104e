"""Layout: tables without marks: from a reading to the rows that are sure, page breaks inside them mended."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.flow import View
from pipeline.layout.lines import join
from pipeline.layout.spaced_columns import LABELS, Column, Kind
from pipeline.layout.spaced_doubt import line_widths, path_of
from pipeline.layout.spaced_header import Header
from pipeline.layout.spaced_rows import RESUMED, Node, Reader
from pipeline.layout.tabbed import RawRow

EMPTY = View("", ())
_SHORT = 2.5
"""Half characters of a line that is never full."""

ODD_ROW, ODD_LABEL = 1.5, 0.35
"""What the labels and figures of a row may cost: so much, and so much for each label."""

_STOPS = "。；;！"
_OPENING, _CLOSING = "（(《“【[", "）)》”】]"


def sure_rows(header: Header, reader: Reader, node: Node, doubts: Mapping[int, int]) -> tuple[list[RawRow], bool]:
    """The rows of a reading that are sure, none where they are the lesser part, and whether all are.

    Of a row whose labels are doubtful nothing is kept, nor of those below that its merged labels may reach down to;
    a doubtful text is left out. What is left out stands in rows of its own behind the last column, so that it is known to
    be nobody's.
    """
    body = _Body(header.columns, reader)
    for index, step in enumerate(path_of(node)):
        if step.filled < 0:
            body.go_on(step)
        else:
            body.take(step, doubts.get(index))
    body.settle()
    return body.all_rows() if len(body.rows) > body.dropped else [], not body.dropped


class _Body:
    """The rows of a table while its cells are taken in; the last row waits for what a page break may bring."""

    def __init__(self, columns: tuple[Column, ...], reader: Reader) -> None:
        self.rows: list[RawRow] = []
        self.dropped = 0
        self._columns = columns
        self._reader = reader
        self._left_out: dict[int, list[View]] = {}
        self._left: list[View] = []
        self._cells: dict[int, list[View]] = {}
        self._nodes: list[Node] = []
        self._unsure: int | None = None
        self._whole = False
        self._reach: int | None = None

    def take(self, node: Node, doubt: int | None) -> None:
        """Takes a cell; ``doubt`` is the leftmost column that another reading of it would begin its row with."""
        if self._whole:
            self.settle()
        self._nodes.append(node)
        if doubt is None:
            self._cells[node.filled] = self._reader.pieces.views(node.start, node.stop)
        else:
            self._left += self._reader.pieces.views(node.start, node.stop)
            if self._columns[node.filled].kind in LABELS:
                self._unsure = doubt if self._unsure is None else min(self._unsure, doubt)
        self._whole = node.column == 0

    def all_rows(self) -> list[RawRow]:
        """The sure rows, and behind each what was left out of it or below it."""
        rows: list[RawRow] = []
        for index in range(len(self.rows) + 1):
            if left := self._left_out.get(index):
                rows.append([*[EMPTY] * len(self._columns), *sorted(left, key=lambda view: view.whole.start)])
            rows += self.rows[index : index + 1]
        return rows

    def settle(self) -> None:
        """Ends the waiting row: it is kept unless it, or the row whose labels reach down to it, is doubtful."""
        if not self._nodes:
            return
        first = min(node.filled for node in self._nodes)
        if self._reach is not None and first <= self._reach:
            self._reach = None
        if self._odd():
            self._unsure = first
        if self._unsure is not None:
            leftmost = min(first, self._unsure)
            self._reach = leftmost if self._reach is None else min(self._reach, leftmost)
        if self._reach is None:
            self.rows.append([join(self._cells.get(i, [])) for i in range(len(self._columns))])
        else:
            self.dropped += 1
            self._left += [view for cell in self._cells.values() for view in cell]
        if self._left:
            self._left_out.setdefault(len(self.rows), []).extend(self._left)
            self._left = []
        self._cells, self._nodes, self._unsure, self._whole = {}, [], None, False

    def _odd(self) -> bool:
        """Whether the labels and figures of the waiting row look little like such."""
        spent = labels = 0.0
        for node in self._nodes:
            kind = self._columns[node.filled].kind
            if kind not in {Kind.TEXT, Kind.ORDINAL} and node.previous is not None:
                spent += node.cost - node.previous.cost
            labels += kind in LABELS
        return spent > ODD_ROW + ODD_LABEL * labels

    def go_on(self, rest: Node) -> None:
        """Takes the rest of a cell after a page break into the cell of the waiting row that it goes on from.

        Where that is not clear, a label that may go on makes its row doubtful, and texts that do not end are left out.
        """
        pieces = self._reader.pieces
        line = line_widths(pieces, rest.start, rest.stop)[0]
        first = pieces.get(rest.start)
        word = first.width if first is not None else line
        head = first.head if first is not None else line
        open_ended = [n for n in self._nodes if self._is_full(n, head) and word <= self._width(n) + 1]
        broken = [n for n in open_ended if self._depth(n) > 0]
        labels = [n for n in open_ended if self._columns[n.filled].kind in LABELS]
        chosen = [n for n in broken or labels or open_ended if line <= self._width(n) + 1]
        taken = pieces.views(rest.start, rest.stop)
        if rest.filled == RESUMED and len(chosen) == 1 and chosen[0].filled in self._cells:
            self._cells[chosen[0].filled] += taken
            return
        self._left += taken
        if labels:
            self._unsure = min(n.filled for n in self._nodes)
        else:
            self._leave_texts()

    def _leave_texts(self) -> None:
        """Leaves out the texts of the waiting row that may go on."""
        for node in self._nodes:
            if self._columns[node.filled].kind is Kind.TEXT and not self._ended(node):
                self._left += self._cells.pop(node.filled, [])

    def _is_full(self, node: Node, head: float) -> bool:
        """Whether the last line of a cell of words has no room for a next word, so that the cell may go on with it."""
        kind = self._columns[node.filled].kind
        if kind not in LABELS | {Kind.TEXT}:
            return False
        lines = line_widths(self._reader.pieces, node.start, node.stop)
        return lines[-1] + head > self._width(node) and lines[-1] > _SHORT

    def _width(self, node: Node) -> float:
        habits = self._reader.habits
        known = habits[node.filled].width if habits else 0.0
        return max(known, *line_widths(self._reader.pieces, node.start, node.stop))

    def _text(self, node: Node) -> str:
        return self._reader.pieces.joined(node.start, node.stop)

    def _depth(self, node: Node) -> int:
        text = self._text(node)
        return sum(map(text.count, _OPENING)) - sum(map(text.count, _CLOSING))

    def _ended(self, node: Node) -> bool:
        piece = self._reader.pieces.get(node.start)
        return (piece is not None and piece.dash) or self._text(node)[-1] in _STOPS
