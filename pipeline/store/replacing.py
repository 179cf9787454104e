"""The store's way in: where the rows of readings go, what they replace, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.store import runs
from pipeline.store.between import clear_statements, sql
from pipeline.store.derived import PARTS, count_between, derive, settle, take_along
from pipeline.store.parcels import Parcel
from pipeline.store.placing import in_place, touched_by
from pipeline.store.records import REVIEWER
from pipeline.store.rows import COUNTED_TABLES, TABLES_OF_A_READING, Row
from pipeline.store.session import Session
from schemas.registry import RECORD_TYPES


class Place:
    """Writes readings into a database; each call is part of its caller's transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, run_id: str, parcels: Sequence[Parcel], first: int | None = None) -> None:
        """Write readings, which replace what the same extractor read of the documents before.

        They are numbered from ``first``, or on from the highest number that there is.
        """
        if first is None:
            ((first,),) = self._session.execute("SELECT coalesce(max(reading), 0) + 1 FROM readings")
        touched = touched_by(self._session.execute, parcels)
        if in_place(touched, parcels):
            self._replace([row.document_id for row in touched], parcels)
            aliases = {row.document_id: row.aliases for row in touched}
            self._insert(run_id, first, parcels, aliases)
        else:
            for number, parcel in enumerate(parcels, first):
                self._insert(run_id, number, [parcel], {parcel.document_id: self._settle(parcel.document)})
        if touched or len({p.document_id for p in parcels}) < len(parcels):
            self._outdate_readings([p.document_id for p in parcels])
        derive(self._session.execute, first, first + len(parcels) - 1)
        self._decide_again(parcels)

    def vacate(self, paths: Sequence[str], document_id: str) -> None:
        """Take paths from the documents of other content that were read from them before.

        One that lies at another path too stays, under that path; one that does not is removed.
        """
        taken = set(paths)
        others = self._session.execute(
            "SELECT document_id, path, aliases FROM documents "
            "WHERE document_id <> ? AND (path IN (SELECT unnest(?::VARCHAR[])) OR list_has_any(aliases, ?::VARCHAR[]))",
            [document_id, list(paths), list(paths)],
        )
        for other, main, aliases in others:
            kept = [p for p in (main, *aliases) if p not in taken]
            if not kept:
                clear_between(self._session, [other])
                self._session.execute("DELETE FROM documents WHERE document_id = ?", [other])
                self._remove([other])
                self._outdate("document_id = ?", [other])
                continue
            name = Path(kept[0]).stem
            self._session.execute(
                "UPDATE documents SET document = ?, path = ?, aliases = ? WHERE document_id = ?",
                [name, kept[0], kept[1:], other],
            )
            self._rename(other, name)

    def _replace(self, stored: Sequence[str], parcels: Sequence[Parcel]) -> None:
        """Remove the stored readings of documents that are written again by the same extractor."""
        if not stored:
            return
        clear_between(self._session, stored)
        for extractor in sorted({p.extractor for p in parcels}):
            self._remove([p.document_id for p in parcels if p.extractor == extractor], extractor)
        self._session.execute(
            "DELETE FROM documents WHERE document_id IN (SELECT unnest(?::VARCHAR[]))", [list(stored)]
        )

    def _settle(self, document: Row) -> list[str]:
        """Clear the place for a document's rows; its aliases, which outlive a new reading."""
        document_id, path = document["document_id"], document["path"]
        self.vacate([path], document_id)
        stored = self._session.execute(
            "SELECT document, path, aliases FROM documents WHERE document_id = ?", [document_id]
        )
        if not stored:
            return []
        clear_between(self._session, [document_id])
        self._remove([document_id], document["extractor"])
        self._session.execute("DELETE FROM documents WHERE document_id = ?", [document_id])
        name, main, aliases = stored[0]
        if name != document["document"]:
            self._rename(document_id, document["document"])
        return [p for p in dict.fromkeys([*aliases, main]) if p != path]

    def _remove(self, document_ids: Sequence[str], extractor: str | None = None) -> None:
        """Remove readings of documents, of one extractor or all, but for what people's decisions left."""
        found = self._session.execute(
            "SELECT reading FROM readings "
            "WHERE document_id IN (SELECT unnest(?::VARCHAR[])) AND extractor = coalesce(?, extractor)",
            [list(document_ids), extractor],
        )
        if not found:
            return
        numbers = ", ".join(str(int(number)) for (number,) in found)
        for table in TABLES_OF_A_READING:
            kept = f" AND extractor <> '{REVIEWER}'" if table in RECORD_TYPES or table == "literals" else ""
            self._session.execute(f"DELETE FROM {table} WHERE reading IN ({numbers}){kept}")  # noqa: S608
        for table in (*(f"derived.{part}" for part in PARTS), "readings"):
            self._session.execute(f"DELETE FROM {table} WHERE reading IN ({numbers})")  # noqa: S608

    def _insert(self, run_id: str, first: int, parcels: Sequence[Parcel], aliases: Mapping[str, Sequence[str]]) -> None:
        """Write the rows of readings whose place is clear, numbered from ``first``."""
        numbered = list(enumerate(parcels, first))
        read_at = runs.now().isoformat(sep=" ")
        self._session.insert(
            "readings",
            [
                {"reading": n, "document_id": p.document_id, "extractor": p.extractor, "run_id": run_id, "rows": p.rows}
                for n, p in numbered
            ],
        )
        known = [
            {"reading": n, "aliases": list(aliases.get(p.document_id, ())), "read_at": read_at} for n, p in numbered
        ]
        documents = [{**p.document, **more} for p, more in zip(parcels, known, strict=True)]
        self._session.insert("documents", documents, piece=1)
        for table in COUNTED_TABLES:
            pieces = (({"reading": n, **p.shared}, piece) for n, p in numbered for piece in p.tables.get(table, ()))
            self._session.insert_columns(table, pieces)

    def _outdate_readings(self, document_ids: Sequence[str]) -> None:
        """Mark the rows of readings that are not their documents' current ones, those of another extractor."""
        found = self._session.execute(
            "SELECT reading FROM readings ANTI JOIN documents USING (reading) "
            "WHERE document_id IN (SELECT unnest(?::VARCHAR[]))",
            [list(document_ids)],
        )
        if found:
            self._outdate(f"reading IN ({', '.join(str(int(number)) for (number,) in found)})", [])

    def _outdate(self, which: str, parameters: Sequence[str]) -> None:
        """Mark rows, but for those that are marked, as none of a current reading."""
        for table in (*RECORD_TYPES, "literals"):
            self._session.execute(f"UPDATE {table} SET current = false WHERE current AND {which}", parameters)  # noqa: S608

    def _decide_again(self, parcels: Sequence[Parcel]) -> None:
        """Make what people decided about documents before hold for what was read of them now."""
        found = self._session.execute(
            "SELECT reading, document_id FROM documents WHERE document_id IN (SELECT unnest(?::VARCHAR[])) "
            "AND document_id IN (SELECT document_id FROM reviews) ORDER BY reading",
            [[p.document_id for p in parcels]],
        )
        if readings := {int(reading): str(document_id) for reading, document_id in found}:
            take_along(self._session.execute, readings)
            settle(self._session.execute, readings)

    def _rename(self, document_id: str, name: str) -> None:
        for table in (*RECORD_TYPES, "literals"):
            sql = f"UPDATE {table} SET document = ? WHERE document_id = ? AND document <> ?"  # noqa: S608
            self._session.execute(sql, [name, document_id, name])


def clear_between(session: Session, document_ids: Sequence[str] | None) -> None:
    """Remove the findings between documents: those that touch one of these, or all."""
    ids = None if document_ids is None else list(document_ids)
    named = named_between(session, ids)
    for statement in clear_statements():
        session.connection.execute(statement, {"document_ids": ids})
    count_between(session.execute, named)


def named_between(session: Session, document_ids: Sequence[str] | None) -> list[int]:
    """The readings whose figures findings between documents name: those that touch one of these, or all."""
    found = session.connection.execute(sql("named_between.sql"), {"document_ids": document_ids}).fetchall()
    return [int(reading) for (reading,) in found]
