"""Checking: “总额A万元，其中：甲B万元、乙C万元” in prose, whatever records were made of it: parts that exceed their head."""

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

_LEAST = 2


def check_among(scene: Scene) -> Iterator[Finding]:
    """Lists under 其中 whose parts make more than their head.

    Precondition: 其中 follows the head at once in its sentence; the parts are amounts divided by 、 alone, none compared
    with another year and none a rate; the first of them do not make up the head already. A list that falls short may
    leave parts out and is never told here.
    """
    known = words().among
    for passage in passages(scene, known.opens):
        for start, stop in sentences(passage.text):
            numbers = told(scene, passage, start, stop)
            for place, number in enumerate(numbers[1:], 1):
                if known.opens.match(number.label) and numbers[place - 1].is_money:
                    yield from _check(scene, passage, numbers[place - 1].figure, _parts(numbers[place:]))


def _parts(numbers: Sequence[Told]) -> list[Figure]:
    """The amounts of a list from its first on, up to one that is not divided from the one before by 、."""
    known = words()
    found: list[Figure] = []
    for number in numbers:
        joined = not found or number.label.startswith("、")
        if not joined or not number.is_money or known.compared.search(number.label):
            break
        found.append(number.figure)
    return found


def _check(scene: Scene, passage: Passage, head: Figure, parts: Sequence[Figure]) -> Iterator[Finding]:
    if len(parts) < _LEAST or not commensurable([head, *parts]):
        return
    values = [p.interval for p in parts]
    outcome = check_sum(head.interval, values)
    if not outcome.broken or outcome.computed is None or outcome.computed < head.interval.value:
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
            f"其中{terms}＝{computed}{unit}，多于{printed(head)}，相差{gap}{unit}",
            f"the parts make {computed}, more than the {printed(head)} that they are of; off by {gap}",
        ),
        stated=printed(head),
        computed=f"{computed}{unit}",
        slack=slack_in(head, outcome.allowed),
        literals=plays(scene, [("total", head), *(("part", p) for p in parts)]),
        suggestion=sum_hint(head, parts),
    )
