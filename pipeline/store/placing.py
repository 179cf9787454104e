"""The store's places: which stored documents the writing of readings touches, and whether they are simply replaced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pipeline.store.parcels import Parcel

Execute = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]


class Touched(NamedTuple):
    """A stored document that has an id or a path of one that is written."""

    document_id: str
    name: str
    path: str
    aliases: list[str]


def touched_by(execute: Execute, parcels: Sequence[Parcel]) -> list[Touched]:
    """The stored documents that readings touch."""
    ids, paths = [p.document_id for p in parcels], [p.path for p in parcels]
    rows = execute(
        "SELECT document_id, document, path, aliases FROM documents WHERE document_id IN (SELECT unnest(?::VARCHAR[])) "
        "OR path IN (SELECT unnest(?::VARCHAR[])) OR list_has_any(aliases, ?::VARCHAR[])",
        [ids, paths, paths],
    )
    return [Touched(*row) for row in rows]


def in_place(touched: Sequence[Touched], parcels: Sequence[Parcel]) -> bool:
    """Whether each reading is new, or replaces that of the same document at the same path, and no path changes hands."""
    written = {p.document_id: p for p in parcels}
    paths = {p.path for p in parcels}
    if len(written) < len(parcels) or len(paths) < len(parcels):
        return False
    for row in touched:
        parcel = written.get(row.document_id)
        if parcel is None or parcel.path != row.path or parcel.document["document"] != row.name:
            return False
        if not paths.isdisjoint(row.aliases):
            return False
    return True
