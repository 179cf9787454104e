"""Eval: what a database holds of the gold documents, read through the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.gold import GoldDocument
from eval.items import Item
from eval.predicted import PredictedDocument, PredictedFinding, from_payload, from_row
from pipeline.flow import Status
from pipeline.store import Store, StoreError
from schemas.registry import RECORD_TYPES
from schemas.relations import FindingKind
from schemas.values import Span


class StoredError(Exception):
    """A database that does not hold what is to be scored: says what is missing and what to do."""


def stored_in(path: Path, documents: Sequence[GoldDocument], extractor: str | None = None) -> list[PredictedDocument]:
    """What a database holds of each document, as the extractor read it (by default the one that read it last).

    Raises:
        StoredError: the file is no database of ours, or lacks a document, its version or its extractor.
    """
    try:
        with Store.open(path, read_only=True) as store:
            return [_document(store, path, gold, extractor) for gold in documents]
    except StoreError as error:
        raise StoredError(str(error)) from error


def _document(store: Store, path: Path, gold: GoldDocument, extractor: str | None) -> PredictedDocument:
    held = _rows(store, "documents", "document")
    named = [r for r in held if r["document"] == gold.name]
    if not named:
        names = ", ".join(r["document"] for r in held) or "none"
        raise StoredError(f"{path} holds no document {gold.name} (it holds {names}): name those to score with --doc")
    row = next((r for r in named if r["sha256"] == gold.sha256), None)
    if row is None:
        raise StoredError(f"{path} holds another version of {gold.name}: run the report that the gold annotates")
    owner = {"document_id": row["document_id"], "extractor": extractor or row["extractor"]}
    if extractor and not _rows(store, "chunks", "position", **owner):
        last = row["extractor"]
        raise StoredError(f"{path} holds no reading of {gold.name} by {extractor}: its last reading is by {last}")
    items = [*_records(store, owner), *_quarantined(store, owner, gold.text)]
    return PredictedDocument(
        name=gold.name,
        records=tuple(i for i in items if i is not None),
        findings=tuple(_findings(store, owner)),
        unreadable=sum(i is None for i in items),
        failed_chunks=len(_rows(store, "chunks", "position", **owner, status="failed")),
        codes=tuple(r["code"] for r in _rows(store, "quarantine", "rejection_id", **owner)),
    )


def _records(store: Store, owner: Mapping[str, str]) -> Iterator[Item]:
    figures: dict[str, list[tuple[str, str, Span]]] = {}
    for row in _rows(store, "literals", "literal_id", **owner):
        figure = (row["field"], row["printed"], Span(row["start"], row["stop"]))
        figures.setdefault(row["record_id"], []).append(figure)
    for name in RECORD_TYPES:
        for index, row in enumerate(_rows(store, name, "quote_start, record_id", **owner)):
            item = Item(
                record_type=name,
                report_id=row["report_id"],
                values={},
                quote=row["quote"],
                span=Span(row["quote_start"], row["quote_stop"]),
                status=Status(row["status"]),
                index=index,
            )
            yield from_row(item, row, figures.get(row["record_id"], []))


def _quarantined(store: Store, owner: Mapping[str, str], text: str) -> Iterator[Item | None]:
    for index, row in enumerate(_rows(store, "quarantine", "rejection_id", **owner)):
        yield from_payload(text, row["record_type"], row["report_id"], row["payload"], index)


def _findings(store: Store, owner: Mapping[str, str]) -> Iterator[PredictedFinding]:
    spans: dict[str, list[Span]] = {}
    for row in _rows(store, "finding_literals", "finding_id, position", **owner):
        spans.setdefault(row["finding_id"], []).append(Span(row["start"], row["stop"]))
    for row in _rows(store, "findings", "finding_id", **owner):
        if row["other_document_id"] is not None:
            continue  # what two documents say of each other is no finding of one
        places = tuple(spans.get(row["finding_id"], ()))
        yield PredictedFinding(FindingKind(row["kind"]), row["message"], places)


def _rows(store: Store, table: str, order: str, **equals: str) -> list[dict[str, Any]]:
    """The rows of a table in which columns have these values."""
    where = " AND ".join(f"{column} = {_quoted(value)}" for column, value in equals.items()) or "true"
    result = store.query(f"SELECT * FROM {table} WHERE {where} ORDER BY {order}")  # noqa: S608 - names are ours
    return [dict(zip(result.columns, values, strict=True)) for values in result.rows]


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
