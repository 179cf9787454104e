"""The command line: sentences wrapped between Chinese characters and between words, never inside a number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod, OverflowMethod
    from rich.containers import Lines

_PIECE = re.compile(r"[\d.,]+(?:\s?[百千万亿]*元|[%％年])?|[!-~]+|\s+|.", re.DOTALL)
_HANGING = frozenset("，。；：、）)”％%")
"""Marks that never begin a line."""


class Sentence(Text):
    """Text whose figures, with their units, stay whole when it is wrapped."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,  # noqa: ARG002
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """The lines of the text; what is longer than a line is folded as rich folds it."""
        lines = self.divide(breaks(self.plain, width))
        found = Text("\n").join(lines)
        found.end = self.end
        return found.wrap(console, width, overflow=overflow, tab_size=tab_size, no_wrap=no_wrap)


def breaks(text: str, width: int) -> list[int]:
    """Where to break a text so that each line is at most ``width`` cells wide, as far as its pieces allow."""
    found: list[int] = []
    used = 0
    for match in _PIECE.finditer(text):
        size = cell_len(match[0])
        if match[0] == "\n":
            used = 0
            continue
        if used and used + size > width and match[0] not in _HANGING:
            found.append(match.start())
            used = 0
        used += size
    return found
