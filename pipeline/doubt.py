"""Doubt: what was read off a picture with too little confidence is no evidence, and is kept apart with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.drawn import Ocr
from pipeline.flow import Document, Finding, Grounded, Rejection
from pipeline.grounding import rejection
from pipeline.ungrounded import UngroundedError


def without_doubtful(
    document: Document, grounded: Sequence[Grounded]
) -> tuple[tuple[Grounded, ...], tuple[Rejection, ...]]:
    """The records whose every figure can be believed, and the others as rejections (``ocr``)."""
    if document.ocr is None:
        return tuple(grounded), ()
    kept, rejected = [], []
    for one in grounded:
        reason = _doubt(document.ocr, one)
        if reason is None:
            kept.append(one)
        else:
            rejected.append(rejection(one.draft, UngroundedError("ocr", reason)))
    return tuple(kept), tuple(rejected)


def without_doubtful_findings(document: Document, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings whose every figure can be believed: a misread figure would contradict the others."""
    ocr = document.ocr
    if ocr is None:
        return tuple(findings)
    return tuple(f for f in findings if not any(ocr.doubts(x.span) for x in f.literals))


def _doubt(ocr: Ocr, one: Grounded) -> str | None:
    for literal in one.literals:
        sure = ocr.confidence(literal.span)
        if sure is not None and sure < ocr.least:
            return (
                f"{literal.field}: {literal.printed} was read off a picture with a confidence of {sure / 1000:g}, "
                f"less than {ocr.least / 1000:g}"
            )
    return None
