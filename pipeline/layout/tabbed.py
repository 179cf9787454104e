"""Layout: tables flattened with tabs (DOCX text: one tab-led cell a line, rows apart by a blank line; TSV: a row a line)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.flow import View
from pipeline.layout.lines import Line, join, strip
from pipeline.layout.marks import caption_of, mark_of

RawRow = list[View]
"""The cells of a row before headers are known; an empty cell is an empty view."""

_LOOK_AHEAD = 10
_UNIT_LINE = re.compile(r"[（(]?\s*(?:金额)?单位\s?[：:]\s?[百千万亿]*元\s*[）)]?")
_BROKEN_LABEL = 8
"""Characters of either half of a label that is broken over two lines."""
_SENTENCE = re.compile(r"[。；;，,：:]|\d")


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


def is_stray_tab(lines: Sequence[Line], index: int) -> bool:
    """Whether a line is nothing but a tab, with a line of text below that no tab leads: no cell begins there."""
    if lines[index].text or index + 1 >= len(lines):
        return False
    below = lines[index + 1]
    return bool(below.text) and not below.tabbed and caption_of(below.text) is not None


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
    found: list[tuple[Line | None, Line]] = []
    index = start
    broken: Line | None = None
    while index < len(lines):
        line = lines[index]
        if is_tsv(line):
            found.append((broken, line))
            broken = None
        elif not _more(lines, index):
            break
        elif len(found) == 1 and _UNIT_LINE.fullmatch(line.text):
            pass  # declared between header and rows; the builder takes the unit
        elif not (line.blank or (index > start and _begins_cell(line, lines[index + 1]))):
            break
        elif not line.blank:
            broken = line
        index += 1
    return ([_row(*lines) for lines in found], index) if len(found) > 1 else None


def _more(lines: Sequence[Line], index: int) -> bool:
    return index + 1 < len(lines) and is_tsv(lines[index + 1])


def _begins_cell(line: Line, following: Line) -> bool:
    """Whether a line is the first half of the label that the next row begins with (项目资金 above （万元）)."""
    label = following.raw.text.partition("\t")[0].strip()
    return (
        0 < len(label) <= _BROKEN_LABEL
        and len(line.text) <= _BROKEN_LABEL
        and mark_of(line.text) is None
        and _SENTENCE.search(line.text + label) is None
        and caption_of(line.text) is None
    )


def _row(broken: Line | None, line: Line) -> RawRow:
    """The cells of a line, the first one with the half of it that stands on the line above."""
    cells = split_cells(line.raw, _INNER_TAB)
    return cells if broken is None else [join([broken.view, cells[0]]), *cells[1:]]


def split_cells(view: View, separator: re.Pattern[str]) -> RawRow:
    """The cells between the separators of a line."""
    cells: RawRow = []
    place = 0
    for match in separator.finditer(view.text):
        cells.append(strip(view.part(place, match.start())))
        place = match.end()
    cells.append(strip(view.part(place, len(view.text))))
    return cells
