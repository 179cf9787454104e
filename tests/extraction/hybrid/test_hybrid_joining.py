"""What the hybrid extractor asks a model about, and what it makes of the answer; over the real client and whole runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from eval.standin import ChatRequest, Reply, StandIn, fails, says
from pipeline.extraction.choice import Choice
from pipeline.extraction.hybrid import HybridExtractor
from pipeline.extraction.hybrid.pairing import same
from pipeline.extraction.llm import Journal, LlmExtractor, LlmSettings
from schemas.values import Money, Quantity
from tests.report_cases import lines
from tests.test_job import Ran, at_once, job

TEXT = lines(
    "青禾县水利局2022年度部门整体支出绩效自评报告",
    "一、项目支出",
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


KNOWN = [
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


def hybrid(tmp_path: Path, answer: Any) -> Ran:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "qinghe-2022.txt").write_text(TEXT, encoding="utf-8")
    with StandIn(answer) as server:
        settings = LlmSettings(model="standin", base_url=server.base_url, attempts=1)

        def opened(journal: Journal) -> HybridExtractor:
            return HybridExtractor(LlmExtractor.live(settings, SecretStr("k"), journal, at_once))

        ran = job([folder], Choice("hybrid", 2, "hybrid", opened, "standin", settings.asked), tmp_path / "a.duckdb")
        ran.requests = server.requests
    return ran


def facts(*records: dict[str, Any]) -> Any:
    def answer(request: ChatRequest) -> Reply:
        if request.questions is not None:
            return says({"cells": []})
        said = {"budget_facts": list(records), "projects": KNOWN}
        return says({name: said.get(name, []) for name in request.record_types})

    return answer


def test_the_model_is_asked_about_what_no_record_claims_and_adds_it(tmp_path: Path) -> None:
    ran = hybrid(tmp_path, facts(NEW))
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
    ran = hybrid(tmp_path, facts(other, NEW))
    assert ran.ask("SELECT record_type, code FROM quarantine") == [("budget_facts", "claimed")]


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
