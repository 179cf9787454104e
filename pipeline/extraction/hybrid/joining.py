"""Extraction (hybrid): one reading of two: what is added to the offline one, and what of the model is kept out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.evidence import Evidence
from pipeline.extraction.hybrid.belief import Answers, Claimed, Share, Trust, doubts, trust_in
from pipeline.extraction.hybrid.pairing import Pair, is_words, pair
from pipeline.extraction.hybrid.wants import akin
from pipeline.flow import Agreement, AgreementKind, Draft, Grounded, Rejection
from schemas.values import Span

UNSUPPORTED = "unsupported"
"""Code of rejections of a model's records where too little shows that it reads well."""
CLAIMED = "claimed"
"""Code of rejections of a model's records that only claim what the offline reading claims otherwise."""
UNASKED = "unasked"
"""Code of rejections of a model's records that claim more than what it was asked about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model was asked about, and the types of its records that do not validate or are not grounded."""

    answers: Answers
    failed: Sequence[str]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Joined:
    """The drafts of both readings; ``filled`` are those that the model completed, with what they were before, ``added`` the
    model's own, which come last."""

    drafts: tuple[Draft, ...]
    filled: dict[int, Draft]
    added: tuple[Grounded, ...]
    rejections: tuple[Rejection, ...]
    pairs: tuple[Pair, ...]
    trust: Trust


def join(
    drafts: Sequence[Draft],
    offline: Sequence[Grounded],
    compared: Sequence[Grounded],
    told: Sequence[Grounded],
    asked: Asked,
) -> Joined:
    """Joins two readings of a document.

    Args:
        drafts: the offline reading's drafts, reports merged.
        offline: those of them that are grounded.
        compared: those that stand where the model was asked for their type.
        told: the model's grounded records.
        asked: what the model was asked about, and how it failed.
    """
    pairs = pair(offline, told)
    claimed = Claimed(offline)
    paired = {p.model.record_id for p in pairs}
    alone = [one for one in told if one.record_id not in paired]
    wrong = [*asked.failed, *(one.draft.record_type for one in alone if claimed.covers(one))]
    trust = trust_in(offline, compared, {p.offline.record_id: p for p in pairs}, wrong)
    added: list[Grounded] = []
    rejections: list[Rejection] = []
    for one in alone:
        if claimed.covers(one):
            rejections.append(_rejection(one, CLAIMED, "the offline reading claims its figures or its words otherwise"))
        elif doubt := next(doubts(one, asked.answers, claimed, asked.evidence), None):
            rejections.append(_rejection(one, UNASKED, doubt))
        elif not trust.believes(one.draft.record_type, with_figures=bool(one.literals)):
            rejections.append(_rejection(one, UNSUPPORTED, _too_little(trust, one.draft.record_type)))
        else:
            added.append(one)
    filled = _filled(drafts, pairs, claimed, asked, trust)
    kept = tuple(filled.get(id(d), d) for d in drafts)
    before = {id(new): old for old in drafts if (new := filled.get(id(old))) is not None}
    return Joined((*kept, *(g.draft for g in added)), before, tuple(added), tuple(rejections), pairs, trust)


def without_additions(joined: Joined) -> Joined:
    """The offline reading alone; what the model added is kept out, as it takes figures from what the offline reading has."""
    own = joined.drafts[: len(joined.drafts) - len(joined.added)]
    why = "beside it a record of the offline reading would not stand"
    refused = tuple(_rejection(one, CLAIMED, why) for one in joined.added)
    drafts = tuple(joined.filled.get(id(d), d) for d in own)
    return replace(joined, drafts=drafts, filled={}, added=(), rejections=(*joined.rejections, *refused))


def _too_little(trust: Trust, record_type: str) -> str:
    own = trust.records.get(record_type, Share())
    return (
        f"of the model's reading {trust.figures} figures and {own} {record_type} that can be compared are right, "
        "too little to believe it beyond them"
    )


def _filled(
    drafts: Sequence[Draft], pairs: Sequence[Pair], claimed: Claimed, asked: Asked, trust: Trust
) -> dict[int, Draft]:
    """Drafts whose empty fields the model fills, with words or figures that are open and that no record claims."""
    known = {id(d) for d in drafts}
    found: dict[int, Draft] = {}
    for both in pairs:
        draft = both.offline.draft
        update: dict[str, Any] = {}
        places = dict(draft.places)
        for name, kind in both.fields().items():
            if kind is not AgreementKind.MODEL_ONLY:
                continue
            literal, value = both.model.literal(name), getattr(both.model.record, name)
            if not trust.believes(draft.record_type, with_figures=literal is not None):
                continue
            if literal is None and is_words(draft.record_type, name):
                prose = asked.answers.fillings(draft.record_type, name)
                if akin(value, draft.record.quote) and any(asked.evidence.find(value, span) for span in prose):
                    update[name] = value
            elif literal and _is_open(literal.span, draft.record_type, claimed, asked):
                update[name] = value
                places[name] = literal.span
        if update and id(draft) in known:
            record = draft.record.model_copy(update=update)
            found[id(draft)] = replace(draft, record=record, places=places, raw=both.model.draft.raw)
    return found


def _is_open(figure: Span, record_type: str, claimed: Claimed, asked: Asked) -> bool:
    return not claimed.figure(figure) and asked.answers.figure(record_type, figure)


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
