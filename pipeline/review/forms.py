"""Review: the fields of a record as inputs of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.fields import FieldInfo, Sort
from schemas.registry import RECORD_TYPES
from schemas.values import Operator

PREFIX = "f."


@dataclass(frozen=True, slots=True)
class Input:
    """An input: its name in the form, the part of the field that it holds (empty where it is the whole), its text, the
    choices that it allows (any text where there are none), and whether it has several lines."""

    name: str
    part: str
    text: str
    choices: tuple[str, ...] = ()
    lines: bool = False


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field as a page shows it: its name and Chinese term, its value in words, and its inputs."""

    name: str
    term: str
    text: str
    inputs: tuple[Input, ...]


def shown_fields(record_type: str, values: Mapping[str, Any]) -> list[ShownField]:
    """The fields of a record; ``values`` are those of its JSON, whatever a model made of them."""
    fields = [
        ShownField(f.name, f.term, _words(values.get(f.name)), _inputs(f, values.get(f.name)))
        for f in _fields(record_type)
    ]
    quote = _text(values.get("quote"))
    return [*fields, ShownField("quote", "原文", quote, (Input(f"{PREFIX}quote", "", quote, lines=True),))]


def entered(record_type: str, form: Mapping[str, str]) -> dict[str, Any]:
    """The JSON of a record as a form gives it; an input that is left empty is null."""

    def text(name: str) -> str | None:
        return form.get(f"{PREFIX}{name}", "").replace("\r\n", "\n").strip() or None

    payload: dict[str, Any] = {"quote": text("quote") or ""}
    for field in _fields(record_type):
        name = field.name
        match field.sort:
            case Sort.MONEY:
                value = text(f"{name}.value")
                payload[name] = value and {"value": value, "unit": text(f"{name}.unit")}
            case Sort.QUANTITY:
                whole = text(f"{name}.text")
                parts = {part: text(f"{name}.{part}") for part in ("op", "value", "unit")}
                payload[name] = whole and {"text": whole, **parts}
            case Sort.LABELS:
                payload[name] = [line.strip() for line in (text(name) or "").splitlines() if line.strip()]
            case Sort.YEAR:
                year = text(name)
                payload[name] = int(year) if year and year.isdecimal() else year
            case _:
                payload[name] = text(name)
    return payload


def _fields(record_type: str) -> tuple[FieldInfo, ...]:
    found = RECORD_TYPES.get(record_type)
    return found.fields if found else ()


def _inputs(field: FieldInfo, value: Any) -> tuple[Input, ...]:
    name = f"{PREFIX}{field.name}"
    parts = value if isinstance(value, Mapping) else {}
    match field.sort:
        case Sort.MONEY:
            return tuple(Input(f"{name}.{p}", p, _text(parts.get(p))) for p in ("value", "unit"))
        case Sort.QUANTITY:
            return (
                Input(f"{name}.text", "text", _text(parts.get("text"))),
                Input(f"{name}.op", "op", _text(parts.get("op")), ("", *Operator)),
                Input(f"{name}.value", "value", _text(parts.get("value"))),
                Input(f"{name}.unit", "unit", _text(parts.get("unit"))),
            )
        case Sort.LABELS:
            labels = value if isinstance(value, list | tuple) else []
            return (Input(name, "", "\n".join(map(_text, labels)), lines=True),)
        case Sort.CODE:
            return (Input(name, "", _text(value), field.codes if field.required else ("", *field.codes)),)
        case Sort.TEXT:
            return (Input(name, "", _text(value), lines=len(_text(value)) > 40),)
    return (Input(name, "", _text(value)),)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _words(value: Any) -> str:
    """A value for reading: 1136.01万元, ≥12%, 支出 › 基本支出."""
    match value:
        case None:
            return ""
        case {"text": text}:
            return _text(text)
        case {"value": number, "unit": unit}:
            return f"{_text(number)}{_text(unit)}"
        case list() | tuple():
            return " › ".join(map(_text, value))
    return _text(value)
