"""The command line as a user runs it, in this process."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.conftest import ROOT

SAMPLES = ROOT / "data" / "samples"


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit status and what it printed."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """The error lines."""
        return [line for line in self.err.splitlines() if line.startswith("error: ")]


Jixiao = Callable[..., Ended]


@pytest.fixture
def jixiao(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Jixiao:
    """Runs ``jixiao`` in an empty folder, with no setting in the environment."""
    for name in list(os.environ):
        if name.startswith("JIXIAO_") or name == "OPENAI_API_KEY":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["jixiao", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return Ended(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that two samples were read into; the tests that ask it change nothing."""
    folder = tmp_path_factory.mktemp("filled")
    arguments = ["jixiao", "run", str(SAMPLES / "water-2022.txt"), str(SAMPLES / "agriculture-2021.txt")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [*arguments, "--db", str(folder / "filled.duckdb"), "--extractor", "offline"])
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code
    return folder / "filled.duckdb"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with two of the samples."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for name in ("water-2022.txt", "education-2023.txt"):
        shutil.copy(SAMPLES / name, folder / name)
    return folder
