"""The store's input, packed: a reading as the rows that will be written, ready to travel from the process that read it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.flow import OutcomeStatus
from pipeline.store.reading import Reading
from pipeline.store.rows import Row, rows_of
from pipeline.store.session import as_columns, storable

SHARED = ("document_id", "document", "extractor", "run_id")
"""Columns that are the same in all rows of a reading, in whichever tables have them."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A reading as rows. ``document`` is the row of ``documents`` but for what the writer knows (aliases, time);
    ``tables`` gives the rows of each other table by columns, as JSON, without what they all have of that row (``SHARED``),
    ``rows`` how many they are. ``chunks`` counts all,
    ``failed`` those that failed, ``reason`` says why the first did. Where it ``is_stored``, its rows were left where they were
    written."""

    document: Row
    tables: dict[str, list[str]]
    rows: dict[str, int]
    chunks: int
    failed: int
    reason: str | None
    is_stored: bool = False

    @property
    def document_id(self) -> str:
        """The document's id."""
        return str(self.document["document_id"])

    @property
    def path(self) -> str:
        """The absolute path that the document was read from."""
        return str(self.document["path"])

    @property
    def extractor(self) -> str:
        """The extractor that read."""
        return str(self.document["extractor"])

    @property
    def stored(self) -> Parcel:
        """What is left of it when its rows are stored elsewhere: whose reading it is, and how it went."""
        document = {**self.document, "text": "", "drawn": ""}
        return replace(self, document=document, tables={}, is_stored=True)

    @property
    def shared(self) -> Row:
        """What all its rows have of the row of ``documents``."""
        return {name: storable(self.document[name]) for name in SHARED}

    @property
    def size(self) -> int:
        """About how many characters it holds."""
        return len(self.document["text"]) + sum(len(piece) for pieces in self.tables.values() for piece in pieces)


def pack(run_id: str, reading: Reading) -> Parcel:
    """The rows of a reading.

    Raises:
        StoreError: a record was not decided, a figure does not stand at its place, or does not fit its column.
    """
    rows = rows_of(run_id, reading)
    (document,) = rows.pop("documents")
    failed = [o for o in reading.extraction.outcomes if o.status is OutcomeStatus.FAILED]
    tables = {table: as_columns(found, without=SHARED) for table, found in rows.items()}
    counts = {table: len(found) for table, found in rows.items()}
    return Parcel(document, tables, counts, len(reading.chunks), len(failed), failed[0].reason if failed else None)
