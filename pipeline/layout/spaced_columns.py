"""Layout: tables without marks: what sort of cell each column holds, told from the role of its header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache

from schemas.columns import bare_header, column_role
from schemas.word_files import load_vocabulary


class Kind(IntEnum):
    """What a column's cells are like."""

    ORDINAL = 0
    FIGURE = 1
    QUANTITY = 2
    LEVEL = 3
    NAME = 4
    SHORT = 5
    TEXT = 6


_KINDS = {
    "seq": Kind.ORDINAL,
    "question": Kind.TEXT,
    "option": Kind.NAME,
    "org": Kind.NAME,
    "name": Kind.NAME,
    "level1": Kind.LEVEL,
    "level2": Kind.LEVEL,
    "level3": Kind.LEVEL,
    "level4": Kind.LEVEL,
    "source": Kind.SHORT,
    "nature": Kind.SHORT,
    "target_unit": Kind.SHORT,
    "target": Kind.QUANTITY,
    "actual": Kind.QUANTITY,
    "goal": Kind.TEXT,
    "done": Kind.TEXT,
    "reason": Kind.TEXT,
    "status": Kind.TEXT,
    "overview": Kind.TEXT,
}
"""Kinds by role; every role that is not listed holds figures."""

_MEASURED = re.compile(
    r"[（(](?:单位[:：]?)?(?:[百千万亿]*元|[万亿]?[亩吨人户株]|公里|千米|[万亿]?[平立]方米|米|公顷|[个次座处台套辆件项批]|人次|[%％])[）)]$"
)
"""A header that ends in the unit of its figures (里程（公里）)."""

LABELS = frozenset({Kind.NAME, Kind.LEVEL})
FIGURES = frozenset({Kind.FIGURE, Kind.QUANTITY, Kind.ORDINAL})


_GROUPS = 2
"""Levels that groups of indicators have; those below are the indicators' own names."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header's text, its role in the vocabulary (None where unknown), and what its cells are like."""

    label: str
    role: str | None
    kind: Kind

    @property
    def told(self) -> bool:
        """Whether its header says what its cells are like, by a role or by its ending."""
        return self.role is not None or self.kind is not Kind.TEXT


@cache
def _shapes() -> tuple[re.Pattern[str], re.Pattern[str]]:
    shapes = load_vocabulary("columns")["shapes"]
    return re.compile("|".join(shapes["figure"])), re.compile("|".join(shapes["short"]))


@lru_cache(maxsize=8192)
def column_of(label: str) -> Column:
    """The column that a header stands for."""
    role = column_role(label)
    if role and role != "ignored":
        return Column(label, role, _KINDS.get(role, Kind.FIGURE))
    figure, short = _shapes()
    bare = bare_header(label)
    if short.search(bare):
        return Column(label, role, Kind.SHORT)
    if figure.search(bare) or _MEASURED.search(label):
        return Column(label, role, Kind.FIGURE)
    return Column(label, role, Kind.TEXT)


def columns_under(labels: Sequence[str]) -> tuple[Column, ...]:
    """The columns of a header; a first one that names money (项目资金（万元）) above figures stands over their names."""
    first, *rest = (column_of(label) for label in labels)
    if first.role == "amount" and all(c.kind is Kind.FIGURE for c in rest):
        first = Column(first.label, first.role, Kind.NAME)
    return (first, *rest)


class Shape:
    """What the readings of a table ask of its columns again and again."""

    def __init__(self, columns: Sequence[Column]) -> None:
        kinds = [column.kind for column in columns]
        self.columns = columns
        self.kinds = kinds
        self.numbered = kinds[0] is Kind.ORDINAL
        self.surveyed = columns[0].role == "option"
        self.texts = kinds.count(Kind.TEXT)
        self.labels = next((i for i, k in enumerate(kinds) if k not in LABELS and k is not Kind.ORDINAL), 0)
        self.first_figure = next(
            (i for i, k in enumerate(kinds) if k in FIGURES and k is not Kind.ORDINAL), self.labels
        )
        self.mergeable = _mergeable(columns)
        budgets = any(column.role == "executed" for column in columns)
        self.scores = [not budgets and column.role in {"weight", "score"} for column in columns]
        self.levels = Kind.LEVEL in kinds
        levels = [i for i, kind in enumerate(kinds) if kind is Kind.LEVEL]
        self.lowest = levels[_GROUPS] if len(levels) > _GROUPS else len(kinds)
        self.parted = [
            kind is Kind.LEVEL and below is Kind.LEVEL for kind, below in zip(kinds, [*kinds[1:], None], strict=True)
        ]
        self.marks = next((i for i, c in enumerate(columns) if c.role == "weight" and self.levels), self.labels)
        last = max((i for i, kind in enumerate(kinds) if kind is not Kind.TEXT), default=-1)
        self.only_texts = [i > last for i in range(len(kinds) + 1)]


def _mergeable(columns: Sequence[Column]) -> int:
    """How many leading columns, plus one, may be left empty because a cell above reaches down."""
    labels = 0
    for column in columns:
        if column.kind is Kind.LEVEL or column.role == "org":
            labels += 1
        else:
            return labels + 1 if column.kind is Kind.NAME and labels else labels
    return labels
