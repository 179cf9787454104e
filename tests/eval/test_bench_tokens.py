"""``jixiao bench tokens``: what is sent for each token of the documents."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from eval.bench.langextract_baseline import EXAMPLES, PACKAGE, NoBaselineError
from eval.bench.tokens import SETTINGS, run, run_langextract
from eval.cli import DATA

SAMPLES, GOLD = DATA / "samples", DATA / "gold"


def test_larger_chunks_send_less_and_a_call_for_each_type_sends_most() -> None:
    small, large, strict, naive = run(SAMPLES, [1200, 15_000])
    assert small.text == large.text == naive.text
    assert large.requests < small.requests < naive.requests * 2
    assert large.ratio < small.ratio
    assert large.ratio < strict.ratio < naive.ratio
    assert all(row.ratio_cached < row.ratio for row in (small, large, naive))
    assert all(row.ratio_cached > 1 for row in (small, large, naive))
    assert all(row.reply is None and row.halves == 0 for row in (small, large, naive))


def test_a_folder_without_reports_is_said_to_hold_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no reports in "):
        list(run(tmp_path, [1200]))


def test_the_schema_is_counted_and_what_a_request_before_had_is_free() -> None:
    large, *_ = run(SAMPLES, [15_000])
    assert large.schema > 0
    assert large.ratio > large.ratio_without_schema
    assert large.ratio > large.ratio_cached_in_one >= large.ratio_cached


def test_replies_are_as_long_as_gold_makes_them_and_strict_ones_longer() -> None:
    large, strict, _ = run(SAMPLES, [15_000], GOLD)
    assert large.reply and strict.reply
    assert large.reply < strict.reply
    assert large.halves == 0


def test_a_reply_that_does_not_fit_costs_its_request_and_those_of_both_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, *_ = run(SAMPLES, [15_000], GOLD)
    monkeypatch.setattr("eval.bench.tokens.SETTINGS", SETTINGS.model_copy(update={"max_tokens": 3000}))
    cut, *_ = run(SAMPLES, [15_000], GOLD)
    assert cut.halves > 0
    assert cut.requests == whole.requests + cut.halves
    assert cut.messages > whole.messages
    assert cut.schema > whole.schema
    assert cut.reply and whole.reply and cut.reply > whole.reply


def test_a_baseline_that_cannot_run_says_why(tmp_path: Path) -> None:
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    (tmp_path / "venv" / "bin" / "python").symlink_to(sys.executable)
    (tmp_path / f"{PACKAGE}.installed").touch()
    with pytest.raises(NoBaselineError, match="langextract"):
        run_langextract(DATA / "samples", len(EXAMPLES), tmp_path)
