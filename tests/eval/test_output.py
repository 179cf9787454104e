"""What an evaluation prints and writes: tables, worst errors, documented JSON, a page that is safe to open."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from eval.as_json import as_json
from eval.gold import GoldDocument
from eval.html import Mark, render, segments
from eval.items import Item
from eval.output import print_errors, print_evaluation, print_findings
from eval.predicted import PredictedDocument, PredictedFinding
from eval.scoring import Evaluation, evaluate
from pipeline.flow import Status
from schemas.relations import FindingKind
from schemas.values import Money, Span

DOCS = Path(__file__).resolve().parents[2] / "docs" / "eval.md"
HOSTILE = "<script>alert('x')</script>\"'&{{ 7*7 }}"


@pytest.fixture
def evaluation(roads: GoldDocument, read: Callable[..., PredictedDocument]) -> Evaluation:
    def change(items: list[Item]) -> list[Item]:
        changed = []
        for item in items:
            match item.record_type, item.index:
                case "projects", 0:
                    changed.append(replace(item, values={**item.values, "executed": Money(value="91", unit="万元")}))
                case "projects", 1:
                    changed.append(replace(item, status=Status.QUARANTINED))
                case "tasks", 0:
                    changed.append(replace(item, values={**item.values, "reason": HOSTILE}, status=Status.FLAGGED))
                case _:
                    changed.append(item)
        return changed

    near = roads.near_misses[0].spans[0][0]
    alarm = PredictedFinding(FindingKind.CONFLICT, HOSTILE, (Span(near.start + 4, near.start + 9),))
    return evaluate(
        [(roads, replace(read(change), findings=(alarm,), unreadable=3, codes=("figure", "quote", "figure")))],
        "offline",
        "m1",
    )


def printed(action: Callable[[Console], None]) -> str:
    file = StringIO()
    action(Console(width=200, file=file))
    return file.getvalue()


def test_tables_show_types_documents_statuses_and_findings(evaluation: Evaluation) -> None:
    text = printed(lambda c: print_evaluation(c, evaluation))
    for expected in (
        "offline (m1) on 1 documents",
        "projects.executed",
        "roads-2023",
        "quarantined",
        "Quarantined replies that are no record  3",
        "Quarantined because of  figure 2, quote 1",
        "omitted 6, fabricated 1, misread 1",
        "near misses",
    ):
        assert expected in text
    assert "budget_facts.value" not in text  # a field without errors is left out


def test_worst_errors_come_first_with_their_context(evaluation: Evaluation) -> None:
    text = printed(lambda c: print_errors(c, evaluation, 2))
    first = text.splitlines()[0]
    assert "misread" in first
    assert "projects.executed (全年执行数)" in first
    assert "gold 90万元" in first
    assert "read 91万元" in first
    assert "全年执行数90万元" in text
    assert "… and 6 more errors" in text


def test_findings_are_named(evaluation: Evaluation) -> None:
    text = printed(lambda c: print_findings(c, evaluation))
    assert "missed sum roads-2023: sum" in text
    assert "false alarm conflict roads-2023" in text
    assert "rounding explains it: 基本持平" in text


def test_json_is_stable_and_holds_no_float_figures(evaluation: Evaluation) -> None:
    data = json.loads(json.dumps(as_json(evaluation), ensure_ascii=False))
    assert (data["format"], data["source"], data["model"]) == ("jixiao-eval/1", "offline", "m1")
    assert data["all"]["tp"] + data["all"]["fn"] == sum(t["all"]["tp"] + t["all"]["fn"] for t in data["types"].values())
    assert data["types"]["projects"]["records"] == {"gold": 3, "predicted": 2, "paired": 2}
    assert data["types"]["projects"]["fields"]["executed"]["fp"] == 1
    assert data["statuses"]["quarantined"]["records_without_error"] == 1
    assert data["errors_by_kind"] == {"omitted": 6, "fabricated": 1, "misread": 1}
    assert data["findings"]["all"]["found"] == 0
    document = data["documents"]["roads-2023"]
    assert document["findings"]["alarms"][0]["near_miss"] is True
    assert len(document["findings"]["missed"]) == 2
    worst = document["errors"][0]
    assert (worst["kind"], worst["expected"], worst["found"], worst["status"]) == (
        "misread",
        "90万元",
        "91万元",
        "accepted",
    )
    assert all(isinstance(e[k], str | None) for e in document["errors"] for k in ("expected", "found"))


def test_docs_name_every_key_of_the_json(evaluation: Evaluation) -> None:
    def keys(value: Any, inside: str = "") -> set[str]:
        if isinstance(value, list):
            return {k for v in value for k in keys(v)}
        if not isinstance(value, dict):
            return set()
        free = inside in {"types", "fields", "statuses", "errors_by_kind", "quarantined_by_code", "kinds", "documents"}
        own = set() if free else set(value)
        return own | {k for name, v in value.items() for k in keys(v, "" if free else name)}

    text = DOCS.read_text(encoding="utf-8")
    missing = {k for k in keys(as_json(evaluation)) if f"`{k}`" not in text and f'"{k}"' not in text}
    assert missing == set()


class Reader(HTMLParser):
    """The tags of a page, and the text of its panes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.panes: list[str] = []
        self._in_pane = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "pre":
            self.panes.append("")
            self._in_pane = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre":
            self._in_pane = False

    def handle_data(self, data: str) -> None:
        if self._in_pane:
            self.panes[-1] += data


def test_page_shows_the_whole_text_twice_and_runs_nothing_of_it(evaluation: Evaluation, roads: GoldDocument) -> None:
    page = render(evaluation)
    reader = Reader()
    reader.feed(page)
    assert reader.panes == [roads.text, roads.text]
    assert [t for t, _ in reader.tags].count("script") == 1
    assert HOSTILE not in page
    assert "{{ 7*7 }}" in page
    assert not any(name in attributes for _, attributes in reader.tags for name in ("src", "href", "onclick"))
    policy = next(a["content"] for t, a in reader.tags if t == "meta" and "http-equiv" in a)
    assert policy is not None
    assert "default-src 'none'" in policy


def test_page_lists_errors_first_and_every_link_leads_somewhere(evaluation: Evaluation) -> None:
    page = render(evaluation)
    reader = Reader()
    reader.feed(page)
    rows = [a for t, a in reader.tags if t == "tr" and a.get("class") == "error"]
    assert [r["data-kind"] for r in rows][:2] == ["misread", "omitted"]
    assert len(rows) == 8
    ids = {a["id"] for t, a in reader.tags if t == "a"}
    for row in (a for t, a in reader.tags if t == "tr" and "data-anchor" in a):
        assert {f"{row['data-anchor']}-g", f"{row['data-anchor']}-p"} & ids
    boxes = {a["value"] for t, a in reader.tags if t == "input" and "value" in a}
    assert boxes == {"misread", "omitted", "fabricated"}


def test_segments_cover_the_text_once_and_know_their_marks() -> None:
    marks = [
        Mark(Span(1, 6), ("quote",), "a", "x"),
        Mark(Span(2, 4), ("figure",), "b"),
        Mark(Span(4, 8), ("quote", "right"), "c", "y"),
        Mark(Span(3, 3), ("empty",)),
    ]
    found = segments("0123456789", marks)
    assert "".join(s.text for s in found) == "0123456789"
    assert [(s.text, s.classes, s.anchors) for s in found] == [
        ("0", "", ()),
        ("1", "quote", ("x",)),
        ("23", "quote figure", ()),
        ("45", "quote right", ("y",)),
        ("67", "quote right", ()),
        ("89", "", ()),
    ]
