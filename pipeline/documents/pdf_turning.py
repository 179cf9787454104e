"""Documents: pages of a PDF whose print stands on its side or on its head, turned so that it is upright."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from pipeline.documents.pdf_lines import Character
from pipeline.documents.pdf_tables import Rule

_TILT = 0.1
Edges = tuple[float, float, float, float]


def direction(character: Character) -> int | None:
    """The quarters by which a character is turned against the clock, from its matrix (ISO 32000-1, 8.3.3); None for one at an
    angle."""
    along, across = character["matrix"][:2]
    if abs(across) <= _TILT * abs(along):
        return 0 if along > 0 else 2
    if abs(along) <= _TILT * abs(across):
        return 1 if across > 0 else 3
    return None


def main_direction(characters: Sequence[Character]) -> int:
    """The direction of most characters of a page; upright where they are as many as the others."""
    counts = Counter(direction(c) for c in characters)
    return max(range(4), key=lambda quarters: (counts[quarters], -quarters))


def turned(things: Sequence[Character | Rule], quarters: int, width: float, height: float) -> list[Character]:
    """Characters or rules of a page of a width and height, as they stand after it was turned clockwise by some quarters."""
    if not quarters:
        return list(things)
    place = _PLACES[quarters]
    out = []
    for thing in things:
        x0, top, x1, bottom = place(
            (float(thing["x0"]), float(thing["top"]), float(thing["x1"]), float(thing["bottom"])), width, height
        )
        new = {**thing, "x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top}
        if quarters % 2 and "orientation" in thing:
            new["orientation"] = "v" if thing["orientation"] == "h" else "h"
        out.append(new)
    return out


_PLACES: dict[int, Callable[[Edges, float, float], Edges]] = {
    1: lambda e, _width, height: (height - e[3], e[0], height - e[1], e[2]),
    2: lambda e, width, height: (width - e[2], height - e[3], width - e[0], height - e[1]),
    3: lambda e, width, _height: (e[1], width - e[2], e[3], width - e[0]),
}
