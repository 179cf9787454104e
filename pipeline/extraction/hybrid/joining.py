"""Extraction (hybrid): one reading of two: what is added to the offline one, and what of the model is kept out and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.extraction.hybrid.pairing import Pair, figures, is_words, pair
from pipeline.flow import Agreement, AgreementKind, Draft, Grounded, Rejection
from schemas.values import Span

ENOUGH = 5
"""Figures that both readings must have read before their agreement says anything."""
TRUST = 0.8
"""Share of the offline reading's figures that the model must read alike to be believed beyond them."""
UNSUPPORTED = "unsupported"
"""Code of rejections of a model's records where it disagrees too often with what is known."""
CLAIMED = "claimed"
"""Code of rejections of a model's records that only claim what the offline reading claims otherwise."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The drafts of both readings; ``filled`` are those that the model completed, with what they were before."""

    drafts: tuple[Draft, ...]
    filled: dict[int, Draft]
    rejections: tuple[Rejection, ...]
    pairs: tuple[Pair, ...]
    trust: Trust


@dataclass(frozen=True, slots=True)
class Trust:
    """How many of the figures that the offline reading has in the text that was asked about the model read alike."""

    agreed: int
    of: int

    @property
    def believed(self) -> bool:
        """Whether the model is believed where the offline reading is silent."""
        return self.of < ENOUGH or self.agreed >= TRUST * self.of

    def __str__(self) -> str:
        return f"{self.agreed} of {self.of}"


def join(
    drafts: Sequence[Draft], offline: Sequence[Grounded], asked: Sequence[Grounded], model: Sequence[Grounded]
) -> Joined:
    """Joins two readings of a document.

    Args:
        drafts: the offline reading's drafts, reports merged.
        offline: those of them that are grounded.
        asked: those that stand where the model was asked for their type.
        model: the model's grounded records.
    """
    pairs = pair(offline, model)
    by_offline = {p.offline.record_id: p for p in pairs}
    trust = _trust(asked, by_offline)
    claimed = _Claimed(offline)
    paired = {p.model.record_id for p in pairs}
    added: list[Draft] = []
    rejections: list[Rejection] = []
    for one in model:
        if one.record_id in paired:
            continue
        if not trust.believed:
            reason = f"the model reads only {trust} known figures of this document as they are printed"
            rejections.append(_rejection(one, UNSUPPORTED, reason))
        elif claimed.covers(one):
            rejections.append(_rejection(one, CLAIMED, "the offline reading claims its figures or its words otherwise"))
        else:
            added.append(one.draft)
    filled = _filled(drafts, pairs, claimed) if trust.believed else {}
    kept = tuple(filled.get(id(d), d) for d in drafts)
    before = {id(new): old for old in drafts if (new := filled.get(id(old))) is not None}
    return Joined((*kept, *added), before, tuple(rejections), pairs, trust)


def _trust(asked: Iterable[Grounded], pairs: dict[str, Pair]) -> Trust:
    agreed = of = 0
    for ours in asked:
        wanted = figures(ours)
        of += len(wanted)
        if found := pairs.get(ours.record_id):
            kinds = found.fields()
            agreed += sum(kinds.get(name) is AgreementKind.AGREED for name in wanted)
    return Trust(agreed, of)


class _Claimed:
    """What the offline reading claims."""

    def __init__(self, offline: Sequence[Grounded]) -> None:
        self._figures = {x.span for g in offline for x in g.literals}
        self._quotes = [(g.draft.record_type, g.quote_span) for g in offline]

    def figure(self, span: Span) -> bool:
        """Whether a figure is a record's."""
        return span in self._figures

    def covers(self, one: Grounded) -> bool:
        """Whether a record claims nothing new: each figure is another's, or its words are where it has none."""
        if one.literals:
            return all(x.span in self._figures for x in one.literals)
        return any(
            kind == one.draft.record_type and span.start < one.quote_span.stop and one.quote_span.start < span.stop
            for kind, span in self._quotes
        )


def _filled(drafts: Sequence[Draft], pairs: Sequence[Pair], claimed: _Claimed) -> dict[int, Draft]:
    """Drafts whose empty fields the model fills, with words, or with figures that no record claims."""
    known = {id(d) for d in drafts}
    found: dict[int, Draft] = {}
    for both in pairs:
        draft = both.offline.draft
        update: dict[str, Any] = {}
        places = dict(draft.places)
        for name, kind in both.fields().items():
            if kind is not AgreementKind.MODEL_ONLY:
                continue
            literal = both.model.literal(name)
            if literal is None and is_words(draft.record_type, name):
                update[name] = getattr(both.model.record, name)
            elif literal is not None and not claimed.figure(literal.span):
                update[name] = getattr(both.model.record, name)
                places[name] = literal.span
        if update and id(draft) in known:
            record = draft.record.model_copy(update=update)
            found[id(draft)] = replace(draft, record=record, places=places, raw=both.model.draft.raw)
    return found


def _rejection(one: Grounded, code: str, reason: str) -> Rejection:
    draft = one.draft
    return Rejection(
        draft.record_type, draft.report_id, draft.chunk_id, code, reason, draft.record.model_dump_json(), draft.raw
    )


def agreements(joined: Joined, final: Sequence[Grounded]) -> tuple[Agreement, ...]:
    """How the readings stand to each other, for each field of each record that both have."""
    ids = {id(g.draft): g.record_id for g in final}
    old = {id(before): ids.get(new) for new, before in joined.filled.items()}
    found = []
    for both in joined.pairs:
        record_id = ids.get(id(both.offline.draft)) or old.get(id(both.offline.draft))
        if record_id:
            found += [
                Agreement(record_id, both.offline.draft.record_type, name, kind, _told(both.model, name))
                for name, kind in both.fields().items()
            ]
    return tuple(found)


def _told(one: Grounded, name: str) -> str | None:
    value = getattr(one.record, name)
    if value is None:
        return None
    text = getattr(value, "text", None) or getattr(value, "value", None)
    return " > ".join(value) if isinstance(value, tuple | list) else str(text or value)
