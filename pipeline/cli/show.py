"""The command line: tables and sentences as people see them; results on stdout, everything else on stderr."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text


class Format(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class Terminal(Console):
    """A console on which no text can steer the terminal: names of files, reports and replies are not to be trusted."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments of what is printed, control characters in them as pictures (␛)."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=segment.text.translate(_PICTURES))


_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"}
_PICTURES |= {
    0x7F: 0x2421,
    **dict.fromkeys([*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD),
}
"""What stands for characters that move the cursor, colour what follows or turn the direction of what is read."""

out = Terminal(highlight=False)
err = Terminal(stderr=True, highlight=False)
PLAIN_WIDTH = 160
"""Columns of a table that is not shown on a terminal."""


def console() -> Console:
    """Where results go; wide enough for a table when it is piped into a file."""
    if out.is_terminal or "COLUMNS" in os.environ:
        return out
    return Terminal(highlight=False, width=PLAIN_WIDTH)


def complain(sentence: str) -> None:
    """An error on stderr, on one line: a path that is broken in two can be neither searched nor copied."""
    err.print(Text(f"error: {sentence}", style="bold red"), soft_wrap=True)


def complain_of(damage: Sequence[str]) -> None:
    """Rows of a database that are not as they were written."""
    for sentence in damage:
        complain(
            f"the database is damaged: {sentence}; keep it, read the reports into a new file, and report this as a bug"
        )


def note(sentence: str) -> None:
    """A remark on stderr, on one line."""
    err.print(Text(sentence, style="dim"), soft_wrap=True)


def table(title: str | None, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows as a table; numbers to the right, text never read as markup."""
    shown = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for index, name in enumerate(columns):
        numeric = bool(rows) and all(isinstance(r[index], int | Decimal) or r[index] is None for r in rows)
        shown.add_column(Text(name), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(value if isinstance(value, Text) else Text(plain(value)) for value in row))
    console().print(shown)


def plain(value: Any) -> str:
    """A value as text: a figure without the zeros that its column pads it with, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, list | tuple):
        return " › ".join(plain(v) for v in value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return str(value)


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as CSV with a header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([plain(v) for v in row] for row in rows)
    return buffer.getvalue()


def as_json(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as a JSON list of objects; figures are strings, so that no reader makes floats of them."""
    return json.dumps(
        [dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False, indent=1, default=_json
    )


def _json(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else plain(value)
