"""Extraction (hybrid): how far a model is believed where the offline reading is silent, and what its records must show.

It is believed about nothing but what it was asked; only if what can be compared of its reading is right, of the record's own
type as well; and only a record whose figures nobody else claims, each with its unit and its own words around it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import comb

from pipeline.evidence import Evidence, unquoted
from pipeline.extraction.hybrid.pairing import Pair, figures
from pipeline.extraction.hybrid.wants import Open
from pipeline.flow import AgreementKind, Grounded, Table
from schemas.budget_facts import BudgetFact
from schemas.values import Literal, Span, squeeze

TRUST = 80
"""Percent of the figures that can be compared that a model must have right to be believed beyond them."""
DOUBT = 20
"""One in so many models that have only half of the records right may seem to be believable."""

_CLAUSE = re.compile(r"[，。；！？,;]")


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many that can be compared."""

    right: int = 0
    of: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.right + other.right, self.of + other.of)

    @property
    def mostly(self) -> bool:
        """Whether more than half is right."""
        return 2 * self.right > self.of

    @property
    def surely_mostly(self) -> bool:
        """Whether it is so many that a model which has half right would seldom reach it."""
        by_chance = sum(comb(self.of, right) for right in range(self.right, self.of + 1))
        return DOUBT * by_chance <= 1 << self.of

    def __str__(self) -> str:
        return f"{self.right} of {self.of}"


@dataclass(frozen=True, slots=True)
class Trust:
    """What can be compared of a model's reading, and how much of it is right.

    That is what the offline reading has in the text that was asked about, right where the model reads it alike; and, never
    right, each record of the model that is not grounded, or claims what the offline reading claims otherwise.

    Args:
        figures: counted by figures, over all types.
        records: counted by records, of each type.
        alone: whether the offline reading has no records but the heads of reports, so that there is nothing to compare with,
            and hardly anything to make worse: the model is believed as by itself.
    """

    figures: Share
    records: Mapping[str, Share]
    alone: bool = False

    @property
    def believed(self) -> bool:
        """Whether the model is believed at all where the offline reading is silent."""
        enough = 100 * self.figures.right >= TRUST * self.figures.of
        return enough and sum(self.records.values(), Share()).surely_mostly

    def believes(self, record_type: str, *, with_figures: bool) -> bool:
        """Whether the model is believed about a type: words want less than figures, which are what counts."""
        own = self.records.get(record_type, Share())
        return self.alone or (self.believed and (own.surely_mostly if with_figures else own.mostly))


def trust_in(
    offline: Iterable[Grounded], compared: Iterable[Grounded], pairs: Mapping[str, Pair], wrong: Iterable[str]
) -> Trust:
    """How far a model is believed.

    Args:
        offline: the offline reading's records.
        compared: those of them where the model was asked for their type.
        pairs: the model's records that are the same, by the id of the offline one.
        wrong: the types of its records that are never right.
    """
    all_figures = Share()
    records: defaultdict[str, Share] = defaultdict(Share)
    for ours in compared:
        wanted = figures(ours)
        both = pairs.get(ours.record_id)
        kinds = both.fields() if both else {}
        alike = sum(kinds.get(name) is AgreementKind.AGREED for name in wanted)
        all_figures += Share(alike, len(wanted))
        records[ours.draft.record_type] += Share(int(alike == len(wanted)), 1)
    for record_type in wrong:
        all_figures += Share(0, 1)
        records[record_type] += Share(0, 1)
    return Trust(all_figures, dict(records), all(g.draft.record_type == "reports" for g in offline))


class Answers:
    """What a model was asked about; of what it says, it is believed about nothing else."""

    def __init__(self, opened: Iterable[Open]) -> None:
        self._places: defaultdict[str, list[Span]] = defaultdict(list)
        self._fields: defaultdict[tuple[str, str], list[Span]] = defaultdict(list)
        for one in opened:
            self._places[one.record_type].append(one.span)
            if one.field:
                self._fields[one.record_type, one.field].append(one.span)

    def figure(self, record_type: str, place: Span) -> bool:
        """Whether a figure is open for a record type."""
        return any(span.holds(place) for span in self._places[record_type])

    def words(self, record_type: str, place: Span) -> bool:
        """Whether a passage touches what is open for a record type."""
        return any(span.overlaps(place) for span in self._places[record_type])

    def fillings(self, record_type: str, field: str) -> Sequence[Span]:
        """The prose that may fill a field."""
        return self._fields[record_type, field]


class Claimed:
    """What the offline reading claims."""

    def __init__(self, offline: Sequence[Grounded]) -> None:
        self._figures = {x.span: g.draft.record_type for g in offline for x in g.literals}
        self._quotes = [(g.draft.record_type, g.quote_span) for g in offline]

    def figure(self, span: Span) -> bool:
        """Whether a figure is a record's."""
        return span in self._figures

    def covers(self, one: Grounded) -> bool:
        """Whether a record claims nothing new: each figure is another's, or its words are where it has none."""
        if one.literals:
            return all(x.span in self._figures for x in one.literals)
        return any(kind == one.draft.record_type and span.overlaps(one.quote_span) for kind, span in self._quotes)

    def otherwise(self, passage: Span, record_type: str) -> bool:
        """Whether a figure in a passage is a record's of another type."""
        return any(passage.holds(span) and kind != record_type for span, kind in self._figures.items())


def doubts(one: Grounded, answers: Answers, claimed: Claimed, evidence: Evidence) -> Iterator[str]:
    """What speaks against a record of the model that the offline reading has not, whoever the model is."""
    record_type = one.draft.record_type
    if not one.literals and not answers.words(record_type, one.quote_span):
        yield "its words are not among those that were asked about"
    for literal in one.literals:
        if claimed.figure(literal.span) or not answers.figure(record_type, literal.span):
            yield f"{literal.printed} is not among the figures that were asked about"
        elif claimed.otherwise(_passage(evidence, literal.span), record_type):
            yield f"what stands beside {literal.printed} is read as something else than {record_type}"
        elif isinstance(one.record, BudgetFact) and not _named(one.record, literal, evidence):
            yield f"neither label nor unit of {literal.printed} stand with it"


def _passage(evidence: Evidence, figure: Span) -> Span:
    """The table row or the sentence that a figure stands in: what is read as one thing."""
    part = evidence.part_at(figure.start)
    if isinstance(part, Table):
        return next((row.span for row in part.rows if row.span.holds(figure)), figure)
    return evidence.sentence(figure)


def _named(fact: BudgetFact, literal: Literal, evidence: Evidence) -> bool:
    """Whether a fact's last label stands in its figure's clause before it, in its row or above its column, and its unit is
    printed or declared."""
    place = evidence.numeral_at(literal.span)
    if place is None or literal.unit is None:
        return False
    label = unquoted(squeeze(fact.path[-1]))
    clause = _CLAUSE.split(place.before)[-1]
    return any(label in unquoted(squeeze(words)) for words in (clause, place.row, *place.header))
