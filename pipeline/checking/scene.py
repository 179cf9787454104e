"""Checking: a document's records as the checks want them: figures as intervals, facts, projects and rows in text order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from pipeline.checking.intervals import EXACT, Interval, exactly, interval_of
from pipeline.checking.labels import HEADCOUNT, Node, node, subject, tidy
from pipeline.checking.misread import without_adjustment
from pipeline.checking.places import Places
from pipeline.checking.vocabulary import words
from pipeline.flow import Block, Document, FindingLiteral, Grounded, Layout
from schemas.budget_facts import BudgetFact
from schemas.reports import Report, ReportKind
from schemas.values import Literal, Span, from_parts

Meant = Mapping[tuple[str, str], int]
"""Units as they must be understood: (record id, field) to the power of ten from the unit that was meant to yuan."""


class Figure(NamedTuple):
    """A literal in use: its interval (in yuan where its unit is one of money) and the unit it is understood in."""

    literal: Literal
    record_id: str | None
    interval: Interval
    exponent: int | None

    @property
    def span(self) -> Span:
        """The place of its digits."""
        return self.literal.span

    def plays(self, role: str) -> FindingLiteral:
        """The figure as it stands in a finding."""
        literal = self.literal
        return FindingLiteral(
            role, literal.span, literal.printed, self.record_id, literal.field if self.record_id else None
        )


class Fact(NamedTuple):
    """A budget fact with its figure. ``org`` is None for the department; a row of totals over organisations is too;
    ``subject`` is what the fact is about, see ``labels.subject``."""

    figure: Figure
    path: tuple[str, ...]
    node: Node
    measure: str
    year: int | None
    org: str | None
    report: str
    start: int
    subject: tuple[str, ...] | None

    @property
    def interval(self) -> Interval:
        """The interval of its value."""
        return self.figure.interval

    @property
    def label(self) -> str:
        """Its last label, or the one before where that is nothing but 合计."""
        return tidy(self.path[-2] if self.node.bare else self.path[-1])


class Item(NamedTuple):
    """A record of another type with its figures by field."""

    grounded: Grounded
    figures: Mapping[str, Figure]
    report: str
    start: int

    @property
    def record_id(self) -> str:
        """The record's id."""
        return self.grounded.record_id


class Scene:
    """A document with its records sorted by type and place."""

    def __init__(self, document: Document, layout: Layout, records: Sequence[Grounded], meant: Meant) -> None:
        self.document = document
        self.layout = layout
        self.records = records
        self._meant = meant
        self.notes: dict[str, Any] = {}
        """What a check has worked out and another may use again."""
        self.in_blocks: dict[Span, Sequence[Figure]] = {}
        """The numbers of the blocks that were asked for, by the blocks' places."""
        self.in_ranges: dict[tuple[Span, int, int], list[Any]] = {}
        """The numbers of ranges of blocks with the words before them."""

    @cached_property
    def places(self) -> Places:
        """Sentences, tables and chapters."""
        return Places(self.document, self.layout)

    def figure(self, record_id: str, literal: Literal) -> Figure:
        """A literal with its interval in the unit it is understood in."""
        exponent = literal.exponent
        if self._meant:
            exponent = self._meant.get((record_id, literal.field), exponent)
        value = interval_of((literal.value, literal.decimals, exponent or 0, literal.exact))
        return from_parts(Figure, (literal, record_id, value, exponent))

    def told(self, literal: Literal) -> Figure:
        """A number of prose, in the unit that a record which holds it is understood in."""
        exponent = literal.exponent
        if self._meant:
            exponent = self._meant.get(self._holders.get(literal.span.start, ("", "")), exponent)
        value = interval_of((literal.value, literal.decimals, exponent or 0, literal.exact))
        return from_parts(Figure, (literal, None, value, exponent))

    def unclaimed(self, literal: Literal) -> Figure:
        """A number of a table, apart from what records say of it."""
        value = interval_of((literal.value, literal.decimals, literal.exponent or 0, literal.exact))
        return from_parts(Figure, (literal, None, value, literal.exponent))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Headings, paragraphs and items in reading order."""
        return self.layout.blocks

    @cached_property
    def _holders(self) -> dict[int, tuple[str, str]]:
        return {x.span.start: (g.record_id, x.field) for g in self.records for x in g.literals}

    @property
    def claimed(self) -> Mapping[int, tuple[str, str]]:
        """The figures that records hold, by where they begin."""
        return self._holders

    def in_record(self, figure: Figure, role: str) -> FindingLiteral:
        """A figure that was read from the layout as it stands in a finding, with the record that holds it if one does."""
        record_id, name = self._holders.get(figure.span.start, (None, None))
        return FindingLiteral(role, figure.span, figure.literal.printed, record_id, name)

    def figures(self, grounded: Grounded) -> dict[str, Figure]:
        """A record's figures by field."""
        return {x.field: self.figure(grounded.record_id, x) for x in grounded.literals}

    @cached_property
    def facts(self) -> list[Fact]:
        """The budget facts in text order."""
        found = []
        for grounded in self._by_type["budget_facts"]:
            record = grounded.draft.record
            literal = grounded.literal("value")
            if literal is None or not isinstance(record, BudgetFact):
                continue
            measure = str(record.measure)
            if measure == HEADCOUNT and not literal.exact and not literal.decimals:
                value = exactly(literal.value)
                figure = Figure(literal, grounded.record_id, value, literal.exponent)
            else:
                figure = self.figure(grounded.record_id, literal)
            org = _org(record.org)
            path, place, about = record.path, node(record.path), subject(record.path, measure)
            report, start = grounded.draft.report_id, literal.span.start
            found.append(from_parts(Fact, (figure, path, place, measure, record.year, org, report, start, about)))
        found.sort(key=lambda f: f.start)
        return found

    @cached_property
    def projects(self) -> list[Item]:
        """The projects in text order."""
        return [without_adjustment(self, i) for i in self._items("projects")]

    @cached_property
    def indicators(self) -> list[Item]:
        """The indicator rows in text order."""
        return self._items("indicators")

    @cached_property
    def score_lines(self) -> list[Item]:
        """The lines of score summaries in text order."""
        return self._items("score_lines")

    @cached_property
    def survey_answers(self) -> list[Item]:
        """The option rows of questionnaires in text order."""
        return self._items("survey_answers")

    @cached_property
    def reports(self) -> list[Item]:
        """The reports in text order."""
        return self._items("reports")

    def _items(self, record_type: str) -> list[Item]:
        items = [Item(g, self.figures(g), g.draft.report_id, g.quote_span.start) for g in self._by_type[record_type]]
        items.sort(key=lambda i: i.start)
        return items

    @cached_property
    def _by_type(self) -> dict[str, list[Grounded]]:
        found: dict[str, list[Grounded]] = defaultdict(list)
        for grounded in self.records:
            found[grounded.draft.record_type].append(grounded)
        return found

    @cached_property
    def departmental(self) -> frozenset[str]:
        """The reports about the department as a whole: those that nothing calls a special fund's."""
        special = {
            i.report
            for i in self.reports
            if isinstance(i.grounded.record, Report) and i.grounded.record.kind is ReportKind.SPECIAL_FUND
        }
        return frozenset({g.draft.report_id for g in self.records} - special)

    @cached_property
    def fact_starts(self) -> frozenset[int]:
        """Where the figures of the budget facts begin."""
        return frozenset(f.start for f in self.facts)

    @cached_property
    def facts_at(self) -> dict[tuple[str, tuple[str, ...]], list[Fact]]:
        """The budget facts by report and label path."""
        found: dict[tuple[str, tuple[str, ...]], list[Fact]] = defaultdict(list)
        for fact in self.facts:
            found[(fact.report, fact.node.path)].append(fact)
        return found

    @cached_property
    def facts_about(self) -> dict[tuple[str, tuple[str, ...]], list[Fact]]:
        """The budget facts by report and subject, where their path says what they are about."""
        found: dict[tuple[str, tuple[str, ...]], list[Fact]] = defaultdict(list)
        for fact in self.facts:
            about = fact.subject
            if about is not None:
                found[(fact.report, about)].append(fact)
        return found

    @cached_property
    def facts_by_value(self) -> dict[tuple[str, Decimal], list[Fact]]:
        """The budget facts by report and value."""
        found: dict[tuple[str, Decimal], list[Fact]] = defaultdict(list)
        for fact in self.facts:
            found[(fact.report, fact.interval.value)].append(fact)
        return found

    @cached_property
    def facts_labelled(self) -> dict[tuple[str, str, str, int | None], list[Fact]]:
        """The budget facts of the department by report, last label, measure and year."""
        found: dict[tuple[str, str, str, int | None], list[Fact]] = defaultdict(list)
        for fact in self.facts:
            if fact.org is None:
                found[(fact.report, fact.label, fact.measure, fact.year)].append(fact)
        return found

    def named(self, report: str, value: Decimal) -> list[tuple[str, Figure]]:
        """The budget facts of a report with a certain value, with their last labels."""
        return [(f.label, f.figure) for f in self.facts_by_value.get((report, value), ())]

    @cached_property
    def facts_by_sentence(self) -> dict[int, list[Fact]]:
        """The budget facts of each sentence or table, in text order."""
        found: dict[int, list[Fact]] = defaultdict(list)
        sentence = self.places.sentence
        for fact in self.facts:
            found[sentence(fact.start)].append(fact)
        return found


def _org(name: str | None) -> str | None:
    if name is None:
        return None
    label = tidy(name)
    return None if label in words().bare_totals or words().total_suffix.search(label) else label


def commensurable(figures: Iterable[Figure]) -> bool:
    """Whether figures may be added and compared: all of them in known units of money, or none."""
    kinds = {f.exponent is None for f in figures}
    return len(kinds) < 2


def divisible(part: Figure, whole: Figure) -> bool:
    """Whether one figure may be a share of another: amounts of money, or counts of one unit as far as it is printed."""
    if not commensurable((part, whole)):
        return False
    if part.exponent is not None:
        return True
    persons = words().persons
    units = ["" if f.literal.unit in persons else f.literal.unit for f in (part, whole)]
    return None in units or units[0] == units[1]


def printed(figure: Figure) -> str:
    """A figure as it is printed, separators and line breaks aside, with its unit."""
    return f"{figure.literal.digits}{figure.literal.unit or ''}"


def digits(figure: Figure) -> str:
    """A figure's digits as printed, separators and line breaks aside."""
    return figure.literal.digits


def in_unit(figure: Figure, value: Decimal) -> str:
    """A value (in yuan where the figure is money) in the unit that a figure is understood in, as digits."""
    return plain(value.scaleb(-figure.exponent, EXACT) if figure.exponent else value)


def slack_in(figure: Figure, value: Decimal) -> Decimal:
    """A slack in the unit that a figure is understood in, without an exponent."""
    return Decimal(in_unit(figure, value))


def plain(value: Decimal) -> str:
    """A Decimal as digits, without trailing zeros after the point and without an exponent."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
