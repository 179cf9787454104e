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


@dataclass(frozen=True, slots=True)
class Balance:
    """``total`` = Σ ``plus`` − Σ ``minus`` over measures of one subject, stated in one table row or sentence.

    A measure of ``may_be_absent`` counts as nothing where it is not printed; one of ``may_be_included`` may already be
    part of another (年初预算 with or without 年初结转), so that the balance is broken only where it fails both ways.
    """

    name: str
    total: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    may_be_absent: tuple[str, ...] = ()
    may_be_included: tuple[str, ...] = ()
    kind: FindingKind = FindingKind.SUM


@dataclass(frozen=True, slots=True)
class Grade:
    """``grade`` is the band of ``bands`` (name, lowest score, from the best) that ``score`` out of ``maximum`` falls in."""

    name: str
    score: str
    grade: str
    maximum: str
    bands: tuple[tuple[str, int], ...]
    kind: FindingKind = FindingKind.CONFLICT


Relation = Ratio | Sum | AtMost | Balance | Grade
