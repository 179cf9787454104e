"""Extraction, offline: the places of a sentence that lists money by them (河东镇支出3万元，河西镇支出2万元)."""

from __future__ import annotations

import re
from functools import cache

from schemas.word_files import load_vocabulary

_FEWEST = 2


@cache
def _named() -> re.Pattern[str]:
    words = load_vocabulary("labels")["orgs"]
    return re.compile(
        rf"(?:\A|(?<=[，,、；;：:。\s和及（(]))(?P<place>{words['place']})(?P<said>(?:{'|'.join(words['place_words'])})*)(?:为|约|[：:])?\s?(?=\d)"
    )


@cache
def _closing() -> re.Pattern[str]:
    """A place's last character with what may stand between it and an amount: cheaper to look for than whole names."""
    words = "|".join(load_vocabulary("labels")["orgs"]["place_words"])
    return re.compile(rf"[镇乡村县区市旗处道](?:{words})*(?:为|约|[：:])?\s?\d")


@cache
def _unnamed() -> re.Pattern[str]:
    pattern: str = load_vocabulary("labels")["orgs"]["no_place"]
    return re.compile(pattern)


@cache
def _leading() -> re.Pattern[str]:
    words = load_vocabulary("labels")["orgs"]
    return re.compile(rf"(?:其中[：:，,]?|和|及|以及)?\s?(?P<place>{words['place']})")


def listed_places(text: str) -> frozenset[str]:
    """The places that a text lists with an amount each; empty where it names fewer than two of them."""
    if text.count("元") < _FEWEST or len(_closing().findall(text)) < _FEWEST:
        return frozenset()
    found = frozenset(m["place"] for m in _named().finditer(text) if not _unnamed().fullmatch(m["place"]))
    return found if len(found) >= _FEWEST else frozenset()


def without_place(clause: str, places: frozenset[str]) -> tuple[str | None, str]:
    """The listed place that a clause begins with, and what stands behind it."""
    match = _leading().match(clause.lstrip("，,、；;：: ")) if places else None
    if match is None or match["place"] not in places:
        return None, clause
    return match["place"], clause.lstrip("，,、；;：: ")[match.end() :]
