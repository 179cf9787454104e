"""``jixiao bench review``: a page of many records, decided about over HTTP as a browser would."""

from __future__ import annotations

from eval.bench.review import run


def test_every_kind_of_decision_is_made_and_timed() -> None:
    measured = run(100, 8)
    assert measured.items == 100
    assert {kind: len(times) for kind, times in measured.actions.items()} == {
        "accept": 2,
        "reject": 2,
        "undo": 2,
        "correct": 2,
    }
    assert 0 < measured.queue < measured.first_page
