"""The command line: ``jixiao export``, everything as files for other programs or as a workbook for people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.show import complain, note, table
from pipeline.export import TableFormat, export_tables, export_workbook
from pipeline.store import Store


def export_command(
    *,
    db: Annotated[Path, typer.Option(help="The DuckDB file.")],
    to: Annotated[Path, typer.Option(help="A folder for one file a table, or FILE.xlsx for a workbook.")],
    fmt: Annotated[
        TableFormat | None, typer.Option("--format", help="The files of a folder; csv unless another is named.")
    ] = None,
) -> None:
    """Write records, figures, findings and what was kept out as CSV, JSON Lines, Parquet or an Excel workbook.

    Files that are there already are replaced. In CSV a text that a spreadsheet would take for a formula (it begins with
    = + - @, a tab or an apostrophe) has an apostrophe before it.
    """
    if to.suffix.lower() == ".xlsx":
        if fmt is not None:
            complain("--format is for a folder; a file that ends in .xlsx is a workbook")
            raise typer.Exit(2)
        with Store.open(db, read_only=True) as store:
            report = export_workbook(store, to)
        table(str(to), ("sheet", "rows"), list(report.rows.items()))
        if report.cut:
            note(f"{report.cut} texts are longer than a cell can hold and end in …; the database has them whole")
        if report.unlinked:
            note(f"{report.unlinked} figures have no link, as a sheet can hold 65,530: find their record_id in sources")
        return
    if to.suffix and not to.is_dir():
        complain(f"{to} is neither a folder nor a file that ends in .xlsx: name one of them in --to")
        raise typer.Exit(2)
    written = export_tables(db, to, fmt or TableFormat.CSV)
    table(str(to), ("file", "rows"), [(w.path.name, w.rows) for w in written])
