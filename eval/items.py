"""Eval: what is compared, gold or predicted, and the literals of its figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from pipeline.flow import Status
from schemas.fields import FieldInfo, Record, Sort
from schemas.registry import RECORD_TYPES
from schemas.values import Money, Quantity, Span

Value = Money | Quantity | str | int | tuple[str, ...]
"""A field's value as its model holds it; numbers are printed strings."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A record of a document, gold or predicted.

    ``values`` holds its fields that are not null. ``span`` is its quote's place and ``places`` the digits of its
    figures, each missing where it is not known. ``status`` is None for gold; ``index`` counts the records of a type.
    """

    record_type: str
    report_id: str | None
    values: Mapping[str, Value]
    quote: str
    span: Span | None
    status: Status | None = None
    index: int = 0
    places: Mapping[str, Span] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The name that a reader knows the record by."""
        return show(self.values.get(RECORD_TYPES[self.record_type].label_field)) or self.quote[:40]


@dataclass(frozen=True, slots=True)
class ScoredField:
    """A field as it is scored; ``unit_field`` names the field that holds a bare number's unit (scored with it)."""

    name: str
    sort: Sort
    unit_field: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number with its unit: equal figures have the same value, the same digits and the same unit."""

    printed: str
    unit: str | None

    @property
    def value(self) -> Decimal:
        """The number."""
        return Decimal(self.printed)


@cache
def scored_fields(record_type: str) -> tuple[ScoredField, ...]:
    """The fields of a record type that are scored: all, but a ``unit`` beside a bare ``value`` counts with it."""
    fields: tuple[FieldInfo, ...] = RECORD_TYPES[record_type].fields
    names = {f.name for f in fields}
    folded = {"value": "unit"} if {"value", "unit"} <= names else {}
    return tuple(ScoredField(f.name, f.sort, folded.get(f.name)) for f in fields if f.name not in folded.values())


def values_of(record: Record) -> dict[str, Value]:
    """A record's fields that are not null and not blank, without its quote."""
    found: dict[str, Value] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name != "quote" and value is not None and value != () and not (isinstance(value, str) and not value.strip()):
            found[name] = str(value) if isinstance(value, str) else value
    return found


def figure_of(scored: ScoredField, values: Mapping[str, Value]) -> Figure | None:
    """The figure that a field holds, None where it holds none."""
    value = values.get(scored.name)
    if isinstance(value, Money | Quantity):
        return None if value.value is None else Figure(value.value, value.unit)
    if scored.sort is Sort.NUMBER and isinstance(value, str):
        unit = values.get(scored.unit_field) if scored.unit_field else None
        return Figure(value, unit if isinstance(unit, str) else None)
    return None


def with_printed(value: Value, printed: str) -> Value:
    """The value with its number as the text prints it; unchanged where the digits do not stand for the same number."""
    number = value.value if isinstance(value, Money | Quantity) else value
    if not isinstance(number, str) or Decimal(number) != Decimal(printed):
        return value
    return value.model_copy(update={"value": printed}) if isinstance(value, Money | Quantity) else printed


def find_figure(text: str, printed: str, within: Span) -> Span | None:
    """Where the digits of a figure first stand in a passage, separators, full-width forms and line breaks aside."""
    match = _numeral(printed).search(text, within.start, within.stop)
    return Span(*match.span()) if match else None


def nearest_figure(text: str, figure: Figure, place: Span) -> Span | None:
    """Where a figure stands closest to a place, with its unit after it if it stands so anywhere; None for nowhere."""
    found = [Span(*m.span()) for m in _numeral(figure.printed).finditer(text)]
    with_unit = [s for s in found if figure.unit and text[s.stop : s.stop + 8].lstrip().startswith(figure.unit)]
    return min(with_unit or found, key=lambda s: max(s.start - place.stop, place.start - s.stop), default=None)


@cache
def _numeral(printed: str) -> re.Pattern[str]:
    wide = {".": "[.．]", "-": "[-－−﹣]"}
    characters = (wide.get(c) or f"[{c}{chr(ord(c) + 0xFEE0)}]" for c in printed)
    return re.compile(
        r"(?<![0-9０-９])(?<![0-9０-９][.．])"
        + r"[,，\s]*".join(characters)
        + r"(?![0-9０-９]|[.．][0-9０-９]|,[0-9]{3})"
    )


def show(value: Any) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return f"{value.value}{value.unit or ''}"
    if isinstance(value, Quantity):
        return value.text
    if isinstance(value, tuple):
        return " / ".join(value)
    return str(value)
