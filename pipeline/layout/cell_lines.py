"""Layout: from the lines of a table of one cell a line to its cells: broken labels joined, blank lines told apart.

A blank line between two lines of such a table is an empty cell; where each line has a blank one below it, only what is
more than that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from pipeline.flow import View
from pipeline.layout.form_labels import is_form_label
from pipeline.layout.indicator_groups import is_group
from pipeline.layout.lines import Line, join
from pipeline.layout.marks import caption_of, is_annex, is_heading, mark_of
from pipeline.numerals import whole_numeral
from schemas.columns import column_role
from schemas.values import squeeze
from schemas.word_files import load_vocabulary

_EMPTY = View("", ())
_SHORT = 20
"""Characters of a line that may be a cell's, whatever stands around it."""

_MOST_EMPTY = 8
"""Empty cells side by side, from which on the table has ended."""

_APART, _NEAR = 6, 40
"""Lines with text that tell whether each has a blank one below it, and lines in which they stand."""

_LONGEST_REST = 8
_GOALS = frozenset({"goal", "done"})
_LABEL = 14
_BRACKETS = re.compile(r"[（(](?:单位[:：])?(?:[百千万亿]*元|\d+(?:\.\d+)?\s?分|%|％|[A-Z](?:[/÷][A-Z])?)[）)]")


def opens_chapter(text: str) -> bool:
    """Whether a line is the heading of a chapter or an annex, which no cell is."""
    mark = mark_of(text)
    return (mark is not None and mark.level == 1 and is_heading(text, mark)) or is_annex(text)


def set_apart(lines: Sequence[Line], start: int) -> bool:
    """Whether each of the lines from one on has blank lines below it."""
    seen = 0
    for line, below in pairwise(lines[start : start + _NEAR]):
        if not line.blank:
            if not below.blank or seen == _APART:
                break
            seen += 1
    return seen == _APART


def cells_from(lines: Sequence[Line], start: int) -> tuple[list[View], int]:
    """The cells of the lines from ``start`` on that may be a table's, empty ones among them, and the line after them."""
    apart = set_apart(lines, start)
    cells: list[View] = []
    blanks = 0
    stop = start
    recent: list[str] = []
    for place in range(start, len(lines)):
        line = lines[place]
        if line.blank:
            blanks += 1
            continue
        if line.tabbed or opens_chapter(line.text):
            break
        empty = (max(0, blanks - 1) // 2 if apart else blanks) if cells else 0
        if empty > _MOST_EMPTY or (blanks and not _goes_on(line.text, recent)) or (apart and _holds_cells(line)):
            break
        cells += [_EMPTY] * empty
        if cells and not empty and (joined := _joined(cells, line.view)):
            cells[-1:] = joined
        else:
            cells.append(line.view)
        blanks, stop = 0, place + 1
        recent = [line.text, *recent[:1]]
    return cells, stop


def _goes_on(text: str, recent: Sequence[str]) -> bool:
    """Whether a line after a blank one may be a cell: short, or one of the texts below the labels of a goal."""
    if any(column_role(above) in _GOALS for above in recent):
        return True
    return len(text) <= 3 * _SHORT and text[-1] != "。" and (caption_of(text) is None or is_form_label(text))


def _holds_cells(line: Line) -> bool:
    """Whether a line holds several cells, a figure or a label among them."""
    words = line.text.split()
    return len(words) > 1 and any(_is_figure(word) or column_role(word) is not None for word in words)


def _joined(cells: Sequence[View], rest: View) -> list[View] | None:
    """The last cell with a line that goes on with it, None where the line is a cell of its own."""
    last, text = cells[-1], rest.text
    if not 0 < len(last.text) <= _LABEL or _is_figure(last.text):
        return None
    if _BRACKETS.fullmatch(text) and (column_role(last.text) or is_group(last.text)):
        return [join([last, rest])]
    if len(text) > _LONGEST_REST or _is_figure(text):
        return None
    whole = column_role(last.text + text)
    if whole is None:
        return None
    begins, ends = _broken()
    if (ends.search(text) and column_role(text) is None) or (
        begins.search(squeeze(last.text)) and column_role(last.text) is None
    ):
        return [join([last, rest])]
    return None


@cache
def _broken() -> tuple[re.Pattern[str], re.Pattern[str]]:
    shapes = load_vocabulary("columns")["shapes"]
    return re.compile("|".join(shapes["begins"])), re.compile("|".join(shapes["rests"]))


def _is_figure(text: str) -> bool:
    return whole_numeral(text) is not None
