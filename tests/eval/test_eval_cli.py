"""``jixiao eval`` on the command line: what it prints, writes and exits with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from eval import cli
from eval.gold import GoldDocument
from eval.items import Item
from eval.predicted import PredictedDocument, from_gold
from pipeline.extraction.choice import choose
from pipeline.job import run as run_job
from pipeline.settings import load_settings
from pipeline.store import Store

SAMPLES = cli.DATA / "samples"
Invoke = Callable[..., Result]


@pytest.fixture
def invoke(roads_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Runs the command on the small report, with a baseline file of its own."""
    monkeypatch.chdir(tmp_path)
    for name in ("JIXIAO_EXTRACTOR", "JIXIAO_MODEL", "JIXIAO_BASE_URL", "JIXIAO_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    given = ["--gold", str(roads_folder), "--reports", str(roads_folder), "--baseline", str(tmp_path / "baseline.json")]
    return lambda *options: CliRunner().invoke(cli.app, [*given, *options], env={"COLUMNS": "200"})


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Item], Item]], None]:
    """Replaces the extractor: it reads the gold, each record changed."""

    def use(change: Callable[[Item], Item]) -> None:
        def read(documents: tuple[GoldDocument, ...], extractor: str, model: str | None) -> Any:
            found: list[PredictedDocument] = []
            for document in documents:
                perfect = from_gold(document)
                found.append(replace(perfect, records=tuple(change(i) for i in perfect.records)))
            return SimpleNamespace(name=extractor, model=model), found

        monkeypatch.setattr(cli, "read_with", read)

    return use


def lose_scores(item: Item) -> Item:
    return replace(item, values={n: v for n, v in item.values.items() if n != "score"})


def test_perfect_reading_is_all_hundreds(invoke: Invoke, reading: Any) -> None:
    reading(lambda item: item)
    result = invoke("--errors", "5")
    assert result.exit_code == 0, result.output
    assert "offline on 1 documents" in result.output
    assert "Errors  none" in result.output


def test_files_are_written(invoke: Invoke, reading: Any, tmp_path: Path) -> None:
    reading(lose_scores)
    result = invoke("--json", "build/eval.json", "--html", "build/eval.html")
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "build" / "eval.json").read_text(encoding="utf-8"))["errors_by_kind"] == {
        "omitted": 4
    }
    assert (tmp_path / "build" / "eval.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_gate_fails_on_a_drop_and_names_it(invoke: Invoke, reading: Any) -> None:
    reading(lambda item: item)
    assert invoke("--update-baseline").exit_code == 0
    passed = invoke("--check")
    assert passed.exit_code == 0
    assert "nothing fell below the baseline" in passed.output
    reading(lose_scores)
    failed = invoke("--check")
    assert failed.exit_code == 1
    for name in ("reports", "indicators", "score_lines"):
        assert f"roads-2023: {name}, figures: F1 fell from 1.0000" in failed.output
    assert "projects, " not in failed.output


def test_gate_without_baseline_fails(invoke: Invoke, reading: Any) -> None:
    reading(lambda item: item)
    result = invoke("--check")
    assert result.exit_code == 1
    assert "no baseline for offline" in result.output


def test_one_type_alone(invoke: Invoke, reading: Any) -> None:
    reading(lambda item: item)
    result = invoke("--only", "projects", "--doc", "roads-2023")
    assert result.exit_code == 0
    assert "budget_facts" not in result.output
    assert "Findings" not in result.output


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--only", "bridges"), "no such record type; there are reports, budget_facts"),
        (("--only", "projects", "--check"), "leave --only out"),
        (("--doc", "lakes"), "no gold for lakes; it holds roads-2023"),
        (("--gold", "nowhere"), "give the folder of gold files with --gold"),
        (("--db", "none.duckdb"), "There is no database at none.duckdb"),
        (("--db", "x", "--oracle"), "exclude each other"),
        (("--extractor", "llm"), "needs a model"),
        (("--extractor", "magic"), "setting extractor"),
    ],
)
def test_wrong_usage_says_what_to_do(invoke: Invoke, options: tuple[str, ...], message: str) -> None:
    result = invoke(*options)
    assert result.exit_code == 2
    assert message in result.output
    assert "Traceback" not in result.output


def test_help_explains_every_option() -> None:
    result = CliRunner().invoke(cli.app, ["--help"], env={"COLUMNS": "200"})
    for option in (
        *("--gold", "--reports", "--extractor", "--model", "--db", "--only", "--doc", "--json", "--html", "--errors"),
        *("--check", "--update-baseline", "--oracle"),
    ):
        assert option in result.output


def test_oracle_scores_the_checker_on_the_gold_records(invoke: Invoke) -> None:
    result = invoke("--oracle")
    assert result.exit_code == 0, result.output
    assert "oracle on 1 documents" in result.output


def test_database_scores_as_the_run_that_filled_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    choice = choose(load_settings(extractor="offline"))
    with Store.open(tmp_path / "w.duckdb") as store:
        report = asyncio.run(run_job([SAMPLES / "water-2022.txt"], store, choice))
    assert report.ok
    scores = []
    for more in ((), ("--db", "w.duckdb")):
        options = ["--doc", "water-2022", "--extractor", "offline", "--json", "eval.json", *more]
        result = CliRunner().invoke(cli.app, options)
        assert result.exit_code == 0, result.output
        scores.append(json.loads(Path("eval.json").read_text(encoding="utf-8")))
    assert scores[0]["all"]["tp"] > 0
    assert scores[0] == scores[1]
