"""The store's marks: what people's decisions leave on the rows of records, of their figures and of findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from pipeline.store.records import REVIEWER
from schemas.registry import RECORD_TYPES

Execute = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]

Readings = Mapping[int, str]
"""Current readings by their numbers, each with the id of its document."""


class Mark(NamedTuple):
    """Whether a record stands after review, and what a person decided about it."""

    stands: bool
    review: str | None


class Marked(NamedTuple):
    """A record whose mark was changed."""

    record_type: str
    record_id: str
    extractor: str
    status: str
    before: Mark
    now: Mark


class Decided(NamedTuple):
    """A decision, in force or not; ``result_id`` is the record that it left."""

    review_id: str
    record_type: str
    subject: str
    subject_id: str
    decision: str
    result_id: str | None
    undoes: str | None

    @property
    def doubts(self) -> bool:
        """Whether it says that a record was misread."""
        return self.decision in {"correct", "reject"}


class Named(NamedTuple):
    """A figure that a finding names."""

    extractor: str
    finding_id: str
    role: str
    reading: int
    document_id: str
    record_id: str | None
    field: str | None
    start: int
    stop: int
    stands: bool


def decisions(execute: Execute, document_ids: Iterable[str]) -> list[Decided]:
    """All decisions about some documents, those about one record or claim in their order."""
    asked = list(document_ids)
    columns = ", ".join(Decided._fields)
    sql = f"SELECT {columns} FROM reviews WHERE document_id IN ({places(asked)}) ORDER BY position"  # noqa: S608
    return [Decided(*row) for row in execute(sql, asked)]


def in_force(made: Sequence[Decided]) -> dict[str, Decided]:
    """Of decisions in their order the last one about each record or claim that was not undone, as v_decisions has it."""
    undone = {d.undoes for d in made}
    return {d.subject_id: d for d in made if d.decision != "undo" and d.review_id not in undone}


def mark_records(execute: Execute, readings: Readings, made: Sequence[Decided], about: Collection[str]) -> list[Marked]:
    """Makes the decisions about some records and claims stand in the rows of records and of their figures; which were changed."""
    changed = []
    for record_type in RECORD_TYPES:
        own = [d for d in made if d.record_type == record_type]
        if any(d.subject_id in about for d in own):
            found = _marks(execute, record_type, readings, own, about)
            _set_marks(execute, record_type, readings, found)
            changed += found
    return changed


def _marks(
    execute: Execute, record_type: str, readings: Readings, made: Sequence[Decided], about: Collection[str]
) -> list[Marked]:
    """The records of one type that decisions are about, or that decisions left, whose mark is another one now."""
    force = in_force(made)
    asked = {i for d in made if d.subject_id in about for i in (d.subject_id, d.result_id) if i is not None}
    leaving = [d for d in force.values() if d.result_id in asked]
    known = [*asked.union(d.subject_id for d in leaving)]
    rows = execute(
        f"SELECT record_id, extractor, status, stands, review FROM {record_type} "  # noqa: S608 - a type, numbers and places
        f"WHERE reading IN ({numbers(readings)}) AND record_id IN ({places(known)})",
        known,
    )
    read = {record_id for record_id, extractor, *_ in rows if extractor != REVIEWER}
    still = read | _still_claimed(execute, readings, [d.subject_id for d in leaving if d.subject == "claim"])
    found = []
    for record_id, extractor, status, stands, review in rows:
        if record_id not in asked:
            continue
        if extractor != REVIEWER:
            decision = force[record_id].decision if record_id in force else None
            now = Mark(decision in {None, "accept"}, decision)
        else:
            by = [d for d in leaving if d.result_id == record_id]
            stays = record_id not in read and any(d.subject_id in still for d in by)
            now = Mark(stays, max((d.decision for d in by), default=None))
        if now != (stands, review):
            found.append(Marked(record_type, record_id, extractor, status, Mark(stands, review), now))
    return found


def _still_claimed(execute: Execute, readings: Readings, claims: Sequence[str]) -> set[str]:
    """Of claims those that are read still."""
    if not claims:
        return set()
    where = f"reading IN ({numbers(readings)}) AND claim_id IN ({places(claims)})"
    return {claim_id for (claim_id,) in execute(f"SELECT claim_id FROM quarantine WHERE {where}", claims)}  # noqa: S608


def _set_marks(execute: Execute, record_type: str, readings: Readings, marked: Iterable[Marked]) -> None:
    alike: dict[tuple[str, Mark], list[str]] = defaultdict(list)
    for one in marked:
        alike[one.extractor, one.now].append(one.record_id)
    for (extractor, now), ids in alike.items():
        for table, own in ((record_type, ""), ("literals", f" AND record_type = '{record_type}'")):
            execute(
                f"UPDATE {table} SET stands = ?, review = ? WHERE reading IN ({numbers(readings)})"  # noqa: S608 - as above
                f" AND extractor = ? AND record_id IN ({places(ids)}){own}",
                [*now, extractor, *ids],
            )


def mark_findings(execute: Execute, readings: Readings, made: Sequence[Decided], about: Collection[str]) -> list[Named]:
    """Makes the decisions about some records stand in the findings that name a figure of theirs; all figures of those that
    were changed. What rests on a figure that a person rejected, or read otherwise, is no defect of the report."""
    figures = _named(execute, readings, sorted({d.subject_id for d in made if d.subject_id in about and d.doubts}))
    elsewhere = {x.document_id for names in figures.values() for x in names}.difference(readings.values())
    force = in_force([*made, *(decisions(execute, elsewhere) if elsewhere else ())])
    doubted = {i: d.result_id for i, d in force.items() if d.doubts}
    kept = _kept(execute, figures.values(), doubted)
    changed: dict[tuple[str, bool], list[Named]] = defaultdict(list)
    for (extractor, _), names in figures.items():
        stands = all(
            x.role == "witness"
            or x.record_id not in doubted
            or (doubted[x.record_id], x.field, x.start, x.stop) in kept
            for x in names
        )
        if stands != names[0].stands:
            changed[extractor, stands] += names
    for (extractor, stands), names in changed.items():
        ids = sorted({x.finding_id for x in names})
        for table, own in (
            ("findings", ""),
            ("finding_literals", f" AND reading IN ({numbers({x.reading for x in names})})"),
        ):
            sql = f"UPDATE {table} SET stands = ? WHERE extractor = ? AND finding_id IN ({places(ids)}){own}"  # noqa: S608
            execute(sql, [stands, extractor, *ids])
    return [x for names in changed.values() for x in names]


def _named(execute: Execute, readings: Readings, record_ids: Sequence[str]) -> dict[tuple[str, str], list[Named]]:
    """The figures of each finding that names a figure of some records."""
    found: dict[tuple[str, str], list[Named]] = defaultdict(list)
    which = f"reading IN ({numbers(readings)}) AND record_id IN ({places(record_ids)})"
    sql = f"SELECT DISTINCT extractor, finding_id FROM finding_literals WHERE {which}"  # noqa: S608 - as above
    wanted = set(execute(sql, record_ids)) if record_ids else set()
    ids = sorted({finding_id for _, finding_id in wanted})
    columns = ", ".join(f'"{name}"' for name in Named._fields)
    sql = f"SELECT {columns} FROM finding_literals WHERE finding_id IN ({places(ids)})"  # noqa: S608 - as above
    for row in execute(sql, ids) if ids else ():
        name = Named(*row)
        if (name.extractor, name.finding_id) in wanted:
            found[name.extractor, name.finding_id].append(name)
    return found


def _kept(
    execute: Execute, figures: Iterable[Sequence[Named]], doubted: Mapping[str, str | None]
) -> set[tuple[Any, ...]]:
    """The figures of the records that corrections of named ones left."""
    named = {x.record_id: x.reading for names in figures for x in names if x.record_id is not None}
    left = {result: reading for i, reading in named.items() if (result := doubted.get(i)) is not None}
    if not left:
        return set()
    which = f"reading IN ({numbers(set(left.values()))}) AND extractor = '{REVIEWER}' AND record_id IN ({places(left)})"
    return set(execute(f'SELECT record_id, field, "start", "stop" FROM literals WHERE {which}', [*left]))  # noqa: S608


def numbers(readings: Iterable[int]) -> str:
    """Numbers of readings as a statement lists them."""
    return ", ".join(f"{reading:d}" for reading in readings)


def places(values: Collection[Any]) -> str:
    """As many places for values of a statement."""
    return ", ".join("?" * len(values))
