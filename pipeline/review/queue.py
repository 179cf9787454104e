"""Review: the queue of what there is to decide about, in the order of the documents' texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from pipeline.store import Store, StoredReview, SubjectKind


class Shown(StrEnum):
    """Which items a list shows."""

    OPEN = "open"
    DECIDED = "decided"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Item:
    """A flagged record or the claim of quarantined ones; ``why`` is the first sentence of what speaks against it, ``label``
    what the record is called, None for a claim, ``place`` where in the text it stands or was read."""

    subject: SubjectKind
    subject_id: str
    record_type: str
    document: str
    document_id: str
    label: str | None
    place: int | None
    why: str
    why_en: str


class Queue:
    """The items of a database, loaded once: what is read does not change while the database is open for review."""

    def __init__(self, store: Store) -> None:
        rows = store.query(files("pipeline.review").joinpath("queue.sql").read_text(encoding="utf-8")).rows
        self.items = tuple(Item(SubjectKind(subject), *rest) for subject, *rest in rows)
        self._positions = {item.subject_id: i for i, item in enumerate(self.items)}

    def __len__(self) -> int:
        return len(self.items)

    def get(self, subject_id: str) -> Item | None:
        """An item by its id."""
        at = self._positions.get(subject_id)
        return None if at is None else self.items[at]

    def listed(self, shown: Shown, decided: dict[str, StoredReview]) -> list[Item]:
        """The items that a list shows."""
        match shown:
            case Shown.OPEN:
                return [i for i in self.items if i.subject_id not in decided]
            case Shown.DECIDED:
                return [i for i in self.items if i.subject_id in decided]
        return list(self.items)

    def beside(self, subject_id: str, fits: Callable[[Item], bool]) -> tuple[Item | None, Item | None]:
        """The nearest items before and after one that fit."""
        at = self._positions[subject_id]
        before = next((self.items[i] for i in range(at - 1, -1, -1) if fits(self.items[i])), None)
        after = next((self.items[i] for i in range(at + 1, len(self.items)) if fits(self.items[i])), None)
        return before, after


def window(items: Sequence[Item], current: str, most: int) -> list[Item]:
    """At most so many items around the current one."""
    at = next((i for i, item in enumerate(items) if item.subject_id == current), 0)
    first = max(0, min(at - most // 2, len(items) - most))
    return list(items[first : first + most])
