"""Benchmarks: the command line of ``jixiao bench``."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import Annotated

import typer
from rich.table import Table

from eval.bench import checking, comparing, offline, overhead, querying, reading, review, scale, tokens
from eval.bench.langextract_baseline import NoBaselineError
from eval.cli import DATA
from eval.gold import GoldError, GoldSet
from pipeline.chunking import LARGE, TARGET
from pipeline.cli.show import console
from pipeline.documents import DocumentError
from pipeline.extraction.llm import prompts_version

app = typer.Typer(no_args_is_help=True, help="Measure the speed of a part of the product on this machine.")
_console = console()


@app.command("offline")
def bench_offline(
    reports: Annotated[Path, typer.Option(help="Folder of the reports that are repeated.")] = DATA / "samples",
    documents: Annotated[int, typer.Option(min=1, help="How many documents to read.")] = 1000,
) -> None:
    """Read the samples again and again with the offline extractor, without the store, on one core."""
    try:
        measured = offline.run(reports, documents)
    except (DocumentError, ValueError) as error:
        _console.print(f"error: {error}", highlight=False)
        raise typer.Exit(2) from error
    table = Table("stage", "seconds", "share", title="Offline run without the store", title_justify="left")
    for stage, seconds in measured.seconds.items():
        table.add_row(stage, f"{seconds:.2f}", f"{seconds / measured.total:.0%}")
    table.add_section()
    table.add_row("all", f"{measured.total:.2f}", "100%")
    _console.print(table)
    _console.print(
        f"{measured.documents} documents, {measured.size / 1e6:.2f} MB, {measured.records} records: "
        f"[bold]{measured.rate:.3f} MB/s[/]"
    )
    _console.print("peak memory at each tenth, MB: " + ", ".join(f"{peak:.0f}" for peak in measured.peaks))


@app.command("check")
def bench_check(
    records: Annotated[int, typer.Option(min=8, help="Records of the largest document.")] = 100_000,
) -> None:
    """Check documents of an eighth, a quarter, a half and the whole of a number of records."""
    table = Table("records", "findings", "seconds", "µs a record", title="Checks", title_justify="left")
    for row in checking.run([records // 8, records // 4, records // 2, records]):
        per_record = row.seconds / row.records * 1e6
        table.add_row(f"{row.records:,}", str(row.findings), f"{row.seconds:.2f}", f"{per_record:.1f}")
    _console.print(table)


@app.command("read")
def bench_read(
    paths: Annotated[list[Path], typer.Argument(help="Files of any format that is read, or folders of them.")],
) -> None:
    """Read files and print the speed of each format in pages and table cells a second of processor time, and its memory."""
    table = Table("format", "files", "pages", "cells", "characters", "seconds", "CPU", "pages/s", "cells/s", "MB")
    try:
        for row in reading.run(paths):
            pages = f"{row.pages / row.processor:.1f}" if row.pages else "–"
            cells = f"{row.cells / row.processor:,.0f}" if row.cells else "–"
            counts = (f"{n:,}" for n in (row.files, row.pages, row.cells, row.characters))
            table.add_row(
                row.suffix, *counts, f"{row.seconds:.3f}", f"{row.processor:.3f}", pages, cells, str(row.memory)
            )
    except (DocumentError, ValueError) as error:
        _console.print(f"error: {error}", highlight=False)
        raise typer.Exit(2) from error
    _console.print(table)


@app.command("tokens")
def bench_tokens(
    reports: Annotated[Path, typer.Option(help="Folder of the reports that are counted.")] = DATA / "samples",
    gold: Annotated[
        Path | None, typer.Option(help="Folder of their gold, which says how long replies are, and which are cut off.")
    ] = None,
    chunk: Annotated[list[int] | None, typer.Option(help="Characters of a chunk; may be repeated.")] = None,
    langextract: Annotated[
        Path | None,
        typer.Option(
            help="Count what LangExtract sends, too; it is installed into this folder, e.g. build/langextract."
        ),
    ] = None,
) -> None:
    """Count the prompt tokens that the llm extractor sends for each token of the reports; nothing is sent.

    One token is counted for each Chinese character and one for every four others.
    """
    heads = ("requests", "halves", "sent", "per text token", "cached free", "schema first", "no schema", "replies")
    table = Table("way of asking", *heads)
    known = gold or (DATA / "gold" if reports == DATA / "samples" else None)
    try:
        rows = list(tokens.run(reports, chunk or [LARGE, 7000, 3600, TARGET], known))
        if langextract:
            rows += [tokens.run_langextract(reports, examples, langextract) for examples in (1, 3)]
        for row in rows:
            ratios = (row.ratio, row.ratio_cached, row.ratio_cached_in_one, row.ratio_without_schema, row.ratio_reply)
            counts = (row.requests, row.halves, row.messages + row.schema)
            told = ("–" if ratio is None else f"{ratio:.2f}" for ratio in ratios)
            table.add_row(row.way, *map(str, counts), *told)
    except (DocumentError, GoldError, ValueError, NoBaselineError) as error:
        _console.print(f"error: {error}", highlight=False)
        raise typer.Exit(2) from error
    _console.print(table)
    _console.print(f"prompts {prompts_version()[:12]}; cached is what an earlier request began with, or its schema")
    if not known:
        _console.print("without --gold no reply is counted as cut off, and no half as asked for again")


@app.command("compare")
def bench_compare(
    gold: Annotated[Path, typer.Option(help="Folder of gold files.")] = DATA / "gold",
    reports: Annotated[Path, typer.Option(help="Folder of the reports that they annotate.")] = DATA / "samples",
    documents: Annotated[
        int, typer.Option(min=1, help="Documents to read: the samples in turn, with new replies.")
    ] = 50,
    chunk: Annotated[int, typer.Option(min=TARGET, help="Characters of a chunk.")] = TARGET,
    langextract: Annotated[
        Path | None,
        typer.Option(help="Compare with LangExtract, too; it is installed into this folder, e.g. build/langextract."),
    ] = None,
    output: Annotated[Path | None, typer.Option(help="JSON file to write the figures to.")] = None,
) -> None:
    """Compare with a plain instructor loop and with LangExtract: speed, and which altered figures each accepts.

    All get the same chunks and the same replies of an instant stand-in model; in every second reply each record with
    figures has one altered.
    """
    columns = (
        "way",
        "a second",
        "CPU, ms a document",
        "right figures kept",
        "beside altered ones",
        "altered",
        "kept as",
    )
    table = Table(*columns, title=f"{documents} documents, chunks of {chunk} characters", title_justify="left")
    rows = []
    try:
        for row in comparing.compare(GoldSet(gold, reports), documents, chunk, langextract):
            rows.append(row)
            kept, stated = row.altered
            right, beside = (f"{row.kept[k]} of {row.stated[k]}" for k in (comparing.RIGHT, comparing.BESIDE))
            as_what = ", ".join(f"{name} {count}" for name, count in row.kept_as.items())
            processor = f"{row.processor / row.documents * 1000:.1f}"
            table.add_row(row.way, f"{row.rate:.1f}", processor, right, beside, f"{kept} of {stated}", as_what)
    except (GoldError, NoBaselineError) as error:
        _console.print(f"error: {error}", highlight=False)
        raise typer.Exit(2) from error
    _console.print(table)
    if output:
        output.write_text(json.dumps([row.as_json() for row in rows], indent=2) + "\n", encoding="utf-8")


@app.command("overhead")
def bench_overhead(
    chunks: Annotated[int, typer.Option(min=1, help="How many chunks to read.")] = 500,
    concurrency: Annotated[int, typer.Option(min=1, help="Calls at once.")] = 32,
    latency: Annotated[float, typer.Option(min=0.0, help="Median seconds that the endpoint takes for a reply.")] = 1.0,
) -> None:
    """Measure what the client adds to the time of an endpoint: replies that all take the same time, and lognormal ones."""
    table = Table("replies take", "seconds", "at best", "ratio", "client CPU, ms a chunk")
    for spread, name in ((0.0, "the same"), (1.0, "lognormal, σ 1")):
        found = overhead.run(chunks, concurrency, latency, spread)
        ratio, cpu = f"{found.ratio:.2f}", f"{found.cpu_each * 1000:.1f}"
        table.add_row(name, f"{found.seconds:.2f}", f"{found.ideal:.2f}", ratio, cpu)
    _console.print(table)


@app.command("review")
def bench_review(
    records: Annotated[int, typer.Option(min=100, help="Records to review.")] = 10_000,
    actions: Annotated[int, typer.Option(min=4, help="Decisions to make.")] = 200,
) -> None:
    """Open the review page of a database with many records to decide about, and decide about some over HTTP."""
    measured = review.run(records, actions)
    _console.print(
        f"{measured.items} records to review: file opened in {measured.opening:.3f} s, queue loaded in {measured.queue:.3f} s; "
        f"[bold]first page after {measured.first_page:.3f} s[/]"
    )
    columns = ("decision", "times", "median, ms", "95 of 100 within, ms", "slowest, ms", "processor, ms")
    table = Table(*columns, title="Until the next page is there", title_justify="left")
    for kind, actions_of_kind in measured.actions.items():
        times = sorted(action.seconds for action in actions_of_kind)
        processor = median(action.processor for action in actions_of_kind)
        shown = (median(times), times[round(0.95 * (len(times) - 1))], times[-1], processor)
        table.add_row(kind, str(len(times)), *(f"{t * 1000:.0f}" for t in shown))
    _console.print(table)


@app.command("scale")
def bench_scale(
    reports: Annotated[Path, typer.Option(help="Folder of the reports (.txt) that copies are made of.")] = DATA
    / "samples",
    documents: Annotated[list[int] | None, typer.Option(help="Documents of a run; may be repeated.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes that read.")] = 2,
    output: Annotated[Path | None, typer.Option(help="JSON file to write the figures to.")] = None,
) -> None:
    """Read documents offline from files into a database, all checks included: speed, memory and time by station."""
    table = Table("documents", "seconds", "a second", "CPU, ms a document", "writer, MB", "reader, MB", "KB a document")
    measured = []
    try:
        for row in scale.measure(reports, documents or [100, 1000], jobs):
            measured.append(row)
            stations = ", ".join(f"{name} {s / row.documents * 1000:.1f}" for name, s in row.stations.items())
            table.add_row(
                *(f"{row.documents:,}", f"{row.seconds:.1f}", f"{row.rate:.1f}", stations),
                *(f"{row.writer_memory:.0f}", f"{row.reader_memory:.0f}", f"{row.database / row.documents / 1000:.0f}"),
            )
    except (ValueError, RuntimeError) as error:
        _console.print(f"error: {error}", highlight=False)
        raise typer.Exit(2) from error
    _console.print(table)
    if output:
        output.write_text(json.dumps([row.as_json() for row in measured], indent=2) + "\n", encoding="utf-8")


@app.command("query")
def bench_query(
    reports: Annotated[Path, typer.Option(help="Folder of the reports that the rows are copies of.")] = DATA
    / "samples",
    figures: Annotated[list[int] | None, typer.Option(help="Figures in the database; may be repeated.")] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Folder in which the databases are kept, and found again the next time.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="JSON file to write the milliseconds to.")] = None,
) -> None:
    """Ask every view of a database of many figures what analysts ask it, and as a whole, and store more documents in it."""
    measured = []
    try:
        for row in querying.measure(reports, figures or [1_000_000], keep):
            measured.append(row)
            title = f"{row.figures:,} figures, {row.documents:,} documents, {row.size / 1e6:,.0f} MB"
            headings = ("view", "one document, ms", "one department, ms", "first twenty, ms", "counted whole, ms")
            table = Table(*headings, title=title, title_justify="left")
            for view in row.whole:
                times = (t.get(view) for t in (row.one_document, row.one_department, row.first_twenty, row.whole))
                table.add_row(view, *("" if t is None else f"{t:.0f}" for t in times))
            _console.print(table)
            _console.print(
                f"storing: {row.storing:.1f} ms a document; counting the rows of every reading: {row.counting:,.0f} ms; "
                f"peak memory {row.memory:,.0f} MB"
            )
    except ValueError as error:
        _console.print(f"error: {error}", highlight=False)
        raise typer.Exit(2) from error
    if output:
        output.write_text(json.dumps([row.as_json() for row in measured], indent=2) + "\n", encoding="utf-8")
