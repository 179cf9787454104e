"""Layout: a questionnaire's answers without marks: rows that end in figures, number and question before the first only."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.flow import View
from pipeline.layout.lines import Line, join
from pipeline.layout.spaced_pieces import is_figure
from pipeline.layout.spaced_plain import words_of
from pipeline.layout.tabbed import RawRow
from schemas.columns import column_role

_EMPTY = View("", ())
_SHAPES = (["question", "option"], ["seq", "question", "option"])
_FIGURES = frozenset({"count", "share"})
_FEWEST_ROWS = 2
_MOST_WORDS = 5


def read_survey(lines: Sequence[Line], index: int) -> tuple[list[RawRow], int] | None:
    """The rows of the answers whose header is line ``index``, header first, and the line after them.

    Rows are an option and its figures; the first of a question has the question and its number before it. A question's
    words may go on in the next line. None where the line is no such header, or fewer than two rows follow.
    """
    header = words_of(lines[index])
    if not len(_SHAPES[0]) < len(header) <= _MOST_WORDS:
        return None
    roles = [column_role(word.text) for word in header]
    names = next((len(shape) for shape in _SHAPES if roles[: len(shape)] == shape), 0)
    if not names or not set(roles[names:]) <= _FIGURES:
        return None
    rows: list[RawRow] = [header]
    stop = index + 1
    asked: list[View] = []
    for place in range(stop, len(lines)):
        words = words_of(lines[place])
        if not words:
            continue
        row = _row(asked + words, names, len(header))
        if row is None and (asked or len(words) != names - 1 or any(is_figure(w.text) for w in words[-1:])):
            break
        if row is None:
            asked = words
            continue
        rows.append(row)
        asked, stop = [], place + 1
    return (rows, stop) if len(rows) > _FEWEST_ROWS else None


def _row(words: RawRow, names: int, width: int) -> RawRow | None:
    """The row of a line's words: its last ones are the figures, what stands before them is an option, or all names."""
    figures = words[len(words) - (width - names) :]
    before = words[: len(words) - (width - names)]
    if not before or not all(is_figure(word.text) for word in figures) or is_figure(before[-1].text):
        return None
    if len(before) == 1:
        return [_EMPTY] * (names - 1) + before + figures
    if len(before) < names or (names > len(_SHAPES[0]) and not is_figure(before[0].text)):
        return None
    question = join(before[names - 2 : -1])
    return [*before[: names - 2], question, before[-1], *figures]
