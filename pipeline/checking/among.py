"""Checking: “总额A万元，其中：甲B万元、乙C万元” in prose, whatever records were made of it: parts that do not make it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.checking.diagnosis import is_shift, sum_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Outcome, check_sum
from pipeline.checking.passages import Passage, Told, passages, plays, sentences, told
from pipeline.checking.scene import Figure, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding
from schemas.relations import FindingKind
from schemas.units import units

_LEAST = 2
_MOST = 60
"""Parts of one list that are read."""


def check_among(scene: Scene) -> Iterator[Finding]:
    """Lists under 其中 whose parts make more than their head.

    Precondition: 其中 follows the head at once in its sentence; the parts are amounts, or counts of the head's unit, divided
    by 、 alone, none compared with another year and none a rate; the first of them do not make up the head already. A
    list that falls short is told only where its last part is 其他, since any other may leave parts out.
    """
    known = words().among
    for passage in passages(scene, known.opens):
        for start, stop in sentences(passage.text):
            numbers = told(scene, passage, start, stop)
            for place, number in enumerate(numbers[1:], 1):
                head = numbers[place - 1]
                if known.opens.match(number.label) and (head.is_money or _is_count(head)):
                    yield from _check(scene, passage, head.figure, _parts(head, numbers[place : place + _MOST]))


def _is_count(number: Told) -> bool:
    return number.figure.literal.unit in units().count and not number.numeral.decimals


def _parts(head: Told, numbers: Sequence[Told]) -> list[Told]:
    """The amounts (or counts of the head's unit) of a list from its first on, up to one that 、 does not divide from the
    one before."""
    known = words()
    found: list[Told] = []
    for number in numbers:
        joined = not found or number.label.startswith("、")
        alike = number.is_money if head.is_money else number.figure.literal.unit == head.figure.literal.unit
        if not joined or not alike or known.compared.search(number.label):
            break
        found.append(number)
    return found


def _check(scene: Scene, passage: Passage, head: Figure, listed: Sequence[Told]) -> Iterator[Finding]:
    parts = [n.figure for n in listed]
    if len(parts) < _LEAST or not commensurable([head, *parts]):
        return
    values = [p.interval for p in parts]
    outcome = check_sum(head.interval, values)
    if not outcome.broken or outcome.computed is None:
        return
    names_all = listed[-1].label.lstrip("、").startswith(words().residual)
    if outcome.computed < head.interval.value and not names_all:
        return
    if any(not check_sum(head.interval, values[:stop]).broken for stop in range(_LEAST, len(values))):
        return
    yield _finding(scene, passage, head, parts, outcome)


def _finding(scene: Scene, passage: Passage, head: Figure, parts: Sequence[Figure], outcome: Outcome) -> Finding:
    assert outcome.computed is not None
    computed, gap = in_unit(head, outcome.computed), in_unit(head, outcome.needed)
    unit = head.literal.unit or ""
    terms = "＋".join(digits(p) for p in parts)
    return make(
        FindingKind.DECIMAL_SHIFT if is_shift(head, parts) else FindingKind.SUM,
        "prose.among",
        passage.report,
        Text(
            f"其中{terms}＝{computed}{unit}，与{printed(head)}不符，相差{gap}{unit}",
            f"the parts make {computed}, not the {printed(head)} that they are of; off by {gap}",
        ),
        stated=printed(head),
        computed=f"{computed}{unit}",
        slack=slack_in(head, outcome.allowed),
        literals=plays(scene, [("total", head), *(("part", p) for p in parts)]),
        suggestion=sum_hint(head, parts),
    )
