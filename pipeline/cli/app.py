"""The command line: its commands, and how it ends (0 all done, 1 some failed, 2 wrong usage)."""

from __future__ import annotations

import sys
from importlib.metadata import entry_points

import typer

from pipeline.cli import (
    ask,
    check,
    doctor,
    export,
    findings,
    lake,
    match,
    prompt,
    query,
    replay,
    report,
    review,
    run,
    shell,
)
from pipeline.cli.show import complain, note
from pipeline.documents import DocumentError
from pipeline.settings import SettingsError
from pipeline.store import StoreError

USAGE_ERROR = 2

app = typer.Typer(
    name="jixiao",
    help="Budget-performance reports (预算绩效自评报告) in, a checked DuckDB database out.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
app.command("run")(run.run_command)
app.command("open")(lake.open_command)
app.command("compact")(lake.compact_command)
app.command("check")(check.check_command)
app.command("match")(match.match_command)
app.command("findings")(findings.findings_command)
app.command("query")(query.query_command)
app.command("sql")(shell.sql_command)
app.command("export")(export.export_command)
app.command("report")(report.report_command)
app.command("show")(ask.show_command)
app.command("trace")(ask.trace_command)
app.command("prompt")(prompt.prompt_command)
app.command("replay")(replay.replay_command)
app.command("doctor")(doctor.doctor_command)
app.add_typer(review.app, name="review")


def add_plugins() -> None:
    """Adds the commands of installed parts that stand above the pipeline (``jixiao eval``)."""
    for entry in entry_points(group="jixiao.commands"):
        try:
            plugin = entry.load()
        except ImportError as error:
            note(f"jixiao {entry.name} needs more packages ({error.name}): pip install 'jixiao[{entry.name}]'")
            continue
        app.add_typer(plugin, name=entry.name)


def main() -> None:
    """Runs the command line; an error that a user can mend is one sentence on stderr."""
    own = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}
    if len(sys.argv) < 2 or sys.argv[1] not in own:
        add_plugins()
    try:
        app()
    except (SettingsError, StoreError, DocumentError) as error:
        complain(str(error))
        sys.exit(USAGE_ERROR)
