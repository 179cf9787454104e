"""Layout: a questionnaire's answers without marks, each question a line of its own between its options."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pipeline.flow import View
from pipeline.layout.lines import Line, join
from pipeline.layout.spaced_pieces import is_figure
from pipeline.layout.spaced_plain import words_of
from pipeline.layout.tabbed import RawRow
from schemas.columns import column_role
from schemas.values import squeeze
from schemas.word_files import load_vocabulary

_EMPTY = View("", ())
_ASKS = re.compile(r"(?:\d{1,2}\s?[.．、]|[（(]\d{1,2}[）)]|第\s?\d{1,2}\s?题)|.*[？?：:]\Z")
_FIGURES = frozenset({"count", "share"})
_MOST_COLUMNS, _QUESTION_LINES, _LONGEST = 3, 3, 120
_FEWEST_ANSWERS = 2


def read_questions(lines: Sequence[Line], index: int) -> tuple[list[RawRow], int] | None:
    """The rows below the header at line ``index`` (选项 人数 比例), header first, and the line after them.

    Rows are a question alone, an option with its figures, or how many answered. None where the line is no such header,
    or where no question with two answers follows.
    """
    header = words_of(lines[index]) if len(lines[index].text) <= _LONGEST else []
    roles = [column_role(word.text) for word in header]
    if not 1 < len(roles) <= _MOST_COLUMNS or roles[0] != "option" or not set(roles[1:]) <= _FIGURES:
        return None
    rows: list[RawRow] = [header]
    asked: list[View] = []
    questions, stop = 0, index + 1
    for place in range(stop, len(lines)):
        line = lines[place]
        if line.blank:
            continue
        row = _answer(words_of(line), len(header)) if len(line.text) <= _LONGEST else None
        if row is not None:
            if asked:
                rows.append([join(asked)])
                questions, asked = questions + 1, []
            rows.append(row)
            stop = place + 1
        elif _may_ask(line, asked):
            asked.append(line.view)
        else:
            break
        if not (questions or asked):
            return None
    return (rows, stop) if questions and len(rows) - questions > _FEWEST_ANSWERS else None


def _may_ask(line: Line, asked: Sequence[View]) -> bool:
    """Whether a line may be a question, or go on with one."""
    if len(line.text) > _LONGEST or len(asked) >= _QUESTION_LINES:
        return False
    return bool(_ASKS.match(line.text)) or (bool(asked) and column_role(line.text.split()[0]) is None)


def _answer(words: RawRow, width: int) -> RawRow | None:
    """An option and its figures, or the label and the number of those who answered; None where a line is neither."""
    if len(words) == 2 and width > 2 and is_figure(words[1].text) and _respondents().search(squeeze(words[0].text)):
        return [*words, *[_EMPTY] * (width - 2)]
    names, figures = words[: len(words) - width + 1], words[len(words) - width + 1 :]
    if not 0 < len(names) <= width or not all(is_figure(word.text) for word in figures) or is_figure(names[-1].text):
        return None
    return [join(names), *figures]


@cache
def _respondents() -> re.Pattern[str]:
    return re.compile("|".join(load_vocabulary("columns")["rows"]["respondents"]))
