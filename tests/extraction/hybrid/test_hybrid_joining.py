"""What the hybrid extractor asks a model about, and what it makes of the answer; over the real client and whole runs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from eval.standin import ChatRequest, Reply, StandIn, fails, says
from pipeline.chunking import LARGE
from pipeline.documents import read_document
from pipeline.evidence import evidence_for
from pipeline.extraction.choice import Choice
from pipeline.extraction.hybrid import HybridExtractor
from pipeline.extraction.hybrid.belief import Share, Trust
from pipeline.extraction.hybrid.joining import Joined, without_additions
from pipeline.extraction.hybrid.pairing import same
from pipeline.extraction.judging import judge
from pipeline.extraction.llm import Journal, LlmExtractor, LlmSettings
from pipeline.extraction.offline import OfflineExtractor
from pipeline.job import prepare
from schemas.values import Money, Quantity
from tests.report_cases import lines
from tests.test_job import Ran, at_once, job

TEXT = lines(
    "青禾县水利局2022年度部门整体支出绩效自评报告",
    "一、支出情况",
    "2022年支出合计402.30万元，其中：基本支出220.80万元，项目支出181.50万元。人员经费支出198.60万元，公用经费支出22.20万元。",
    "二、项目支出",
    "1.山塘清淤项目",
    "（1）资金使用情况：全年预算数86.50万元，全年执行数80万元，执行率92.49%。",
    "2.渠道修复项目",
    "（1）资金使用情况：全年预算数45万元，全年执行数43.27万元，执行率96.16%。",
    "水库巡查经费花去三万六千元，另支出维护款7.20万元。",
)
NEW = {
    "quote": "另支出维护款7.20万元",
    "path": ["维护款"],
    "measure": "executed",
    "value": "7.20",
    "unit": "万元",
}


def fact(label: str, value: str, **changes: str) -> dict[str, Any]:
    """A fact of the text's sentence on spending, or of another."""
    return {
        "quote": f"{label}{value}万元",
        "path": [label],
        "measure": "executed",
        "value": value,
        "unit": "万元",
    } | changes


FACTS = [
    fact("支出合计", "402.30"),
    fact("基本支出", "220.80"),
    fact("项目支出", "181.50"),
    fact("人员经费支出", "198.60"),
    fact("公用经费支出", "22.20"),
]
PROJECTS = [
    {
        "quote": "1.山塘清淤项目\n（1）资金使用情况：全年预算数86.50万元，全年执行数80万元，执行率92.49%",
        "seq": "1",
        "name": "山塘清淤项目",
        "full_year_budget": {"value": "86.50", "unit": "万元"},
        "executed": {"value": "80", "unit": "万元"},
        "execution_rate": {"text": "92.49%", "value": "92.49", "unit": "%"},
    },
    {
        "quote": "2.渠道修复项目\n（1）资金使用情况：全年预算数45万元，全年执行数43.27万元，执行率96.16%",
        "seq": "2",
        "name": "渠道修复项目",
        "full_year_budget": {"value": "45", "unit": "万元"},
        "executed": {"value": "43.27", "unit": "万元"},
        "execution_rate": {"text": "96.16%", "value": "96.16", "unit": "%"},
    },
]


def hybrid(tmp_path: Path, answer: Any, text: str = TEXT) -> Ran:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "qinghe-2022.txt").write_text(text, encoding="utf-8")
    with StandIn(answer) as server:
        settings = LlmSettings(model="standin", base_url=server.base_url, attempts=1)

        def opened(journal: Journal) -> HybridExtractor:
            return HybridExtractor(LlmExtractor.live(settings, SecretStr("k"), journal, at_once))

        ran = job(
            [folder], Choice("hybrid", 2, "hybrid", opened, "standin", settings.asked, LARGE), tmp_path / "a.duckdb"
        )
        ran.requests = server.requests
    return ran


def facts(*records: dict[str, Any]) -> Any:
    def answer(request: ChatRequest) -> Reply:
        if request.questions is not None:
            return says({"cells": []})
        said = {"budget_facts": list(records), "projects": PROJECTS}
        return says({name: said.get(name, []) for name in request.record_types})

    return answer


def test_the_model_is_asked_about_what_no_record_claims_and_adds_it(tmp_path: Path) -> None:
    ran = hybrid(tmp_path, facts(*FACTS, NEW))
    assert ran.report.ok
    assert all("7.20" in (r.text or "") for r in ran.requests)
    assert ran.ask("SELECT path, CAST(value AS VARCHAR), extractor FROM budget_facts WHERE value = 7.2") == [
        (["维护款"], "7.2000000000", "hybrid")
    ]
    assert ran.ask("SELECT count(*) FROM projects") == [(2,)]
    assert ran.ask("SELECT count(*) FROM unclaimed WHERE printed = '7.20'") == [(0,)]


def test_a_record_that_only_claims_what_the_offline_reading_has_is_kept_out_with_its_reason(tmp_path: Path) -> None:
    other = {
        "quote": "全年执行数80万元",
        "path": ["山塘清淤项目"],
        "measure": "executed",
        "value": "80",
        "unit": "万元",
    }
    ran = hybrid(tmp_path, facts(*FACTS, other))
    assert ran.ask("SELECT record_type, code FROM quarantine") == [("budget_facts", "claimed")]


@pytest.mark.parametrize("said", [FACTS[:4], [*FACTS[:4], fact("公用经费支出", "22.20", path=["项目支出"])]])
def test_a_model_that_too_little_speaks_for_adds_nothing(tmp_path: Path, said: list[dict[str, Any]]) -> None:
    ran = hybrid(tmp_path, facts(*said, NEW))
    assert ("unsupported",) in ran.ask("SELECT code FROM quarantine")
    assert ran.ask("SELECT count(*) FROM budget_facts") == [(5,)]


@pytest.mark.parametrize(
    "other",
    [
        fact("水库", "7.20", quote="另支出维护款7.20万元"),
        {"quote": "渠道修复项目\n（1）资金使用情况", "path": ["渠道修复项目"], "measure": "rate", "value": "1"},
    ],
    ids=["under a label that stands elsewhere", "a figure that nobody asked about"],
)
def test_a_record_without_evidence_of_its_own_is_kept_out_whoever_says_it(
    tmp_path: Path, other: dict[str, Any]
) -> None:
    ran = hybrid(tmp_path, facts(*FACTS, other))
    assert ran.ask("SELECT count(*) FROM budget_facts") == [(5,)]
    assert ran.ask("SELECT count(*) FROM quarantine") == [(1,)]


@pytest.mark.parametrize(
    ("right", "of", "sure"),
    [(0, 0, False), (4, 4, False), (5, 5, True), (7, 8, True), (7, 9, False), (8, 10, False), (15, 20, True)],
)
def test_a_share_is_sure_where_a_coin_would_seldom_reach_it(right: int, of: int, sure: bool) -> None:
    assert Share(right, of).surely_mostly is sure


def test_agreement_is_stored_field_by_field(tmp_path: Path) -> None:
    project = {
        "quote": "山塘清淤项目\n（1）资金使用情况：全年预算数86.50万元，全年执行数80万元，执行率92.49%",
        "name": "山塘清淤项目",
        "full_year_budget": {"value": "86.50", "unit": "万元"},
        "execution_rate": {"text": "92.49%", "value": "92.49", "unit": "%"},
    }

    def answer(request: ChatRequest) -> Reply:
        return says({name: [project] if name == "projects" else [] for name in request.record_types})

    ran = hybrid(tmp_path, answer)
    stored = (
        "SELECT field, agreement FROM agreements JOIN projects USING (record_id) WHERE name = '山塘清淤项目' ORDER BY 1"
    )
    found = dict(ran.ask(stored))
    assert found["full_year_budget"] == found["execution_rate"] == found["name"] == "agreed"
    assert found["executed"] == "offline_only"


def test_a_model_that_fails_leaves_the_offline_reading_and_says_so(tmp_path: Path) -> None:
    ran = hybrid(tmp_path, lambda _: fails(400, "no"))
    assert ran.ask("SELECT count(*) FROM projects") == [(2,)]
    assert ran.ask("SELECT DISTINCT reason FROM chunks WHERE status = 'failed'") == [("bad_request: HTTP 400 no",)]
    assert not ran.report.ok


def test_values_say_the_same_by_number_and_by_likeness() -> None:
    assert same(Money(value="1.50", unit="万元"), Money(value="1.5", unit="万元"))
    assert not same(Money(value="1.50", unit="万元"), Money(value="1.50", unit="元"))
    assert same(Quantity(text="≥95%", value="95", unit="%"), Quantity(text="95%以上", value="95", unit="%"))
    assert same("修复渠道 12公里", "修复渠道12公里")
    assert not same("修复渠道12公里", "新建水库3座")
    assert same("95.50", "95.5")
    assert not same("95.50", "95.05")
    assert same(("支出", "基本支出"), ("基本支出",))


def contradicting(behind: str) -> str:
    """A form's row whose rate does not follow from its other figures; what stands behind them."""
    return lines(
        "青禾县水利局2022年度部门整体支出绩效自评报告",
        "一、项目支出",
        "1.山塘清淤项目",
        f"（1）资金使用情况：全年预算数86.50万元，全年执行数80万元{behind}，执行率93.64%。",
    )


@pytest.mark.parametrize(
    ("behind", "said", "questions", "projects"),
    [("", "81", 0, 1), ("，81万元", "80", 1, 1), ("，81万元", "81", 1, 0)],
    ids=["no other figure would settle it: nothing is asked", "read alike", "read otherwise: contested"],
)
def test_an_accused_figure_is_asked_about_where_another_would_settle_it(
    tmp_path: Path, behind: str, said: str, questions: int, projects: int
) -> None:
    def answer(request: ChatRequest) -> Reply:
        if request.questions is None:
            return says({name: [] for name in request.record_types})
        cells = [{"no": no, "value": said} for no, words in request.questions.items() if "executed" in words]
        return says({"cells": cells})

    ran = hybrid(tmp_path, answer, contradicting(behind))
    assert sum(r.questions is not None for r in ran.requests) == questions
    assert ran.ask("SELECT count(*) FROM projects") == [(projects,)]
    assert ran.ask("SELECT count(*) FROM quarantine WHERE code = 'contested'") == [(1 - projects,)]


def test_nothing_is_added_where_a_record_of_the_offline_reading_would_not_stand(tmp_path: Path) -> None:
    path = tmp_path / "qinghe.txt"
    path.write_text(TEXT, encoding="utf-8")
    prepared = prepare(read_document(path), LARGE)
    document, layout, chunks = prepared.document, prepared.layout, prepared.chunks
    drafts = OfflineExtractor().extract(document, layout, chunks).drafts
    *known, new = judge(evidence_for(document, layout), document, layout, chunks, drafts).grounded
    before, filled = known[0].draft, replace(known[0].draft)
    own = tuple(g.draft for g in known[1:])
    joined = Joined((filled, *own, new.draft), {id(filled): before}, (new,), (), (), Trust(Share(), {}))
    alone = without_additions(joined)
    assert alone.drafts == (before, *own)
    assert alone.drafts[0] is before
    assert [(r.code, r.record_type) for r in alone.rejections] == [("claimed", new.draft.record_type)]
