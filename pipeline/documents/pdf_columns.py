"""Documents: pages that are set in two columns: the left one is read before the right one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from pipeline.documents.pdf_lines import Character, PrintedLine, lines_of, rows_of

_MIDDLE = (0.35, 0.65)
"""Where on a page's width the gap between two columns may stand."""
_GAP = 1.2
"""Its width, in sizes of a letter."""
_FEWEST = 6
"""Rows that two columns have at least; what is shorter may be a table without rules."""
_LETTERS = 9
_FULL = 0.7
"""A column's lines are as long as this, in the median: in letters, and in their share of the column."""


def lines_in_order(characters: Sequence[Character], width: float) -> list[PrintedLine]:
    """The lines of a page as they are read: from the top, and where text stands in two columns, down the left one first.

    ``width`` is that of the page.
    """
    rows = rows_of(characters)
    gap = _gap(rows, width)
    if gap is None:
        return lines_of(characters)
    out: list[PrintedLine] = []
    for crossing, band in _bands(rows, gap):
        inside = [c for row in band for c in row]
        sides = [[c for c in inside if c["x1"] <= gap], [c for c in inside if c["x1"] > gap]]
        columns = [lines_of(side) for side in sides]
        if crossing or not all(_is_column(lines) for lines in columns):
            out += lines_of(inside)
        else:
            out += [replace(line, region=region) for region, lines in enumerate(columns, 1) for line in lines]
    return out


def _gap(rows: Sequence[Sequence[Character]], width: float) -> float | None:
    """The place at which most rows have a gap in the middle of the page; None where too few have one."""
    places = [place for row in rows for place in _gaps(row, width)]
    if len(places) < _FEWEST:
        return None
    middle = median(places)
    return middle if sum(1 for row in rows if not _crosses(row, middle)) >= _FEWEST else None


def _gaps(row: Sequence[Character], width: float) -> Iterator[float]:
    for before, after in pairwise(row):
        left, right = float(before["x1"]), float(after["x0"])
        size = float(after["bottom"]) - float(after["top"])
        if right - left > _GAP * size and _MIDDLE[0] * width < (left + right) / 2 < _MIDDLE[1] * width:
            yield (left + right) / 2


def _bands(rows: Sequence[Sequence[Character]], gap: float) -> Iterator[tuple[bool, list[Sequence[Character]]]]:
    """Runs of rows that cross the gap, and of such that do not."""
    band: list[Sequence[Character]] = []
    crossing = False
    for row in rows:
        crosses = _crosses(row, gap)
        if band and crosses is not crossing:
            yield crossing, band
            band = []
        crossing = crosses
        band.append(row)
    if band:
        yield crossing, band


def _crosses(row: Sequence[Character], gap: float) -> bool:
    """Whether a row has text at the gap or right beside it on both sides, so that it runs over it."""
    left = max((float(c["x1"]) for c in row if c["x0"] < gap), default=None)
    right = min((float(c["x0"]) for c in row if c["x1"] > gap), default=None)
    if left is None or right is None:
        return False
    size = float(row[0]["bottom"]) - float(row[0]["top"])
    return right - left < _GAP * size


def _is_column(lines: Sequence[PrintedLine]) -> bool:
    """Whether lines are those of a column of prose: enough of them, and most as long as the column is wide."""
    if len(lines) < _FEWEST:
        return False
    wide = max(line.right for line in lines) - min(line.left for line in lines)
    return median(len(line.text) for line in lines) >= _LETTERS and median(
        line.right - line.left for line in lines
    ) >= (_FULL * wide)
