"""Field labels in running text and in column headers, read from vocabulary/labels.toml and columns.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from schemas.columns import bare_header
from schemas.values import squeeze
from schemas.word_files import load_vocabulary

_ROLE_FIELDS = {
    "projects": {
        "supplementary": "supplementary_budget",
        **{f: f for f in ("initial_budget", "full_year_budget", "executed", "execution_rate")},
    },
    "indicators": {f: f for f in ("target", "actual", "weight", "score")},
    "score_lines": {"weight": "weight", "score": "score", "score_rate": "rate"},
    "survey_answers": {"count": "count", "share": "share"},
}
_OF_WHICH = re.compile(r"^(?:其中[：:]?|[（(]?[0-9一二三四五六七八九十]{1,2}[）)、.．])")


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

    def field_of_row(self, label: str) -> str | None:
        """The field whose label the words before a row's figures are, all of them; None where they are something else."""
        if self.pattern is None:
            return None
        found = self.pattern.fullmatch(_OF_WHICH.sub("", bare_header(label)))
        return found.lastgroup if found else None

    def field_of(self, before: str, row: str, role: str | None) -> str | None:
        """The field that a figure is printed as: by the words before it, else its row's, else its column's role."""
        named = self.field_before(before) or self.field_of_row(row)
        return named or (self.roles.get(role) if role else None)


@cache
def field_labels(record_type: str) -> FieldLabels:
    """The labels of a record type's numeric fields; empty where the vocabulary lists none."""
    entry: dict[str, list[str]] = dict(load_vocabulary("labels").get(record_type, {}))
    if record_type == "survey_answers":
        entry["respondents"] = [f".{{0,4}}{pattern}" for pattern in load_vocabulary("columns")["rows"]["respondents"]]
    alternatives = [f"(?P<{name}>{'|'.join(patterns)})" for name, patterns in entry.items()]
    return FieldLabels(
        pattern=re.compile("|".join(alternatives)) if alternatives else None,
        fields=tuple(entry),
        roles=_ROLE_FIELDS.get(record_type, {}),
    )
