"""Layout: tables of indicators flattened to one cell a line: a row is told by its two marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.flow import View
from pipeline.layout.dashes import DASHES
from pipeline.layout.indicator_groups import is_group, is_lower_group
from pipeline.layout.lines import join
from pipeline.layout.tabbed import RawRow
from pipeline.numerals import whole_numeral
from schemas.columns import column_role
from schemas.values import squeeze

EMPTY = View("", ())
LEVELS = ("level1", "level2", "level3", "level4")
_TOTAL = re.compile(r"^(?:总分|合计|总计|总得分)$")
_BOUND = re.compile(r"[≥≤＞＜><]")
_ENDS_GROUP = re.compile(r"(?:指标|目标|情况)(?:[（(]\d+(?:\.\d+)?\s?分[）)])?$")
_LABELLED = re.compile(r"\w{2,8}[:：]")
_SIDE_BY_SIDE, _THREE = 2, 3
_OPEN_ENDED = "，；、：,;（("
_FEWEST_LABELS, _LONGEST_LABEL = 3, 20
_MOST_EMPTY = 8
_FAR = 80
"""Cells of a row at most, lines of its texts among them."""


def read_indicators(
    cells: Sequence[View], header: RawRow, roles: Sequence[str | None], start: int
) -> tuple[list[RawRow], int]:
    """The header and the rows below it, and where they end.

    Rows are told by their two marks (full marks, marks given): the cells before them are names, target and actual value,
    the cell after them the reason, unless it is already the name of the next row's group. Names of groups that are
    merged with those above are missing, and so may be reasons.
    """
    return _Indicators(cells, header, roles).read(start)


class _Indicators:
    """A table of indicators: its cells and where in a row its names, values, marks and reason stand."""

    def __init__(self, cells: Sequence[View], header: RawRow, roles: Sequence[str | None]) -> None:
        self._cells = cells
        self._header = header
        first, last = sorted((roles.index("weight"), roles.index("score")))
        self._lead = next((i for i, role in enumerate(roles) if role in LEVELS), 0)
        if roles[self._lead + 1 : self._lead + 2] == ["level1"]:
            self._lead += 1  # the table's own name, set beside its rows
        self._names = sum(1 for role in roles[self._lead : first] if role in LEVELS)
        self._values = first - self._lead - self._names
        self._width = last - first + 1
        self._first = first
        self._rated = roles[-1] == "score_rate"
        self._reasons = len(header) > last + 1

    def read(self, start: int) -> tuple[list[RawRow], int]:
        """The rows from cell ``start`` on, header first, and the cell after them."""
        cells, rows, index = self._cells, [self._header], start
        found = self._found(start)
        always = self._reasons and all(
            self._filled(a + self._width, b - self._values) >= 2 for a, b in pairwise(found) if b - a > self._width
        )
        for place, following in pairwise([*found, None]):
            assert place is not None
            if self._is_total(place):
                end = place + self._total_width(place)
                rated = self._rated and end < len(cells) and is_value(cells[end])
                marks = [cells[place], *[EMPTY] * (self._width - 2), cells[end - 1]]
                label = cells[self._before(place)]
                rows.append([label, *[EMPTY] * (self._first - 1), *marks, *([cells[end]] if rated else [])])
                return rows, end + rated
            names = [cell for cell in cells[index : place - self._values] if cell.text]
            row = self._row(names, place)
            if row is None:
                break
            index = place + self._width
            if self._reasons:
                reason, index = self._reason(index, following, always=always)
                row.append(reason)
            rows.append(row)
        return rows, index

    def _row(self, names: Sequence[View], place: int) -> RawRow | None:
        """A row up to its second mark; None where its names are none or too many."""
        set_out = self._set_out(names)
        if set_out is None:
            return None
        values = list(self._cells[place - self._values : place])
        if len(values) > 1 and _BOUND.match(values[-1].text) and not any(map(str.isdigit, values[-2].text)):
            return None
        marked = list(self._cells[place : place + self._width])
        return [*[EMPTY] * self._lead, *set_out, *values, *marked]

    def _set_out(self, names: Sequence[View]) -> RawRow | None:
        """Names in the columns of the levels, from the right; a name broken over lines is told by the group's before it."""
        if not names:
            return None
        group = next((i for i in (1, 0) if i < len(names) and is_lower_group(names[i].text)), None)
        if self._names == _THREE and group is not None and len(names) - group > _SIDE_BY_SIDE:
            names = [*names[: group + 1], join(names[group + 1 :])]
        if len(names) > self._names:
            return None
        return [*[EMPTY] * (self._names - len(names)), *names]

    def _reason(self, index: int, following: int | None, *, always: bool) -> tuple[View, int]:
        """The reason that stands at a cell, empty where the next row begins there, and the cell after it."""
        cells = self._cells
        if index >= len(cells):
            return EMPTY, index
        ahead = None
        closes = following is not None and self._is_total(following)
        if following is not None:
            ahead = self._filled(index, following - (0 if closes else self._values))
        always = always and not is_group(cells[index].text) and not _TOTAL.match(squeeze(cells[index].text))
        if not always and not self._is_reason(index, following, ahead, closes=closes):
            return EMPTY, index
        parts, index = [cells[index]], index + 1
        while ahead is not None and (ahead := ahead - 1) > 1 and self._continues(parts, index, ahead, closes=closes):
            parts.append(cells[index])
            index += 1
        return join(parts), index

    def _continues(self, parts: Sequence[View], index: int, ahead: int, *, closes: bool) -> bool:
        """Whether a reason goes on in the next line, which names of the next row or the total follow."""
        text = "".join(part.text for part in parts)
        cell = self._cells[index]
        if not text or not cell.text or is_group(cell.text) or _TOTAL.match(squeeze(cell.text)):
            return False
        return closes or text[-1] in _OPEN_ENDED or text.count("（") > text.count("）") or ahead > self._names

    def _is_reason(self, index: int, following: int | None, names: int | None, *, closes: bool) -> bool:
        """Whether the cell after the marks is a reason: no group's name, and not the name right before a target; where
        the marks are full, only if the next row's names are more than its levels otherwise."""
        text = squeeze(self._cells[index].text)
        if not text or text in DASHES or text == "无":
            return True
        if is_group(text) or _ENDS_GROUP.search(text) or _TOTAL.match(text):
            return False
        if following is None or names is None:
            return not self._is_full(index) and not _LABELLED.match(text) and column_role(text) is None
        if closes:
            return names > 1
        if names > self._names or self._is_full(index):
            return names > self._names
        return following - self._values != index + 1

    def _is_full(self, index: int) -> bool:
        """Whether the two marks before a cell are the same, so that there is nothing to give a reason for."""
        full, given = (whole_numeral(self._cells[i].text) for i in (index - self._width, index - 1))
        return full is not None and given is not None and full.value == given.value

    def _found(self, start: int) -> list[int]:
        """The cells of the first marks of the rows, up to the total row."""
        found: list[int] = []
        index = start + 1
        while index + 1 < min(len(self._cells), start + _FAR):
            if is_mark(self._cells[index]) and self._is_total(index):
                if is_mark(self._cells[index + self._total_width(index) - 1]):
                    return [*found, index]
                index += 1
            elif index - start > self._values and self._fits(index):
                found.append(index)
                index += self._width + 1
                start = index - 1
            elif self._heads_columns(index):
                break
            else:
                index += 1
        return found

    def _heads_columns(self, index: int) -> bool:
        """Whether another header begins at a cell."""
        labels = self._cells[index : index + _FEWEST_LABELS]
        return all(0 < len(label.text) <= _LONGEST_LABEL and column_role(label.text) is not None for label in labels)

    def _fits(self, index: int) -> bool:
        """Whether the marks of a row stand at a cell; where they are side by side, a bare actual value before them may
        look like one."""
        cells, last = self._cells, index + self._width - 1
        if last >= len(cells) or not is_mark(cells[index]) or not is_mark(cells[last]):
            return False
        if self._width > _SIDE_BY_SIDE:
            return self._values > 0 or not is_value(cells[index - 1])
        ahead = self._values >= 2 and last + 1 < len(cells) and is_mark(cells[last + 1])
        return not ahead

    def _is_total(self, place: int) -> bool:
        return bool(_TOTAL.match(squeeze(self._cells[self._before(place)].text)))

    def _total_width(self, place: int) -> int:
        """The cells from a total's first mark to its second: empty ones stand between them, or none do."""
        stop = place + 1
        while stop + 1 < min(len(self._cells), place + self._width) and not self._cells[stop].text:
            stop += 1
        return stop - place + 1

    def _before(self, place: int) -> int:
        """The last filled cell before another."""
        index = place - 1
        while index > max(0, place - 1 - _MOST_EMPTY) and not self._cells[index].text:
            index -= 1
        return index

    def _filled(self, start: int, stop: int) -> int:
        return sum(1 for cell in self._cells[start:stop] if cell.text)


def is_value(cell: View) -> bool:
    """Whether a cell may stand in a column of figures: a number, a dash, or nothing."""
    return not cell.text or cell.text in DASHES or whole_numeral(cell.text) is not None


def is_mark(cell: View) -> bool:
    """Whether a cell may be full marks or marks given."""
    numeral = whole_numeral(cell.text)
    return (
        numeral is not None and numeral.unit in {None, "分"} and numeral.operator is None and 0 <= numeral.value <= 100
    )
