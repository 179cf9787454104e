"""Engines: one file read offline from its bytes to the rows of the store, wherever that happens."""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass

from pipeline.account import failure_of
from pipeline.chunking import TARGET
from pipeline.documents import DEFAULT_LIMITS, DocumentReader, Limits
from pipeline.documents.read import FileBytes
from pipeline.extraction.choice import Extractor
from pipeline.extraction.offline import OfflineExtractor
from pipeline.job import conclude, prepare, read_asking
from pipeline.store import pack
from pipeline.work import Outcome
from schemas.word_files import OwnWords, use_own_words


@dataclass(frozen=True, slots=True)
class Reads:
    """What every process of a run reads with: limits of size, how chunks are filled, the words of the user's own."""

    limits: Limits = DEFAULT_LIMITS
    target: int = TARGET
    words: OwnWords | None = None

    def take_up(self) -> None:
        """Makes this process read with them."""
        use_own_words(self.words)


def read_file(run_id: str, file: FileBytes, reader: DocumentReader, target: int) -> Outcome:
    """The whole way of one file, short of the store; whatever goes wrong with it is its failure."""
    clock = _Clock()
    try:
        document = reader.parse(file)
        clock.lap("documents")
        prepared = prepare(document, target)
        clock.lap("layout")
        extraction = OfflineExtractor().extract(document, prepared.layout, prepared.chunks)
        clock.lap("extraction")
        reading = conclude(prepared, extraction)
        clock.lap("checking")
        parcel = pack(run_id, reading)
        clock.lap("packing")
    except Exception as error:  # noqa: BLE001 - one file that fails is named, the others go on
        return Outcome(failure=failure_of(error), seconds=clock.laps, memory=peak_memory())
    return Outcome(parcel, remarks=document.remarks, seconds=clock.laps, memory=peak_memory())


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
