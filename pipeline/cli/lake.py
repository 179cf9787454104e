"""The command line: ``jixiao open`` and ``jixiao compact``, a lake of Parquet files as a database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.show import note
from pipeline.lake import Place, compact, copy_lake, open_lake

Lake = Annotated[str, typer.Option(help="Folder or address of the lake, as given to jixiao run --lake.")]


def open_command(
    *,
    lake: Lake,
    db: Annotated[Path, typer.Option(help="The DuckDB file to make; one that shows a lake is made anew.")],
    copy: Annotated[
        bool, typer.Option("--copy", help="Copy the rows, so that they can be checked, matched and reviewed.")
    ] = False,
) -> None:
    """Make a DuckDB file that shows a lake as it is now, with all tables and views: for query, sql, show, trace, export, report.

    The file holds no rows, but names the lake's Parquet files; after a run into the lake, or a compact, open it again.
    People's decisions (jixiao review), suggestions (match) and findings between documents (check) are rows of a database:
    make one with --copy.
    """
    documents = (copy_lake if copy else open_lake)(Place(lake), db)
    what = "copied into" if copy else "shown in"
    note(f"{documents} documents of {lake} {what} {db}: jixiao sql --db {db}")


def compact_command(*, lake: Lake) -> None:
    """Put the files of a lake together, one for each table and fiscal year, and remove what no run committed.

    No answer changes. Run it when nothing writes into the lake; open the lake again afterwards.
    """
    done = compact(Place(lake))
    note(f"{done.documents} documents in {done.after} files, {done.before} before")
