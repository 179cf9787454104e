"""The store's relations: what a record's own figures promise each other, and whether a finding says that they break it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from schemas.registry import RECORD_TYPES
from schemas.relations import AtMost, Ratio, Relation, Sum


@dataclass(frozen=True, slots=True)
class Promise:
    """A relation between fields of a record; ``outcome`` is contradicted, not contradicted, or not checked as a field of
    ``missing`` is not printed."""

    relation: str
    fields: tuple[str, ...]
    missing: tuple[str, ...]
    outcome: str


def promises(
    record_type: str, printed: Collection[str], contradicted: Collection[tuple[str, frozenset[str]]]
) -> Iterator[Promise]:
    """The relations of a record type of which at least two figures are printed.

    Args:
        record_type: name of the type.
        printed: the fields whose figures the record prints.
        contradicted: what each contradiction that involves the record is: its kind and the record's fields in it.
    """
    for relation in RECORD_TYPES[record_type].relations:
        needed, optional = _fields(relation)
        if len([f for f in (*needed, *optional) if f in printed]) < 2:
            continue
        missing = tuple(f for f in needed if f not in printed)
        outcome = (
            "contradicted"
            if any(kind == relation.kind and fields.issuperset(needed) for kind, fields in contradicted)
            else "not checked"
            if missing
            else "not contradicted"
        )
        yield Promise(relation.name, (*needed, *optional), missing, outcome)


def _fields(relation: Relation) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields that a relation needs, and those that it can do without."""
    match relation:
        case Ratio():
            return (relation.stated, relation.part, relation.whole), ()
        case AtMost():
            return (relation.low, relation.high), ()
        case Sum():
            needed = tuple(p for p in relation.parts if p not in relation.may_be_absent)
            return (relation.total, *needed), relation.may_be_absent
        case _:
            return (), ()
