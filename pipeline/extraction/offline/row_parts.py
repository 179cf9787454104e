"""Extraction, offline: which rows of a table are parts of the row above them (其中：…), told by the word and the sums."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from pipeline.extraction.offline.columns import Columns, number
from pipeline.flow import Row
from schemas.columns import is_total
from schemas.values import squeeze

_OF_WHICH = re.compile(r"其中[：:，,]?")
_MOST = 40
"""Rows that may be parts of one row."""


def parts_below(columns: Columns) -> Mapping[int, int]:
    """The rows of a table's body that are parts of another one.

    The row that says 其中 is a part of the row before it; so are the rows behind it up to the one with which the parts of
    some column add up to the whole, where there is such a row.

    Returns: index of the part → index of its whole.
    """
    body = columns.table.body
    found: dict[int, int] = {}
    for index, row in enumerate(body):
        if index and index - 1 not in found and _OF_WHICH.match(_label(row)):
            stop = _last_part(columns, body, index)
            found.update(dict.fromkeys(range(index, stop + 1), index - 1))
    return found


def _last_part(columns: Columns, body: tuple[Row, ...], first: int) -> int:
    for column in range(1, columns.width):
        whole = _figure(columns, body[first - 1], column)
        if not whole:
            continue
        total = Decimal(0)
        for index in range(first, min(first + _MOST, len(body))):
            if is_total(_label(body[index])) or (index > first and _OF_WHICH.match(_label(body[index]))):
                break
            total += _figure(columns, body[index], column)
            if total >= whole:
                break
        if total == whole and index > first:
            return index
    return first


def _figure(columns: Columns, row: Row, column: int) -> Decimal:
    cell = columns.at(row, column)
    numeral = number(cell) if cell else None
    return numeral.value if numeral else Decimal(0)


def _label(row: Row) -> str:
    return next((squeeze(cell.text) for cell in row.cells if cell.text.strip()), "")
