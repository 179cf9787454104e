"""Documents: where the engine is sure of figures that it has misread.

It passes over points and signs between digits without a doubt: of letters that are printed or scanned too small, and of
signs that it does not know. What shows this is where the digits stand (docs/documents.md has the measurements).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from pipeline.documents.ocr import SURE
from pipeline.documents.pdf_lines import Character

LEGIBLE = 19
"""Pixels of a letter's size, as scanned, below which the points in figures are lost."""
SMALL = (
    f"{{}} lines of images have letters of fewer than {LEGIBLE} pixels, of which points are lost: their figures are kept apart; "
    "scan at 200 pixels an inch or more"
)
"""The remark on so many lines."""
_HALF = SURE // 2
"""Confidence, in thousandths, that the digits of smaller letters have at most."""
_DIGITS = frozenset("0123456789")
_FEW, _FAR, _SIGN = 3, 1.6, 0.8
"""A sign was passed over between two digits whose middles stand further apart than so many times the usual distance of
digits in their line, of which there must be a few, and than so many sizes of a letter."""
_COMMAS = re.compile(r"[0-9]+(?:[,，][0-9]+)+")
_GROUPS = re.compile(r"[0-9]{1,3}(?:[,，][0-9]{3})+")
"""Digits with commas; and those whose commas divide thousands. Any other comma may be a point that was misread."""


def doubt_signs(line: Sequence[Character], size: float) -> None:
    """Takes the confidence, in place, from digits of a line between which the engine seems to have misread a sign; its
    letters have a size in points, and stand where the engine saw them."""
    for index in _beside_lost_signs(line, size) | _of_no_groups(line):
        line[index]["sure"] = 0


def doubt_small(line: Sequence[Character], size: float, grain: float) -> bool:
    """Takes confidence, in place, from the digits of a line of letters that are too small, and tells whether it has such; its
    letters have a size in points, and a pixel of the scan ``grain`` of them."""
    digits = [c for c in line if c["text"] in _DIGITS]
    if not digits or size >= LEGIBLE * grain:
        return False
    for digit in digits:
        digit["sure"] = min(digit["sure"], _HALF)
    return True


def _beside_lost_signs(line: Sequence[Character], size: float) -> set[int]:
    """The digits on both sides of a sign that the engine has passed over (2022〕9); digits that are all set wide are one
    number."""
    steps = {
        index: _middle(after) - _middle(before)
        for index, (before, after) in enumerate(pairwise(line))
        if before["text"] in _DIGITS and after["text"] in _DIGITS
    }
    if len(steps) < _FEW:
        return set()
    least = max(_FAR * median(steps.values()), _SIGN * size)
    return {beside for index, step in steps.items() if step > least for beside in (index, index + 1)}


def _of_no_groups(line: Sequence[Character]) -> set[int]:
    text = "".join(c["text"] if len(c["text"]) == 1 else "?" for c in line)
    misread = [found.span() for found in _COMMAS.finditer(text) if not _GROUPS.fullmatch(found[0])]
    return {index for span in misread for index in range(*span)}


def _middle(character: Character) -> float:
    return (float(character["x0"]) + float(character["x1"])) / 2
