"""Layout: tables flattened to one cell a line: rows rebuilt from the header labels that the vocabulary knows.

Merged cells are gone from such text, so the number of cells differs from row to row. A row of funds is a label and as
many values as the header has; an indicator's row is found by its two marks, its names and target stand before them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.flow import View
from pipeline.layout.cell_lines import cells_from
from pipeline.layout.cell_marks import EMPTY, LEVELS, is_value, read_indicators
from pipeline.layout.form_labels import is_form_label
from pipeline.layout.lines import Line, join
from pipeline.layout.spaced_columns import Kind, column_of
from pipeline.layout.tabbed import RawRow
from pipeline.numerals import whole_numeral
from schemas.columns import column_role

_LONGEST_LABEL = 20
_LONG = 40
_FEWEST_ROWS = 3
LOOKS, LOOKS_A_LINE = 5_000, 4
"""Lines that the search for tables of one cell a line may look at: so many, and so many for each line of the text."""
_FEWEST_LABELS, _MOST_LABELS = 3, 16
_BUDGETS = ("full_year_budget", "initial_budget")
_RESPONDENTS = re.compile(r"有效填写|填写人次|有效问卷|答题人数")
_NO_MONEY = frozenset({"weight", "score", "execution_rate", "score_rate"})
_FIRST_OF_LIST = re.compile(r"(?:1[.．、]|（[1一]）|①|一、|目标1)")
_MOST_LINES = 24
"""Lines of a goal and of what became of it."""

_NEAR, _FIRST = 10, 3
_ASKS = re.compile(r"\d{1,2}\s?[.．、].{4,}[？?]$")


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
            if cells[index].text:
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
        cells, stop = cells_from(lines, start)
        self._looks -= stop - start
        rows = rows_of_cells(cells)
        if rows is None:
            return None
        rows = rows[: next((i for i, row in enumerate(rows) if len(row) == 1 and _is_sentence(row[0])), None)]
        while rows and len(rows[-1]) == 1:
            rows.pop()
        if len(rows) < _FEWEST_ROWS:
            return None
        last = max(c.whole.stop for row in rows for c in row if c.text)
        while lines[stop - 1].span.start >= last:
            stop -= 1
        return rows, stop


def _is_sentence(cell: View) -> bool:
    """Whether a cell that is no part of a row is prose."""
    return len(cell.text) >= _LONG and cell.text.endswith("。")


def _begins(lines: Sequence[Line], start: int) -> bool:
    text = lines[start].text
    if not text or len(text) > _LONGEST_LABEL:
        return False
    filled = [line for line in lines[start : start + _NEAR] if line.text]
    first = filled[:_FIRST]
    if len(first) < _FIRST or any(len(line.text) > _LONGEST_LABEL and line is not first[1] for line in first):
        return False
    if is_form_label(text):
        return is_form_label(first[2].text) or all(_role(line.view) for line in filled[_FIRST : 2 * _FIRST])
    return all(_role(line.view) for line in first)


def _bare(cell: View) -> str:
    return re.sub(r"\s+", "", cell.text)


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
    return len(row) == 1 and 0 < len(row[0].text) <= _LONGEST_LABEL and not is_value(row[0])


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
    ends = stop + size >= len(cells) or not is_value(cells[stop + size])
    return size if size >= _FEWEST_LABELS and ends and all(map(is_value, values)) and filled >= size - 1 else 0


def _below(cells: Sequence[View], start: int, stop: int, corner: View | None = None) -> tuple[list[RawRow], int]:
    """The header, with the label before it where that names its rows, and the rows below it; and where they end."""
    header = list(cells[start:stop])
    roles = [_role(c) for c in header]
    if corner is not None:
        return _labelled(cells, [corner, *header], stop)
    if "weight" in roles and "score" in roles and any(level in roles for level in LEVELS):
        return read_indicators(cells, header, roles, stop)
    if "executed" in roles and any(role in _BUDGETS for role in roles):
        first = next(i for i, role in enumerate(roles) if role in _BUDGETS)
        if first > 1 and len(cells) > stop + 1 and not any(map(is_value, cells[stop : stop + first])):
            return _fixed(cells, header, stop)
        return _labelled(cells, header if first else [EMPTY, *header], stop, max(first, 1))
    if roles[-2:] == ["goal", "done"]:
        texts, index = _goal_texts(cells, stop)
        below = [*(EMPTY for _ in header[:-2]), *texts]
        return ([header, below] if texts else [header]), index
    return _fixed(cells, header, stop)


def _goal_texts(cells: Sequence[View], start: int) -> tuple[list[View], int]:
    """A goal and what became of it, each of one line or more, and the cell after them; none where it is not clear where
    the one ends and the other begins."""
    while start < len(cells) and not cells[start].text:
        start += 1
    stop = start
    while stop < min(len(cells), start + _MOST_LINES) and not _ends_goal(cells, stop):
        stop += 1
    parts = cells[start:stop]
    if len(parts) <= 2 or stop == start + _MOST_LINES or not all(c.text for c in parts[:3]):
        return list(cells[start : start + 2]), min(start + 2, len(cells))
    ends = [i + 1 for i, c in enumerate(parts[:-1]) if c.text and c.text[-1] in "。；"]
    again = [i for i, c in enumerate(parts) if i and _first_of_list(c.text)]
    cuts = again if _first_of_list(parts[0].text) else ends
    if len(cuts) != 1:
        return [], start
    return [join(parts[: cuts[0]]), join(parts[cuts[0] :])], stop


def _first_of_list(text: str) -> bool:
    return bool(_FIRST_OF_LIST.match(text))


def _ends_goal(cells: Sequence[View], index: int) -> bool:
    """Whether a cell begins the next part of a form: the labels of its indicators."""
    return _header_stop(cells, index) - index >= 2 or is_form_label(cells[index].text)


def _labelled(cells: Sequence[View], header: RawRow, start: int, names: int = 1) -> tuple[list[RawRow], int]:
    """Rows of a label and as many values as the header has after its names, the first of which are merged downwards.

    Where last values are missing, the money, or the money and a rate in per cent, are known by what they are.
    """
    width = len(header) - names
    roles = [_role(c) for c in header[names:]]
    rows: list[RawRow] = [header]
    index = start
    while True:
        while index < len(cells) and not cells[index].text:
            index += 1
        if index >= len(cells) or is_value(cells[index]):
            return rows, index
        values = list(cells[index + 1 : index + 1 + width])
        stop = next((i for i, c in enumerate(values) if not is_value(c)), len(values))
        if stop < width:
            values = _with_gaps(values[:stop], roles)
        if not values:
            return rows, index
        rows.append([*[EMPTY] * (names - 1), cells[index], *values])
        index += 1 + stop


def _with_gaps(values: RawRow, roles: Sequence[str | None]) -> RawRow:
    """Values with empty cells for those that are missing at the end; none where it is not clear which are missing."""
    money = next((i for i, role in enumerate(roles) if role in _NO_MONEY), len(roles))
    rates = [i for i, role in enumerate(roles) if role == "execution_rate"]
    row: RawRow = [*values[:money], *[EMPTY] * (len(roles) - money)]
    if len(values) == money > 1 and not any(_is_share(c) for c in values):
        return row
    if len(values) == money + 1 and _is_share(values[-1]) and len(rates) == 1:
        row[rates[0]] = values[-1]
        return row
    return []


def _is_share(cell: View) -> bool:
    return cell.text.endswith(("%", "％"))


def _fixed(cells: Sequence[View], header: RawRow, start: int) -> tuple[list[RawRow], int]:
    """Rows as wide as the header, the first cell a label; a row of respondents has two cells, a question one."""
    width = len(header)
    figures = [column_of(c.text).kind is Kind.FIGURE for c in header]
    asked = any(_role(c) == "option" for c in header)
    rows: list[RawRow] = [header]
    index = start
    while True:
        while index < len(cells) and not cells[index].text:
            index += 1
        if index >= len(cells) or is_value(cells[index]) or _role(cells[index]) is not None:
            return rows, index
        row = list(cells[index : index + width])
        if _RESPONDENTS.search(_bare(cells[index])) and index + 1 < len(cells):
            rows.append([*row[:2], *(EMPTY for _ in range(width - 2))])
            return rows, index + 2
        if asked and (_ASKS.match(row[0].text) or _fits(cells[index + 1 : index + 1 + width], figures)):
            rows.append(row[:1])
            index += 1
            continue
        if not _fits(row, figures):
            return rows, index
        rows.append(row)
        index += width


def _fits(row: Sequence[View], figures: Sequence[bool]) -> bool:
    """Whether a row is whole, has a value besides its first cell, and holds nothing else in its columns of figures."""
    return (
        len(row) == len(figures)
        and not is_value(row[0])
        and any(is_value(c) for c in row[1:])
        and all(is_value(c) for c, figure in zip(row[1:], figures[1:], strict=True) if figure)
    )
