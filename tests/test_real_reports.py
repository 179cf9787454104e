"""The main job on the real reports, where they lie beside the project; skipped with a reason where they do not.

No sentence of the reports stands here: figures and labels alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.store import Store
from schemas.values import squeeze
from tests.database_cases import Filled, check_balance, check_figures, check_flags, check_no_float, check_quotes, fill


@pytest.fixture(scope="module")
def filled(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    report, db = fill(shared / "reports", tmp_path_factory.mktemp("real") / "real.duckdb")
    with Store.open(db, read_only=True) as store:
        yield Filled(shared / "reports", report, store)


def gold(shared: Path, document: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shared / "gold" / f"{document}.json").read_text(encoding="utf-8"))
    return found


def test_all_five_are_read_whole(filled: Filled) -> None:
    assert (filled.report.documents, filled.report.failures) == (5, {})
    check_balance(filled)


def test_every_figure_stands_where_it_is_said_to_stand(filled: Filled) -> None:
    assert check_figures(filled) > 1000
    check_quotes(filled)
    check_no_float(filled)


def test_every_record_type_is_read(filled: Filled) -> None:
    assert min(filled.counts().values()) > 0


def test_the_projects_of_the_first_report_have_the_amounts_that_it_prints(filled: Filled, shared: Path) -> None:
    literal = (
        "SELECT r.name, x.printed, x.unit FROM projects AS r "
        "LEFT JOIN literals AS x ON x.record_id = r.record_id AND x.field = '{}' WHERE r.document = 'qiannan-2022'"
    )
    wanted = gold(shared, "qiannan-2022")["projects"]
    assert filled.ask("SELECT count(*) FROM projects WHERE document = 'qiannan-2022'") == [(32,)]
    for field in ("full_year_budget", "executed"):
        read = Counter((squeeze(name), printed, unit) for name, printed, unit in filled.ask(literal.format(field)))
        money = [(squeeze(p["name"]), p[field] or {}) for p in wanted]
        assert read == Counter((name, amount.get("value"), amount.get("unit")) for name, amount in money)


def test_an_amount_is_traced_to_its_place(filled: Filled) -> None:
    [(record_id, label, start, stop)] = filled.ask(
        'SELECT record_id, label, "start", "stop" FROM v_values '
        "WHERE document = 'qiannan-2022' AND literal = '1798' AND field = 'executed'"
    )
    assert "磷石膏" in label
    trace = filled.store.trace(record_id)
    assert (trace.record_type, trace.document) == ("projects", "qiannan-2022")
    [executed] = [x for x in trace.literals if x.field == "executed"]
    assert (executed.printed, executed.unit, executed.start, executed.stop) == ("1798", "万元", start, stop)
    assert "1798" in trace.quote + trace.after
    assert trace.line == filled.texts()["qiannan-2022"].count("\n", 0, trace.quote_start) + 1


@pytest.mark.parametrize(
    ("document", "kind", "stated", "computed", "figures"),
    [
        ("qiannan-2022", "unit", "33.93元", "33.93万元", {"33.93"}),
        ("qiannan-2022", "ratio", "100%", "780.66%", {"100", "12230.85", "1566.73"}),
        ("qiannan-2023", "ratio", "92%", "100%", {"92", "35"}),
    ],
)
def test_a_defect_of_a_report_is_found(
    filled: Filled, document: str, kind: str, stated: str, computed: str, figures: set[str]
) -> None:
    rows = filled.ask(
        f"SELECT computed, figures FROM v_findings WHERE document = '{document}' AND kind = '{kind}' "  # noqa: S608
        f"AND stated = '{stated}' AND severity = 'error' AND verdict = 'inconsistent'"
    )
    assert any(c == computed and figures <= {x.split()[1] for x in found} for c, found in rows)


def test_flagged_records_are_those_that_a_finding_doubts(filled: Filled) -> None:
    check_flags(filled)
