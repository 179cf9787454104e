"""Extraction (llm): the short forms of replies, which cost less than a record in full.

A reply says ``"60万元"`` for the money ``{"value": "60", "unit": "万元"}`` and ``"≥12%"`` for the quantity ``{"text": "≥12%",
"op": "≥", "value": "12", "unit": "%"}``: the parts follow from the text, and grounding demands that they do. Where sign and
unit of a quantity have columns of their own, it says ``"≥|12|%"``. Words that are those of the record before are said
with a ditto mark, and nothing is said of what is not printed. Records in full are read as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from pipeline.quantities import quantity_of
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES

DITTO = "〃"
"""What stands for the words of the same field of the record before, as in printed tables."""

_COLUMNS = re.compile(r"\s*(?P<op>[≥≤><=＞＜≧≦]?)\s*\|(?P<text>[^|]+)\|(?P<unit>[^|]*)")
_AMOUNT = re.compile(r"\s*([-－−﹣]?[0-9０-９][0-9０-９,，.．\s]*)(.*?)\s*", re.DOTALL)


def written_out(record_type: str, payload: Any) -> Any:
    """A payload with its money and quantities in full, and null for empty strings and for figures without content, as blank
    cells are; anything else than an object as it is."""
    if not isinstance(payload, dict):
        return payload
    full = {key: _null_if_blank(value) for key, value in payload.items()}
    for field in RECORD_TYPES[record_type].fields:
        if field.sort in _WRITTEN_OUT and full.get(field.name) is not None:
            full[field.name] = _WRITTEN_OUT[field.sort](full[field.name])
    return full


def without_dittos(record_type: str, payload: Any, before: Any) -> Any:
    """A payload with the words of the record before it, as that was given without dittos, where it says ``DITTO``. Where that
    has none, the mark stays, and grounding refuses it."""
    if not (isinstance(payload, dict) and isinstance(before, dict)):
        return payload
    repeated = {
        key: before[key]
        for key, value in payload.items()
        if value == DITTO and key in _worded(record_type) and isinstance(before.get(key), str)
    }
    return payload | repeated


def shortened(record_type: str, payload: dict[str, Any]) -> dict[str, Any]:
    """A payload as a reply says it shortest: ``written_out`` gives the same figures again."""
    short = {key: value for key, value in payload.items() if value is not None}
    for field in RECORD_TYPES[record_type].fields:
        if field.sort in _WRITTEN_OUT and isinstance(short.get(field.name), dict):
            short[field.name] = _shortest(field.sort, short[field.name])
    return short


def with_dittos(record_type: str, payloads: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The payloads of a list as a reply says them shortest: ``without_dittos`` gives them again, one after another."""
    words = _worded(record_type)
    befores: list[dict[str, Any]] = [{}, *payloads]
    return [
        {key: DITTO if key in words and value == before.get(key) else value for key, value in payload.items()}
        for before, payload in zip(befores, payloads, strict=False)
    ]


@cache
def _worded(record_type: str) -> frozenset[str]:
    """The fields of a record type that hold words."""
    return frozenset(f.name for f in RECORD_TYPES[record_type].fields if f.sort in {Sort.TEXT, Sort.LABEL})


def _shortest(sort: Sort, figure: dict[str, Any]) -> Any:
    """The shortest form of a figure that says the same."""
    said = _printed(figure)
    forms = [f"{said.get('value')}{said.get('unit', '')}"]
    if sort is Sort.QUANTITY:
        forms = [said.get("text", ""), f"{said.get('op', '')}|{said.get('text')}|{said.get('unit', '')}"]
    return next((form for form in forms if form and _printed(_WRITTEN_OUT[sort](form)) == said), figure)


def _printed(figure: Any) -> dict[str, Any]:
    return {key: value for key, value in (figure or {}).items() if value is not None}


def _money(said: Any) -> Any:
    """An amount in its parts: the number and, behind it, the unit."""
    if isinstance(said, dict):
        inner = {key: _null_if_blank(value) for key, value in said.items()}
        return inner if inner.get("value") is not None else None
    found = _AMOUNT.fullmatch(said) if isinstance(said, str) else None
    return {"value": found[1].strip(), "unit": found[2] or None} if found else {"value": said}


def _quantity(said: Any) -> Any:
    """A quantity in its parts, those that are not given as its text has them."""
    if isinstance(said, dict):
        inner = {key: _null_if_blank(value) for key, value in said.items()}
        return inner if inner.get("text") is not None else None
    if not isinstance(said, str):
        return {"text": said}
    cells = _COLUMNS.fullmatch(said)
    text = _null_if_blank(cells["text"] if cells else said)
    found = quantity_of(text)[0] if text else None
    given = {key: value for key in ("op", "unit") if cells and (value := cells[key].strip())}
    return found and found.model_dump(mode="json") | given


_WRITTEN_OUT: dict[Sort, Callable[[Any], Any]] = {Sort.MONEY: _money, Sort.QUANTITY: _quantity}


def _null_if_blank(value: Any) -> Any:
    """A model's ways of saying that nothing is there: an empty string, or the word null where null was meant."""
    return None if isinstance(value, str) and value.strip().lower() in {"", "null", "none"} else value
