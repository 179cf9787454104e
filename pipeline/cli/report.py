"""The command line: ``jixiao report``, a page to read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.show import note
from pipeline.report import Chosen, Language, gather, render
from pipeline.store import Store, placed


def report_command(
    *,
    db: Annotated[Path, typer.Option(help="The DuckDB file.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The page to write, FILE.html.")],
    department: Annotated[
        list[str] | None, typer.Option(help="A department as its report names it; may be repeated.")
    ] = None,
    document: Annotated[
        list[str] | None, typer.Option(help="A document's name (its file's stem); may be repeated.")
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the page's own words.")] = Language.CHINESE,
) -> None:
    """Write a page to read or print: key figures, execution, scores, findings in their sentences, completeness.

    It is one file that loads nothing and runs nothing; what the reports print is text on it, whatever it is.
    """
    with Store.open(db, read_only=True) as store:
        contents = gather(store, Chosen(tuple(department or ()), tuple(document or ())))
    with placed(output) as part:
        part.write_text(render(contents, lang), encoding="utf-8")
    note(f"{len(contents.sections)} reports on {output}")
    if contents.left_out:
        note(f"{contents.left_out} more are in its overview alone: name a --department or --document")
