"""The store's record tables, generated from the models: one table per record type, one or more columns per field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from pipeline.flow import Decision, Document, Draft
from schemas.fields import FieldInfo, Record, Sort
from schemas.registry import RECORD_TYPES, RecordType
from schemas.reports import Report

FIGURE = "DECIMAL(38, 10)"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a record table; ``type`` as CREATE TABLE takes it."""

    name: str
    type: str
    comment: str


COMMON = (
    Column("record_id", "VARCHAR NOT NULL", "id that follows from the document and what the record states (记录编号)"),
    Column("document_id", "VARCHAR NOT NULL", "document that states it (文档编号)"),
    Column("document", "VARCHAR NOT NULL", "stem of the document's file name (文档名)"),
    Column("report_id", "VARCHAR NOT NULL", "report inside the document, r1, r2 … (报告编号)"),
    Column("run_id", "VARCHAR NOT NULL", "run that read it, or review that decided it (运行编号)"),
    Column("chunk_id", "VARCHAR NOT NULL", "chunk that it was read from (文本块编号)"),
    Column("extractor", "VARCHAR NOT NULL", "extractor that read it, or review 人工复核 (抽取器)"),
    Column(
        "status", "VARCHAR NOT NULL", "accepted 接受; flagged 存疑: read well, but the report contradicts itself (状态)"
    ),
    Column("quote", "VARCHAR NOT NULL", "verbatim text from quote_start to quote_stop that states the record (原文)"),
    Column("quote_start", "INTEGER NOT NULL", "first code point of the quote in the text, from 0 (原文起点)"),
    Column("quote_stop", "INTEGER NOT NULL", "code point after the quote (原文终点)"),
    Column(
        "text_score", "DECIMAL(7, 6) NOT NULL", "lowest likeness of its prose to the text, 1 is verbatim (文字相似度)"
    ),
    Column("reading", "BIGINT NOT NULL", "number of the reading that it belongs to, in readings (读取序号)"),
)
"""The columns that every record table begins with."""

KEPT = (
    Column("report_department", "VARCHAR", "department that its report is about (报告所评单位)"),
    Column("report_year", "INTEGER", "fiscal year that its report is about (报告所评年度)"),
    Column("stands", "BOOLEAN NOT NULL DEFAULT true", "whether it stands after review (是否有效)"),
    Column("review", "VARCHAR", "what a person decided about it, null where nobody did (复核)"),
    Column(
        "current", "BOOLEAN NOT NULL DEFAULT true", "whether its reading is the document's current one (是否当前读取)"
    ),
)
"""The columns that every record table ends with: what views ask about a record, kept in its row (place_records.sql)."""

_COMMON_NAMES = frozenset(c.name for c in (*COMMON, *KEPT))
_PLAIN_TYPES = {Sort.NUMBER: FIGURE, Sort.LABELS: "VARCHAR[]", Sort.YEAR: "INTEGER", Sort.DATE: "DATE"}


def column_of(field: FieldInfo) -> str:
    """The column of a field: its name, but ``stated_<name>`` where every record table has a column of that name
    (projects print a ``status`` of their own)."""
    return f"stated_{field.name}" if field.name in _COMMON_NAMES else field.name


def field_columns(field: FieldInfo) -> Iterator[Column]:
    """The columns that hold a field."""
    name, about = column_of(field), f"{field.description} ({field.term})"
    if field.sort is Sort.MONEY:
        yield Column(name, FIGURE, f"{about}, the number as printed")
        yield Column(f"{name}_unit", "VARCHAR", f"unit of {name} as printed or declared ({field.term}的单位)")
    elif field.sort is Sort.QUANTITY:
        yield Column(name, "VARCHAR", f"{about}, verbatim")
        yield Column(f"{name}_op", "VARCHAR", f"bound that {name} sets: ≥ ≤ > < =, else null ({field.term}的比较符)")
        yield Column(f"{name}_value", FIGURE, f"number of {name} where it is a single one ({field.term}的数值)")
        yield Column(f"{name}_unit", "VARCHAR", f"unit of {name}_value as printed ({field.term}的单位)")
    else:
        kind = _PLAIN_TYPES.get(field.sort, "VARCHAR")
        yield Column(name, f"{kind} NOT NULL" if field.required else kind, about)


def columns_of(record_type: RecordType) -> tuple[Column, ...]:
    """Every column of a record type's table."""
    return (*COMMON, *(c for field in record_type.fields for c in field_columns(field)))


def record_tables() -> str:
    """The DDL of all record tables with their comments."""
    return "\n".join(_table(t) for t in RECORD_TYPES.values())


def _table(record_type: RecordType) -> str:
    columns = (*columns_of(record_type), *KEPT)
    body = ",\n    ".join(f'"{c.name}" {c.type}' for c in columns)
    about = " ".join((record_type.model.__doc__ or "").split())
    comments = [f"COMMENT ON TABLE {record_type.name} IS {_text(f'{record_type.term}. {about}')};"]
    comments += [f'COMMENT ON COLUMN {record_type.name}."{c.name}" IS {_text(c.comment)};' for c in columns]
    return "\n".join([f"CREATE TABLE {record_type.name} (\n    {body}\n);", *comments])


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


REVIEWER = "review"
"""The extractor of records that a person corrected or took out of quarantine."""


def current_views() -> str:
    """The DDL of a view for each record type: its records as they are read now, after review."""
    return "\n".join(_current(t) for t in RECORD_TYPES.values())


def _current(record_type: RecordType) -> str:
    name, template = record_type.name, files("pipeline.store").joinpath("current.sql").read_text(encoding="utf-8")
    about = f"The rows of {name} that stand: those of the current readings, as reviews leave them ({record_type.term})."
    comments = [f"COMMENT ON VIEW current_{name} IS {_text(about)};"]
    comments += [f'COMMENT ON COLUMN current_{name}."{c.name}" IS {_text(c.comment)};' for c in columns_of(record_type)]
    return "\n".join([template.replace("record_table", name), *comments])


def all_records() -> str:
    """A query over all record tables with their common columns, a ``record_type``, a ``label`` and a year of their own."""
    common = ", ".join(c.name for c in (*COMMON, *KEPT))
    return "\nUNION ALL BY NAME ".join(
        f"FROM {t.name} SELECT '{t.name}' AS record_type, {common}, {_label(t)} AS label, {_year(t)} AS own_year"
        for t in RECORD_TYPES.values()
    )


def _label(record_type: RecordType) -> str:
    """What a record is called: its label field, the last of several labels, the finest level that is filled."""
    field, levels = _label_fields(record_type.name)
    if field.sort is Sort.LABELS:
        return f'"{column_of(field)}"[-1]'
    return f"coalesce({', '.join(levels)})" if len(levels) > 1 else f'"{column_of(field)}"'


def _year(record_type: RecordType) -> str:
    return next((column_of(f) for f in record_type.fields if f.sort is Sort.YEAR), "NULL::INTEGER")


def states_of_records() -> str:
    """A query over all record tables for the id, reading, status and review of each record."""
    return "\nUNION ALL ".join(
        f"FROM {t} SELECT record_id, reading, status, stands, review, extractor" for t in RECORD_TYPES
    )


class Head(NamedTuple):
    """The department and fiscal year that a report is about, as far as its records say so."""

    department: str | None = None
    year: int | None = None


def heads_of(decisions: Sequence[Decision]) -> dict[str, Head]:
    """What the reports of a document are about, as derived.now_report_heads has it: what is said first."""
    heads: dict[str, Head] = {}
    saying = [d for d in decisions if d.grounded.draft.record_type == "reports"]
    for decision in sorted(saying, key=lambda d: (d.grounded.quote_span.start, d.grounded.record_id)):
        draft = decision.grounded.draft
        assert isinstance(draft.record, Report)
        head = heads.get(draft.report_id, Head())
        department = draft.record.department if head.department is None else head.department
        year = draft.record.fiscal_year if head.year is None else head.year
        heads[draft.report_id] = Head(department, year)
    return heads


def said_of(decision: Decision, head: Head) -> dict[str, Any]:
    """What the rows of a record's figures repeat of it, as the views say it: label, year, status and report."""
    draft = decision.grounded.draft
    named = _first_of(draft.record_type, Sort.YEAR)
    own = getattr(draft.record, named) if named else None
    return {
        "label": _called(draft.record_type, draft.record),
        "own_year": own,
        "year": head.year if own is None else own,
        "status": decision.status,
        "report_id": draft.report_id,
    }


def _called(record_type: str, record: Record) -> str | None:
    field, levels = _label_fields(record_type)
    if field.sort is Sort.LABELS:
        labels = getattr(record, field.name)
        return str(labels[-1]) if labels else None
    return next((str(value) for name in levels if (value := getattr(record, name)) is not None), None)


@cache
def _first_of(record_type: str, sort: Sort) -> str | None:
    """The first field of a sort, None where the type has none."""
    return next((f.name for f in RECORD_TYPES[record_type].fields if f.sort is sort), None)


@cache
def _label_fields(record_type: str) -> tuple[FieldInfo, list[str]]:
    """The field that says what a record is called, and the fields that do so by the finest level that is filled."""
    fields, named = RECORD_TYPES[record_type].fields, RECORD_TYPES[record_type].label_field
    field = next(f for f in fields if f.name == named)
    stem = re.sub(r"\d+$", "", field.name)
    if stem == field.name:
        return field, [field.name]
    return field, sorted((f.name for f in fields if re.fullmatch(rf"{stem}\d+", f.name)), reverse=True)


def record_row(owner: dict[str, Any], document: Document, decision: Decision, head: Head) -> dict[str, Any]:
    """The row of an accepted or flagged record, figures as strings; ``owner`` says whose reading it is, ``head`` what its
    report is about."""
    grounded = decision.grounded
    draft, quote = grounded.draft, grounded.quote_span
    row: dict[str, Any] = {
        **owner,
        "record_id": grounded.record_id,
        "report_id": draft.report_id,
        "chunk_id": draft.chunk_id,
        "status": decision.status,
        "quote": document.slice(quote),
        "quote_start": quote.start,
        "quote_stop": quote.stop,
        "text_score": f"{grounded.text_score:f}",
    }
    for field in RECORD_TYPES[draft.record_type].fields:
        row.update(_cells(field, getattr(draft.record, field.name)))
    row["report_department"], row["report_year"] = head
    return row


def _cells(field: FieldInfo, value: Any) -> dict[str, Any]:
    name = column_of(field)
    match field.sort:
        case Sort.MONEY:
            return {name: value and value.value, f"{name}_unit": value and value.unit}
        case Sort.QUANTITY:
            parts = {f"{name}_{part}": value and getattr(value, part) for part in ("op", "value", "unit")}
            return {name: value and value.text, **parts}
        case _:
            return {name: value}


def impossible_date(draft: Draft) -> str | None:
    """What is wrong with a record's date that no calendar holds (a report dated 2023-02-30), which no column takes."""
    for name in _dates(draft.record_type):
        value = getattr(draft.record, name)
        if value is not None and not _is_day(value):
            return f"{name} is {value}, which is no day of the calendar"
    return None


@cache
def _dates(record_type: str) -> tuple[str, ...]:
    return tuple(f.name for f in RECORD_TYPES[record_type].fields if f.sort is Sort.DATE)


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
