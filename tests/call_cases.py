"""Model calls for the tests of what stores and counts them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pipeline.extraction.llm import Journal
from pipeline.flow import Call, Reuse, UsageSource


def call(**changes: Any) -> Call:
    """A call that was answered, with the given changes."""
    given: dict[str, Any] = {
        "call_id": "k1",
        "document_id": "d1",
        "chunk_id": "c1",
        "purpose": "reading",
        "model": "m",
        "prompts": "p",
        "prompt_hash": "h",
        "asking": 1,
        "attempt": 1,
        "status": "ok",
        "reuse": Reuse.ALWAYS,
        "prompt_tokens": 100,
        "cached_tokens": 0,
        "completion_tokens": 40,
        "usage": UsageSource.ENDPOINT,
        "cost": None,
        "currency": None,
        "seconds": Decimal("1.5"),
        "reply": "{}",
        "error": None,
    }
    return Call(**(given | changes))


async def add_all(journal: Journal, calls: Iterable[Call]) -> None:
    """Adds calls, one after another."""
    for one in calls:
        await journal.add(one)
