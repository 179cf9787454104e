"""Sentences that speak to a machine reading the text, told by the signs of vocabulary/orders.toml."""

from __future__ import annotations

import re
from functools import cache

from schemas.word_files import is_as_shipped, load_vocabulary


def order_in(text: str) -> str | None:
    """The words of a text that give a reading machine an order, None where it gives none. White space may be wrapped."""
    found = _signs().search(" ".join(text.split()))
    return found.group() if found else None


def suspects(text: str) -> list[int]:
    """Where, in order, words or letters stand without which no part of a text gives an order."""
    words, letters = _suspicious()
    return sorted([m.start() for m in words.finditer(text)] + [m.start() for m in letters.finditer(text)])


@cache
def _signs() -> re.Pattern[str]:
    patterns = [pattern for group in load_vocabulary("orders")["signs"].values() for pattern in group]
    insensitive = [p.removeprefix("(?i)") for p in patterns if p.startswith("(?i)")]
    plain = [p for p in patterns if not p.startswith("(?i)")]
    return re.compile("|".join((*plain, *(f"(?i:{p})" for p in insensitive))))


@cache
def _suspicious() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words that orders hold, and the letters of those in English with the two that only look like such. What an
    order by signs of one's own holds nobody can say: then every character is suspicious."""
    words = "|".join(map(re.escape, load_vocabulary("orders")["words"])) if is_as_shipped("orders") else r"\S"
    return re.compile(words), re.compile("[<A-Za-zſ\u212a]+")
