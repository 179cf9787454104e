"""Fault injection: faults counted by kind and outcome, and rates with their exact upper bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from scipy.stats import beta

from eval.faults.judging import Escape, Judged, Verdicts
from eval.faults.kinds import FaultKind, Outcome

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many, and the exact one-sided upper bound of the share behind it."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """The share; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def upper(self) -> float | None:
        """The Clopper–Pearson bound: were the true share larger, so few would be seen in less than 5 of 100 trials."""
        if not self.whole:
            return None
        if self.part == self.whole:
            return 1.0
        return float(beta.ppf(CONFIDENCE, self.part + 1, self.whole - self.part))


@dataclass(frozen=True)
class KindTally:
    """What became of the faults of one kind."""

    kind: FaultKind | None
    outcomes: Counter[Outcome]
    codes: Counter[str]
    lost: int
    unseen: int

    @property
    def injected(self) -> int:
        """How many there were."""
        return self.outcomes.total()

    @property
    def escaped(self) -> Rate:
        """How many escaped."""
        return Rate(self.outcomes[Outcome.ESCAPED], self.injected)


@dataclass(frozen=True)
class FaultReport:
    """The result of an evaluation with faults."""

    judged: tuple[Judged, ...]
    stray: tuple[Escape, ...]
    figures: Rate
    lost_unexplained: int

    @property
    def kinds(self) -> tuple[KindTally, ...]:
        """One tally for each kind that was injected."""
        present = {j.fault.kind for j in self.judged}
        return tuple(
            _tally(kind, (j for j in self.judged if j.fault.kind is kind)) for kind in FaultKind if kind in present
        )

    @property
    def all(self) -> KindTally:
        """All kinds together."""
        return _tally(None, self.judged)

    @property
    def escapes(self) -> tuple[Escape, ...]:
        """Everything that escaped, and everything that is missing without a trace."""
        return (*(e for j in self.judged for e in j.escapes), *self.stray)


def report(verdicts: Iterable[Verdicts]) -> FaultReport:
    """All verdicts together."""
    found = list(verdicts)
    return FaultReport(
        tuple(j for v in found for j in v.judged),
        tuple(e for v in found for e in v.stray),
        Rate(sum(v.wrong_figures for v in found), sum(v.figures for v in found)),
        sum(v.lost for v in found),
    )


def _tally(kind: FaultKind | None, judged: Iterable[Judged]) -> KindTally:
    found = list(judged)
    return KindTally(
        kind,
        Counter(j.outcome for j in found),
        Counter(f"{j.outcome}: {j.code}" for j in found if j.code),
        sum(j.lost for j in found),
        sum(j.unseen for j in found),
    )
