"""The command line: ``jixiao doctor``, what this installation can do."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.show import complain_of, table
from pipeline.extraction.choice import choose
from pipeline.settings import CONFIG_FILE, SettingsError, load_settings, use_vocabulary
from pipeline.store import Store

_PACKAGES = ("jixiao", "openai", "instructor", "pydantic", "tenacity", "jinja2", "duckdb")


def doctor_command(
    db: Annotated[Path | None, typer.Option(help="A DuckDB file, whose rows are counted, too.")] = None,
) -> None:
    """Check versions and settings; says what `jixiao run` would use. No key is shown and nothing is called.

    With --db the rows of every reading are counted: exit status 1 when some are missing or there twice.
    """
    rows: list[tuple[str, str]] = [("python", platform.python_version())]
    for name in _PACKAGES:
        try:
            rows.append((name, version(name)))
        except PackageNotFoundError:
            rows.append((name, "missing: pip install -e ."))
    rows.append(("settings file", CONFIG_FILE if Path(CONFIG_FILE).is_file() else "none"))
    failed = False
    try:
        settings = load_settings()
        rows.append(("API key", "set" if settings.api_key.get_secret_value() else "not set"))
        rows.append(("run would use", choose(settings).sentence))
        rows.append(("own vocabulary", use_vocabulary(settings).get("vocabulary", "none")))
        if settings.api_key.get_secret_value() and not settings.model:
            rows.append(("hint", "a key is set but no model: set JIXIAO_MODEL to use it"))
    except SettingsError as error:
        rows.append(("settings", str(error)))
        failed = True
    damage: list[str] = []
    if db is not None:
        with Store.open(db, read_only=True) as store:
            damage = store.discrepancies()
        rows.append((str(db), "damaged" if damage else "every reading has its rows, each once"))
    table("jixiao doctor", ("what", "found"), rows)
    complain_of(damage)
    if failed or damage:
        raise typer.Exit(2 if failed else 1)
