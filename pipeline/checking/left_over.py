"""Checking: what a department has left at the year's end (年末结转结余) against its budget less its spending, told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.checking.clashes import transposed
from pipeline.checking.diagnosis import one_digit
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import check_sum
from pipeline.checking.labels import is_bare_total
from pipeline.checking.prose import holds_value
from pipeline.checking.scene import Fact, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.flow import Finding
from schemas.relations import FindingKind
from schemas.values import Span

_AROUND = 300
"""Characters on either side of a remainder in which an amount may explain it."""
_BUDGET, _SPENT, _LEFT, _ARRIVED = "full_year_budget", "executed", "carried_out", "received"


def check_left_over(scene: Scene) -> Iterator[Finding]:
    """“全年预算23273.00万元 … 全年支出21693.18万元 … 年末结转结余1597.82万元”, wherever the three stand.

    Precondition: each is told of the whole department for one year of one report, budget and spending each with one
    value. What is left may have been taken back or come from elsewhere; so it is wrong only where exchanging two of its
    digits, or changing one, makes it the difference, and nothing that arrived less the spending is what is left.
    """
    told: dict[tuple[str, int | None], dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in scene.facts:
        whole = fact.subject == () or fact.measure == _ARRIVED
        if fact.measure in {_BUDGET, _SPENT, _LEFT, _ARRIVED} and whole and fact.org is None:
            told[(fact.report, fact.year)][fact.measure].append(fact)
    for (report, _), stated in told.items():
        facts = {measure: _of_the_whole(stated[measure]) for measure in (_BUDGET, _SPENT, _LEFT)}
        facts[_ARRIVED] = stated[_ARRIVED]
        if _agree(facts[_BUDGET]) and _agree(facts[_SPENT]):
            yield from _check(scene, report, facts)


def _of_the_whole(facts: Sequence[Fact]) -> Sequence[Fact]:
    """Those that their words call the whole; a bare 合计 is the total of whatever its table lists."""
    return [f for f in facts if not is_bare_total(f.label)] or facts


def _agree(facts: Sequence[Fact]) -> bool:
    """Whether something is told, and all statements of it are one amount."""
    return bool(facts) and all(f.interval.meets(facts[0].interval) for f in facts)


def _check(scene: Scene, report: str, facts: Mapping[str, Sequence[Fact]]) -> Iterator[Finding]:
    budget, spent = facts[_BUDGET][0], facts[_SPENT][0]
    paragraphs = {scene.places.paragraph(f.start) for f in (*facts[_BUDGET], *facts[_SPENT])}
    for left in facts[_LEFT]:
        figures = [left.figure, budget.figure, spent.figure]
        if not commensurable(figures):
            continue
        outcome = check_sum(left.interval, [budget.interval, spent.interval], [1, -1])
        if not outcome.broken or outcome.computed is None or _is_of_what_arrived(left, spent, facts[_ARRIVED]):
            continue
        computed = in_unit(left.figure, outcome.computed)
        suggestion = transposed(digits(left.figure), computed)
        if suggestion is None and not _is_told_why(scene, left, outcome.needed):
            suggestion = one_digit(digits(left.figure), computed)
        if suggestion is None:
            continue
        is_told_here = scene.places.paragraph(left.start) in paragraphs
        gap, unit = in_unit(left.figure, outcome.needed), left.figure.literal.unit or ""
        yield make(
            FindingKind.DIFFERENCE,
            "budget_facts.left_over" if is_told_here else "budget_facts.left_over_apart",
            report,
            Text(
                f"{digits(budget.figure)}－{digits(spent.figure)}＝{computed}{unit}，{left.label}印为{printed(left.figure)}，相差{gap}{unit}",
                f"{digits(budget.figure)} less {digits(spent.figure)} is {computed}, but {printed(left.figure)} is said to be "
                f"left; off by {gap}",
            ),
            stated=printed(left.figure),
            computed=f"{computed}{unit}",
            slack=slack_in(left.figure, outcome.allowed),
            literals=[left.figure.plays("stated"), budget.figure.plays("base"), spent.figure.plays("spent")],
            suggestion=suggestion,
        )


def _is_of_what_arrived(left: Fact, spent: Fact, arrived: Sequence[Fact]) -> bool:
    """Whether what is left is what arrived less what was spent, where less arrived than was planned."""
    return any(
        commensurable([left.figure, fact.figure, spent.figure])
        and not check_sum(left.interval, [fact.interval, spent.interval], [1, -1]).broken
        for fact in arrived
    )


def _is_told_why(scene: Scene, left: Fact, gap: Decimal) -> bool:
    """Whether the words around what is left print the amount that it lacks or has too much (财政收回20万元)."""
    around = Span(max(0, left.start - _AROUND), left.start + _AROUND)
    return holds_value(scene, around, left.figure, gap)
