"""The command line: ``jixiao replay``, every record anew from what a database holds."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.ask import Database
from pipeline.cli.balance import print_balance
from pipeline.cli.show import complain
from pipeline.replay import replay
from pipeline.settings import load_settings, use_vocabulary
from pipeline.store import Store


def replay_command(
    db: Database,
    vocabulary: Annotated[Path | None, typer.Option(help="TOML file with words of your own, as in jixiao run.")] = None,
) -> None:
    """Build every record anew from the texts and model replies that a database holds; nothing is called.

    Exit status: 0 when all documents were read again, 1 when some kept their reading because replies are missing.
    """
    use_vocabulary(load_settings(vocabulary=vocabulary))
    with Store.open(db) as store:
        reports = asyncio.run(replay(store))
        for report in reports:
            print_balance(store, report)
    failures = {path: reason for report in reports for path, reason in report.failures.items()}
    for path, reason in failures.items():
        complain(f"{path}: {reason}")
    if not reports:
        complain(f"{db} holds no documents: read some with jixiao run PATH… --db {db}")
    if failures or not reports:
        raise typer.Exit(1)
