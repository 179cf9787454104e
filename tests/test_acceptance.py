"""Acceptance: a record is flagged where an inconsistent finding involves it, and kept as printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.acceptance import accept
from pipeline.flow import Draft, Finding, FindingLiteral, Grounded, Severity, Status, Verdict
from schemas.relations import FindingKind
from schemas.tasks import Task
from schemas.values import Span


def grounded(record_id: str) -> Grounded:
    draft = Draft("tasks", Task(quote="完成任务", task="完成任务"), "r1", "c1")
    return Grounded(record_id, draft, Span(0, 4), (), Decimal(1))


def finding(*record_ids: str | None, verdict: Verdict = Verdict.INCONSISTENT) -> Finding:
    literals = tuple(FindingLiteral("part", Span(0, 1), "1", r, None) for r in record_ids)
    kind, severity = FindingKind.RATIO, Severity.ERROR
    return Finding(kind, severity, verdict, "rate", "r1", "不符", "does not follow", "1", "2", None, literals)


RECORDS = [grounded(i) for i in "abc"]


@pytest.mark.parametrize(
    ("findings", "flagged"),
    [
        ([], ""),
        ([finding("a")], "a"),
        ([finding("a", "c")], "ac"),
        ([finding("a"), finding("a", None), finding("b")], "ab"),
        ([finding(None)], ""),
        ([finding()], ""),
        ([finding("z")], ""),
        *([[finding("a", verdict=v)], ""] for v in Verdict if v is not Verdict.INCONSISTENT),
        ([finding("a", verdict=Verdict.TRUNCATED), finding("a")], "a"),
    ],
)
def test_what_is_flagged(findings: list[Finding], flagged: str) -> None:
    decisions = accept(RECORDS, findings)
    assert [d.grounded for d in decisions] == RECORDS
    assert [d.status for d in decisions] == [
        Status.FLAGGED if r.record_id in flagged else Status.ACCEPTED for r in RECORDS
    ]


def test_nothing_is_accepted_of_nothing() -> None:
    assert accept([], [finding("a")]) == ()
