"""Matching: one to one, optimal, the same whatever the order, and fast."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.gold import GoldDocument
from eval.items import Item, Value
from eval.matching import Pairing, pair, similarity
from eval.predicted import PredictedDocument, from_gold
from eval.scoring import score_document
from pipeline.flow import Status
from schemas.registry import RECORD_TYPES
from schemas.values import Money, Quantity, Span


def project(name: str, executed: str = "1", start: int | None = None, status: Status | None = None) -> Item:
    values: dict[str, Value] = {"name": name, "executed": Money(value=executed, unit="万元")}
    span = None if start is None else Span(start, start + 10)
    return Item("projects", "r1", values, name, span, status)


def read(*items: Item) -> list[Item]:
    return [replace(i, status=Status.ACCEPTED) for i in items]


def pairs(found: tuple[Pairing, ...]) -> list[tuple[str | None, str | None]]:
    return [(p.gold and p.gold.label, p.predicted and p.predicted.label) for p in found]


def test_below_the_threshold_records_stay_alone() -> None:
    found = pair("projects", [project("道路养护")], read(project("机场建设")))
    assert pairs(found) == [("道路养护", None), (None, "机场建设")]


def test_nothing_pairs_with_nothing() -> None:
    assert pair("projects", [], []) == ()
    assert pairs(pair("projects", [project("道路养护")], [])) == [("道路养护", None)]
    assert pairs(pair("projects", [], read(project("道路养护")))) == [(None, "道路养护")]


def test_the_sum_decides_not_the_first_best() -> None:
    # the first gold record is the first prediction to the letter, but then the second one would stay alone
    gold = [project("甲乙丙丁戊"), project("甲乙丙丁戊己庚辛")]
    found = pair("projects", gold, read(project("甲乙丙丁戊"), project("甲乙丙丁")))
    assert pairs(found) == [("甲乙丙丁戊", "甲乙丙丁"), ("甲乙丙丁戊己庚辛", "甲乙丙丁戊")]


def test_duplicates_are_paired_once_each() -> None:
    gold = [project("道路养护"), project("道路养护")]
    found = pair("projects", gold, read(*[project("道路养护")] * 3))
    assert [p.gold is not None and p.predicted is not None for p in found] == [True, True, False]


def test_ties_go_to_the_record_with_more_equal_fields() -> None:
    gold = [project("道路养护", "10"), project("道路养护", "20")]
    for predicted in (read(project("道路养护", "20"), project("道路养护", "10")), read(project("道路养护", "20"))):
        found = pair("projects", gold, predicted)
        assert all(p.gold.values == p.predicted.values for p in found if p.gold and p.predicted)


def test_place_tells_equal_records_apart() -> None:
    gold = [project("道路养护", "10", start=100), project("道路养护", "10", start=500)]
    (first, second) = pair("projects", gold, read(project("道路养护", "11", start=502)))
    assert first.predicted is None
    assert second.predicted is not None


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_a_record_is_wholly_like_itself(roads: GoldDocument, record_type: str) -> None:
    items = roads.of_type(record_type)
    alike = similarity(record_type, items, items)
    assert [alike[i, i] for i in range(len(items))] == [1.0] * len(items)
    assert float(alike.max()) <= 1.0


@pytest.mark.parametrize(
    ("record_type", "values", "same"),
    [
        # the deepest name counts, at whatever level it stands
        ("indicators", {"level3": "养护里程"}, {"level4": "养护里程"}),
        ("indicators", {"target": Quantity(text="≥5", value="5")}, {"target": Quantity(text="5.0", value="5.0")}),
        ("budget_facts", {"path": ("支出", "基本支出"), "value": "800.00"}, {"path": ("基本支出",), "value": "800"}),
    ],
)
def test_likeness_looks_at_what_identifies(record_type: str, values: dict[str, Value], same: dict[str, Value]) -> None:
    def item(of: dict[str, Value]) -> Item:
        return Item(record_type, "r1", of, "", None)

    assert similarity(record_type, [item(values)], [item(same)])[0, 0] == 1.0


names = st.text(alphabet="道路养护桥梁检测公园改造", min_size=1, max_size=4)
projects = st.builds(
    project,
    names,
    st.sampled_from(["1", "2", "30", "45.50"]),
    st.one_of(st.none(), st.integers(0, 40)),
    st.just(Status.ACCEPTED),
)


@settings(max_examples=80, deadline=None)
@given(gold=st.lists(projects, max_size=3), predicted=st.lists(projects, max_size=3))
def test_pairing_is_optimal(gold: list[Item], predicted: list[Item]) -> None:
    found = pair("projects", gold, predicted)
    assert sum(p.gold is not None for p in found) == len(gold)
    assert sum(p.predicted is not None for p in found) == len(predicted)
    alike = similarity("projects", gold, predicted)
    limit = RECORD_TYPES["projects"].similarity.threshold
    partners = [*range(len(predicted)), *[None] * len(gold)]
    best = max(
        sum(alike[i, j] for i, j in enumerate(chosen) if j is not None and alike[i, j] >= limit)
        for chosen in itertools.permutations(partners, len(gold))
    )
    assert sum(p.similarity for p in found) == pytest.approx(best, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_order_of_predictions_changes_no_score(roads: GoldDocument, data: st.DataObject) -> None:
    base = list(from_gold(roads).records)
    kept = [i for i in base if data.draw(st.integers(0, 5))]
    copies = data.draw(st.lists(st.sampled_from(base), max_size=4))
    items = [replace(i, values=_without(i, data.draw(st.integers(0, 5)))) for i in kept + copies]
    shuffled = data.draw(st.permutations(items))
    first, second = (score_document(roads, PredictedDocument("roads", tuple(x), ())) for x in (items, shuffled))
    assert [(c.field, c.expected, c.found, c.kind) for c in first.cells] == [
        (c.field, c.expected, c.found, c.kind) for c in second.cells
    ]
    assert [(e.kind, e.cell.field) for e in first.errors] == [(e.kind, e.cell.field) for e in second.errors]


def _without(item: Item, number: int) -> dict[str, Value]:
    names = sorted(item.values)
    return {n: v for n, v in item.values.items() if number >= len(names) or n != names[number]}


@pytest.mark.parametrize("alike", [True, False], ids=["all alike", "all different"])
def test_two_thousand_records_pair_in_seconds(alike: bool) -> None:
    gold = [project("道路养护" if alike else f"项目{i}", str(i), start=20 * i) for i in range(2000)]
    started = time.process_time()
    found = pair("projects", gold, read(*reversed(gold)))
    assert time.process_time() - started < 8
    assert all(p.gold and p.predicted and p.gold.values == p.predicted.values for p in found)
