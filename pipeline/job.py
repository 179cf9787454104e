"""The job: a folder of reports in, a checked database out. It reads like the picture in docs/how-it-works.md."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.acceptance import accept
from pipeline.checking import check
from pipeline.chunking import chunk
from pipeline.coverage import unclaimed
from pipeline.documents import DEFAULT_LIMITS, DocumentError, Limits, find_files, read_document
from pipeline.evidence import evidence_for
from pipeline.extraction.choice import Choice, Extractor
from pipeline.flow import Chunk, Document, Extraction, Layout, OutcomeStatus
from pipeline.grounding import ground_all
from pipeline.layout import lay_out
from pipeline.merging import merge_reports
from pipeline.store import Reading, Store

log = logging.getLogger("jixiao")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document laid out and cut into chunks, ready to be extracted."""

    document: Document
    layout: Layout
    chunks: tuple[Chunk, ...]


def prepare(document: Document) -> Prepared:
    """documents → layout → chunks."""
    layout = lay_out(document)
    return Prepared(document, layout, chunk(document, layout))


def conclude(prepared: Prepared, extraction: Extraction) -> Reading:
    """extraction → grounding → checking → acceptance, and the balance of what was left."""
    document, layout, chunks = prepared.document, prepared.layout, prepared.chunks
    evidence = evidence_for(document, layout)
    grounded, rejected = ground_all(evidence, chunks, merge_reports(extraction.drafts))
    findings = check(document, layout, grounded)
    return Reading(
        document=document,
        chunks=chunks,
        extraction=extraction,
        decisions=accept(grounded, findings),
        rejections=rejected,
        findings=findings,
        unclaimed=unclaimed(document, layout, chunks, grounded, evidence),
    )


async def read(document: Document, extractor: Extractor) -> Reading:
    """The whole way of one document, short of the store."""
    prepared = prepare(document)
    extraction = await extractor.extract(document, prepared.layout, prepared.chunks)
    return conclude(prepared, extraction)


@dataclass(slots=True)
class RunReport:
    """How a run ended: what was read, what of it could not be read, and each failure as path and reason."""

    run_id: str
    documents: int = 0
    duplicates: list[tuple[Path, str]] = field(default_factory=list)
    remarks: list[tuple[Path, str]] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every document was read whole."""
        return not self.failures


Progress = Callable[[int, int, str], None]
"""Told after each file: how many are done, of how many, and the file's name."""


async def run(
    paths: Iterable[Path],
    store: Store,
    choice: Choice,
    *,
    limits: Limits = DEFAULT_LIMITS,
    settings: Mapping[str, str] | None = None,
    progress: Progress = lambda *_: None,
) -> RunReport:
    """Reads every file of the paths into the store, one transaction each; a file that fails is named, the others go on.

    ``settings`` are recorded with the run.
    """
    sources = find_files(paths)
    run_id = store.start_run(choice.extractor.name, model=choice.model, inputs=list(paths), settings=settings)
    report = RunReport(run_id)
    writing = asyncio.Lock()
    places = asyncio.Semaphore(choice.in_flight)
    seen: dict[str, Path] = {}
    stored: set[str] = set()
    copies: list[tuple[Path, str]] = []
    done = 0

    async def one(source: Path | DocumentError) -> None:
        nonlocal done
        async with places:
            try:
                await _one(source)
            finally:
                done += 1
                progress(done, len(sources), source.path.name if isinstance(source, DocumentError) else source.name)

    async def _one(source: Path | DocumentError) -> None:
        try:
            if isinstance(source, DocumentError):
                raise source
            document = read_document(source, limits)
            if document.document_id in seen:
                copies.append((source, document.document_id))
                return
            seen[document.document_id] = source
            reading = await read(document, choice.extractor)
            async with writing:
                store.put(run_id, reading)
            stored.add(document.document_id)
            report.documents += 1
            report.remarks += [(source, remark) for remark in document.remarks]
            if failed := [o for o in reading.extraction.outcomes if o.status is OutcomeStatus.FAILED]:
                report.failures[str(source)] = (
                    f"{len(failed)} of {len(reading.chunks)} chunks failed: {failed[0].reason}"
                )
        except DocumentError as error:
            report.failures[str(error.path)] = f"{error.reason}; {error.remedy}"
        except Exception as error:
            log.debug("document failed", exc_info=error)
            report.failures[str(source)] = f"{type(error).__name__}: {error}; please report this as a bug"

    async with choice.extractor:
        await asyncio.gather(*(one(source) for source in sources))
    for path, document_id in copies:
        first = str(seen[document_id])
        if document_id in stored:
            store.add_alias(document_id, path)
            report.duplicates.append((path, first))
        else:
            report.failures[str(path)] = f"same content as {first}, which failed"
    store.finish_run(run_id, failures=report.failures)
    return report
