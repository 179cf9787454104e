"""Layout: tables flattened with tabs (DOCX text: one tab-led cell a line, rows apart by a blank line; TSV: a row a line)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.flow import View
from pipeline.layout.lines import Line, join, strip
from pipeline.layout.marks import mark_of

RawRow = list[View]
"""The cells of a row before headers are known; an empty cell is an empty view."""

_LOOK_AHEAD = 10


def read_tabbed(lines: Sequence[Line], start: int) -> tuple[list[RawRow], int]:
    """The rows of the table whose first cell is the tab-led line at ``start``, and the index of the line after it."""
    fragments: list[RawRow] = [[]]
    index = start
    while index < len(lines):
        line = lines[index]
        if line.tabbed:
            fragments[-1].append(_cell(line))
        elif line.blank:
            if fragments[-1] and not _continues_empty_cell(lines, index, fragments[-1]):
                fragments.append([])
        elif fragments[-1]:
            fragments[-1][-1] = join([fragments[-1][-1], line.view])
        else:
            break
        index += 1
    rows = _whole_rows([f for f in fragments if f])
    return rows, index


def _cell(line: Line) -> View:
    return strip(line.view)


def _continues_empty_cell(lines: Sequence[Line], index: int, cells: RawRow) -> bool:
    """Whether the blank lines at ``index`` stand inside an empty cell whose text follows without a tab."""
    if cells[-1].text:
        return False
    while index < len(lines) and lines[index].blank and not lines[index].tabbed:
        index += 1
    return index + 1 < len(lines) and not lines[index].tabbed and lines[index + 1].tabbed


def _whole_rows(fragments: list[RawRow]) -> list[RawRow]:
    """Rows from fragments: a cell that ends in an empty paragraph splits its row, so a fragment is joined with those
    after it where together they have the number of cells that rows hereabouts have.

    A fragment of a usual size is whole; one that begins with an empty cell (merged downwards) or is a caption of its
    own begins a row.
    """
    rows: list[RawRow] = []
    index = 0
    while index < len(fragments):
        following = Counter(len(f) for f in fragments[index + 1 : index + 1 + _LOOK_AHEAD])
        usual = {size for size, times in following.items() if times >= 2 and size > 2}
        whole = len(fragments[index]) in usual or (rows and len(rows[-1]) == len(fragments[index]))
        stop = index + 1 if whole else _joined(fragments, index, usual)
        rows.append([cell for f in fragments[index:stop] for cell in f])
        index = stop
    return rows


def _joined(fragments: list[RawRow], index: int, usual: set[int]) -> int:
    """The index after the fragments that make up the row at ``index``; the next one where they make up none."""
    count = len(fragments[index])
    if count == 1 and fragments[index][0].text:
        return index + 1
    for stop in range(index + 1, min(index + 5, len(fragments))):
        following = fragments[stop]
        mark = mark_of(following[0].text)
        if not following[0].text or (mark and mark.level <= 2) or "（万元）" in following[0].text:
            break
        count += len(following)
        if count in usual:
            return stop + 1
    return index + 1


_INNER_TAB = re.compile(r"\t")


def is_tsv(line: Line) -> bool:
    """Whether the line is a row of tab-separated cells."""
    return "\t" in line.text


def read_tsv(lines: Sequence[Line], start: int) -> tuple[list[RawRow], int] | None:
    """The rows of tab-separated lines from ``start`` on (blank lines between them passed over), and where they end; None
    for a line alone, whose cells are not even looked for, as it may be of any length."""
    found: list[Line] = []
    index = start
    while index < len(lines) and (is_tsv(lines[index]) or (lines[index].blank and _more(lines, index))):
        if not lines[index].blank:
            found.append(lines[index])
        index += 1
    return ([split_cells(line.raw, _INNER_TAB) for line in found], index) if len(found) > 1 else None


def _more(lines: Sequence[Line], index: int) -> bool:
    return index + 1 < len(lines) and is_tsv(lines[index + 1])


def split_cells(view: View, separator: re.Pattern[str]) -> RawRow:
    """The cells between the separators of a line."""
    cells: RawRow = []
    place = 0
    for match in separator.finditer(view.text):
        cells.append(strip(view.part(place, match.start())))
        place = match.end()
    cells.append(strip(view.part(place, len(view.text))))
    return cells
