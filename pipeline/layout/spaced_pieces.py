"""Layout: tables without marks: the pieces that spaces and line ends leave, and what stands between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise

from pipeline.flow import View
from pipeline.layout.dashes import DASHES
from pipeline.layout.grid import is_unit_line
from pipeline.layout.lines import Line
from pipeline.layout.marks import caption_of, mark_of
from pipeline.numerals import whole_numeral
from schemas.columns import is_total
from schemas.values import value_type

_LABELS_ON_A_LINE = 3
_LINES_REPEATED = 4
"""Lines of a header, none of them with several labels, that are its repetition on a new page."""

_DIGITS = re.compile(r"\d")
_WORD = re.compile(r"\S+")
_ORDINAL = re.compile(
    r"(?:[1-9]\d{0,2}|[1-9]\d?(?:\.[1-9]\d?){1,3}|[一二三四五六七八九十]{1,3}|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)])[、.．]?"
)
_QUESTION = re.compile(r"第\s?\d{1,2}\s?题")
_DATE_UNITS = frozenset({"年", "月", "天", "期", "级", "所", "类"})
_WIDTHS = {**dict.fromkeys(".,:;/|'!il", 0.5), **dict.fromkeys("“”‘’·", 1.0), "%": 1.7}
_NARROW = re.compile(r"[\x00-\x7f“”‘’·]")
AUTOSPACE = 0.5
"""What word processors set between a Chinese character and a digit, which text then shows as a space."""

_LATIN = re.compile(r"[!-~“”‘’０-９]")
_HAN = re.compile(r"[\u2e80-\u9fff]")
_STOP = re.compile(r"[，。、；：（）《》]")
MOST_GIVE = 2.0
"""Half characters by which a width may be wrong where stops are set closer."""

TIGHT = 0.5
"""Half characters by which a measured width may be wrong where letters are narrow; stops are set closer still."""

_ODD = re.compile(r"[。；;=*≥≤]")
_FIRST_WORD = re.compile(r"[（(《“‘【\[]*(?:[!-'*-~]+|.)[，。、；：！？）)》”’】\]％]*")
_OPENING, _CLOSING = "（(《“[【〔", "）)》”]】〕"
LONGEST_LINE = 400
"""Characters of a line that may be part of a table of this kind; a longer one is a paragraph."""


class Gap(IntEnum):
    """What stands before a piece: a space; a line end where lines are else set apart by blank ones, which is the sign
    of another cell; any other line end; or a new page (a line set in by one space)."""

    SPACE = 0
    SOFT = 1
    HARD = 2
    PAGE = 3


@value_type
class Piece:
    """A run of characters without white space, with what the reading of cells asks of it again and again.

    ``width`` is its printed width in half characters, ``head`` that of its first word with the brackets and stops that
    stay with it; ``depth`` is how many brackets it leaves open; ``figure`` says that it is a number, ``dash`` that it
    stands for an empty cell, ``latin`` that it has other than Chinese characters, ``marked`` that it begins with a list
    mark; ``give`` is by how much the width of its line may be wrong; ``odd`` counts what no label has in it, ``commas``
    its commas, ``shares`` its signs for per cent.
    """

    text: str
    view: View
    gap: Gap
    line: int
    marked: bool
    width: float
    head: float
    depth: int
    figure: bool
    dash: bool
    total: bool
    latin: bool
    han: bool
    give: float
    odd: int
    commas: int
    shares: int

    @property
    def value(self) -> bool:
        """Whether it fills a cell of a column of figures."""
        return self.figure or self.dash

    @property
    def ordinal(self) -> str | None:
        """The serial number that it is (3, 2.1, 二), None for anything else or inside a line."""
        if self.gap is Gap.SPACE or len(self.text) > 12 or not _ORDINAL.fullmatch(self.text):
            return None
        return self.text.strip("、.．（）()")


def make_piece(view: View, gap: Gap, line: int) -> Piece:
    """The piece that a word of a line is."""
    text = view.text
    marked = gap is not Gap.SPACE and mark_of(text) is not None
    return Piece(text, view, gap, line, marked, *_measured(text))


@lru_cache(maxsize=4096)
def _measured(text: str) -> tuple[float, float, int, bool, bool, bool, bool, bool, float, int, int, int]:
    """What a piece is by its text alone, in the order of its fields."""
    latin = bool(_LATIN.search(text))
    return (
        text_width(text),
        first_word(text),
        sum(map(text.count, _OPENING)) - sum(map(text.count, _CLOSING)),
        latin and is_figure(text),
        text in DASHES,
        len(text) <= 12 and is_total(text),
        latin,
        bool(_HAN.search(text)),
        MOST_GIVE if _STOP.search(text) else (TIGHT if latin else 0.0),
        len(_ODD.findall(text)),
        text.count("，"),
        text.count("%"),
    )


def is_figure(text: str) -> bool:
    """Whether a text is one number with at most a unit; dates are not."""
    if len(text) > 40 or not any(c.isdigit() for c in text) or len(_HAN.findall(text)) > 4:
        return False
    found = whole_numeral(text)
    return found is not None and found.unit not in _DATE_UNITS


def text_width(text: str) -> float:
    """The width of a text as it is usually printed, in half characters: a Chinese character is two, a point a half."""
    if not _NARROW.search(text):
        return 2.0 * len(text)
    return sum(_WIDTHS.get(c) or (1.0 if c.isascii() else 2.0) for c in text)


def first_word(text: str) -> float:
    """The width of what cannot be broken at a text's start: a run of Latin letters and digits, or one character, with
    the brackets and stops that stay with it."""
    word = _FIRST_WORD.match(text)
    return text_width(word[0]) if word else 2.0


class Pieces:
    """The pieces of a text from a line on, read as far as they are asked for.

    ``begun`` counts the lines that begin up to each piece.
    They end for good at a line that cannot be part of the table: a heading, a caption, a question, a long paragraph,
    a table with marks of its own, the first header line printed once more.
    """

    def __init__(self, lines: Sequence[Line], start: int) -> None:
        self._lines = lines
        self._apart = blank_between(lines, start)
        self._first = lines[start].text if " " in lines[start].text else ""
        self._next = start
        self._start = start
        self._blanks = 0
        self._page_ended = False
        self._ended = False
        self._read: list[Piece] = []
        self._texts: list[str] = []
        self.begun: list[int] = [0]

    @property
    def apart(self) -> bool:
        """Whether the lines are set apart by blank ones, as in PDF text."""
        return self._apart

    def get(self, index: int) -> Piece | None:
        """The piece at an index, None beyond the end."""
        try:
            return self._read[index]
        except IndexError:
            return self._further(index)

    def _further(self, index: int) -> Piece | None:
        """The piece at an index beyond those that were read so far."""
        while index >= len(self._read) and not self._ended:
            self._read_line()
        return self._read[index] if index < len(self._read) else None

    def line_after(self, index: int) -> int:
        """The number of the line after that of the piece at an index."""
        return self._read[index].line + 1

    def line_length(self, index: int) -> int:
        """The characters of the line of the piece at an index."""
        return len(self._lines[self._read[index].line].text)

    def lines_between(self, start: int, stop: int) -> int:
        """How many lines begin among pieces [start, stop)."""
        return self.begun[stop] - self.begun[start]

    def depth(self, start: int, stop: int) -> int:
        """How many brackets pieces [start, stop) leave open; negative where they close some."""
        return sum(p.depth for p in self._read[start:stop])

    def joined(self, start: int, stop: int) -> str:
        """The text of pieces [start, stop), without white space."""
        return "".join(self._texts[start:stop])

    def views(self, start: int, stop: int) -> list[View]:
        """The views of pieces [start, stop), with the white space inside a line kept."""
        out: list[View] = []
        for piece in self._read[start:stop]:
            if out and piece.gap is Gap.SPACE:
                out[-1] = _through(self._lines[piece.line].view, out[-1], piece.view)
            else:
                out.append(piece.view)
        return out

    def _read_line(self) -> None:
        if self._next >= len(self._lines):
            self._ended = True
            return
        line = self._lines[self._next]
        if line.blank:
            self._blanks += 1
            self._page_ended = self._page_ended or bool(line.raw.text.strip())
        elif self._read and self._page_ended and (behind := self._behind_header(self._next)) is not None:
            self._next = behind
            self._page_ended = False
            return
        elif is_unit_line(line.view) and self._is_header_so_far():
            pass  # declared between header and rows; the builder takes the unit
        elif self._read and (len(line.text) > LONGEST_LINE or ends_table(line) or line.text == self._first):
            self._ended = True
        else:
            found = pieces_of(line, self._next, self._gap(line))
            self._read += found
            self._texts += [piece.text for piece in found]
            self.begun += [self.begun[-1] + 1] * len(found)
            self._blanks = 0
            self._page_ended = False
        self._next += 1

    def _is_header_so_far(self) -> bool:
        """Whether what was read may be the whole header: several labels on its first line, and no figure."""
        first = sum(piece.line == self._start for piece in self._read)
        return first >= _LABELS_ON_A_LINE and not any(_DIGITS.search(piece.text) for piece in self._read)

    def _behind_header(self, index: int) -> int | None:
        """The line after the header that a new page repeats from its first line, at ``index``, on; None where it does not."""
        first, alike = self._start, 0
        while index < len(self._lines) and self._lines[index].text == self._lines[first].text:
            alike += not self._lines[index].blank
            index, first = index + 1, first + 1
        return index if alike >= (1 if self._first else _LINES_REPEATED) else None

    def _gap(self, line: Line) -> Gap:
        if indented(line) and self._read:
            return Gap.PAGE
        return Gap.HARD if self._blanks or not self._apart else Gap.SOFT


def _through(line: View, left: View, right: View) -> View:
    """The part of a line from one of its words to another, with what stands between them."""
    first = line.places.index(left.places[0]) if not isinstance(line.places, range) else 0
    if isinstance(line.places, range):
        first = left.places[0] - line.places[0]
        return line.part(first, right.places[-1] - line.places[0] + 1)
    return line.part(first, line.places.index(right.places[-1]) + 1)


def indented(line: Line) -> bool:
    """Whether a line begins with a single space, as the first line of a page of PDF text does."""
    return bool(line.text) and line.view.places[0] - line.span.start == 1 and not line.tabbed


def pieces_of(line: Line, number: int, gap: Gap) -> list[Piece]:
    """The pieces of one line; ``gap`` is what stands before its first one."""
    found: list[Piece] = []
    for match in _WORD.finditer(line.text[:LONGEST_LINE]):
        found.append(make_piece(line.view.part(*match.span()), Gap.SPACE if found else gap, number))
    return found


def ends_table(line: Line) -> bool:
    """Whether a line cannot belong to a table of this kind whatever stands above it."""
    text = line.text
    if line.tabbed or "|" in text or "｜" in text or "\t" in text:
        return True
    if (text[0] in "表附" and caption_of(text)) or _QUESTION.match(text):
        return True
    mark = mark_of(text)
    if mark is None or mark.level > 2:
        return False
    last = text.rsplit(None, 1)[-1]
    return not (is_figure(last) or last in DASHES)


def blank_between(lines: Sequence[Line], index: int) -> bool:
    """Whether the lines hereabouts are set apart by blank lines, as in PDF text."""
    near = lines[index : index + 24]
    pairs = [(a, b) for a, b in pairwise(near) if not a.blank]
    return sum(b.blank for _, b in pairs) * 3 >= len(pairs) > 0
