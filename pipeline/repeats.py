"""Grounding: records that are stated twice, and figures that two records claim under different names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from pipeline.evidence import Evidence, unquoted
from pipeline.flow import Grounded
from pipeline.ungrounded import UngroundedError
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES
from schemas.values import Span, squeeze

_INSIDE = re.compile(r"^(?:.\d\d.|.\d\.\d|\d\.\d.)$", re.DOTALL)
"""Two characters before and two behind a place within a number."""
_TELLING = 4
"""Characters from which words tell one place from another; a bare number stands everywhere."""
_SHARED = frozenset({("survey_answers", "respondents")})
"""Figures that several records of a type state together."""


class Repeats:
    """Knows the records of a document so far, and tells a record that is said again from one that is printed again."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], list[Grounded]] = defaultdict(list)
        self._claimed: set[tuple[str, str, Span]] = set()

    def is_claimed(self, record_type: str, field: str, place: Span) -> bool:
        """Whether a record so far claims a numeral for a field; each is given out once, where others are equal to it."""
        return (record_type, field, place) in self._claimed

    def first(self, possible: Sequence[Grounded]) -> Grounded:
        """The likeliest place of a record that no equal record has yet.

        Raises:
            UngroundedError: ``duplicate`` where equal records have all of them.
        """
        for grounded in possible:
            known = self._known[_content(grounded)]
            if not any(_same_place(grounded, other) for other in known):
                known.append(grounded)
                self._claimed |= {(grounded.draft.record_type, x.field, x.span) for x in grounded.literals}
                return grounded
        raise UngroundedError("duplicate", "the same record was read before, and the text does not state it again")


def nearest(evidence: Evidence, possible: Sequence[Grounded]) -> list[Grounded]:
    """A record's possible places, those first that are its quote to the letter, of several those that stand closest
    behind the words that the record gives besides. Those that cut a number in two are none where others are not.

    A place is another one only where those words, too, are printed again before it: the same row below another question
    does not state the first one's answer twice.
    """
    if len(possible) > 1:
        possible = [g for g in possible if not _cuts_a_number(evidence.document.text, g.quote_span)] or possible
    if len(possible) < 2:
        return list(possible)
    quote = squeeze(possible[0].record.quote)
    words = [w for w in _words(possible[0]) if len(w) >= _TELLING and w not in quote]
    ranked: list[tuple[tuple[bool, int], tuple[int, ...], Grounded]] = []
    for grounded in possible:
        before = evidence.around(Span(0, grounded.quote_span.start))
        places = tuple(before.rfind(w) for w in words)
        other = evidence.document.slice(grounded.quote_span) != grounded.record.quote
        ranked.append(((other, sum(len(before) - max(at, 0) for at in places)), places, grounded))
    ranked.sort(key=lambda entry: entry[0])
    most = max(sum(at >= 0 for at in places) for _, places, _ in ranked)
    ranked = [entry for entry in ranked if sum(at >= 0 for at in entry[1]) == most]
    kept: dict[tuple[int, ...], Grounded] = {}
    for number, (_, places, grounded) in enumerate(ranked):
        kept.setdefault(places or (number,), grounded)
    return list(kept.values())


def _cuts_a_number(text: str, span: Span) -> bool:
    """Whether a span begins or ends inside a number."""
    return any(
        _in_number(text[at - 1]) and _in_number(text[at]) and _INSIDE.search(text[at - 2 : at + 2]) is not None
        for at in span
        if 2 <= at <= len(text) - 2
    )


def _in_number(character: str) -> bool:
    return character == "." or character.isdecimal()


def contested(evidence: Evidence, grounded: Sequence[Grounded]) -> list[tuple[Grounded, UngroundedError]]:
    """The records that lose a figure which another one of their type claims under another name.

    The record whose name stands closest before the figure keeps it; where none does, all that claim it lose it.
    """
    claims: dict[tuple[str, str, Span], list[Grounded]] = defaultdict(list)
    for record in grounded:
        for literal in record.literals:
            if (record.draft.record_type, literal.field) not in _SHARED:
                claims[record.draft.record_type, literal.field, literal.span].append(record)
    lost: dict[str, tuple[Grounded, UngroundedError]] = {}
    for (_, field, span), records in claims.items():
        if len(records) < 2 or len({_name(r) for r in records}) < 2:
            continue
        far = [_distance(evidence, r, span) for r in records]
        keeps = [
            r for r, d in zip(records, far, strict=True) if d is not None and d == min(x for x in far if x is not None)
        ]
        for record in records:
            if len({_name(k) for k in keeps}) != 1 or _name(record) != _name(keeps[0]):
                others = "、".join(sorted({_name(r) for r in records} - {_name(record)}))
                reason = f"{field}: {evidence.document.slice(span)} is claimed for {others} as well"
                lost[record.record_id] = record, UngroundedError("contested", reason)
    return list(lost.values())


def _name(grounded: Grounded) -> str:
    """What a record's figures are said to be about; the figure's field is compared apart."""
    value = getattr(grounded.record, RECORD_TYPES[grounded.draft.record_type].label_field)
    if isinstance(value, tuple):
        value = value[-1]
    return unquoted(squeeze(value or ""))


def _distance(evidence: Evidence, grounded: Grounded, figure: Span) -> int | None:
    """Characters between a record's name and a figure behind it; None where the name stands nowhere before it."""
    before = unquoted(evidence.around(Span(0, figure.start)))
    at = before.rfind(_name(grounded))
    return None if at < 0 else len(before) - at - len(_name(grounded))


def _words(grounded: Grounded) -> list[str]:
    """The labels and short texts of a record."""
    found: list[str] = []
    for info in RECORD_TYPES[grounded.draft.record_type].fields:
        value = getattr(grounded.record, info.name)
        if info.sort is Sort.LABELS:
            found += map(squeeze, value)
        elif info.sort in {Sort.LABEL, Sort.TEXT} and isinstance(value, str):
            found.append(squeeze(value))
    return found


def _content(grounded: Grounded) -> tuple[object, ...]:
    """What a record says, apart from its quote."""
    said = vars(grounded.record).copy()
    del said["quote"]
    return grounded.draft.record_type, *said.values()


def _same_place(one: Grounded, other: Grounded) -> bool:
    """Whether two equal records are read at one place: their quotes overlap, or they give the same figures."""
    places = tuple(x.span for x in one.literals)
    return one.quote_span.overlaps(other.quote_span) or bool(places and places == tuple(x.span for x in other.literals))
