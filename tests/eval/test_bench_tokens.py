"""``jixiao bench tokens``: what is sent for each token of the documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.bench.tokens import run
from eval.cli import DATA


def test_larger_chunks_send_less_and_a_call_for_each_type_sends_most() -> None:
    small, large, naive = run(DATA / "samples", [1200, 3600])
    assert small.text == large.text == naive.text
    assert large.requests < small.requests < naive.requests
    assert large.ratio < small.ratio < naive.ratio
    assert all(row.ratio_cached < row.ratio for row in (small, large, naive))
    assert all(row.prompt - row.cached > row.text for row in (small, large, naive))


def test_a_folder_without_reports_is_said_to_hold_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no reports in "):
        list(run(tmp_path, [1200]))
