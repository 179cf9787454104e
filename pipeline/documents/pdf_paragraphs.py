"""Documents: the paragraphs of a PDF: lines that were broken at the right edge are put together again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.documents.pdf_lines import PrintedLine

_SLACK = 1.2
"""Characters that a full line may lack beside what did not fit, as no line begins with a punctuation mark."""
_FEWEST = 3
"""Lines that must end at an edge for it to be one."""
_LONG = 12
_PADDING = 6.0
"""Points between a cell's rule and its text, where the text does not show it."""
_ITEM = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、.．]|[（(]?\d{1,2}(?:[）)、]|[.．](?!\d))|第[一二三四五六七八九十]{1,3}[章节部]"
    r"|[①-⑳⑴-⒇]|附[件表]\s?\d{0,2}\s?[:：.．]|表\s?\d"
)
_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Edges:
    """Where the prose of a document's pages begins and where its lines are broken, in points from the left."""

    left: float
    right: float


def edges_of(lines: Iterable[PrintedLine]) -> Edges | None:
    """The edges of the prose of pages of one width; None where too few lines end at one place to say."""
    long = [line for line in lines if len(line.text) >= _LONG]
    if len(long) < _FEWEST:
        return None
    rights = sorted(line.right for line in long)
    lefts = sorted(line.left for line in long)
    for edge, third in zip(reversed(rights), reversed(rights[: 1 - _FEWEST]), strict=False):
        if edge - third <= long[0].size:
            return Edges(lefts[int(0.05 * (len(lefts) - 1))], edge)
    return None


def goes_on_in(line: PrintedLine, following: PrintedLine, edges: Edges | None, *, new_page: bool) -> bool:
    """Whether a line is broken and goes on in the next: what the next begins with did not fit, and the next begins
    at the left edge, without an indent, a gap or a list mark, in letters of the same size."""
    if edges is None or line.right + following.first < edges.right - _SLACK * line.size:
        return False
    if abs(line.size - following.size) > 0.15 * line.size or _ITEM.match(following.text):
        return False
    if not new_page and following.top - line.bottom > 1.6 * line.size:
        return False
    return following.left <= edges.left + line.size


def joined(lines: Sequence[PrintedLine], left: float, right: float) -> list[PrintedLine]:
    """The lines of a cell, those put together that were broken: what the next one begins with did not fit."""
    out: list[PrintedLine] = []
    last: PrintedLine | None = None
    for line in lines:
        if last is not None and _is_broken(last, line, left, right):
            above = out[-1]
            out[-1] = replace(
                above,
                text=above.text + gap_between(above.text, line.text) + line.text,
                left=min(above.left, line.left),
                right=max(above.right, line.right),
                bottom=line.bottom,
            )
        else:
            out.append(line)
        last = line
    return out


def gap_between(text: str, following: str) -> str:
    """What stands for a line's end between two parts of a paragraph: a blank between Latin words."""
    return " " if _LATIN.match(text[-1]) and _LATIN.match(following[0]) else ""


def _is_broken(line: PrintedLine, following: PrintedLine, left: float, right: float) -> bool:
    padding = min(max(line.left - left, 0.0), max(right - line.right, 0.0), _PADDING)
    return line.right - line.left + following.first > right - left - 2 * padding - 0.5
