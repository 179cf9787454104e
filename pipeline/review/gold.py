"""Review: decided records as gold, in the shape that jixiao eval reads (docs/eval.md), beside the texts that they are of."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from pipeline.flow import Document, Verdict
from pipeline.store import REVIEWER, Store, StoredRecord, StoredReview, StoreError, placed
from schemas.registry import RECORD_TYPES
from schemas.values import Span

LONGEST_QUOTE = 400
"""Characters of a quote in gold."""

AROUND = 30
"""Characters around a finding's figure that its quote holds."""


@dataclass(slots=True)
class GoldReport:
    """What was written: the files, how many records and findings, and what was left out, one sentence each."""

    files: list[Path] = field(default_factory=list)
    records: int = 0
    findings: int = 0
    left_out: list[str] = field(default_factory=list)


def export_gold(store: Store, folder: Path) -> GoldReport:
    """Write accepted and corrected records as ``gold/NAME.json``, and the texts as ``reports/NAME.txt``, into a folder.

    Rejected records are in none of the files. Each report that a record belongs to is there as well, decided or not, as
    records name it.

    Raises:
        StoreError: the folder cannot be written.
    """
    decided: defaultdict[str, list[StoredReview]] = defaultdict(list)
    for review in store.reviews().in_force().values():
        if review.state == "in force" and review.decision in {"accept", "correct"}:
            decided[review.document_id].append(review)
    written = GoldReport()
    names: set[str] = set()
    for document_id in sorted(decided, key=lambda i: store.document(i).name):
        document = store.document(document_id)
        if document.name in names:
            written.left_out.append(
                f"{document_id}: another document is named {document.name}, too; its records are left out"
            )
            continue
        names.add(document.name)
        _write(store, document, decided[document_id], folder, written)
    return written


def _write(
    store: Store, document: Document, decided: Sequence[StoredReview], folder: Path, written: GoldReport
) -> None:
    ((extractor,),) = store.query(
        "SELECT extractor FROM documents WHERE document_id = $id", {"id": document.document_id}
    ).rows
    records = [
        store.record(r.record_type, r.result_id or r.subject_id, REVIEWER if r.result_id else extractor)
        for r in decided
    ]
    reports = _reports(store, document.document_id, records)
    kept = [r for r in records if r.record_type != "reports" and r.report_id in reports]
    for record in records:
        if record.report_id not in reports:
            written.left_out.append(
                f"{document.name}: {record.record_id} belongs to {record.report_id}, of which no record was read"
            )
    findings = list(_findings(store, document))
    gold: dict[str, Any] = {
        "doc": document.name,
        "sha256": hashlib.sha256(document.text.encode()).hexdigest(),
        "reports": [_entry(document.text, r, {"id": r.report_id}) for r in reports.values()],
    }
    kept.sort(key=lambda r: (r.quote_span, r.record_id))
    for name in RECORD_TYPES:
        if name != "reports":
            own = [r for r in kept if r.record_type == name]
            gold[name] = [_entry(document.text, r, {"report": r.report_id}) for r in own]
    gold["findings"] = findings
    path = folder / "gold" / f"{document.name}.json"
    _put(path, json.dumps(gold, ensure_ascii=False, indent=1) + "\n")
    _put(folder / "reports" / f"{document.name}.txt", document.text)
    written.files.append(path)
    written.records += len(kept) + len([r for r in records if r.record_type == "reports"])
    written.findings += len(findings)


def _reports(store: Store, document_id: str, records: Sequence[StoredRecord]) -> dict[str, StoredRecord]:
    """The record of each report that the records are of: the decided one, else the first that was read."""
    found = {r.report_id: r for r in sorted(records, key=lambda r: r.quote_span) if r.record_type == "reports"}
    rows = store.query(
        "SELECT report_id, record_id, extractor FROM current_reports WHERE document_id = $id ORDER BY quote_start, record_id",
        {"id": document_id},
    ).rows
    wanted = {r.report_id for r in records}
    for report_id, record_id, extractor in rows:
        if report_id in wanted and report_id not in found:
            found[report_id] = store.record("reports", record_id, extractor)
    return dict(sorted(found.items()))


def _entry(text: str, stored: StoredRecord, envelope: dict[str, str]) -> dict[str, Any]:
    """A record as gold has it."""
    span = _quote(text, stored)
    quote = text[span.start : span.stop]
    values = stored.record.model_dump(mode="json")
    values.pop("quote")
    entry = {**envelope, **values, "quote": quote}
    if text.count(quote) > 1:
        entry["occurrence"] = _occurrence(text, quote, span.start)
    return entry


def _quote(text: str, stored: StoredRecord) -> Span:
    """The passage that pins a record in gold: its quote, with the figure of a budget fact; of one that is too long what
    holds its figures, or its beginning."""
    span = stored.quote_span
    figures = sorted(stored.places.values())
    if stored.record_type == "budget_facts" and figures and not span.holds(figures[0]):
        span = Span(min(span.start, figures[0].start), max(span.stop, figures[0].stop))
    if span.stop - span.start <= LONGEST_QUOTE:
        return span
    if figures:
        span = Span(figures[0].start, max(f.stop for f in figures))
        if span.stop - span.start > LONGEST_QUOTE:
            span = figures[0]
        start = max(text.rfind("\n", 0, span.start) + 1, span.stop - LONGEST_QUOTE)
        return Span(min(start, span.start), span.stop)
    return Span(span.start, span.start + LONGEST_QUOTE)


def _occurrence(text: str, quote: str, start: int) -> int:
    """Which of a quote's places it is, from 1, counted as ``str.count`` counts."""
    number, at = 0, -len(quote)
    while (at := text.find(quote, at + len(quote))) >= 0:
        number += 1
        if at >= start:
            return number
    return max(number, 1)


def _findings(store: Store, document: Document) -> Iterator[dict[str, Any]]:
    sql = files("pipeline.review").joinpath("confirmed.sql").read_text(encoding="utf-8")
    for report_id, kind, severity, verdict, message, stated, computed, figures in store.query(
        sql, {"document_id": document.document_id}
    ).rows:
        spans = [Span(f["start"], f["stop"]) for f in figures]
        yield {
            "report": report_id,
            "kind": kind,
            "message": message,
            "stated": stated,
            "computed": computed,
            "quotes": list(dict.fromkeys(_around(document.text, span) for span in spans)),
            "severity": severity,
            "required": verdict == Verdict.INCONSISTENT,
        }


def _around(text: str, span: Span) -> str:
    """A figure with the words of its line around it."""
    start = max(text.rfind("\n", 0, span.start) + 1, span.start - AROUND)
    end = text.find("\n", span.stop)
    return text[start : min(len(text) if end < 0 else end, span.stop + AROUND)]


def _put(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{path.parent} cannot be made ({error.strerror}): name another folder.") from error
    with placed(path) as part:
        part.write_bytes(text.encode())
