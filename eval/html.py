"""Eval: an evaluation as one self-contained page, the text with gold and predicted passages side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from eval.as_json import all_counts, error_kinds, figure_counts
from eval.errors import FieldError
from eval.items import Item
from eval.matching import Pairing
from eval.measures import Counts
from eval.output import percent
from eval.scoring import DocumentScore, Evaluation
from schemas.registry import RECORD_TYPES
from schemas.values import Span

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked range of a pane: its CSS classes, what hovering says, and the anchor that links lead to."""

    span: Span
    classes: tuple[str, ...]
    title: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters under the same marks."""

    text: str
    classes: str
    title: str
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list of errors."""

    kind: str
    where: str
    term: str
    label: str
    expected: str
    found: str
    belongs: str
    status: str
    anchor: str
    figure: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A document's part of the page."""

    name: str
    scores: Sequence[tuple[str, Counts]]
    rows: Sequence[Row]
    gold: Sequence[Segment]
    predicted: Sequence[Segment]
    findings: Sequence[tuple[str, str, str, str]] = field(default_factory=tuple)


def render(evaluation: Evaluation) -> str:
    """The page as HTML; everything from a report's text is escaped, and the page loads nothing from elsewhere."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = percent
    template = environment.get_template("evaluation.html.j2")
    return template.render(
        evaluation=evaluation,
        kinds=error_kinds(evaluation),
        pages=[_page(f"d{i}", d) for i, d in enumerate(evaluation.documents)],
        placement=evaluation.placement,
        share=lambda s: percent(Fraction(s.part, s.whole) if s.whole else None),
    )


def segments(text: str, marks: Iterable[Mark]) -> list[Segment]:
    """The text cut where marks begin and end; each piece knows the marks over it."""
    starts: dict[int, list[Mark]] = {}
    stops: dict[int, list[Mark]] = {}
    for mark in marks:
        if mark.span.start < mark.span.stop:
            starts.setdefault(mark.span.start, []).append(mark)
            stops.setdefault(mark.span.stop, []).append(mark)
    cuts = sorted({0, len(text), *starts, *stops})
    active: list[Mark] = []
    found = []
    for start, stop in pairwise(cuts):
        ended = {id(m) for m in stops.get(start, ())}
        active = [m for m in active if id(m) not in ended] + starts.get(start, [])
        classes = dict.fromkeys(c for m in active for c in m.classes)
        titles = dict.fromkeys(m.title for m in active if m.title)
        anchors = tuple(dict.fromkeys(m.anchor for m in starts.get(start, ()) if m.anchor))
        found.append(Segment(text[start:stop], " ".join(classes), "\n".join(titles), anchors))
    return found


def _page(prefix: str, document: DocumentScore) -> Page:
    numbers = {id(p): i for i, p in enumerate(document.pairings)}
    kinds: dict[int, list[str]] = {}
    for error in document.errors:
        for cell in (error.read, error.stated):
            if cell:
                kinds.setdefault(id(cell.pairing), []).append(f"k-{error.kind.value}")
    gold: list[Mark] = []
    predicted: list[Mark] = []
    for pairing in document.pairings:
        wrong = tuple(dict.fromkeys(kinds.get(id(pairing), ())))
        anchor = f"{prefix}-{numbers[id(pairing)]}"
        if pairing.gold:
            gold += _marks(pairing, pairing.gold, wrong, f"{anchor}-g")
        if pairing.predicted:
            predicted += _marks(pairing, pairing.predicted, wrong, f"{anchor}-p")
    findings = _findings(prefix, document, gold, predicted)
    return Page(
        name=document.name,
        scores=(("all fields", all_counts(document)), ("figures", figure_counts(document))),
        rows=[_row(e, f"{prefix}-{numbers[id(e.cell.pairing)]}") for e in document.errors],
        gold=segments(document.gold.text, gold),
        predicted=segments(document.gold.text, predicted),
        findings=findings,
    )


def _marks(pairing: Pairing, item: Item, wrong: tuple[str, ...], anchor: str) -> list[Mark]:
    state = wrong or ("right",)
    title = f"{pairing.record_type}: {item.label}"
    places = [Mark(place, ("figure",), f"{title} · {name}") for name, place in item.places.items()]
    return [Mark(item.span, ("quote", *state), title, anchor), *places] if item.span else places


def _row(error: FieldError, anchor: str) -> Row:
    cell = error.cell
    return Row(
        kind=error.kind.value,
        where=f"{cell.record_type}.{cell.field}",
        term=next(f.term for f in RECORD_TYPES[cell.record_type].fields if f.name == cell.field),
        label=cell.pairing.item.label,
        expected=(error.stated.expected or "") if error.stated else "",
        found=(error.read.found or "") if error.read else "",
        belongs=f"{error.belongs.record_type}.{error.belongs.field}" if error.belongs else "",
        status=cell.status.value if cell.status else "",
        anchor=anchor,
        figure=error.is_figure,
    )


def _findings(
    prefix: str, document: DocumentScore, gold: list[Mark], predicted: list[Mark]
) -> list[tuple[str, str, str, str]]:
    """Missed findings and false alarms as lines (state, kind, message, anchor); marks their passages."""
    lines: list[tuple[str, str, str, str]] = []
    if document.findings is None:
        return lines
    near = {id(p) for _, p in document.findings.near_misses}
    for number, missed in enumerate(document.findings.missed):
        anchor = f"{prefix}-m{number}"
        lines.append(("missed", missed.kind.value, missed.message, anchor))
        for place in (p for places in missed.spans for p in places):
            gold.append(Mark(place, ("finding",), f"missed: {missed.message}", f"{anchor}-g"))
    for number, alarm in enumerate(document.findings.false_alarms):
        anchor = f"{prefix}-a{number}"
        lines.append(("near miss" if id(alarm) in near else "false alarm", alarm.kind.value, alarm.message, anchor))
        predicted.extend(Mark(s, ("finding",), f"false alarm: {alarm.message}", f"{anchor}-p") for s in alarm.spans)
    return lines
