"""``jixiao bench overhead``: the real client and journal against a stand-in with delays."""

from __future__ import annotations

import pytest

from eval.bench.overhead import _ideal, run


@pytest.mark.parametrize(
    ("delays", "concurrency", "ideal"),
    [([1.0] * 500, 32, 16.0), ([3.0, 1.0, 1.0, 1.0], 2, 3.0), ([1.0, 2.0], 1, 3.0)],
)
def test_the_best_time_is_that_of_places_that_are_never_free(
    delays: list[float], concurrency: int, ideal: float
) -> None:
    assert _ideal(delays, concurrency) == ideal


def test_every_chunk_is_read_and_measured() -> None:
    measured = run(40, 8, 0.05, 0.5)
    assert measured.read == measured.chunks == 40
    assert measured.seconds >= measured.ideal
    assert measured.cpu_each > 0
