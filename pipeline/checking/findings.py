"""Checking: findings made, put in text order, and told apart from their own repetitions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from decimal import Decimal
from typing import NamedTuple

from pipeline.flow import Finding, FindingLiteral, Severity, Verdict
from schemas.relations import FindingKind
from schemas.values import Span

_SAME_DEFECT = {
    FindingKind.DECIMAL_SHIFT: "sum",
    FindingKind.SCORE_SUM: "sum",
    FindingKind.SUM: "sum",
    FindingKind.DIFFERENCE: "sum",
}


class Text(NamedTuple):
    """A sentence in Chinese and in English."""

    zh: str
    en: str


def make(  # noqa: PLR0913 - a finding says all of this
    kind: FindingKind,
    relation: str,
    report: str | None,
    message: Text,
    *,
    stated: str,
    computed: str,
    literals: Sequence[FindingLiteral],
    slack: Decimal | None = None,
    severity: Severity = Severity.ERROR,
    suggestion: Text | None = None,
) -> Finding:
    """A finding of an inconsistency; the first literal is the stated figure and gives it its place."""
    return Finding(
        kind=kind,
        severity=severity,
        verdict=Verdict.INCONSISTENT,
        relation=relation,
        report_id=report,
        message=message.zh,
        message_en=message.en,
        stated=stated,
        computed=computed,
        slack=slack,
        literals=tuple(literals),
        suggestion=suggestion.zh if suggestion else None,
        suggestion_en=suggestion.en if suggestion else None,
    )


_EXCHANGED = "prose.exchanged"
_FOLLOWS_FROM: dict[str, tuple[FindingKind, str]] = {
    "budget_facts.conflict": (FindingKind.RATIO, ""),
    "budget_facts.left_over_apart": (FindingKind.CONFLICT, ""),
    "reports.score": (FindingKind.SCORE_SUM, "prose.among"),
}
"""Findings that say nothing new where the figure is accused otherwise (a conflict by its own arithmetic, a difference of
amounts told elsewhere by a conflict): the kind of that finding and how the name of its relation begins."""


def settle(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in text order, each defect once: what came first says it where two checks accuse the same figure alike, and
    a rate or a score that its own passage refutes is not told again for disagreeing with another place."""
    kept: dict[tuple[str, int, int], Finding] = {}
    for finding in findings:
        span = finding.literals[0].span
        family = _SAME_DEFECT.get(finding.kind, finding.kind.value)
        kept.setdefault((family, span.start, span.stop), finding)
    accused: dict[tuple[FindingKind, Span], list[str]] = defaultdict(list)
    for finding in kept.values():
        for literal in finding.literals if finding.kind is FindingKind.CONFLICT else finding.literals[:1]:
            accused[(finding.kind, literal.span)].append(finding.relation)
    told = {f.literals[0].span for f in kept.values() if f.relation != _EXCHANGED}
    return tuple(sorted((f for f in kept.values() if not _follows(f, accused) and not _is_told(f, told)), key=_place))


def _is_told(finding: Finding, told: Set[Span]) -> bool:
    """Whether one of two numbers that differ by exchanged digits is accused already, which says which one is wrong."""
    return finding.relation == _EXCHANGED and any(x.span in told for x in finding.literals)


def _follows(finding: Finding, accused: Mapping[tuple[FindingKind, Span], Sequence[str]]) -> bool:
    kind, relation = _FOLLOWS_FROM.get(finding.relation, (None, ""))
    if kind is None or finding.report_id is None:
        return False
    return any(name.startswith(relation) for name in accused.get((kind, finding.literals[0].span), ()))


def _place(finding: Finding) -> tuple[object, ...]:
    return (*finding.literals[0].span, finding.kind.value, finding.relation, finding.message)
