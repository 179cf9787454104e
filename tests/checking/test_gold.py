"""The checker on annotated reports, alone: what gold requires is found, and what rounding explains is not reported."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

import pytest
from checking_cases import Gold, load

from pipeline.checking import check
from pipeline.flow import Finding, Verdict
from pipeline.layout import lay_out

ROOT = Path(__file__).parents[2]
FOLDERS = {
    "data": (ROOT / "data/gold", ROOT / "data/samples"),
    "shared": (ROOT.parent / "shared/gold", ROOT.parent / "shared/reports"),
}
DOCUMENTS = [(folder, path.stem) for folder, (gold, _) in FOLDERS.items() for path in sorted(gold.glob("*.json"))]


@cache
def checked(folder: str, name: str, *, with_layout: bool) -> tuple[Gold, tuple[Finding, ...]]:
    """A gold document and what checking finds in its gold records."""
    gold = load(name, *FOLDERS[folder])
    return gold, check(gold.document, lay_out(gold.document) if with_layout else gold.layout, gold.records)


def alarms(gold: Gold, found: Sequence[Finding]) -> list[str]:
    """What is reported and no annotator noted."""
    return [f.message for f in found if not any(gold.matches(f, n) for n in gold.findings)]


@pytest.mark.parametrize(("folder", "name"), DOCUMENTS, ids=[n for _, n in DOCUMENTS])
def test_required_findings_are_found_and_nothing_else(folder: str, name: str) -> None:
    gold, found = checked(folder, name, with_layout=True)
    required = [n for n in gold.findings if n["required"]]
    missed = [n["message"] for n in required if not any(gold.matches(f, n) for f in found)]
    assert len(missed) <= len(required) // 20, missed
    assert len(alarms(gold, found)) <= len(found) // 20, alarms(gold, found)


@pytest.mark.parametrize(("folder", "name"), DOCUMENTS, ids=[n for _, n in DOCUMENTS])
def test_without_a_layout_less_is_found_and_nothing_false(folder: str, name: str) -> None:
    gold, found = checked(folder, name, with_layout=False)
    required = [n for n in gold.findings if n["required"]]
    missed = [n["message"] for n in required if not any(gold.matches(f, n) for f in found)]
    assert len(missed) <= len(required) // 4, missed
    assert alarms(gold, found) == []


@pytest.mark.parametrize("share", [0.1, 0.4])
@pytest.mark.parametrize(("folder", "name"), DOCUMENTS, ids=[n for _, n in DOCUMENTS])
def test_records_that_were_overlooked_raise_no_alarm(folder: str, name: str, share: float) -> None:
    gold = load(name, *FOLDERS[folder])
    layout = lay_out(gold.document)
    reported: list[str] = []
    total = 0
    for seed in range(4):
        chosen = Random(seed)  # noqa: S311
        found = check(gold.document, layout, [r for r in gold.records if chosen.random() > share])
        reported += alarms(gold, found)
        total += len(found)
    assert len(reported) <= total // 20, reported


@pytest.mark.parametrize(("folder", "name"), DOCUMENTS, ids=[n for _, n in DOCUMENTS])
def test_no_near_miss_is_reported(folder: str, name: str) -> None:
    gold, found = checked(folder, name, with_layout=True)
    near = [f.message for f in found for n in gold.near_misses if gold.is_near_miss(f, n)]
    assert [
        m for m in near if not any(gold.matches(f, n) for f in found if f.message == m for n in gold.findings)
    ] == []


@pytest.mark.parametrize(("folder", "name"), DOCUMENTS, ids=[n for _, n in DOCUMENTS])
def test_findings_are_complete_and_in_order(folder: str, name: str) -> None:
    gold, found = checked(folder, name, with_layout=True)
    ids = {r.record_id for r in gold.records}
    for finding in found:
        assert finding.verdict is Verdict.INCONSISTENT
        assert finding.message
        assert finding.message_en
        assert finding.stated
        assert finding.computed
        assert (finding.suggestion is None) == (finding.suggestion_en is None)
        for literal in finding.literals:
            assert gold.document.slice(literal.span) == literal.printed
            assert literal.record_id is None or literal.record_id in ids
    places = [f.literals[0].span for f in found]
    assert places == sorted(places)


@pytest.mark.skipif(not FOLDERS["shared"][0].is_dir(), reason="the real reports are not on this machine")
def test_the_shared_reports_are_among_the_documents() -> None:
    assert sum(folder == "shared" for folder, _ in DOCUMENTS) == 5
