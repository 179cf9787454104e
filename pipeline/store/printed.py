"""The store's way back to paper: on which page of its file a passage is printed, and where."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.drawn import Box, Page
from pipeline.store.rows import Drawn


@dataclass(frozen=True, slots=True)
class PrintedPlace:
    """A page's label, and the edges of a passage on it in points (1/72 inch) from the left and top; None where the
    format prints nothing at a fixed place."""

    page: str
    box: tuple[int, int, int, int] | None

    def __str__(self) -> str:
        if self.box is None:
            return f"page {self.page}"
        left, top, right, bottom = self.box
        return f"page {self.page}, box {left},{top}–{right},{bottom}"


def printed_at(drawn: Drawn, start: int, stop: int) -> tuple[PrintedPlace, ...]:
    """Where the text from ``start`` to ``stop`` is printed, a place a page."""
    first = max(0, bisect_right(drawn.pages, start, key=lambda p: p.span.start) - 1)
    last = bisect_left(drawn.pages, max(stop, start + 1), key=lambda p: p.span.start)
    boxes = _touched(drawn.boxes, start, stop)
    return tuple(_place(page, boxes) for page in drawn.pages[first:last] if page.span.start < page.span.stop)


def _touched(boxes: Sequence[Box], start: int, stop: int) -> Sequence[Box]:
    """The boxes that a passage touches; they stand in the order of their text and do not overlap in it."""
    first = bisect_right(boxes, start, key=lambda b: b.span.stop)
    return boxes[first : bisect_left(boxes, stop, lo=first, key=lambda b: b.span.start)]


def _place(page: Page, boxes: Sequence[Box]) -> PrintedPlace:
    on_page = [b for b in boxes if page.span.start <= b.span.start < page.span.stop]
    if not on_page:
        return PrintedPlace(page.label, None)
    edges = (
        min(b.left for b in on_page), min(b.top for b in on_page),
        max(b.right for b in on_page), max(b.bottom for b in on_page),
    )  # fmt: skip
    return PrintedPlace(page.label, edges)
