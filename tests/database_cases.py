"""Databases that the offline reader fills, and what must hold of each."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipeline.documents import read_document
from pipeline.extraction.choice import OFFLINE
from pipeline.job import RunReport, run
from pipeline.store import Store
from schemas.registry import RECORD_TYPES
from schemas.values import plain_number


@dataclass(frozen=True)
class Filled:
    """A database that a folder was read into, open for questions."""

    folder: Path
    report: RunReport
    store: Store

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return list(self.store.query(sql).rows)

    def texts(self) -> dict[str, str]:
        """The text of each document as its file has it."""
        return {path.stem: read_document(path).text for path in sorted(self.folder.glob("*.txt"))}

    def counts(self) -> dict[str, int]:
        """How many records of each type there are."""
        return {name: self.ask(f"SELECT count(*) FROM {name}")[0][0] for name in RECORD_TYPES}  # noqa: S608


def fill(folder: Path, db: Path) -> tuple[RunReport, Path]:
    """Reads a folder offline into a database."""
    with Store.open(db) as store:
        return asyncio.run(run([folder], store, OFFLINE)), db


def check_figures(filled: Filled) -> int:
    """Every figure's print stands at its place and is worth its value to the last decimal; how many there are."""
    texts = filled.texts()
    rows = filled.ask(
        'SELECT d.document, x.printed, x.value, x.decimals, x."start", x."stop", x.unit, x.unit_start, x.unit_stop '
        "FROM literals AS x JOIN documents AS d USING (document_id)"
    )
    for document, printed, value, decimals, start, stop, unit, unit_start, unit_stop in rows:
        assert texts[document][start:stop] == printed
        plain = plain_number(printed)
        assert Decimal(plain) == value
        assert len(plain.partition(".")[2]) == decimals
        if unit_start is not None:
            assert "".join(texts[document][unit_start:unit_stop].split()) == unit
    shown = filled.ask('SELECT document, literal, "start", "stop" FROM v_values')
    assert all(texts[document][start:stop] == literal for document, literal, start, stop in shown)
    assert len(shown) == len(rows)
    return len(rows)


def check_quotes(filled: Filled) -> None:
    """Every record's quote is the text at its place."""
    texts = filled.texts()
    for name in RECORD_TYPES:
        rows = filled.ask(f"SELECT document, quote, quote_start, quote_stop FROM {name}")  # noqa: S608
        assert all(texts[document][start:stop] == quote for document, quote, start, stop in rows)


def check_no_float(filled: Filled) -> None:
    """No column of a table or view holds floating-point numbers."""
    floats = (
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE NOT internal AND regexp_matches(data_type, 'DOUBLE|FLOAT|REAL')"
    )
    assert filled.ask(floats) == []


def check_balance(filled: Filled) -> None:
    """Every chunk ended, none failed, and nothing that the offline reader reads is refused by grounding."""
    rows = filled.ask("SELECT chunks, chunks_done + chunks_empty, chunks_failed, quarantined FROM v_coverage")
    assert len(rows) == 5
    assert all(chunks == ended > 0 and not failed and not refused for chunks, ended, failed, refused in rows)


def check_flags(filled: Filled) -> None:
    """The flagged records are those whose own figures a finding doubts."""
    doubted = (
        "SELECT DISTINCT x.record_id FROM finding_literals AS x JOIN findings AS f USING (document_id, extractor, finding_id) "
        "WHERE f.verdict = 'inconsistent' AND x.role <> 'witness' AND x.record_id IS NOT NULL"
    )
    flagged = filled.ask("SELECT record_id FROM v_records WHERE status = 'flagged'")
    assert flagged
    assert set(flagged) == set(filled.ask(doubted))
