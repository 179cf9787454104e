"""Measures: exact scores, and intervals that are the same on every run."""

from __future__ import annotations

from fractions import Fraction

import pytest

from eval.measures import Counts, bootstrap, total
from eval.output import percent


@pytest.mark.parametrize(
    ("counts", "precision", "recall", "f1"),
    [
        (Counts(), None, None, None),
        (Counts(tp=3), Fraction(1), Fraction(1), Fraction(1)),
        (Counts(fp=2), Fraction(0), None, Fraction(0)),
        (Counts(fn=2), None, Fraction(0), Fraction(0)),
        (Counts(tp=1, fp=1, fn=1), Fraction(1, 2), Fraction(1, 2), Fraction(1, 2)),
        (Counts(tp=2, fp=1, fn=6), Fraction(2, 3), Fraction(1, 4), Fraction(4, 11)),
    ],
)
def test_scores_are_exact(
    counts: Counts, precision: Fraction | None, recall: Fraction | None, f1: Fraction | None
) -> None:
    assert (counts.precision, counts.recall, counts.f1) == (precision, recall, f1)
    assert counts.empty is (f1 is None)


def test_a_document_alone_is_its_own_interval() -> None:
    found = bootstrap([Counts(3, 1, 2)])
    assert found.precision == (Fraction(3, 4), Fraction(3, 4))
    assert found.recall == (Fraction(3, 5), Fraction(3, 5))


def test_interval_holds_the_score_and_repeats() -> None:
    documents = [Counts(90, 10, 5), Counts(10, 10, 30), Counts(50, 0, 0), Counts(0, 3, 4)]
    found = bootstrap(documents)
    assert found == bootstrap(documents)
    assert found != bootstrap(documents, seed=1)
    score = total(documents).f1
    assert score is not None
    assert found.f1 is not None
    assert found.f1[0] < score < found.f1[1]


def test_no_documents_no_interval() -> None:
    assert bootstrap([]).f1 is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"),
        (Fraction(1), "100.0"),
        (Fraction(9999, 10000), "99.9"),
        (Fraction(0), "0.0"),
        (Fraction(2, 3), "66.6"),
        (Fraction(1, 10000), "0.0"),
    ],
)
def test_percent_is_never_rounded_up(value: Fraction | None, shown: str) -> None:
    assert percent(value) == shown
