"""Layout: bare page numbers in the text of a PDF: numbers on lines of their own that count up from page to page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median_low

_NUMBER = re.compile(r"\d{1,3}")
_FEWEST = 3
"""Pages from which on a count shows itself."""
_LEAST_LINES, _UNEVEN = 12, 3
"""Lines of a page at least, and how many times as long as the middle one a page may be."""

_Counted = tuple[int, int]
"""A line that is nothing but a number: which line of those with text it is, and the number."""


def page_numbers(texts: Sequence[str]) -> frozenset[int]:
    """The indices of the lines that are page numbers.

    A number alone on a line may as well be a figure or the number of a table's row. It is a page number where it is one
    of at least three that count up by one from 1 or 2, at distances like those of pages, from the first page to the
    last: what stands before the first and after the last is no longer than a page, too.

    Args:
        texts: the lines without surrounding white space; empty ones count for no distance.
    """
    filled = [index for index, text in enumerate(texts) if text]
    counted = [(place, int(texts[i])) for place, i in enumerate(filled) if _NUMBER.fullmatch(texts[i])]
    for chain in _chains(counted):
        gaps = [b - a for (a, _), (b, _) in pairwise(chain)]
        longest = _UNEVEN * median_low(gaps)
        if max(*gaps, chain[0][0], len(filled) - chain[-1][0]) <= longest and chain[0][0] >= _LEAST_LINES:
            return frozenset(filled[place] for place, _ in chain)
    return frozenset()


def _chains(counted: Sequence[_Counted]) -> Iterator[list[_Counted]]:
    """For 1 and for 2, the numbers that count up from the first of it, each a page's lines behind the one before."""
    for first in (1, 2):
        chain: list[_Counted] = []
        for place, number in counted:
            if (not chain and number == first) or (
                chain and number == chain[-1][1] + 1 and place - chain[-1][0] >= _LEAST_LINES
            ):
                chain.append((place, number))
        if len(chain) >= _FEWEST:
            yield chain
