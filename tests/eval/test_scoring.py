"""Scores: gold against itself is perfect, and every planted error is reported as what it is and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.comparing import ErrorKind
from eval.gold import GoldDocument, GoldSet
from eval.items import Item, Value
from eval.measures import Counts, total
from eval.predicted import PredictedDocument, from_gold
from eval.scoring import DocumentScore, evaluate, score_document
from pipeline.flow import Status
from schemas.registry import RECORD_TYPES
from schemas.values import Money, Operator, Quantity, Span

ROOT = Path(__file__).resolve().parents[2]
K = ErrorKind
Change = Callable[[list[Item]], list[Item]]
Read = Callable[[Change], PredictedDocument]


def edit(record_type: str, index: int, **fields: Any) -> Change:
    """A change of one record's fields; None leaves a field null. The places of changed figures stay."""

    def change(items: list[Item]) -> list[Item]:
        return [_edited(i, fields) if (i.record_type, i.index) == (record_type, index) else i for i in items]

    return change


def _edited(item: Item, fields: dict[str, Any]) -> Item:
    values: dict[str, Value] = {**item.values, **fields}
    kept = {n: v for n, v in values.items() if v is not None}
    return replace(item, values=kept, places={n: p for n, p in item.places.items() if n in kept})


def without_places(change: Change) -> Change:
    """The same change, and no places known."""
    return lambda items: [replace(i, places={}) for i in change(items)]


def drop(record_type: str, index: int) -> Change:
    return lambda items: [i for i in items if (i.record_type, i.index) != (record_type, index)]


def repeat(record_type: str, index: int) -> Change:
    return lambda items: items + [i for i in items if (i.record_type, i.index) == (record_type, index)]


def invent(record_type: str, **values: Value) -> Change:
    return lambda items: [*items, Item(record_type, "r1", values, "", None, Status.ACCEPTED)]


def unit_of(items: list[Item]) -> list[Item]:
    return edit("budget_facts", 1, unit="元")(items)


def neighbour(items: list[Item]) -> list[Item]:
    """The first project gets the second's executed amount, read from the second's digits."""
    second = next(i for i in items if (i.record_type, i.index) == ("projects", 1))
    return [
        replace(
            i,
            values={**i.values, "executed": second.values["executed"]},
            places={**i.places, "executed": second.places["executed"]},
        )
        if (i.record_type, i.index) == ("projects", 0)
        else i
        for i in items
    ]


def swap_rows(items: list[Item]) -> list[Item]:
    first = next(i for i in items if (i.record_type, i.index) == ("projects", 0))
    second = next(i for i in items if (i.record_type, i.index) == ("projects", 1))

    def given_by(item: Item, other: Item) -> Item:
        values = {**item.values, "executed": other.values["executed"]}
        return replace(item, values=values, places={**item.places, "executed": other.places["executed"]})

    return [given_by(first, second) if i is first else given_by(second, first) if i is second else i for i in items]


def other_type(items: list[Item]) -> list[Item]:
    """A budget fact's figure reported as a project that is none."""
    fact = next(i for i in items if (i.record_type, i.index) == ("budget_facts", 1))
    values: dict[str, Value] = {"name": "基本支出", "executed": Money(value="800.00", unit="万元")}
    project = Item(
        "projects", "r1", values, fact.quote, fact.span, Status.ACCEPTED, 9, {"executed": fact.places["value"]}
    )
    return [i for i in items if i is not fact] + [project]


M = Money
PLANTED: dict[str, tuple[Change, dict[ErrorKind, int], Counts]] = {
    # name: change, errors of each kind, what it costs (right values are not counted here)
    "figure left out": (edit("projects", 0, executed=None), {K.OMITTED: 1}, Counts(fn=1)),
    "text left out": (edit("projects", 0, status=None), {K.OMITTED: 1}, Counts(fn=1)),
    "record left out": (drop("projects", 2), {K.OMITTED: 4}, Counts(fn=4)),
    "budget fact left out": (drop("budget_facts", 1), {K.OMITTED: 4}, Counts(fn=4)),
    "figure invented": (edit("projects", 0, other_funds=M(value="7", unit="万元")), {K.FABRICATED: 1}, Counts(fp=1)),
    "label invented": (edit("projects", 0, fund_level="own"), {K.FABRICATED: 1}, Counts(fp=1)),
    "record invented": (
        invent("projects", name="机场项目", executed=M(value="777", unit="万元")),
        {K.FABRICATED: 2},
        Counts(fp=2),
    ),
    "record repeated": (repeat("projects", 2), {K.FABRICATED: 4}, Counts(fp=4)),
    "digit changed": (edit("projects", 0, executed=M(value="91", unit="万元")), {K.MISREAD: 1}, Counts(fp=1, fn=1)),
    "digit dropped": (edit("budget_facts", 0, value="120.50"), {K.MISREAD: 1}, Counts(fp=1, fn=1)),
    "digits swapped": (edit("score_lines", 0, score="82.5"), {K.MISREAD: 1}, Counts(fp=1, fn=1)),
    "decimal point moved": (edit("budget_facts", 1, value="80.000"), {K.MISREAD: 1}, Counts(fp=1, fn=1)),
    "printed decimals lost": (
        edit("projects", 2, full_year_budget=M(value="60", unit="万元")),
        {K.MISREAD: 1},
        Counts(fp=1, fn=1),
    ),
    "score's zero lost": (edit("reports", 0, score="95.5"), {K.MISREAD: 1}, Counts(fp=1, fn=1)),
    "rate misread": (
        edit("projects", 0, execution_rate=Quantity(text="96%", value="96", unit="%")),
        {K.MISREAD: 1},
        Counts(fp=1, fn=1),
    ),
    "number of a quantity not read": (
        edit("indicators", 0, actual=Quantity(text="13公里")),
        {K.MISREAD: 1},
        Counts(fp=1, fn=1),
    ),
    "元 for 万元": (edit("projects", 0, executed=M(value="90", unit="元")), {K.WRONG_UNIT: 1}, Counts(fp=1, fn=1)),
    "unit lost": (edit("projects", 0, executed=M(value="90")), {K.WRONG_UNIT: 1}, Counts(fp=1, fn=1)),
    "unit of a fact wrong": (unit_of, {K.WRONG_UNIT: 1}, Counts(fp=1, fn=1)),
    "unit of a fact lost": (edit("budget_facts", 1, unit=None), {K.WRONG_UNIT: 1}, Counts(fp=1, fn=1)),
    "unit of a quantity wrong": (
        edit("indicators", 0, actual=Quantity(text="13公里", value="13", unit="里")),
        {K.WRONG_UNIT: 1},
        Counts(fp=1, fn=1),
    ),
    "budget in the place of executed": (
        edit("projects", 2, full_year_budget=None, executed=M(value="60.0", unit="万元")),
        {K.MISPLACED: 1, K.OMITTED: 1},
        Counts(fp=1, fn=2),
    ),
    "figure moved to a free field": (
        edit("projects", 2, executed=None, initial_budget=M(value="55", unit="万元")),
        {K.MISPLACED: 1},
        Counts(fp=1, fn=1),
    ),
    "budget and executed swapped": (
        edit("projects", 0, full_year_budget=M(value="90", unit="万元"), executed=M(value="100", unit="万元")),
        {K.MISPLACED: 2},
        Counts(fp=2, fn=2),
    ),
    "weight and score swapped": (edit("indicators", 0, weight="9.5", score="10"), {K.MISPLACED: 2}, Counts(fp=2, fn=2)),
    "neighbouring row's figure": (neighbour, {K.MISPLACED: 1}, Counts(fp=1, fn=1)),
    "rows' figures swapped": (swap_rows, {K.MISPLACED: 2}, Counts(fp=2, fn=2)),
    "rows' figures swapped, places unknown": (without_places(swap_rows), {K.MISPLACED: 2}, Counts(fp=2, fn=2)),
    "figure in a record of another type": (
        other_type,
        {K.MISPLACED: 1, K.FABRICATED: 1, K.OMITTED: 3},
        Counts(fp=2, fn=4),
    ),
    "text cut": (edit("projects", 0, status="已按计划完成养护"), {K.TEXT_DIFFERS: 1}, Counts(fp=1, fn=1)),
    "issue reworded": (edit("issues", 0, text="预算编制不精细且执行慢"), {K.TEXT_DIFFERS: 1}, Counts(fp=1, fn=1)),
    "phrase of a quantity lost": (
        edit("indicators", 1, actual=Quantity(text="96", value="96", unit="%")),
        {K.TEXT_DIFFERS: 1},
        Counts(fp=1, fn=1),
    ),
    "bound lost": (
        edit("indicators", 0, target=Quantity(text="≥12公里", value="12", unit="公里")),
        {K.WRONG_LABEL: 1},
        Counts(fp=1, fn=1),
    ),
    "bound turned round": (
        edit("indicators", 0, target=Quantity(text="≥12公里", op=Operator.AT_MOST, value="12", unit="公里")),
        {K.WRONG_LABEL: 1},
        Counts(fp=1, fn=1),
    ),
    "name wrong": (edit("projects", 0, name="道路养护二期项目"), {K.WRONG_LABEL: 1}, Counts(fp=1, fn=1)),
    "code wrong": (edit("budget_facts", 0, measure="executed"), {K.WRONG_LABEL: 1}, Counts(fp=1, fn=1)),
    "year wrong": (edit("budget_facts", 0, year=2022), {K.WRONG_LABEL: 1}, Counts(fp=1, fn=1)),
    "last label of a path wrong": (
        edit("budget_facts", 1, path=("支出", "基本收支")),
        {K.WRONG_LABEL: 1},
        Counts(fp=1, fn=1),
    ),
    "levels swapped": (
        edit("indicators", 0, level2="养护里程", level3="数量指标"),
        {K.WRONG_LABEL: 2},
        Counts(fp=2, fn=2),
    ),
}

HARMLESS: dict[str, Change] = {
    "first labels of a path": edit("budget_facts", 1, path=("基本支出",)),
    "list mark of a name": edit("projects", 0, name="（一）道路养护项目"),
    "white space in a label": edit("projects", 0, name="道路养护 项目"),
    "white space in a text": edit("projects", 0, status="已按计划完成养护\n并通过验收"),
    "one character of a long text": edit("issues", 0, text="预算编制不够精细，个别项目执行偏慢"),
    "full-width percent sign": edit("projects", 0, execution_rate=Quantity(text="90%", value="90", unit="％")),
    "quote and place": lambda items: [replace(i, span=None, quote="", places={}) for i in items],
}


def kinds(score: DocumentScore) -> dict[ErrorKind, int]:
    return dict(Counter(e.kind for e in score.errors))


def perfect(gold: GoldDocument) -> Counts:
    return total(c.counts for c in score_document(gold, from_gold(gold)).cells)


@pytest.mark.parametrize(("change", "expected", "cost"), PLANTED.values(), ids=PLANTED)
def test_planted_error_is_reported_as_its_kind_and_no_other(
    roads: GoldDocument, read: Read, change: Change, expected: dict[ErrorKind, int], cost: Counts
) -> None:
    score = score_document(roads, read(change))
    assert kinds(score) == expected
    counts = total(c.counts for c in score.cells)
    assert (counts.fp, counts.fn) == (cost.fp, cost.fn)
    assert counts.tp + counts.fn == perfect(roads).tp


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_does_not_matter_is_no_error(roads: GoldDocument, read: Read, change: Change) -> None:
    assert kinds(score_document(roads, read(change))) == {}


def test_misplaced_figure_says_where_it_belongs(roads: GoldDocument, read: Read) -> None:
    (error,) = score_document(roads, read(neighbour)).errors
    assert error.belongs is not None
    assert (error.cell.pairing.item.index, error.belongs.pairing.item.index) == (0, 1)
    assert (error.belongs.record_type, error.belongs.field) == ("projects", "executed")
    assert error.stated is not None
    assert error.stated.expected == "90万元"


def test_figures_alone_ignore_what_is_said_around_them(roads: GoldDocument, read: Read) -> None:
    lost_bound = edit("indicators", 0, target=Quantity(text="至少12", value="12", unit="公里"))
    score = score_document(roads, read(lost_bound))
    assert total(c.counts for c in score.cells).errors == 2
    assert total(c.figure_counts for c in score.cells).errors == 0


def gold_sets() -> Iterator[Any]:
    for name, folder, gold, reports in (
        ("samples", ROOT / "data", "gold", "samples"),
        ("shared", ROOT.parent / "shared", "gold", "reports"),
    ):
        missing = not (folder / gold).is_dir()
        marks = [pytest.mark.skip(reason=f"{folder / gold} is not on this machine")] if missing else []
        yield pytest.param(folder / gold, folder / reports, id=name, marks=marks)


@pytest.mark.parametrize(("gold", "reports"), list(gold_sets()))
def test_gold_against_itself_is_perfect(gold: Path, reports: Path) -> None:
    evaluation = evaluate([(d, from_gold(d)) for d in GoldSet(gold, reports)], "gold")
    assert evaluation.errors == ()
    groups = [evaluation.counts, evaluation.figures, *evaluation.by_type.values(), *evaluation.by_field.values()]
    for counts in (*groups, *evaluation.figures_by_type.values()):
        assert (counts.precision, counts.recall, counts.f1) == (1, 1, 1)
    assert all(gold_n == read_n == pairs for gold_n, read_n, pairs in evaluation.records_by_type.values())
    assert evaluation.placement.part == evaluation.placement.whole > 0
    assert evaluation.reports_right.part == evaluation.reports_right.whole > 0
    findings = evaluation.findings
    assert findings is not None
    assert findings.found == findings.required > 0
    assert (findings.false_alarms, findings.near_misses) == (0, 0)
    interval = evaluation.intervals(lambda d: total(c.counts for c in d.cells))
    assert (interval.precision, interval.recall, interval.f1) == ((1, 1), (1, 1), (1, 1))


def test_status_split_tells_what_acceptance_is_worth(roads: GoldDocument, read: Read) -> None:
    def judge(items: list[Item]) -> list[Item]:
        wrong = edit("projects", 1, executed=Money(value="159", unit="万元"))(items)
        statuses = {
            ("projects", 0): Status.FLAGGED,
            ("projects", 1): Status.QUARANTINED,
            ("tasks", 0): Status.QUARANTINED,
        }
        return [replace(i, status=statuses.get((i.record_type, i.index), Status.ACCEPTED)) for i in wrong]

    prediction = replace(read(judge), unreadable=2)
    evaluation = evaluate([(roads, prediction)], "test")
    accepted, flagged, quarantined = evaluation.statuses
    gold_values = perfect(roads).tp
    assert (accepted.counts.fp, flagged.counts.fp) == (0, 0)
    assert (flagged.records, flagged.whole_records, flagged.counts.tp) == (1, 1, 6)
    assert flagged.counts.fn == gold_values - 6
    assert (quarantined.records, quarantined.whole_records) == (2, 1)
    assert (quarantined.counts.tp, quarantined.counts.fp, quarantined.figures.fp) == (7, 1, 1)
    # what is quarantined is missing from the main score
    assert evaluation.counts == Counts(tp=gold_values - 8, fp=0, fn=8)
    assert evaluation.unreadable == 2


def test_quarantined_copy_of_an_accepted_record_is_worth_nothing(roads: GoldDocument, read: Read) -> None:
    def copy(items: list[Item]) -> list[Item]:
        task = next(i for i in items if i.record_type == "tasks")
        return [*items, replace(task, status=Status.QUARANTINED)]

    evaluation = evaluate([(roads, read(copy))], "test")
    assert evaluation.counts.f1 == 1
    assert evaluation.statuses[-1].counts.tp == 0


def test_record_in_the_wrong_report_lowers_the_agreement_only(roads: GoldDocument, read: Read) -> None:
    def change(items: list[Item]) -> list[Item]:
        return [replace(i, report_id="r2") if i.record_type == "tasks" else i for i in items]

    score = score_document(roads, read(change))
    assert (score.reports_right.part, score.reports_right.whole) == (13, 14)
    assert score.errors == ()


def test_report_ids_are_translated_by_the_reports_that_were_paired(roads: GoldDocument, read: Read) -> None:
    score = score_document(roads, read(lambda items: [replace(i, report_id="r7") for i in items]))
    assert score.reports_right.part == score.reports_right.whole


def test_placement_is_the_share_of_figures_read_in_the_gold_quote(roads: GoldDocument, read: Read) -> None:
    def elsewhere(items: list[Item]) -> list[Item]:
        return [
            replace(i, places={n: Span(0, 2) for n in i.places}) if i.record_type == "score_lines" else i for i in items
        ]

    before, after = score_document(roads, read(lambda items: items)), score_document(roads, read(elsewhere))
    assert before.placement.part == before.placement.whole
    assert after.placement.whole - after.placement.part == 3


def test_one_record_type_alone_scores_no_findings(roads: GoldDocument) -> None:
    evaluation = evaluate([(roads, from_gold(roads))], "gold", record_types=("projects",))
    assert set(evaluation.by_type) == {"projects"}
    assert evaluation.findings is None


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_is_wrong_the_errors_account_for_every_wrong_value(roads: GoldDocument, data: st.DataObject) -> None:
    def spoil(item: Item) -> Item:
        """Some fields left out, some with the value of another field of their sort."""
        values = dict(item.values)
        for name in data.draw(st.lists(st.sampled_from(sorted(item.values)), max_size=3, unique=True)):
            sort = sorts[item.record_type, name]
            others = [v for n, v in item.values.items() if sorts[item.record_type, n] is sort]
            values[name] = data.draw(st.sampled_from(others))
            if data.draw(st.booleans()):
                del values[name]
        return replace(item, values=values)

    sorts = {(t.name, f.name): f.sort for t in RECORD_TYPES.values() for f in t.fields}
    items = [spoil(i) for i in from_gold(roads).records if data.draw(st.integers(0, 9))]
    score = score_document(roads, PredictedDocument(roads.name, tuple(items), ()))
    counts = total(c.counts for c in score.cells)
    assert sum(e.read is not None for e in score.errors) == counts.fp
    assert sum(e.stated is not None for e in score.errors) == counts.fn
    assert counts.tp + counts.fn == perfect(roads).tp
