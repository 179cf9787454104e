"""Benchmarks: the offline run without the store, over samples repeated under new names."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.collection import no_collection
from pipeline.documents import find_files, read_document
from pipeline.extraction.offline import OfflineExtractor
from pipeline.flow import Document
from pipeline.job import conclude, prepare

CHECKPOINTS = 10


@dataclass(slots=True)
class Measured:
    """What a run took: bytes of UTF-8 text, seconds of processor time in all and by stage, and the peak memory in MB
    at each tenth of the run."""

    documents: int = 0
    size: int = 0
    records: int = 0
    seconds: dict[str, float] = field(default_factory=lambda: {"layout": 0.0, "extraction": 0.0, "checking": 0.0})
    peaks: list[float] = field(default_factory=list)

    @property
    def total(self) -> float:
        """Seconds of all stages."""
        return sum(self.seconds.values())

    @property
    def rate(self) -> float:
        """Megabytes of text a second."""
        return self.size / 1e6 / self.total if self.total else 0.0


def run(folder: Path, count: int) -> Measured:
    """Reads ``count`` documents one after the other on one core; the files are read beforehand."""
    samples = [read_document(path) for path in find_files([folder]) if isinstance(path, Path)]
    if not samples:
        raise ValueError(f"{folder} holds no report: name a folder of reports with --reports")
    measured = Measured()
    extractor = OfflineExtractor()
    conclude(prepared := prepare(samples[0]), extractor.extract(samples[0], prepared.layout, prepared.chunks))
    for number, document in enumerate(_repeated(samples, count), start=1):
        _one(document, extractor, measured)
        if number * CHECKPOINTS // count > len(measured.peaks):
            measured.peaks.append(peak_memory())
    return measured


def _repeated(samples: list[Document], count: int) -> Iterator[Document]:
    for number in range(count):
        sample = samples[number % len(samples)]
        yield replace(sample, name=f"{sample.name}-{number}", document_id=f"{number:016x}")


@no_collection()
def _one(document: Document, extractor: OfflineExtractor, measured: Measured) -> None:
    begun = time.process_time()
    prepared = prepare(document)
    laid_out = time.process_time()
    extraction = extractor.extract(document, prepared.layout, prepared.chunks)
    extracted = time.process_time()
    reading = conclude(prepared, extraction)
    measured.seconds["layout"] += laid_out - begun
    measured.seconds["extraction"] += extracted - laid_out
    measured.seconds["checking"] += time.process_time() - extracted
    measured.documents += 1
    measured.size += len(document.text.encode())
    measured.records += len(reading.decisions)


def peak_memory() -> float:
    """The largest memory that this process has had so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
