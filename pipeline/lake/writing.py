"""The lake's way in: readings as Parquet files by table and fiscal year, and the part that commits them.

The rows are those of a database: they are written into one in memory, with what is derived of them, and copied from there.
"""

from __future__ import annotations

import hashlib
import platform
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.lake.parts import Part, commit, run_note
from pipeline.lake.place import LakeError, Place
from pipeline.store import Parcel
from pipeline.store.accounts import discrepancies
from pipeline.store.database import scratch
from pipeline.store.derived import PARTS
from pipeline.store.replacing import Place as Rows
from pipeline.store.rows import COUNTED_TABLES
from pipeline.store.session import Session

TABLES = ("documents", "readings", *COUNTED_TABLES, *(f"derived.{part}" for part in PARTS))
"""The tables of a lake: all that readings fill, and what is derived of them."""

UNKNOWN = "unknown"
_NUMBERS = 14
"""Bits of a reading's number that tell the readings of a part apart; the others follow from the part."""


class PartWriter:
    """Writes parts into a lake, one after the other; for one thread at a time."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._session = Session(scratch(), Path(":memory:"), read_only=False)
        self._rows = Rows(self._session)
        self._known: set[str] = set()

    def close(self) -> None:
        """Gives the memory back."""
        self._session.connection.close()

    def must_know(self, run_id: str) -> None:
        """Makes sure that this is the lake in which a run has begun, as the folder of another machine may have the same name.

        Raises:
            LakeError: it is not.
        """
        if run_id in self._known:
            return
        if not self._place.holds(run_note(run_id)):
            raise LakeError(
                f"{self._place.root} on {platform.node()} is not the lake that the run writes into: name a folder or an address "
                "that all machines share"
            )
        self._known.add(run_id)

    def write_all(self, run_id: str, parcels: Sequence[Parcel]) -> dict[str, Exception]:
        """Writes readings as one part, or each as its own where one of them cannot be written; why, by document id.

        Raises:
            LakeError: the lake itself cannot be written.
        """
        try:
            self.write(run_id, parcels)
        except LakeError:
            raise
        except Exception as error:  # noqa: BLE001 - one that cannot be written is named, the others are written
            if len(parcels) == 1:
                return {parcels[0].document_id: error}
            failures: dict[str, Exception] = {}
            for parcel in parcels:
                failures |= self.write_all(run_id, [parcel])
            return failures
        return {}

    def write(self, run_id: str, parcels: Sequence[Parcel]) -> Part:
        """Writes readings as one part: all of them or none.

        Raises:
            LakeError: the lake cannot be written, or a row was lost on the way.
            StoreError: a row does not fit its table.
        """
        key = _key(run_id, parcels)
        try:
            with self._session.transaction(f"write {len(parcels)} documents"):
                self._rows.put(run_id, parcels, first=(int(key[:12], 16) << _NUMBERS) + 1)
            if damage := list(discrepancies(self._session.execute)):
                raise LakeError(f"nothing is written, as {damage[0]}; please report this as a bug")
            with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
                files = {table: tuple(self._copy(table, key, Path(folder))) for table in TABLES}
            part = Part(key=key, run_id=run_id, documents=len(parcels), files={t: n for t, n in files.items() if n})
            commit(self._place, part)
        finally:
            self._empty()
        return part

    def _copy(self, table: str, key: str, folder: Path) -> Iterator[str]:
        """Copies the rows of a table; the names of the files, one for each fiscal year."""
        years = self._session.execute(
            "SELECT year, list(reading) FROM ("  # noqa: S608 - names of our own tables
            "SELECT r.reading, min(h.year) AS year FROM readings AS r LEFT JOIN derived.report_heads AS h USING (reading) "
            f"GROUP BY r.reading) SEMI JOIN {table} USING (reading) GROUP BY year ORDER BY year NULLS LAST"
        )
        for year, readings in years:
            name = f"{table}/fiscal_year={UNKNOWN if year is None else year}/{key}.parquet"
            passing = folder / "passing.parquet"
            chosen = f"SELECT * FROM {table} WHERE reading IN ({', '.join(map(str, readings))})"  # noqa: S608
            copy_to(self._session, chosen, passing)
            self._place.put(passing, name)
            yield name

    def _empty(self) -> None:
        for table in TABLES:
            self._session.execute(f"DELETE FROM {table}")  # noqa: S608 - as above


def copy_to(session: Session, question: str, file: Path) -> None:
    """Writes the answer to a question as Parquet."""
    session.execute(
        f"COPY ({question}) TO '{str(file).replace(chr(39), chr(39) * 2)}' (FORMAT parquet, COMPRESSION zstd)"
    )


def _key(run_id: str, parcels: Sequence[Parcel]) -> str:
    """The name of a part: it follows from the run and what the part holds."""
    digest = hashlib.sha256(run_id.encode())
    for parcel in parcels:
        digest.update(f"\0{parcel.document_id}\0{parcel.path}\0{parcel.extractor}".encode())
    return digest.hexdigest()[:24]
