"""Documents: the paragraphs of a PDF: lines that were broken at the right edge are put together again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.documents.ordinals import chinese
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
_COUNTED = re.compile(r"\d{1,2}|[一二三四五六七八九十]{1,3}")
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


def goes_on_in(
    paragraph: Sequence[PrintedLine],
    following: PrintedLine,
    edges: tuple[Edges | None, Edges | None],
    *,
    elsewhere: bool,
) -> bool:
    """Whether a paragraph goes on in the next line: what that begins with did not fit, and it begins at the left edge,
    without an indent or a gap, in letters of the same size, and not with a list mark, unless the paragraph itself counts
    up to it (…；4、…\n5、…).

    ``edges`` are those around each of them; ``elsewhere`` says that the next stands on a new page or in another column.
    """
    here, there = edges
    line = paragraph[-1]
    if here is None or there is None or line.right + following.first < here.right - _SLACK * line.size:
        return False
    if abs(line.size - following.size) > 0.15 * line.size or _is_item(paragraph, following.text):
        return False
    if not elsewhere and following.top - line.bottom > 1.6 * line.size:
        return False
    return following.left <= there.left + line.size


def _is_item(paragraph: Sequence[PrintedLine], text: str) -> bool:
    """Whether a line begins an item of a list, and not a further point of a paragraph that counts its points."""
    mark = _ITEM.match(text)
    if not mark:
        return False
    number = _COUNTED.search(mark[0])
    if number is None:
        return True
    before = _before(number[0])
    counted = f"{mark[0][: number.start()]}{before}{mark[0][number.end() :]}"
    return before is None or "".join(line.text for line in paragraph).find(counted) < 1


def _before(number: str) -> str | None:
    """The number before one in digits or Chinese words; None before the first."""
    if number.isdigit():
        return str(int(number) - 1) if int(number) > 1 else None
    return next((chinese(n) for n in range(1, 99) if chinese(n + 1) == number), None)


def joined(lines: Sequence[PrintedLine], left: float, right: float) -> list[PrintedLine]:
    """The lines of a cell, those put together that were broken: what the next one begins with did not fit."""
    out: list[PrintedLine] = []
    last: PrintedLine | None = None
    for line in lines:
        if last is not None and is_broken(last, line, left, right):
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


def is_broken(line: PrintedLine, following: PrintedLine, left: float, right: float) -> bool:
    """Whether a line of a cell is broken: what the next one begins with did not fit between the cell's rules."""
    padding = min(max(line.left - left, 0.0), max(right - line.right, 0.0), _PADDING)
    return line.right - line.left + following.first > right - left - 2 * padding - 0.5
