"""The job: a folder of reports in, a checked database out. It reads like the picture in docs/how-it-works.md."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.acceptance import accept
from pipeline.account import Account, RunReport, failure_of
from pipeline.checking import check
from pipeline.chunking import TARGET, chunk
from pipeline.collection import no_collection, seldom_collection
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
from pipeline.documents.read import FileBytes
from pipeline.doubt import without_doubtful, without_doubtful_findings
from pipeline.evidence import evidence_for
from pipeline.extraction.choice import Choice, Extractor
from pipeline.flow import Chunk, Document, Extraction, Layout
from pipeline.grounding import ground_all
from pipeline.lake import FILES_OF_A_PART, LakeStore
from pipeline.layout import lay_out
from pipeline.merging import merge_reports
from pipeline.store import Reading, RunPlan, RunStatus, Store, pack
from pipeline.work import AskingEngine, Engine, Outcome

if TYPE_CHECKING:
    from pipeline.extraction.llm import Question

log = logging.getLogger("jixiao")

Source = Path | DocumentError
"""A file to read, or why a path that was asked for is none."""

BATCH = 256
BATCH_CHARACTERS = 32_000_000
BATCH_SECONDS = 5.0
"""Readings of an engine are stored when there are so many, so long ones, or so old ones."""
LAKE_SECONDS = 60.0
"""The same of a lake, of which each time makes a part: nothing is lost with what waits, as a model's replies are kept."""

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


async def read_asking(run_id: str, document: Document, extractor: Extractor, target: int) -> Outcome:
    """What came of a document that an extractor read which may ask a model."""
    reading = await read(document, extractor, target)
    return Outcome(pack(run_id, reading), None, document.remarks, reading.extraction.stopped)


Progress = Callable[[int, int, str], None]
"""Told after each file: how many are done, of how many, and the file's name."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a run may do: how large files may be, whether it uses the replies of earlier runs, what engine reads where the
    extractor asks no model, what cluster reads where it asks one, and whether a model is asked in batches first."""

    limits: Limits = DEFAULT_LIMITS
    fresh: bool = False
    engine: Engine | None = None
    cluster: AskingEngine | None = None
    batch: bool = False


async def run(
    paths: Iterable[Path],
    store: Store | LakeStore,
    choice: Choice,
    terms: Terms = Terms(),
    progress: Progress = lambda *_: None,
    tell: Callable[[str], None] = lambda _: None,
) -> RunReport:
    """Reads every file of the paths into the store, each wholly or not at all; a file that fails is named, the others go on.

    A run that was killed goes on where it stood when it is asked the same again: what it stored is kept, and no reply
    is paid for twice. Into a lake an offline engine writes by itself.
    """
    paths = list(paths)
    sources = find_files(paths)
    own = {"fresh": terms.fresh, "jixiao": _version(), "ocr": _ocr(terms.limits)}
    plan = RunPlan(choice.name, choice.model, paths, {**choice.settings, **own})
    run_id = store.go_on(plan) or store.start_run(plan)
    unchanged = {} if terms.fresh else store.unchanged(plan)
    account = Account(store, RunReport(run_id), unchanged, terms.limits)
    told = _told(progress, len(sources))
    if terms.engine is None:
        with DocumentReader(terms.limits) as reader:
            async with choice.open(store.journal(run_id, choice.name, fresh=terms.fresh)) as extractor:
                asking = _Asking(reader, extractor, choice)
                if terms.batch:
                    await extractor.ask_in_batches(asking.questions(account.open(sources)), store.batches(run_id), tell)
                if terms.cluster is None:
                    await _read_asking(sources, account, asking, _Batch(store, 1), told)
                else:
                    cluster = terms.cluster
                    await _read_by(
                        lambda files: cluster.read(run_id, files, extractor, choice.in_flight),
                        sources,
                        account,
                        _Batch(store, BATCH),
                        told,
                    )
    else:
        engine, expected = terms.engine, account.expected(len(sources))
        await _read_by(lambda files: engine.read(run_id, files, expected), sources, account, _Batch(store, BATCH), told)
    account.name_copies()
    report = account.report
    order = {_path(source): number for number, source in enumerate(sources)}
    report.failures = dict(sorted(report.failures.items(), key=lambda failure: order.get(failure[0], len(order))))
    status = RunStatus.STOPPED if report.stopped else None
    store.finish_run(run_id, failures=report.failures, status=status)
    report.gone = store.gone(paths)
    report.others = other_files(paths)
    report.twins = store.twins(run_id)
    report.damage = store.discrepancies(run_id)
    return report


class _Asking:
    """Reads documents with an extractor, several at once where it asks a model."""

    def __init__(self, reader: DocumentReader, extractor: Extractor, choice: Choice) -> None:
        self.places = asyncio.Semaphore(choice.in_flight)
        self._reader = reader
        self._extractor = extractor
        self._target = choice.target
        self._parsing = asyncio.Lock()

    def questions(self, files: Iterable[FileBytes]) -> Iterator[Question]:
        """What the extractor asks first about files; one that cannot be read is named when it is read."""
        for file in files:
            try:
                prepared = prepare(self._reader.parse(file), self._target)
            except DocumentError:
                continue
            yield from self._extractor.questions(prepared.document, prepared.layout, prepared.chunks)

    async def read(self, run_id: str, file: FileBytes) -> Outcome:
        """What came of a file."""
        try:
            async with self._parsing:
                document = await asyncio.to_thread(self._reader.parse, file)
            return await read_asking(run_id, document, self._extractor, self._target)
        except Exception as error:
            log.debug("document failed", exc_info=error)
            return Outcome(failure=failure_of(error))


async def _read_asking(
    sources: Sequence[Source], account: Account, asking: _Asking, batch: _Batch, told: Callable[[Source], None]
) -> None:
    async def one(source: Source) -> None:
        async with asking.places:
            if (file := account.take(source)) is not None:
                outcome = await asking.read(account.report.run_id, file)
                account.note(outcome)
                batch.add(file.path, outcome)
                if batch.is_full:
                    account.keep(batch.take())
            told(source)

    with seldom_collection():
        await asyncio.gather(*(one(source) for source in sources))
    account.keep(batch.take())


async def _read_by(
    read: Callable[[Iterator[FileBytes]], AsyncGenerator[Outcome]],
    sources: Sequence[Source],
    account: Account,
    batch: _Batch,
    told: Callable[[Source], None],
) -> None:
    in_hand: deque[Path] = deque()

    def to_read() -> Iterator[FileBytes]:
        for source in sources:
            if (file := account.take(source)) is None:
                told(source)
            else:
                in_hand.append(file.path)
                yield file

    async with aclosing(read(to_read())) as outcomes:
        async for outcome in outcomes:
            source = in_hand.popleft()
            account.note(outcome)
            batch.add(source, outcome)
            if batch.is_full:
                account.keep(batch.take())
            told(source)
    account.keep(batch.take())


class _Batch:
    """Outcomes that are stored in one transaction: so many, so large, or so long after the first of them; a lake has its own
    measure of that."""

    def __init__(self, store: Store | LakeStore, most: int) -> None:
        in_lake = isinstance(store, LakeStore)
        self._most, self._seconds = (FILES_OF_A_PART, LAKE_SECONDS) if in_lake else (most, BATCH_SECONDS)
        self._outcomes: list[tuple[Path, Outcome]] = []
        self._size = 0
        self._since = 0.0

    def add(self, source: Path, outcome: Outcome) -> None:
        """Adds what came of a file."""
        if not self._outcomes:
            self._since = time.monotonic()
        self._outcomes.append((source, outcome))
        self._size += outcome.parcel.size if outcome.parcel else 0

    @property
    def is_full(self) -> bool:
        """Whether it is time to store them."""
        waited = time.monotonic() - self._since
        return len(self._outcomes) >= self._most or self._size >= BATCH_CHARACTERS or waited >= self._seconds

    def take(self) -> list[tuple[Path, Outcome]]:
        """The outcomes, which it then holds no more."""
        taken, self._outcomes, self._size = self._outcomes, [], 0
        return taken


def _told(progress: Progress, total: int) -> Callable[[Source], None]:
    done = count(1)
    return lambda source: progress(next(done), total, Path(_path(source)).name)


def _path(source: Source) -> str:
    return str(source.path if isinstance(source, DocumentError) else source)


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
