"""Review: the desk that items are decided on: what a reviewer sees, and what becomes of a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.flow import Decision, Document, Grounded, Status
from pipeline.review.grounding import Grounder, NotGroundedError, validated
from pipeline.review.passage import Passage
from pipeline.review.queue import Item, Queue
from pipeline.review.subjects import Reading, read_item
from pipeline.store import (
    ReviewVerdict,
    Ruling,
    Store,
    StoredReview,
    StoreError,
    Subject,
    SubjectKind,
    as_json,
)

LONGEST_REASON = 1000
LONGEST_NAME = 60
KEPT = 8
"""Documents and items that are kept in memory: what was read does not change while the database is open for review."""


class Refused(Exception):  # noqa: N818 - it is an answer to a person, not a defect
    """A decision that was not taken; the message is the sentence for the reviewer."""


@dataclass(frozen=True, slots=True)
class Look:
    """An item as a reviewer sees it: what was read, its passage, and what was decided so far. ``version`` counts the
    decisions that the reviewer has seen."""

    reading: Reading
    passage: Passage
    decided: StoredReview | None
    history: tuple[StoredReview, ...]

    @property
    def version(self) -> int:
        """How many decisions there are."""
        return len(self.history)


class Desk:
    """The review of one database, which must be open for writing; for one thread at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._reviews = store.reviews()
        self.queue = Queue(store)
        self.decided: dict[str, StoredReview] = self._reviews.in_force()
        self._document = lru_cache(KEPT)(store.document)
        self._read = lru_cache(KEPT)(self._read_item)
        self._grounder = Grounder(self._document)

    @property
    def without_record(self) -> list[StoredReview]:
        """The decisions whose record is no longer read; they change nothing and are kept."""
        return [r for r in self.decided.values() if r.state == "without record"]

    def open_count(self) -> int:
        """How many items nobody decided about."""
        return sum(item.subject_id not in self.decided for item in self.queue.items)

    def item(self, subject_id: str) -> Item:
        """An item by its id.

        Raises:
            Refused: there is none.
        """
        found = self.queue.get(subject_id)
        if found is None:
            raise Refused("There is no such record in the queue of this database.")
        return found

    def look(self, item: Item, around: int) -> Look:
        """An item with its passage and its decisions."""
        document = self._document(item.document_id)
        reading = self._read(item)
        history = tuple(self._reviews.history(item.subject_id))
        return Look(reading, reading.passage(document.text, around), self.decided.get(item.subject_id), history)

    def last_of(self, reviewer: str) -> StoredReview | None:
        """The last decision of a reviewer that is in force and can be taken back here."""
        own = (r for r in self.decided.values() if r.reviewer == reviewer and self.queue.get(r.subject_id))
        return max(own, key=lambda r: (r.reviewed_at, r.review_id), default=None)

    def version(self, subject_id: str) -> int:
        """How many decisions there are about a record."""
        return self._reviews.version(subject_id)

    def accept(self, item: Item, reviewer: str, reason: str, seen: int) -> None:
        """Accept a record: it is read well. A claim must stand in the text as it is claimed.

        Raises:
            Refused: it does not stand in the text, or somebody decided about it meanwhile.
        """
        reading = self._read(item)
        ruling = Ruling(ReviewVerdict.ACCEPT, _name(reviewer), _reason(reason) or None, reading.before)
        if item.subject is SubjectKind.CLAIM:
            grounded = self._ground(reading, reading.payload)
            result = Decision(grounded, Status.ACCEPTED)
            ruling = Ruling(ruling.verdict, ruling.reviewer, ruling.reason, as_json(grounded.record), result)
        self._decide(reading, ruling, seen)

    def reject(self, item: Item, reviewer: str, reason: str, seen: int) -> None:
        """Reject a record: the report states no such thing.

        Raises:
            Refused: no reason is given, or somebody decided about it meanwhile.
        """
        said = _reason(reason)
        if not said:
            raise Refused("A rejection needs a reason: say in a few words why this is no record of the report.")
        self._decide(self._read(item), Ruling(ReviewVerdict.REJECT, _name(reviewer), said), seen)

    def correct(self, item: Item, reviewer: str, reason: str, seen: int, payload: Mapping[str, Any]) -> None:
        """Correct a misreading: what the reviewer reads must stand in the text.

        Raises:
            Refused: no reason is given, nothing is changed, it does not stand in the text, or somebody decided about the
                record meanwhile.
        """
        said = _reason(reason)
        if not said:
            raise Refused("A correction needs a reason: say in a few words what was misread.")
        reading = self._read(item)
        if _json(item.record_type, payload) == _json(item.record_type, reading.payload):
            raise Refused("Nothing is changed: accept the record, or change what was misread.")
        grounded = self._ground(reading, payload)
        result = Decision(grounded, _status(reading, grounded))
        ruling = Ruling(ReviewVerdict.CORRECT, _name(reviewer), said, as_json(grounded.record), result)
        self._decide(reading, ruling, seen)

    def undo(self, item: Item, reviewer: str, seen: int) -> None:
        """Take the decision in force back; the record is as undecided, or as decided, as before it.

        Raises:
            Refused: there is none, or somebody decided about the record meanwhile.
        """
        try:
            self._reviews.undo(self._subject(self._read(item)), _name(reviewer), seen=seen)
        except StoreError as error:
            raise Refused(str(error)) from error
        finally:
            self._refresh(item.subject_id)

    def _read_item(self, item: Item) -> Reading:
        return read_item(self._store, item, self._document(item.document_id))

    def _subject(self, reading: Reading) -> Subject:
        item = reading.item
        document: Document = self._document(item.document_id)
        return Subject(item.subject, item.subject_id, item.record_type, document, reading.before, reading.origin.quote)

    def _ground(self, reading: Reading, payload: Mapping[str, Any]) -> Grounded:
        item = reading.item
        kept = {
            field: span
            for field, span in reading.places.items()
            if payload.get(field) == reading.payload.get(field) and payload.get("quote") == reading.payload.get("quote")
        }
        try:
            return self._grounder.ground(item.document_id, item.record_type, payload, reading.origin, kept)
        except NotGroundedError as error:
            raise Refused(f"It does not stand in the text as entered: {error}.") from error

    def _decide(self, reading: Reading, ruling: Ruling, seen: int) -> None:
        try:
            self._reviews.decide(self._subject(reading), ruling, seen=seen)
        except StoreError as error:
            raise Refused(str(error)) from error
        finally:
            self._refresh(reading.item.subject_id)

    def _refresh(self, subject_id: str) -> None:
        current = self._reviews.current(subject_id)
        if current is None:
            self.decided.pop(subject_id, None)
        else:
            self.decided[subject_id] = current


def _status(reading: Reading, grounded: Grounded) -> Status:
    """Flagged where all figures that a finding doubts stay as they were read: it is the report's own mistake."""
    kept = {(x.field, x.span) for x in grounded.literals}
    misread = {a.finding_id for a in reading.accused if (a.field, a.span) not in kept}
    stands = any(a.finding_id not in misread for a in reading.accused)
    return Status.FLAGGED if stands else Status.ACCEPTED


def _json(record_type: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record; as they are where they make none."""
    try:
        return validated(record_type, payload).model_dump(mode="json")
    except NotGroundedError:
        return dict(payload)


def _name(reviewer: str) -> str:
    name = " ".join(reviewer.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused(f"Say who decides: a name of at most {LONGEST_NAME} characters.")
    return name


def _reason(reason: str) -> str:
    said = reason.replace("\r\n", "\n").strip()
    if len(said) > LONGEST_REASON:
        raise Refused(f"The reason has {len(said)} characters: {LONGEST_REASON} are the most.")
    return said
