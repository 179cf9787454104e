"""Layout: tables flattened to one cell a line: rows rebuilt from the header labels that the vocabulary knows.

Merged cells are gone from such text, so the number of cells differs from row to row. A row of funds is a label and as
many values as the header has; an indicator's row is found by its two marks, its names and target stand before them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.flow import View
from pipeline.layout.dashes import DASHES
from pipeline.layout.form_labels import is_form_label
from pipeline.layout.lines import Line
from pipeline.layout.marks import is_annex, is_heading, mark_of
from pipeline.layout.spaced_columns import Kind, column_of
from pipeline.layout.tabbed import RawRow
from pipeline.numerals import whole_numeral
from schemas.columns import column_role

_EMPTY = View("", ())
_LONGEST_LABEL = 20
_FEWEST_ROWS = 3
LOOKS, LOOKS_A_LINE = 5_000, 4
"""Lines that the search for tables of one cell a line may look at: so many, and so many for each line of the text."""
_FEWEST_LABELS, _MOST_LABELS = 3, 16
_LEVELS = ("level1", "level2", "level3", "level4")
_BUDGETS = ("full_year_budget", "initial_budget")
_GROUP = re.compile(r"(?:指标|目标|情况)(?:[（(]\d+(?:\.\d+)?\s?分[）)])?$")
_RESPONDENTS = re.compile(r"有效填写|填写人次|有效问卷|答题人数")
_ASKS = re.compile(r"\d{1,2}\s?[.．、].{4,}[？?]$")
_TOTAL = re.compile(r"^(?:总分|合计|总计|总得分)$")


def rows_of_cells(cells: Sequence[View]) -> list[RawRow] | None:
    """The rows of a stream of cells; None where no header of the vocabulary stands in it."""
    rows: list[RawRow] = []
    index = 0
    found = False
    while index < len(cells):
        stop = _header_stop(cells, index)
        if stop - index >= 2:
            corner = rows.pop()[0] if rows and _names_rows(rows[-1]) and _all_figures(cells[index:stop]) else None
            block, index = _below(cells, index, stop, corner)
            rows += block
            found = True
        elif (size := _labels_over_values(cells, index)) and stop == index:
            rows += [list(cells[index : index + size]), list(cells[index + size : index + 2 * size])]
            index += 2 * size
        elif is_form_label(cells[index].text) and index + 1 < len(cells):
            rows.append([cells[index], cells[index + 1]])
            index += 2
        else:
            rows.append([cells[index]])
            index += 1
    return rows if found else None


class CellReader:
    """Finds the tables of one text that stand with one cell a line.

    Where lines of labels follow each other without an end, each might begin a table of all that follow; so many lines
    are looked at, and so many for each line of the text, and no more.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._looks = LOOKS + LOOKS_A_LINE * len(lines)

    def read(self, start: int) -> tuple[list[RawRow], int] | None:
        """The rows of a table that stands with one cell a line and no marks at all, and the index of the line after it.

        It begins with a form's label (项目名称) or three header labels one below the other, and ends with the last row
        that headers explain; what follows is prose again.
        """
        lines = self._lines
        if self._looks <= 0 or not _begins(lines, start):
            return None
        stop = start + 1
        while (
            stop < len(lines) and lines[stop].text and not lines[stop].tabbed and not _opens_chapter(lines[stop].text)
        ):
            stop += 1
        self._looks -= stop - start
        rows = rows_of_cells([line.view for line in lines[start:stop]])
        if rows is None:
            return None
        while rows and len(rows[-1]) == 1:
            rows.pop()
        if len(rows) < _FEWEST_ROWS:
            return None
        last = max(c.whole.stop for row in rows for c in row if c.text)
        while lines[stop - 1].span.start >= last:
            stop -= 1
        return rows, stop


def _begins(lines: Sequence[Line], start: int) -> bool:
    text = lines[start].text
    if len(text) > _LONGEST_LABEL:
        return False
    if is_form_label(text):
        return start + 2 < len(lines) and bool(lines[start + 1].text) and is_form_label(lines[start + 2].text)
    return len(lines) > start + 2 and all(
        line.text and len(line.text) <= _LONGEST_LABEL and _role(line.view) for line in lines[start : start + 3]
    )


def _opens_chapter(text: str) -> bool:
    """Whether a line is the heading of a chapter or an annex, which no cell is."""
    mark = mark_of(text)
    return (mark is not None and mark.level == 1 and is_heading(text, mark)) or is_annex(text)


def _bare(cell: View) -> str:
    return re.sub(r"\s+", "", cell.text)


def _is_value(cell: View) -> bool:
    return not cell.text or cell.text in DASHES or whole_numeral(cell.text) is not None


def _role(cell: View) -> str | None:
    return column_role(cell.text) if cell.text and whole_numeral(cell.text) is None else None


def _header_stop(cells: Sequence[View], start: int) -> int:
    """The end of the run of header labels that begins here; the same label twice ends it."""
    stop = start
    seen: set[str] = set()
    while stop < len(cells) and (role := _role(cells[stop])) and role != "ignored" and _bare(cells[stop]) not in seen:
        seen.add(_bare(cells[stop]))
        stop += 1
    return stop


def _names_rows(row: RawRow) -> bool:
    """Whether a row is one label, which may be the first of a header."""
    return len(row) == 1 and 0 < len(row[0].text) <= _LONGEST_LABEL and not _is_value(row[0])


def _all_figures(header: Sequence[View]) -> bool:
    """Whether all labels of a header are those of columns of figures, so that none names the rows."""
    return all(column_of(c.text).kind is Kind.FIGURE and _role(c) != "amount" for c in header)


def _labels_over_values(cells: Sequence[View], start: int) -> int:
    """How many labels stand over as many values here, the first of which may be empty; 0 where none do."""
    stop = start
    most = min(len(cells), start + _MOST_LABELS)
    while stop < most and _names_rows([cells[stop]]):
        stop += 1
    size = stop - start
    values = cells[stop : stop + size]
    filled = sum(whole_numeral(c.text) is not None for c in values)
    ends = stop + size >= len(cells) or not _is_value(cells[stop + size])
    return size if size >= _FEWEST_LABELS and ends and all(map(_is_value, values)) and filled >= size - 1 else 0


def _below(cells: Sequence[View], start: int, stop: int, corner: View | None = None) -> tuple[list[RawRow], int]:
    """The header, with the label before it where that names its rows, and the rows below it; and where they end."""
    header = list(cells[start:stop])
    roles = [_role(c) for c in header]
    if corner is not None:
        return _labelled(cells, [corner, *header], stop)
    if "weight" in roles and "score" in roles and any(level in roles for level in _LEVELS):
        return _indicators(cells, header, roles, stop)
    if "executed" in roles and any(role in _BUDGETS for role in roles):
        first = next(i for i, role in enumerate(roles) if role in _BUDGETS)
        corner = header[first - 1] if first else _EMPTY
        return _labelled(cells, [corner, *header[first:]], stop)
    if roles[-2:] == ["goal", "done"]:
        below = [*(_EMPTY for _ in header[:-2]), *cells[stop : stop + 2]]
        return [header, below], min(stop + 2, len(cells))
    return _fixed(cells, header, stop)


def _labelled(cells: Sequence[View], header: RawRow, start: int) -> tuple[list[RawRow], int]:
    """Rows of a label and as many values as the header has after its first cell."""
    width = len(header)
    rows: list[RawRow] = [header]
    index = start
    while (
        index + width <= len(cells)
        and not _is_value(cells[index])
        and all(map(_is_value, cells[index + 1 : index + width]))
    ):
        rows.append(list(cells[index : index + width]))
        index += width
    return rows, index


def _fixed(cells: Sequence[View], header: RawRow, start: int) -> tuple[list[RawRow], int]:
    """Rows as wide as the header, the first cell a label; a row of respondents has two cells, a question one."""
    width = len(header)
    asked = any(_role(c) == "option" for c in header)
    rows: list[RawRow] = [header]
    index = start
    while index < len(cells) and not _is_value(cells[index]) and _role(cells[index]) is None:
        if _RESPONDENTS.search(_bare(cells[index])) and index + 1 < len(cells):
            rows.append([*cells[index : index + 2], *(_EMPTY for _ in range(width - 2))])
            return rows, index + 2
        if asked and _ASKS.match(cells[index].text):
            rows.append([cells[index]])
            index += 1
            continue
        row = list(cells[index : index + width])
        if len(row) < width or not any(_is_value(c) for c in row[1:]):
            break
        rows.append(row)
        index += width
    return rows, index


def _indicators(cells: Sequence[View], header: RawRow, roles: list[str | None], start: int) -> tuple[list[RawRow], int]:
    """Rows told by the pair of marks (full marks, marks given); the cells before it are names, target and actual value,
    the cell after it the reason, unless it is already the name of the next row's group."""
    weight = roles.index("weight")
    levels = sum(1 for role in roles[:weight] if role in _LEVELS)
    values = weight - levels
    has_reason = len(header) > roles.index("score") + 1
    rows: list[RawRow] = [header]
    pairs = _mark_pairs(cells, start, values)
    always = has_reason and all(b - a - 2 >= values + 2 for a, b in pairwise(pairs) if b - a > values + 1)
    index = start
    for pair, following in pairwise([*pairs, None]):
        assert pair is not None
        before = list(cells[index:pair])
        if before and _TOTAL.match(_bare(before[-1])):
            rated = roles[-1] == "score_rate" and pair + 2 < len(cells) and _is_value(cells[pair + 2])
            end = pair + 3 if rated else pair + 2
            rows.append([before[-1], *(_EMPTY for _ in range(weight - 1)), *cells[pair:end]])
            return rows, end
        if len(before) < values + 1:
            break
        names = before[: len(before) - values]
        if len(names) > levels:
            break
        row = [
            *(_EMPTY for _ in range(levels - len(names))),
            *names,
            *before[len(before) - values :],
            *cells[pair : pair + 2],
        ]
        index = pair + 2
        if has_reason:
            names_ahead = None if following is None else _names_between(cells, index, following, values)
            reason = index < len(cells) and (always or _is_reason(cells, index, values, names_ahead, levels))
            row.append(cells[index] if reason else _EMPTY)
            index += 1 if reason else 0
        rows.append(row)
    return rows, index


def _mark_pairs(cells: Sequence[View], start: int, values: int) -> list[int]:
    """Where two marks stand side by side, at least a name and the target's columns apart, up to the total row."""
    pairs: list[int] = []
    index = start + values + 1
    while index + 1 < len(cells):
        if _is_mark(cells[index]) and _is_mark(cells[index + 1]) and not _is_mark_ahead(cells, index, values):
            pairs.append(index)
            if _TOTAL.match(_bare(cells[index - 1])):
                break
            index += 3
        else:
            index += 1
    return pairs


def _is_mark(cell: View) -> bool:
    numeral = whole_numeral(cell.text)
    return (
        numeral is not None and numeral.unit in {None, "分"} and numeral.operator is None and 0 <= numeral.value <= 100
    )


def _is_mark_ahead(cells: Sequence[View], index: int, values: int) -> bool:
    """Whether a bare actual value only looks like a mark: two more marks follow right behind."""
    return (
        values >= 2
        and index + 2 < len(cells)
        and _is_mark(cells[index + 2])
        and not _TOTAL.match(_bare(cells[index - 1]))
    )


def _names_between(cells: Sequence[View], index: int, following: int, values: int) -> int:
    """How many names, a reason among them, stand before the next pair of marks; a total row has no target."""
    return following - index - (0 if _TOTAL.match(_bare(cells[following - 1])) else values)


def _is_full(cells: Sequence[View], index: int) -> bool:
    """Whether the two marks before a cell are the same, so that there is nothing to give a reason for."""
    full, given = (whole_numeral(c.text) for c in cells[index - 2 : index])
    return full is not None and given is not None and full.value == given.value


def _is_reason(cells: Sequence[View], index: int, values: int, names: int | None, levels: int) -> bool:
    """Whether the cell after the marks is a reason: no group's name, and not the name right before a target; where the
    marks are full, only if the next row's names are more than its levels otherwise."""
    cell = cells[index]
    if not cell.text or cell.text in DASHES or cell.text == "无":
        return True
    if _GROUP.search(_bare(cell)) or _TOTAL.match(_bare(cell)):
        return False
    if names is not None and (names > levels or _is_full(cells, index)):
        return names > levels
    ahead = index + 1 + values
    return not (ahead + 1 < len(cells) and _is_mark(cells[ahead]) and _is_mark(cells[ahead + 1]))
