"""Extraction, offline: what a sentence has said so far of the money or people that its figures are about."""

from __future__ import annotations

from dataclasses import dataclass, field

from schemas.budget_facts import Measure


@dataclass(slots=True)
class Sentence:
    """What a sentence has said so far: the labels above the current figure, its subject, measure, year and sub-unit.

    ``first`` is the subject and measure that it began with, ``part`` whether the last figure stood in a list of parts
    (其中…), ``budget`` what the subject has just been held against (完成预算), ``worded`` whether a word
    beside the subject said what it measures, ``soft`` whether a part's own words go before the measure of its whole,
    ``granted`` whether a sentence before it said what there was to spend, ``places`` are those that it lists money by,
    ``counted`` are assets that it counted and ``kinds`` says that it counts them by their kinds, ``topic`` is what its block
    says that it is about, ``below`` whether its heads stand in a block above.
    """

    heads: list[str] = field(default_factory=list)
    subject: str | None = None
    measure: Measure | None = None
    rate: str | None = None
    year: int | None = None
    org: str | None = None
    nested: bool = False
    fund: str | None = None
    first: tuple[str, Measure] | None = None
    part: bool = False
    budget: str | None = None
    begun: int | None = None
    worded: bool = False
    soft: bool = False
    listed: int = 0
    compared: bool = False
    of_whole: bool = False
    granted: bool = False
    places: frozenset[str] = frozenset()
    counted: str | None = None
    kinds: bool = False
    topic: str | None = None
    below: bool = False

    def semicolon(self, base: Sentence) -> None:
        """A semicolon comes up to the labels that head the whole paragraph."""
        self.subject = self.heads[0] if self.heads and not base.heads else self.subject
        self.heads, self.nested, self.fund = list(base.heads), base.nested, None
        if self.places:
            self.org = None

    def followed(self, base: Sentence) -> Sentence:
        """The next sentence where it goes on with this one's subject (。其中：…, 。与上年相比…).

        What is left over has no parts.
        """
        following = base.again()
        if self.first is not None and self.first[1] is not Measure.CARRIED_OUT:
            following.subject, following.measure = self.first
            following.first, following.soft = self.first, self.measure is not following.measure
        return following

    def again(self) -> Sentence:
        """A sentence that begins as this one did, before it said anything."""
        again = Sentence(list(self.heads), self.subject, self.measure, nested=self.nested)
        again.granted, again.places = self.granted, self.places
        again.topic, again.below = self.topic, self.below
        return again


@dataclass(frozen=True, slots=True)
class Stated:
    """What a figure states: labels, measure, year, sub-unit."""

    path: tuple[str, ...]
    measure: Measure
    year: int | None
    org: str | None
