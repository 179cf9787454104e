"""Time: in proportion to the records, and two seconds for a hundred thousand."""

from __future__ import annotations

import time

import pytest

from eval.bench.large_documents import large
from pipeline.checking import check


def seconds(records: int) -> float:
    """Processor time of checking a document of a number of records, the better of two runs."""
    document, layout, made = large(records)
    best = float("inf")
    for _ in range(2):
        start = time.process_time()
        assert check(document, layout, made) == ()
        best = min(best, time.process_time() - start)
    return best


def test_time_grows_in_proportion() -> None:
    assert seconds(8_000) < 4.0 * seconds(4_000)


@pytest.mark.slow
def test_a_hundred_thousand_records() -> None:
    assert seconds(100_000) < 4.0  # twice what it takes on a machine with nothing else to do
