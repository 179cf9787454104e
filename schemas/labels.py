"""Field labels in running text and in column headers, read from vocabulary/labels.toml and columns.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from schemas.units import load_vocabulary
from schemas.values import squeeze

_ROLE_FIELDS = {
    "projects": {
        "supplementary": "supplementary_budget",
        **{f: f for f in ("initial_budget", "full_year_budget", "executed", "execution_rate")},
    },
    "indicators": {f: f for f in ("target", "actual", "weight", "score")},
    "score_lines": {"weight": "weight", "score": "score", "score_rate": "rate"},
    "survey_answers": {"count": "count", "share": "share"},
}


@dataclass(frozen=True, slots=True)
class FieldLabels:
    """What the numeric fields of one record type are called before a figure, and in the header of its column."""

    pattern: re.Pattern[str] | None
    fields: tuple[str, ...]
    roles: dict[str, str]

    def field_before(self, before: str) -> str | None:
        """The field whose label stands last in the words before a figure, None where none does."""
        if self.pattern is None:
            return None
        last = None
        for match in self.pattern.finditer(squeeze(before)):
            last = match
        return last.lastgroup if last else None

    def role_is(self, role: str | None, name: str) -> bool:
        """Whether a column role is this field's."""
        return role is not None and self.roles.get(role) == name

    def role_is_other(self, role: str | None, name: str) -> bool:
        """Whether a column role is another field's."""
        return role is not None and self.roles.get(role, name) != name


@cache
def field_labels(record_type: str) -> FieldLabels:
    """The labels of a record type's numeric fields; empty where the vocabulary lists none."""
    entry: dict[str, list[str]] = load_vocabulary("labels").get(record_type, {})
    alternatives = [f"(?P<{name}>{'|'.join(patterns)})" for name, patterns in entry.items()]
    return FieldLabels(
        pattern=re.compile("|".join(alternatives)) if alternatives else None,
        fields=tuple(entry),
        roles=_ROLE_FIELDS.get(record_type, {}),
    )
