"""Documents: how much of a file is read before it is given up; each limit is a setting."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """``bytes`` of the file and ``expanded`` bytes of a package when unpacked,
    ``cells`` of one sheet's table, ``pages`` of a PDF;
    ``seconds`` and bytes of ``memory`` that the reader of a format other than text may take, seconds for each page that it
    reads off a picture; ``sure`` is the confidence, from 0 to 1, that a figure read off a picture needs."""

    bytes: int = 50_000_000
    expanded: int = 300_000_000
    cells: int = 3_000_000
    pages: int = 3_000
    seconds: float = 300
    memory: int = 4_000_000_000
    sure: float = 0.6


DEFAULT_LIMITS = Limits()
