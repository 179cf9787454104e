"""Checking: totals of spending or receipts told in several places of prose, two digits of one exchanged."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.checking.clashes import transposed
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import subtract
from pipeline.checking.passages import passages, plays, told
from pipeline.checking.scene import Figure, Scene, digits, in_unit, printed
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding
from schemas.relations import FindingKind

_CLAUSE = re.compile(r"[，。；：、,;:（(]")
_DIGITS = 5
"""Digits from which on two numbers of the same digits in another order are hardly two numbers by chance."""


class Total(NamedTuple):
    """A total as prose tells it, with the words that name it."""

    figure: Figure
    label: str


def check_twins(scene: Scene) -> Iterator[Finding]:
    """“累计支付4312.58万元” in one place, “累计支付4321.58万元” in another.

    Precondition: both are totals of one kind by their own words (累计, 全年, 实际 … 支出, 支付, 到位) in one report and one
    unit, five digits long at least, and the same but for two digits exchanged. Amounts that merely differ are no
    business of this check: words alone do not make them one quantity.
    """
    known = words().twins
    groups: dict[tuple[str | None, str, str | None, str], list[Total]] = defaultdict(list)
    for passage in passages(scene, known.hint):
        for number in told(scene, passage, 0, len(passage.text)):
            text = digits(number.figure)
            if not number.is_money or sum(map(str.isdigit, text)) < _DIGITS:
                continue
            label = _CLAUSE.split(number.label)[-1]
            match = known.total.search(label)
            if match is None:
                continue
            kind = match["named"] or ("in" if match["received"] else "out")
            key = (passage.report, kind, number.figure.literal.unit, "".join(sorted(text)))
            groups[key].append(Total(number.figure, label))
    for (report, *_), totals in groups.items():
        if len({digits(t.figure) for t in totals}) > 1:
            yield from _pairs(scene, report, totals)


def _pairs(scene: Scene, report: str | None, totals: Sequence[Total]) -> Iterator[Finding]:
    counts = Counter(digits(t.figure) for t in totals)
    usual = max(totals, key=lambda t: (counts[digits(t.figure)], -t.figure.span.start))
    seen: set[str] = set()
    for odd in totals:
        text = digits(odd.figure)
        if text in seen or transposed(text, digits(usual.figure)) is None:
            continue
        seen.add(text)
        gap = in_unit(odd.figure, abs(subtract(odd.figure.interval.value, usual.figure.interval.value)))
        yield make(
            FindingKind.CONFLICT,
            "prose.twins",
            report,
            Text(
                f"“{odd.label}”一处为{printed(odd.figure)}，另为{printed(usual.figure)}，相差{gap}{odd.figure.literal.unit}",
                f"{odd.label} is {digits(odd.figure)} in one place and {digits(usual.figure)} in another; off by {gap}",
            ),
            stated=printed(odd.figure),
            computed=printed(usual.figure),
            literals=plays(scene, [("stated", odd.figure), ("other", usual.figure)]),
            suggestion=transposed(text, digits(usual.figure)),
        )
