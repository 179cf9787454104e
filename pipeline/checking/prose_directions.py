"""Checking: “由3.26万亩下降到2.94万亩，减少0.32万亩，增幅9.82%”: a direction that the amounts before it refute."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import ONE, check_growth, subtract
from pipeline.checking.passages import Passage, Told, passages, plays, sentences, told
from pipeline.checking.prose import direction_of
from pipeline.checking.scene import Figure, Scene, printed
from pipeline.flow import Finding
from schemas.relations import FindingKind

_HINT = re.compile("[增降减升多少提回]")
_SHARES = frozenset({"%", "％"})
_BARE = re.compile(r"^[，,、（(]?(?:同比)?(?:增幅|增长|上升|提高|降幅|下降|减少|降低)(?:了|为|约|达)*$")
_BEFORE = 3
_BASE = re.compile(r"(?:较|比|高于|低于|与)[^，,。；]{0,6}(?:上年|去年|上一年|上年度|年)[^，,。；]{0,4}$")
_WORD = re.compile(r"^(?:相比|比)?[，,]?[增减下上降升提回多少][^，,。；\d]{0,4}$")


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
            for place in range(_BEFORE - 1, len(numbers)):
                yield from _changed(scene, passage, *numbers[place - _BEFORE + 1 : place + 1])


def _changed(scene: Scene, passage: Passage, now: Told, base: Told, change: Told) -> Iterator[Finding]:
    """“平均82.85分，较上年的81.30分下降1.55分”: an amount, what it is compared with, and their difference the other way.

    Precondition: the three stand one after another in one unit; the second is called another year's, the third a change
    that is the difference to the last digit.
    """
    units = {n.figure.literal.unit for n in (now, base, change)}
    said = direction_of(change.label)
    if len(units) > 1 or None in units or units & _SHARES or not said or not _BASE.search(base.label):
        return
    moved = subtract(now.figure.interval.value, base.figure.interval.value)
    if moved * said < 0 and abs(moved) == abs(change.figure.interval.value) and _WORD.match(change.label):
        yield _finding(scene, passage, change, [("base", base.figure), ("current", now.figure)])


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
    yield _finding(scene, passage, rate, [("earlier", earlier), ("later", later), ("change", change)])


def _finding(scene: Scene, passage: Passage, wrong: Told, others: Sequence[tuple[str, Figure]]) -> Finding:
    word = wrong.label.lstrip("，,、（(")
    earlier, later = printed(others[0][1]), printed(others[1][1])
    rises = others[1][1].interval.value > others[0][1].interval.value
    return make(
        FindingKind.DIRECTION,
        "prose.direction",
        passage.report,
        Text(
            f"由{earlier}到{later}，“{word}{printed(wrong.figure)}”方向相反",
            f"from {earlier} to {later}: the direction of {printed(wrong.figure)} is the opposite",
        ),
        stated=f"{word}{printed(wrong.figure)}",
        computed=f"{'' if rises else '-'}{printed(wrong.figure)}",
        literals=plays(scene, [("stated", wrong.figure), *others]),
    )
