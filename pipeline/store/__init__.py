"""The store: a checked DuckDB file at the end of the data's way, and the questions that people ask of it."""

from pipeline.store.between import Department
from pipeline.store.claims import ClaimTrace
from pipeline.store.errors import StoreError
from pipeline.store.findings import FigurePlace, FindingTrace, Lines, StoredFinding
from pipeline.store.inbox import StoredReading, Twins
from pipeline.store.parcels import Parcel, pack
from pipeline.store.reading import Reading, RunStatus
from pipeline.store.recorded import StoredRecord, as_json
from pipeline.store.records import REVIEWER
from pipeline.store.reviews import (
    DecidedMeanwhileError,
    Reviews,
    ReviewVerdict,
    Ruling,
    StoredReview,
    Subject,
    SubjectKind,
)
from pipeline.store.rows import claim_id
from pipeline.store.runs import RunPlan
from pipeline.store.store import Result, Store
from pipeline.store.suggestions import DepartmentProjects
from pipeline.store.trace import Trace, TracedCall, TracedChunk, TracedFinding, TracedLiteral, TracedReview
from pipeline.store.writing import placed, save_parquet

__all__ = [
    "REVIEWER",
    "ClaimTrace",
    "DecidedMeanwhileError",
    "Department",
    "DepartmentProjects",
    "FigurePlace",
    "FindingTrace",
    "Lines",
    "Parcel",
    "Reading",
    "Result",
    "ReviewVerdict",
    "Reviews",
    "Ruling",
    "RunPlan",
    "RunStatus",
    "Store",
    "StoreError",
    "StoredFinding",
    "StoredReading",
    "StoredRecord",
    "StoredReview",
    "Subject",
    "SubjectKind",
    "Trace",
    "TracedCall",
    "TracedChunk",
    "TracedFinding",
    "TracedLiteral",
    "TracedReview",
    "Twins",
    "as_json",
    "claim_id",
    "pack",
    "placed",
    "save_parquet",
]
