"""Local model: without its packages the measurement is skipped, with wrong ones it fails; usage adds up."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from eval.gold import GoldSet
from eval.gold_model import GoldModel
from eval.local_llm import __main__ as command
from eval.local_llm import fetching
from eval.local_llm.models import MODELS
from eval.sources import Usage, usage_of
from eval.standin import StandIn
from tests.call_cases import call

NOT_FOUND = "WARNING: retrying\nERROR: Could not find a version\nERROR: No matching distribution found for some-part1\n"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["eval.local_llm"])


def test_missing_packages_are_no_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def pip(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(command, 1, "", NOT_FOUND)

    monkeypatch.setattr(fetching.subprocess, "run", pip)
    assert command.main() == 0
    said = capsys.readouterr().out
    assert said.startswith("skipped: ")
    assert said.count("\n") == 1
    assert "No matching distribution found for some-part1" in said


def test_wrong_model_in_the_cache_is_deleted_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "build" / "local-llm" / MODELS["1.5b"].file_name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"something else")
    assert command.main() == 1
    assert "was deleted and nothing was measured" in capsys.readouterr().err
    assert not path.exists()


def test_usage_counts_failed_calls_and_leaves_out_cached_replies() -> None:
    cut_off = call(status="length", prompt_tokens=50, completion_tokens=10, error="cut off")
    calls = [call(completion_tokens=20), cut_off, call(recalled=True)]
    assert usage_of(calls) == Usage(2, 1, 150, 30, Decimal("3.0"))
    assert usage_of(calls) + Usage() == usage_of(calls)


def test_a_measurement_reads_scores_and_is_kept(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The whole of it, against a stand-in that knows the gold; a second measurement asks nothing again."""
    (tmp_path / command.FOLDER).mkdir(parents=True)
    gold = GoldSet(command.DATA / "gold", command.DATA / "samples", ["water-2022"])
    with StandIn(GoldModel(gold.documents)) as server:
        assert command.measure(MODELS["0.5b"], server.base_url, ["water-2022"]) == 0
        asked = len(server.requests)
        assert command.measure(MODELS["0.5b"], server.base_url, ["water-2022"]) == 0
        assert asked == len(server.requests) > 0
    said = capfd.readouterr().out
    assert "water-2022" in said
    assert re.search(rf"all +│ +{asked} ", said)
    scores = json.loads((tmp_path / command.FOLDER / "0.5b.json").read_text(encoding="utf-8"))
    assert scores["documents"]["water-2022"]["all"]["f1"] > 0.9
    assert (tmp_path / command.FOLDER / "0.5b.html").is_file()
