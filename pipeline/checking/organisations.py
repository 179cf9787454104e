"""Checking: one figure over several organisations: the row of a department against the rows of its units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.checking.diagnosis import is_shift, sum_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Outcome, check_sum
from pipeline.checking.scene import Fact, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.checking.trees import SUMMED
from pipeline.flow import Finding
from schemas.relations import FindingKind


class Column(NamedTuple):
    """A figure of the department and the same figure of each of its organisations."""

    head: Fact
    members: tuple[Fact, ...]
    outcome: Outcome


def check_organisations(scene: Scene) -> Iterator[Finding]:
    """The department's figure against the sum over its organisations.

    Precondition: in one sentence or table, one fact without an organisation and the same fact for every organisation
    that it names; and another figure of theirs adds up, which shows that the list of organisations is complete.
    """
    for facts in scene.facts_by_sentence.values():
        if all(f.org is None for f in facts):
            continue
        everyone = {(f.report, f.org) for f in facts if f.org is not None}
        columns = [c for c in _columns(facts) if {(f.report, f.org) for f in c.members} == everyone]
        if any(c.outcome.holds and c.head.interval.value for c in columns):
            yield from (_finding(scene, c) for c in columns if c.outcome.broken)


def _columns(facts: Sequence[Fact]) -> Iterator[Column]:
    groups: dict[tuple[str, tuple[str, ...], str, int | None], list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.measure in SUMMED:
            groups[(fact.report, fact.node.path, fact.measure, fact.year)].append(fact)
    for group in groups.values():
        heads = [f for f in group if f.org is None]
        members = tuple(f for f in group if f.org is not None)
        if len(heads) == 1 and len(members) >= 2 and len({f.org for f in members}) == len(members):
            figures = [f.figure for f in members]
            if commensurable([heads[0].figure, *figures]):
                yield Column(heads[0], members, check_sum(heads[0].interval, [f.interval for f in members]))


def _finding(scene: Scene, column: Column) -> Finding:
    head, members = column.head, column.members
    figures = [f.figure for f in members]
    assert column.outcome.computed is not None
    computed = in_unit(head.figure, column.outcome.computed)
    gap = in_unit(head.figure, column.outcome.needed)
    shift = is_shift(head.figure, figures)
    unit = head.figure.literal.unit or ""
    terms = "＋".join(digits(f) for f in figures)
    moved = ("（小数点右移一位）" if shift == 1 else "（小数点左移一位）") if shift else f"，相差{gap}{unit}"
    return make(
        FindingKind.DECIMAL_SHIFT if shift else FindingKind.SUM,
        "budget_facts.organisations",
        head.report,
        Text(
            f"“{head.label}”：{len(members)}家机构{terms}＝{computed}{unit}，汇总印作{printed(head.figure)}{moved}",
            f"{head.label}: the {len(members)} organisations add up to {computed}, the total is printed {digits(head.figure)}",
        ),
        stated=printed(head.figure),
        computed=f"{computed}{unit}",
        slack=slack_in(head.figure, column.outcome.allowed),
        literals=[head.figure.plays("total"), *(f.plays("part") for f in figures)],
        suggestion=sum_hint(head.figure, figures, lambda rest: scene.named(head.report, rest)),
    )
