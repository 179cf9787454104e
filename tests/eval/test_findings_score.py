"""Findings: required ones found, false alarms counted, near misses told apart."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from eval.findings import FindingScore, FindingTally, score_findings
from eval.gold import GoldDocument
from eval.predicted import PredictedFinding, from_gold
from schemas.relations import FindingKind
from schemas.values import Span

K = FindingKind


def at(document: GoldDocument, kind: FindingKind, *passages: str) -> PredictedFinding:
    """A report whose figures stand at the first place of each passage."""
    starts = [(document.text.index(p), len(p)) for p in passages]
    return PredictedFinding(kind, "reported", tuple(Span(s, s + n) for s, n in starts))


@dataclass(frozen=True)
class Case:
    reports: tuple[tuple[FindingKind, tuple[str, ...]], ...]
    tally: FindingTally


SUM = (K.SUM, ("200万元",))
CONFLICT = (K.CONFLICT, ("95.50",))
CASES = {
    "nothing reported": Case((), FindingTally(required=2)),
    "one found": Case((SUM,), FindingTally(required=2, found=1)),
    "both found": Case((SUM, CONFLICT), FindingTally(required=2, found=2)),
    "optional one found": Case(((K.RATIO, ("75%",)),), FindingTally(required=2, optional_found=1)),
    "another kind at the place": Case(((K.UNIT, ("200万元",)),), FindingTally(required=2, false_alarms=1)),
    "the kind at another place": Case(((K.SUM, ("28.5",)),), FindingTally(required=2, false_alarms=1)),
    "one figure of several in the quote": Case(((K.SUM, ("28.5", "200万元")),), FindingTally(required=2, found=1)),
    "reported twice": Case((SUM, SUM), FindingTally(required=2, found=1)),
    "near miss": Case(((K.CONFLICT, ("12.34", "12.30")),), FindingTally(required=2, false_alarms=1, near_misses=1)),
    "near miss with a figure from elsewhere": Case(
        ((K.CONFLICT, ("12.34", "28.5")),), FindingTally(required=2, false_alarms=1)
    ),
    "no figures": Case(((K.SUM, ()),), FindingTally(required=2, false_alarms=1)),
}


def score(document: GoldDocument, case: Case) -> FindingScore:
    return score_findings(document, [at(document, kind, *passages) for kind, passages in case.reports])


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_reports_are_counted(roads: GoldDocument, case: Case) -> None:
    assert score(roads, case).tally() == case.tally


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_kinds_add_up_to_all(roads: GoldDocument, case: Case) -> None:
    found = score(roads, case)
    assert sum((found.tally(kind) for kind in FindingKind), FindingTally()) == found.tally()


def test_gold_finds_itself(roads: GoldDocument) -> None:
    tally = score_findings(roads, from_gold(roads).findings).tally()
    assert tally == FindingTally(required=2, found=2, optional_found=1)
    assert tally.recall == 1


def test_one_report_finds_one_defect(roads: GoldDocument) -> None:
    twice = GoldDocument(**{**_parts(roads), "findings": (roads.findings[0], roads.findings[0])})
    assert score_findings(twice, [at(roads, *SUM[:1], *SUM[1])]).tally() == FindingTally(required=2, found=1)
    both = [at(roads, K.SUM, "200万元"), at(roads, K.SUM, "400.50万元，与所列")]
    assert score_findings(twice, both).tally() == FindingTally(required=2, found=2)


def test_missed_finding_is_named(roads: GoldDocument) -> None:
    found = score(roads, CASES["one found"])
    assert [g.kind for g in found.missed] == [K.CONFLICT]


def _parts(document: GoldDocument) -> dict[str, object]:
    return {name: getattr(document, name) for name in GoldDocument.__slots__}
