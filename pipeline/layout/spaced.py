"""Layout: tables whose cells only spaces and line ends keep apart (text of PDF files, copied tables)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

from pipeline.layout.lines import Line, join
from pipeline.layout.marks import mark_of
from pipeline.layout.spaced_body import sure_rows
from pipeline.layout.spaced_cells import Mode
from pipeline.layout.spaced_costs import Costs
from pipeline.layout.spaced_doubt import doubtful, habits_of, misplaced, path_of
from pipeline.layout.spaced_forms import read_form
from pipeline.layout.spaced_header import Header, headers_at, may_begin_header
from pipeline.layout.spaced_pieces import Gap, Pieces, ends_table
from pipeline.layout.spaced_plain import read_plain
from pipeline.layout.spaced_questions import read_questions
from pipeline.layout.spaced_rows import Node, Reader, Surroundings
from pipeline.layout.spaced_survey import read_survey
from pipeline.layout.tabbed import RawRow
from schemas.values import squeeze
from schemas.word_files import load_vocabulary

_NOT_A_LABEL = re.compile(r"[。；;，,：:！？\d]")
LONGEST_HEADER_LINE = 120
STEPS, STEPS_A_LINE = 20_000, 80
"""Steps of reading that a text may take: so many, and so many for each line."""

TRIES, LINES_A_TRY = 100, 4
"""Lines of a text that are tried as the first of a header: so many, and one in so many; of real reports it is one in six at
most."""

PROBE = 70
"""Pieces over which the ways to read a header are compared."""

PLAINER = 1.0
"""By how much a header that is read well is plainer than those that are not tried any more."""

ALIKE = 0.15
"""By how much the plainest header must be plainer than one with other names."""

MOST = 0.75
"""Share of the most that any reading explains, from which on the plainest header is the best."""

WORST_SHARE = 0.6
"""Share of what the lines of a table are worth that its faults may cost."""


BETTER = 2.0
"""By how much a reading with broken cells must explain more than one whose lines are its rows."""

_LINES_BELOW, _FIGURES_BELOW = 4, 2

_Reading: TypeAlias = tuple[Header, Reader, Node]


class SpacedReader:
    """Finds the tables of one text; a header that led to no table is not tried again from its middle."""

    def __init__(self, lines: Sequence[Line], width: int | None) -> None:
        self._lines = lines
        self._width = width
        self._barred = 0
        self._tries = TRIES + len(lines) // LINES_A_TRY

    @cached_property
    def around(self) -> Surroundings:
        """What the readings of the text's tables have in common."""
        return Surroundings(known_labels(self._lines), STEPS + STEPS_A_LINE * len(self._lines))

    def read(self, index: int) -> tuple[list[RawRow], int] | None:
        """The rows of the table whose header begins at line ``index``, header first, and the line after the table; a form
        of labels and values has no header.

        None where no table begins there, or where its cells cannot be told apart.
        """
        line = self._lines[index]
        if line.blank or len(line.text) > LONGEST_HEADER_LINE or ends_table(line):
            return None
        barred = index < self._barred
        found = (
            read_plain(self._lines, index)
            or read_survey(self._lines, index)
            or read_questions(self._lines, index)
            or (None if barred else read_form(self._lines, index))
        )
        if found is not None or barred:
            return found
        if self._tries <= 0 or not may_begin_header(self._lines, index):
            return None
        self._tries -= 1
        pieces = Pieces(self._lines, index)
        headers = headers_at(pieces)
        if not headers:
            return None
        reading = self._reading(pieces, headers)
        sure = _rows(reading) if reading else None
        if sure is None or misplaced(sure[0][0].columns, sure[1]):
            self._barred = pieces.line_after(max(header.stop for header in headers) - 1)
            return None
        (header, _, node), rows = sure
        return [_labels(pieces, header), *rows], pieces.line_after(node.stop - 1)

    def _reading(self, pieces: Pieces, headers: Sequence[Header]) -> _Reading | None:
        """The reading of header and rows that explains most lines at the least cost.

        The ways to read the header are compared over the first rows, the best of them over the whole table.
        """
        best: _Reading | None = None
        for mode in _modes(pieces, self._width):
            found = self._in_mode(pieces, headers, mode)
            if found is not None and (best is None or found[2].worth < best[2].worth - BETTER):
                best = found
            if best is not None and not _rows_follow(pieces, best[2].stop):
                break
        return best

    def _in_mode(self, pieces: Pieces, headers: Sequence[Header], mode: Mode) -> _Reading | None:
        limit = max(header.stop for header in headers) + PROBE
        costs = Costs(pieces, mode, self._width)
        probed: list[_Reading] = []
        for header in sorted(headers, key=lambda h: h.cost):
            if mode is not Mode.WRAPPED and _is_broken(pieces, header):
                continue
            if probed and header.cost > probed[0][0].cost + PLAINER:
                break
            reader = Reader(costs, header.columns, self.around)
            node = reader.read(header.stop, limit)
            if node is not None and _holds(node, mode):
                probed.append((header, reader, node))
        for header, reader, probe in _plainest(probed):
            node = reader.read(header.stop) if reader.cut else probe
            if node is not None and _holds(node, mode) and (node.rows >= 2 or not header.shaped):
                return header, reader, node
        return None


def read_spaced(lines: Sequence[Line], index: int, width: int | None) -> tuple[list[RawRow], int] | None:
    """``SpacedReader.read`` for one line of a text."""
    return SpacedReader(lines, width).read(index)


def _modes(pieces: Pieces, width: int | None) -> tuple[Mode, ...]:
    """How the text may be flattened: cells are broken over lines only where paragraphs are."""
    if pieces.apart:
        return (Mode.WRAPPED,)
    return (Mode.ROWS, Mode.CELLS) if width is None else (Mode.ROWS, Mode.WRAPPED)


def _is_broken(pieces: Pieces, header: Header) -> bool:
    """Whether a label of a header goes over more than one line."""
    return any(pieces.lines_between(start + 1, stop) > 0 for start, stop in header.places)


def _rows_follow(pieces: Pieces, stop: int) -> bool:
    """Whether one of the lines right below a table ends in figures, as the rest of a row whose label is broken does."""
    lines = figures = 0
    index = stop
    while (piece := pieces.get(index)) is not None:
        if piece.gap is not Gap.SPACE:
            lines, figures = lines + 1, 0
            if lines > _LINES_BELOW:
                return False
        figures = figures + 1 if piece.value else 0
        if figures >= _FIGURES_BELOW:
            return True
        index += 1
    return False


def _labels(pieces: Pieces, header: Header) -> RawRow:
    return [join(pieces.views(start, stop)) for start, stop in header.places]


def _plainest(probed: Sequence[_Reading]) -> list[_Reading]:
    """The ways to read a header that explain nearly as much as any, the plainest first."""
    enough = MOST * max((_explained(node) for _, _, node in probed), default=0.0)
    fit = [found for found in probed if _explained(found[2]) >= enough]
    fit.sort(key=lambda f: (round(f[0].cost, 1), f[2].worth))
    return [] if len(fit) > 1 and _alike(fit[0], fit[1]) else fit


def _alike(one: _Reading, other: _Reading) -> bool:
    """Whether two ways to read a header, with as many columns under other names, are as good as each other."""
    if len(one[0].columns) != len(other[0].columns) or one[0].columns == other[0].columns:
        return False
    return other[0].cost < one[0].cost + ALIKE and other[2].worth <= one[2].worth


def _explained(node: Node) -> float:
    """What the lines and figures that a reading finds are worth."""
    return node.cost - node.worth


def _holds(node: Node, mode: Mode) -> bool:
    """Whether a reading has few faults for what it finds; fewer where each line would be a cell."""
    worst = WORST_SHARE / 2 if mode is Mode.CELLS else WORST_SHARE
    return node.cost <= worst * _explained(node)


def _rows(reading: _Reading) -> tuple[_Reading, list[RawRow]] | None:
    """The sure rows of a reading, which is done once more with what it shows of the columns where it leaves doubts."""
    _, reader, node = reading
    rows, sure = sure_rows(*reading, {}) if next(doubtful(reader, path_of(node)), None) is None else ([], False)
    if not sure:
        reading = _refined(*reading)
        _, reader, node = reading
        rows, _ = sure_rows(*reading, dict(doubtful(reader, path_of(node))))
    return (reading, rows) if rows else None


def _refined(header: Header, reader: Reader, node: Node) -> _Reading:
    """The same table read with the habits of its columns, which the first reading shows."""
    habits = habits_of(reader.pieces, header.columns, path_of(node))
    again = Reader(reader.costs, header.columns, reader.around, habits)
    better = again.read(header.stop)
    if better is None or not _holds(better, reader.mode) or better.rows < node.rows:
        return header, reader, node
    return header, again, better


def known_labels(lines: Sequence[Line]) -> frozenset[str]:
    """The titles of a text's marked headings, as labels of its tables often repeat them, and the indicators of the
    national framework."""
    found: set[str] = set(load_vocabulary("columns")["rows"]["framework"])
    for line in lines:
        if len(line.text) <= 40 and (mark := mark_of(line.text)):
            title = squeeze(line.text[len(mark.text) :])
            if 3 <= len(title) <= 24 and not _NOT_A_LABEL.search(title):
                found.add(title)
    return frozenset(found)
