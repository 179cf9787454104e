"""Documents: files in, canonical text with provenance out; whatever cannot be read is a named error for that file."""

from pipeline.documents.errors import DocumentError
from pipeline.documents.folders import find_files
from pipeline.documents.text import read_document

__all__ = ["DocumentError", "find_files", "read_document"]
