"""Documents: the picture of a scanned page: set straight, its table rules found and taken out of it.

Pictures are arrays of grey values, 0 black to 255 white, of about 200 pixels an inch.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import cv2
import numpy as np

from pipeline.documents.pdf_tables import Rule

Picture = Any
"""A two-dimensional numpy array of grey values."""

_LEVEL, _UPRIGHT = 80, 50
"""Pixels that a level and an upright rule are long at least; an upright one must touch two level ones, too, which tells
it from the strokes of large letters."""
_ALONE = 200
"""Pixels that a level rule is long which touches no upright one; what is shorter is the strokes of letters in a row."""
_THICK = 14
"""Pixels beyond which a dark bar is no rule."""
_NEAR = 9
_TURN, _COARSE, _FINE = 3.0, 0.25, 0.05
"""Degrees by which a page may lie askew, and the steps in which the angle is looked for."""
_SMALL = 900
"""Pixels that the picture is wide in which the angle is looked for."""


def straightened(picture: Picture) -> Picture:
    """The picture turned so that its lines run level; by three degrees at most."""
    scale = min(1.0, _SMALL / picture.shape[1])
    small = _ink(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    coarse = max(np.arange(-_TURN, _TURN + _COARSE, _COARSE), key=lambda a: (_levelness(small, a), -abs(a)))
    steps = np.arange(coarse - _COARSE, coarse + _COARSE + _FINE, _FINE)
    angle = float(max(steps, key=lambda a: (_levelness(small, a), -abs(a))))
    return picture if abs(angle) < 2 * _FINE else _turned(picture, angle, 255)


def without_rules(picture: Picture, points: float) -> tuple[Picture, list[Rule]]:
    """The picture without the rules of its tables, and these rules in points, of which a pixel has a number."""
    ink = _ink(picture)
    level_ink = _runs(ink, (_LEVEL, 1))
    upright_ink = _runs(ink, (1, _UPRIGHT))
    level = [b for b in _boxes(level_ink, (15, 3)) if b[3] - b[1] <= _THICK]
    upright = [
        b for b in _boxes(upright_ink, (3, 15)) if b[2] - b[0] <= _THICK and sum(_touch(b, one) for one in level) > 1
    ]
    level = [b for b in level if b[2] - b[0] >= _ALONE or any(_touch(one, b) for one in upright)]
    cleaned = picture.copy()
    for found, mask in ((level, level_ink), (upright, upright_ink)):
        wide = cv2.dilate(mask, np.ones((5, 5), np.uint8))
        for left, top, right, bottom in found:
            part = np.s_[max(0, top - 2) : bottom + 2, max(0, left - 2) : right + 2]
            cleaned[part][wide[part] > 0] = 255
    return cleaned, [_rule(b, points, "h") for b in level] + [_rule(b, points, "v") for b in upright]


def ink_of(picture: Picture) -> Picture:
    """Where a picture is dark: an array of booleans."""
    return _ink(picture) > 0


def _ink(picture: Picture) -> Picture:
    """Dark pixels as 255, by the brightness around each, so that a shaded cell or a grey page is not all dark."""
    return cv2.adaptiveThreshold(picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 41, 18)


def _levelness(ink: Picture, angle: float) -> float:
    """How sharply dark and light rows follow each other in a picture that is turned by some degrees."""
    rows = _turned(ink, angle, 0).sum(axis=1, dtype=np.int64) / 255
    return float((np.diff(rows) ** 2).sum())


def _turned(picture: Picture, angle: float, border: int) -> Picture:
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=border)


def _runs(ink: Picture, size: tuple[int, int]) -> Picture:
    """The dark pixels that stand in level or upright runs of a length; small gaps are closed."""
    gap = tuple(5 if side > 1 else 1 for side in size)
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(gap[::-1], np.uint8))
    return cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(size[::-1], np.uint8))


def _boxes(mask: Picture, reach: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """The boxes (left, top, right, bottom) of the parts of a mask, those within reach of each other as one."""
    joined = cv2.dilate(mask, np.ones(reach[::-1], np.uint8))
    count, labels = cv2.connectedComponents(joined)
    labels[mask == 0] = 0
    boxes = []
    rows, columns = np.nonzero(labels)
    order = np.argsort(labels[rows, columns], kind="stable")
    starts = np.searchsorted(labels[rows, columns][order], range(1, count + 1))
    for start, stop in pairwise(starts):
        y, x = rows[order[start:stop]], columns[order[start:stop]]
        if y.size:
            boxes.append((int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1))
    return boxes


def _touch(upright: tuple[int, int, int, int], level: tuple[int, int, int, int]) -> bool:
    middle, height = (upright[0] + upright[2]) / 2, (level[1] + level[3]) / 2
    return level[0] - _NEAR <= middle <= level[2] + _NEAR and upright[1] - _NEAR <= height <= upright[3] + _NEAR


def _rule(box: tuple[int, int, int, int], points: float, orientation: str) -> Rule:
    left, top, right, bottom = (side * points for side in box)
    if orientation == "h":
        top = bottom = (top + bottom) / 2
    else:
        left = right = (left + right) / 2
    return {
        "object_type": "line", "orientation": orientation, "x0": left, "x1": right, "top": top, "bottom": bottom,
        "width": right - left, "height": bottom - top,
    }  # fmt: skip
