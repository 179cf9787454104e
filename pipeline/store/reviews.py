"""The store's reviews: decisions of people, appended one by one, each on the state that its reviewer saw."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from pipeline.flow import Decision, Document, Extraction
from pipeline.store.derived import settle_one
from pipeline.store.errors import StoreError
from pipeline.store.reading import Reading
from pipeline.store.records import REVIEWER
from pipeline.store.rows import Row, rows_of
from pipeline.store.runs import now
from pipeline.store.session import Session
from schemas.values import Span


class ReviewVerdict(StrEnum):
    """What a person decides about a record, or takes back."""

    ACCEPT = "accept"
    CORRECT = "correct"
    REJECT = "reject"
    UNDO = "undo"


class SubjectKind(StrEnum):
    """What is decided about: a record that was read, or what a quarantined one claims."""

    RECORD = "record"
    CLAIM = "claim"


class DecidedMeanwhileError(StoreError):
    """Somebody else decided about a record after the page that a decision was made on was shown."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a decision is about; ``before`` is the record as it was read, as JSON, ``quote`` its place where known."""

    kind: SubjectKind
    subject_id: str
    record_type: str
    document: Document
    before: str
    quote: Span | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision to be stored: by whom, why, and the record that it leaves, as JSON, grounded where it is a new one."""

    verdict: ReviewVerdict
    reviewer: str
    reason: str | None = None
    after: str | None = None
    result: Decision | None = None


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A decision as it is stored; ``state`` says what has become of it (in force, undone, superseded, without record)."""

    review_id: str
    document_id: str
    document: str
    subject: str
    subject_id: str
    record_type: str
    position: int
    decision: str
    before: str
    after: str | None
    result_id: str | None
    reason: str | None
    undoes: str | None
    reviewer: str
    reviewed_at: datetime
    state: str


_COLUMNS = (
    "review_id, document_id, document, subject, subject_id, record_type, position, decision, before, after, result_id, "
    "reason, undoes, reviewer, reviewed_at, state"
)


class Reviews:
    """The decisions of a database. One process writes; what it was shown before is checked when it decides."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def history(self, subject_id: str) -> list[StoredReview]:
        """The decisions about a record or claim in their order; ``state`` is not asked for, and empty."""
        columns = _COLUMNS.replace("state", "''")
        sql = f"SELECT {columns} FROM reviews WHERE subject_id = ? ORDER BY position"  # noqa: S608
        return [StoredReview(*row) for row in self._session.execute(sql, [subject_id])]

    def in_force(self) -> dict[str, StoredReview]:
        """The decisions that no later one undoes or supersedes, by what they are about."""
        return {r.subject_id: r for r in self._read("WHERE state IN ('in force', 'without record')", [])}

    def current(self, subject_id: str) -> StoredReview | None:
        """The decision in force about a record or claim that is read now."""
        history = self.history(subject_id)
        undone = {r.undoes for r in history}
        made = [r for r in history if r.decision != ReviewVerdict.UNDO and r.review_id not in undone]
        return replace(made[-1], state="in force") if made else None

    def version(self, subject_id: str) -> int:
        """How many decisions there are about a record or claim."""
        ((count,),) = self._session.execute("SELECT count(*) FROM reviews WHERE subject_id = ?", [subject_id])
        return int(count)

    def decide(self, subject: Subject, ruling: Ruling, *, seen: int) -> str:
        """Append a decision in one transaction; its id. ``seen`` is the version that its reviewer was shown.

        Raises:
            DecidedMeanwhileError: there is a later decision than the reviewer saw.
            StoreError: the file cannot be written.
        """
        review_id = f"v{now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        with self._session.transaction(f"store the decision about {subject.subject_id}"):
            self._must_be_latest(subject.subject_id, seen)
            result_id = self._put_result(review_id, subject.document, ruling.result) if ruling.result else None
            self._append(review_id, subject, ruling, seen + 1, result_id=result_id)
            self._settle(subject)
        return review_id

    def undo(self, subject: Subject, reviewer: str, *, seen: int) -> str:
        """Append a row that takes back the decision in force about a record or claim; its id.

        Raises:
            DecidedMeanwhileError: there is a later decision than the reviewer saw.
            StoreError: there is nothing to take back, or the file cannot be written.
        """
        review_id = f"v{now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        with self._session.transaction(f"undo the decision about {subject.subject_id}"):
            self._must_be_latest(subject.subject_id, seen)
            found = self.current(subject.subject_id)
            if found is None:
                raise StoreError("There is no decision about this record to take back.")
            self._append(review_id, subject, Ruling(ReviewVerdict.UNDO, reviewer), seen + 1, undoes=found.review_id)
            self._settle(subject)
        return review_id

    def _settle(self, subject: Subject) -> None:
        """Make the decisions about what was decided about, and what follows from them, stand in the tables."""
        document = subject.document
        settle_one(self._session.execute, self._reading(document), document.document_id, subject.subject_id)

    def _reading(self, document: Document) -> int:
        found = self._session.execute("SELECT reading FROM documents WHERE document_id = ?", [document.document_id])
        if not found:
            raise StoreError(f"{self._session.path} holds no document {document.document_id}.")
        return int(found[0][0])

    def _must_be_latest(self, subject_id: str, seen: int) -> None:
        if self.version(subject_id) != seen:
            history = self.history(subject_id)
            last = history[-1] if history else None
            what = (
                f"{last.reviewer} decided about it meanwhile ({last.decision})" if last else "the page is out of date"
            )
            raise DecidedMeanwhileError(f"{what}: nothing was changed; look at the record again and decide anew.")

    def _append(
        self,
        review_id: str,
        subject: Subject,
        ruling: Ruling,
        position: int,
        *,
        result_id: str | None = None,
        undoes: str | None = None,
    ) -> None:
        row = {
            "review_id": review_id,
            "document_id": subject.document.document_id,
            "document": subject.document.name,
            "subject": subject.kind,
            "subject_id": subject.subject_id,
            "record_type": subject.record_type,
            "position": position,
            "decision": ruling.verdict,
            "quote_start": subject.quote and subject.quote.start,
            "quote_stop": subject.quote and subject.quote.stop,
            "before": subject.before,
            "after": ruling.after,
            "result_id": result_id,
            "reason": ruling.reason,
            "undoes": undoes,
            "reviewer": ruling.reviewer,
            "reviewed_at": now().isoformat(sep=" "),
        }
        self._session.add("reviews", [row])

    def _put_result(self, review_id: str, document: Document, result: Decision) -> str:
        """Store the record that a decision leaves, once; its id."""
        record_id, table = result.grounded.record_id, result.grounded.draft.record_type
        sql = f"SELECT count(*) FROM {table} WHERE record_id = ? AND extractor = ?"  # noqa: S608
        ((known,),) = self._session.execute(sql, [record_id, REVIEWER])
        if not known:
            reading = Reading(document, (), Extraction(REVIEWER, (), (), ()), (result,))
            rows = rows_of(review_id, reading)
            if table not in rows:
                raise StoreError(f"The record cannot be stored: {reading.document.name} gives a date of no calendar.")
            self._put_rows(table, rows, self._reading(document), result.grounded.draft.report_id)
        return record_id

    def _put_rows(self, table: str, rows: Mapping[str, Sequence[Row]], reading: int, report_id: str) -> None:
        """Store the rows of a record and its figures, which do not stand yet, with what its report says."""
        found = self._session.execute(
            "SELECT department, year FROM derived.report_heads WHERE reading = ? AND report_id = ?",
            [reading, report_id],
        )
        department, year = found[0] if found else (None, None)
        unsettled = {"reading": reading, "stands": False}
        said = {"report_department": department, "report_year": year}
        figures = rows.get("literals", ())
        years = [{"year": year} if row["own_year"] is None else {} for row in figures]
        self._session.add(table, [{**row, **unsettled, **said} for row in rows[table]])
        self._session.add("literals", [{**row, **unsettled, **own} for row, own in zip(figures, years, strict=True)])

    def _read(self, condition: str, parameters: Sequence[Any]) -> list[StoredReview]:
        rows = self._session.execute(f"SELECT {_COLUMNS} FROM v_reviews {condition}", parameters)  # noqa: S608
        return [StoredReview(*row) for row in rows]
