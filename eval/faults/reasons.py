"""Fault injection: why a wrong record was kept, or a missing one was not missed, in one sentence."""

from __future__ import annotations

from collections.abc import Sequence

from eval.faults.audit import Difference, Kept
from eval.faults.kinds import Fault, FaultKind
from pipeline.evidence import Evidence
from pipeline.store import Reading
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES
from schemas.values import Span, squeeze


def reason_of(evidence: Evidence, kept: Kept, fault: Fault | None, difference: Difference | None) -> str:
    """Why nothing stopped a wrong field of a kept record, or a record that should not be there."""
    if fault and fault.kind is FaultKind.OBEYED:
        return f"the order stands in the text, and prints what it orders ({fault.form})"
    if fault and fault.kind is FaultKind.DUPLICATED and _printed_again(evidence, kept):
        return "the text prints its quote more than once"
    if difference is None:
        return "another record with this quote is kept besides" if fault else "no fault was planted here"
    literal = kept.decision.grounded.literal(difference.field)
    if literal is None:
        return _word_reason(kept, difference)
    if not difference.kept:
        return "the figure is left out"
    return f"its digits stand {_where(evidence, kept, literal.span)}{_label(evidence, literal.span)}"


def unseen_reason(figures: Sequence[Span], reading: Reading) -> str:
    """Why a missing record is not missed."""
    if not figures:
        return "it holds no figure, and the balance counts figures and table rows only"
    claimed = [x.span for d in reading.decisions for x in d.grounded.literals]
    if all(any(c.holds(f) for c in claimed) for f in figures):
        return "other records claim its figures"
    return "its figures are neither money nor percent, or stand in a passage that another record carries as text"


def _printed_again(evidence: Evidence, kept: Kept) -> bool:
    whole = Span(0, len(evidence.document.text))
    return len(evidence.find_all(kept.decision.grounded.record.quote, whole)) > 1


def _where(evidence: Evidence, kept: Kept, place: Span) -> str:
    quote = kept.decision.grounded.quote_span
    if quote.holds(place):
        return "in the quote"
    rows = [r for r in evidence.region(quote)[1:] if r.holds(place)]
    return "in the row or entry of the quote" if rows else "at the place that was given for them"


def _label(evidence: Evidence, place: Span) -> str:
    """What the text calls a figure, as grounding sees it."""
    found = evidence.numeral_at(place)
    if found is None:
        return ""
    before = squeeze(found.before)[-12:]
    column = f", in a column of role {found.role}" if found.role else ""
    return f", after “{before}”{column}" if before else column or ", with no words before them"


def _word_reason(kept: Kept, difference: Difference) -> str:
    info = next(f for f in RECORD_TYPES[kept.decision.grounded.draft.record_type].fields if f.name == difference.field)
    if info.sort is Sort.CODE:
        return "a code is not compared with the text"
    if squeeze(difference.kept.split(" / ")[-1]) in squeeze(kept.decision.grounded.record.quote):
        return "the words stand in the quote"
    return "the words stand elsewhere in the text"
