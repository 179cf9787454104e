"""The names of projects: which records of one department, in several years and tables, seem to be the same project."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from rapidfuzz import fuzz, process

CUTOFF = 85
"""Likeness in percent from which a name is suggested to be that of a group."""

_YEAR = re.compile(r"(?:19|20)\d{2}(?:[-—~至到](?:19|20)?\d{2})?年?度?")
_NUMBER = re.compile(r"\d+|[一二三四五六七八九十]+(?=[批期标段个轮次])")
_IGNORED = re.compile(r"[\s　“”\"‘’'《》「」、，,。.:：—\-]")
_BRACKETS = str.maketrans("（）［］【】〔〕", "()()()()")


@dataclass(frozen=True, slots=True)
class NamedProject:
    """A project record of a department: its id and its name as printed."""

    record_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record that seems to be the project ``suggested_name``; ``score`` is from 0 to 1 and 1 for names that differ in
    their year, white space and brackets alone."""

    record_id: str
    suggested_name: str
    score: Decimal


def same_projects(projects: Iterable[NamedProject]) -> Iterator[Suggestion]:
    """The records of one department that seem to be the same projects; those alone of their kind are left out.

    The name that most records bear leads a group; a name joins the group that it is most like, from ``CUTOFF`` on, and
    only where both print the same numbers: a second batch (第二批) is not the first.
    """
    by_key: dict[str, list[NamedProject]] = {}
    for project in projects:
        by_key.setdefault(comparable(project.name), []).append(project)
    by_key.pop("", None)
    leaders: dict[str, list[tuple[str, Decimal]]] = {}
    candidates: dict[tuple[str, ...], list[str]] = {}
    for key in sorted(by_key, key=lambda k: (-len(by_key[k]), k)):
        among = candidates.setdefault(_numbers(key), [])
        found = process.extractOne(key, among, scorer=fuzz.ratio, score_cutoff=CUTOFF)
        if found is None:
            among.append(key)
            leaders[key] = [(key, Decimal(1))]
        else:
            leaders[found[0]].append((key, _score(found[1])))
    for leader, members in leaders.items():
        records = [(p, score) for key, score in members for p in by_key[key]]
        if len(records) > 1:
            name = _most_common(p.name for p in by_key[leader])
            yield from (Suggestion(p.record_id, name, score) for p, score in records)


def comparable(name: str) -> str:
    """A project's name for comparing: without year, white space and punctuation, brackets in one form."""
    return _YEAR.sub("", _IGNORED.sub("", name.translate(_BRACKETS)))


def _numbers(key: str) -> tuple[str, ...]:
    return tuple(sorted(_NUMBER.findall(key)))


def _score(percent: float) -> Decimal:
    return (Decimal(str(round(percent, 4))) / 100).quantize(Decimal("0.000001"))


def _most_common(names: Iterable[str]) -> str:
    counts = Counter(names)
    return min(counts, key=lambda n: (-counts[n], n))
