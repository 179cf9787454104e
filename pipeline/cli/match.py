"""The command line: ``jixiao match``, the same project across years and tables."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.show import complain, console, note, table
from pipeline.match import match
from pipeline.store import Store

SHOWN = 20
"""Groups that are printed; all of them are in v_same_projects."""


def match_command(*, db: Annotated[Path, typer.Option(help="The DuckDB file; it must be there.")]) -> None:
    """Suggest which project records of a department are the same project, across years and tables.

    Names are compared (year, white space, quotation marks and brackets aside; different numbers never match). The suggestions
    stand in v_same_projects with their score; nothing is merged. Those of an earlier time are replaced.
    """
    if not db.is_file():
        complain(f"There is no database at {db}: make one with jixiao run PATH… --db {db}.")
        raise typer.Exit(2)
    with Store.open(db) as store:
        report = match(store)
        groups = store.query(files("pipeline").joinpath("cli", "match_groups.sql").read_text(encoding="utf-8"))
    if groups.rows:
        table("Projects that seem to be one", groups.columns, groups.rows[:SHOWN])
    if len(groups.rows) > SHOWN:
        note(f"{len(groups.rows) - SHOWN} more groups: ask v_same_projects")
    console().print(
        f"{report.projects} project records of {report.departments} departments compared, {report.suggested} of them "
        f"suggested as {report.groups} projects",
        style="bold",
    )
