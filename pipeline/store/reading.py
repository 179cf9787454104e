"""The store's input: what one extractor made of one document, ready to be written in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.flow import Chunk, Decision, Document, Extraction, Finding, Rejection, Unclaimed


@dataclass(frozen=True, slots=True)
class Reading:
    """A document with everything that one extractor's reading of it led to.

    ``rejections`` are those of grounding and acceptance; those of ``extraction`` are stored as well, whether or not
    they are repeated here.
    """

    document: Document
    chunks: Sequence[Chunk]
    extraction: Extraction
    decisions: Sequence[Decision] = ()
    rejections: Sequence[Rejection] = ()
    findings: Sequence[Finding] = ()
    unclaimed: Sequence[Unclaimed] = ()

    @property
    def extractor(self) -> str:
        """The extractor that read."""
        return self.extraction.extractor

    @property
    def quarantined(self) -> tuple[Rejection, ...]:
        """Every rejected record once."""
        known = frozenset(self.extraction.rejections)
        return (*self.extraction.rejections, *(r for r in self.rejections if r not in known))


class RunStatus(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
