"""Eval: whether the defects that a report holds are found, and none that rounding explains is reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.optimize import linear_sum_assignment

from eval.gold import GoldDocument, GoldFinding, NearMiss
from eval.predicted import PredictedFinding
from schemas.relations import FindingKind
from schemas.values import Span

_FOUND = 1000.0
"""Weight of finding one more defect against pairing findings with the quotes that fit them best."""


@dataclass(frozen=True, slots=True, eq=False)
class FindingScore:
    """A document's findings against gold.

    ``found`` and ``missed`` hold the required gold findings, ``optional_found`` the optional ones that were reported.
    ``false_alarms`` match no gold finding, or match a near miss (``near_misses`` holds those).
    """

    found: tuple[tuple[GoldFinding, PredictedFinding], ...]
    missed: tuple[GoldFinding, ...]
    optional_found: tuple[tuple[GoldFinding, PredictedFinding], ...]
    false_alarms: tuple[PredictedFinding, ...]
    near_misses: tuple[tuple[NearMiss, PredictedFinding], ...]

    @property
    def required(self) -> int:
        """How many gold findings are required."""
        return len(self.found) + len(self.missed)

    def tally(self, kind: FindingKind | None = None) -> FindingTally:
        """The counts of a kind of finding, or of all."""

        def has(finding: GoldFinding | PredictedFinding) -> bool:
            return kind is None or finding.kind is kind

        return FindingTally(
            required=sum(has(g) for g, _ in self.found) + sum(has(g) for g in self.missed),
            found=sum(has(g) for g, _ in self.found),
            optional_found=sum(has(g) for g, _ in self.optional_found),
            false_alarms=sum(has(p) for p in self.false_alarms),
            near_misses=sum(has(p) for _, p in self.near_misses),
        )


@dataclass(frozen=True, slots=True)
class FindingTally:
    """How many findings gold requires, how many of them were found, and how many reports were false alarms."""

    required: int = 0
    found: int = 0
    optional_found: int = 0
    false_alarms: int = 0
    near_misses: int = 0

    def __add__(self, other: FindingTally) -> FindingTally:
        return FindingTally(
            self.required + other.required,
            self.found + other.found,
            self.optional_found + other.optional_found,
            self.false_alarms + other.false_alarms,
            self.near_misses + other.near_misses,
        )

    @property
    def recall(self) -> Fraction | None:
        """Share of the required findings that were found; None where none is required."""
        return Fraction(self.found, self.required) if self.required else None


def score_findings(gold: GoldDocument, predicted: Sequence[PredictedFinding]) -> FindingScore:
    """Score the findings of a document.

    A reported finding matches a gold finding of its kind if one of its figures stands in one of its quotes. One report
    finds one defect: they are assigned so that the most required findings are found, then the most optional ones. A
    second report of a defect is no false alarm. A report matches a near miss if all its figures stand in the near
    miss's quotes, unless they all stand in those of a gold finding of its kind.
    """
    near, alarms, candidates = [], [], []
    for finding in predicted:
        matches = [g for g in gold.findings if _fit(g, finding)]
        miss = next((m for m in gold.near_misses if _all_in(m.spans, finding)), None)
        if miss and not any(_all_in(g.spans, finding) for g in matches):
            near.append((miss, finding))
            alarms.append(finding)
        elif matches:
            candidates.append(finding)
        else:
            alarms.append(finding)
    pairs = {i: candidates[j] for i, j in _assigned(gold.findings, candidates)}
    required = [(i, g) for i, g in enumerate(gold.findings) if g.required]
    optional = [(i, g) for i, g in enumerate(gold.findings) if not g.required]
    return FindingScore(
        found=tuple((g, pairs[i]) for i, g in required if i in pairs),
        missed=tuple(g for i, g in required if i not in pairs),
        optional_found=tuple((g, pairs[i]) for i, g in optional if i in pairs),
        false_alarms=tuple(alarms),
        near_misses=tuple(near),
    )


def _assigned(gold: Sequence[GoldFinding], predicted: Sequence[PredictedFinding]) -> list[tuple[int, int]]:
    if not gold or not predicted:
        return []
    predicted_order = sorted(range(len(predicted)), key=lambda j: (predicted[j].kind, predicted[j].spans))
    fit = np.array([[_fit(g, predicted[j]) for j in predicted_order] for g in gold])
    worth = np.array([[_FOUND if g.required else 1.0] for g in gold])
    weight = np.where(fit > 0, worth + fit / 10, 0.0)
    rows, columns = linear_sum_assignment(weight, maximize=True)
    return [(int(i), predicted_order[int(j)]) for i, j in zip(rows, columns, strict=True) if fit[i, j] > 0]


def _fit(gold: GoldFinding, predicted: PredictedFinding) -> float:
    """How well a report fits a gold finding: the share of quotes touched and figures held; 0 is no match."""
    if gold.kind is not predicted.kind:
        return 0.0
    quotes = sum(any(_touches(places, s) for s in predicted.spans) for places in gold.spans)
    figures = sum(any(_touches(places, s) for places in gold.spans) for s in predicted.spans)
    return (quotes / len(gold.spans) + figures / len(predicted.spans)) / 2 if quotes else 0.0


def _all_in(quotes: Sequence[Sequence[Span]], predicted: PredictedFinding) -> bool:
    return bool(predicted.spans) and all(any(_touches(places, s) for places in quotes) for s in predicted.spans)


def _touches(places: Sequence[Span], span: Span) -> bool:
    return any(p.overlaps(span) for p in places)
