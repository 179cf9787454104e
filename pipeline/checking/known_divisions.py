"""Checking: what has well-known parts (政府采购: 货物, 工程, 服务) against them, wherever the passage states the whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.checking.diagnosis import is_shift, sum_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Outcome, check_sum
from pipeline.checking.passages import Passage, Told, passages, plays, told
from pipeline.checking.prose import direction_of
from pipeline.checking.scene import Figure, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.checking.vocabulary import Division, words
from pipeline.flow import Finding
from schemas.relations import FindingKind

_CLOSE = 10
"""The parts make the whole but for a tenth, or are parts of something else."""


def check_known_divisions(scene: Scene) -> Iterator[Finding]:
    """“政府采购预算150万元，实际采购140万元。其中：货物类80万元，工程类10万元，服务类52万元”.

    Precondition: each part of the division is told once in the passage, as an amount behind no year before, with no
    other amount of spending or budget between the parts; amounts of the whole stand before them in the passage. The
    parts may make any of these; where they make none, the nearest is told, if it comes within a tenth of them or is off
    by a decimal point.
    """
    for division in words().divisions:
        for passage in passages(scene, division.hint):
            numbers = told(scene, passage, 0, len(passage.text))
            parts = _parts(division, numbers)
            if parts:
                wholes = _wholes(division, numbers, parts[0])
                yield from _check(scene, passage, wholes, [numbers[p].figure for p in parts])


def _parts(division: Division, numbers: Sequence[Told]) -> list[int]:
    """Where the parts stand among the numbers of a passage, in order; empty where one is missing or told twice."""
    found: list[int] = []
    for pattern in division.parts:
        places = [i for i, n in enumerate(numbers) if n.is_money and pattern.search(n.label)]
        if len(places) != 1 or words().compared.search(numbers[places[0]].label):
            return []
        found += places
    found.sort()
    between = [n for i, n in enumerate(numbers) if found[0] < i < found[-1] and i not in found and n.is_money]
    if any(division.other.search(n.label) for n in between):
        return []
    return found


def _wholes(division: Division, numbers: Sequence[Told], first: int) -> list[Figure]:
    """The amounts before the parts, from the first that is called as the whole is; no other year's and no change."""
    before = numbers[:first]
    start = next((i for i, n in enumerate(before) if division.whole.search(n.label)), first)
    known = words()
    return [
        n.figure
        for n in before[start:]
        if n.is_money and not known.compared.search(n.label) and not direction_of(n.label)
    ]


def _check(scene: Scene, passage: Passage, wholes: Sequence[Figure], parts: Sequence[Figure]) -> Iterator[Finding]:
    values = [p.interval for p in parts]
    outcomes = [(check_sum(w.interval, values), w) for w in wholes if commensurable([w, *parts])]
    if not outcomes or any(not o.broken for o, _ in outcomes):
        return
    outcome, whole = min(outcomes, key=lambda x: x[0].needed)
    if outcome.needed * _CLOSE <= abs(whole.interval.value) or is_shift(whole, parts):
        yield _finding(scene, passage, whole, parts, outcome)


def _finding(scene: Scene, passage: Passage, whole: Figure, parts: Sequence[Figure], outcome: Outcome) -> Finding:
    assert outcome.computed is not None
    computed, gap = in_unit(whole, outcome.computed), in_unit(whole, outcome.needed)
    unit = whole.literal.unit or ""
    return make(
        FindingKind.DECIMAL_SHIFT if is_shift(whole, parts) else FindingKind.SUM,
        "prose.division",
        passage.report,
        Text(
            f"{'＋'.join(digits(p) for p in parts)}＝{computed}{unit}，与{printed(whole)}不符，相差{gap}{unit}",
            f"the parts make {computed}, not the {printed(whole)} that they are of; off by {gap}",
        ),
        stated=printed(whole),
        computed=f"{computed}{unit}",
        slack=slack_in(whole, outcome.allowed),
        literals=plays(scene, [("total", whole), *(("part", p) for p in parts)]),
        suggestion=sum_hint(whole, parts),
    )
