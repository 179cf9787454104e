"""Documents: files in, canonical text with provenance out; whatever cannot be read is a named error for that file."""

from pipeline.documents.apart import DocumentReader
from pipeline.documents.errors import DocumentError
from pipeline.documents.folders import find_files, other_files
from pipeline.documents.limits import DEFAULT_LIMITS, Limits
from pipeline.documents.ocr import engine_name
from pipeline.documents.read import read_document

__all__ = [
    "DEFAULT_LIMITS",
    "DocumentError",
    "DocumentReader",
    "Limits",
    "engine_name",
    "find_files",
    "other_files",
    "read_document",
]
