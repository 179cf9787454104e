"""The gate: a drop is named, a gain passes, and the file that holds the baseline is checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from eval.baseline import BaselineError, drops, load_baseline, update_baseline
from eval.gold import GoldDocument
from eval.items import Item
from eval.predicted import PredictedDocument, PredictedFinding, from_gold
from eval.scoring import Evaluation, evaluate
from pipeline.flow import Status
from schemas.relations import FindingKind
from schemas.values import Money, Span

Read = Callable[[Callable[[list[Item]], list[Item]]], PredictedDocument]


def spoilt(items: list[Item]) -> list[Item]:
    """One project's executed amount misread."""
    wrong = Money(value="91", unit="万元")
    return [
        replace(i, values={**i.values, "executed": wrong}) if (i.record_type, i.index) == ("projects", 0) else i
        for i in items
    ]


def scored(gold: GoldDocument, predicted: PredictedDocument, source: str = "offline") -> Evaluation:
    return evaluate([(gold, predicted)], source)


@pytest.fixture
def path(tmp_path: Path, roads: GoldDocument) -> Path:
    """A baseline of a perfect reading."""
    file = tmp_path / "baseline.json"
    update_baseline(scored(roads, from_gold(roads)), file)
    return file


def test_same_scores_pass(roads: GoldDocument, path: Path) -> None:
    assert drops(scored(roads, from_gold(roads)), path) == []


def test_a_drop_is_named_with_document_type_and_scores(roads: GoldDocument, read: Read, path: Path) -> None:
    fallen = drops(scored(roads, read(spoilt)), path)
    assert fallen == [
        "roads-2023: projects, all fields: F1 fell from 1.0000 (16 right, 0 wrong or invented, 0 missed) "
        "to 0.9375 (15 right, 1 wrong or invented, 1 missed)",
        "roads-2023: projects, figures: F1 fell from 1.0000 (8 right, 0 wrong or invented, 0 missed) "
        "to 0.8750 (7 right, 1 wrong or invented, 1 missed)",
    ]


def test_a_gain_passes_and_raises_the_bar(roads: GoldDocument, read: Read, path: Path) -> None:
    update_baseline(scored(roads, read(spoilt)), path)
    perfect = scored(roads, from_gold(roads))
    assert drops(perfect, path) == []
    update_baseline(perfect, path)
    assert drops(scored(roads, read(spoilt)), path) != []


def test_findings_lost_and_false_alarms_are_drops(roads: GoldDocument, path: Path) -> None:
    alarm = PredictedFinding(FindingKind.UNIT, "x", (Span(0, 2),))
    fallen = drops(scored(roads, replace(from_gold(roads), findings=(alarm,))), path)
    assert fallen == [
        "roads-2023: findings: 0 of 2 required ones found, 2 before",
        "roads-2023: findings: 1 false alarms, 0 before",
    ]


def test_inventions_where_gold_has_nothing_are_drops(roads: GoldDocument, path: Path) -> None:
    bare = replace_records(roads, keep=lambda i: i.record_type != "tasks")
    update_baseline(scored(bare, from_gold(bare)), path)
    invented = Item("tasks", "r1", {"task": "修桥"}, "", None, Status.ACCEPTED)
    worse = replace(from_gold(bare), records=(*from_gold(bare).records, invented))
    assert drops(scored(bare, worse), path) == [
        "roads-2023: tasks, all fields: F1 fell from 1.0000 (0 right, 0 wrong or invented, 0 missed) "
        "to 0.0000 (0 right, 1 wrong or invented, 0 missed)"
    ]
    update_baseline(scored(bare, worse), path)
    more = replace(worse, records=(*worse.records, replace(invented, values={"task": "挖渠"})))
    assert drops(scored(bare, more), path) == ["roads-2023: tasks, all fields: 2 wrong or invented values, 1 before"]


def replace_records(gold: GoldDocument, keep: Callable[[Item], bool]) -> GoldDocument:
    parts = {name: getattr(gold, name) for name in GoldDocument.__slots__}
    return GoldDocument(**{**parts, "records": tuple(r for r in gold.records if keep(r))})


def test_unknown_document_and_source_need_a_baseline(roads: GoldDocument, path: Path) -> None:
    (problem,) = drops(scored(roads, from_gold(roads), "llm"), path)
    assert problem == "roads-2023: no baseline for llm; write one with --update-baseline"


def test_changed_gold_asks_for_a_look(roads: GoldDocument, path: Path) -> None:
    parts = {name: getattr(roads, name) for name in GoldDocument.__slots__}
    changed = GoldDocument(**{**parts, "gold_sha256": "0"})
    (problem,) = drops(scored(changed, from_gold(changed)), path)
    assert "its gold changed" in problem


def test_update_keeps_other_documents_and_sources(roads: GoldDocument, path: Path) -> None:
    parts = {name: getattr(roads, name) for name in GoldDocument.__slots__}
    lakes = GoldDocument(**{**parts, "name": "lakes"})
    update_baseline(scored(lakes, from_gold(lakes)), path)
    update_baseline(scored(roads, from_gold(roads), "llm"), path)
    sources = load_baseline(path).sources
    assert {name: list(documents) for name, documents in sources.items()} == {
        "offline": ["lakes", "roads-2023"],
        "llm": ["roads-2023"],
    }
    before = path.read_bytes()
    update_baseline(scored(lakes, from_gold(lakes)), path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["{", "[]", '{"sources": {"offline": {"x": {}}}}', '{"extra": 1}'])
def test_broken_baseline_says_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BaselineError, match="--update-baseline"):
        load_baseline(file)


def test_missing_baseline_is_empty(tmp_path: Path) -> None:
    assert load_baseline(tmp_path / "none.json").sources == {}
