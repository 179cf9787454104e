"""The store's derived tables: what the views ask, worked out when rows change, people's decisions included."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from importlib.resources import files

from pipeline.store.marks import (
    Execute,
    Marked,
    Named,
    Readings,
    decisions,
    mark_findings,
    mark_records,
    numbers,
    places,
)
from pipeline.store.records import REVIEWER
from schemas.registry import RECORD_TYPES

PARTS = ("report_heads", "execution", "targets", "three_public", "coverage", "finding_counts")
"""The derived tables, each after those that it follows from."""


def derive(execute: Execute, first: int, last: int) -> None:
    """Works out what follows from new readings, of the numbers ``first`` to ``last``."""
    for part in PARTS:
        execute(f"INSERT INTO derived.{part} FROM derived.now_{part} WHERE reading BETWEEN {first:d} AND {last:d}", [])


def settle(execute: Execute, readings: Readings) -> None:
    """Makes all that people decided about current readings stand in their rows, and what follows from them."""
    made = decisions(execute, readings.values())
    about = {d.subject_id for d in made}
    mark_records(execute, readings, made, about)
    mark_findings(execute, readings, made, about)
    _derive_again(execute, readings)


def settle_one(execute: Execute, reading: int, document_id: str, subject_id: str) -> None:
    """Makes the decision about one record or claim of a current reading stand in its rows, and what follows from it alone."""
    readings = {reading: document_id}
    made = decisions(execute, [document_id])
    marked = mark_records(execute, readings, made, [subject_id])
    named = mark_findings(execute, readings, made, [subject_id])
    if any(m.record_type == "reports" for m in marked):
        _derive_again(execute, readings)
        return
    moved = [m for m in marked if m.now.stands != m.before.stands]
    for record_type in {m.record_type for m in moved}:
        _follow(execute, reading, record_type, [m for m in moved if m.record_type == record_type])
    if any(d.subject == "claim" for d in made if d.subject_id == subject_id):
        _replace(execute, "coverage", f"reading = {reading:d}")
    else:
        _count(execute, reading, marked)
    if named:
        _count_findings(execute, reading)
        _replace(execute, "finding_counts", f"reading = {reading:d}")
        _count_named(execute, named, {m.record_id for m in moved})


def settle_findings(execute: Execute, readings: Readings) -> None:
    """Makes people's decisions stand in the findings that name a figure of current readings."""
    made = decisions(execute, readings.values()) if readings else []
    mark_findings(execute, readings, made, {d.subject_id for d in made})


def _derive_again(execute: Execute, readings: Readings) -> None:
    first, *rest = PARTS
    for reading in readings:
        _replace(execute, first, f"reading = {reading:d}")
    for record_type in RECORD_TYPES:
        _run(execute, "place_records.sql", readings, record_type)
    _run(execute, "place_figures.sql", readings)
    for part in rest:
        for reading in readings:
            _replace(execute, part, f"reading = {reading:d}")


def _replace(execute: Execute, table: str, which: str) -> None:
    _remove(execute, table, which)
    _add(execute, table, table, which)


def _remove(execute: Execute, table: str, which: str, asked: Sequence[str] = ()) -> None:
    execute(f"DELETE FROM derived.{table} WHERE {which}", asked)  # noqa: S608 - our names, numbers and places


def _add(execute: Execute, table: str, part: str, which: str, asked: Sequence[str] = ()) -> None:
    execute(f"INSERT INTO derived.{table} BY NAME FROM derived.now_{part} WHERE {which}", asked)


def _follow(execute: Execute, reading: int, record_type: str, moved: Sequence[Marked]) -> None:
    """Works out anew what follows from records of one type, of which some stand now, or do no more."""
    match record_type:
        case "projects":
            _follow_each(
                execute, reading, "execution", "project_execution", "scope = 'project' AND record_ids[1]", moved
            )
        case "indicators":
            _follow_each(execute, reading, "targets", "targets", "record_id", moved)
        case "budget_facts":
            _replace(execute, "execution", f"scope = 'department' AND reading = {reading:d}")
            _replace(execute, "three_public", f"reading = {reading:d}")


def _follow_each(
    execute: Execute, reading: int, table: str, part: str, record_id: str, moved: Sequence[Marked]
) -> None:
    """Works out anew the row of each of some records."""
    ids = sorted({m.record_id for m in moved})
    which = f"{record_id} IN ({places(ids)}) AND reading = {reading:d}"
    _remove(execute, table, which, ids)
    if any(m.now.stands for m in moved):
        _add(execute, table, part, which, ids)


def _count(execute: Execute, reading: int, marked: Sequence[Marked]) -> None:
    """Counts a document's records after a decision about one of them: marks say how many are more or fewer."""
    more = Counter[str]()
    for one in marked:
        more[one.status] += one.now.stands - one.before.stands
        if one.extractor != REVIEWER:
            more["rejected"] += (one.now.review == "reject") - (one.before.review == "reject")
    changed = {name: number for name, number in more.items() if number}
    if changed:
        added = ", ".join(f"{name} = {name} + {number:d}" for name, number in changed.items())
        execute(f"UPDATE derived.coverage SET {added} WHERE reading = {reading:d}", [])  # noqa: S608 - as above


def _count_findings(execute: Execute, reading: int) -> None:
    execute(
        "UPDATE derived.coverage SET findings = (SELECT count(*) FROM findings AS f "  # noqa: S608 - as above
        f"WHERE f.reading = {reading:d} AND f.stands AND f.other_document_id IS NULL) WHERE reading = {reading:d}",
        [],
    )


def _count_named(execute: Execute, named: Sequence[Named], done: Collection[str]) -> None:
    """Counts anew how many findings name the projects that some findings name, but for those that are counted."""
    ids = sorted({x.record_id for x in named if x.record_id is not None}.difference(done))
    if not ids:
        return
    which = f"reading IN ({numbers({x.reading for x in named})})"
    sql = (
        "SELECT record_id, count(DISTINCT finding_id) FILTER (stands) FROM finding_literals "  # noqa: S608 - as above
        f"WHERE {which} AND record_id IN ({places(ids)}) GROUP BY record_id"
    )
    alike: dict[int, list[str]] = defaultdict(list)
    for record_id, findings in execute(sql, ids):
        alike[findings].append(record_id)
    for findings, counted in alike.items():
        own = f"{which} AND scope = 'project' AND record_ids[1] IN ({places(counted)})"
        execute(f"UPDATE derived.execution SET findings = ? WHERE {own}", [findings, *counted])  # noqa: S608 - as above


def count_between(execute: Execute, readings: Collection[int]) -> None:
    """Counts anew what findings between documents name, in readings that they name a figure of or did before."""
    if readings:
        _run(execute, "count_findings.sql", readings)


def take_along(execute: Execute, readings: Readings) -> None:
    """Gives what decisions left to the readings that are current now."""
    for table in (*RECORD_TYPES, "literals"):
        _run(execute, "take_along.sql", readings, table)


def _run(execute: Execute, name: str, readings: Iterable[int], table: str = "") -> None:
    script = files("pipeline.store").joinpath(name).read_text(encoding="utf-8").replace("record_table", table)
    execute(script.replace("{readings}", numbers(readings)), [])
