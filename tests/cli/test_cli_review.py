"""``jixiao review`` and its gold: what they say, and what they refuse. The page itself is in tests/review and tests/browser."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from eval.gold_check import gold_problems
from pipeline.review.desk import Desk
from pipeline.store import Store
from tests.cli.conftest import Jixiao


def test_a_missing_database_is_named_and_not_made(jixiao: Jixiao, tmp_path: Path) -> None:
    for arguments in (("review", "--db", "none.duckdb"), ("review", "export-gold", "--db", "none.duckdb", "-o", "out")):
        ended = jixiao(*arguments)
        assert ended.code == 2
        assert "no database at none.duckdb: make one with jixiao run" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_the_page_needs_a_database(jixiao: Jixiao) -> None:
    ended = jixiao("review")
    assert (ended.code, ended.errors) == (2, ["error: name the database with --db FILE"])


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - what is refused
def test_every_address_at_once_is_refused(jixiao: Jixiao, filled: Path, tmp_path: Path, host: str) -> None:
    shutil.copy(filled, tmp_path / "a.duckdb")
    ended = jixiao("review", "--db", "a.duckdb", "--host", host)
    assert ended.code == 2
    assert "means every address of this machine" in ended.err


def test_a_port_in_use_is_named(jixiao: Jixiao, filled: Path, tmp_path: Path) -> None:
    shutil.copy(filled, tmp_path / "a.duckdb")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = jixiao("review", "--db", "a.duckdb", "--port", str(taken.getsockname()[1]))
    assert ended.code == 2
    assert "cannot be listened on" in ended.err


def test_gold_is_written_of_what_was_decided(jixiao: Jixiao, filled: Path, tmp_path: Path) -> None:
    shutil.copy(filled, tmp_path / "a.duckdb")
    ended = jixiao("review", "export-gold", "--db", "a.duckdb", "-o", "out")
    assert ended.code == 0
    assert "no record was accepted or corrected yet" in ended.err
    with Store.open(tmp_path / "a.duckdb") as store:
        desk = Desk(store)
        items = [i for i in desk.queue.items if i.document == "water-2022"]
        for item in items:
            desk.accept(item, "li", "", 0)
    ended = jixiao("review", "export-gold", "--db", "a.duckdb", "-o", "out")
    assert ended.code == 0
    assert f"{len(items)} records and " in ended.err
    assert gold_problems(tmp_path / "out" / "gold" / "water-2022.json", tmp_path / "out" / "reports") == []
    scored = jixiao("eval", "--gold", "out/gold", "--reports", "out/reports", "--errors", "0")
    assert scored.code == 0
    assert "water-2022" in scored.out


def test_a_trace_can_be_of_one_figure(jixiao: Jixiao, filled: Path) -> None:
    with Store.open(filled, read_only=True) as store:
        ((record_id,),) = store.query(
            "SELECT record_id FROM v_values WHERE literal = '735.4' AND field = 'executed' LIMIT 1"
        ).rows
    ended = jixiao("trace", record_id, "--db", filled, "--field", "executed")
    assert ended.code == 0
    figures = ended.out[ended.out.index("Figures") : ended.out.index("Fields")]
    assert "executed" in figures and "full_year_budget" not in figures
    refused = jixiao("trace", record_id, "--db", filled, "--field", "none")
    assert refused.code == 2
    assert "prints no figure of the field none: it prints full_year_budget" in " ".join(refused.err.split())


def test_a_claim_in_quarantine_is_traced(jixiao: Jixiao, filled: Path, tmp_path: Path) -> None:
    shutil.copy(filled, tmp_path / "a.duckdb")
    payload = '{"name": "某项目", "executed": {"value": "19", "unit": "万元"}, "quote": "x"}'
    with Store.open(tmp_path / "a.duckdb") as store:
        ((document_id, chunk_id),) = store.query("SELECT document_id, chunk_id FROM chunks LIMIT 1").rows
        row = {
            "rejection_id": "q1",
            "claim_id": "c1",
            "document_id": document_id,
            "extractor": "offline",
            "run_id": "r",
        }
        row |= {"report_id": "r1", "chunk_id": chunk_id, "record_type": "projects", "code": "figure"}
        store._session.insert_of(
            "quarantine", [(1, row | {"reason": "19 is not there", "payload": payload, "raw": None})]
        )
    ended = jixiao("trace", "q1", "--db", "a.duckdb")
    assert ended.code == 0
    assert "projects c1  quarantined, read by offline" in ended.out
    assert "19 is not there" in ended.out and "某项目" in ended.out
