"""Claims about a text, and what grounding makes of them."""

from __future__ import annotations

from typing import Any

from pipeline.chunking import chunk
from pipeline.evidence import evidence_for
from pipeline.flow import Draft, Grounded, Rejection
from pipeline.grounding import ground_all
from pipeline.layout import lay_out
from schemas.registry import RECORD_TYPES
from tests.report_cases import document

Claim = tuple[str, dict[str, Any]]


def ground_claims(text: str, claims: list[Claim], **draft: Any) -> tuple[tuple[Grounded, ...], tuple[Rejection, ...]]:
    """Grounds claims about a text, all said to be read in its first chunk unless ``chunk`` gives another's index."""
    doc = document(text)
    layout = lay_out(doc)
    chunks = chunk(doc, layout)
    chunk_id = chunks[draft.pop("chunk", 0)].chunk_id
    drafts = [Draft(t, RECORD_TYPES[t].model.model_validate(f), "r1", chunk_id, **draft) for t, f in claims]
    return ground_all(evidence_for(doc, layout), chunks, drafts)


def accepted(text: str, record_type: str, fields: dict[str, Any], **draft: Any) -> Grounded:
    """The grounded record of a claim that must hold."""
    grounded, rejected = ground_claims(text, [(record_type, fields)], **draft)
    assert not rejected, rejected[0].reason
    return grounded[0]


def refused(text: str, record_type: str, fields: dict[str, Any], **draft: Any) -> tuple[str, str]:
    """Code and reason of a claim that must fail."""
    grounded, rejected = ground_claims(text, [(record_type, fields)], **draft)
    assert not grounded, grounded[0].literals
    return rejected[0].code, rejected[0].reason


def printed(found: Grounded) -> dict[str, str]:
    """A record's figures as they are printed, by field."""
    return {x.field: x.printed for x in found.literals}


def money(value: str, unit: str | None = "万元") -> dict[str, Any]:
    """A claimed amount."""
    return {"value": value, "unit": unit}


def quantity(text: str, value: str | None = None, unit: str | None = "%", op: str | None = None) -> dict[str, Any]:
    """A claimed quantity."""
    return {"text": text, "value": value, "unit": unit if value else None, "op": op}
