"""The arithmetic that a record promises, declared as data beside each record type and checked by pipeline/checking."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What a finding says is wrong in the report itself."""

    RATIO = "ratio"
    SUM = "sum"
    DIFFERENCE = "difference"
    GROWTH = "growth"
    SCORE_SUM = "score_sum"
    UNIT = "unit"
    CONFLICT = "conflict"
    DIRECTION = "direction"
    COUNT = "count"
    DECIMAL_SHIFT = "decimal_shift"


@dataclass(frozen=True, slots=True)
class Ratio:
    """``stated`` % = 100 · ``part`` / ``whole``."""

    name: str
    stated: str
    part: str
    whole: str
    kind: FindingKind = FindingKind.RATIO


@dataclass(frozen=True, slots=True)
class Sum:
    """``total`` = Σ ``parts``; a part that is not printed makes the relation incomplete unless it may be absent."""

    name: str
    total: str
    parts: tuple[str, ...]
    may_be_absent: tuple[str, ...] = ()
    kind: FindingKind = FindingKind.SUM


@dataclass(frozen=True, slots=True)
class AtMost:
    """``low`` ≤ ``high``."""

    name: str
    low: str
    high: str
    kind: FindingKind = FindingKind.CONFLICT


Relation = Ratio | Sum | AtMost
