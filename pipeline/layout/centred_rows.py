"""Layout: tables of figures whose names are broken over lines, with the figures of a row half way down its name.

Text that is taken line by line from a page (a PDF file) has them so, as cells are centred: as many lines of the name stand
above the line with the row's figures as below it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.flow import View
from pipeline.layout.dashes import DASHES
from pipeline.layout.lines import Line, join
from pipeline.layout.marks import caption_of, mark_of
from pipeline.layout.spaced_columns import Kind, column_of
from pipeline.layout.tabbed import RawRow
from pipeline.numerals import whole_numeral
from schemas.columns import column_role
from schemas.values import squeeze

_EMPTY = View("", ())
_WORD = re.compile(r"\S+")
_FEWEST_LABELS, _FEWEST_FIGURES, _FEWEST_ROWS = 4, 2, 3
_LONGEST_HALVES, _LONGEST_HEADER = 12, 120
_LONGEST_PIECE, _MOST_PIECES = 24, 4
"""Characters of one line of a name, and lines of it between the figures of two rows for each of the two."""


@dataclass(frozen=True, slots=True)
class _Header:
    """The labels of the columns: a number, a name, the figures, and what may stand behind them."""

    labels: RawRow
    numbered: bool
    figures: int
    stop: int

    @property
    def behind(self) -> int:
        """The columns behind the figures."""
        return len(self.labels) - self.figures - 1 - self.numbered


@dataclass(frozen=True, slots=True)
class _Figures:
    """The line with a row's figures, what of its name stands on it, and what stands behind them."""

    number: View
    name: View | None
    values: RawRow
    behind: View


def read_centred_rows(lines: Sequence[Line], start: int) -> tuple[list[RawRow], int] | None:
    """The rows of the table whose header is the line at ``start``, and the index of the line after it.

    None where no header of one name and several figures stands there, where no name is broken, or where the lines between
    the rows cannot be shared out evenly.
    """
    header = _header(lines, start)
    if header is None:
        return None
    figures: list[_Figures] = []
    pieces: list[list[tuple[int, View]]] = [[]]
    places: list[int] = []
    for index in range(header.stop, len(lines)):
        line = lines[index]
        if line.blank and not line.tabbed:
            continue
        if (found := _figures(line, header)) is not None:
            figures.append(found)
            places.append(index)
            pieces.append([])
        elif _is_piece(line) and len(pieces[-1]) < 2 * _MOST_PIECES:
            pieces[-1].append((index, line.view))
        else:
            break
    return _table(header, figures, places, pieces) if len(figures) >= _FEWEST_ROWS else None


def _table(
    header: _Header, figures: Sequence[_Figures], places: Sequence[int], pieces: Sequence[Sequence[tuple[int, View]]]
) -> tuple[list[RawRow], int] | None:
    """The rows with the lines between them shared out: below a row's figures as many as above them."""
    rows: list[RawRow] = [header.labels]
    above = pieces[0]
    stop = places[-1] + 1
    broken = 0
    for row, below in zip(figures, pieces[1:], strict=True):
        size = len(above)
        if size > len(below) or (row.name is None and not size):
            return None
        own = [view for _, view in above] + ([row.name] if row.name else []) + [view for _, view in below[:size]]
        broken += bool(size)
        rows.append(
            [*([row.number] if header.numbered else []), join(own), *row.values, *([row.behind] * header.behind)]
        )
        if row is figures[-1]:
            stop = max([stop, *(index + 1 for index, _ in below[:size])])
        above = below[size:]
    return (rows, stop) if broken else None


def _header(lines: Sequence[Line], start: int) -> _Header | None:
    """The header at a line; of labels that are broken, the halves stand above and below it (序 完工情, 名称 预算 支出, 号 况)."""
    text = lines[start].text
    if " " not in text or (len(text) > _LONGEST_HALVES and text.count(" ") < _FEWEST_LABELS - 1):
        return None
    if len(text) > _LONGEST_HEADER or "。" in text:
        return None
    halves: RawRow = []
    words = _words(lines[start])
    stop = start + 1
    if len(words) < _FEWEST_LABELS and start + 2 < len(lines):
        below = _words(lines[start + 2])
        whole = [join([a, b]) for a, b in zip(words, below, strict=False)]
        if len(below) != len(words) or not any(column_role(squeeze(half.text)) for half in whole):
            return None
        halves, words, stop = whole, _words(lines[start + 1]), start + 3
    first = [half for half in halves if column_role(squeeze(half.text)) == "seq"]
    labels = [*first, *words, *(half for half in halves if half not in first)]
    known = sum(column_role(label.text) is not None for label in labels)
    if len(labels) < _FEWEST_LABELS or 2 * known < len(labels) or any(map(_is_value, labels)):
        return None
    numbered = column_role(labels[0].text) == "seq"
    kinds = [column_of(label.text).kind is Kind.FIGURE for label in labels[1 + numbered :]]
    figures = kinds.index(False) if False in kinds else len(kinds)
    if figures < _FEWEST_FIGURES or len(kinds) - figures > 1:
        return None
    return _Header(labels, numbered, figures, stop)


def _words(line: Line) -> RawRow:
    return [] if line.tabbed else [line.view.part(*match.span()) for match in _WORD.finditer(line.text)]


def _is_value(cell: View) -> bool:
    return cell.text in DASHES or whole_numeral(cell.text) is not None


def _figures(line: Line, header: _Header) -> _Figures | None:
    """A line's parts, where it has exactly the figures that the header has."""
    words = _words(line)
    number = words[0] if header.numbered and words and words[0].text.isdigit() else _EMPTY
    rest = words[1:] if number.text else words
    first = next((i for i, word in enumerate(rest) if _is_value(word)), len(rest))
    values = rest[first : first + header.figures]
    behind = rest[first + header.figures :]
    if len(values) < header.figures or not all(map(_is_value, values)) or any(map(_is_value, behind)):
        return None
    if first > 1 or len(behind) > header.behind:
        return None
    return _Figures(number, rest[0] if first else None, list(values), behind[0] if behind else _EMPTY)


def _is_piece(line: Line) -> bool:
    """Whether a line may be part of a name: a short word that is no sentence, mark or caption."""
    text = line.text
    return (
        not line.tabbed
        and len(text) <= _LONGEST_PIECE
        and text[-1] not in "。；;：:"
        and not any(map(str.isspace, text))
        and not _is_value(line.view)
        and mark_of(text) is None
        and caption_of(text) is None
    )
