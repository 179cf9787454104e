"""Merging: one ``reports`` record a report, whatever number of chunks each stated a part of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pipeline.flow import Draft
from schemas.reports import Report


def merge_reports(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """The drafts with those of type ``reports`` joined, one a report, at the place of its first.

    A title stands on the first page, the score in a conclusion, the date at the end: each chunk's draft adds the
    fields that those before it left empty. Fields that a later draft states otherwise keep the first value; the quote
    is that of the draft which gives the score, as the record's only figures are the scores.
    """
    merged: dict[str, Draft] = {}
    out: list[Draft | str] = []
    for draft in drafts:
        if draft.record_type != "reports":
            out.append(draft)
            continue
        if draft.report_id not in merged:
            out.append(draft.report_id)
            merged[draft.report_id] = draft
        else:
            merged[draft.report_id] = _joined(merged[draft.report_id], draft)
    return tuple(merged[x] if isinstance(x, str) else x for x in out)


def _joined(first: Draft, later: Draft) -> Draft:
    assert isinstance(first.record, Report)
    assert isinstance(later.record, Report)
    fields = [name for name in Report.model_fields if name not in {"quote", "kind", "score", "max_score"}]
    filled = {name: value for name in fields if (value := _first(first.record, later.record, name)) is not None}
    scored = first if first.record.score is not None or later.record.score is None else later
    source = scored.record
    assert isinstance(source, Report)
    update: dict[str, Any] = {"quote": source.quote, "score": source.score, "max_score": source.max_score, **filled}
    return replace(
        scored, record=first.record.model_copy(update=update), places=scored.places, quote_span=scored.quote_span
    )


def _first(first: Report, later: Report, name: str) -> Any:
    value = getattr(first, name)
    return value if value is not None else getattr(later, name)


def report_ids(drafts: Iterable[Draft]) -> set[str]:
    """The reports that have a record of their own."""
    return {d.report_id for d in drafts if d.record_type == "reports"}
