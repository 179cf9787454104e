"""Extraction, offline: labelled items (项目实施情况：…，完成情况：…) told apart by the vocabulary's labels."""

from __future__ import annotations

import re
from functools import cache

from pipeline.flow import View
from schemas.word_files import load_vocabulary


@cache
def _pattern(section: str) -> re.Pattern[str]:
    entries: dict[str, list[str]] = load_vocabulary("labels")[section]
    alternatives = "|".join(f"(?P<{name}>{'|'.join(patterns)})" for name, patterns in entries.items())
    return re.compile(rf"(?:^|(?<=[。；;，,、）)\s]))(?:{alternatives})\s?[：:]")


@cache
def _heads(section: str) -> re.Pattern[str]:
    entries: dict[str, list[str]] = load_vocabulary("labels")[section]
    return re.compile("|".join(f"(?P<{name}>{'|'.join(patterns)})" for name, patterns in entries.items()))


def field_of_head(head: str, section: str) -> str | None:
    """The field that the short head of an item names (“1.实施情况。…”), None for other heads."""
    match = _heads(section).fullmatch(head)
    return match.lastgroup if match else None


def labelled(view: View, section: str) -> list[tuple[str, View]]:
    """The labelled parts of a view in order: (field, the text behind its label up to the next label)."""
    if "：" not in view.text and ":" not in view.text:
        return []
    matches = list(_pattern(section).finditer(view.text))
    parts = []
    for number, match in enumerate(matches):
        stop = matches[number + 1].start() if number + 1 < len(matches) else len(view.text)
        assert match.lastgroup is not None
        parts.append((match.lastgroup, view.part(match.end(), stop)))
    return parts
