"""The store: a checked DuckDB file at the end of the data's way, and the questions that people ask of it."""

from pipeline.store.errors import StoreError
from pipeline.store.reading import Reading, RunStatus
from pipeline.store.store import Result, Store
from pipeline.store.trace import Trace, TracedCall, TracedChunk, TracedFinding, TracedLiteral, TracedReview

__all__ = [
    "Reading",
    "Result",
    "RunStatus",
    "Store",
    "StoreError",
    "Trace",
    "TracedCall",
    "TracedChunk",
    "TracedFinding",
    "TracedLiteral",
    "TracedReview",
]
