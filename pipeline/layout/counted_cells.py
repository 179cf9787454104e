"""Layout: tables of figures flattened to one cell a line, told by as many values behind each label.

Unlike ``cells``, which reads rows from the labels of a header that the vocabulary knows, this one counts, so that a header
may have a label that is broken over two lines or that no vocabulary has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from pipeline.flow import View
from pipeline.layout.dashes import DASHES
from pipeline.layout.lines import Line, join
from pipeline.layout.marks import caption_of, mark_of
from pipeline.layout.tabbed import RawRow
from pipeline.numerals import whole_numeral
from schemas.columns import column_role
from schemas.values import squeeze

_LONGEST_LABEL, _LONGEST_HALF = 20, 6
_FEWEST_ROWS, _FEWEST_VALUES = 3, 2
_MOST_VALUES, _MOST_BROKEN = 12, 2
"""Values of a row, and labels of a header that are broken in two, at most."""


def read_counted_cells(lines: Sequence[Line], start: int) -> tuple[list[RawRow], int] | None:
    """The rows of a table whose header's first label is the line at ``start``, and the index of the line after it.

    None where the labels there are not followed by three rows of one label and equally many values, or where the labels
    do not make up the header of such rows.
    """
    if start + 1 >= len(lines) or not (_is_label(lines[start]) and len(lines[start + 1].text) <= _LONGEST_LABEL):
        return None
    labels, index = _labels(lines, start)
    values = _values(lines, index)
    width = len(values)
    if not _FEWEST_VALUES <= width <= _MOST_VALUES or not 0 <= len(labels) - 2 - width <= _MOST_BROKEN:
        return None
    if caption_of(lines[start].text) or mark_of(lines[start].text):
        return None
    header = _header([line.view for line in labels[:-1]], width + 1)
    if header is None:
        return None
    rows: list[RawRow] = [header]
    stop = index
    label: Line | None = labels[-1]
    while label is not None and len(values := _values(lines, index)) == width:
        rows.append([label.view, *(value.view for value in values)])
        stop = index = _after(lines, index, width)
        following = next(_filled(lines, index), None)
        label = following[1] if following is not None and _is_label(following[1]) else None
        index = following[0] + 1 if following is not None else index
    return (rows, stop) if len(rows) > _FEWEST_ROWS else None


def _filled(lines: Sequence[Line], start: int) -> Iterator[tuple[int, Line]]:
    """The lines with text from ``start`` on, with their indices, as far as no tab begins one."""
    for index in range(start, len(lines)):
        if lines[index].tabbed:
            return
        if lines[index].text:
            yield index, lines[index]


def _labels(lines: Sequence[Line], start: int) -> tuple[list[Line], int]:
    """The labels from ``start`` on, as many as a header and a row's label can be, and the index after them."""
    found: list[Line] = []
    stop = start
    for index, line in _filled(lines, start):
        if not _is_label(line) or len(found) > _MOST_VALUES + _MOST_BROKEN + 2:
            break
        found.append(line)
        stop = index + 1
    return found, stop


def _values(lines: Sequence[Line], start: int) -> list[Line]:
    """The values from ``start`` on, one more than a row may have at most."""
    found: list[Line] = []
    for _, line in _filled(lines, start):
        if len(found) > _MOST_VALUES or not _is_value(line):
            break
        found.append(line)
    return found


def _after(lines: Sequence[Line], start: int, count: int) -> int:
    """The index after so many lines with text."""
    return [index for (index, _), _ in zip(_filled(lines, start), range(count), strict=False)][-1] + 1


def _is_value(line: Line) -> bool:
    return line.text in DASHES or whole_numeral(line.text) is not None


def _is_label(line: Line) -> bool:
    return (
        not line.tabbed
        and 0 < len(line.text) <= _LONGEST_LABEL
        and line.text[-1] not in "。；：;:"
        and not _is_value(line)
    )


def _are_halves(first: View, second: View) -> bool:
    """Whether two labels may be one that is broken over two lines: both short, the first known only with the second."""
    if max(len(first.text), len(second.text)) > _LONGEST_HALF or column_role(squeeze(first.text)) is not None:
        return False
    return column_role(squeeze(first.text + second.text)) is not None


def _header(labels: Sequence[View], size: int) -> RawRow | None:
    """The labels as so many columns, those joined that only together are what the vocabulary knows; None where fewer than
    half of them are known."""
    best: RawRow | None = None
    most = 0
    for joints in combinations(range(1, len(labels)), len(labels) - size):
        if any(not _are_halves(labels[place - 1], labels[place]) for place in joints):
            continue
        starts = [place for place in range(len(labels)) if place not in joints]
        columns = [join(labels[a:b]) for a, b in zip(starts, [*starts[1:], len(labels)], strict=True)]
        known = sum(column_role(squeeze(column.text)) is not None for column in columns)
        if known > most:
            best, most = columns, known
    return best if 2 * most >= size else None
