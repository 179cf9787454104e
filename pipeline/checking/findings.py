"""Checking: findings made, put in text order, and told apart from their own repetitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.flow import Finding, FindingLiteral, Severity, Verdict
from schemas.relations import FindingKind

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


def settle(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in text order, each defect once: what came first says it where two checks accuse the same figure alike."""
    kept: dict[tuple[str, int, int], Finding] = {}
    for finding in findings:
        span = finding.literals[0].span
        family = _SAME_DEFECT.get(finding.kind, finding.kind.value)
        kept.setdefault((family, span.start, span.stop), finding)
    return tuple(sorted(kept.values(), key=_place))


def _place(finding: Finding) -> tuple[object, ...]:
    return (*finding.literals[0].span, finding.kind.value, finding.relation, finding.message)
