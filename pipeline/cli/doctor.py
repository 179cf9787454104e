"""The command line: ``jixiao doctor``, what this installation can do."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from pipeline.cli.show import table
from pipeline.extraction.choice import choose
from pipeline.settings import CONFIG_FILE, SettingsError, load_settings, use_vocabulary

_PACKAGES = ("jixiao", "openai", "instructor", "pydantic", "tenacity", "jinja2", "duckdb")


def doctor_command() -> None:
    """Check versions and settings; says what `jixiao run` would use. No key is shown and nothing is called."""
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
    table("jixiao doctor", ("what", "found"), rows)
    if failed:
        raise typer.Exit(2)
