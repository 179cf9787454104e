"""Eval: an evaluation as JSON; docs/eval.md documents the shape, FORMAT changes with it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from eval.errors import FieldError
from eval.findings import FindingTally
from eval.measures import Counts, Interval, Intervals, total
from eval.scoring import DocumentScore, Evaluation, Share
from schemas.relations import FindingKind

FORMAT = "jixiao-eval/1"


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """The whole evaluation: scores are numbers from 0 to 1 (null where nothing counts), figures are strings."""
    return {
        "format": FORMAT,
        "source": evaluation.source,
        "model": evaluation.model,
        "record_types": list(evaluation.record_types),
        "all": _score(evaluation.counts, evaluation.intervals(all_counts)),
        "figures": _score(evaluation.figures, evaluation.intervals(figure_counts)),
        "types": {name: _type(evaluation, name) for name in evaluation.records_by_type},
        "statuses": {
            s.status.value: {
                "records": s.records,
                "records_without_error": s.whole_records,
                "all": _score(s.counts),
                "figures": _score(s.figures),
            }
            for s in evaluation.statuses
        },
        "quarantined_unreadable": evaluation.unreadable,
        "quarantined_by_code": dict(sorted(evaluation.quarantine_codes.items())),
        "failed_chunks": evaluation.failed_chunks,
        "errors_by_kind": error_kinds(evaluation),
        "placement": share(evaluation.placement),
        "report_agreement": share(evaluation.reports_right),
        "findings": findings(evaluation),
        "documents": {d.name: _document(d) for d in evaluation.documents},
    }


def all_counts(document: DocumentScore) -> Counts:
    """All fields of a document."""
    return total(c.counts for c in document.cells)


def figure_counts(document: DocumentScore) -> Counts:
    """The figures of a document."""
    return total(c.figure_counts for c in document.cells)


def type_counts(name: str, *, figures: bool = False) -> Callable[[DocumentScore], Counts]:
    """What counts the fields (or figures) of one record type in a document."""

    def count(document: DocumentScore) -> Counts:
        cells = (c for c in document.cells if c.record_type == name)
        return total(c.figure_counts if figures else c.counts for c in cells)

    return count


def error_kinds(evaluation: Evaluation) -> dict[str, int]:
    """How many errors there are of each kind, the most frequent first."""
    found: dict[str, int] = {}
    for _, error in evaluation.errors:
        found[error.kind.value] = found.get(error.kind.value, 0) + 1
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def share(value: Share) -> dict[str, Any]:
    """A share with its parts."""
    return {
        "part": value.part,
        "whole": value.whole,
        "share": _number(Fraction(value.part, value.whole) if value.whole else None),
    }


def findings(evaluation: Evaluation) -> dict[str, Any] | None:
    """The findings of all documents and by kind; None where they were not scored."""
    if evaluation.findings is None:
        return None
    kinds = {
        kind.value: tally
        for kind in FindingKind
        if (tally := sum((d.findings.tally(kind) for d in evaluation.documents if d.findings), FindingTally()))
        != FindingTally()
    }
    return {"all": _findings(evaluation.findings), "kinds": {k: _findings(t) for k, t in kinds.items()}}


def _type(evaluation: Evaluation, name: str) -> dict[str, Any]:
    gold, predicted, paired = evaluation.records_by_type[name]
    counts = evaluation.by_type.get(name, Counts())
    figures = evaluation.figures_by_type.get(name, Counts())
    return {
        "records": {"gold": gold, "predicted": predicted, "paired": paired},
        "all": _score(counts, evaluation.intervals(type_counts(name))),
        "figures": _score(figures, evaluation.intervals(type_counts(name, figures=True))),
        "fields": {field: _score(c) for (t, field), c in evaluation.by_field.items() if t == name},
    }


def _document(document: DocumentScore) -> dict[str, Any]:
    names = dict.fromkeys(p.record_type for p in document.pairings)
    return {
        "sha256": document.gold.sha256,
        "gold_sha256": document.gold.gold_sha256,
        "all": _score(all_counts(document)),
        "figures": _score(figure_counts(document)),
        "types": {
            name: {
                "all": _score(type_counts(name)(document)),
                "figures": _score(type_counts(name, figures=True)(document)),
            }
            for name in names
        },
        "findings": _document_findings(document),
        "errors": [_error(e) for e in document.errors],
    }


def _document_findings(document: DocumentScore) -> dict[str, Any] | None:
    if document.findings is None:
        return None
    near = {id(p) for _, p in document.findings.near_misses}
    return {
        **_findings(document.findings.tally()),
        "missed": [
            {"kind": g.kind.value, "message": g.message, "quotes": list(g.quotes)} for g in document.findings.missed
        ],
        "alarms": [
            {
                "kind": p.kind.value,
                "message": p.message,
                "spans": [list(s) for s in p.spans],
                "near_miss": id(p) in near,
            }
            for p in document.findings.false_alarms
        ],
    }


def _findings(tally: FindingTally) -> dict[str, Any]:
    return {
        "required": tally.required,
        "found": tally.found,
        "recall": _number(tally.recall),
        "optional_found": tally.optional_found,
        "false_alarms": tally.false_alarms,
        "near_misses": tally.near_misses,
    }


def _error(error: FieldError) -> dict[str, Any]:
    cell, belongs = error.cell, error.belongs
    gold = cell.pairing.gold
    return {
        "kind": error.kind.value,
        "record_type": cell.record_type,
        "field": cell.field,
        "figure": error.is_figure,
        "status": cell.status.value if cell.status else None,
        "record": cell.pairing.item.label,
        "gold_index": gold.index if gold else None,
        "expected": error.stated.expected if error.stated else None,
        "found": error.read.found if error.read else None,
        "belongs_to": f"{belongs.record_type}.{belongs.field}" if belongs else None,
        "span": list(error.span) if error.span else None,
    }


def _score(counts: Counts, intervals: Intervals | None = None) -> dict[str, Any]:
    score: dict[str, Any] = {
        "tp": counts.tp,
        "fp": counts.fp,
        "fn": counts.fn,
        "precision": _number(counts.precision),
        "recall": _number(counts.recall),
        "f1": _number(counts.f1),
    }
    if intervals:
        score["interval_95"] = {
            "precision": _range(intervals.precision),
            "recall": _range(intervals.recall),
            "f1": _range(intervals.f1),
        }
    return score


def _range(interval: Interval | None) -> list[float | None] | None:
    return [_number(interval[0]), _number(interval[1])] if interval else None


def _number(value: Fraction | None) -> float | None:
    return None if value is None else round(float(value), 6)
