"""The store's findings between documents: the figures that `jixiao check` compares, and what it found, replaced each time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.checking import Between, Stated
from pipeline.flow import Document
from pipeline.store.rows import Row, finding_literal_row, finding_row, identities, places_of
from schemas.values import Literal, Span, UnitSource

Ask = Callable[[str, Any], list[tuple[Any, ...]]]
Rows = Iterable[tuple[Any, ...]]

QUANTITIES = "quantities.sql"


class Department(NamedTuple):
    """The budget facts of a department that several documents report on, and their texts by document id."""

    name: str
    facts: tuple[Stated, ...]
    texts: dict[str, Document]


def departments(ask: Ask, rows: Rows) -> Iterator[Department]:
    """The departments of the answer to ``QUANTITIES``, one at a time."""
    for key, group in groupby(rows, key=lambda row: row[0]):
        facts = tuple(_stated(row) for row in group)
        documents = dict.fromkeys(f.document_id for f in facts)
        yield Department(str(key), facts, {i: _document(ask, i) for i in documents})


def outcomes(ask: Ask) -> list[tuple[str, int]]:
    """What became of the reports: compared, or why not, with how many reports each."""
    return [(str(outcome), int(count)) for outcome, count in ask(sql("compared_reports.sql"), [])]


def rows_between(check_id: str, extractors: dict[str, str], found: Sequence[Between]) -> tuple[list[Row], list[Row]]:
    """The rows of ``findings`` and ``finding_literals`` for findings between documents.

    ``extractors`` gives the extractor of each document's current reading; a finding belongs to that of its first document.
    """
    keys = (
        (b.document_id, b.other_document_id, b.finding.kind, b.finding.relation, b.finding.stated, places_of(b.finding))
        for b in found
    )
    findings: list[Row] = []
    literals: list[Row] = []
    for finding_id, between in zip(identities("f", keys), found, strict=True):
        ids = {"finding_id": finding_id, "extractor": extractors[between.document_id]}
        owner = {**ids, "document_id": between.document_id, "other_document_id": between.other_document_id}
        findings.append(finding_row({**owner, "run_id": check_id}, between.finding, between.owners))
        for position, (document_id, literal) in enumerate(zip(between.owners, between.finding.literals, strict=True)):
            literals.append(finding_literal_row({**ids, "document_id": document_id, "position": position}, literal))
    return findings, literals


def clear_statements() -> list[str]:
    """The statements that remove what touches some documents, to be run with ``document_ids``."""
    return [s for s in sql("clear_between.sql").split(";") if s.strip()]


def _stated(row: tuple[Any, ...]) -> Stated:
    (department, name, document_id, report_id, fiscal_year, record_id, path, measure, year, org, headings, *figure) = (
        row
    )
    field, printed, value, decimals, unit, start, stop, exponent, exact = figure
    literal = Literal(field, printed, value, decimals, unit, Span(start, stop), UnitSource.NONE, None, exponent, exact)
    return Stated(
        department,
        name,
        document_id,
        report_id,
        fiscal_year,
        record_id,
        tuple(path),
        measure,
        year,
        org,
        tuple(headings),
        literal,
    )


def _document(ask: Ask, document_id: str) -> Document:
    question = "SELECT document, path, sha256, encoding, text FROM documents WHERE document_id = ?"
    ((name, path, sha256, encoding, text),) = ask(question, [document_id])
    return Document(document_id, name, Path(path), sha256, encoding, text)


def sql(name: str) -> str:
    """A statement of this package."""
    return files("pipeline.store").joinpath(name).read_text(encoding="utf-8")
