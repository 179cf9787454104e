"""Checking: “由3.26万亩下降到2.94万亩，减少0.32万亩，增幅9.82%”: a direction that the amounts before it refute."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import ONE, check_growth, subtract
from pipeline.checking.passages import Passage, Told, passages, plays, sentences, told
from pipeline.checking.prose import direction_of
from pipeline.checking.scene import Scene, printed
from pipeline.flow import Finding
from schemas.relations import FindingKind

_HINT = re.compile("[增降减升]")
_SHARES = frozenset({"%", "％"})
_BARE = re.compile(r"^[，,、（(]?(?:同比)?(?:增幅|增长|上升|提高|降幅|下降|减少|降低)(?:了|为|约|达)*$")
_BEFORE = 3


def check_prose_directions(scene: Scene) -> Iterator[Finding]:
    """Rates of change told after the two amounts and their difference.

    Precondition: the three stand right before the rate in its sentence, in one unit, the first two apart by the third; the
    rate follows from them, its word alone says the opposite of the word before the difference, which is right.
    """
    for passage in passages(scene, _HINT):
        for start, stop in sentences(passage.text):
            numbers = told(scene, passage, start, stop)
            for place in range(_BEFORE, len(numbers)):
                yield from _check(scene, passage, numbers[place - _BEFORE : place], numbers[place])


def _check(scene: Scene, passage: Passage, amounts: Sequence[Told], rate: Told) -> Iterator[Finding]:
    if rate.figure.literal.unit not in _SHARES or not _BARE.match(rate.label):
        return
    earlier, later, change = (a.figure for a in amounts)
    said, due = direction_of(rate.label), direction_of(amounts[-1].label)
    if not said * due < 0 or len({f.literal.unit for f in (earlier, later, change)}) > 1:
        return
    moved = subtract(later.interval.value, earlier.interval.value)
    if not moved * due > 0 or abs(moved) != change.interval.value:
        return
    grown = rate.figure.interval if due > 0 else rate.figure.interval.times(-ONE)
    if check_growth(grown, later.interval, earlier.interval).broken:
        return
    word = rate.label.lstrip("，,、（(")
    yield make(
        FindingKind.DIRECTION,
        "prose.direction",
        passage.report,
        Text(
            f"由{printed(earlier)}到{printed(later)}，“{word}{printed(rate.figure)}”方向相反",
            f"from {printed(earlier)} to {printed(later)}: the direction of {printed(rate.figure)} is the opposite",
        ),
        stated=f"{word}{printed(rate.figure)}",
        computed=f"{'-' if due < 0 else ''}{printed(rate.figure)}",
        literals=plays(scene, [("stated", rate.figure), ("change", change), ("earlier", earlier), ("later", later)]),
    )
