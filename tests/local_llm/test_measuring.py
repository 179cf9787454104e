"""Local model: without its packages the measurement is skipped, with wrong ones it fails; usage adds up."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from eval.local_llm import __main__ as command
from eval.local_llm import fetching
from eval.local_llm.models import MODELS
from eval.sources import Usage, usage_of
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
