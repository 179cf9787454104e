"""The job's account of a run: what each file came to, what is stored of it, and what is not and why."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.documents import DocumentError, Limits
from pipeline.documents.read import FileBytes, load
from pipeline.lake import LakeStore
from pipeline.store import Parcel, Store, Twins
from pipeline.work import Outcome

log = logging.getLogger("jixiao")


@dataclass(slots=True)
class RunReport:
    """How a run ended: what was read, what of it could not be read, and each failure as path and reason.

    ``kept`` counts the documents that the run had stored before it was killed; ``documents`` counts them, too.
    ``stopped`` says why the run ended early, ``unread`` how many files were left then. ``seconds`` are those of processor
    time by station and ``memory`` the most bytes of a process that read, both where an engine read. ``damage`` says which
    rows are not in the database as this run wrote them; that is a bug.
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
    seconds: dict[str, float] = field(default_factory=dict)
    memory: int = 0
    damage: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every document was read whole, and stored as it was read."""
        return not self.failures and self.stopped is None and not self.damage


class Account:
    """A run under way: what it has seen and stored so far."""

    def __init__(
        self, store: Store | LakeStore, report: RunReport, unchanged: Mapping[str, Set[str]], limits: Limits
    ) -> None:
        self.report = report
        self._store = store
        self._limits = limits
        self._kept = store.stored_in(report.run_id)
        self._unchanged = unchanged
        self._seen: dict[str, Path] = {}
        self._stored: set[str] = set()
        self._copies: list[tuple[Path, str]] = []

    def expected(self, sources: int) -> int:
        """About how many of some files are to be read."""
        return max(0, sources - len(self._unchanged.keys() | self._kept.keys()))

    def open(self, sources: Iterable[Path | DocumentError]) -> Iterator[FileBytes]:
        """The files that are to be read, as far as they can be; nothing is noted."""
        for source in sources:
            try:
                file = None if isinstance(source, DocumentError) else load(source, self._limits)
            except DocumentError:
                continue
            if file is not None and file.document_id not in self._kept and file.document_id not in self._unchanged:
                yield file

    def take(self, source: Path | DocumentError) -> FileBytes | None:
        """A file that is to be read; None where it need not be, or cannot, which is noted."""
        if self.report.stopped:
            self.report.unread += 1
            return None
        try:
            if isinstance(source, DocumentError):
                raise source
            file = load(source, self._limits)
        except DocumentError as error:
            self.report.failures[str(error.path)] = failure_of(error)
            return None
        document_id = file.document_id
        if document_id in self._seen:
            self._copies.append((source, document_id))
            return None
        self._seen[document_id] = source
        return None if self._is_stored(document_id, source) else file

    def _is_stored(self, document_id: str, source: Path) -> bool:
        """Whether a document stays as it is stored, by this run or by one before it; notes it."""
        kept = self._kept.get(document_id)
        if kept and kept.path == source.resolve():
            self.report.kept += 1
            self._done(document_id, source, kept.remarks, _failed(kept.chunks, kept.failed, kept.reason))
            return True
        if not kept and document_id in self._unchanged:
            self._stored.add(document_id)
            self.report.unchanged.append(source)
            if str(source.resolve()) not in self._unchanged[document_id]:
                self._store.add_alias(document_id, source)
            return True
        return False

    def keep(self, outcomes: Sequence[tuple[Path, Outcome]]) -> None:
        """Stores what came of files, in one transaction; where the store refuses that, one by one."""
        read: list[tuple[Path, Outcome, Parcel]] = []
        for source, outcome in outcomes:
            if outcome.parcel is None:
                self.report.failures[str(source)] = outcome.failure or "gave no reading"
            elif not self._is_worse(source, outcome, outcome.parcel):
                read.append((source, outcome, outcome.parcel))
        if not read:
            return
        try:
            self._store.put_all(self.report.run_id, [parcel for _, _, parcel in read])
        except Exception as error:
            log.debug("documents failed", exc_info=error)
            if len(read) > 1:
                for source, outcome, _ in read:
                    self.keep([(source, outcome)])
            else:
                self.report.failures[str(read[0][0])] = failure_of(error)
            return
        for source, outcome, parcel in read:
            failed = _failed(parcel.chunks, parcel.failed, parcel.reason)
            self._done(parcel.document_id, source, outcome.remarks, failed)

    def note(self, outcome: Outcome) -> None:
        """Notes what the outcome of a file says of the run, whenever it is stored."""
        self.report.stopped = self.report.stopped or outcome.stopped
        self.report.memory = max(self.report.memory, outcome.memory)
        for station, seconds in outcome.seconds.items():
            self.report.seconds[station] = self.report.seconds.get(station, 0.0) + seconds

    def _is_worse(self, source: Path, outcome: Outcome, parcel: Parcel) -> bool:
        """Whether the database holds a reading of the document by this extractor with fewer failed chunks; notes it."""
        if not parcel.failed:
            return False
        stored = self._store.failed_chunks(parcel.document_id, parcel.extractor)
        if stored is None or stored >= parcel.failed:
            return False
        self.report.unread += outcome.stopped is not None
        failed = _failed(parcel.chunks, parcel.failed, parcel.reason)
        self.report.failures[str(source)] = f"{failed}; its stored reading, with fewer of them, is kept"
        return True

    def _done(self, document_id: str, source: Path, remarks: Sequence[str], failed: str | None) -> None:
        self._stored.add(document_id)
        self.report.documents += 1
        self.report.remarks += [(source, remark) for remark in remarks]
        if failed:
            self.report.failures[str(source)] = failed

    def name_copies(self) -> None:
        """Records the files that hold what another one holds."""
        others: dict[str, list[Path]] = {}
        for path, document_id in self._copies:
            first = str(self._seen[document_id])
            if document_id in self._stored:
                others.setdefault(document_id, []).append(path)
                self.report.duplicates.append((path, first))
            else:
                self.report.failures[str(path)] = f"same content as {first}, which failed"
        for document_id, paths in others.items():
            self._store.add_aliases(document_id, paths)


def failure_of(error: Exception) -> str:
    """Why a file was not read, in a sentence."""
    if isinstance(error, DocumentError):
        return f"{error.reason}; {error.remedy}"
    return f"{type(error).__name__}: {error}; please report this as a bug"


def _failed(chunks: int, failed: int, reason: str | None) -> str | None:
    return f"{failed} of {chunks} chunks failed: {reason}" if failed else None
