"""The command line: ``jixiao review``, a page to decide about what could not be accepted, and gold from what was decided."""

from __future__ import annotations

import getpass
import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.findings import Language
from pipeline.cli.show import complain, note
from pipeline.store import Store, StoreError

app = typer.Typer(invoke_without_command=True, no_args_is_help=False)

Database = Annotated[Path, typer.Option(help="The DuckDB file; it must be there.")]


@app.callback()
def review_command(
    context: typer.Context,
    db: Annotated[Path | None, typer.Option(help="The DuckDB file; it must be there.")] = None,
    host: Annotated[
        str,
        typer.Option(
            help="Address to serve on. Another than this machine's own is reached by others, without encryption."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to serve on; 0 takes a free one.")] = 0,
    reviewer: Annotated[
        str | None, typer.Option(help="Your name, as decisions keep it; by default your login.")
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the page's own words.")] = Language.CHINESE,
) -> None:
    """Serve a page on which people decide about flagged and quarantined records: accept, correct or reject, each with its text.

    The address that is printed holds a token; without it nothing is answered. Decisions are kept when reports are read
    again. Ctrl-C ends it. While it runs, no other command can open the database.
    """
    if context.invoked_subcommand is not None:
        return
    from pipeline.review import pages  # noqa: PLC0415 - a web server is loaded only where one is wanted
    from pipeline.review.serving import is_loopback, serve  # noqa: PLC0415

    if db is None:
        complain("name the database with --db FILE")
        raise typer.Exit(2)
    from pipeline.review.desk import Desk  # noqa: PLC0415

    with Store.open(_existing(db)) as store:
        desk = Desk(store)
        if not is_loopback(host):
            note(f"{host} is reached by other machines, and what is sent is not encrypted")

        def opened(address: str) -> None:
            note(
                f"{desk.open_count()} of {len(desk.queue)} records are open for review. Open this address; Ctrl-C ends it:"
            )
            typer.echo(address)

        with suppress(KeyboardInterrupt):
            serve(desk, host, port, language=pages.Language(lang), reviewer=reviewer or _login(), opened=opened)
        note(f"{desk.open_count()} of {len(desk.queue)} records are still open")


@app.command("export-gold")
def export_gold_command(
    *,
    db: Database,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Folder to write into: gold/NAME.json, reports/NAME.txt.")
    ],
) -> None:
    """Write accepted and corrected records as gold for jixiao eval, with the texts that they are of."""
    from pipeline.review.gold import export_gold  # noqa: PLC0415

    with Store.open(db, read_only=True) as store:
        written = export_gold(store, output)
    for sentence in written.left_out:
        note(sentence)
    if not written.files:
        note("no record was accepted or corrected yet: decide about some with jixiao review")
        return
    note(
        f"{written.records} records and {written.findings} findings of {len(written.files)} documents written to {output}"
    )
    note(f"score a reading against them: jixiao eval --gold {output}/gold --reports {output}/reports")


def _existing(db: Path) -> Path:
    if not db.is_file():
        raise StoreError(f"There is no database at {db}: make one with jixiao run PATH… --db {db}.")
    return db


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return os.environ.get("USER") or "reviewer"
