"""The store: a checked DuckDB file at the end of the data's way, and the questions that people ask of it."""

from pipeline.store.between import Department
from pipeline.store.errors import StoreError
from pipeline.store.findings import FigurePlace, FindingTrace, Lines, StoredFinding
from pipeline.store.inbox import Twins
from pipeline.store.reading import Reading, RunStatus
from pipeline.store.runs import RunPlan
from pipeline.store.store import Result, Store, StoredReading
from pipeline.store.suggestions import DepartmentProjects
from pipeline.store.trace import Trace, TracedCall, TracedChunk, TracedFinding, TracedLiteral, TracedReview
from pipeline.store.writing import placed, save_parquet

__all__ = [
    "Department",
    "DepartmentProjects",
    "FigurePlace",
    "FindingTrace",
    "Lines",
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
    "Twins",
    "placed",
    "save_parquet",
]
