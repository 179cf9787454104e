"""``jixiao bench tokens``: what is sent for each token of the documents."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from eval.bench.langextract_baseline import EXAMPLES, PACKAGE, NoBaselineError
from eval.bench.tokens import run, run_langextract
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


def test_the_schema_is_counted_apart_and_cached_tokens_as_free() -> None:
    large, _ = run(DATA / "samples", [7000])
    assert large.schema > 0
    assert large.ratio_with_schema > large.ratio > large.ratio_cached


def test_a_baseline_that_cannot_run_says_why(tmp_path: Path) -> None:
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / f"{PACKAGE}.installed").touch()
    with pytest.raises(NoBaselineError, match="langextract"):
        run_langextract(DATA / "samples", len(EXAMPLES), tmp_path)
