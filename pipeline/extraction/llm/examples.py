"""Extraction (llm): checks the notes and examples of a guide as it loads, so that no prompt teaches what it forbids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from pipeline.extraction.llm.short_forms import written_out
from schemas.fields import Record, Sort
from schemas.registry import RecordType
from schemas.values import Money, Quantity, plain_number

_NUMERAL = re.compile(r"-?\d+(?:[,，]\d{3})*(?:\.\d+)?")


def check_notes(record_type: RecordType, notes: Iterable[str]) -> None:
    """Checks that each note is about a field.

    Raises:
        ValueError: naming the record type and what is no field of it.
    """
    if strange := sorted(set(notes) - {field.name for field in record_type.fields}):
        raise ValueError(f"prompts/records/{record_type.name}.j2: no fields: {', '.join(strange)}")


def check_examples(record_type: RecordType, examples: Sequence[Mapping[str, Any]]) -> None:
    """Checks that each example's records validate, and that their quotes and figures stand in its text.

    Raises:
        ValueError: naming the record type, the example and what is wrong with it.
    """
    for position, example in enumerate(examples, start=1):
        for fields in example["records"]:
            try:
                problem = _problem(
                    record_type,
                    record_type.model.model_validate(written_out(record_type.name, fields)),
                    example.get("text"),
                )
            except ValidationError as error:
                problem = str(error)
            if problem:
                raise ValueError(f"prompts/records/{record_type.name}.j2, example {position}: {problem}")


def _problem(record_type: RecordType, record: Record, text: str | None) -> str | None:
    """What is wrong with an example's record, None where nothing is. Without a text its quote is all that is printed."""
    if text is not None and record.quote not in text:
        return f"the quote {record.quote!r} does not stand in the text"
    printed = {plain_number(found) for found in _NUMERAL.findall(record.quote)}
    strange = [figure for figure in _figures(record_type, record) if figure not in printed]
    return f"the figures {strange} do not stand in the quote {record.quote!r}" if strange else None


def _figures(record_type: RecordType, record: Record) -> Iterable[str]:
    """Every figure of a record, as printed."""
    for field in record_type.fields:
        value = getattr(record, field.name)
        if isinstance(value, (Money, Quantity)):
            value = value.value
        elif field.sort is not Sort.NUMBER:
            continue
        if value is not None:
            yield value
