"""Layout: tables without marks whose lines are their rows: each cell one word, as many as the header has labels.

The plainest flattening by spaces. Anything that it cannot place cell by cell is left to the reading of pieces
(spaced.py), which also knows cells that are broken over lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.flow import View
from pipeline.layout.dashes import DASHES
from pipeline.layout.form_labels import is_form_label
from pipeline.layout.indicator_groups import is_group
from pipeline.layout.lines import Line, join
from pipeline.layout.marks import mark_of
from pipeline.layout.spaced_cells import is_level, is_unit
from pipeline.layout.spaced_columns import LABELS, Column, Kind, column_of, columns_under
from pipeline.layout.spaced_pieces import LONGEST_LINE, blank_between, ends_table, is_figure
from pipeline.layout.tabbed import RawRow
from pipeline.numerals import whole_numeral
from schemas.columns import column_role, is_total

_WORD = re.compile(r"\S+")
_NOT_IN_LABEL = re.compile(r"[。；;，,：:！？=≥≤]")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年|\D*$)")
_ORDINAL = re.compile(r"\d{1,3}(?:\.\d{1,2})?|[一二三四五六七八九十]{1,3}|[（(][\d一二三四五六七八九十]{1,3}[）)]")
_LABEL, _FORM_LABEL, _MOST, _FEWEST = 20, 12, 16, 2
_SURE = 100
"""Rows after which a table is one, and ends above a line that is none of its rows."""

_PAGE_GAP = 5
"""Blank lines within which a page's number is looked for."""

_LONGEST, _FORM_ROWS = 2000, 12
"""Rows of a table after which another is read, and rows of a form above its first header."""

_BROKEN = 10
"""Lines below a word alone on its line in which the rest of its row may stand."""

_PAIRS = (2, 4)
"""Words of a row of labels and values in turn."""
_EMPTY = View("", ())
_SHARES = frozenset({"execution_rate", "share", "score_rate", "change_rate", "weight", "change", "year"})
_MARKS = frozenset({"weight", "score"})
_MAY_LACK = frozenset({"reason", "status", "overview", None, "ignored"})
_GOALS = frozenset({"goal", "done"})


@dataclass(slots=True)
class _Block:
    """A header's columns and which of them were seen to hold figures."""

    columns: tuple[Column, ...]
    figures: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.figures = {i for i, c in enumerate(self.columns) if c.kind is Kind.FIGURE}


def read_plain(lines: Sequence[Line], index: int) -> tuple[list[RawRow], int] | None:
    """The rows of the table or form that begins at line ``index``, all of one length, and the line after it.

    A form has several headers. None where none begins there, or where one of its lines is no row as it stands.
    """
    first = words_of(lines[index])
    in_form = len(first) in _PAIRS and is_form_label(first[0].text)
    if not in_form and not _is_header(first):
        return None
    reading = _Reading(lines, blank_between(lines, index))
    stop = reading.read(index)
    if reading.refused or reading.filled < (1 if in_form else _FEWEST):
        return None
    width = max(len(row) for row in reading.rows)
    return [row + [_EMPTY] * (width - len(row)) for row in reading.rows], stop


class _Reading:
    """The rows taken from the lines of one table so far; ``refused`` where a line of it is no row as it stands."""

    def __init__(self, lines: Sequence[Line], apart: bool) -> None:
        self.rows: list[RawRow] = []
        self.filled = 0
        self.refused = False
        self._lines = lines
        self._apart = apart
        self._block: _Block | None = None
        self._level: View | None = None
        self._headers: set[str] = set()

    def read(self, index: int) -> int:
        """Takes rows from line ``index`` on and gives the line after the last one."""
        stop = index
        for place in range(index, len(self._lines)):
            line = self._lines[place]
            if line.blank and (self._apart or page_ends(self._lines, place)):
                continue
            if self._lines[place - 1].blank and not self._apart and place > index and not self._goes_on(line):
                break
            if line.blank or len(line.text) > LONGEST_LINE or (ends_table(line) and not _marked_row(line)):
                break
            if len(self.rows) > _LONGEST or not self._take(place, words_of(line)):
                break
            if self._level is None:
                stop = place + 1
        return stop

    def _goes_on(self, line: Line) -> bool:
        """Whether the first line of a page is a row of the table that the page before began, or its header again."""
        words = words_of(line)
        if not words or self._block is None or line.text in self._headers:
            return line.text in self._headers
        return _placed(words, self._block) is not None and (is_total(words[0].text) or len(words) > 1)

    def _take(self, place: int, words: RawRow) -> bool:
        """Takes a line as a row; False where the table ends above it."""
        block, text = self._block, self._lines[place].text
        if _is_header(words):
            if text in self._headers:
                return self._lines[place - 1].blank and not self._apart
            self._headers.add(text)
            self._block = _Block(columns_under([w.text for w in words]))
            self.refused = self.refused or any(c.role == "option" for c in self._block.columns)
            self.rows.append(words)
        elif self._is_level(words):
            self._level = words[0]
        elif len(words) == 1:
            self.refused = _may_be_broken(self._lines, place, block)
            return False
        elif block is None or (len(words) in _PAIRS and is_form_label(words[0].text)):
            self.refused = not _is_form_row(words) or (block is None and len(self.rows) >= _FORM_ROWS)
            self.rows.append(words)
        elif (placed := _placed(words, block)) is not None:
            if self._level is not None and not placed[0].text:
                placed[0] = self._level
            self._level = None
            self.rows.append(placed)
            self.filled += 1
        else:
            self.refused = self.filled < _FEWEST or (self.filled < _SURE and "。" not in words[0].text)
            return False
        return not self.refused

    def _is_level(self, words: RawRow) -> bool:
        """Whether a line is the name of a level alone, the rows of which follow."""
        if self._block is None or len(words) != 1 or self._block.columns[0].kind is not Kind.LEVEL:
            return False
        return self._level is None and (is_level(words[0].text) or is_group(words[0].text))


def page_ends(lines: Sequence[Line], place: int) -> bool:
    """Whether the blank lines around one hold a page's number or another line that was taken out as furniture."""
    for step in (-1, 1):
        for near in range(place, place + step * _PAGE_GAP, step):
            if not 0 <= near < len(lines) or not lines[near].blank:
                break
            if lines[near].raw.text.strip():
                return True
    return False


def words_of(line: Line) -> RawRow:
    """The words of a line, a unit or a bracket joined with the word before it, a bound with the one after it; told apart once
    for all kinds of tables that it may be of."""
    if line.words is None:
        object.__setattr__(line, "words", tuple(_words_of(line)))
    return list(line.words or ())


def _words_of(line: Line) -> RawRow:
    found: RawRow = []
    for match in _WORD.finditer(line.text[:LONGEST_LINE]):
        word = line.view.part(*match.span())
        last = found[-1].text if found else ""
        unit = bool(last) and last[-1].isdigit() and is_unit(word.text) and is_figure(last.lstrip("≥≤＞＜><"))
        if (
            unit
            or last in {"≥", "≤", "＞", "＜", ">", "<"}
            or (last and word.text[0] in "（(" and last[-1] not in "0123456789")
        ) or (len(word.text) == 1 and word.text.isalpha() and len(last) in {1, 2} and _is_spread(last + word.text)):
            found[-1] = join([found[-1], word])
        else:
            found.append(word)
    return found


@lru_cache(maxsize=1024)
def _is_spread(text: str) -> bool:
    """Whether characters set apart are one word that heads a column or a total (项 目, 合 计)."""
    return column_role(text) is not None or is_total(text)


def _marked_row(line: Line) -> bool:
    """Whether a line with a heading's mark is a row of figures all the same (一、基本支出 120.00 118.00)."""
    return mark_of(line.text) is not None and sum(_is_value(w.text) for w in words_of(line)) >= _FEWEST


def _is_value(text: str) -> bool:
    return text in DASHES or is_figure(text)


def _is_header(words: RawRow) -> bool:
    """Whether words are labels of columns, at least two and half of them known."""
    if not _FEWEST <= len(words) <= _MOST:
        return False
    known = 0
    for word in words:
        text = word.text
        if len(text) > _LABEL or _NOT_IN_LABEL.search(text) or text in DASHES:
            return False
        column = column_of(text)
        if column.role is None and any(c.isdigit() for c in _YEAR.sub("", text)):
            return False
        known += column.role not in {None, "ignored"}
    columns = [column_of(w.text) for w in words]
    figures = any(c.kind in {Kind.FIGURE, Kind.QUANTITY} for c in columns)
    holds = (len(words) > _FEWEST and figures) or {c.role for c in columns[-2:]} == _GOALS
    return holds and known >= _FEWEST and known * 2 >= len(words)


def _is_form_row(words: RawRow) -> bool:
    """Whether words are labels and values in turn, as above the first header of a form."""
    labels = [w.text for w in words[::2]]
    return len(words) in _PAIRS and all(len(t) <= _FORM_LABEL and not any(c.isdigit() for c in t) for t in labels)


def _may_be_broken(lines: Sequence[Line], place: int, block: _Block | None) -> bool:
    """Whether a single word may be part of a cell that is broken over lines: the next line goes on with the table."""
    for line in lines[place + 1 : place + _BROKEN]:
        words = words_of(line)
        if block is None or (words and (_is_header(words) or ends_table(line))):
            return False
        if len(words) > 1:
            return _placed(words, block) is not None or any(_is_value(w.text) for w in words[1:])
    return False


def _placed(words: RawRow, block: _Block) -> RawRow | None:
    """The words set out over the columns, empty cells where labels above reach down or last texts are missing; None
    where they do not fit, or fit in two ways."""
    width = len(block.columns)
    if len(words) > width:
        return None
    if is_total(words[0].text) and len(words) == width and _fits(words, block, 0):
        return words
    if is_total(words[0].text) and len(words) > 1:
        return _total(words[:1], words[1:], block)
    if len(words[0].text) == 1 and len(words) > 2 and is_total(words[0].text + words[1].text):
        return _total(words[:2], words[2:], block)
    fitting = [o for o in range(width - len(words) + 1) if _fits(words, block, o)]
    if len(fitting) > 1:
        roles = {c.role for c in block.columns[-2:]}
        fitting = fitting[-1:] if roles == _GOALS else [o for o in fitting if o == 0 and len(words) >= width - 1]
    if not fitting:
        return None
    offset = fitting[0]
    if len(words) == width:
        block.figures |= {i for i, w in enumerate(words) if is_figure(w.text) and block.columns[i].kind is Kind.TEXT}
    return [_EMPTY] * offset + words + [_EMPTY] * (width - offset - len(words))


def _fits(words: RawRow, block: _Block, offset: int) -> bool:
    left, right = block.columns[:offset], block.columns[offset + len(words) :]
    if any(c.kind not in LABELS and c.role in {"seq", "goal", *_MARKS} for c in left[1:]):
        return False
    if any(c.kind not in LABELS and c.kind is not Kind.ORDINAL and c.role not in _MAY_LACK | _GOALS for c in left):
        return False
    if any(c.role not in _MAY_LACK for c in right):
        return False
    return all(_agrees(w.text, c) for w, c in zip(words, block.columns[offset:], strict=False))


def _agrees(text: str, column: Column) -> bool:
    """Whether a word is what its column holds."""
    if column.kind is Kind.ORDINAL:
        return _ORDINAL.fullmatch(text) is not None
    if column.kind is Kind.FIGURE:
        return text in DASHES or _is_figure_of(text, column)
    return not (column.kind in LABELS or column.role in {"reason", "status"}) or not is_figure(text)


def _is_figure_of(text: str, column: Column) -> bool:
    """Whether a word is a figure such as its column's: marks have no other unit, and no amount is a percentage."""
    if column.role in _MARKS:
        numeral = whole_numeral(text)
        return numeral is not None and numeral.unit in {None, "分", "%"}
    return is_figure(text) and (not text.endswith(("%", "％")) or column.role in _SHARES or "率" in column.label)


def _total(label: RawRow, values: RawRow, block: _Block) -> RawRow | None:
    """A row of totals: its figures stand in the columns of figures, from the first one on; None where that is not sure."""
    if not all(_is_value(v.text) for v in values):
        return None
    columns = sorted(block.figures)
    while len(values) > len(columns) and values[-1].text in DASHES:
        values = values[:-1]
    marks = [i for i in columns if block.columns[i].role in _MARKS]
    if len(values) == len(marks) == 2 and len(columns) > 2:
        columns = marks
    rest = columns[len(values) :]
    if len(values) > len(columns) or any(block.columns[i].role not in _SHARES | _MARKS for i in rest):
        return None
    if not all(_agrees(v.text, block.columns[i]) for i, v in zip(columns, values, strict=False)):
        return None
    row = [_EMPTY] * len(block.columns)
    row[0] = join(label)
    for place, value in zip(columns, values, strict=False):
        row[place] = value
    return row
