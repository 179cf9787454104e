"""What decisions mean: for the views, for readings that come later, and for what is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from review_cases import BRIDGES, LAMPS, ROADS, TEXT, named, payload_of, reading_of, written

from pipeline.flow import Extraction
from pipeline.review.desk import Desk, Refused
from pipeline.store import Reading, Store

Rows = tuple[tuple[Any, ...], ...]
VIEWS = (
    "v_records",
    "v_values",
    "v_findings",
    "v_execution",
    "v_projects",
    "v_coverage",
    "v_quarantine",
    "v_department_years",
)


def rows(store: Store, sql: str) -> Rows:
    return store.query(sql).rows


def projects(store: Store) -> Rows:
    """The projects of v_execution with what they spent."""
    return rows(store, "SELECT project, executed, status FROM v_execution WHERE scope = 'project' ORDER BY project")


def views(store: Store) -> dict[str, Rows]:
    return {view: rows(store, f"FROM {view} ORDER BY ALL") for view in VIEWS}


def tables(store: Store) -> dict[str, Rows]:
    """What the machine read, table by table."""
    columns = "COLUMNS(lambda c: c NOT IN ('stands', 'review'))"
    read = ["budget_facts", "projects", "literals", "findings", "finding_literals", "quarantine"]
    return {
        t: rows(store, f"SELECT {columns} FROM {t} WHERE extractor <> 'review' ORDER BY ALL")  # noqa: S608
        for t in read
    }


def test_the_queue_holds_flagged_records_and_claims_in_the_order_of_the_text(desk: Desk) -> None:
    assert [(i.subject, i.record_type, i.label) for i in desk.queue.items] == [
        ("record", "budget_facts", "部门全年预算数"),
        ("record", "budget_facts", "部门总支出"),
        ("record", "budget_facts", "预算执行率"),
        ("claim", "projects", None),
        ("claim", "projects", None),
        ("record", "projects", BRIDGES),
    ]
    assert desk.queue.items[-1].why_en == f"{BRIDGES}: 45 / 45.5 = 98.9%, but 88.9% is stated"
    assert desk.open_count() == 6


def test_a_look_shows_the_text_with_the_figures_of_the_record_and_of_what_contradicts_it(
    desk: Desk, store: Store
) -> None:
    item = next(i for i in desk.queue.items if i.label == "预算执行率")
    look = desk.look(item, 60)
    marked = [(p.text, p.quoted, p.mark) for p in look.passage.parts if p.mark]
    assert marked == [("1200.50", False, "other"), ("1150.30", False, "other"), ("85.82", True, "figure")]
    assert "".join(p.text for p in look.passage.parts) in TEXT
    assert look.passage.line == 7
    assert [a.message_en for a in look.reading.against] == [
        "预算执行率: 1150.30 / 1200.50 = 95.82%, but 85.82% is stated"
    ]


def test_a_claim_is_shown_at_its_quote_with_the_figures_that_stand_there(desk: Desk, store: Store) -> None:
    look = desk.look(named(desk, store, LAMPS), 40)
    assert [p.text for p in look.passage.parts if p.quoted] == ["3.灯具更新项目：全年预算数", "20", "万元"]
    assert [p.text for p in look.passage.parts if p.mark] == ["20"]
    assert [a.message for a in look.reading.against] == ["executed: 19 does not stand in the quote"]
    assert look.reading.raw == '{"raw": "<b>"}'


def test_accepting_a_flagged_record_keeps_it_and_its_finding(desk: Desk, store: Store) -> None:
    item = named(desk, store, BRIDGES)
    before, findings = projects(store), rows(store, "FROM v_findings")
    desk.accept(item, "li", "", 0)
    assert projects(store) == before
    assert rows(store, "FROM v_findings") == findings
    assert rows(store, "SELECT label, status, review FROM v_records WHERE review IS NOT NULL") == (
        (BRIDGES, "flagged", "accept"),
    )
    assert rows(store, "SELECT DISTINCT review FROM v_values WHERE record_type = 'projects'") == (("accept",),)


def test_a_rejected_record_leaves_the_views_with_the_findings_that_rest_on_it(desk: Desk, store: Store) -> None:
    item, read = named(desk, store, BRIDGES), tables(store)
    desk.reject(item, "li", "a heading, no project", 0)
    assert projects(store) == ()
    assert rows(store, "SELECT count(*) FROM v_records WHERE record_type = 'projects'") == ((0,),)
    assert rows(store, "SELECT count(*) FROM v_findings") == ((1,),)
    assert rows(store, "SELECT rejected, findings FROM v_coverage") == ((1, 1),)
    assert tables(store) == read


def test_a_correction_stands_in_place_of_the_misreading_in_every_view(desk: Desk, store: Store) -> None:
    item, read = named(desk, store, BRIDGES), tables(store)
    changed = payload_of(desk, item, execution_rate=None)
    desk.correct(item, "li", "the rate is of the whole chapter", 0, changed)
    assert projects(store) == ((BRIDGES, Decimal(45), "accepted"),)
    assert rows(store, "SELECT stated_rate FROM v_projects") == ((None,),)
    assert rows(store, "SELECT field, literal, review FROM v_values WHERE record_type = 'projects' ORDER BY start") == (
        ("full_year_budget", "45.5", "correct"),
        ("executed", "45", "correct"),
    )
    assert rows(store, "SELECT count(*) FROM v_findings") == ((1,),)
    assert tables(store) == read


def test_a_correction_of_another_field_leaves_the_contradiction_standing(desk: Desk, store: Store) -> None:
    item = named(desk, store, BRIDGES)
    desk.correct(item, "li", "the number is a list mark", 0, payload_of(desk, item, seq=None))
    assert rows(store, "SELECT label, status, review FROM v_records WHERE record_type = 'projects'") == (
        (BRIDGES, "flagged", "correct"),
    )
    assert rows(store, "SELECT count(*) FROM v_findings") == ((2,),)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"executed": {"value": "46", "unit": "万元"}}, "executed: 46 does not stand in the quote"),
        ({"executed": {"value": "45", "unit": "元"}}, "executed: 45 is printed with 万元, not with 元"),
        ({"executed": {"value": "45.5", "unit": "万元"}}, "executed: 45.5 does not stand"),
        ({"executed": {"value": "many", "unit": "万元"}}, "executed.value: String should match pattern"),
        ({"name": "桥梁新建项目"}, "“桥梁新建项目” does not stand in the quote"),
        ({"quote": "no such words"}, "the quote does not stand in the text"),
        ({"fund_level": "unknown"}, "fund_level"),
        ({}, "Nothing is changed"),
    ],
)
def test_what_does_not_stand_in_the_text_is_no_correction(
    desk: Desk, store: Store, changes: dict[str, Any], sentence: str
) -> None:
    item, before = named(desk, store, BRIDGES), views(store)
    with pytest.raises(Refused) as error:
        desk.correct(item, "li", "why", 0, payload_of(desk, item, **changes))
    assert sentence in str(error.value)
    assert rows(store, "SELECT count(*) FROM reviews") == ((0,),)
    assert views(store) == before


def test_a_quarantined_record_that_is_accepted_becomes_a_record(desk: Desk, store: Store) -> None:
    item = named(desk, store, ROADS)
    desk.accept(item, "li", "looked at the page", 0)
    assert (ROADS, Decimal("270.5"), "accepted") in projects(store)
    assert rows(store, "SELECT review FROM v_quarantine WHERE code = 'contested'") == (("accept",),)
    assert rows(store, "SELECT quarantined FROM v_coverage") == ((1,),)
    assert rows(store, "SELECT literal FROM v_values WHERE label = '公路养护项目' ORDER BY start") == (
        ("300",),
        ("270.50",),
        ("90.17",),
    )


def test_a_quarantined_record_with_a_figure_of_its_own_cannot_be_accepted(desk: Desk, store: Store) -> None:
    with pytest.raises(Refused, match="executed: 19 does not stand in the quote"):
        desk.accept(named(desk, store, LAMPS), "li", "", 0)
    assert rows(store, "SELECT count(*) FROM reviews") == ((0,),)


def test_a_quarantined_record_can_be_corrected_or_rejected(desk: Desk, store: Store) -> None:
    item = named(desk, store, LAMPS)
    desk.correct(item, "li", "18", 0, payload_of(desk, item, executed={"value": "18", "unit": "万元"}))
    assert (LAMPS, Decimal(18), "accepted") in projects(store)
    desk.reject(item, "wang", "no project of this department", 1)
    assert LAMPS not in {name for name, *_ in projects(store)}
    assert rows(store, "SELECT decision, state FROM v_reviews ORDER BY position") == (
        ("correct", "superseded"),
        ("reject", "in force"),
    )
    assert rows(store, "SELECT quarantined FROM v_coverage") == ((2,),)


@pytest.mark.parametrize(
    ("name", "decision"),
    [
        (BRIDGES, "accept"),
        (BRIDGES, "reject"),
        (BRIDGES, "correct"),
        (ROADS, "accept"),
        (LAMPS, "reject"),
        (LAMPS, "correct"),
    ],
)
def test_undo_leaves_everything_as_it_was_and_a_row_of_its_own(
    desk: Desk, store: Store, name: str, decision: str
) -> None:
    item, before = named(desk, store, name), views(store)
    match decision:
        case "reject":
            desk.reject(item, "li", "none", 0)
        case "correct":
            change = {"seq": None} if name == BRIDGES else {"executed": {"value": "18", "unit": "万元"}}
            desk.correct(item, "li", "misread", 0, payload_of(desk, item, **change))
        case _:
            desk.accept(item, "li", "", 0)
    assert views(store) != before
    desk.undo(item, "li", 1)
    assert views(store) == before
    assert rows(store, "SELECT decision, state FROM v_reviews ORDER BY position") == (
        (decision, "undone"),
        ("undo", "undo"),
    )
    assert desk.open_count() == 6


def test_undo_takes_back_the_last_decision_and_the_one_before_stands_again(desk: Desk, store: Store) -> None:
    item = named(desk, store, BRIDGES)
    desk.accept(item, "li", "", 0)
    desk.reject(item, "wang", "none", 1)
    desk.undo(item, "wang", 2)
    assert desk.decided[item.subject_id].decision == "accept"
    desk.undo(item, "li", 3)
    assert item.subject_id not in desk.decided
    with pytest.raises(Refused, match="no decision about this record to take back"):
        desk.undo(item, "li", 4)


def test_a_second_decision_on_what_was_decided_meanwhile_is_refused_with_a_sentence(desk: Desk, store: Store) -> None:
    item = named(desk, store, BRIDGES)
    desk.accept(item, "li", "", 0)
    for again in (
        lambda: desk.reject(item, "wang", "none", 0),
        lambda: desk.accept(item, "wang", "", 0),
        lambda: desk.undo(item, "wang", 0),
    ):
        with pytest.raises(
            Refused, match=r"li decided about it meanwhile \(accept\): nothing was changed; look at the record"
        ):
            again()
    assert rows(store, "SELECT reviewer, decision FROM reviews") == (("li", "accept"),)


@pytest.mark.parametrize("who", ["", "   ", "x" * 61, "li\x07"])
def test_a_decision_needs_a_name(desk: Desk, store: Store, who: str) -> None:
    with pytest.raises(Refused, match="Say who decides"):
        desk.accept(named(desk, store, BRIDGES), who, "", 0)


def test_a_rejection_and_a_correction_need_a_reason(desk: Desk, store: Store) -> None:
    item = named(desk, store, BRIDGES)
    with pytest.raises(Refused, match="A rejection needs a reason"):
        desk.reject(item, "li", "  ", 0)
    with pytest.raises(Refused, match="A correction needs a reason"):
        desk.correct(item, "li", "", 0, payload_of(desk, item, seq=None))
    with pytest.raises(Refused, match="1000 are the most"):
        desk.reject(item, "li", "x" * 1001, 0)


def test_decisions_keep_who_when_before_after_and_why(desk: Desk, store: Store) -> None:
    item = named(desk, store, BRIDGES)
    desk.correct(item, "  li  si ", "a list mark", 0, payload_of(desk, item, seq=None))
    found = rows(store, "SELECT reviewer, reason, before ->> 'seq', after ->> 'seq', after ->> 'name' FROM v_reviews")
    assert found == (("li si", "a list mark", "1", None, BRIDGES),)


class TestReadAgain:
    """Decisions live on what stays the same between runs: the document's content and what is read from it."""

    def decide(self, db: Path) -> None:
        with Store.open(db) as store:
            desk = Desk(store)
            desk.reject(named(desk, store, BRIDGES), "li", "none", 0)
            desk.accept(named(desk, store, ROADS), "li", "", 0)

    def test_a_new_reading_of_the_same_content_finds_the_decisions_in_force(self, db: Path, tmp_path: Path) -> None:
        self.decide(db)
        path = written(tmp_path / "reports")
        with Store.open(db) as store:
            before = projects(store)
            store.put(store.start_run("offline"), reading_of(path, code="other", chunk_id="c99"))
            assert projects(store) == before == ((ROADS, Decimal("270.5"), "accepted"),)
            assert rows(store, "SELECT DISTINCT state FROM v_reviews") == (("in force",),)
            desk = Desk(store)
            assert desk.open_count() == 4
            assert desk.without_record == []

    def test_a_decision_whose_record_is_read_no_more_changes_nothing_and_is_kept(
        self, db: Path, tmp_path: Path
    ) -> None:
        self.decide(db)
        path = written(tmp_path / "reports")
        reading = reading_of(path)
        with Store.open(db) as store:
            empty = Reading(
                reading.document, reading.chunks, Extraction("offline", (), (), reading.extraction.outcomes)
            )
            store.put(store.start_run("offline"), empty)
            assert projects(store) == ()
            assert rows(store, "SELECT count(*) FROM v_records") == ((0,),)
            desk = Desk(store)
            assert [(r.decision, r.document) for r in desk.without_record] == [
                ("reject", "transport-2022"),
                ("accept", "transport-2022"),
            ]
            store.put(store.start_run("offline"), reading)
            assert projects(store) == ((ROADS, Decimal("270.5"), "accepted"),)
            assert Desk(store).without_record == []

    def test_a_file_whose_content_changed_takes_its_decisions_out_of_force_until_it_is_back(
        self, db: Path, tmp_path: Path, reviewed_once: Path
    ) -> None:
        self.decide(db)
        folder = reviewed_once.parent / "reports"
        with Store.open(db) as store:
            changed = tmp_path / "changed"
            reading = reading_of(written(changed, TEXT.replace("负责全县", "负责本县")))
            moved = replace(reading, document=replace(reading.document, path=folder / "transport-2022.txt"))
            store.put(store.start_run("offline"), moved)
            assert {name for name, *_ in projects(store)} == {BRIDGES}
            assert rows(store, "SELECT DISTINCT state FROM v_reviews") == (("without record",),)
            store.put(store.start_run("offline"), reading_of(folder / "transport-2022.txt"))
            assert projects(store) == ((ROADS, Decimal("270.5"), "accepted"),)

    def test_what_a_person_read_is_there_once_when_the_reader_learns_to_read_it(self, db: Path, tmp_path: Path) -> None:
        path = written(tmp_path / "reports")
        with Store.open(db) as store:
            desk = Desk(store)
            item = named(desk, store, LAMPS)
            desk.correct(item, "li", "18", 0, payload_of(desk, item, executed={"value": "18", "unit": "万元"}))
            ((result,),) = rows(store, "SELECT result_id FROM reviews")
            ((left,),) = rows(store, "SELECT count(*) FROM v_records")
            store.put(store.start_run("offline"), reading_of(path))
            assert rows(store, "SELECT count(*) FROM v_records") == ((left,),)
            assert rows(store, f"SELECT extractor FROM current_projects WHERE record_id = '{result}'") == (("review",),)  # noqa: S608


def test_a_decision_is_traced_from_the_record_that_it_left_and_from_the_one_that_was_read(
    desk: Desk, store: Store
) -> None:
    item = named(desk, store, BRIDGES)
    desk.correct(item, "li", "no rate of this project", 0, payload_of(desk, item, execution_rate=None))
    ((result,),) = rows(store, "SELECT record_id FROM v_records WHERE record_type = 'projects'")
    for record_id in (item.subject_id, result):
        (review,) = store.trace(record_id).reviews
        assert (review.reviewer, review.decision, review.state) == ("li", "correct", "in force")
    traced = store.trace(result)
    assert (traced.extractor, traced.status) == ("review", "accepted")
    assert [f.kind for f in traced.findings] == ["ratio"]
    assert traced.chunk is not None
    assert [(p.relation, p.outcome, p.missing) for p in store.trace(item.subject_id).promises] == [
        ("execution_rate", "contradicted", ()),
        ("executed_within_budget", "not contradicted", ()),
    ]
