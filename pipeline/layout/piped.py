"""Layout: tables flattened with pipes (a row a line, or one cell a line that ends in ``|``)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.flow import View
from pipeline.layout.cells import rows_of_cells
from pipeline.layout.lines import Line
from pipeline.layout.tabbed import RawRow, split_cells
from pipeline.numerals import find_numerals

_PIPE = re.compile(r"[|｜]")
_RULE, _DASHES, _EDGES = re.compile(r"[\s|｜:\-—=+]+"), re.compile(r"[\-—=]{3}"), re.compile(r"[\s|｜]{2,}")
MAX_COLUMNS = 9


def is_piped(line: Line) -> bool:
    """Whether the line is a row or a cell of a piped table."""
    return bool(line.text) and (line.text[-1] in "|｜" or line.text[0] in "|｜" or len(_PIPE.findall(line.text)) >= 2)


def opens_table(lines: Sequence[Line], index: int) -> bool:
    """Whether a piped table begins at a line: a row of it, or a label and its value right above one (项目名称 | …)."""
    text = lines[index].text
    if "|" not in text and "｜" not in text:
        return False
    return is_piped(lines[index]) or (_is_pair(lines[index]) and _more(lines, index))


def _is_pair(line: Line) -> bool:
    """Whether a line is two cells that one pipe parts."""
    return line.text.count("|") + line.text.count("｜") == 1 and not is_piped(line)


def read_piped(lines: Sequence[Line], start: int) -> tuple[list[RawRow], int] | None:
    """The rows of the piped table from ``start`` on, and the index of the line after it; None for fewer than two rows. The
    cells of a line alone are not even looked for, as it may be of any length."""
    found: list[Line] = []
    index = start
    while index < len(lines) and (
        is_piped(lines[index]) or _is_pair(lines[index]) or (lines[index].blank and _more(lines, index))
    ):
        if not lines[index].blank and not _is_rule(lines[index].text):
            found.append(lines[index])
        index += 1
    if len(found) < 2:
        return None
    rows = [_without_edges(split_cells(line.view, _PIPE), line.text) for line in found]
    if all(len(row) == 1 for row in rows):
        cells = [row[0] for row in rows]
        rows = rows_of_cells(cells) or _columns(cells)
    return (rows, index) if len(rows) > 1 else None


def _is_rule(text: str) -> bool:
    """Whether a line only parts the header from the rows (|---|:--:|), or holds nothing."""
    return bool((_RULE.fullmatch(text) and _DASHES.search(text)) or _EDGES.fullmatch(text))


def _more(lines: Sequence[Line], index: int) -> bool:
    return index + 1 < len(lines) and is_piped(lines[index + 1])


def _without_edges(cells: RawRow, text: str) -> RawRow:
    if text in "|｜":
        return [View("", ())]
    return cells[1 if text[0] in "|｜" else 0 : len(cells) - (1 if text[-1] in "|｜" else 0)]


def _columns(cells: RawRow) -> list[RawRow]:
    """One cell a line, set out in rows: the number of columns is the one whose columns hold one sort of cell each.

    Cells before the first whole row are headers of the last columns. Where no number of columns is clearly right the
    cells stay one a row: nothing is guessed.
    """
    sorts = "".join("n" if _is_value(cell.text) else "t" for cell in cells)
    best, best_lead, best_share = 1, 0, 0.0
    for count in range(2, min(MAX_COLUMNS, len(cells) // 2) + 1):
        lead = len(cells) % count
        rows = [sorts[i : i + count] for i in range(lead, len(sorts), count)]
        usual = max(set(rows), key=rows.count)
        share = rows.count(usual) / len(rows)
        if "n" in usual and "t" in usual and "n" not in sorts[:lead] and share > best_share + 0.05:
            best, best_lead, best_share = count, lead, share
    if best_share < 0.6:
        return [[cell] for cell in cells]
    empty = View("", ())
    head = [[empty] * (best - best_lead) + list(cells[:best_lead])] if best_lead else []
    return head + [list(cells[i : i + best]) for i in range(best_lead, len(cells), best)]


def _is_value(text: str) -> bool:
    if text in {"", "—", "——", "-", "/"}:
        return True
    found = list(find_numerals(text))
    if len(found) != 1:
        return False
    digits = found[0]
    return len(text) - (digits.unit_stop - digits.start) <= 3
