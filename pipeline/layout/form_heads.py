"""Layout: the first lines of a form in text without marks: labels and values in turn above the table of its funds."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.layout.form_labels import is_form_label, names_project
from pipeline.layout.lines import Line, join
from pipeline.layout.spaced_plain import words_of
from pipeline.layout.tabbed import RawRow
from schemas.columns import column_role

_ROWS, _REST, _WORDS = 6, 14, 4
"""Rows of a form's head, characters of a line that goes on with a broken value, and words of a row."""


def read_form_head(lines: Sequence[Line], index: int) -> tuple[list[RawRow], int] | None:
    """The rows of a form's head that begins at line ``index`` with the project's name, and the line after them.

    None where the line names no project. A value that is broken over lines is joined; the head ends at the first line
    that is neither a row of it nor the short rest of a value.
    """
    first = words_of(lines[index])
    if len(first) < 2 or not names_project(first[0].text) or column_role(first[1].text) is not None:
        return None
    rows: list[RawRow] = []
    stop = index
    for place in range(index, len(lines)):
        line = lines[place]
        if line.blank:
            continue
        words = words_of(line)
        if len(words) > 1 and is_form_label(words[0].text) and column_role(words[1].text) is None and len(rows) < _ROWS:
            rows.append([words[0], join(words[1:])] if len(words) > _WORDS else words)
        elif rows and len(words) == 1 and len(words[0].text) <= _REST and _goes_on(rows[-1], words[0].text):
            if len(rows[-1]) % 2:
                rows[-1] = [*rows[-1], words[0]]
            else:
                rows[-1] = [*rows[-1][:-1], join([rows[-1][-1], words[0]])]
        else:
            break
        stop = place + 1
    return (rows, stop) if all(len(row) % 2 == 0 for row in rows) else None


def _goes_on(row: RawRow, text: str) -> bool:
    """Whether a word alone on its line may go on with a row's last value rather than begin the table below."""
    return column_role(text) is None and not is_form_label(text) and (len(row) % 2 == 1 or len(row) > 2)
