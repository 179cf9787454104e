"""The store's questions: one SELECT at a time, answered on a connection that changes nothing."""

from __future__ import annotations

import duckdb

from pipeline.store.errors import StoreError

_QUESTIONS = frozenset({duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI})


def one_question(sql: str) -> duckdb.Statement:
    """The single question that a text holds.

    Raises:
        StoreError: it holds none, several, or something else than a question.
        duckdb.Error: it is no SQL.
    """
    statements = duckdb.extract_statements(sql)
    if len(statements) != 1 or statements[0].type not in _QUESTIONS:
        raise StoreError("Ask one question at a time: a single SELECT (or FROM, WITH, DESCRIBE, SUMMARIZE, PIVOT).")
    return statements[0]
