"""The command line: ``jixiao run``, the main job."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from pipeline.account import RunReport
from pipeline.cli.balance import print_balance
from pipeline.cli.dry_run import print_dry_run
from pipeline.cli.show import complain, complain_of, err, note
from pipeline.engines import LocalEngine, Reads
from pipeline.extraction.choice import OFFLINE, Choice, choose
from pipeline.job import Terms, run
from pipeline.lake import LakeStore
from pipeline.lake import Place as LakePlace
from pipeline.settings import Settings, SettingsError, load_settings, use_vocabulary
from pipeline.store import Store
from schemas.word_files import own_words

KINDS = "text (.txt), web pages (.html), Word, Excel or PDF files (.docx, .xlsx, .xls, .pdf)"


def run_command(  # noqa: PLR0913 - every option of a command is a parameter
    paths: Annotated[list[Path], typer.Argument(help="Reports, or folders of reports.")],
    db: Annotated[Path | None, typer.Option(help="The DuckDB file to write; made where it is missing.")] = None,
    lake: Annotated[
        str | None,
        typer.Option(
            help="Write Parquet files into this folder or address (s3://…); --db then keeps what a model is asked, if one is."
        ),
    ] = None,
    extractor: Annotated[
        str | None,
        typer.Option(help="offline, llm, hybrid, or auto: llm where an endpoint is configured, else offline."),
    ] = None,
    model: Annotated[str | None, typer.Option(help="Model name, for the llm extractor.")] = None,
    base_url: Annotated[
        str | None, typer.Option(help="OpenAI-compatible endpoint, e.g. http://127.0.0.1:8000/v1.")
    ] = None,
    mode: Annotated[
        str | None, typer.Option(help="How the model is made to answer in JSON; auto asks the endpoint once.")
    ] = None,
    concurrency: Annotated[int | None, typer.Option(help="Calls at once, for the llm extractor.")] = None,
    jobs: Annotated[
        int | None,
        typer.Option(help="Processes that read at once, for the offline extractor; all processors by default."),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(help="What reads: local, or ray (a cluster of machines, or this one)."),
    ] = None,
    address: Annotated[
        str | None, typer.Option(help="Address of the Ray cluster, or auto; without it Ray is started here.")
    ] = None,
    vocabulary: Annotated[
        Path | None, typer.Option(help="TOML file with words of your own, added to schemas/vocabulary.")
    ] = None,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh",
            help="Read everything anew, whatever is stored: documents that did not change, and replies of a model.",
        ),
    ] = False,
    budget: Annotated[
        str | None, typer.Option(help="What the run may spend, at the prices in jixiao.toml, e.g. 20.")
    ] = None,
    batch: Annotated[
        bool,
        typer.Option("--batch", help="Ask the model through the endpoint's batch API: cheaper, within 24 hours."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what a model would be asked and what it would cost; send nothing.")
    ] = False,
) -> None:
    """Read reports into a checked DuckDB database (--db), or into a lake of Parquet files (--lake; jixiao open shows it).

    A run that was killed goes on where it stood when the same command is given again: what it stored is kept, and no
    reply of a model is paid for twice.

    Exit status: 0 when all documents were read, 1 when some failed (each is named, the others are stored), 2 for
    wrong usage.
    """
    settings = load_settings(
        extractor=extractor,
        model=model,
        base_url=base_url,
        mode=mode,
        concurrency=concurrency,
        jobs=jobs,
        engine=engine,
        address=address,
        vocabulary=vocabulary,
        budget=budget,
    )
    words = use_vocabulary(settings)
    choice = choose(settings)
    choice = replace(choice, settings={**choice.settings, **words})
    note(choice.sentence)
    if words:
        note(f"vocabulary: the shipped one with {words['vocabulary']} added")
    if db is None and lake is None:
        raise SettingsError("name what to write: a DuckDB file with --db, or a lake with --lake")
    if dry_run:
        _dry_run(paths, db, settings, choice.name, fresh=fresh)
        return
    with _opened(db, lake, settings, choice) as store:
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=err,
            transient=True,
        ) as bar:
            task = bar.add_task("reading", total=None)
            report = asyncio.run(
                run(
                    paths,
                    store,
                    choice,
                    _on_engine(Terms(settings.limits, fresh, batch=batch), settings, choice, lake),
                    lambda done, total, _: bar.update(task, completed=done, total=total),
                    note,
                )
            )
        print_balance(store, report)
    _tell(report)
    if not report.documents and not report.failures and not report.unchanged:
        complain(f"no reports in {', '.join(str(p) for p in paths)}; name files, or folders that hold {KINDS}")
        raise typer.Exit(1)
    if not report.ok:
        raise typer.Exit(1)


def _opened(db: Path | None, lake: str | None, settings: Settings, choice: Choice) -> Store | LakeStore:
    """What the run writes into.

    Raises:
        SettingsError: a lake needs a database beside it, or none.
        StoreError: it cannot be opened.
    """
    asks = choice.name != OFFLINE.name
    if lake is not None and asks and db is None:
        raise SettingsError(
            f"the {choice.name} extractor keeps what it asks and pays for in a database beside the lake: name its file with "
            "--db, the same in every run"
        )
    if lake is not None and not asks:
        if db is not None:
            raise SettingsError(
                "the offline extractor pays for nothing that a database would have to keep: leave --db out"
            )
        return LakeStore(LakePlace(lake))
    assert db is not None
    try:
        db.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        complain(f"the folder of {db} cannot be made ({error.strerror}): name another place in --db")
        raise typer.Exit(2) from error
    if lake is not None:
        return LakeStore(LakePlace(lake), db, settings.store_memory)
    return Store.open(db, memory=settings.store_memory)


def _on_engine(terms: Terms, settings: Settings, choice: Choice, lake: str | None) -> Terms:
    """The terms with what reads the documents: processes of this machine for an extractor that asks no model (one that
    asks waits more than it reads), or a cluster.

    Raises:
        SettingsError: Ray is asked for and not installed.
    """
    address = LakePlace(lake).address if lake else None
    reads = Reads(settings.limits, choice.target, own_words(), address)
    if settings.engine == "local":
        return replace(terms, engine=LocalEngine(settings.jobs, reads)) if choice.name == OFFLINE.name else terms
    from pipeline.engines.ray_cluster import Cluster  # noqa: PLC0415 - for an extra

    cluster = Cluster(settings.jobs, settings.address)
    if choice.name == OFFLINE.name:
        from pipeline.engines.on_ray import RayEngine  # noqa: PLC0415 - as above

        return replace(terms, engine=RayEngine(cluster, reads))
    from pipeline.engines.ray_asking import RayAskingEngine  # noqa: PLC0415 - as above

    return replace(terms, cluster=RayAskingEngine(cluster, reads))


def _dry_run(paths: list[Path], db: Path | None, settings: Settings, extractor: str, *, fresh: bool) -> None:
    if extractor == OFFLINE.name:
        note("nothing would be asked: the offline extractor calls no model")
    elif not print_dry_run(paths, db, settings, extractor, fresh=fresh):
        raise typer.Exit(1)


def _tell(report: RunReport) -> None:
    if report.kept:
        note(f"went on with run {report.run_id}, which had been killed: {report.kept} documents were stored already")
    if report.others:
        listed = ", ".join(f"{count} {suffix}" for suffix, count in sorted(report.others.items()))
        note(f"files of other kinds in the folders, not read: {listed}")
    for path in report.gone:
        note(f"{path}: gone since it was read; its records stay in the database")
    for twins in report.twins:
        note(
            f"{twins.path} and {twins.other}: the same report twice, it seems ({twins.department}, {twins.year}); both are "
            "stored, and each figure counts twice"
        )
    for copy, first in report.duplicates:
        note(f"{copy}: same content as {first}; read once, both names are recorded")
    for source, remark in report.remarks:
        note(f"{source}: {remark}")
    if report.stopped:
        complain(f"stopped early, {report.unread} files left: {report.stopped}")
    for path, reason in report.failures.items():
        complain(f"{path}: {reason}")
    complain_of(report.damage)
