"""Documents: the printed lines of a PDF page from its characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor
from statistics import median
from typing import Any

from pipeline.documents.canonical import Edges

Character = dict[str, Any]
"""A character as pdfplumber gives it: ``text``, ``x0``, ``x1``, ``top``, ``bottom``, ``size``."""

_SAME_LINE = 0.5
"""Share of a character's height by which the middles of two characters on one line may differ."""
_OPENING = frozenset("（〔［《〈“‘「『【([")
_CLOSING = frozenset("）〕］》〉”’」』】)]，。、；：！？％,.;:!?%")
_LATIN_GAP = 0.2
_GAP = 0.75
"""Gaps, in heights of a character, that are read as a space: between Latin letters or digits, and between any others."""


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line as it is printed: its edges on the page, the size of its letters, and the width
    of what it begins with and cannot be broken (a character, a number, with the brackets and signs that cling to it), in
    points. ``region`` is 0 for a line of the page, 1 for one of its left column of text, 2 of its right one."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    first: float
    region: int = 0

    @property
    def edges(self) -> Edges:
        """The edges in whole points, outwards."""
        return floor(self.left), floor(self.top), ceil(self.right), ceil(self.bottom)


def lines_of(characters: Iterable[Character]) -> list[PrintedLine]:
    """The lines of some characters from the top, each from left to right."""
    return [line for row in rows_of(characters) if (line := _line(row)).text]


def rows_of(characters: Iterable[Character]) -> list[list[Character]]:
    """The characters of each line from the top, each from left to right."""
    rows: list[list[Character]] = []
    middle = height = 0.0
    for character in sorted(characters, key=_middle):
        if rows and _middle(character) - middle <= _SAME_LINE * max(height, _height(character)):
            rows[-1].append(character)
            height = max(height, _height(character))
            if len(rows[-1]) < 8:  # a line's middle settles with its first characters; small signs do not move it
                middle = sum(map(_middle, rows[-1])) / len(rows[-1])
        else:
            rows.append([character])
            middle, height = _middle(character), _height(character)
    return [sorted(row, key=lambda c: float(c["x0"])) for row in rows]


def _line(row: Sequence[Character]) -> PrintedLine:
    pieces: list[str] = []
    for index, character in enumerate(row):
        text = "\ufffd" if character["text"].startswith("(cid:") else character["text"]
        if index and pieces[-1] != " " and text != " " and _is_gap(row[index - 1], character):
            pieces.append(" ")
        pieces.append(text)
    return PrintedLine(
        "".join(pieces).strip(),
        min(float(c["x0"]) for c in row),
        min(float(c["top"]) for c in row),
        max(float(c["x1"]) for c in row),
        max(float(c["bottom"]) for c in row),
        median(_height(c) for c in row),
        _first(row),
    )


def _first(row: Sequence[Character]) -> float:
    """The width of what a line begins with and cannot be broken: opening brackets, a character or the Latin letters and
    digits of a word, and the signs that begin no line."""
    stop = 0
    while stop < len(row) - 1 and row[stop]["text"] in _OPENING:
        stop += 1
    stop += 1
    while stop < len(row) and all(c["text"].isascii() and c["text"].strip() for c in row[stop - 1 : stop + 1]):
        stop += 1
    while stop < len(row) and row[stop]["text"] in _CLOSING:
        stop += 1
    return float(row[stop - 1]["x1"]) - float(row[0]["x0"])


def _is_gap(before: Character, after: Character) -> bool:
    gap = float(after["x0"]) - float(before["x1"])
    size = max(_height(before), _height(after))
    latin = before["text"][-1:].isascii() and after["text"][:1].isascii()
    return gap > size * (_LATIN_GAP if latin else _GAP)


def _middle(character: Character) -> float:
    return (float(character["top"]) + float(character["bottom"])) / 2


def _height(character: Character) -> float:
    return max(1.0, float(character["bottom"]) - float(character["top"]))
