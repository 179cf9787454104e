"""The views: literal results, exact rates, and figures that stand where they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_cases import Maker

from pipeline.flow import ChunkOutcome, Decision, Extraction, OutcomeStatus, Severity, Unclaimed
from pipeline.store import Store
from schemas.relations import FindingKind
from schemas.values import Span

QUESTIONS = Path(__file__).parents[2] / "docs" / "questions"


@pytest.fixture
def filled(store: Store, make: Maker) -> Store:
    store.put(store.start_run("offline"), make.sample())
    return store


@pytest.fixture(scope="module")
def shared(empty_database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(empty_database), read_only=True) as connection:
        yield connection


def test_v_values_holds_a_row_per_figure(filled: Store) -> None:
    columns = "record_type, field, label, literal, value, unit, yuan, year, status, report_id"
    assert filled.query(f'SELECT {columns} FROM v_values ORDER BY "start"').rows == (  # noqa: S608
        *(
            ("budget_facts", "value", label, literal, Decimal(literal), unit, yuan, 2022, "accepted", "r1")
            for label, literal, unit, yuan in (
                ("全年预算数", "1566.73", "万元", Decimal(15667300)),
                ("全年执行数", "1204.30", "万元", Decimal(12043000)),
                ("预算完成率", "76.87", "%", None),
            )
        ),
        *(
            ("projects", field, "磷石膏综合利用项目𠮷", literal, Decimal(literal), unit, yuan, 2022, "flagged", "r1")
            for field, literal, unit, yuan in (
                ("full_year_budget", "1798", "万元", Decimal(17980000)),
                ("executed", "899.50", "万元", Decimal(8995000)),
                ("execution_rate", "50.03", "%", None),
            )
        ),
        *(
            ("projects", field, "空置项目", "0", Decimal(0), "万元", Decimal(0), 2022, "accepted", "r1")
            for field in ("full_year_budget", "executed")
        ),
        *(
            ("indicators", field, "产品合格率", literal, Decimal(literal), unit, None, 2022, "accepted", "r1")
            for field, literal, unit in (("target", "95.50", "%"), ("actual", "96", "%"), ("weight", "10", None))
        ),
        ("indicators", "score", "产品合格率", "9.5", Decimal("9.5"), None, None, 2022, "accepted", "r1"),
    )


INVARIANT = """
    SELECT count(*), count(*) FILTER (substr(d.text, v."start" + 1, v."stop" - v."start") = v.literal)
    FROM v_values AS v JOIN documents AS d USING (document_id)
"""

_CHARACTERS = st.characters(exclude_categories=["Cs", "Nd"])
_NUMBERS = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False).map(str)


@pytest.fixture(scope="module")
def growing(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, str, Maker]]:
    folder = tmp_path_factory.mktemp("growing")
    path = folder / "values.duckdb"
    path.write_bytes(empty_database.read_bytes())
    with Store.open(path) as store:
        yield store, store.start_run("offline"), Maker(folder)


@settings(max_examples=25, deadline=None)
@given(before=st.lists(st.tuples(st.text(_CHARACTERS, max_size=20), _NUMBERS), min_size=1, max_size=5))
def test_every_literal_stands_where_v_values_says(
    growing: tuple[Store, str, Maker], before: list[tuple[str, str]]
) -> None:
    """Also behind characters beyond the basic plane, which are one code point for Python and for DuckDB."""
    store, run_id, make = growing
    text, decisions = "", []
    document = make.document("".join(f"{prose}𠮷{number}万元\n" for prose, number in before), name="same")
    for index, (prose, number) in enumerate(before):
        text += f"{prose}𠮷"
        span = Span(len(text), len(text) + len(number))
        text += f"{number}万元\n"
        decision = make.decision(
            replace(document, text=f"𠮷{number}万元"),
            "budget_facts",
            f"𠮷{number}万元",
            path=("资金",),
            measure="executed",
            value=number,
            unit="万元",
            record_id=f"{document.document_id}{index}",
        )
        literal = replace(decision.grounded.literals[0], span=span, unit_span=None)
        quote = Span(span.start - 1, span.stop + 2)
        decisions.append(Decision(replace(decision.grounded, quote_span=quote, literals=(literal,)), decision.status))
    store.put(run_id, make.reading(document, decisions))
    assert store.query(INVARIANT).rows == ((len(before), len(before)),)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        ("1204.30", "1566.73", "76.8671"),
        ("35", "35", "100.0000"),
        ("1", "3", "33.3333"),
        ("2", "3", "66.6667"),
        ("1", "80000", "0.0013"),
        ("0.00005", "100", "0.0001"),
        ("0", "5", "0.0000"),
        ("-1", "8", "-12.5000"),
        ("-2", "3", "-66.6667"),
        ("1", "-3", "-33.3333"),
        ("5", "0", None),
        ("0", "0", None),
        ("999999999999999999", "999999999999999999", "100.0000"),
        ("1000000000000000000000", "3", None),
        (None, "3", None),
        ("3", None, None),
    ],
)
def test_percent_of_is_exact_and_safe(
    shared: duckdb.DuckDBPyConnection, part: str | None, whole: str | None, percent: str | None
) -> None:
    sql = "SELECT percent_of(CAST($1 AS DECIMAL(38, 10)), CAST($2 AS DECIMAL(38, 10)))"
    ((found,),) = shared.execute(sql, [part, whole]).fetchall()
    assert found == (percent and Decimal(percent))


@given(
    part=st.decimals(min_value=0, max_value=10**12, places=4),
    whole=st.decimals(min_value=Decimal("0.0001"), max_value=10**12, places=4),
)
@settings(max_examples=100, deadline=None)
def test_percent_of_agrees_with_decimal(shared: duckdb.DuckDBPyConnection, part: Decimal, whole: Decimal) -> None:
    sql = "SELECT percent_of(CAST($1 AS DECIMAL(38, 10)), CAST($2 AS DECIMAL(38, 10)))"
    ((found,),) = shared.execute(sql, [str(part), str(whole)]).fetchall()
    assert abs(found * whole - 100 * part) <= Decimal("0.00005") * whole


EXECUTION = (
    "scope, project, full_year_budget, full_year_budget_unit, executed, executed_yuan, stated_rate, recomputed_rate, "
    "difference, status, year, department"
)


def test_v_execution_puts_stated_and_recomputed_rates_side_by_side(filled: Store) -> None:
    assert filled.query(f'SELECT {EXECUTION} FROM v_execution ORDER BY "start"').rows == (  # noqa: S608
        (
            *("department", None, Decimal("1566.73"), "万元", Decimal("1204.3"), Decimal(12043000)),
            *(Decimal("76.87"), Decimal("76.8671"), Decimal("0.0029"), "accepted", 2022, "云台县工业局"),
        ),
        (
            *("project", "磷石膏综合利用项目𠮷", Decimal(1798), "万元", Decimal("899.5"), Decimal(8995000)),
            *(Decimal("50.03"), Decimal("50.0278"), Decimal("0.0022"), "flagged", 2022, "云台县工业局"),
        ),
        (
            *("project", "空置项目", Decimal(0), "万元", Decimal(0), Decimal(0)),
            *(None, None, None, "accepted", 2022, "云台县工业局"),
        ),
    )


class TestExecutionOfDepartments:
    """Which budget facts stand for the department as a whole."""

    @pytest.fixture
    def rows(self, store: Store, make: Maker) -> Any:
        def stored(*facts: tuple[Any, ...], kind: str = "overall_self_evaluation") -> tuple[tuple[Any, ...], ...]:
            """Facts as path, measure, number, unit and, where they differ, year and org."""
            lines = [f"{i}：{number}{unit or ''}" for i, (_, _, number, unit, *_) in enumerate(facts)]
            document = make.document("某局报告\n" + "\n".join(lines) + "\n")
            decisions = [make.decision(document, "reports", "某局报告", kind=kind, department="某局", fiscal_year=2023)]
            for line, (path, measure, number, unit, *rest) in zip(lines, facts, strict=True):
                year, org = (*rest, None, None)[:2]
                fields = {"path": path, "measure": measure, "value": number, "unit": unit, "year": year, "org": org}
                decisions.append(make.decision(document, "budget_facts", line, **fields))
            store.put(store.start_run("offline"), make.reading(document, decisions))
            columns = "year, full_year_budget, executed, stated_rate, recomputed_rate"
            return store.query(f"SELECT {columns} FROM v_execution ORDER BY year").rows  # noqa: S608

        return stored

    def test_the_total_that_is_stated_most_often_is_taken(self, rows: Any) -> None:
        assert rows(
            (("支出",), "full_year_budget", "90", "万元"),
            (("全年预算数",), "full_year_budget", "100", "万元"),
            (("资金", "总计"), "full_year_budget", "100", "万元"),
            (("部门总支出",), "executed", "50", "万元"),
            (("资金", "总计"), "full_year_budget", "77", None),
            (("资金", "总计"), "full_year_budget", "77", None),
            (("资金", "总计"), "full_year_budget", "77", None),
        ) == ((2023, Decimal(100), Decimal(50), None, Decimal(50)),)

    def test_of_amounts_stated_as_often_the_largest_is_the_total(self, rows: Any) -> None:
        assert rows(
            (("预算资金总额",), "full_year_budget", "226", "万元"),
            (("预算资金总额",), "full_year_budget", "1327.19", "万元"),
            (("预算资金总额",), "full_year_budget", "656.57", "万元"),
            (("预算执行率",), "rate", "93.48", "%"),
            (("预算完成率",), "rate", "95", "%"),
        ) == ((2023, Decimal("1327.19"), None, Decimal("93.48"), None),)

    def test_parts_of_the_department_are_not_the_department(self, rows: Any) -> None:
        assert (
            rows(
                (("支出", "基本支出"), "executed", "10", "万元"),
                (("支出", "项目支出"), "executed", "20", "万元"),
                (("项目资金",), "executed", "21", "万元"),
                (("三公经费",), "executed", "30", "万元"),
                (("政府采购", "政府采购执行率"), "rate", "40", "%"),
                (("预算调整率",), "rate", "41", "%"),
                (("支出合计",), "executed", "50", "万元", None, "州中小企业服务中心"),
            )
            == ()
        )

    def test_a_report_on_special_funds_is_about_its_projects_money(self, rows: Any) -> None:
        assert rows(
            (("项目预算资金总额",), "full_year_budget", "1327.19", "万元"),
            (("项目资金", "支出"), "executed", "1240.6", "万元"),
            (("项目资金", "资金执行率"), "rate", "93.48", "%"),
            kind="special_fund_self_evaluation",
        ) == ((2023, Decimal("1327.19"), Decimal("1240.6"), Decimal("93.48"), Decimal("93.4757")),)

    def test_each_year_has_a_row(self, rows: Any) -> None:
        assert rows(
            (("支出",), "executed", "40", "万元", 2022),
            (("支出",), "executed", "50", "万元", 2023),
            (("预算",), "full_year_budget", "100", "万元"),
            (("预算执行率",), "rate", "93.56", "%", 2022),
        ) == (
            (2022, None, Decimal(40), Decimal("93.56"), None),
            (2023, Decimal(100), Decimal(50), None, Decimal(50)),
        )

    def test_amounts_in_different_units_are_compared_in_yuan(self, rows: Any) -> None:
        assert rows(
            (("全年预算数",), "full_year_budget", "1.5", "亿元"),
            (("全年执行数",), "executed", "3000", "万元"),
        ) == ((2023, Decimal("1.5"), Decimal(3000), None, Decimal(20)),)

    @pytest.mark.parametrize(("units", "rate"), [((None, None), Decimal(50)), (("万元", None), None)])
    def test_amounts_without_a_unit_compare_only_with_each_other(
        self, rows: Any, units: tuple[str | None, str | None], rate: Decimal | None
    ) -> None:
        assert rows(
            (("全年预算数",), "full_year_budget", "100", units[0]),
            (("全年执行数",), "executed", "50", units[1]),
        ) == ((2023, Decimal(100), Decimal(50), None, rate),)


def test_v_indicators_shows_target_actual_and_marks(filled: Store) -> None:
    columns = (
        "label, level1, level2, target, target_op, target_value, target_unit, actual, actual_value, weight, score, "
        "score_rate, year, department"
    )
    assert filled.query(f"SELECT {columns} FROM v_indicators").rows == (  # noqa: S608
        (
            *("产品合格率", "产出指标", None, "≥95.50%", "≥", Decimal("95.5"), "%", "96%", Decimal(96)),
            *(Decimal(10), Decimal("9.5"), Decimal(95), 2022, "云台县工业局"),
        ),
    )


def test_a_record_is_called_by_its_finest_level_and_a_rate_by_its_last_label(store: Store, make: Maker) -> None:
    document = make.document()
    decisions = [
        make.decision(document, "indicators", "产品合格率", level1="产出", level2="质量", record_id="a"),
        make.decision(document, "indicators", "产品合格率：", level3="三级", level4="四级", record_id="b"),
        make.decision(document, "score_lines", "产品合格", name="合计", record_id="c"),
        make.decision(document, "issues", "未列明", kind="problem", text="未列明", record_id="d"),
    ]
    store.put(store.start_run("offline"), make.reading(document, decisions))
    assert store.query("SELECT label, year FROM v_records ORDER BY record_id").rows == (
        *(("质量", None), ("四级", None), ("合计", None), ("未列明", None)),
    )


def test_v_findings_names_figures_records_and_place(store: Store, make: Maker) -> None:
    document = make.document()
    sample = make.sample(document)
    record_id = sample.decisions[4].grounded.record_id
    between = replace(
        sample.findings[0],
        report_id=None,
        kind=FindingKind.CONFLICT,
        severity=Severity.WARNING,
        literals=(),
        slack=None,
    )
    store.put(store.start_run("offline"), replace(sample, findings=(*sample.findings, between)))
    columns = 'document, department, year, kind, severity, slack, figures, record_ids, "start", "stop"'
    place = make.span(document, "50.03")
    assert store.query(f"SELECT {columns} FROM v_findings ORDER BY kind DESC").rows == (  # noqa: S608
        (
            *("yuntai-2022", "云台县工业局", 2022, "ratio", "error", Decimal("0.005")),
            *(["stated 50.03", "part 899.50", "whole 1798"], [record_id], *place),
        ),
        ("yuntai-2022", None, None, "conflict", "warning", None, None, None, None, None),
    )


def test_v_coverage_is_the_balance_of_a_document(store: Store, make: Maker) -> None:
    document = make.document()
    chunks = [make.chunk(document, f"c{i}", i) for i in range(4)]
    outcomes = tuple(
        ChunkOutcome(f"c{i}", s, 0)
        for i, s in enumerate((OutcomeStatus.DONE, OutcomeStatus.DONE, OutcomeStatus.EMPTY, OutcomeStatus.FAILED))
    )
    sample = make.sample(document)
    shared = replace(sample.decisions[5].grounded, record_id="again")
    reading = replace(
        sample,
        chunks=chunks,
        extraction=Extraction("offline", (), (), outcomes),
        decisions=[*sample.decisions, replace(sample.decisions[5], grounded=shared)],
        unclaimed=(
            *sample.unclaimed,
            Unclaimed("percent", Span(0, 1), "云", None),
            Unclaimed("row", Span(0, 9), "", "c1"),
        ),
    )
    store.put(store.start_run("offline"), reading)
    store.put(store.start_run("offline"), make.reading(make.document("空\n", name="empty"), chunks=[]))
    columns = (
        "document, extractor, characters, chunks, chunks_done, chunks_empty, chunks_failed, records, accepted, "
        "flagged, quarantined, findings, claimed, unclaimed, share_claimed, unclaimed_parts"
    )
    assert store.query(f"SELECT {columns} FROM v_coverage ORDER BY document").rows == (  # noqa: S608
        ("empty", "offline", 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, None, 0),
        ("yuntai-2022", "offline", len(document.text), 4, 2, 1, 1, 8, 7, 1, 1, 1, 10, 2, Decimal("83.3333"), 1),
    )


def test_v_run_costs_holds_the_seconds_of_a_run(store: Store, make: Maker) -> None:
    run_id = store.start_run("offline")
    store.put(run_id, make.sample())
    assert store.query("SELECT documents, failed, wall_seconds FROM v_run_costs").rows == ((1, 0, None),)
    store.finish_run(run_id, failures={"x": "y"})
    ((failed, seconds),) = store.query("SELECT failed, wall_seconds FROM v_run_costs").rows
    assert failed == 1
    assert isinstance(seconds, Decimal) and 0 <= seconds < 60


def test_the_questions_of_the_demo_are_answered(filled: Store) -> None:
    answers = {p.stem: filled.query(p.read_text(encoding="utf-8")).rows for p in QUESTIONS.glob("*.sql")}
    assert answers["execution"] == (
        ("yuntai-2022", "云台县工业局", 2022, Decimal(15667300), Decimal(12043000), Decimal("76.87"), Decimal("76.87")),
    )
    assert answers["findings"] == (("yuntai-2022", "ratio", 1, 0, "The rate does not follow."),)
    assert answers["largest"] == (
        (
            *("yuntai-2022", "磷石膏综合利用项目𠮷", Decimal(17980000), Decimal(8995000)),
            *(Decimal("50.03"), Decimal("50.03"), "flagged"),
        ),
        ("yuntai-2022", "空置项目", Decimal(0), Decimal(0), None, None, "accepted"),
    )
    for path in QUESTIONS.glob("*.sql"):
        assert path.read_text(encoding="utf-8").splitlines()[0].startswith("-- ")
