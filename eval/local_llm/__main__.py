"""Eval (local model): fetch, verify, serve, measure. `make eval-local-llm` runs this; docs/local-llm.md describes it."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from eval.cli import DATA
from eval.local_llm.fetching import UnavailableError, model_file, runtime_python
from eval.local_llm.models import MODELS, LocalModel
from eval.local_llm.parts import PartsError
from eval.local_llm.serving import ServingError, served

FOLDER = Path("build/local-llm")
USAGE = Path(__file__).with_name("usage.sql")
WORST_ERRORS = 30
BOUNDS = {"JIXIAO_CHUNK": "2000", "JIXIAO_MAX_TOKENS": "2048", "JIXIAO_SPLITS": "0"}
"""Few long pieces, as each costs a prompt; a small model that repeats itself writes to any limit: no try with halves."""


def main() -> int:
    """Measures as the command line asks; 0 also where there is nothing to measure with, 1 where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m eval.local_llm", description=__doc__)
    parser.add_argument("--model", choices=MODELS, default="1.5b", help="which of the two models")
    parser.add_argument("--extractor", choices=("llm", "hybrid"), default="llm", help="what asks the model")
    parser.add_argument("--doc", action="append", default=[], help="read this sample alone; may be repeated")
    parser.add_argument(
        "--threads", type=int, default=2, help="1 is faster where the processor is busy with other work"
    )
    given = parser.parse_args()
    model = MODELS[given.model]
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        path = model_file(model, FOLDER)
        python = runtime_python(FOLDER)
    except UnavailableError as reason:
        print(f"skipped: pip cannot fetch the model or its runtime ({reason})")
        return 0
    except PartsError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        with served(python, path, given.threads, FOLDER / "server.log") as base_url:
            return measure(model, base_url, given.doc, given.extractor)
    except ServingError as error:
        print(error, file=sys.stderr)
        return 1


def measure(model: LocalModel, base_url: str, documents: Sequence[str], extractor: str = "llm") -> int:
    """Runs `jixiao run` into a database of the model's and the extractor's own and scores it; the exit status of the
    scoring. The model's context holds 8192 tokens, so chunks are small and replies bounded.

    Every reply is kept in that database, so a measurement that was stopped goes on where it was.
    """
    name = model.name if extractor == "llm" else f"{model.name}-{extractor}"
    database = FOLDER / f"{name}.duckdb"
    settings = {
        "JIXIAO_BASE_URL": base_url,
        "JIXIAO_API_KEY": "none",
        "JIXIAO_MODE": "json_schema",
        "JIXIAO_CONCURRENCY": "4",
        "JIXIAO_TIMEOUT": "900",
        **BOUNDS,
        "NO_PROXY": "127.0.0.1",
    }
    reports = [str(DATA / "samples" / f"{doc}.txt") for doc in documents] or [str(DATA / "samples")]
    _jixiao(settings, "run", *reports, "--db", str(database), "--extractor", extractor, "--model", model.title)
    _jixiao(settings, "query", "--db", str(database), "--file", str(USAGE))
    arguments = ["eval", "--db", str(database), "--extractor", extractor, "--errors", str(WORST_ERRORS)]
    arguments += [word for doc in documents for word in ("--doc", doc)]
    arguments += ["--json", str(FOLDER / f"{name}.json"), "--html", str(FOLDER / f"{name}.html")]
    return _jixiao(settings, *arguments)


def _jixiao(settings: Mapping[str, str], *arguments: str) -> int:
    command = [str(Path(sys.executable).with_name("jixiao")), *arguments]
    return subprocess.run(command, env={**os.environ, **settings}, check=False).returncode  # noqa: S603 - our own


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that being stopped stops the server, too
    sys.exit(main())
