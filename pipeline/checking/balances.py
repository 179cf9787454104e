"""Checking: what a year's budget is built of and what is left of it, within one table row or sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations

from pipeline.checking.diagnosis import sum_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Outcome, check_sum
from pipeline.checking.labels import CHANGE
from pipeline.checking.prose import Mention, all_claimed, holds_value, mentions
from pipeline.checking.rates import told_measure
from pipeline.checking.scene import Fact, Figure, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding
from schemas.registry import RECORD_TYPES
from schemas.relations import Balance, FindingKind
from schemas.values import Span

_BUILT_UP = "full_year_budget"
_TERMS = {
    "initial_budget": "年初预算",
    "carried_in": "年初结转",
    "supplementary": "追加",
    "reduction": "调减",
    "adjustment": "调整",
    "full_year_budget": "全年预算",
    "received": "收入",
    "executed": "支出",
    "carried_out": "年末结转结余",
}
_FEWEST = 3
"""Measures that a balance is made of at least: a total and two terms."""


def check_balances(scene: Scene) -> Iterator[Finding]:
    """The declared balances of budget facts, and stated savings.

    Precondition: every measure of the balance is printed for one subject in one table row or sentence; what a budget
    is built of, also where each measure is the only one of its kind in the sentence. Measures that a department may or
    may not count in are tried both ways. Every number up to the last of them belongs to a record, so that none was overlooked.
    """
    balances = [r for r in RECORD_TYPES["budget_facts"].relations if isinstance(r, Balance)]
    for facts in scene.facts_by_sentence.values():
        for group, loose in _groups(scene, facts):
            for balance in balances:
                if not loose or balance.total == _BUILT_UP:
                    yield from _check(scene, balance, group)
        if any(f.measure == CHANGE for f in facts):
            yield from _savings(scene, facts)


def _groups(scene: Scene, facts: Sequence[Fact]) -> Iterator[tuple[Mapping[str, Fact], bool]]:
    """Facts of one subject, organisation and year by measure, without a measure that is stated twice unlike.

    The second value is True where only the sentence holds them together, whatever their labels say.
    """
    if len({f.measure for f in facts} & _TERMS.keys()) < _FEWEST:
        return
    strict: dict[Hashable, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    loose: dict[Hashable, dict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        if fact.measure not in _TERMS:
            continue
        row = scene.places.row(fact.start)
        owner = (fact.report, fact.org, fact.year)
        strict[(owner, row, fact.node.path)][fact.measure].append(fact)
        if row is None:
            loose[owner][fact.measure].append(fact)
            if fact.subject == ():
                strict[(owner, "whole")][fact.measure].append(fact)
    for by_measure in strict.values():
        if len(by_measure) >= _FEWEST:
            yield {m: g[0] for m, g in by_measure.items() if all(f.interval.meets(g[0].interval) for f in g)}, False
    for by_measure in loose.values():
        if len(by_measure) >= _FEWEST:
            yield {m: g[0] for m, g in by_measure.items() if len(g) == 1}, True


def _check(scene: Scene, balance: Balance, group: Mapping[str, Fact]) -> Iterator[Finding]:
    total = group.get(balance.total)
    terms = [(m, 1) for m in balance.plus] + [(m, -1) for m in balance.minus]
    known = [(m, sign) for m, sign in terms if m in group]
    missing = {m for m, _ in terms if m not in group}
    if total is None or len(known) < 2 or missing - set(balance.may_be_absent):
        return
    if not commensurable([total.figure, *(group[m].figure for m, _ in known)]):
        return
    included = [m for m, _ in known if m in balance.may_be_included]
    outcome: Outcome | None = None
    for count in range(len(included) + 1):
        for left_out in combinations(included, count):
            tried = [(m, sign) for m, sign in known if m not in left_out]
            one = check_sum(total.interval, [group[m].interval for m, _ in tried], [sign for _, sign in tried])
            if not one.broken:
                return
            outcome = outcome or one
    assert outcome is not None
    if outcome.computed is not None and outcome.computed < 0 < total.interval.value:
        return  # nothing of this sort is negative: its terms were misread
    if balance.total == "carried_out" and _is_left(group):
        return
    row = scene.places.row_span(total.start) or scene.places.sentence_span(total.start)
    extent = Span(row.start, max(f.start for f in group.values()))
    if "carried_in" not in group and words().carried_in.search(scene.places.between(*extent)):
        return
    if all_claimed(scene, extent) and not holds_value(scene, extent, total.figure, outcome.needed):
        yield _finding(balance.kind, f"budget_facts.{balance.name}", total, [(group[m], s) for m, s in known], outcome)


def _is_left(group: Mapping[str, Fact]) -> bool:
    """Whether what is left is what was planned, or what arrived of it, less what was spent."""
    left, spent = group["carried_out"].figure, group.get("executed")
    for base in (group.get("full_year_budget"), group.get("received")):
        if base is None or spent is None or not commensurable([left, base.figure, spent.figure]):
            continue
        if not check_sum(left.interval, [base.interval, spent.interval], [1, -1]).broken:
            return True
    return False


def _finding(
    kind: FindingKind, relation: str, total: Fact, parts: Sequence[tuple[Fact, int]], outcome: Outcome
) -> Finding:
    figure = total.figure
    assert outcome.computed is not None
    computed = in_unit(figure, outcome.computed)
    gap = in_unit(figure, outcome.needed)
    unit = figure.literal.unit or ""
    formula = "".join(f"{'＋' if sign > 0 else '－'}{_TERMS[f.measure]}{digits(f.figure)}" for f, sign in parts).lstrip(
        "＋"
    )
    plus = [f.figure for f, sign in parts if sign > 0]
    return make(
        kind,
        relation,
        total.report,
        Text(
            f"{formula}＝{computed}{unit}，印为{_TERMS[total.measure]}{printed(figure)}，相差{gap}{unit}",
            f"{total.measure} {digits(figure)} does not follow from {', '.join(f.measure for f, _ in parts)}: {computed}",
        ),
        stated=printed(figure),
        computed=f"{computed}{unit}",
        slack=slack_in(figure, outcome.allowed),
        literals=[figure.plays("total"), *(f.figure.plays("plus" if s > 0 else "minus") for f, s in parts)],
        suggestion=sum_hint(figure, plus) if len(plus) == len(parts) else None,
    )


def _savings(scene: Scene, facts: Sequence[Fact]) -> Iterator[Finding]:
    """A stated saving (较预算节约) against the budget and the spending before it.

    Precondition: the saving's own words say 节约, and the sentence states one budget and one spending before it.
    """
    saved = [f for f in facts if f.measure == CHANGE and scene.places.row(f.start) is None]
    saved = [f for f in saved if words().saved.search(scene.places.before(f.start, 8))]
    for fact in saved:
        told = [m for m in mentions(scene, facts) if m.start < fact.start and not m.depth]
        budgets = [m for m in told if _measure(m) in {"full_year_budget", "received", "initial_budget"}]
        spent = [m for m in told if _measure(m) == "executed"]
        if not budgets or len(spent) != 1:
            continue
        figures: list[Figure] = [fact.figure, budgets[-1].figure, spent[0].figure]
        if not commensurable(figures):
            continue
        outcomes = [check_sum(fact.interval, [b.figure.interval, spent[0].figure.interval], [1, -1]) for b in budgets]
        if any(not o.broken for o in outcomes) or outcomes[-1].computed is None:
            continue
        computed = in_unit(fact.figure, outcomes[-1].computed)
        unit = fact.figure.literal.unit or ""
        yield make(
            FindingKind.DIFFERENCE,
            "budget_facts.saving",
            fact.report,
            Text(
                f"预算{digits(figures[1])}－支出{digits(figures[2])}＝{computed}{unit}，印作节约{printed(fact.figure)}",
                f"{digits(figures[1])} less {digits(figures[2])} is {computed}, but {digits(figures[0])} is said to be saved",
            ),
            stated=printed(fact.figure),
            computed=f"{computed}{unit}",
            slack=slack_in(fact.figure, outcomes[-1].allowed),
            literals=[fact.figure.plays("stated"), figures[1].plays("budget"), figures[2].plays("executed")],
        )


def _measure(mention: Mention) -> str | None:
    return told_measure(mention) if mention.fact is None else mention.measure
