"""Sentences that speak to a machine reading the text, told by the signs of vocabulary/orders.toml."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from schemas.word_files import load_vocabulary


@lru_cache(maxsize=1024)
def order_in(text: str) -> str | None:
    """The words of a text that give a reading machine an order, None where it gives none. White space may be wrapped."""
    found = _signs().search(" ".join(text.split()))
    return found.group() if found else None


@cache
def _signs() -> re.Pattern[str]:
    patterns = [pattern for group in load_vocabulary("orders")["signs"].values() for pattern in group]
    insensitive = [p.removeprefix("(?i)") for p in patterns if p.startswith("(?i)")]
    plain = [p for p in patterns if not p.startswith("(?i)")]
    return re.compile("|".join((*plain, *(f"(?i:{p})" for p in insensitive))))
