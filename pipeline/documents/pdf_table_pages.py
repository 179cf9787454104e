"""Documents: ruled tables that go on over pages: heads that are printed again, rows and merged cells that a page cuts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from pipeline.documents.canonical import DrawnCell
from pipeline.documents.pdf_paragraphs import gap_between, is_broken
from pipeline.documents.pdf_tables import APART, RuledTable, nearest, places


def goes_on(above: RuledTable, below: RuledTable) -> bool:
    """Whether a table goes on with one of the page before: their outer rules stand at the same places."""
    return abs(above.left - below.left) <= APART and abs(above.right - below.right) <= APART


def go_on(above: RuledTable, below: RuledTable) -> None:
    """Goes on with a table of the next page; what is left of that one are the rows that it adds."""
    rules = tuple(places((*above.rules, *below.rules)))
    _place_between(above, rules)
    _place_between(below, rules)
    _drop_rows(below, _repeated(above, below))
    _join_cut_cells(above, below)
    for cell in below.cells:
        cell.row += above.rows
    above.cells += below.cells
    above.printed |= {(row + above.rows, column): lines for (row, column), lines in below.printed.items()}
    above.rows += below.rows


def _place_between(table: RuledTable, rules: tuple[float, ...]) -> None:
    """Counts a table's columns by rules of which it has some."""
    columns = [nearest(rules, x) for x in table.rules]
    table.printed = {(row, columns[column]): lines for (row, column), lines in table.printed.items()}
    for cell in table.cells:
        first, last = columns[cell.column], columns[cell.column + cell.columns]
        cell.column, cell.columns = first, last - first
    table.rules = rules


def _repeated(above: RuledTable, below: RuledTable) -> int:
    """How many rows at a table's top repeat the top of the page before: its head, printed again."""
    head = _rows(above.cells)
    whole = 0
    for count, (row, cells) in enumerate(_rows(below.cells).items(), start=1):
        if row != count - 1 or cells != head.get(row) or not any(text for *_, text in cells):
            break
        if all(start + rows <= count for r in range(count) for start, rows, *_ in head.get(r, [])):
            whole = count
    return whole if whole < below.rows else 0


def _rows(cells: Sequence[DrawnCell]) -> dict[int, list[tuple[int, int, int, int, str]]]:
    """The cells of each row: row, rows, column, columns and text of each."""
    found = sorted((c.row, c.rows, c.column, c.columns, "".join(c.lines)) for c in cells)
    return {row: sorted(group, key=lambda c: c[2]) for row, group in groupby(found, key=lambda c: c[0])}


def _drop_rows(table: RuledTable, count: int) -> None:
    """Takes the first rows off a table; no cell may reach from them to those below."""
    table.cells = [c for c in table.cells if c.row >= count]
    for cell in table.cells:
        cell.row -= count
    table.printed = {(row - count, column): lines for (row, column), lines in table.printed.items() if row >= count}
    table.rows -= count


def _join_cut_cells(above: RuledTable, below: RuledTable) -> None:
    """Puts together what the page has cut: a row all of whose words go on in the next page's first row, and cells that
    reach over several rows of both pages."""
    last = {c.column: c for c in above.cells if c.row + c.rows == above.rows}
    first = [c for c in below.cells if c.row == 0]
    pairs = [(last[c.column], c) for c in first if c.column in last and last[c.column].columns == c.columns]
    cut = [(upper, lower) for upper, lower in pairs if _is_cut(above, upper, below, lower)]
    going_on = [lower for _, lower in cut]
    narrow = [c for c in first if c.lines and c.rows == 1]
    if len(pairs) == len(first) and narrow and all(c in going_on for c in first if c.lines):
        for upper, lower in pairs:
            _join(upper, lower)
            upper.rows += lower.rows - 1
        below.cells = [c for c in below.cells if c.row > 0]
        _drop_rows(below, 1)
        return
    for upper, lower in pairs:
        if lower.rows > 1 and (not lower.lines or lower in going_on):
            _join(upper, lower)
            upper.rows += lower.rows
            below.cells.remove(lower)


def _is_cut(above: RuledTable, upper: DrawnCell, below: RuledTable, lower: DrawnCell) -> bool:
    ended, begun = above.printed.get((upper.row, upper.column)), below.printed.get((0, lower.column))
    left, right = above.rules[upper.column], above.rules[upper.column + upper.columns]
    return ended is not None and begun is not None and is_broken(ended[-1], begun[0], left, right)


def _join(upper: DrawnCell, lower: DrawnCell) -> None:
    """Adds the lines of a cell to those of the one that it goes on with; its box stays that of the first page."""
    if lower.lines:
        start, *rest = lower.lines
        upper.lines[-1] += gap_between(upper.lines[-1], start) + start
        upper.lines += rest
