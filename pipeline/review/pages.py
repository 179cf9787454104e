"""Review: the pages, rendered from templates in which everything that a report or a person wrote is text."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.review.assets import load_assets
from pipeline.review.desk import Desk, Look
from pipeline.review.forms import ShownField, shown_fields
from pipeline.review.queue import Item, Shown, window
from pipeline.review.subjects import doubted_fields
from pipeline.store import StoredReview
from schemas.registry import RECORD_TYPES

LISTED = 40
"""Items of the queue that are listed at once."""

AROUND = 1200
"""Characters of text before and after a quote."""

MOST_AROUND = 40_000

HTMX_CONFIG = (
    '{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true,'
    '"historyCacheSize":0,"refreshOnHistoryMiss":true,"scrollIntoViewOnBoost":false,"defaultSettleDelay":0,'
    '"responseHandling":[{"code":".*","swap":true}]}'
)


class Language(StrEnum):
    """The language of the page's own words; what the reports print stays as it is."""

    CHINESE = "zh"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Visit:
    """What a page depends on beside the item: who asks, which list is shown, how much text, what was just done or refused,
    and what a refused form held."""

    reviewer: str
    csrf: str
    shown: Shown = Shown.OPEN
    around: int = AROUND
    done: str | None = None
    refused: str | None = None
    form: str | None = None
    reason: str = ""
    entered: dict[str, Any] | None = None


class Pages:
    """The pages of a desk in one language."""

    def __init__(self, desk: Desk, language: Language) -> None:
        self._desk = desk
        self._language = language
        self._words = labels(language)
        self.assets = load_assets()

    def item(self, item: Item, visit: Visit) -> str:
        """The page of one item, beside the queue."""
        desk, look = self._desk, self._desk.look(item, visit.around)
        listed = desk.queue.listed(visit.shown, desk.decided)
        inside = {i.subject_id for i in listed}
        before, after = desk.queue.beside(item.subject_id, lambda i: i.subject_id in inside)
        return self._render(
            "item.html.j2",
            visit,
            item=item,
            look=look,
            name=self.name(item, look),
            fields=shown_fields(item.record_type, look.reading.payload),
            after=_shown_after(item, look),
            inputs=shown_fields(item.record_type, visit.entered or _current(look)),
            doubted=doubted_fields(look.reading.accused),
            listed=[(i, self.name(i), desk.decided.get(i.subject_id)) for i in window(listed, item.subject_id, LISTED)],
            total=len(listed),
            position=next((n for n, i in enumerate(listed, 1) if i.subject_id == item.subject_id), None),
            before=before,
            following=after,
        )

    def nothing_left(self, visit: Visit) -> str:
        """The page of an empty list."""
        return self._render("empty.html.j2", visit, decided=len(self._desk.queue) - self._desk.open_count())

    def without_record(self, visit: Visit) -> str:
        """The page of the decisions whose record is no longer read."""
        return self._render("without_record.html.j2", visit, reviews=self._desk.without_record)

    def name(self, item: Item, look: Look | None = None) -> str:
        """What an item is called: its label, of a claim what speaks against it."""
        if item.label:
            return item.label
        if look is not None:
            label = (
                look.reading.payload.get(RECORD_TYPES[item.record_type].label_field)
                if item.record_type in RECORD_TYPES
                else None
            )
            if label:
                return " › ".join(label) if isinstance(label, list) else str(label)
        return self.sentence(item.why, item.why_en)

    def sentence(self, chinese: str, english: str) -> str:
        """A sentence in the page's language."""
        return english if self._language is Language.ENGLISH else chinese

    def _render(self, template: str, visit: Visit, **values: Any) -> str:
        desk = self._desk
        done = desk.queue.get(visit.done) if visit.done else None
        last = desk.last_of(visit.reviewer)
        shared = {
            "words": self._words,
            "language": self._language.value,
            "assets": self.assets,
            "config": HTMX_CONFIG,
            "visit": visit,
            "last": last,
            "last_seen": last and desk.version(last.subject_id),
            "done": done and (self.name(done), desk.decided.get(done.subject_id)),
            "open": desk.open_count(),
            "all": len(desk.queue),
            "lost": len(desk.without_record),
            "types": {t.name: t.term if self._language is Language.CHINESE else t.name for t in RECORD_TYPES.values()},
            "sentence": self.sentence,
            "more": min(visit.around * 8, MOST_AROUND),
        }
        return _environment().get_template(template).render(**shared, **values)


def _current(look: Look) -> dict[str, Any]:
    """The fields that the correction form begins with: those of the correction in force, else those that were read."""
    return _after(look) or dict(look.reading.payload)


def _after(look: Look) -> dict[str, Any] | None:
    """The record that a correction in force leaves."""
    decided: StoredReview | None = look.decided
    if decided is None or decided.decision != "correct" or decided.after is None:
        return None

    after: dict[str, Any] = json.loads(decided.after)
    return after


def _shown_after(item: Item, look: Look) -> list[ShownField] | None:
    after = _after(look)
    return None if after is None else shown_fields(item.record_type, after)


@cache
def labels(language: Language) -> dict[str, Any]:
    """The words of a language."""
    words: dict[str, Any] = tomllib.loads(files("pipeline.review").joinpath("labels.toml").read_text(encoding="utf-8"))[
        language
    ]
    return words


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipeline.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
