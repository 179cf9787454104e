"""Extraction, offline: what a figure of the department's own money or people is called, and what it measures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from schemas.budget_facts import Measure
from schemas.units import load_vocabulary
from schemas.values import squeeze

HEADCOUNT_UNITS = frozenset({"人", "名"})
SHARE_UNITS = frozenset({"%", "％", "倍", "个百分点"})


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    measures: tuple[tuple[Measure, re.Pattern[str], frozenset[str] | None], ...]
    accept: re.Pattern[str]
    reject: re.Pattern[str]
    headcount_reject: re.Pattern[str]
    prefix: re.Pattern[str]
    suffix: re.Pattern[str]


@cache
def _vocabulary() -> _Vocabulary:
    data = load_vocabulary("labels")
    subjects = data["budget_subjects"]
    return _Vocabulary(
        measures=tuple(
            (Measure(m["measure"]), re.compile(m["pattern"]), frozenset(m["units"]) if "units" in m else None)
            for m in data["measures"]
        ),
        accept=re.compile("|".join(subjects["accept"])),
        reject=re.compile("|".join(subjects["reject"])),
        headcount_reject=re.compile("|".join(subjects["headcount_reject"])),
        prefix=re.compile("|".join(f"(?:{p})" for p in data["trim"]["prefix"])),
        suffix=re.compile("(?:" + "|".join(f"(?:{p})" for p in data["trim"]["suffix"]) + r")\Z"),
    )


def trim(label: str) -> str:
    """The label without the words at its edges that are not part of it: 其中, years, 为, 共."""
    vocabulary = _vocabulary()
    text = squeeze(label).strip("，,。；;：:、（(）)")
    while True:
        match = vocabulary.prefix.match(text)
        shorter = text[match.end() :] if match and match.end() else text
        end = vocabulary.suffix.search(shorter)
        if end and end.start() > 0:
            shorter = shorter[: end.start()]
        shorter = shorter.strip("，,：:、")
        if shorter == text:
            return text
        text = shorter


def is_budget_label(label: str, *, headcount: bool) -> bool:
    """Whether a label names money, or people, of the department itself."""
    vocabulary = _vocabulary()
    if not label or len(label) > 40:
        return False
    if headcount:
        return not vocabulary.headcount_reject.search(label)
    return bool(vocabulary.accept.search(label)) and not vocabulary.reject.search(label)


def measure_of(label: str, unit: str | None) -> Measure | None:
    """What the label says the figure measures; None where it says nothing."""
    for measure, pattern, wanted in _vocabulary().measures:
        if wanted is not None and (unit is None or unit not in wanted):
            continue
        if wanted is None and unit in SHARE_UNITS | HEADCOUNT_UNITS:
            continue
        if pattern.search(label):
            return measure
    return None
