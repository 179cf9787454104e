"""Decisions as gold: every rule of annotation kept, readable by the evaluation, and nothing that was not decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from review_cases import BRIDGES, LAMPS, ROADS, TEXT, named, payload_of, reading_of, written

from eval.gold import GoldSet
from eval.gold_check import gold_problems
from pipeline.review.desk import Desk
from pipeline.review.gold import export_gold
from pipeline.store import Store


def decide(store: Store) -> Desk:
    """One of each: a flagged record accepted, a claim accepted, a claim corrected, a record rejected."""
    desk = Desk(store)
    desk.accept(named(desk, store, BRIDGES), "li", "", 0)
    desk.accept(named(desk, store, ROADS), "li", "", 0)
    lamps = named(desk, store, LAMPS)
    desk.correct(lamps, "li", "18", 0, payload_of(desk, lamps, executed={"value": "18", "unit": "万元"}))
    desk.reject(next(i for i in desk.queue.items if i.label == "预算执行率"), "li", "none", 0)
    return desk


def test_decided_records_are_gold_that_keeps_every_rule(store: Store, tmp_path: Path) -> None:
    decide(store)
    done = export_gold(store, tmp_path)
    path = tmp_path / "gold" / "transport-2022.json"
    assert (done.files, done.records, done.findings, done.left_out) == ([path], 3, 1, [])
    assert gold_problems(path, tmp_path / "reports") == []
    gold = json.loads(path.read_text(encoding="utf-8"))
    assert {p["name"]: p["executed"] for p in gold["projects"]} == {
        BRIDGES: {"value": "45", "unit": "万元"},
        ROADS: {"value": "270.50", "unit": "万元"},
        LAMPS: {"value": "18", "unit": "万元"},
    }
    assert [r["id"] for r in gold["reports"]] == ["r1"]
    assert gold["budget_facts"] == []
    assert [(f["kind"], f["required"]) for f in gold["findings"]] == [("ratio", True)]
    assert (tmp_path / "reports" / "transport-2022.txt").read_text(encoding="utf-8") == TEXT


def test_the_evaluation_reads_it(store: Store, tmp_path: Path) -> None:
    decide(store)
    export_gold(store, tmp_path)
    (document,) = GoldSet(tmp_path / "gold", tmp_path / "reports").documents
    assert len(document.of_type("projects")) == 3
    assert all(item.places for item in document.of_type("projects"))


def test_a_quote_that_stands_twice_names_its_place(tmp_path: Path) -> None:
    line = "2022年部门全年预算数1200.50万元，部门总支出1150.30万元，预算执行率85.82%。\n"
    text = TEXT.replace("四、存在的问题", f"四、收支情况\n{line}\n五、存在的问题")
    with Store.open(tmp_path / "a.duckdb") as store:
        store.put(store.start_run("offline"), reading_of(written(tmp_path / "r", text)))
        desk = Desk(store)
        for item in desk.queue.items:
            if item.record_type == "budget_facts":
                desk.accept(item, "li", "", 0)
        export_gold(store, tmp_path / "out")
    path = tmp_path / "out" / "gold" / "transport-2022.json"
    assert gold_problems(path, tmp_path / "out" / "reports") == []
    facts = json.loads(path.read_text(encoding="utf-8"))["budget_facts"]
    assert {f["occurrence"] for f in facts} == {1, 2}


def test_nothing_decided_is_no_gold(store: Store, tmp_path: Path) -> None:
    assert export_gold(store, tmp_path / "out").files == []
    assert not (tmp_path / "out").exists()


def test_what_was_undone_or_is_read_no_more_is_no_gold(store: Store, tmp_path: Path) -> None:
    desk = decide(store)
    for name in (ROADS, LAMPS):
        item = named(desk, store, name)
        desk.undo(item, "li", 1)
    assert export_gold(store, tmp_path).records == 1


@pytest.mark.parametrize("name", ["transport-2022"])
def test_two_documents_of_one_name_do_not_overwrite_each_other(store: Store, tmp_path: Path, name: str) -> None:
    decide(store)
    store.put(store.start_run("offline"), reading_of(written(tmp_path / "more", TEXT + "附件。\n", name)))
    desk = Desk(store)
    for item in desk.queue.items:
        if item.label == BRIDGES and item.subject_id not in desk.decided:
            desk.accept(item, "li", "", 0)
    done = export_gold(store, tmp_path / "out")
    assert len(done.files) == 1
    assert "another document is named transport-2022" in done.left_out[0]
