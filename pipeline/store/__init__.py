"""The store: a checked DuckDB file at the end of the data's way, and the questions that people ask of it."""

from pipeline.store.between import Department
from pipeline.store.errors import StoreError
from pipeline.store.findings import FigurePlace, FindingTrace, StoredFinding
from pipeline.store.reading import Reading, RunStatus
from pipeline.store.runs import RunPlan
from pipeline.store.store import Result, Store, StoredReading
from pipeline.store.trace import Trace, TracedCall, TracedChunk, TracedFinding, TracedLiteral, TracedReview

__all__ = [
    "Department",
    "FigurePlace",
    "FindingTrace",
    "Reading",
    "Result",
    "RunPlan",
    "RunStatus",
    "Store",
    "StoreError",
    "StoredFinding",
    "StoredReading",
    "Trace",
    "TracedCall",
    "TracedChunk",
    "TracedFinding",
    "TracedLiteral",
    "TracedReview",
]
