"""The job: a folder of reports in, a checked database out. It reads like the picture in docs/how-it-works.md."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from pipeline.acceptance import accept
from pipeline.checking import check
from pipeline.chunking import TARGET, chunk
from pipeline.collection import no_collection
from pipeline.coverage import unclaimed
from pipeline.documents import (
    DEFAULT_LIMITS,
    DocumentError,
    DocumentReader,
    Limits,
    engine_name,
    find_files,
    other_files,
)
from pipeline.doubt import without_doubtful, without_doubtful_findings
from pipeline.evidence import evidence_for
from pipeline.extraction.choice import Choice, Extractor
from pipeline.flow import Chunk, Document, Extraction, Layout, OutcomeStatus
from pipeline.grounding import ground_all
from pipeline.layout import lay_out
from pipeline.merging import merge_reports
from pipeline.store import Reading, RunPlan, RunStatus, Store, Twins

log = logging.getLogger("jixiao")

_READ_WITH = frozenset({".py", ".toml", ".j2"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document laid out and cut into chunks, ready to be extracted."""

    document: Document
    layout: Layout
    chunks: tuple[Chunk, ...]


@no_collection()
def prepare(document: Document, target: int = TARGET) -> Prepared:
    """documents → layout → chunks, which are filled up to a number of characters."""
    layout = lay_out(document)
    return Prepared(document, layout, chunk(document, layout, target=target))


@no_collection()
def conclude(prepared: Prepared, extraction: Extraction) -> Reading:
    """extraction → grounding → checking → acceptance, and the balance of what was left."""
    document, layout, chunks = prepared.document, prepared.layout, prepared.chunks
    evidence = evidence_for(document, layout)
    grounded, rejected = ground_all(evidence, chunks, merge_reports(extraction.drafts))
    grounded, doubtful = without_doubtful(document, grounded)
    findings = without_doubtful_findings(document, check(document, layout, grounded))
    return Reading(
        document=document,
        chunks=chunks,
        extraction=extraction,
        decisions=accept(grounded, findings),
        rejections=(*rejected, *doubtful),
        findings=findings,
        unclaimed=unclaimed(document, layout, chunks, grounded, evidence),
    )


async def read(document: Document, extractor: Extractor, target: int = TARGET) -> Reading:
    """The whole way of one document, short of the store."""
    prepared = prepare(document, target)
    extraction = await extractor.extract(document, prepared.layout, prepared.chunks)
    return conclude(prepared, extraction)


@dataclass(slots=True)
class RunReport:
    """How a run ended: what was read, what of it could not be read, and each failure as path and reason.

    ``kept`` counts the documents that the run had stored before it was killed; ``documents`` counts them, too.
    ``stopped`` says why the run ended early, ``unread`` how many files were left then.
    """

    run_id: str
    documents: int = 0
    kept: int = 0
    unchanged: list[Path] = field(default_factory=list)
    duplicates: list[tuple[Path, str]] = field(default_factory=list)
    remarks: list[tuple[Path, str]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    others: Mapping[str, int] = field(default_factory=dict)
    twins: list[Twins] = field(default_factory=list)
    stopped: str | None = None
    unread: int = 0
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every document was read whole."""
        return not self.failures and self.stopped is None


Progress = Callable[[int, int, str], None]
"""Told after each file: how many are done, of how many, and the file's name."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a run may do: how large files may be, and whether it uses the replies of earlier runs."""

    limits: Limits = DEFAULT_LIMITS
    fresh: bool = False


async def run(
    paths: Iterable[Path], store: Store, choice: Choice, terms: Terms = Terms(), progress: Progress = lambda *_: None
) -> RunReport:
    """Reads every file of the paths into the store, one transaction each; a file that fails is named, the others go on.

    A run that was killed goes on where it stood when it is asked the same again: what it stored is kept, and no reply
    is paid for twice.
    """
    paths = list(paths)
    sources = find_files(paths)
    own = {"fresh": terms.fresh, "jixiao": _version(), "ocr": _ocr(terms.limits)}
    plan = RunPlan(choice.name, choice.model, paths, {**choice.settings, **own})
    run_id = store.go_on(plan) or store.start_run(plan)
    reader = DocumentReader(terms.limits)
    unchanged = {} if terms.fresh else store.unchanged(plan)
    running = _Running(store, reader, choice.target, RunReport(run_id), unchanged)
    places = asyncio.Semaphore(choice.in_flight)
    done = 0

    async def one(source: Path | DocumentError, extractor: Extractor) -> None:
        nonlocal done
        async with places:
            try:
                await running.read(source, extractor)
            finally:
                done += 1
                progress(done, len(sources), source.path.name if isinstance(source, DocumentError) else source.name)

    with reader:
        async with choice.open(store.journal(run_id, choice.name, fresh=terms.fresh)) as extractor:
            await asyncio.gather(*(one(source, extractor) for source in sources))
    running.name_copies()
    status = RunStatus.STOPPED if running.report.stopped else None
    store.finish_run(run_id, failures=running.report.failures, status=status)
    running.report.gone = store.gone(paths)
    running.report.others = other_files(paths)
    running.report.twins = store.twins(run_id)
    return running.report


class _Running:
    """A run under way: what it has seen and stored so far."""

    def __init__(
        self,
        store: Store,
        reader: DocumentReader,
        target: int,
        report: RunReport,
        unchanged: Mapping[str, Set[str]],
    ) -> None:
        self.report = report
        self._store = store
        self._reader = reader
        self._target = target
        self._reading = asyncio.Lock()
        self._kept = store.stored_in(report.run_id)
        self._unchanged = unchanged
        self._seen: dict[str, Path] = {}
        self._stored: set[str] = set()
        self._copies: list[tuple[Path, str]] = []

    async def read(self, source: Path | DocumentError, extractor: Extractor) -> None:
        """Reads a file into the store, or notes why not."""
        if self.report.stopped:
            self.report.unread += 1
            return
        try:
            if isinstance(source, DocumentError):
                raise source
            await self._read(source, extractor)
        except DocumentError as error:
            self.report.failures[str(error.path)] = f"{error.reason}; {error.remedy}"
        except Exception as error:
            log.debug("document failed", exc_info=error)
            self.report.failures[str(source)] = f"{type(error).__name__}: {error}; please report this as a bug"

    async def _read(self, source: Path, extractor: Extractor) -> None:
        file = self._reader.load(source)
        document_id = file.document_id
        if document_id in self._seen:
            self._copies.append((source, document_id))
            return
        self._seen[document_id] = source
        kept = self._kept.get(document_id)
        if not kept and document_id in self._unchanged:
            self._leave(document_id, source)
            return
        async with self._reading:
            document = await asyncio.to_thread(self._reader.parse, file)
        if kept and kept.path == source.resolve():
            self.report.kept += 1
            self._done(document, source, Chunks(kept.chunks, kept.failed, kept.reason))
            return
        reading = await read(document, extractor, self._target)
        self.report.stopped = self.report.stopped or reading.extraction.stopped
        if self._is_worse(reading):
            self.report.unread += reading.extraction.stopped is not None
            self.report.failures[str(source)] = f"{Chunks.of(reading)}; its stored reading, with fewer of them, is kept"
            return
        self._store.put(self.report.run_id, reading)
        self._done(document, source, Chunks.of(reading))

    def _leave(self, document_id: str, source: Path) -> None:
        """Leaves a document as it is stored; a new name of it is recorded."""
        self._stored.add(document_id)
        self.report.unchanged.append(source)
        if str(source.resolve()) not in self._unchanged[document_id]:
            self._store.add_alias(document_id, source)

    def _is_worse(self, reading: Reading) -> bool:
        """Whether the database holds a reading of the document by this extractor with fewer failed chunks."""
        stored = self._store.failed_chunks(reading.document.document_id, reading.extractor)
        return stored is not None and stored < Chunks.of(reading).failed

    def _done(self, document: Document, source: Path, chunks: Chunks) -> None:
        self._stored.add(document.document_id)
        self.report.documents += 1
        self.report.remarks += [(source, remark) for remark in document.remarks]
        if chunks.failed:
            self.report.failures[str(source)] = str(chunks)

    def name_copies(self) -> None:
        """Records the files that hold what another one holds."""
        for path, document_id in self._copies:
            first = str(self._seen[document_id])
            if document_id in self._stored:
                self._store.add_alias(document_id, path)
                self.report.duplicates.append((path, first))
            else:
                self.report.failures[str(path)] = f"same content as {first}, which failed"


@dataclass(frozen=True, slots=True)
class Chunks:
    """How many chunks a reading has, how many of them failed, and why the first did."""

    all: int
    failed: int
    reason: str | None

    @classmethod
    def of(cls, reading: Reading) -> Chunks:
        """The chunks of a reading."""
        failed = [o for o in reading.extraction.outcomes if o.status is OutcomeStatus.FAILED]
        return cls(len(reading.chunks), len(failed), failed[0].reason if failed else None)

    def __str__(self) -> str:
        return f"{self.failed} of {self.all} chunks failed: {self.reason}"


def _ocr(limits: Limits) -> str | None:
    """What reads pictures, and how sure it must be; what was not read without it is read again with it."""
    engine = engine_name()
    return f"{engine}, {limits.sure:g}" if engine else None


@cache
def _version() -> str:
    """The version of jixiao and a fingerprint of what it reads with (code, vocabulary, prompts), so that another one
    starts a run of its own and reads again what an older one read."""
    fingerprint = hashlib.sha256()
    for package in ("pipeline", "prompts", "schemas"):
        folder = Path(str(files(package)))
        for path in sorted(p for p in folder.rglob("*") if p.suffix in _READ_WITH):
            fingerprint.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{version('jixiao')}+{fingerprint.hexdigest()[:12]}"
