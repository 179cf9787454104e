"""Engines: one file read offline from its bytes to the rows of the store, wherever that happens."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from pipeline.account import failure_of
from pipeline.chunking import TARGET
from pipeline.collection import no_collection
from pipeline.documents import DEFAULT_LIMITS, DocumentReader, Limits
from pipeline.documents.read import FileBytes
from pipeline.extraction.choice import Extractor
from pipeline.extraction.offline import OfflineExtractor
from pipeline.flow import Document
from pipeline.job import conclude, prepare, read_asking
from pipeline.lake import FILES_OF_A_PART, PartWriter, Place
from pipeline.store import Parcel, StoreError, pack
from pipeline.work import Outcome
from schemas.word_files import OwnWords, use_own_words


@dataclass(frozen=True, slots=True)
class Reads:
    """What every process of a run reads with: limits of size, how chunks are filled, the words of the user's own; the lake
    that it writes into, None where it sends back what it read."""

    limits: Limits = DEFAULT_LIMITS
    target: int = TARGET
    words: OwnWords | None = None
    lake: str | None = None

    @property
    def at_once(self) -> int:
        """How many files a process is given at once: one, or as many as make a part of the lake that it writes into."""
        return 1 if self.lake is None else FILES_OF_A_PART

    def take_up(self) -> None:
        """Makes this process read with them."""
        use_own_words(self.words)


class FileReader:
    """Reads files for a run: into rows that are sent back, or into a lake. Use it as a context manager, from one thread."""

    def __init__(self, reads: Reads) -> None:
        self._target = reads.target
        self._documents = DocumentReader(reads.limits)
        self._writer = None if reads.lake is None else PartWriter(Place(reads.lake))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._documents.close()
        if self._writer is not None:
            self._writer.close()

    def read(self, run_id: str, files: Sequence[FileBytes]) -> list[Outcome]:
        """What came of each file; of what went into the lake, as one part, no rows are given."""
        outcomes = [read_file(run_id, file, self._documents, self._target) for file in files]
        parcels = [outcome.parcel for outcome in outcomes if outcome.parcel is not None]
        if self._writer is None or not parcels:
            return outcomes
        try:
            self._writer.must_know(run_id)
            failed = self._writer.write_all(run_id, parcels)
        except Exception as error:  # noqa: BLE001 - the files are named, the others go on
            failed = dict.fromkeys((parcel.document_id for parcel in parcels), error)
        return [_in_lake(outcome, failed) for outcome in outcomes]


def _in_lake(outcome: Outcome, failed: Mapping[str, Exception]) -> Outcome:
    """What came of a file whose rows went into a lake."""
    if outcome.parcel is None:
        return outcome
    error = failed.get(outcome.parcel.document_id)
    if error is None:
        return replace(outcome, parcel=outcome.parcel.stored)
    return replace(outcome, parcel=None, failure=str(error) if isinstance(error, StoreError) else failure_of(error))


def read_file(run_id: str, file: FileBytes, reader: DocumentReader, target: int) -> Outcome:
    """The whole way of one file, short of the store; whatever goes wrong with it is its failure."""
    clock = _Clock()
    try:
        document = reader.parse(file)
        clock.lap("documents")
        parcel = _read(run_id, document, target, clock)
    except Exception as error:  # noqa: BLE001 - one file that fails is named, the others go on
        return Outcome(failure=failure_of(error), seconds=clock.laps, memory=peak_memory())
    return Outcome(parcel, remarks=document.remarks, seconds=clock.laps, memory=peak_memory())


@no_collection()
def _read(run_id: str, document: Document, target: int, clock: _Clock) -> Parcel:
    """A document's rows. Nothing is collected before all that led to them is gone, which is then not walked."""
    prepared = prepare(document, target)
    clock.lap("layout")
    extraction = OfflineExtractor().extract(document, prepared.layout, prepared.chunks)
    clock.lap("extraction")
    reading = conclude(prepared, extraction)
    clock.lap("checking")
    parcel = pack(run_id, reading)
    clock.lap("packing")
    return parcel


async def read_file_asking(
    run_id: str, file: FileBytes, reader: DocumentReader, target: int, extractor: Extractor
) -> Outcome:
    """The same with an extractor that asks a model."""
    try:
        return await read_asking(run_id, reader.parse(file), extractor, target)
    except Exception as error:  # noqa: BLE001 - as above
        return Outcome(failure=failure_of(error), memory=peak_memory())


class _Clock:
    """Seconds of processor time by station."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.thread_time()

    def lap(self, station: str) -> None:
        """Ends a station."""
        now = time.thread_time()
        self.laps[station] = now - self._last
        self._last = now


def peak_memory() -> int:
    """The most bytes of memory that this process has had so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
