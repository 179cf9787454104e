"""The store's way back to records: the model of a record from its stored columns and the figures as they are printed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.store.errors import StoreError
from pipeline.store.records import column_of, columns_of
from schemas.fields import FieldInfo, Record, Sort
from schemas.registry import RECORD_TYPES
from schemas.values import Span, plain_number

Execute = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]

_FIGURES = """
    SELECT field, printed, value, decimals, "start", "stop" FROM literals
    WHERE document_id = ? AND extractor = ? AND record_id = ?
"""


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it is stored: its fields as printed, its place, and the places of its figures by field."""

    record_id: str
    record_type: str
    record: Record
    document_id: str
    report_id: str
    chunk_id: str
    extractor: str
    status: str
    quote_span: Span
    places: Mapping[str, Span]


def stored_record(execute: Execute, record_type: str, record_id: str, extractor: str) -> StoredRecord:
    """A record of one extractor.

    Raises:
        StoreError: there is no such record.
    """
    names = [c.name for c in columns_of(RECORD_TYPES[record_type])]
    listed = ", ".join(f'"{n}"' for n in names)
    sql = f"SELECT {listed} FROM {record_type} WHERE record_id = ? AND extractor = ?"  # noqa: S608
    rows = execute(sql, [record_id, extractor])
    if not rows:
        raise StoreError(f"There is no record {record_id} of {extractor}.")
    row = dict(zip(names, rows[0], strict=True))
    figures = {
        field: (_printed(printed, value, decimals), Span(start, stop))
        for field, printed, value, decimals, start, stop in execute(
            _FIGURES, [row["document_id"], extractor, record_id]
        )
    }
    numbers = {field: number for field, (number, _) in figures.items()}
    fields = RECORD_TYPES[record_type].fields
    values = {f.name: _value(f, row, numbers.get(f.name)) for f in fields}
    return StoredRecord(
        record_id=record_id,
        record_type=record_type,
        record=RECORD_TYPES[record_type].model.model_validate({**values, "quote": row["quote"]}),
        document_id=row["document_id"],
        report_id=row["report_id"],
        chunk_id=row["chunk_id"],
        extractor=extractor,
        status=row["status"],
        quote_span=Span(row["quote_start"], row["quote_stop"]),
        places={field: span for field, (_, span) in figures.items()},
    )


def _printed(printed: str, value: Decimal, decimals: int) -> str:
    """A figure as its record holds it: 95.50 with its two decimals."""
    plain = str(plain_number(printed))
    try:
        return plain if Decimal(plain) == value else f"{value:.{decimals}f}"
    except ArithmeticError:
        return f"{value:.{decimals}f}"


def _value(field: FieldInfo, row: Mapping[str, Any], number: str | None) -> Any:
    name = column_of(field)
    value = row[name]
    if value is None:
        return None
    match field.sort:
        case Sort.MONEY:
            return {"value": number, "unit": row[f"{name}_unit"]}
        case Sort.QUANTITY:
            return {"text": value, "op": row[f"{name}_op"], "value": number, "unit": row[f"{name}_unit"]}
        case Sort.NUMBER:
            return number
        case Sort.DATE:
            return value.isoformat() if isinstance(value, date) else value
        case _:
            return value


def as_json(record: Record) -> str:
    """A record as reviews keep it."""
    return json.dumps(record.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
