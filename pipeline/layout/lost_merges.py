"""Layout: rows of a table that was copied cell by cell, which loses its merged cells and breaks a cell at its line ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.flow import View
from pipeline.layout.dashes import DASHES
from pipeline.layout.lines import join
from pipeline.layout.tabbed import RawRow
from pipeline.numerals import find_numerals, whole_numeral
from schemas.columns import column_role, is_total
from schemas.values import squeeze

_EMPTY = View("", ())
_LONGEST_LABEL = 16
_REMARK = re.compile(r"备注|说明|.{0,6}原因.{0,4}|资金来源")
"""A column that a header of two rows does not divide."""


def with_merges(rows: Sequence[RawRow]) -> list[RawRow]:
    """The rows with what was lost of a header of two rows, and of groups of rows below one label at their left.

    A cell that is merged downwards is an empty one below itself then, and one that is merged across stands over each of its
    columns. Rows whose cells do not say how they were merged stay as they are.
    """
    if len(rows) < 3 or all(len(row) == len(rows[0]) for row in rows):
        return list(rows)
    width = _width_of_figures(rows)
    if width < 3:
        return list(rows)
    found = _unbroken(rows, width)
    if len(found) < 3:
        return found
    if _are_labels(found[0]) and _are_labels(found[1]) and len(found[2]) == width:
        found = _one_header(found, width) or _two_headers(found, width) or found
    return _grouped(found)


def _width_of_figures(rows: Sequence[RawRow]) -> int:
    """The number of cells of most rows that hold figures."""
    sizes = Counter(len(row) for row in rows if sum(map(_is_value, row)) >= 2)
    return max(sizes, key=lambda size: (sizes[size], size), default=0)


def _is_value(cell: View) -> bool:
    return cell.text in DASHES or whole_numeral(cell.text) is not None


def _are_labels(row: RawRow) -> bool:
    return len(row) > 1 and all(_is_label(cell) for cell in row)


def _is_label(cell: View) -> bool:
    if not cell.text or cell.text in DASHES or len(cell.text) > _LONGEST_LABEL:
        return False
    return all(n.unit in {"年", "年度"} or 1990 <= n.value <= 2100 for n in find_numerals(cell.text))


def _unbroken(rows: Sequence[RawRow], width: int) -> list[RawRow]:
    """Rows of figures one of whose labels is broken in two lines (1, 河道 / 清淤, 12, 10)."""
    found: list[RawRow] = [rows[0]]
    for row in rows[1:]:
        before = found[-1]
        broken = len(before) > 1 and len(before) + len(row) - 1 == width and sum(map(_is_value, row)) >= 2
        if broken and not any(map(_is_value, before[1:])) and row[0].text and not _is_value(row[0]):
            found[-1] = [*before[:-1], join([before[-1], row[0]]), *row[1:]]
        else:
            found.append(row)
    return found


def _one_header(rows: list[RawRow], width: int) -> list[RawRow] | None:
    """A header one of whose labels is broken in two lines (…, 资金 / 来源, …)."""
    first, second = rows[0], rows[1]
    if len(first) + len(second) - 1 != width:
        return None
    whole = join([first[-1], second[0]])
    if column_role(squeeze(whole.text)) is None or column_role(squeeze(second[0].text)) is not None:
        return None
    return [[*first[:-1], whole, *second[1:]], *rows[2:]]


def _two_headers(rows: list[RawRow], width: int) -> list[RawRow] | None:
    """A header of two rows: what is left of the second stands below the labels of the first that are merged across."""
    first, second = rows[0], rows[1]
    undivided = width - len(second)
    divided = len(first) - undivided
    if not (0 < undivided < len(first) < width and len(second) >= 2 * divided):
        return None
    behind = 0
    while behind < undivided - 1 and _REMARK.fullmatch(squeeze(first[-1 - behind].text)):
        behind += 1
    before = undivided - behind
    sizes = _shares([squeeze(cell.text) for cell in second], divided)
    if sizes is None:
        return None
    above = [cell for cell, size in zip(first[before : len(first) - behind], sizes, strict=True) for _ in range(size)]
    upper = [*first[:before], *above, *first[len(first) - behind :]]
    lower = [*[_EMPTY] * before, *second, *[_EMPTY] * behind]
    return [upper, lower, *rows[2:]]


def _shares(labels: Sequence[str], groups: int) -> list[int] | None:
    """How many labels stand below each of the merged ones: where they begin anew, else as many below each."""
    starts = [index for index, label in enumerate(labels) if label == labels[0]]
    if len(starts) == groups:
        return [stop - start for start, stop in zip(starts, [*starts[1:], len(labels)], strict=True)]
    return [len(labels) // groups] * groups if len(labels) % groups == 0 else None


def _grouped(rows: list[RawRow]) -> list[RawRow]:
    """Rows below a label that is merged downwards at their left (收入, 支出), which the first of them alone still has.

    The header's first label is merged across both columns of labels.
    """
    width = len(rows[0])
    heads = [index for index, row in enumerate(rows[1:], 1) if len(row) == width + 1]
    if heads[:1] != [1] or len(heads) == len(rows) - 1 or not _are_labels(rows[0]):
        return rows
    body = rows[1:]
    if any(not width - 1 <= len(row) <= width + 1 or _is_value(row[0]) for row in body):
        return rows
    if any(
        _is_value(row[1]) or is_total(row[0].text) or not any(map(_is_value, row[2:]))
        for row in body
        if len(row) > width
    ):
        return rows
    return [[rows[0][0], _EMPTY, *rows[0][1:]], *(row if len(row) > width else [_EMPTY, *row] for row in body)]
