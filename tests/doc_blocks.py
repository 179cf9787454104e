"""The console blocks of the documentation: every command that a page shows is run, and what it prints is compared.

A block is fenced as ``console``; a line that begins with ``$ `` is a command, the lines up to the next one its output.
A block fenced as ``sql PATH`` shows that file.
``python -m tests.doc_blocks README.md`` writes the real output and the files into a page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDTH = "118"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"^```sql (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """A command of a page and the output that the page shows for it."""

    command: str
    output: str


def steps(page: str) -> Iterator[Step]:
    """The commands of a page in order."""
    for block in _BLOCK.finditer(page):
        for part in re.split(r"^\$ ", block[1], flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield Step(command, output.rstrip("\n"))


def files(page: str) -> Iterator[tuple[str, str]]:
    """The files that a page shows: path and text."""
    for block in _FILE.finditer(page):
        yield block[1], block[2]


def run(command: str) -> str:
    """What a command prints (stdout, then stderr), run in the project's folder with its environment."""
    path = f"{ROOT / '.venv' / 'bin'}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("JIXIAO_", "OPENAI_", "MAKE", "MFLAGS"))}
    done = subprocess.run(  # noqa: S603 - the commands are this project's own documentation
        ["bash", "-c", f"({command}) 2>/dev/null"],  # noqa: S607
        cwd=ROOT,
        env={**kept, "PATH": path, "COLUMNS": WIDTH, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()).strip("\n")


def rewritten(page: str) -> str:
    """The page with the real output of its commands."""

    def block(match: re.Match[str]) -> str:
        shown = "".join(
            f"$ {s.command}\n{output}\n" if (output := run(s.command)) else f"$ {s.command}\n" for s in steps(match[0])
        )
        return f"```console\n{shown}```"

    def file(match: re.Match[str]) -> str:
        return f"```sql {match[1]}\n{(ROOT / match[1]).read_text(encoding='utf-8')}```"

    return _FILE.sub(file, _BLOCK.sub(block, page))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        target = ROOT / name
        target.write_text(rewritten(target.read_text(encoding="utf-8")), encoding="utf-8")
