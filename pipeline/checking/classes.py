"""Checking: a clause that divides the spending by a classification (按功能分类划分，教育…，卫生…) against the whole of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipeline.checking.diagnosis import is_shift, sum_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Outcome, check_sum
from pipeline.checking.labels import is_bare_total
from pipeline.checking.prose import all_claimed
from pipeline.checking.scene import Fact, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding
from schemas.relations import FindingKind
from schemas.values import Span

_LEAST = 3
_CLOSE = 5
"""The parts must come within a fifth of the whole, which shows that it is the whole that they divide."""
_MEASURES = frozenset({"executed", "received", "full_year_budget"})


def check_classes(scene: Scene) -> Iterator[Finding]:
    """Clauses of a classification whose labels name no head of their own.

    Precondition: the clause begins with 按…分; at least three facts of one measure and year, none with a head in the
    clause, and no amount between them that no record holds; the report states the whole of that measure and year, always
    alike, and the parts come within a fifth of it; they make up no other figure of the report.
    """
    for facts in scene.facts_by_sentence.values():
        if len(facts) < _LEAST or scene.places.row(facts[0].start) is not None:
            continue
        clauses: dict[int, list[Fact]] = defaultdict(list)
        for fact in facts:
            clauses[scene.places.clause(fact.start)].append(fact)
        for members in clauses.values():
            if len(members) >= _LEAST and _is_introduced(scene, members[0]):
                yield from _check(scene, members)


def _is_introduced(scene: Scene, first: Fact) -> bool:
    start = scene.places.clause_span(first.start).start
    return words().classifies.match(scene.places.between(start, first.start)) is not None


def _check(scene: Scene, members: Sequence[Fact]) -> Iterator[Finding]:
    first = members[0]
    key = (first.measure, first.year, first.org, len(first.node.path))
    if first.measure not in _MEASURES or any(
        (f.measure, f.year, f.org, len(f.node.path)) != key or f.node.classified for f in members
    ):
        return
    whole = _whole(scene, first)
    figures = [f.figure for f in members]
    if whole is None or not commensurable([whole.figure, *figures]):
        return
    outcome = check_sum(whole.interval, [f.interval for f in figures])
    if not outcome.broken or outcome.computed is None or outcome.needed * _CLOSE > abs(whole.interval.value):
        return
    parts = [f.interval for f in figures]
    others = [f for f in scene.facts if f.report == first.report and f.figure.exponent is not None]
    if any(not check_sum(f.interval, parts).broken for f in others):
        return
    if all_claimed(scene, Span(first.start, members[-1].start)):
        yield _finding(scene, whole, members, outcome)


def _whole(scene: Scene, like: Fact) -> Fact | None:
    """The report's figure for the whole of a measure and year, None where its statements differ; a bare 合计 is the total of
    whatever its table lists."""
    stated = [
        f
        for f in scene.facts_about.get((like.report, ()), ())
        if (f.measure, f.year, f.org) == (like.measure, like.year, like.org) and not is_bare_total(f.label)
    ]
    return stated[0] if stated and all(f.interval.meets(stated[0].interval) for f in stated) else None


def _finding(scene: Scene, whole: Fact, members: Sequence[Fact], outcome: Outcome) -> Finding:
    assert outcome.computed is not None
    head, figures = whole.figure, [f.figure for f in members]
    computed, gap = in_unit(head, outcome.computed), in_unit(head, outcome.needed)
    unit = head.literal.unit or ""
    terms = "＋".join(f"{f.label}{digits(f.figure)}" for f in members)
    return make(
        FindingKind.DECIMAL_SHIFT if is_shift(head, figures) else FindingKind.SUM,
        "budget_facts.classes",
        whole.report,
        Text(
            f"{whole.label}{printed(head)}≠{terms}＝{computed}{unit}，相差{gap}{unit}",
            f"{whole.label} {digits(head)} is not the sum of its {len(members)} classes, {computed}; off by {gap}",
        ),
        stated=printed(head),
        computed=f"{computed}{unit}",
        slack=slack_in(head, outcome.allowed),
        literals=[head.plays("total"), *(f.plays("part") for f in figures)],
        suggestion=sum_hint(head, figures, lambda rest: scene.named(whole.report, rest)),
    )
