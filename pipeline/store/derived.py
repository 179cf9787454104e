"""The store's derived tables: what the views ask, worked out when rows change, and the mark that decisions leave on rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from importlib.resources import files
from typing import Any

from schemas.registry import RECORD_TYPES

Execute = Callable[[str], list[tuple[Any, ...]]]

PARTS = ("report_heads", "execution", "targets", "three_public", "coverage", "finding_counts")
"""The derived tables, each after those that it follows from."""

_FOLLOWS = {
    "reports": PARTS,
    "budget_facts": ("execution", "three_public", "coverage", "finding_counts"),
    "indicators": ("execution", "targets", "coverage", "finding_counts"),
}
_FOLLOWS_ALWAYS = ("execution", "coverage", "finding_counts")
"""What follows from the records of a type, and of any other: findings, which may rest on any, count in these."""


def derive(execute: Execute, first: int, last: int) -> None:
    """Works out what follows from new readings, of the numbers ``first`` to ``last``."""
    for part in PARTS:
        _derive(execute, part, first, last)


def _derive(execute: Execute, part: str, first: int, last: int) -> None:
    execute(f"INSERT INTO derived.{part} FROM derived.now_{part} WHERE reading BETWEEN {first:d} AND {last:d}")


def settle(execute: Execute, readings: Sequence[int], record_types: Collection[str] = tuple(RECORD_TYPES)) -> None:
    """Makes people's decisions about records of some types stand in the rows of current readings, and what follows."""
    for record_type in record_types:
        _run(execute, "settle.sql", readings, record_type)
    settle_findings(execute, readings)
    stale = {part for t in record_types for part in _FOLLOWS.get(t, _FOLLOWS_ALWAYS)}
    for part in PARTS:
        if part in stale:
            for reading in readings:
                execute(f"DELETE FROM derived.{part} WHERE reading = {reading:d}")  # noqa: S608 - our names and a number
                _derive(execute, part, reading, reading)
    for record_type in RECORD_TYPES if "reports" in record_types else record_types:
        _run(execute, "place_records.sql", readings, record_type)
    _run(execute, "place_figures.sql", readings)


def count_between(execute: Execute, readings: Sequence[int]) -> None:
    """Counts anew what findings between documents name, in readings that they name a figure of or did before."""
    if readings:
        _run(execute, "count_findings.sql", readings)


def settle_findings(execute: Execute, readings: Sequence[int]) -> None:
    """Makes people's decisions stand in the findings that name a figure of current readings."""
    if readings:
        _run(execute, "settle_findings.sql", readings)


def take_along(execute: Execute, readings: Sequence[int]) -> None:
    """Gives what decisions left to the readings that are current now."""
    for table in (*RECORD_TYPES, "literals"):
        _run(execute, "take_along.sql", readings, table)


def _run(execute: Execute, name: str, readings: Iterable[int], table: str = "") -> None:
    script = files("pipeline.store").joinpath(name).read_text(encoding="utf-8")
    listed = ", ".join(f"{reading:d}" for reading in readings)
    for statement in script.replace("record_table", table).split(";"):
        execute(statement.replace("{readings}", listed))
