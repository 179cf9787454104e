"""Checking: the statements of one quantity, fallen into groups that do not agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import add, check_same
from pipeline.checking.scene import Figure, digits, in_unit, printed, slack_in
from pipeline.flow import Finding, Severity, Verdict
from schemas.relations import FindingKind

SHOWN = 12
"""Places of one finding that are listed; a figure repeated in every chapter need not be shown each time."""


class Statement(NamedTuple):
    """One statement of a quantity; ``echoes`` counts the facts of its report that print the same value."""

    figure: Figure
    report: str
    label: str
    echoes: int = 0


Agree = Callable[[Statement, Statement], bool]
Hint = Callable[[Statement], Text | None]
"""What would explain an odd statement, where a check knows more than the digits tell."""


def may_be_one(one: Statement, other: Statement) -> bool:
    """Whether two amounts may be one: their intervals meet, or one is the other cut off.

    Sums of rounded parts differ by one unit of the last place without contradiction. Equal digits in unlike units are
    for ``units_check``.
    """
    if one.figure.literal.value == other.figure.literal.value:
        return True
    return check_same(one.figure.interval, other.figure.interval).verdict is not Verdict.INCONSISTENT


def print_alike(one: Statement, other: Statement) -> bool:
    """Whether two statements may be copies of one value: to the same number of decimals they must print alike."""
    a, b = one.figure, other.figure
    if a.literal.value == b.literal.value:
        return True
    return a.literal.decimals != b.literal.decimals and may_be_one(one, other)


def clash(
    statements: Sequence[Statement],
    relation: str,
    name: str | None = None,
    agree: Agree = may_be_one,
    hint: Hint = lambda _: None,
) -> Iterator[Finding]:
    """One finding for each group of a quantity's statements that does not agree with the most frequent one."""
    clusters: list[list[Statement]] = []
    for statement in sorted(statements, key=lambda s: s.figure.interval.value):
        if clusters and agree(clusters[-1][0], statement):
            clusters[-1].append(statement)
        else:
            clusters.append([statement])
    if len(clusters) < 2:
        return
    clusters.sort(key=lambda c: (-len(c), -max(s.echoes for s in c), min(s.figure.span.start for s in c)))
    usual, *others = clusters
    for cluster in others:
        further = [s for c in others if c is not cluster for s in c]
        odd = min(cluster, key=lambda s: s.figure.span.start)
        yield _finding(cluster, usual, relation, name, further, hint(odd))


def _finding(
    odd: Sequence[Statement],
    usual: Sequence[Statement],
    relation: str,
    name: str | None,
    rest: Sequence[Statement],
    hint: Text | None,
) -> Finding:
    first = min(odd, key=lambda s: s.figure.span.start)
    other = min(usual, key=lambda s: s.figure.span.start)
    shift = shift_between(first.figure, other.figure)
    label = name or first.label
    across = first.report != other.report
    where = f"（{first.report}与{other.report}两份报告不一）" if across else ""
    times = f"（共{len(usual)}处）" if len(usual) > 1 else ""
    spans = sorted({s.figure.span for s in (*odd, *usual)})
    literals = [s.figure.plays("stated") for s in _in_order(odd)][:SHOWN]
    literals += [s.figure.plays("other") for s in _in_order(usual)][:SHOWN]
    literals += [s.figure.plays("further") for s in _in_order(rest)][: max(0, SHOWN - len(spans))]
    return make(
        FindingKind.DECIMAL_SHIFT if shift else FindingKind.CONFLICT,
        relation,
        None if across else first.report,
        Text(
            f"“{label}”一处为{printed(first.figure)}，另为{printed(other.figure)}{times}{where}",
            f"{label} is {digits(first.figure)} in one place and {digits(other.figure)} in {len(usual)} other(s)",
        ),
        stated=printed(first.figure),
        computed=printed(other.figure),
        slack=slack_in(first.figure, add(first.figure.interval.half, other.figure.interval.half)),
        severity=Severity.WARNING if across else Severity.ERROR,
        literals=literals,
        suggestion=_suggestion(first, other, shift) or hint,
    )


def _in_order(statements: Sequence[Statement]) -> list[Statement]:
    return sorted(statements, key=lambda s: s.figure.span)


def shift_between(one: Figure, other: Figure) -> int | None:
    """By how many places the points of two figures differ, where nothing else does."""
    if not one.interval.value or not other.interval.value or one.literal.unit in {"%", "％"}:
        return None
    for shift in (1, -1, 2, -2):
        moved = one.interval.scaled(-shift)
        if moved.value == other.interval.value:
            return shift
    return None


def _suggestion(odd: Statement, usual: Statement, shift: int | None) -> Text | None:
    if shift:
        meant = in_unit(odd.figure, odd.figure.interval.scaled(-shift).value)
        return Text(f"疑为小数点错位：{meant}", f"decimal point shifted: {meant}")
    return transposed(digits(odd.figure), digits(usual.figure))


def transposed(a: str, b: str) -> Text | None:
    """The suggestion that two digits of a number are exchanged, None where that does not make it the other."""
    if len(a) == len(b) and sorted(a) == sorted(b) and sum(1 for x, y in zip(a, b, strict=True) if x != y) == 2:
        return Text("疑相邻数字颠倒", "two digits seem exchanged")
    return None
