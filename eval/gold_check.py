"""Eval: whether a gold file keeps the rules of annotation (verbatim, as printed, every quote pinned to one place)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.gold import ENVELOPE, GoldError, read_json, read_report
from pipeline.flow import Severity
from schemas.fields import FieldInfo, Sort
from schemas.registry import RECORD_TYPES
from schemas.relations import FindingKind
from schemas.values import plain_number, squeeze

MAX_QUOTE = 400
_NOT_VERBATIM = frozenset({"seq", "question_no", "unit", "grade"})
"""Labels that the text prints in another form (a bare number, a declared unit, a grade without its quotes)."""


def gold_problems(path: Path, reports_dir: Path) -> list[str]:
    """Everything that is wrong with a gold file, one sentence each; empty where it keeps every rule."""
    try:
        data, _ = read_json(path)
        document = read_report(path, data, reports_dir)
    except GoldError as error:
        return [str(error)]
    text = document.text
    problems = []
    if data.get("sha256") != document.sha256:
        problems.append(f"sha256 is not the document's, which is {document.sha256}")
    unknown = set(data) - {"doc", "sha256", "findings", "near_misses", *RECORD_TYPES}
    if unknown:
        problems.append(f"unknown keys {sorted(unknown)}")
    flat = squeeze(text)
    ids = {r.get("id") for r in data.get("reports", [])}
    if len(ids) != len(data.get("reports", [])):
        problems.append("reports: two have the same id")
    for name in RECORD_TYPES:
        for index, entry in enumerate(data.get(name, [])):
            problems.extend(f"{name}[{index}]{p}" for p in _record_problems(name, entry, text, flat, ids))
    for key in ("findings", "near_misses"):
        for index, entry in enumerate(data.get(key, [])):
            problems.extend(f"{key}[{index}]: {p}" for p in _finding_problems(key, entry, text))
    return problems


def _record_problems(name: str, entry: Mapping[str, Any], text: str, flat: str, ids: set[Any]) -> Iterator[str]:
    record_type = RECORD_TYPES[name]
    fields = {f.name: f for f in record_type.fields}
    own = {"id"} if name == "reports" else set()
    missing = [f for f in (*fields, *own) if f not in entry]
    extra = sorted(set(entry) - set(fields) - ENVELOPE - own)
    if missing or extra:
        yield f": missing {missing}, unknown {extra}"
        return
    try:
        record_type.model.model_validate({k: entry[k] for k in (*fields, "quote") if k in entry})
    except ValidationError as error:
        for detail in error.errors():
            yield f".{'.'.join(map(str, detail['loc']))}: {detail['msg']}"
    if name != "reports" and entry.get("report") not in ids:
        yield f": unknown report {entry.get('report')!r}"
    yield from _quote_problems(entry, text)
    for field in fields.values():
        if entry[field.name] is not None:
            yield from (f".{field.name}: {p}" for p in _value_problems(field, entry[field.name], flat))
    value, quote = entry.get("value"), entry.get("quote") or ""
    if name == "budget_facts" and isinstance(value, str) and value.lstrip("-") not in str(plain_number(quote)):
        yield f": its value {value} is not in its quote {quote[:60]!r}"


def _quote_problems(entry: Mapping[str, Any], text: str) -> Iterator[str]:
    quote, occurrence = entry.get("quote") or "", entry.get("occurrence")
    count = text.count(quote) if quote else 0
    if not count:
        yield f": its quote is missing or not verbatim: {quote[:60]!r}"
    elif len(quote) > MAX_QUOTE:
        yield f": its quote has {len(quote)} characters, more than {MAX_QUOTE}"
    elif count > 1 and not (isinstance(occurrence, int) and 1 <= occurrence <= count):
        yield f": its quote stands {count} times; give its occurrence: {quote[:60]!r}"
    elif occurrence is not None and not (isinstance(occurrence, int) and 1 <= occurrence <= count):
        yield f": occurrence {occurrence!r} of a quote that stands {count} times: {quote[:60]!r}"


def _value_problems(field: FieldInfo, value: Any, flat: str) -> Iterator[str]:
    shape = {Sort.MONEY: {"value", "unit"}, Sort.QUANTITY: {"text", "op", "value", "unit"}}.get(field.sort)
    if shape and isinstance(value, dict):
        if set(value) != shape:
            yield f"needs {sorted(shape)} and nothing else"
            return
        if value["value"] is not None and value["value"] != plain_number(value["value"]):
            yield f"{value['value']!r} has separators or spaces"
        if field.sort is Sort.QUANTITY and squeeze(value["text"]) not in flat:
            yield f"its text is not verbatim: {value['text'][:50]!r}"
    elif field.sort is Sort.NUMBER and value != plain_number(value):
        yield f"{value!r} has separators or spaces"
    elif field.sort in (Sort.TEXT, Sort.LABEL) and field.name not in _NOT_VERBATIM and squeeze(str(value)) not in flat:
        yield f"not verbatim: {str(value)[:60]!r}"
    elif field.sort is Sort.LABELS and not all(isinstance(v, str) and v.strip() for v in value):
        yield "a list of labels is needed"


def _finding_problems(key: str, entry: Mapping[str, Any], text: str) -> Iterator[str]:
    if key == "findings":
        if entry.get("kind") not in set(FindingKind) or entry.get("severity") not in set(Severity):
            yield f"kind {entry.get('kind')!r} or severity {entry.get('severity')!r} is none that we know"
        if not isinstance(entry.get("required"), bool):
            yield "required must be true or false"
    if not entry.get("message"):
        yield "a message is needed"
    for quote in entry.get("quotes") or [""]:
        if not quote or quote not in text:
            yield f"quote not verbatim: {quote[:60]!r}"
