"""Grounding: which of several equal numerals a claim means, and whether one of them is printed as what it is claimed to be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from pipeline.evidence import Evidence, unquoted
from pipeline.flow import Block, Draft
from pipeline.printed_places import Place
from pipeline.ungrounded import UngroundedError
from schemas.budget_facts import BudgetFact
from schemas.labels import FieldLabels, field_labels
from schemas.reports import Report
from schemas.values import Money, Quantity, Span, squeeze

_WHOLE = re.compile(r"[总合]计|[总满]分|得分|评分")
_BOUND = re.compile(r"[≥≤≧≦>＞<＜]")


def fitting(
    evidence: Evidence, draft: Draft, field: str, candidates: Sequence[Place], region: Sequence[Span], quote: Span
) -> Place:
    """Of numerals equal to a claimed one, that which the text gives for the claim's field, else the first without a label.

    Args:
        evidence: the document's.
        draft: the record that claims the numeral.
        field: the field that it claims it for.
        candidates: the numerals, one at least.
        region: where they stand.
        quote: the place of the record's quote.

    Raises:
        UngroundedError: ``misplaced`` where each of them is printed as another field's, or others as this one's.
    """
    if isinstance(draft.record, BudgetFact):
        fact = draft.record
        return max(candidates, key=lambda place: _likeness(fact, place)) if len(candidates) > 1 else candidates[0]
    if isinstance(draft.record, Report) and field == "max_score":
        candidates = _of_the_whole(draft.record, candidates)
    labels = field_labels(draft.record_type)
    named = [(place, evidence.field_at(draft.record_type, place)) for place in candidates]
    if found := next((place for place, name in named if name == field), None):
        return found
    found = next((place for place, name in named if name is None), None)
    other = named[0][1] if found is None else _given_further_off(evidence, draft, field, found)
    if found is None or other not in {None, field}:
        printed = candidates[0].value
        raise UngroundedError("misplaced", f"{field}: {printed} is printed as {other}, not as {field}")
    own = _its_own(evidence, draft.record_type, field, region, quote)
    if own and found.value not in own and _label_further_off(evidence, labels, found) != field:
        given = " and ".join(map(str, own))
        raise UngroundedError("misplaced", f"{field}: {given} is printed as it, and {found.value} as no field")
    return found


def _of_the_whole(report: Report, candidates: Sequence[Place]) -> Sequence[Place]:
    """The full marks of a report that are not those of one part, as its row of a table names it.

    Raises:
        UngroundedError: ``misplaced`` where all are a part's, and less than the report's score.
    """
    if report.score is None or candidates[0].value >= Decimal(report.score):
        return candidates
    found = [place for place in candidates if not place.row or _WHOLE.search(squeeze(place.row))]
    if not found:
        raise UngroundedError("misplaced", f"max_score: {candidates[0].value} is that of {candidates[0].row}")
    return found


def _its_own(evidence: Evidence, record_type: str, field: str, region: Sequence[Span], quote: Span) -> list[Decimal]:
    """The figures that a quote, or else its region, gives a field under its own label."""
    own = [place for place in evidence.numerals_in(region) if evidence.field_at(record_type, place) == field]
    return list(
        dict.fromkeys(place.value for place in own if quote.holds(place.span)) or dict.fromkeys(p.value for p in own)
    )


def _given_further_off(evidence: Evidence, draft: Draft, field: str, place: Place) -> str | None:
    """The field that a numeral without a label of its own is given for.

    In a list (预算分别为：甲项目10万元、乙项目20万元) the last label before it in its paragraph says it. Of an indicator,
    a bound (≥95%) is what was asked for and not what was reached, where no column says otherwise.
    """
    value = getattr(draft.record, field)
    if field == "actual" and isinstance(value, Quantity) and _BOUND.search(value.text):
        return "target"
    return _label_further_off(evidence, field_labels(draft.record_type), place) if isinstance(value, Money) else None


def _label_further_off(evidence: Evidence, labels: FieldLabels, place: Place) -> str | None:
    """The field whose label stands last before a figure in its paragraph, None in a table."""
    part = evidence.part_at(place.span.start)
    if not isinstance(part, Block):
        return None
    return labels.field_before(evidence.around(Span(part.span.start, place.span.start)))


def _likeness(fact: BudgetFact, place: Place) -> int:
    """How much the words around a numeral are those of a budget fact; all of a row's are as near, so its column decides."""
    name = unquoted(squeeze(fact.path[-1]))
    header = [unquoted(squeeze(label)) for label in place.header]
    year = str(fact.year)
    return (
        4 * (place.role == fact.measure)
        + 4 * (name in header)
        + 2 * any(name in label for label in header)
        + 2 * (name in unquoted(squeeze(place.before)))
        + (fact.year is not None and any(year in label for label in header))
    )
