"""Extraction, offline: a deterministic reader of the genre, without network or key, from layout and vocabulary alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from pipeline.collection import no_collection
from pipeline.extraction.offline import (
    directions,
    facts_prose,
    forms,
    indicators_prose,
    issues,
    money_tables,
    projects_prose,
    reports,
    scores,
    surveys,
    tasks,
)
from pipeline.extraction.offline.context import Context
from pipeline.flow import Chunk, ChunkOutcome, Document, Draft, Extraction, Layout, OutcomeStatus

_READERS: tuple[Callable[[Context], Iterator[Draft]], ...] = (
    reports.read,
    projects_prose.read,
    directions.read,
    forms.read,
    money_tables.read,
    facts_prose.read,
    scores.read,
    indicators_prose.read,
    surveys.read,
    tasks.read,
    issues.read,
)


class OfflineExtractor:
    """Reads all record types of a document from its layout."""

    name = "offline"

    @no_collection()
    def extract(self, document: Document, layout: Layout, chunks: Sequence[Chunk]) -> Extraction:
        """The drafts of a document; every chunk ends as done, or as empty where nothing was read in it."""
        context = Context(document, layout, chunks)
        drafts = [draft for read in _READERS for draft in read(context)] if chunks else []
        counts = Counter(d.chunk_id for d in drafts)
        outcomes = tuple(
            ChunkOutcome(
                c.chunk_id, OutcomeStatus.DONE if counts[c.chunk_id] else OutcomeStatus.EMPTY, counts[c.chunk_id]
            )
            for c in chunks
        )
        return Extraction(self.name, tuple(drafts), (), outcomes)
