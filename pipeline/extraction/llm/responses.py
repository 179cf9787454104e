"""Extraction (llm): the shape a reply must have, built from the record models of the types that a chunk can hold."""

from __future__ import annotations

from functools import cache
from types import GenericAlias
from typing import Any, ClassVar

from instructor import ResponseSchema
from pydantic import BaseModel, ConfigDict, Field, create_model

from schemas.registry import RECORD_TYPES

_SAID_IN_THE_GUIDES = frozenset({"title", "description", "default"})
_CHECKED_BY_US = frozenset({"minLength", "maxLength"})
_NAMED_SCHEMAS = frozenset({"properties", "$defs"})


class Reply(ResponseSchema):
    """Base of reply models; its JSON schema leaves out what the guides in the prompt say already."""

    model_config = ConfigDict(extra="forbid")
    every_field: ClassVar[bool] = False

    @classmethod
    def model_json_schema(cls, *_: Any, **__: Any) -> dict[str, Any]:
        """The schema as it is sent; a new outer dictionary at each call."""
        return dict(_schema(cls))


class StrictReply(Reply):
    """A reply for schema-exact decoding, which wants every field listed as required (null stands for not printed)."""

    every_field: ClassVar[bool] = True


@cache
def reading_model(types: tuple[str, ...], *, strict: bool) -> type[Reply]:
    """The reply to a chunk: a list of records for each of the given types."""
    fields: dict[str, Any] = {name: _list_of(RECORD_TYPES[name].model) for name in types}
    return create_model("Reading", __base__=StrictReply if strict else Reply, **fields)


@cache
def repair_model(types: tuple[str, ...], *, strict: bool) -> type[Reply]:
    """The reply to a repair request: by type, each failing record by its number, null where it is taken back."""
    fields: dict[str, Any] = {name: _list_of(_repaired_model(name)) for name in types}
    return create_model("Repair", __base__=StrictReply if strict else Reply, **fields)


@cache
def _repaired_model(name: str) -> type[BaseModel]:
    """One corrected record of a type."""
    record: Any = RECORD_TYPES[name].model
    return create_model(
        f"Repaired{record.__name__}",
        __config__=ConfigDict(extra="forbid"),
        no=(int, Field()),
        record=(record | None, Field(default=None)),
    )


def in_registry_order(types: tuple[str, ...] | list[str] | set[str]) -> tuple[str, ...]:
    """Names of record types in the registry's order, so that chunks of the same types share their prompt's beginning.

    Raises:
        KeyError: a name that is no record type.
    """
    for name in types:
        RECORD_TYPES[name]
    return tuple(name for name in RECORD_TYPES if name in types)


def _list_of(model: type[BaseModel]) -> tuple[Any, Any]:
    """The definition of a field that holds a list of a model, empty where it is left out."""
    return GenericAlias(list, (model,)), Field(default=[])


@cache
def _schema(model: type[Reply]) -> dict[str, Any]:
    full = super(Reply, model).model_json_schema()
    lean = _lean(full, every_field=model.every_field)
    lean["title"] = model.__name__
    return lean


def _nullable(schema: dict[str, Any]) -> dict[str, Any] | None:
    """The shorter form of a choice between a plain type and null; None for any other schema."""
    choices = schema.get("anyOf")
    if schema.keys() != {"anyOf"} or not isinstance(choices, list) or choices[1:] != [{"type": "null"}]:
        return None
    return {**choices[0], "type": [choices[0]["type"], "null"]} if set(choices[0]) == {"type"} else None


def _lean(schema: dict[str, Any], *, every_field: bool) -> dict[str, Any]:
    """A JSON schema without prose and defaults; with ``every_field``, in the subset that exact decoding accepts."""
    lean: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _SAID_IN_THE_GUIDES or (every_field and key in _CHECKED_BY_US):
            continue
        if key in _NAMED_SCHEMAS:
            lean[key] = {name: _lean(inner, every_field=every_field) for name, inner in value.items()}
        elif isinstance(value, dict):
            lean[key] = _lean(value, every_field=every_field)
        elif isinstance(value, list):
            lean[key] = [_lean(v, every_field=every_field) if isinstance(v, dict) else v for v in value]
        else:
            lean[key] = value
    if nullable := _nullable(lean):
        return nullable
    if every_field and "properties" in lean:
        lean["required"] = list(lean["properties"])
        lean["additionalProperties"] = False
    return lean
