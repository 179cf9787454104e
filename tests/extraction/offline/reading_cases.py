"""What the offline reader makes of a few lines of text."""

from __future__ import annotations

from typing import Any

from pipeline.chunking import chunk
from pipeline.evidence import evidence_for
from pipeline.extraction.offline import OfflineExtractor
from pipeline.flow import Extraction, Grounded, Rejection
from pipeline.grounding import ground_all
from pipeline.layout import lay_out
from tests.report_cases import document


def extract(text: str) -> Extraction:
    """The reader's drafts."""
    doc = document(text)
    layout = lay_out(doc)
    return OfflineExtractor().extract(doc, layout, chunk(doc, layout))


def ground(text: str) -> tuple[tuple[Grounded, ...], tuple[Rejection, ...]]:
    """The drafts after grounding."""
    doc = document(text)
    layout = lay_out(doc)
    chunks = chunk(doc, layout)
    return ground_all(evidence_for(doc, layout), chunks, OfflineExtractor().extract(doc, layout, chunks).drafts)


def read(text: str, record_type: str) -> list[dict[str, Any]]:
    """The grounded records of a type: their stated fields without the quote."""
    grounded, rejected = ground(text)
    assert not rejected, rejected[0].reason
    return [
        {k: v for k, v in g.record.model_dump(mode="json", exclude_none=True).items() if k != "quote"}
        for g in grounded
        if g.draft.record_type == record_type
    ]


def facts(text: str) -> list[tuple[str, str, str, str | None]]:
    """Budget facts as deepest label, measure, value and unit."""
    return [(f["path"][-1], f["measure"], f["value"], f.get("unit")) for f in read(text, "budget_facts")]
