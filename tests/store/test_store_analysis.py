"""The views of the analysts' questions: literal results on real DuckDB files, in exact decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb
import pytest
from store_cases import Maker

from pipeline.checking import Between
from pipeline.flow import Document, Rejection, Severity
from pipeline.match import MatchReport, match
from pipeline.store import Store, pack
from schemas.relations import FindingKind

D = Decimal


class Reports:
    """Stores small reports of one department and year, each a line per record."""

    def __init__(self, store: Store, make: Maker) -> None:
        self.store, self.make = store, make
        self.run_id = store.start_run("offline")

    def put(
        self, records: list[tuple[str, str, dict[str, Any]]], *, year: int, department: str = "某局", **report: Any
    ) -> Document:
        """Records as (table, line that states them, fields); the figures stand in the line in the order of the fields."""
        title = f"{department}{year}年度报告"
        if "score" in report:
            title += f"得分{report['score']}"
        document = self.make.document("\n".join([title, *(line for _, line, _ in records), ""]), name=title[:8])
        head = {"kind": "overall_self_evaluation", "department": department, "fiscal_year": year, **report}
        decisions = [self.make.decision(document, "reports", title, **head)]
        decisions += [self.make.decision(document, table, line, **fields) for table, line, fields in records]
        self.store.put(self.run_id, self.make.reading(document, decisions))
        return document

    def ask(self, sql: str) -> tuple[tuple[Any, ...], ...]:
        return self.store.query(sql).rows


@pytest.fixture
def reports(store: Store, make: Maker) -> Reports:
    return Reports(store, make)


def fact(line: str, path: str, measure: str, value: str, unit: str = "万元", **fields: Any) -> tuple[str, str, Any]:
    path_ = tuple(path.split("/"))
    return ("budget_facts", line, {"path": path_, "measure": measure, "value": value, "unit": unit, **fields})


def project(name: str, budget: str, executed: str, rate: str) -> tuple[str, str, Any]:
    line = f"{name}：预算{budget}万元，执行{executed}万元，执行率{rate}%"
    fields = {
        "name": name,
        "full_year_budget": {"value": budget, "unit": "万元"},
        "executed": {"value": executed, "unit": "万元"},
        "execution_rate": {"text": f"{rate}%", "value": rate, "unit": "%"},
    }
    return ("projects", line, fields)


def quantity(text: str) -> dict[str, Any]:
    """A printed target or value: a bound, a number and a unit, as ``≥95.5%``."""
    op = text[0] if text[0] in "≥≤><=" else None
    rest = text[1:] if op else text
    number = "".join(c for c in rest if c in "0123456789.")
    return {"text": text, "op": op, "value": number, "unit": rest.replace(number, "") or None}


def indicator(
    name: str, target: str, actual: str, weight: str, score: str, level1: str = "产出指标"
) -> tuple[str, str, Any]:
    fields = {"level1": level1, "level3": name, "target": quantity(target), "actual": quantity(actual)}
    return (
        "indicators",
        f"{name}：{target}，{actual}，{weight}分，得{score}分",
        fields | {"weight": weight, "score": score},
    )


def test_departments_by_year_compare_with_the_year_before(reports: Reports) -> None:
    for year, budget, executed, rate in ((2021, "1200.00", "1150.32", "95.86"), (2022, "1260.5", "1201.43", "96.31")):
        reports.put(
            [
                fact(f"部门预算{budget}万元", "部门预算", "full_year_budget", budget),
                fact(f"部门总支出{executed}万元", "部门总支出", "executed", executed),
                fact(f"预算执行率{rate}%", "预算执行率", "rate", rate, "%"),
            ],
            year=year,
        )
    columns = (
        "department, year, full_year_budget_yuan, executed_yuan, unspent_yuan, stated_rate, recomputed_rate, "
        "previous_executed_yuan, change_yuan, change_rate, errors"
    )
    assert reports.ask(f"SELECT {columns} FROM v_department_years ORDER BY year") == (  # noqa: S608
        ("某局", 2021, D(12000000), D(11503200), D(496800), D("95.86"), D("95.8600"), None, None, None, 0),
        (
            *("某局", 2022, D(12605000), D(12014300), D(590700), D("96.31"), D("95.3138")),
            *(D(11503200), D(511100), D("4.4431"), 0),
        ),
    )


def test_a_later_report_does_not_speak_for_a_year_without_one(reports: Reports) -> None:
    reports.put(
        [
            fact("2022年部门总支出90万元", "部门总支出", "executed", "90"),
            fact("2021年部门总支出80万元", "部门总支出", "executed", "80", year=2021),
        ],
        year=2022,
    )
    assert reports.ask("SELECT year, executed_yuan, previous_executed_yuan FROM v_department_years") == (
        (2022, D(900000), None),
    )


def test_projects_put_stated_beside_recomputed_and_count_their_findings(reports: Reports) -> None:
    document = reports.put([project("甲", "32", "27.2", "92"), project("乙", "50", "50.0", "100")], year=2022)
    make = reports.make
    decision = make.decision(
        document, "projects", "甲：预算32万元，执行27.2万元，执行率92%", **project("甲", "32", "27.2", "92")[2]
    )
    finding = make.finding(decision, {"execution_rate": "stated", "executed": "part", "full_year_budget": "whole"})
    other = make.decision(
        document, "projects", "乙：预算50万元，执行50.0万元，执行率100%", **project("乙", "50", "50.0", "100")[2]
    )
    reports.store.put(reports.run_id, make.reading(document, [decision, other], findings=(finding,)))
    columns = "project, full_year_budget_yuan, executed_yuan, unspent_yuan, stated_rate, recomputed_rate, difference, findings"
    assert reports.ask(f"SELECT {columns} FROM v_projects ORDER BY recomputed_rate") == (  # noqa: S608
        ("甲", D(320000), D(272000), D(48000), D(92), D("85.0000"), D("7.0000"), 1),
        ("乙", D(500000), D(500000), D(0), D(100), D("100.0000"), D("0.0000"), 0),
    )


@pytest.mark.parametrize(
    ("bound", "target", "op", "actual", "kept"),
    [
        *(("≥", "95", None, "95", True), ("≥", "95", None, "94.9", False), ("≥", "95", "≥", "95", True)),
        *(("≥", "95", "≥", "90", None), ("≥", "95", ">", "95", True), ("≥", "95", "<", "95", False)),
        *(("≥", "95", "≤", "95", None), ("≥", "95", "≤", "94", False), (">", "95", None, "95", False)),
        *((">", "95", ">", "95", True), (">", "95", "≤", "95", False), (">", "95", "≥", "95", None)),
        *(("≤", "18.6", None, "18.6", True), ("≤", "18.6", None, "18.61", False), ("≤", "5", "≤", "4", True)),
        *(("≤", "5", "≤", "6", None), ("≤", "5", ">", "5", False), ("≤", "5", "≥", "5", None), ("≤", "5", "<", "5", True)),
        *(("<", "5", None, "5", False), ("<", "5", "<", "5", True), ("<", "5", "≤", "5", None), ("<", "5", "≥", "5", False)),
        *(("=", "3", None, "3.0", True), ("=", "3", None, "4", False), ("=", "3", "≥", "3", None)),
        *(("≥", None, None, "1", None), ("≥", "1", None, None, None)),
    ],
)  # fmt: skip
def test_a_bound_is_kept_broken_or_undecided(
    empty_database: Any, bound: str, target: str | None, op: str | None, actual: str | None, *, kept: bool | None
) -> None:
    with duckdb.connect(str(empty_database), read_only=True) as connection:
        sql = "SELECT bound_kept($1, CAST($2 AS DECIMAL(38, 10)), $3, CAST($4 AS DECIMAL(38, 10)))"
        assert connection.execute(sql, [bound, target, op, actual]).fetchall() == [(kept,)]


def test_targets_are_met_or_not_and_full_marks_for_a_missed_one_are_named(reports: Reports) -> None:
    reports.put(
        [
            indicator("培训人数", "≥120人", "108人", "10", "10"),
            indicator("合格率", "100%", "98%", "10", "9.8"),
            indicator("满意度", "≥95.50%", "96％", "5", "5"),
            indicator("宣传成本", "20万元", "185000元", "5", "5", level1="成本指标"),
            indicator("公用经费控制率", "100%", "104%", "5", "5", level1="成本指标"),
            indicator("政府采购执行率", "100%", "39.90%", "5", "5", level1="成本指标"),
            indicator("事故数", "0起", "1起", "5", "2"),
            indicator("公里数", "30公里", "30千米", "5", "5"),
        ],
        year=2023,
    )
    columns = "label, bound, bound_printed, met, full_marks, full_marks_for_missed"
    assert reports.ask(f'SELECT {columns} FROM v_targets ORDER BY "start"') == (  # noqa: S608
        ("培训人数", "≥", True, False, True, True),
        ("合格率", "≥", False, False, False, False),
        ("满意度", "≥", True, True, True, False),
        ("宣传成本", "≤", False, True, True, False),
        ("公用经费控制率", "≤", False, False, True, True),
        ("政府采购执行率", "≥", False, False, True, True),
        ("事故数", "≤", False, False, False, False),
        ("公里数", "≥", False, None, True, None),
    )


def test_score_inflation_sets_the_score_beside_execution_and_missed_targets(reports: Reports) -> None:
    reports.put(
        [
            fact("部门预算200万元", "部门预算", "full_year_budget", "200"),
            fact("部门总支出150万元", "部门总支出", "executed", "150"),
            indicator("培训人数", "≥120人", "108人", "10", "10"),
            indicator("合格率", "100%", "98%", "10", "9.5"),
            indicator("满意度", "≥95%", "96%", "5", "5"),
        ],
        year=2023,
        score="97.50",
    )
    columns = (
        "department, year, score, max_score, score_rate, execution_rate, score_above_execution, indicators, missed, "
        "missed_with_full_marks, marks_for_missed, errors"
    )
    assert reports.ask(f"SELECT {columns} FROM v_score_inflation") == (  # noqa: S608
        (
            *("某局", 2023, D("97.5"), D(100), D("97.5000"), D("75.0000"), D("22.5000")),
            *(3, 2, 1, D("19.5"), 0),
        ),
    )


def test_three_public_expenses_year_on_year(reports: Reports) -> None:
    reports.put([fact("三公经费支出18.65万元", "三公经费支出", "executed", "18.65")], year=2021)
    reports.put(
        [
            fact("三公经费预算20万元", "三公经费/合计", "full_year_budget", "20"),
            fact("三公经费支出17.30万元", "“三公”经费", "executed", "17.30"),
            fact("上年三公经费18.7万元", "三公经费", "executed", "18.7", year=2021),
            fact("其中基本支出9万元", "三公经费/基本支出", "executed", "9"),
            fact("公务接待费71500元", "三公经费/公务接待费支出", "executed", "71500", "元"),
            fact("上年公务接待费8.2万元", "三公经费/公务接待费支出", "executed", "8.2", year=2021),
            fact("公务用车购置和运行维护费10.15万元", "三公经费/公务用车购置和运行维护费", "executed", "10.15"),
            fact("运行维护费10.15万元整", "三公经费/公务用车购置和运行维护费/公务用车运行维护费", "executed", "10.15"),
            fact("二级机构三公经费3万元", "三公经费", "executed", "3", org="二级机构"),
        ],
        year=2022,
    )
    columns = (
        "year, item, budget_yuan, executed_yuan, previous_yuan, change_yuan, change_rate, control_rate, own_report"
    )
    assert reports.ask(f"SELECT {columns} FROM v_three_public ORDER BY item, year") == (  # noqa: S608
        (2021, "三公经费合计", None, D(186500), None, None, None, None, True),
        (2022, "三公经费合计", D(200000), D(173000), D(186500), D(-13500), D("-7.2386"), D("86.5000"), True),
        (2021, "公务接待费", None, D(82000), None, None, None, None, False),
        (2022, "公务接待费", None, D(71500), D(82000), D(-10500), D("-12.8049"), None, True),
        (2022, "公务用车购置及运行维护费", None, D(101500), None, None, None, None, True),
        (2022, "公务用车运行维护费", None, D(101500), None, None, None, None, True),
    )  # “三公经费 › 基本支出” and the figures of a sub-unit are parts, no item of their own


def test_findings_are_counted_by_department_year_and_kind(store: Store, make: Maker) -> None:
    reading = make.sample()
    gypsum = next(d for d in reading.decisions if d.grounded.draft.record_type == "projects")
    first = reading.findings[0]
    more = (
        make.finding(gypsum, {"executed": "stated"}, kind=FindingKind.UNIT, severity=Severity.WARNING, message="单位"),
        make.finding(gypsum, {"full_year_budget": "stated"}, report_id=None, message="两份报告不一"),
    )
    store.put(store.start_run("offline"), make.reading(reading.document, reading.decisions, findings=(first, *more)))
    columns = "department, year, kind, errors, warnings, documents, example"
    assert store.query(f"SELECT {columns} FROM v_finding_counts ORDER BY kind, year").rows == (  # noqa: S608
        ("云台县工业局", 2022, "ratio", 1, 0, 1, "执行率不符"),
        ("云台县工业局", None, "ratio", 1, 0, 1, "两份报告不一"),
        ("云台县工业局", 2022, "unit", 0, 1, 1, "单位"),
    )


def test_a_document_that_contradicts_itself_and_another_one_is_counted_once(store: Store, make: Maker) -> None:
    reading, other = make.sample(), make.document("另一份报告\n", name="other")
    gypsum = next(d for d in reading.decisions if d.grounded.draft.record_type == "projects")
    within = make.finding(gypsum, {"executed": "stated"}, report_id=None, kind=FindingKind.CONFLICT)
    across = make.finding(
        gypsum, {"executed": "stated"}, report_id=None, kind=FindingKind.CONFLICT, severity=Severity.WARNING
    )
    run_id = store.start_run("offline")
    store.put_all(
        run_id, [pack(run_id, make.reading(reading.document, reading.decisions, findings=(within,))),
                 pack(run_id, make.reading(other))]
    )  # fmt: skip
    ids = (reading.document.document_id, other.document_id)
    store.put_between([Between(across, *ids, ids[:1])], documents=2, departments=1, compared=1)
    columns = "department, kind, errors, warnings, documents"
    counted = f"SELECT {columns} FROM v_finding_counts"  # noqa: S608
    assert store.query(counted).rows == (("云台县工业局", "conflict", 1, 1, 1),)


def test_quarantine_names_reason_and_section(store: Store, make: Maker) -> None:
    reading = make.sample()
    rejection = Rejection("projects", "r1", "c1", "figure_absent", "12.5 stands nowhere", '{"name": "x"}')
    store.put(store.start_run("offline"), make.reading(reading.document, reading.decisions, rejections=(rejection,)))
    columns = "document, department, year, record_type, code, reason, payload, section"
    assert store.query(f"SELECT {columns} FROM v_quarantine").rows == (  # noqa: S608
        (
            *("yuntai-2022", "云台县工业局", 2022, "projects", "figure_absent", "12.5 stands nowhere"),
            *('{"name": "x"}', "一、总体情况"),
        ),
    )


def test_same_projects_are_suggested_by_department_and_replaced_each_time(reports: Reports) -> None:
    reports.put(
        [project("2021年河湖长制工作经费", "45.5", "45", "98.9"), project("水毁修复（一期）", "8", "8", "100")],
        year=2021,
    )
    later = reports.put(
        [project("2022年度“河湖长制”工作经费", "48", "48.0", "100"), project("水毁修复（二期）", "9", "9.0", "100")],
        year=2022,
    )
    reports.put([project("2022年河湖长制工作经费", "50", "50.0", "100")], year=2022, department="他局")
    assert match(reports.store) == MatchReport(departments=2, projects=5, suggested=2, groups=1)
    columns = "suggested_name, score, department, year, project, full_year_budget_yuan, recomputed_rate"
    expected = (
        ("2021年河湖长制工作经费", D(1), "某局", 2021, "2021年河湖长制工作经费", D(455000), D("98.9011")),
        ("2021年河湖长制工作经费", D(1), "某局", 2022, "2022年度“河湖长制”工作经费", D(480000), D("100.0000")),
    )
    question = f"SELECT {columns} FROM v_same_projects ORDER BY year"  # noqa: S608
    assert reports.ask(question) == expected
    assert match(reports.store).groups == 1
    assert reports.ask(question) == expected
    reports.store.put(reports.run_id, reports.make.reading(later, []))
    assert [row[3] for row in reports.ask(question)] == [2021], (
        "what was read again is suggested no more until the next match"
    )
