"""Layout: tables flattened to one cell a line with a blank line below each row, as text of web pages has them.

Cells that are merged with those above are gone, and so are empty ones at a row's end; which are missing is told by the
columns of figures (``merged.set_right``).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.flow import View
from pipeline.layout.cell_lines import opens_chapter
from pipeline.layout.dashes import DASHES
from pipeline.layout.form_labels import is_form_label
from pipeline.layout.indicator_groups import is_group
from pipeline.layout.lines import Line
from pipeline.layout.merged import set_right
from pipeline.layout.spaced_columns import Kind, column_of
from pipeline.layout.tabbed import RawRow
from pipeline.numerals import whole_numeral
from schemas.columns import column_role

_LONGEST_LABEL = 20
_FEWEST_LABELS, _MOST_LABELS = 3, 16
_FEWEST_ROWS = 2


def read_cell_groups(lines: Sequence[Line], index: int) -> tuple[list[RawRow], int] | None:
    """The rows of the table whose header is the run of lines from ``index`` on, header first, and the line after it.

    None where these lines are no header, or where fewer than two of the runs below it fit under it.
    """
    header = _header(lines, index)
    if header is None:
        return None
    roles = [column_role(label.text) for label in header]
    figures = [column_of(label.text).kind is Kind.FIGURE for label in header]
    rows = [header]
    stop = index + len(header)
    while row := _row(lines, stop + 1, roles, figures):
        rows.append(row)
        stop += 1 + len(row)
    return (rows, stop) if len(rows) > _FEWEST_ROWS else None


def _header(lines: Sequence[Line], index: int) -> RawRow | None:
    first = lines[index : index + _FEWEST_LABELS]
    if len(first) < _FEWEST_LABELS or not all(map(_is_label, first)) or column_role(first[0].text) is None:
        return None
    labels = _run(lines, index, _MOST_LABELS)
    if any(is_group(label.text) for label in labels) or sum(is_form_label(label.text) for label in labels) > 1:
        return None
    known = sum(column_role(label.text) is not None for label in labels)
    return labels if len(labels) >= _FEWEST_LABELS and known * 2 >= len(labels) else None


def _is_label(line: Line) -> bool:
    return not line.tabbed and 0 < len(line.text) <= _LONGEST_LABEL and whole_numeral(line.text) is None


def _row(lines: Sequence[Line], start: int, roles: Sequence[str | None], figures: Sequence[bool]) -> RawRow:
    """The run of lines from ``start`` on; none where it is a chapter's heading, or its cells fit under no figures."""
    run = _run(lines, start, len(roles))
    if len(run) < 2 or opens_chapter(run[0].text):
        return []
    cells = [cell for cell, figure in zip(set_right(run, roles), figures, strict=False) if figure]
    return run if all(map(_is_value, cells)) and any(cell.text for cell in cells) else []


def _run(lines: Sequence[Line], start: int, most: int) -> RawRow:
    """The lines from ``start`` to the next blank one; none where they are more than ``most``."""
    stop = start
    while stop < len(lines) and not lines[stop].blank and not lines[stop].tabbed:
        stop += 1
        if stop - start > most:
            return []
    return [line.view for line in lines[start:stop]]


def _is_value(cell: View) -> bool:
    return not cell.text or cell.text in DASHES or whole_numeral(cell.text) is not None
