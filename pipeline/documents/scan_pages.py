"""Documents: a scanned page as the characters and rules of a printed one, so that both go the same way from there.

What this module imports comes with the extra ``jixiao[ocr]``: import it where ``engine_name`` names one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import mean

import numpy as np

from pipeline.documents.ocr import OcrCharacter, OcrLine, lines_in
from pipeline.documents.pdf_lines import Character
from pipeline.documents.pdf_output import PageContent, page_content
from pipeline.documents.pdf_tables import Rule
from pipeline.documents.scan_doubt import doubt_signs, doubt_small
from pipeline.documents.scan_image import Picture, ink_of, straightened, without_rules

_LEAST = 500
"""Confidence of a line, in thousandths, below which it is a stain, a stamp or a drawing: it is left out and counted."""
_DOUBTFUL = 800
"""Mean confidence of a page's lines below which it may stand on its head."""
_IDEOGRAPH, _FIGURE = 0.92, 0.74
"""Share of a letter's size that is dark from its top to its foot: of Chinese characters; of figures and Latin letters."""
_IN_BOX = 0.8
"""Share of the height of the box that the engine gives a line which its letters have at most."""
_GAP = 0.25
"""Share of a line's height that may be white between the strokes of its letters (二)."""
_BEARING = 0.05
"""White at either side of a letter, in its size."""
_WORDS, _COLUMNS = 0.2, 0.75
"""Gaps between two characters of one line, in sizes of a letter, that are in the print: where the engine read a space, and
where it did not."""


@dataclass(slots=True)
class ScannedPage:
    """A page that was read off its picture: what it prints; its characters, each with the confidence in it in thousandths
    as ``sure``; how many lines were too uncertain to be taken for text, and how many are too small for their points."""

    content: PageContent
    characters: list[Character] = field(default_factory=list)
    dropped: int = 0
    small: int = 0


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The picture of a page, set straight and without rules, and what was read off it."""

    picture: Picture
    rules: list[Rule]
    lines: list[OcrLine]

    @property
    def score(self) -> float:
        """The mean confidence of the lines."""
        return mean(line.score for line in self.lines) if self.lines else 1000.0

    @property
    def sideways(self) -> bool:
        """Whether most of the text stands in lines that run down the page."""
        long = [line for line in self.lines if len(line.characters) > 3]
        return sum(line.upright for line in long) > len(long) / 2


def read_scan(picture: Picture, points: float, number: int, grain: float) -> ScannedPage:
    """A page from its picture (grey values), of which a pixel has a number of points, and had ``grain`` of them when the page
    was scanned; one that lies on its side or stands on its head is turned."""
    found = _attempt(picture, points)
    if found.sideways:
        found = max((_attempt(np.rot90(picture, k), points) for k in (1, 3)), key=lambda a: a.score)
    elif found.score < _DOUBTFUL:
        found = max(found, _attempt(np.rot90(picture, 2), points), key=lambda a: a.score)
    read = [line for line in found.lines if line.score >= _LEAST]
    ink = ink_of(found.picture)
    lines = [_characters(line, ink, points) for line in read]
    small = sum(doubt_small(found, _size(line, found, points), grain) for line, found in zip(read, lines, strict=True))
    characters = [c for line in lines for c in line]
    height, width = found.picture.shape
    content = page_content(number, (width * points, height * points), characters, found.rules)
    return ScannedPage(content, characters, len(found.lines) - len(read), small)


def _attempt(picture: Picture, points: float) -> _Attempt:
    cleaned, rules = without_rules(straightened(np.ascontiguousarray(picture)), points)
    return _Attempt(cleaned, rules, lines_in(cleaned))


def _characters(line: OcrLine, ink: Picture, points: float) -> list[Character]:
    """A line's characters as those of a printed one, in points: as high as their letters are, no wider than the line's
    ink, and without gaps between them that are only in how the engine places them."""
    found = [_character(c, points) for c in line.characters]
    if line.upright:
        return found
    left, top, right, bottom = (side * points for side in _inked(line, ink))
    share = _IDEOGRAPH if any(not c.text.isascii() for c in line.characters) else _FIGURE
    size = max((bottom - top) / share, (line.bottom - line.top) * points / 2)
    doubt_signs(found, size)
    middle = (top + bottom) / 2
    left, right = left - _BEARING * size, right + _BEARING * size
    for character in found:
        character["x0"], character["x1"] = (min(max(character[side], left), right) for side in ("x0", "x1"))
        character["top"], character["bottom"] = middle - size / 2, middle + size / 2
    found[0]["x0"], found[-1]["x1"] = left, right
    for before, after, read in zip(found, found[1:], line.characters[1:], strict=False):
        if after["x0"] - before["x1"] < (_WORDS if read.spaced else _COLUMNS) * size:
            before["x1"] = after["x0"]
    return found


def _size(line: OcrLine, characters: Sequence[Character], points: float) -> float:
    """The size of a line's letters in points, also where its ink is made higher by the grain of the scan."""
    inked = float(characters[0]["bottom"]) - float(characters[0]["top"])
    return min(inked, _IN_BOX * (line.bottom - line.top) * points)


def _character(read: OcrCharacter, points: float) -> Character:
    return {
        "text": read.text, "x0": read.left * points, "x1": read.right * points, "top": read.top * points,
        "bottom": read.bottom * points, "sure": read.sure,
    }  # fmt: skip


def _inked(line: OcrLine, ink: Picture) -> tuple[float, float, float, float]:
    """The box of a line without the white around its letters, and without the feet and tops of its neighbours."""
    part = ink[int(line.top) : int(line.bottom) + 1, int(line.left) : int(line.right) + 1]
    rows = part.any(axis=1)
    if not rows.any():
        return line.left, line.top, line.right, line.bottom
    middle, gap = len(rows) // 2, round(_GAP * len(rows))
    first, last = middle - _reach(rows[middle::-1], gap), middle + _reach(rows[middle:], gap)
    columns = np.flatnonzero(part[first : last + 1].any(axis=0))
    left, right = (int(columns[0]), int(columns[-1]) + 1) if columns.size else (0, part.shape[1])
    top = int(line.top)
    return int(line.left) + left, top + first, int(line.left) + right, top + last + 1


def _reach(rows: Sequence[bool], gap: int) -> int:
    """How many rows on the last dark one stands before more white rows follow than a gap has."""
    last = 0
    for index, dark in enumerate(rows):
        if dark:
            last = index
        elif index - last > gap:
            break
    return last
