"""Benchmarks: LangExtract as a baseline, for the tokens that are sent and for what is made of replies: in an environment of
its own, asked with the definitions and fields of our guides and with some of their examples, in one pass."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.extraction.llm.prompting import guide, guide_examples
from schemas.registry import RECORD_TYPES

PACKAGE = "langextract==1.7.1"
PROMPTS = Path(__file__).with_name("langextract_prompts.py")
READINGS = Path(__file__).with_name("langextract_readings.py")
EXAMPLES = ("projects", "indicators", "budget_facts")
"""Record types whose first examples are given, in this order."""


class NoBaselineError(Exception):
    """LangExtract cannot be installed or run: says why."""


def prompts(texts: Sequence[str], examples: int, folder: Path) -> list[str]:
    """The prompts that LangExtract sends for texts, in its usual pieces of 1000 characters and with so many examples.

    Raises:
        NoBaselineError: it cannot be installed or run.
    """
    made = _have_done(PROMPTS, {"texts": list(texts), **_asked(examples)}, folder)
    return [json.loads(line) for line in made.splitlines() if line.startswith('"')]


def readings(job: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """What LangExtract makes of chunks with the replies of an endpoint, asked with one example; see ``langextract_readings``.

    Raises:
        NoBaselineError: it cannot be installed or run.
    """
    made = _have_done(READINGS, {**_asked(1), **job}, folder)
    found: dict[str, Any] = json.loads(made.splitlines()[-1])
    return found


def _asked(examples: int) -> dict[str, Any]:
    return {
        "description": "Extract the records that a budget-performance report states, figures as printed.\n\n"
        + "\n\n".join(guide(name).partition("\nExample")[0] for name in RECORD_TYPES),
        "examples": [_example(name) for name in EXAMPLES[:examples]],
    }


def _have_done(script: Path, job: Mapping[str, Any], folder: Path) -> str:
    return _run([str(_python(folder)), str(script)], json.dumps(job, ensure_ascii=False))


def _example(name: str) -> dict[str, Any]:
    example = guide_examples(name)[0]
    text = example.get("text") or example["records"][0]["quote"]
    return {"text": text, "records": [(name, record) for record in example["records"]]}


def _python(folder: Path) -> Path:
    """The Python of an environment with LangExtract, made where it is missing."""
    python = folder / "venv" / "bin" / "python"
    installed = folder / f"{PACKAGE}.installed"
    if not installed.exists():
        _run([sys.executable, "-m", "venv", str(folder / "venv")])
        _run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE])
        installed.touch()
    return python


def _run(command: Sequence[str], given: str = "") -> str:
    try:
        ended = subprocess.run(command, input=given, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    except (OSError, subprocess.CalledProcessError) as error:
        told = getattr(error, "stderr", "") or str(error)
        raise NoBaselineError(told.strip().splitlines()[-1] if told.strip() else str(error)) from error
    return ended.stdout
