"""The main job on the samples, offline: what `make demo` does, checked figure by figure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.store import Store
from tests.database_cases import Filled, check_balance, check_figures, check_flags, check_no_float, check_quotes, fill


@pytest.fixture(scope="module")
def filled(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    report, db = fill(samples, tmp_path_factory.mktemp("samples") / "samples.duckdb")
    with Store.open(db, read_only=True) as store:
        yield Filled(samples, report, store)


def test_all_five_are_read_whole(filled: Filled) -> None:
    assert (filled.report.documents, filled.report.failures, filled.report.duplicates) == (5, {}, [])
    assert filled.ask("SELECT document FROM documents ORDER BY 1") == [
        ("agriculture-2021",), ("culture-2023",), ("education-2023",), ("health-2022",), ("water-2022",),
    ]  # fmt: skip
    check_balance(filled)


def test_every_figure_stands_where_it_is_said_to_stand(filled: Filled) -> None:
    assert check_figures(filled) > 400
    check_quotes(filled)


def test_no_figure_is_a_float_anywhere(filled: Filled) -> None:
    check_no_float(filled)


def test_every_record_type_is_read_in_one_of_the_layouts(filled: Filled) -> None:
    assert min(filled.counts().values()) > 0


def test_each_report_has_one_record_of_its_own(filled: Filled) -> None:
    found = filled.ask("SELECT document, fiscal_year, department FROM reports WHERE title LIKE '%报告' ORDER BY 1")
    assert found == [
        ("agriculture-2021", 2021, "云台县农业农村局"),
        ("culture-2023", 2023, "南屏市文化广电和旅游局"),
        ("education-2023", 2023, "澄河市教育局"),
        ("health-2022", 2022, "松溪市卫生健康委员会"),
        ("water-2022", 2022, "清江州水利局"),
    ]


@pytest.mark.parametrize(
    ("document", "score"),
    [
        ("agriculture-2021", "96.5"),
        ("culture-2023", "86.77"),
        ("education-2023", "96.5"),
        ("health-2022", "94.99"),
    ],
)
def test_the_score_that_a_report_gives_itself(filled: Filled, document: str, score: str) -> None:
    rows = filled.ask(f"SELECT score FROM reports WHERE document = '{document}' AND title LIKE '%报告'")  # noqa: S608
    assert rows == [(Decimal(score),)]


@pytest.mark.parametrize(
    ("document", "name", "field", "value", "unit"),
    [
        ("water-2022", "小型水库安全运行奖补资金", "executed", "364.64", "万元"),
        ("water-2022", "州级河湖长制工作经费", "other_funds", "5.18", "万元"),
        ("water-2022", "2021年清江州水资源公报编制项目", "full_year_budget", "18.6", "元"),
        ("education-2023", "教师培训专项经费", "full_year_budget", "36", "万元"),
        ("agriculture-2021", "高标准农田建设县级配套资金", "executed", "386", "万元"),
    ],
)
def test_amounts_of_projects_are_as_printed(
    filled: Filled, document: str, name: str, field: str, value: str, unit: str
) -> None:
    rows = filled.ask(f"SELECT {field}, {field}_unit FROM projects WHERE document = '{document}' AND name = '{name}'")  # noqa: S608
    assert rows == [(Decimal(value), unit)]


def test_amounts_are_comparable_in_yuan(filled: Filled) -> None:
    yuan = "SELECT yuan FROM v_values WHERE document = 'water-2022' AND literal = '364.64' AND field = 'executed'"
    assert filled.ask(yuan) == [(Decimal(3646400),)]
    slipped = "SELECT DISTINCT yuan FROM v_values WHERE literal = '18.6' AND field = 'executed'"
    assert filled.ask(slipped) == [(Decimal("18.6"),)]


def test_contradictions_are_found_in_most_layouts_and_flag_what_they_are_about(filled: Filled) -> None:
    assert len(filled.ask("SELECT DISTINCT document FROM v_findings WHERE severity = 'error'")) >= 4
    check_flags(filled)


def test_what_is_left_unclaimed_stands_in_the_text_too(filled: Filled) -> None:
    texts = filled.texts()
    rows = filled.ask(
        'SELECT document, kind, printed, "start", "stop" FROM unclaimed JOIN documents USING (document_id, extractor)'
    )
    assert rows
    assert all(texts[d][start:stop] == printed for d, kind, printed, start, stop in rows if kind != "row")
