"""The command line: ``jixiao check``, the documents of a database against each other."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.findings import Language, print_findings
from pipeline.cli.show import complain, complain_of, console, table
from pipeline.recheck import recheck
from pipeline.store import Store


def check_command(
    *,
    db: Annotated[Path, typer.Option(help="The DuckDB file; it must be there.")],
    lang: Annotated[Language, typer.Option(help="Language of the sentences.")] = Language.CHINESE,
) -> None:
    """Compare the reports of each department across documents and years, and store what contradicts.

    Figures of last year (上年) are held against that year's own report, what is carried in (年初结转) against what was
    carried out (年末结转), and equal quantities of one year against each other. The findings of an earlier check are
    replaced. Before, the rows of every reading are counted. Exit status: 0 when everything was compared, whether or not
    there are findings; 1 when rows are missing or doubled; 2 for wrong usage.
    """
    if not db.is_file():
        complain(f"There is no database at {db}: make one with jixiao run PATH… --db {db}.")
        raise typer.Exit(2)
    with Store.open(db) as store:
        damage = store.discrepancies()
        report = recheck(store)
        found = [f for f in store.findings() if f.other_document_id is not None]
    table("Reports", ("outcome", "reports"), report.outcomes)
    if found:
        print_findings(found, lang)
    console().print(
        f"{report.departments} departments with several documents, {report.compared} quantities compared, "
        f"{report.findings} contradictions",
        style="bold",
    )
    complain_of(damage)
    if damage:
        raise typer.Exit(1)
