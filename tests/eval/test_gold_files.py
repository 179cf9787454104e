"""Gold files keep the rules of annotation, and the checker notices where one does not."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from roads_report import GOLD, TEXT

from eval.gold import GoldError, GoldSet, load_gold, occurrences, place
from eval.gold_check import gold_problems
from schemas.values import Span

ROOT = Path(__file__).resolve().parents[2]
SETS = {
    "samples": (ROOT / "data" / "gold", ROOT / "data" / "samples"),
    "shared": (ROOT.parent / "shared" / "gold", ROOT.parent / "shared" / "reports"),
}
FILES = [(name, path) for name, (gold, _) in SETS.items() for path in sorted(gold.glob("*.json"))]


@pytest.mark.parametrize("name", SETS)
def test_gold_set_is_there(name: str) -> None:
    gold, reports = SETS[name]
    if not gold.is_dir():
        pytest.skip(f"{gold} is not on this machine")
    assert len(GoldSet(gold, reports)) >= 1


@pytest.mark.parametrize(("name", "path"), FILES, ids=[f"{n}-{p.stem}" for n, p in FILES])
def test_gold_file_keeps_the_rules(name: str, path: Path) -> None:
    reports = SETS[name][1]
    assert gold_problems(path, reports) == []
    document = load_gold(path, reports)
    for record in document.records:
        assert record.span is not None
        assert document.text[record.span.start : record.span.stop] == record.quote


BREAKS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "another document": (lambda g: g.update(sha256="0"), "sha256"),
    "unknown key": (lambda g: g.update(project=[]), "unknown keys ['project']"),
    "missing field": (lambda g: g["projects"][0].pop("executed"), "missing ['executed']"),
    "unknown field": (lambda g: g["tasks"][0].update(done=True), "unknown ['done']"),
    "unknown code": (lambda g: g["budget_facts"][0].update(measure="spent"), "budget_facts[0].measure"),
    "unknown report": (lambda g: g["issues"][0].update(report="r9"), "unknown report 'r9'"),
    "separators": (lambda g: g["budget_facts"][0].update(value="1,200.50"), "has separators"),
    "float": (lambda g: g["score_lines"][0].update(score=28.5), "score_lines[0].score"),
    "quote not verbatim": (lambda g: g["tasks"][0].update(quote="完成公路"), "not verbatim"),
    "quote too long": (lambda g: g["tasks"][0].update(quote=TEXT[:401]), "401 characters"),
    "occurrence missing": (lambda g: g["budget_facts"][2].pop("occurrence"), "give its occurrence"),
    "occurrence too high": (lambda g: g["budget_facts"][2].update(occurrence=3), "give its occurrence"),
    "occurrence of a single quote": (lambda g: g["tasks"][0].update(occurrence=2), "occurrence 2"),
    "text not verbatim": (lambda g: g["projects"][0].update(status="已完成验收"), "projects[0].status: not verbatim"),
    "label not verbatim": (lambda g: g["projects"][0].update(name="公路养护"), "projects[0].name: not verbatim"),
    "value not in quote": (lambda g: g["budget_facts"][1].update(value="801.00"), "801.00 is not in its quote"),
    "finding kind": (lambda g: g["findings"][0].update(kind="total"), "findings[0]: kind 'total'"),
    "finding quote": (lambda g: g["findings"][0].update(quotes=["无此句"]), "findings[0]: quote not verbatim"),
    "finding without required": (lambda g: g["findings"][0].pop("required"), "required must be"),
    "near miss quote": (lambda g: g["near_misses"][0].update(quotes=[]), "near_misses[0]: quote not verbatim"),
}


@pytest.mark.parametrize(("change", "problem"), BREAKS.values(), ids=BREAKS)
def test_checker_names_each_broken_rule(
    roads_folder: Path, tmp_path: Path, change: Callable[[dict[str, Any]], Any], problem: str
) -> None:
    gold = copy.deepcopy(GOLD)
    change(gold)
    path = tmp_path / "roads-2023.json"
    path.write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")
    problems = gold_problems(path, roads_folder)
    assert any(problem in p for p in problems), problems


def test_checker_accepts_the_unbroken_file(roads_folder: Path) -> None:
    assert gold_problems(roads_folder / "roads-2023.json", roads_folder) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda g: g.update(sha256="0"), "annotates another version"),
        (lambda g: g.update(doc="other"), 'must be an object with "doc": "roads-2023"'),
        (lambda g: g.update(tasks={}), '"tasks" must be a list'),
        (lambda g: g["tasks"][0].update(task=""), "tasks[0]: task"),
        (lambda g: g["tasks"][0].update(occurrence=7), "tasks[0]: its quote does not stand"),
        (lambda g: g["findings"][0].update(quotes=["无此句"]), "findings[0]: a quote does not stand"),
        (lambda g: g["findings"][0].update(severity="bad"), "findings[0]: kind, severity"),
    ],
)
def test_loading_says_which_file_and_record_is_wrong(
    roads_folder: Path, tmp_path: Path, change: Callable[[dict[str, Any]], Any], message: str
) -> None:
    gold = copy.deepcopy(GOLD)
    change(gold)
    path = tmp_path / "roads-2023.json"
    path.write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(GoldError) as caught:
        load_gold(path, roads_folder)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("nowhere", ".", ()), "--gold"),
        ((".", "nowhere", ()), "--reports"),
        (("empty", ".", ()), "holds no gold files"),
        ((".", ".", ("lakes",)), "no gold for lakes; it holds roads-2023"),
    ],
)
def test_gold_set_says_what_is_missing(
    roads_folder: Path, tmp_path: Path, given: tuple[str, str, tuple[str, ...]], message: str
) -> None:
    gold, reports, names = given
    for file in roads_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "empty").mkdir()
    with pytest.raises(GoldError) as caught:
        GoldSet(tmp_path / gold, tmp_path / reports, names)
    assert message in str(caught.value)


def test_missing_document_names_the_option(roads_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="--reports"):
        load_gold(roads_folder / "roads-2023.json", tmp_path)


@pytest.mark.parametrize(
    ("quote", "occurrence", "expected"),
    [("ab", None, Span(0, 2)), ("ab", 2, Span(3, 5)), ("ab", 3, None), ("c", 1, None), ("", 1, None)],
)
def test_occurrence_picks_the_place(quote: str, occurrence: int | None, expected: Span | None) -> None:
    assert place("ab ab", quote, occurrence) == expected


def test_occurrences_are_all_places() -> None:
    assert occurrences("ababa", "aba") == (Span(0, 3), Span(2, 5))
