"""Eval: precision, recall and F1 from counts, exactly, with bootstrap intervals over documents."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

RESAMPLES = 1000
SEED = 20200210
"""Seed of the bootstrap, so that the same evaluation always prints the same intervals."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Values read right (tp), read but wrong or not stated (fp), stated but not read right (fn)."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def precision(self) -> Fraction | None:
        """Share of the predicted values that are right; None where nothing is predicted."""
        return _share(self.tp, self.tp + self.fp)

    @property
    def recall(self) -> Fraction | None:
        """Share of the gold values that were read right; None where gold states nothing."""
        return _share(self.tp, self.tp + self.fn)

    @property
    def f1(self) -> Fraction | None:
        """Harmonic mean of precision and recall; None where neither side states anything."""
        return _share(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    @property
    def errors(self) -> int:
        """Wrong, invented and omitted values together."""
        return self.fp + self.fn

    @property
    def empty(self) -> bool:
        """Whether neither side states anything."""
        return not (self.tp or self.fp or self.fn)


Interval = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Intervals:
    """95 % bootstrap intervals of a score over documents."""

    precision: Interval | None
    recall: Interval | None
    f1: Interval | None


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of counts."""
    return sum(counts, Counts())


def bootstrap(by_document: Sequence[Counts], resamples: int = RESAMPLES, seed: int = SEED) -> Intervals:
    """What the scores would range over had other documents of the same sort been drawn.

    Documents are drawn with replacement, as many as there are, ``resamples`` times; the 2.5th and 97.5th percentile of
    the scores are the interval. One document alone says nothing about others: its interval is its score.
    """
    rng = random.Random(seed)
    drawn = [total(rng.choices(by_document, k=len(by_document))) for _ in range(resamples)] if by_document else []
    return Intervals(
        _percentiles([c.precision for c in drawn]),
        _percentiles([c.recall for c in drawn]),
        _percentiles([c.f1 for c in drawn]),
    )


def _percentiles(scores: Iterable[Fraction | None]) -> Interval | None:
    known = sorted(s for s in scores if s is not None)
    if not known:
        return None
    return known[len(known) * 25 // 1000], known[min(len(known) - 1, len(known) * 975 // 1000)]


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None
