"""Extraction (llm): the shape a reply must have, built from the fields of the record types that a chunk can hold."""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from instructor import ResponseSchema
from pydantic import create_model

from schemas.fields import FieldInfo, Sort
from schemas.registry import RECORD_TYPES

Schema = dict[str, Any]

PROMPT_ORDER = (
    "budget_facts",
    "projects",
    "tasks",
    "reports",
    "issues",
    "score_lines",
    "indicators",
    "survey_answers",
)
"""The record types, those first that most chunks can hold, so that prompts for different types have much of their beginning in
common, which an endpoint's cache keeps."""

_STRING: Schema = {"type": "string"}
_FIGURE: Schema = {"$ref": "#/$defs/n"}
_SHAPES: dict[Sort, Schema] = {
    Sort.NUMBER: _FIGURE,
    Sort.LABELS: {"type": "array", "items": _STRING},
    Sort.YEAR: {"type": "integer"},
}
"""What is not a string; ``short_forms.py`` says how money and quantities are written."""
_DEFINITIONS: Schema = {"n": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}}


class Reply(ResponseSchema):
    """What instructor's handlers take a reply's JSON schema from; replies are read by ``reading.py``."""

    sent: ClassVar[Schema] = {}

    @classmethod
    def model_json_schema(cls, *_: Any, **__: Any) -> Schema:
        """The schema as it is sent; a new outer dictionary at each call."""
        return dict(cls.sent)


@cache
def reading_model(types: tuple[str, ...], *, exact: bool) -> type[Reply]:
    """The reply to a chunk: a list of records for each of the given types.

    Args:
        types: the names of record types.
        exact: whether decoding is exact (``exactly``).
    """
    return _reply("Reading", {name: _list_of(_record(name)) for name in types}, exact=exact)


@cache
def repair_model(types: tuple[str, ...], *, exact: bool) -> type[Reply]:
    """The reply to a repair request: by type, each failing record by its number, null where it is taken back."""
    entries = {name: {"no": {"type": "integer"}, "record": _or_null(_record(name))} for name in types}
    return _reply("Repair", {name: _list_of(_object(entry)) for name, entry in entries.items()}, exact=exact)


@cache
def cells_model(*, exact: bool) -> type[Reply]:
    """The reply to a second reading: each cell's number and the figure that is printed in it."""
    cell = _object({"no": {"type": "integer"}, "value": _or_null(_FIGURE)}, ("no",))
    return _reply("Cells", {"cells": _list_of(cell)}, exact=exact)


def in_prompt_order(types: tuple[str, ...] | list[str] | set[str]) -> tuple[str, ...]:
    """Names of record types in the order in which prompts have them.

    Raises:
        KeyError: a name that is no record type.
    """
    for name in types:
        RECORD_TYPES[name]
    return tuple(name for name in PROMPT_ORDER if name in types)


def exactly(schema: Schema) -> Schema:
    """A schema in the subset that exact decoding accepts: every field is required, and null where it is not printed.

    It is longer, and so are the replies, which say null for each field that is not printed.
    """
    exact = {key: _exact_inside(key, value) for key, value in schema.items()}
    if "properties" in schema:
        needed = schema.get("required", ())
        fields = exact["properties"].items()
        exact["properties"] = {name: field if name in needed else _or_null(field) for name, field in fields}
        exact |= {"required": list(exact["properties"]), "additionalProperties": False}
    return exact


def _exact_inside(key: str, value: Any) -> Any:
    if key in {"properties", "$defs"}:
        return {name: exactly(inner) for name, inner in value.items()}
    if isinstance(value, dict):
        return exactly(value)
    return [exactly(v) if isinstance(v, dict) else v for v in value] if isinstance(value, list) else value


def _reply(name: str, lists: Schema, *, exact: bool) -> type[Reply]:
    """A reply of some lists, with the definitions that it needs."""
    schema = _object(lists)
    said = str(schema)
    if used := {key: value for key, value in _DEFINITIONS.items() if f"#/$defs/{key}" in said}:
        schema["$defs"] = used
    model = create_model(name, __base__=Reply)
    model.sent = (exactly(schema) if exact else schema) | {"title": name}
    return model


def _record(name: str) -> Schema:
    """A record of a type, with the fields that it cannot do without."""
    fields = RECORD_TYPES[name].fields
    shapes = {"quote": _STRING} | {field.name: _shape(field) for field in fields}
    return _object(shapes, ("quote", *(field.name for field in fields if field.required)))


def _shape(field: FieldInfo) -> Schema:
    return {"type": "string", "enum": list(field.codes)} if field.codes else _SHAPES.get(field.sort, _STRING)


def _object(properties: Schema, required: tuple[str, ...] | None = None) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties if required is None else required)}


def _list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _or_null(schema: Schema) -> Schema:
    """A schema that allows null as well."""
    if schema.keys() == {"type"} and isinstance(schema["type"], str):
        return {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
