"""Grounding: which of several equal numerals a claim means, and whether one of them is printed as what it is claimed to be."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.evidence import Place, unquoted
from pipeline.ungrounded import UngroundedError
from schemas.budget_facts import BudgetFact
from schemas.fields import Record
from schemas.labels import field_labels
from schemas.values import squeeze


def fitting(record_type: str, record: Record, field: str, candidates: Sequence[Place]) -> Place:
    """Of numerals equal to a claimed one, that which the text gives for the claim's field, else the first without a label.

    Args:
        record_type: the name of the record's type.
        record: the record that claims the numeral.
        field: the field that it claims it for.
        candidates: the numerals, one at least.

    Raises:
        UngroundedError: ``misplaced`` where each of them is printed as another field's.
    """
    if isinstance(record, BudgetFact):
        return max(candidates, key=lambda place: _likeness(record, place))
    labels = field_labels(record_type)
    named = [(place, labels.field_of(place.before, place.row, place.role)) for place in candidates]
    for wanted in (field, None):
        if found := next((place for place, name in named if name == wanted), None):
            return found
    printed = candidates[0].value
    raise UngroundedError("misplaced", f"{field}: {printed} is printed as {named[0][1]}, not as {field}")


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
