"""Checking: “总额A万元，其中：甲B万元、乙C万元” in prose, whatever records were made of it: parts that do not make it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.checking.diagnosis import is_shift, sum_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Outcome, check_sum
from pipeline.checking.labels import traits_overlap
from pipeline.checking.passages import Passage, Told, passages, plays, sentences, told
from pipeline.checking.scene import Figure, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.checking.units_check import slip_in_sum
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding
from schemas.relations import FindingKind
from schemas.units import units

_LEAST = 2
_MOST = 60
"""Parts of one list that are read."""
_MANY = 4
_LONGEST = 14
_MARKS = "分"
_COMMAS = frozenset("，,；;")
_DIVIDERS = frozenset("，,、；;：:")


def check_among(scene: Scene) -> Iterator[Finding]:
    """Lists under 其中 whose parts do not make their head.

    Precondition: 其中 follows the head at once in its sentence (a count's with what is counted between); the parts are
    amounts, or counts or scores of the head's unit, none compared with another year and none a rate; the first of them
    do not make up the head already. 、 divides them, or ， where they are kinds of staff, scores, or counts that no word
    makes another quantity's. A list that falls short is told only where it names all parts: its last part is 其他;
    kinds of staff of the people in post or the posts; scores down to the satisfaction; or four counts at least that end
    their sentence and lack less than the smallest of them.
    """
    known = words().among
    for passage in passages(scene, known.hint):
        for start, stop in sentences(passage.text):
            numbers = told(scene, passage, start, stop)
            for place, number in enumerate(numbers[1:], 1):
                head = numbers[place - 1]
                opens = known.opens if head.is_money else known.opens_count
                if opens.match(number.label) and (head.is_money or _is_count(head)):
                    listed = _parts(head, numbers[place : place + _MOST])
                    rest = passage.text[listed[-1].numeral.unit_stop : stop] if listed else ""
                    yield from _check(scene, passage, head, listed, ends=len(rest) < _LEAST)


def _is_count(number: Told) -> bool:
    unit = number.figure.literal.unit
    return unit == _MARKS or (unit in units().count and not number.numeral.decimals)


def _is_staff(head: Told) -> bool:
    return head.figure.literal.unit in words().persons and words().among.staffed.search(head.label) is not None


def _parts(head: Told, numbers: Sequence[Told]) -> list[Told]:
    """The amounts (or counts of the head's unit) of a list from its first on, up to one that is not divided from the one
    before as parts are."""
    known = words()
    unit = head.figure.literal.unit
    staff = _is_staff(head)
    found: list[Told] = []
    for number in numbers:
        own = number.figure.literal.unit
        alike = number.is_money if head.is_money else own == unit or (staff and own in known.persons)
        joined = not found or number.label.startswith("、") or _goes_on(head, number, staff=staff)
        if not joined or not alike or known.compared.search(number.label):
            break
        found.append(number)
    return found


def _goes_on(head: Told, number: Told, *, staff: bool) -> bool:
    """Whether a number behind a comma is one more part."""
    known = words().among
    label = number.label[1:]
    if head.is_money or number.label[:1] not in _COMMAS or len(label) > _LONGEST or known.another.search(label):
        return False
    return known.staff.search(label) is not None if staff else label[-1:] not in _DIVIDERS


def _names_all(head: Told, listed: Sequence[Told], gap: Decimal, *, ends: bool) -> bool:
    known = words()
    if _is_rest(listed[-1]):
        return True
    if head.is_money:
        return False
    if _is_staff(head):
        return all(known.among.staff.search(n.label) and not known.left.search(n.label) for n in listed)
    if head.figure.literal.unit == _MARKS:
        return len(listed) > _LEAST and known.among.last_score.search(listed[-1].label) is not None
    return ends and len(listed) >= _MANY and gap < min(n.figure.interval.value for n in listed)


def _check(scene: Scene, passage: Passage, head: Told, listed: Sequence[Told], *, ends: bool) -> Iterator[Finding]:
    whole, parts = head.figure, [n.figure for n in listed]
    if len(parts) < _LEAST or not commensurable([whole, *parts]) or _overlap(listed):
        return
    values = [p.interval for p in parts]
    outcome = check_sum(whole.interval, values)
    if not outcome.broken or outcome.computed is None:
        return
    slip = slip_in_sum(whole, parts, passage.report)
    if slip is not None:
        yield slip
        return
    if outcome.computed < whole.interval.value and not _names_all(head, listed, outcome.needed, ends=ends):
        return
    if any(not check_sum(whole.interval, values[:stop]).broken for stop in range(_LEAST, len(values))):
        return
    yield _finding(scene, passage, whole, parts, outcome)


def _overlap(listed: Sequence[Told]) -> bool:
    return traits_overlap([n.label for n in listed if not _is_rest(n)])


def _is_rest(number: Told) -> bool:
    return number.label.lstrip("、，,；;").startswith(words().residual)


def _finding(scene: Scene, passage: Passage, head: Figure, parts: Sequence[Figure], outcome: Outcome) -> Finding:
    assert outcome.computed is not None
    computed, gap = in_unit(head, outcome.computed), in_unit(head, outcome.needed)
    unit = head.literal.unit or ""
    terms = "＋".join(digits(p) for p in parts)
    kind = FindingKind.SCORE_SUM if unit == _MARKS else FindingKind.SUM
    return make(
        FindingKind.DECIMAL_SHIFT if is_shift(head, parts) else kind,
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
