"""Checking: labels compared by what they are about, list marks, years and words of the measure aside."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from pipeline.checking.vocabulary import words
from schemas.values import squeeze

_MARK = re.compile(r"^(?:[一二三四五六七八九十]+、|\((?:[一二三四五六七八九十]+|\d+)\)|\d+(?:\.\d+)*[.．、:]|指标\d+:)")
_MARKED = frozenset("一二三四五六七八九十(0123456789指")
_FOLD = str.maketrans("（）［］【】[]－—–：", "()()()()---:", "“”\"'‘’《》「」")
_FOLDED = re.compile(f"[{re.escape(''.join(map(chr, _FOLD)))}]")
YEAR_WORDS = re.compile(r"(?:19|20)\d{2}年(?:度|初|末)?")
_BRACKETS = re.compile(r"\([^()]*\)$")
_KEPT = 65536

RATE, CHANGE, HEADCOUNT = "rate", "change", "headcount"
CARRIED = frozenset({"carried_in", "carried_out"})


class Node(NamedTuple):
    """A label path as a place in a tree: ``bare`` marks a path that ended in nothing but 合计, ``classified`` names
    the classification (按支出性质分) that the path runs through."""

    path: tuple[str, ...]
    bare: bool
    classified: str | None


@lru_cache(_KEPT)
def tidy(label: str) -> str:
    """A label without white space, quotation marks and list mark, brackets in one form."""
    text = squeeze(label)
    if _FOLDED.search(text):
        text = text.translate(_FOLD)
    return _MARK.sub("", text) if text[:1] in _MARKED else text


@lru_cache(_KEPT)
def is_bare_total(label: str) -> bool:
    """Whether a label is nothing but a total (合计, 总计, 小计)."""
    return tidy(label) in words().bare_totals


@lru_cache(_KEPT)
def node(path: tuple[str, ...]) -> Node:
    """Where a fact stands among the others of its passage."""
    known = words()
    labels = [tidy(label) for label in path]
    bare = len(labels) > 1 and labels[-1] in known.bare_totals
    if bare:
        labels.pop()
    classified = next((x for x in labels if known.classified.match(x)), None)
    kept = [known.total_suffix.sub("", x) or x for x in labels if x != classified]
    return Node(tuple(kept), bare, classified)


@lru_cache(_KEPT)
def subject(path: tuple[str, ...], measure: str) -> tuple[str, ...] | None:
    """What a fact is about: ``()`` for the department as a whole, None where its path does not say.

    Words that name the measure (全年预算数, 决算支出), years and labels that only file the fact are left out, so that
    部门总支出 and 全年执行数 are the same quantity. A bare 合计 without a subject of its own is the total of a list that
    only its surroundings tell, and a second label that says nothing new is a part of the first.
    """
    known = words()
    place = node(path)
    found: list[str] = []
    seen_first = False
    for label in place.path:
        if label in known.roots:
            continue
        core = _core(label, measure)
        if core:
            found.append(core)
        elif seen_first:
            return None
        seen_first = True
    if place.bare and (not found or known.column.search(place.path[-1])):
        return None
    return tuple(found)


@lru_cache(_KEPT)
def _core(label: str, measure: str) -> str:
    known = words()
    text = YEAR_WORDS.sub("", label) if "年" in label else label
    if measure == RATE:
        return known.rate_filler.sub("", text)
    if measure == HEADCOUNT:
        return known.headcount.sub("", text)
    if measure in CARRIED:
        return known.carried.sub("", text)
    return known.filler.sub("", text)


name_key = tidy
"""A project's or indicator's name for comparing: marks, quotation marks and white space aside."""


@lru_cache(_KEPT)
def line_key(name: str) -> str:
    """A first-level indicator's name without the marks in brackets: 产出指标（50分） is 产出指标."""
    return _BRACKETS.sub("", tidy(name))


def traits_overlap(labels: Iterable[str]) -> bool:
    """Whether parts are counted by traits of more than one kind (党员35人、本科46人), so that one may be in several of them."""
    traits = words().among.traits
    return len({next((i for i, t in enumerate(traits) if t.search(label)), None) for label in labels}) > 1
