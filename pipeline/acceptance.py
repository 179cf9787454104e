"""Acceptance: what a grounded record is worth, given the findings that its figures take part in."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.flow import Decision, Finding, Grounded, Status, Verdict

WITNESS = "witness"
"""The role of a finding's figure that speaks against another figure and is not doubted itself."""


def accept(grounded: Sequence[Grounded], findings: Sequence[Finding]) -> tuple[Decision, ...]:
    """Decide each record, in order: flagged where an inconsistent finding involves it, else accepted.

    A flagged record is kept as printed: the report contradicts itself, and the finding says how. A finding of another
    verdict (rounding, a missing part) is no evidence against a record, nor is one that only calls the record's figure as
    a witness against another. What is invalid or ungrounded never comes here.
    """
    accused = {
        literal.record_id
        for finding in findings
        if finding.verdict is Verdict.INCONSISTENT
        for literal in finding.literals
        if literal.record_id is not None and literal.role != WITNESS
    }
    return tuple(Decision(g, Status.FLAGGED if g.record_id in accused else Status.ACCEPTED) for g in grounded)
