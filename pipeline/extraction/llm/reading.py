"""Extraction (llm): from a raw reply to records, each validated alone, so that a bad one costs no good one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.extraction.llm.faults import CallError, Fault
from pipeline.extraction.llm.short_forms import without_dittos, written_out
from schemas.fields import Record
from schemas.registry import RECORD_TYPES
from schemas.values import plain_number

MAX_ERRORS = 6
"""Errors of one record that are told."""
MAX_INPUT = 60
"""Characters of a wrong value that an error repeats."""

MAX_BRACES = 50
"""Braces in prose at which an answer is looked for."""

M = TypeVar("M", bound=BaseModel)

_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_CODE_BLOCK = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)
_BRACE = re.compile(r"\{")
_OPENING = re.compile(r"\{\s*\"\w+\"\s*:")
_FIGURE = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?")
_HALF_PAIR = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    r"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}|[\ud800-\udfff]"
)
"""Half of a surrogate pair, as JSON escapes it or as it is: no text that can be stored."""
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


@dataclass(frozen=True, slots=True)
class Read:
    """A record of a reply that validates."""

    record_type: str
    record: Record


@dataclass(frozen=True, slots=True)
class Bad:
    """A record of a reply that does not validate, as compact JSON, and why. ``asked`` is False for a type that was
    not asked for, which no repair can mend."""

    record_type: str
    payload: str
    errors: tuple[str, ...]
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply holds."""

    good: tuple[Read, ...]
    bad: tuple[Bad, ...]


def read_reply(raw: str, types: Sequence[str]) -> Reading:
    """The records of a reply to a chunk that was asked for the given types.

    Raises:
        CallError: ``garbage`` where the reply holds no JSON object with a key that was asked for, ``length`` where its
            JSON breaks off.
    """
    good: list[Read] = []
    bad: list[Bad] = []
    before: dict[str, Any] = {}
    for record_type, said in _payloads(raw, types):
        payload = before[record_type] = (
            without_dittos(record_type, said, before.get(record_type)) if record_type in types else said
        )
        if record_type not in types:
            bad.append(Bad(record_type, compact(payload), ("this type was not asked for in this text",), asked=False))
            continue
        outcome = _validated(RECORD_TYPES[record_type].model, written_out(record_type, payload))
        if isinstance(outcome, tuple):
            bad.append(Bad(record_type, compact(payload), outcome))
        else:
            good.append(Read(record_type, outcome))
    return Reading(tuple(good), tuple(bad))


def read_repair(raw: str, types: Sequence[str]) -> dict[tuple[str, int], Record | Bad | None]:
    """The entries of a repair reply by record type and number; None stands for a record that the model takes back.

    Raises:
        CallError: ``garbage`` where the reply holds no JSON object with a key that was asked for.
    """
    entries: dict[tuple[str, int], Record | Bad | None] = {}
    for record_type, entry in _payloads(raw, types):
        if record_type not in types or not isinstance(entry, dict) or "record" not in entry:
            continue
        number, payload = str(entry.get("no")), entry["record"]
        if not re.fullmatch(r"[0-9]{1,4}", number):
            continue
        if payload is None:
            entries[record_type, int(number)] = None
            continue
        outcome = _validated(RECORD_TYPES[record_type].model, written_out(record_type, payload))
        entries[record_type, int(number)] = (
            Bad(record_type, compact(payload), outcome) if isinstance(outcome, tuple) else outcome
        )
    return entries


def read_cells(raw: str) -> dict[int, str]:
    """The figures of a reply to a second reading by their numbers; cells that hold none are absent.

    Raises:
        CallError: ``garbage`` where the reply holds no cells, ``length`` where its JSON breaks off.
    """
    answers = [value["cells"] for value in _objects(raw) if isinstance(value, dict) and "cells" in value]
    if not answers:
        raise CallError(Fault.GARBAGE, "the reply holds no cells")
    found: dict[int, str] = {}
    for entry in _as_list(answers[-1]):
        if not isinstance(entry, dict) or not re.fullmatch(r"[0-9]{1,4}", str(entry.get("no"))):
            continue
        figure = plain_number(entry.get("value"))
        if isinstance(figure, str) and _FIGURE.fullmatch(figure):
            found[int(str(entry["no"]))] = figure
    return found


def compact(payload: Any) -> str:
    """A payload as JSON, as it is stored and sent back."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def _payloads(raw: str, types: Sequence[str]) -> Iterator[tuple[str, Any]]:
    """Record type and payload of every record in a reply, whatever wraps them.

    Raises:
        CallError: ``garbage`` where there is no such object.
    """
    objects = _objects(raw)
    if len(types) == 1:
        objects = [{types[0]: value} if isinstance(value, list) else value for value in objects]
    answers = [value for value in objects if isinstance(value, dict)]
    if not answers:
        raise CallError(Fault.GARBAGE, "the reply holds no JSON object")
    if all(answers) and not any(name in RECORD_TYPES for answer in answers for name in answer):
        raise CallError(Fault.GARBAGE, "the reply is JSON, but holds none of the keys asked for")
    return (
        (name, payload)
        for answer in answers
        for name, value in answer.items()
        if name in RECORD_TYPES
        for payload in _as_list(value)
    )


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _objects(raw: str) -> list[Any]:
    """The JSON values of a reply: the reply itself, its last code block, or what starts at one of its braces.

    Raises:
        CallError: ``length`` where the reply is JSON that breaks off at its end.
    """
    text = _HALF_PAIR.sub("\ufffd", _THOUGHTS.sub("", raw)).strip()
    blocks = _CODE_BLOCK.findall(text)
    for candidate in (text, *blocks[-1:]):
        if values := _decoded(candidate.strip()):
            return values
    if _breaks_off(text[text.find("{") :] if "{" in text else ""):
        raise CallError(Fault.LENGTH, "the reply's JSON breaks off, though the endpoint calls it complete")
    return _at_brace(text)


def _at_brace(text: str) -> list[Any]:
    """The values from the first brace on that opens an answer; prose before it may use braces of its own."""
    first: list[Any] = []
    for match in islice(_BRACE.finditer(text), MAX_BRACES):
        values = _decoded(text[match.start() :])
        if any(isinstance(value, dict) and value.keys() & RECORD_TYPES.keys() for value in values):
            return values
        first = first or values
    return first


def _breaks_off(text: str) -> bool:
    """Whether a text begins as a JSON object with a key and ends before it is complete."""
    if not _OPENING.match(text):
        return False
    try:
        _DECODER.raw_decode(text)
    except RecursionError:
        return False
    except ValueError as error:
        place = getattr(error, "pos", 0)
        return place >= len(text) - 1 or "Unterminated string" in str(error)
    return False


def _decoded(text: str) -> list[Any]:
    """The JSON values at the start of a text, one after another; numbers stay the strings they are printed as."""
    values: list[Any] = []
    place = 0
    while place < len(text):
        try:
            value, place = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while place < len(text) and text[place].isspace():
            place += 1
    return values


def _validated(model: type[M], payload: Any) -> M | tuple[str, ...]:
    """The model of a payload, or what is wrong with it."""
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        return tuple(_told(error))


def _told(error: ValidationError) -> Iterator[str]:
    """A validation error in short sentences: where, what, and the value that was given."""
    details = error.errors(include_url=False, include_context=False)
    for detail in details[:MAX_ERRORS]:
        place = ".".join(str(part) for part in detail["loc"]) or "record"
        given = detail["input"]
        shown = "" if isinstance(given, (dict, list)) else f" (given: {compact(given)[:MAX_INPUT]})"
        yield f"{place}: {detail['msg']}{shown}"
    if len(details) > MAX_ERRORS:
        yield f"and {len(details) - MAX_ERRORS} more"
