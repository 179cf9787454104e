"""One ``reports`` record a report: what the chunks state of it in parts is put together, and nothing else is touched."""

from __future__ import annotations

from typing import Any

from pipeline.flow import Draft
from pipeline.merging import merge_reports, report_ids
from schemas.registry import RECORD_TYPES
from schemas.values import Span


def draft(record_type: str, report_id: str = "r1", chunk: int = 0, **fields: Any) -> Draft:
    record = RECORD_TYPES[record_type].model.model_validate({"quote": f"引{chunk}"} | fields)
    return Draft(
        record_type, record, report_id, f"c{chunk}", {"score": Span(chunk, chunk + 2)}, Span(chunk, chunk + 9), "raw"
    )


def report(chunk: int, report_id: str = "r1", kind: str = "overall_self_evaluation", **fields: Any) -> Draft:
    return draft("reports", report_id, chunk, kind=kind, **fields)


def stated(found: Draft) -> dict[str, Any]:
    return found.record.model_dump(mode="json", exclude_none=True)


TITLE = report(0, title="自评报告", department="水利局", fiscal_year=2022)
SCORE = report(3, score="95.50", max_score="100", grade="优")
DATE = report(7, issued_on="2023-04-18", title="另一个标题")


def test_each_chunk_adds_what_those_before_it_left_empty() -> None:
    [merged] = merge_reports([TITLE, SCORE, DATE])
    assert stated(merged) == {
        "quote": "引3",
        "kind": "overall_self_evaluation",
        "title": "自评报告",
        "department": "水利局",
        "fiscal_year": 2022,
        "score": "95.50",
        "max_score": "100",
        "grade": "优",
        "issued_on": "2023-04-18",
    }


def test_quote_places_and_chunk_are_those_of_the_draft_that_gives_the_score() -> None:
    [merged] = merge_reports([TITLE, SCORE, DATE])
    assert (merged.chunk_id, merged.quote_span, merged.places) == ("c3", SCORE.quote_span, SCORE.places)


def test_the_first_score_stays_where_several_are_given() -> None:
    [merged] = merge_reports([SCORE, report(5, score="90", grade="良")])
    assert (stated(merged)["score"], stated(merged)["grade"], merged.chunk_id) == ("95.50", "优", "c3")


def test_a_full_mark_is_taken_only_with_its_score_as_its_place_lies_there() -> None:
    [merged] = merge_reports([report(1, max_score="100"), SCORE])
    assert (stated(merged)["max_score"], merged.chunk_id) == ("100", "c3")
    [alone] = merge_reports([report(1, title="自评报告"), report(2, max_score="100")])
    assert "max_score" not in stated(alone)


def test_without_a_score_the_first_draft_gives_the_quote() -> None:
    [merged] = merge_reports([TITLE, DATE])
    assert (stated(merged)["quote"], stated(merged)["issued_on"], merged.chunk_id) == ("引0", "2023-04-18", "c0")


def test_the_first_kind_stays() -> None:
    [merged] = merge_reports([report(0, kind="third_party_evaluation"), SCORE])
    assert stated(merged)["kind"] == "third_party_evaluation"


def test_reports_of_one_document_stay_apart() -> None:
    other = report(4, "r2", score="88")
    merged = merge_reports([TITLE, SCORE, other])
    assert [(d.report_id, stated(d).get("score")) for d in merged] == [("r1", "95.50"), ("r2", "88")]
    assert report_ids(merged) == {"r1", "r2"}


def test_other_records_keep_their_order_and_the_report_stands_where_its_first_part_stood() -> None:
    tasks = [draft("tasks", chunk=n, task=f"任务{n}") for n in range(3)]
    assert merge_reports([tasks[0], TITLE, tasks[1], SCORE, tasks[2]])[::2] == (tasks[0], tasks[1])
    assert merge_reports([tasks[0], TITLE, tasks[1], SCORE, tasks[2]])[3] is tasks[2]


def test_one_draft_and_none_stay_as_they_are() -> None:
    assert merge_reports([TITLE]) == (TITLE,)
    assert merge_reports([]) == ()
    assert report_ids([draft("tasks", task="任务")]) == set()
