"""The job: files in, a stored database out; over the real client and a stand-in endpoint as over the offline reader."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from eval.standin import ChatRequest, Reply, StandIn, fails, says
from pipeline.documents import Limits
from pipeline.extraction.choice import OFFLINE, Choice, Llm, Offline
from pipeline.extraction.llm import Journal, LlmExtractor, LlmSettings
from pipeline.flow import Chunk, Document, Extraction, Layout
from pipeline.job import RunReport, Terms, run
from pipeline.store import Store
from tests.conftest import ROOT
from tests.report_cases import lines

SAMPLES = ROOT / "data" / "samples"
KEY = "sk-planted-5d10e8"
TITLE = "青禾县水利局2022年度部门整体支出绩效自评报告"
TEXT = lines(
    TITLE,
    "本报告反映青禾县水利局全年工作。",
    "一、项目支出",
    "山塘清淤项目全年预算数86.50万元，全年执行数80万元，执行率92.49%。",
    "渠道修复项目全年预算数45万元，全年执行数43.27万元，执行率100%。",
    "二、基本支出",
    "全年支出基本支出12.5万元，占15.2%。",
    "三、年度任务",
    "年度工作任务：修复渠道12公里。",
)
REPORT = {"quote": TITLE, "kind": "overall_self_evaluation", "title": TITLE, "fiscal_year": 2022}
DREDGING = {
    "quote": "山塘清淤项目全年预算数86.50万元，全年执行数80万元，执行率92.49%",
    "name": "山塘清淤项目",
    "full_year_budget": {"value": "86.50", "unit": "万元"},
    "executed": {"value": "80", "unit": "万元"},
    "execution_rate": {"text": "92.49%", "value": "92.49", "unit": "%"},
}
CANALS = {
    "quote": "渠道修复项目全年预算数45万元，全年执行数43.27万元，执行率100%",
    "name": "渠道修复项目",
    "full_year_budget": {"value": "45", "unit": "万元"},
    "executed": {"value": "43.27", "unit": "万元"},
    "execution_rate": {"text": "100%", "value": "100", "unit": "%"},
}
INVENTED = DREDGING | {"executed": {"value": "81", "unit": "万元"}}
TASK = {"quote": "修复渠道12公里", "task": "修复渠道12公里"}

Answers = Mapping[str, Any]
"""What is answered to a chunk that holds the key: records by type, or a reply."""


def script(answers: Answers, second: str | None = None) -> Callable[[ChatRequest], Reply]:
    """A model that answers each chunk by what stands in it, and returns no record for any other.

    Asked once more for single figures, it gives ``second`` for each.
    """

    def answer(request: ChatRequest) -> Reply:
        if request.questions is not None:
            return says({"cells": [{"no": no, "value": second} for no in request.questions]})
        found = next((a for words, a in answers.items() if words in (request.text or "")), {})
        if isinstance(found, Reply):
            return found
        return says({name: found.get(name, []) for name in request.record_types})

    return answer


@dataclass
class Ran:
    """A finished run and the questions that can be asked of it."""

    report: RunReport
    db: Path
    progress: list[tuple[int, int, str]] = field(default_factory=list)
    requests: tuple[ChatRequest, ...] = ()

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with Store.open(self.db, read_only=True) as store:
            return list(store.query(sql).rows)


async def at_once(_: float) -> None:
    """Waits no time."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one report."""
    path = tmp_path / "in"
    path.mkdir()
    (path / "qinghe-2022.txt").write_text(TEXT, encoding="utf-8")
    return path


def job(paths: list[Path], choice: Choice, db: Path) -> Ran:
    progress: list[tuple[int, int, str]] = []
    with Store.open(db) as store:
        report = asyncio.run(run(paths, store, choice, Terms(Limits(bytes=10**6)), lambda *told: progress.append(told)))
    return Ran(report, db, progress)


def model(settings: LlmSettings) -> Choice:
    """The llm extractor, which never really waits."""

    def opened(journal: Journal) -> Llm:
        return Llm(LlmExtractor.live(settings, SecretStr(KEY), journal, at_once))

    return Choice("llm", 2, "llm", opened, "standin", settings.asked)


def llm(paths: list[Path], answers: Answers, db: Path, **changes: Any) -> Ran:
    """A run over real HTTP against the stand-in."""
    with StandIn(script(answers)) as server:
        settings = LlmSettings(
            **({"model": "standin", "base_url": server.base_url, "attempts": 3, "timeout": 5} | changes)
        )
        ran = job(paths, model(settings), db)
        ran.requests = server.requests
    return ran


def offline(paths: list[Path], db: Path) -> Ran:
    return job(paths, OFFLINE, db)


TRUE = {
    TITLE: {"reports": [REPORT]},
    "一、项目支出": {"projects": [DREDGING, CANALS]},
    "三、年度任务": {"tasks": [TASK]},
}


def test_what_a_model_reads_truly_is_stored_with_its_figures_places(folder: Path, tmp_path: Path) -> None:
    ran = llm([folder], TRUE, tmp_path / "a.duckdb")
    assert ran.report.ok
    assert ran.report.documents == 1
    assert ran.ask("SELECT name, CAST(executed AS VARCHAR), extractor FROM projects ORDER BY quote_start") == [
        ("山塘清淤项目", "80.0000000000", "llm"),
        ("渠道修复项目", "43.2700000000", "llm"),
    ]
    for literal, start, stop in ran.ask('SELECT literal, "start", "stop" FROM v_values'):
        assert TEXT[start:stop] == literal
    assert ran.ask("SELECT title, fiscal_year FROM reports") == [(TITLE, 2022)]
    assert ran.ask("SELECT task FROM tasks") == [("修复渠道12公里",)]
    assert ran.ask("SELECT count(*) FROM quarantine") == [(0,)]
    assert ran.ask("SELECT DISTINCT status FROM chunks ORDER BY 1") == [("done",), ("empty",)]
    assert {r.authorized for r in ran.requests} == {True}


def test_an_invented_figure_is_quarantined_with_its_reason_and_a_true_record_accepted(
    folder: Path, tmp_path: Path
) -> None:
    answers = TRUE | {"一、项目支出": {"projects": [INVENTED, CANALS]}}
    ran = llm([folder], answers, tmp_path / "a.duckdb")
    assert ran.report.ok
    assert ran.ask("SELECT name FROM projects") == [("渠道修复项目",)]
    [(record_type, code, reason, payload, raw)] = ran.ask(
        "SELECT record_type, code, reason, payload, raw FROM quarantine"
    )
    assert (record_type, code) == ("projects", "figure")
    assert reason == "executed: 81 does not stand in the quote or the row it was read from"
    assert json.loads(payload)["executed"] == {"value": "81", "unit": "万元"}
    assert INVENTED in json.loads(raw)["projects"]
    assert ran.ask("SELECT accepted + flagged, quarantined FROM v_coverage") == [(3, 1)]


def test_a_contradiction_of_the_report_is_a_finding_and_its_record_flagged(folder: Path, tmp_path: Path) -> None:
    ran = llm([folder], TRUE, tmp_path / "a.duckdb")
    assert ran.ask("SELECT name, status FROM projects ORDER BY quote_start") == [
        ("山塘清淤项目", "accepted"),
        ("渠道修复项目", "flagged"),
    ]
    findings = ran.ask("SELECT kind, stated FROM v_findings")
    assert [kind for kind, _ in findings] == ["ratio"]
    assert "100" in findings[0][1]


def test_figures_that_no_record_holds_are_stored_as_unclaimed(folder: Path, tmp_path: Path) -> None:
    ran = llm([folder], TRUE, tmp_path / "a.duckdb")
    assert ran.ask('SELECT kind, printed FROM unclaimed ORDER BY "start"') == [("money", "12.5"), ("percent", "15.2")]
    assert ran.ask("SELECT claimed, unclaimed FROM v_coverage") == [(6, 2)]


def test_a_chunk_that_fails_three_times_is_reported_and_stops_nothing(folder: Path, tmp_path: Path) -> None:
    answers = TRUE | {"二、基本支出": fails(500, "overloaded")}
    ran = llm([folder], answers, tmp_path / "a.duckdb")
    [(path, reason)] = ran.report.failures.items()
    assert path == str(folder / "qinghe-2022.txt")
    assert reason.startswith("1 of 4 chunks failed: ")
    assert not ran.report.ok
    assert ran.ask("SELECT count(*) FROM projects") == [(2,)]
    assert ran.ask("SELECT chunks, chunks_done, chunks_empty, chunks_failed FROM v_coverage") == [(4, 3, 0, 1)]
    [(stored, count)] = ran.ask("SELECT reason, count(*) FROM chunks WHERE status = 'failed' GROUP BY 1")
    assert (reason.endswith(stored), count) == (True, 1)
    attempts = "SELECT attempt FROM llm_calls JOIN chunks USING (chunk_id) WHERE chunks.status = 'failed' ORDER BY 1"
    assert ran.ask(attempts) == [(1,), (2,), (3,)]
    [(status, [failure])] = ran.ask("SELECT status, failures FROM runs")
    assert (status, failure) == ("failed", f"{path}: {reason}")


def test_a_report_whose_title_score_and_date_stand_in_three_chunks_is_one_record(tmp_path: Path) -> None:
    path = tmp_path / "qinghe.txt"
    text = TEXT + lines("四、自评结论", "自评得分95.50分，等级为“优”。", "五、其他", "得分情况已公开。2023年4月18日")
    path.write_text(text, encoding="utf-8")
    answers = {
        TITLE: {"reports": [REPORT]},
        "四、自评": {
            "reports": [{"quote": "自评得分95.50分", "kind": REPORT["kind"], "score": "95.50", "grade": "优"}]
        },
        "五、其他": {"reports": [{"quote": "2023年4月18日", "kind": REPORT["kind"], "issued_on": "2023-04-18"}]},
    }
    ran = llm([path], answers, tmp_path / "a.duckdb")
    [(title, score, grade)] = ran.ask("SELECT title, CAST(score AS VARCHAR), grade FROM reports")
    assert (title, score.rstrip("0"), grade) == (TITLE, "95.5", "优")


VOLATILE = {"run_id", "reading", "read_at", "created_at", "call_id", "seconds", "started_at", "finished_at"}


def content(ran: Ran) -> dict[str, list[Any]]:
    """Every row of every table, what each run makes anew aside."""
    with Store.open(ran.db, read_only=True) as store:
        tables = [n for n, kind, _ in store.show().rows if kind == "table" and n not in {"runs", "schema_version"}]
        found = {}
        for table in tables:
            result = store.query(f"FROM {table}")
            kept = [i for i, c in enumerate(result.columns) if c not in VOLATILE]
            found[table] = sorted(([row[i] for i in kept] for row in result.rows), key=repr)
        return found


@pytest.mark.parametrize("way", ["llm", "offline"])
def test_the_same_run_twice_gives_the_same_ids_and_rows(folder: Path, tmp_path: Path, way: str) -> None:
    def once(db: str) -> Ran:
        return llm([folder], TRUE, tmp_path / db) if way == "llm" else offline([folder], tmp_path / db)

    first = content(once("a.duckdb"))
    assert content(once("a.duckdb")) == first, "into the same database"
    assert content(once("b.duckdb")) == first, "into a fresh one"
    assert sum(map(len, first.values())) > 10


def test_each_file_is_told_of_as_it_is_done(folder: Path, tmp_path: Path) -> None:
    (folder / "empty.txt").write_text("", encoding="utf-8")
    ran = offline([folder, tmp_path / "gone.txt"], tmp_path / "a.duckdb")
    assert [(done, total) for done, total, _ in ran.progress] == [(1, 3), (2, 3), (3, 3)]
    assert {name for _, _, name in ran.progress} == {"empty.txt", "qinghe-2022.txt", "gone.txt"}


@dataclass
class Faulty:
    """The offline reader with a bug that one word sets off."""

    word: str
    inner: Offline = field(default_factory=Offline)
    name: str = "offline"

    async def __aenter__(self) -> Faulty:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def extract(self, document: Document, layout: Layout, chunks: tuple[Chunk, ...]) -> Extraction:
        if self.word in document.text:
            raise ZeroDivisionError("division by zero")
        return await self.inner.extract(document, layout, chunks)


def test_a_document_that_breaks_the_reader_is_named_and_the_others_are_stored(folder: Path, tmp_path: Path) -> None:
    (folder / "bad.txt").write_text("爆\n", encoding="utf-8")
    ran = job([folder], Choice("faulty", 1, "faulty", lambda _: Faulty("爆")), tmp_path / "a.duckdb")
    assert ran.report.failures == {
        str(folder / "bad.txt"): "ZeroDivisionError: division by zero; please report this as a bug"
    }
    assert ran.ask("SELECT document FROM documents") == [("qinghe-2022",)]


def test_a_copy_of_a_document_that_failed_is_named_too_and_ends_no_run(folder: Path, tmp_path: Path) -> None:
    for name in ("bad.txt", "copy-of-bad.txt"):
        (folder / name).write_text("爆\n", encoding="utf-8")
    ran = job([folder], Choice("faulty", 1, "faulty", lambda _: Faulty("爆")), tmp_path / "a.duckdb")
    first, copy = folder / "bad.txt", folder / "copy-of-bad.txt"
    assert list(ran.report.failures) == [str(first), str(copy)]
    assert ran.report.failures[str(copy)] == f"same content as {first}, which failed"
    assert ran.report.duplicates == []
    assert ran.ask("SELECT status, len(failures) FROM runs") == [("failed", 2)]
    assert ran.ask("SELECT document FROM documents") == [("qinghe-2022",)]


def test_a_copy_is_an_alias_of_what_is_stored(folder: Path, tmp_path: Path) -> None:
    (folder / "zz-copy.txt").write_text(TEXT, encoding="utf-8")
    ran = offline([folder], tmp_path / "a.duckdb")
    assert ran.report.duplicates == [(folder / "zz-copy.txt", str(folder / "qinghe-2022.txt"))]
    assert ran.ask("SELECT document, aliases FROM documents") == [("qinghe-2022", [str(folder / "zz-copy.txt")])]


def test_a_document_that_changed_is_read_anew_in_its_place(folder: Path, tmp_path: Path) -> None:
    offline([folder], tmp_path / "a.duckdb")
    (folder / "qinghe-2022.txt").write_text(TEXT.replace("80万元", "81万元"), encoding="utf-8")
    ran = offline([folder], tmp_path / "a.duckdb")
    assert ran.ask("SELECT count(*) FROM documents") == [(1,)]
    assert ran.ask("SELECT count(*) FROM v_values WHERE literal = '80'") == [(0,)]
    assert ran.ask("SELECT count(*) > 0 FROM v_values WHERE literal = '81'") == [(True,)]


def test_a_key_is_neither_stored_nor_in_any_prompt(folder: Path, tmp_path: Path) -> None:
    ran = llm([folder], TRUE, tmp_path / "a.duckdb")
    assert KEY.encode() not in ran.db.read_bytes()
    assert not any(KEY in request.prompt for request in ran.requests)


def test_samples_and_all_are_stored_in_one_run(tmp_path: Path) -> None:
    ran = offline([SAMPLES], tmp_path / "a.duckdb")
    assert ran.report.ok
    assert ran.report.documents == 5
