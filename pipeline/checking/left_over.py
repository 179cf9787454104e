"""Checking: what a department has left at the year's end (年末结转结余) against its budget less its spending, told apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipeline.checking.clashes import transposed
from pipeline.checking.diagnosis import one_digit
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import check_sum
from pipeline.checking.scene import Fact, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.flow import Finding
from schemas.relations import FindingKind

_BUDGET, _SPENT, _LEFT = "full_year_budget", "executed", "carried_out"


def check_left_over(scene: Scene) -> Iterator[Finding]:
    """“全年预算23273.00万元 … 全年支出21693.18万元 … 年末结转结余1597.82万元”, wherever the three stand.

    Precondition: each is told of the whole department for one year of one report, budget and spending each with one
    value. What is left may have been taken back or come from elsewhere; so it is wrong only where exchanging two of its
    digits, or changing one, makes it the difference.
    """
    told: dict[tuple[str, int | None], dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in scene.facts:
        if fact.measure in {_BUDGET, _SPENT, _LEFT} and fact.subject == () and fact.org is None:
            told[(fact.report, fact.year)][fact.measure].append(fact)
    for (report, _), facts in told.items():
        if _agree(facts[_BUDGET]) and _agree(facts[_SPENT]):
            yield from _check(report, facts[_BUDGET][0], facts[_SPENT][0], facts[_LEFT])


def _agree(facts: Sequence[Fact]) -> bool:
    """Whether something is told, and all statements of it are one amount."""
    return bool(facts) and all(f.interval.meets(facts[0].interval) for f in facts)


def _check(report: str, budget: Fact, spent: Fact, lefts: Sequence[Fact]) -> Iterator[Finding]:
    for left in lefts:
        figures = [left.figure, budget.figure, spent.figure]
        if not commensurable(figures):
            continue
        outcome = check_sum(left.interval, [budget.interval, spent.interval], [1, -1])
        if not outcome.broken or outcome.computed is None:
            continue
        computed = in_unit(left.figure, outcome.computed)
        suggestion = transposed(digits(left.figure), computed) or one_digit(digits(left.figure), computed)
        if suggestion is None:
            continue
        gap, unit = in_unit(left.figure, outcome.needed), left.figure.literal.unit or ""
        yield make(
            FindingKind.DIFFERENCE,
            "budget_facts.left_over",
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
