"""Benchmarks: the examples of a job as LangExtract takes them; for the Python of an environment that has it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import langextract


def examples_of(job: Mapping[str, Any]) -> list[Any]:
    """Its examples: an extraction for each record, its quote aligned and its fields attributes."""
    return [
        langextract.data.ExampleData(
            text=example["text"],
            extractions=[
                langextract.data.Extraction(name, record["quote"], attributes=_without_quote(record))
                for name, record in example["records"]
            ],
        )
        for example in job["examples"]
    ]


def _without_quote(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "quote"}
