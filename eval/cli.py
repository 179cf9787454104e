"""Eval: the command line of ``jixiao eval``; pipeline.cli mounts ``app`` where the eval extra is installed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from eval.as_json import as_json
from eval.baseline import BASELINE, BaselineError, drops, update_baseline
from eval.faults.kinds import FaultKind
from eval.gold import GoldError, GoldSet
from eval.html import render
from eval.output import print_errors, print_evaluation, print_findings
from eval.scoring import Evaluation, evaluate
from eval.sources import SourceError, from_oracle, read_with
from eval.stored import StoredError, stored_in
from pipeline.cli.show import console, err
from pipeline.settings import SettingsError, load_settings, use_vocabulary
from schemas.registry import RECORD_TYPES

DATA = Path(__file__).resolve().parent.parent / "data"

app = typer.Typer(
    invoke_without_command=True,
    no_args_is_help=False,
    help="Score an extraction against gold annotations, and hold changes to the baseline.",
)
_console = console()
_errors = err


@app.callback(invoke_without_command=True)
def score(  # noqa: PLR0913 - every option of a command is a parameter
    context: typer.Context,
    gold: Annotated[Path, typer.Option(help="Folder of gold files (*.json).")] = DATA / "gold",
    reports: Annotated[Path, typer.Option(help="Folder of the texts that they annotate (*.txt).")] = DATA / "samples",
    extractor: Annotated[
        str | None, typer.Option(help="offline, llm, hybrid or auto, as in jixiao run; offline if not given.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Model that the endpoint serves, as in jixiao run.")] = None,
    db: Annotated[Path | None, typer.Option(help="Score what this database holds instead of reading anew.")] = None,
    only: Annotated[str | None, typer.Option(help="Score one record type alone; findings are left out.")] = None,
    doc: Annotated[list[str] | None, typer.Option(help="Score this document alone; may be repeated.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the scores to this file as JSON.")] = None,
    html_file: Annotated[Path | None, typer.Option("--html", help="Write a page that shows every error.")] = None,
    errors: Annotated[int, typer.Option(min=0, help="Print the N worst errors with their context.")] = 0,
    check: Annotated[bool, typer.Option("--check", help="Fail where a score fell below the baseline.")] = False,
    update: Annotated[bool, typer.Option("--update-baseline", help="Make these scores the baseline.")] = False,
    baseline: Annotated[Path, typer.Option(help="File that holds the baseline.")] = BASELINE,
    oracle: Annotated[
        bool, typer.Option("--oracle", help="Check the gold records, to score the checker alone.")
    ] = False,
) -> None:
    """Score an extraction against gold annotations.

    Without options the offline extractor reads the samples of the project and is scored against their gold.
    """
    if context.invoked_subcommand is not None:
        return
    if only is not None and only not in RECORD_TYPES:
        _fail(f"--only {only}: no such record type; there are {', '.join(RECORD_TYPES)}")
    if (check or update) and only is not None:
        _fail("--check and --update-baseline need all record types: leave --only out")
    if db is not None and oracle:
        _fail("--db and --oracle exclude each other: a database holds an extraction, the oracle is the gold")
    try:
        use_vocabulary(load_settings())
        evaluation = _evaluation(GoldSet(gold, reports, doc or ()), extractor, model, db, only, oracle=oracle)
        print_evaluation(_console, evaluation)
        if errors:
            print_errors(_console, evaluation, errors)
            print_findings(_console, evaluation)
        if json_file is not None:
            text = json.dumps(as_json(evaluation), ensure_ascii=False, indent=1)
            _write(json_file, text + "\n")
        if html_file is not None:
            _write(html_file, render(evaluation))
        fallen = drops(evaluation, baseline) if check else []
        if update:
            update_baseline(evaluation, baseline)
            _console.print(f"wrote {baseline}", soft_wrap=True, highlight=False)
    except (GoldError, SettingsError, SourceError, StoredError, BaselineError, OSError) as error:
        _fail(str(error))
    for drop in fallen:
        _errors.print(drop, style="red", soft_wrap=True, highlight=False, markup=False)
    if fallen and not update:
        raise typer.Exit(1)
    if check and not fallen:
        _console.print("nothing fell below the baseline")


@app.command("faults")
def faults_command(  # noqa: PLR0913 - every option of a command is a parameter
    rate: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of the answers that are corrupted.")] = 0.1,
    seed: Annotated[int, typer.Option(help="Seed of the first repetition; the same seed corrupts the same.")] = 1,
    faults: Annotated[int, typer.Option(min=0, help="Repeat with further seeds until so many were injected.")] = 1000,
    kind: Annotated[list[FaultKind] | None, typer.Option(help="Inject this kind alone; may be repeated.")] = None,
    lying: Annotated[
        bool, typer.Option("--lying", help="Ask again for what fails or is accused, and have the model lie then, too.")
    ] = False,
    gold: Annotated[Path, typer.Option(help="Folder of gold files (*.json).")] = DATA / "gold",
    reports: Annotated[Path, typer.Option(help="Folder of the texts that they annotate (*.txt).")] = DATA / "samples",
    doc: Annotated[list[str] | None, typer.Option(help="Use this document alone; may be repeated.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the result to this file as JSON.")] = None,
) -> None:
    """Corrupt a model's answers and count what comes through.

    A stand-in endpoint answers each prompt from gold, over real HTTP; a share of its answers is corrupted.
    """
    from eval.faults import output, planning, trials  # noqa: PLC0415 - half a second that scoring does not pay

    if rate == 0 and faults:
        _fail("--rate 0 injects nothing: give --faults 0 to see what becomes of the oracle's own answers")
    injection = planning.Injection(rate, seed, tuple(kind or FaultKind), lying)
    try:
        done = trials.run_trials(GoldSet(gold, reports, doc or ()).documents, injection, faults)
        output.print_trials(_console, done, injection)
        if json_file is not None:
            _write(json_file, json.dumps(output.as_json(done, injection), ensure_ascii=False, indent=1) + "\n")
    except (GoldError, OSError) as error:
        _fail(str(error))


def _evaluation(
    gold: GoldSet,
    extractor: str | None,
    model: str | None,
    db: Path | None,
    only: str | None,
    *,
    oracle: bool,
) -> Evaluation:
    types = tuple(RECORD_TYPES) if only is None else (only,)
    documents = gold.documents
    if oracle:
        return evaluate(zip(documents, from_oracle(documents), strict=True), "oracle", None, types)
    if db is not None:
        stored = stored_in(db, documents, extractor)
        return evaluate(zip(documents, stored, strict=True), extractor or db.name, None, types)
    choice, predicted = read_with(documents, extractor or "offline", model)
    return evaluate(zip(documents, predicted, strict=True), choice.name, choice.model, types)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    _console.print(f"wrote {path}", soft_wrap=True, highlight=False)


def _fail(message: str) -> None:
    _errors.print(message, style="red", soft_wrap=True, highlight=False, markup=False)
    raise typer.Exit(2)
