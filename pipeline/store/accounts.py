"""The store's accounts: every reading has the rows that it was written with, each once, whatever wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from pipeline.store.records import REVIEWER
from pipeline.store.rows import COUNTED_TABLES
from schemas.registry import RECORD_TYPES


class Execute(Protocol):
    """Runs a statement with its parameters and gives the rows of its result."""

    def __call__(self, sql: str, parameters: Sequence[Any] = (), /) -> list[tuple[Any, ...]]: ...


_OWN = {
    **dict.fromkeys((*RECORD_TYPES, "literals"), f"WHERE extractor <> '{REVIEWER}'"),
    "findings": "WHERE other_document_id IS NULL",
    "finding_literals": (
        "ANTI JOIN (SELECT extractor, finding_id FROM findings WHERE other_document_id IS NOT NULL) "
        "USING (extractor, finding_id) WHERE true"
    ),
}
"""Which rows of a table a reading wrote: neither a person nor a check between documents did."""

_UNIQUE = {
    **dict.fromkeys(RECORD_TYPES, ("record_id", f"WHERE extractor = '{REVIEWER}'")),
    "literals": ("literal_id", f"WHERE extractor = '{REVIEWER}'"),
    "findings": ("(extractor, finding_id)", "WHERE other_document_id IS NOT NULL"),
    "same_projects": ("(extractor, record_id)", ""),
    "llm_calls": ("(run_id, call_id)", ""),
    "batches": ("key", ""),
}
"""What must differ from row to row where no reading counts the rows."""


def discrepancies(execute: Execute, run_id: str | None = None) -> Iterator[str]:
    """What is not as it was written, a sentence each: rows that are missing, doubled or nobody's.

    Of the readings from a run's first on alone, where one is given; numbers grow, so that this looks at few rows.
    """
    first = 0
    if run_id is not None:
        ((found,),) = execute("SELECT min(reading) FROM readings WHERE run_id = ?", [run_id])
        if found is None:
            return
        first = int(found)
    for table in COUNTED_TABLES:
        yield from _miscounted(execute, table, first)
    if run_id is not None:
        return
    for table, (key, which) in _UNIQUE.items():
        ((rows, different),) = execute(f"SELECT count(*), count(DISTINCT {key}) FROM {table} {which}")  # noqa: S608
        if rows != different:
            yield f"{table} holds {rows - different} rows twice (the same {key})"
    ((lost,),) = execute("SELECT count(*) FROM documents ANTI JOIN readings USING (reading, document_id, extractor)")
    if lost:
        yield f"{lost} documents are without their current reading"


def _miscounted(execute: Execute, table: str, first: int) -> Iterator[str]:
    own = f"{_OWN[table]} AND" if table in _OWN else "WHERE"
    wrong = execute(
        "SELECT coalesce(d.document, r.document_id, 'no document'), r.extractor, "  # noqa: S608 - our own names
        f"coalesce(r.rows['{table}'], 0) AS written, coalesce(n.rows, 0) AS found "
        f"FROM (FROM readings WHERE reading >= {first:d}) AS r FULL JOIN "
        f"(SELECT reading, count(*) AS rows FROM {table} {own} reading >= {first:d} GROUP BY reading) AS n "
        "ON n.reading = r.reading "
        "LEFT JOIN documents AS d ON d.document_id = r.document_id WHERE written <> found ORDER BY ALL"
    )
    if wrong:
        name, extractor, written, found = wrong[0]
        yield (
            f"{table}: {len(wrong)} readings have not the rows that they were written with "
            f"({name}, read by {extractor or 'nobody'}: {found} instead of {written})"
        )
