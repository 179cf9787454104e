"""Documents: what a PDF prints on every page beside the report: running heads, feet and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.documents.pdf_lines import PrintedLine
from pipeline.documents.pdf_output import PageContent

_EDGE = 0.1
"""Share of the page's height at its top and at its bottom where furniture stands."""
_NUMBER = re.compile(r"(?:第\s?)?[-—–―\s·]*\d{1,4}[-—–―\s·]*(?:页)?(?:\s?[/／,，]?\s?共?\s?\d{1,4}\s?页?)?")
_DIGITS = re.compile(r"\d+")
_PAGES = 3
"""Pages on which a line must stand at the same height to be a running head; both of two pages."""
_STEP = 6.0


def without_furniture(pages: Sequence[PageContent]) -> list[PageContent]:
    """The pages without page numbers at their edges, and without lines that stand at the edge of several pages, at the
    same height and alike but for their digits."""
    seen: Counter[tuple[str, int]] = Counter()
    for page in pages:
        seen.update({_key(line) for line in _at_edge(page)})
    needed = max(2, min(_PAGES, len(pages)))
    for page in pages:
        edge = {id(line) for line in _at_edge(page) if _is_furniture(line, seen, needed)}
        page.items = [item for item in page.items if id(item) not in edge]
    return list(pages)


def _at_edge(page: PageContent) -> list[PrintedLine]:
    """The lines above the first and below the last that may be the report's own."""
    upper, lower = page.height * _EDGE, page.height * (1 - _EDGE)
    return [i for i in page.items if isinstance(i, PrintedLine) and (i.bottom <= upper or i.top >= lower)]


def _is_furniture(line: PrintedLine, seen: Counter[tuple[str, int]], needed: int) -> bool:
    if _NUMBER.fullmatch(line.text):
        return True
    text, height = _key(line)
    return sum(seen[text, near] for near in (height - 1, height, height + 1)) >= needed


def _key(line: PrintedLine) -> tuple[str, int]:
    return _DIGITS.sub("0", line.text), round(line.top / _STEP)
