"""The store's way back from quarantine: what was claimed, why it was not accepted, where it was read, and what people decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from pipeline.store.trace import TracedCall, TracedChunk, TracedReview, calls_of, line_of, reviews_of

Execute = Callable[[str, Sequence[Any] | Mapping[str, Any]], list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class ClaimTrace:
    """What a quarantined record claims (``payload`` as JSON) and each reason, as code and sentence, why it was not accepted.

    ``line`` is the first of the piece of text that it was read from, counted from 1, where that is known.
    """

    claim_id: str
    record_type: str
    document: str
    path: str
    extractor: str
    line: int | None
    reasons: tuple[tuple[str, str], ...]
    payload: str
    raw: str | None
    chunk: TracedChunk | None
    calls: tuple[TracedCall, ...]
    reviews: tuple[TracedReview, ...]


def trace_claim(execute: Execute, asked: str) -> ClaimTrace | None:
    """What is known of a rejection_id or claim_id of a current reading, None where there is none of it."""
    rows = execute(files("pipeline.store").joinpath("claim.sql").read_text(encoding="utf-8"), {"asked": asked})
    if not rows:
        return None
    (claim_id, record_type, document_id, document, path, text, extractor, _, _, payload, raw, *chunk) = rows[0]
    chunk_id, headings, start, stop, status = chunk
    return ClaimTrace(
        claim_id=claim_id,
        record_type=record_type,
        document=document,
        path=path,
        extractor=extractor,
        line=None if start is None else line_of(text, start),
        reasons=tuple(dict.fromkeys((row[7], row[8]) for row in rows)),
        payload=payload,
        raw=raw,
        chunk=None if start is None else TracedChunk(chunk_id, tuple(headings), start, stop, status),
        calls=calls_of(execute, document_id, extractor, chunk_id),
        reviews=reviews_of(execute, [claim_id]),
    )
