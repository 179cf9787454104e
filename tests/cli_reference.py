"""The reference of the command line, generated from the command line itself.

``python -m tests.cli_reference`` writes docs/cli.md.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

from typer.main import get_command

from pipeline.cli import app
from pipeline.cli.app import add_plugins

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
HEAD = """# Commands

Every command with its arguments and options, generated from the commands themselves (`python -m tests.cli_reference`);
`jixiao COMMAND --help` says the same. Results go to standard output, everything else to standard error. The exit status is
0 when all was done, 1 when some of it failed, 2 for wrong usage, each with a sentence that says what to do.
"""


def commands() -> Iterator[tuple[str, Any]]:
    """Each command by its full name, in the order of ``jixiao --help``, those of the plugins included."""
    if "eval" not in {group.name for group in app.registered_groups}:
        add_plugins()
    yield from _below("jixiao", get_command(app))


def _below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", {})
    if not below or command.invoke_without_command:
        yield name, command
    for sub, found in below.items():
        yield from _below(f"{name} {sub}", found)


def parameters(command: Any) -> list[Any]:
    """The arguments and options of a command but --help."""
    return [p for p in command.params if p.name != "help"]


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_section(name, command) for name, command in commands())])


def _section(name: str, command: Any) -> str:
    rows = [f"| {_names(p)} | {_default(p)} | {p.help}{_choices(p)} |" for p in parameters(command)]
    table = ["| Argument or option | Default | |\n|---|---|---|", *rows, ""] if rows else []
    arguments = [_argument(p) for p in parameters(command) if p.param_type_name == "argument"]
    usage = " ".join([name, *arguments, *(["[OPTIONS]"] if len(arguments) < len(rows) else [])])
    return "\n".join([f"## {name}\n", inspect.cleandoc(command.help), "", f"```\n{usage}\n```\n", *table])


def _argument(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.strip("_").upper()
    name = name if parameter.required else f"[{name}]"
    return f"{name}..." if parameter.nargs == -1 else name


def _names(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"`{_argument(parameter)}`"
    return ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    if parameter.default in (None, (), []):
        return ""
    if isinstance(parameter.default, bool):
        return f"`{str(parameter.default).lower()}`"
    return f"`{str(parameter.default).removeprefix(f'{PAGE.parents[1]}/')}`"


def _choices(parameter: Any) -> str:
    """The values of an enumeration."""
    annotation = parameter.type_descriptor.annotation
    kinds = [kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type) and issubclass(kind, Enum)]
    return f" One of {', '.join(f'`{value.value}`' for kind in kinds for value in kind)}." if kinds else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
