"""Checking: budget facts as trees: the parts of a head, in one sentence or table, against the head.

Parts are taken together where they follow their head (or stand before a closing 合计) without 其中, 主要用于, ；or 。
between them. A list that exceeds its head contradicts it; a list that falls short does so only where it names all parts:
by a classification (按支出性质分), by 分别为, by a residual 其他, by a known division (基本支出 and 项目支出), or as rows above
their 合计. Everything else is incomplete and silent.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.checking.clashes import transposed
from pipeline.checking.diagnosis import is_shift, one_digit, sum_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Outcome, check_sum
from pipeline.checking.labels import HEADCOUNT, traits_overlap
from pipeline.checking.places import without_brackets
from pipeline.checking.prose import all_claimed, figure_of, holds_value, is_torn
from pipeline.checking.scene import Fact, Figure, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.checking.units_check import slip_in_sum
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, Severity
from pipeline.numerals import find_numerals
from schemas.relations import FindingKind
from schemas.values import Span

CARRIED_IN = "carried_in"
_WITH_CARRY = ("received", "initial_budget", "full_year_budget")
SUMMED = frozenset(
    {"initial_budget", "carried_in", "supplementary", "reduction", "full_year_budget", "received", "executed",
     "carried_out", "headcount", "assets"}
)  # fmt: skip
_NEAR = 40
_BEFORE = 200
"""Characters before the first part in which another amount may be what the parts make."""

Path = tuple[str, ...]
Place = tuple[Path, str | None, int | None]


class Parts(NamedTuple):
    """A head, the parts that stand together under it, and whether they close with the head instead of following it."""

    head: Fact | Figure
    label: str
    members: tuple[Fact, ...]
    closing: bool
    classified: bool


def check_trees(scene: Scene) -> Iterator[Finding]:
    """Every list of parts against its head."""
    for facts in scene.facts_by_sentence.values():
        if scene.places.row(facts[0].start) is not None:
            continue
        streams: dict[tuple[str, str | None, int | None, str], list[Fact]] = defaultdict(list)
        measures = _measures(facts)
        for fact in facts:
            if fact.measure in SUMMED:
                streams[(fact.report, fact.org, fact.year, _stream(fact, measures))].append(fact)
        for stream in streams.values():
            if len(stream) > 1 and not _plainly_right(scene, stream):
                for parts in _lists(scene, stream):
                    yield from _check(scene, parts)


def _plainly_right(scene: Scene, stream: Sequence[Fact]) -> bool:
    """Whether the facts have no parts, or are a head and one list of its parts that adds up, as most are."""
    first, *rest = stream
    head = first.node.path
    if all(len(f.node.path) == 1 and not f.node.bare for f in stream):
        return True
    if any(f.node.bare or f.node.classified or f.node.path[:-1] != head for f in rest) or first.node.bare:
        return False
    if len({f.node.path for f in rest}) < len(rest) or words().split.search(
        scene.places.between(rest[0].figure.span.stop, rest[-1].start)
    ):
        return False
    figures = [f.figure for f in rest]
    whole = first.figure.interval
    return commensurable([first.figure, *figures]) and check_sum(whole, [f.interval for f in figures]).holds


def _measures(facts: Sequence[Fact]) -> Mapping[Place, set[str]]:
    """The measures that are stated of each label path; empty where nothing is carried in, as nobody asks then."""
    found: dict[Place, set[str]] = defaultdict(set)
    if any(fact.measure == CARRIED_IN for fact in facts):
        for fact in facts:
            found[_place(fact, fact.node.path)].add(fact.measure)
    return found


def _place(fact: Fact, path: Path) -> Place:
    return path, fact.org, fact.year


def _stream(fact: Fact, measures: Mapping[Place, set[str]]) -> str:
    """A fact's measure, or the measure of the head that what was carried in is a part of (收入合计 其中：上年结转)."""
    if fact.measure != CARRIED_IN or len(fact.node.path) < 2:
        return fact.measure
    above = measures.get(_place(fact, fact.node.path[:-1]), set())
    return fact.measure if fact.measure in above else next((m for m in _WITH_CARRY if m in above), fact.measure)


def _lists(scene: Scene, stream: Sequence[Fact]) -> Iterator[Parts]:
    """The lists of one measure, year and organisation in a sentence, closed ones first."""
    sweep = _Sweep(scene)
    for fact in stream:
        yield from sweep.take(fact)
    yield from sweep.opened()
    yield from _headless(scene, sweep.headless())


class _Sweep:
    """Facts in text order: each is a part of the nearest head before it, and a head of what follows."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._heads: dict[Path, Fact] = {}
        self._last: dict[Path, Fact] = {}
        self._lists: list[tuple[Fact, list[Fact]]] = []
        self._current: dict[Path, list[Fact]] = {}
        self._waiting: dict[Path, list[Fact]] = defaultdict(list)

    def take(self, fact: Fact) -> Iterator[Parts]:
        """Files a fact; a bare total closes the parts of its path that wait for one."""
        path = fact.node.path
        if fact.node.bare:
            waiting = self._waiting.pop(path, [])
            if waiting:
                yield Parts(fact, _name(fact), tuple(waiting), closing=True, classified=False)
                self._heads.pop(path, None)
                return
        elif (above := self._nearest(path)) is not None:
            self._add(above, fact)
        elif len(path) > 1:
            self._waiting[path[:-1]].append(fact)
        self._heads[path] = fact
        self._last.pop(path, None)

    def _nearest(self, path: Path) -> Path | None:
        return next((path[:n] for n in range(len(path) - 1, 0, -1) if path[:n] in self._heads), None)

    def _add(self, above: Path, fact: Fact) -> None:
        previous = self._last.get(above)
        if previous is None or self._begins_another(previous, fact):
            self._current[above] = []
            self._lists.append((self._heads[above], self._current[above]))
        self._current[above].append(fact)
        self._last[above] = fact
        if fact.node.path[:-1] == above:
            self._waiting[above].append(fact)

    def _begins_another(self, previous: Fact, fact: Fact) -> bool:
        """Whether what stands between two parts begins another list; before a first part anything may introduce it."""
        text = self._scene.places.between(previous.figure.span.stop, fact.start)
        return bool(words().split.search(without_brackets(text)))

    def opened(self) -> Iterator[Parts]:
        """The lists that follow their heads, each classification of one by itself."""
        for head, members in self._lists:
            by_class: dict[str | None, list[Fact]] = defaultdict(list)
            for fact in members:
                by_class[fact.node.classified].append(fact)
            for name, group in by_class.items():
                yield Parts(head, _name(head), tuple(group), closing=False, classified=name is not None)

    def headless(self) -> dict[Path, list[Fact]]:
        """The parts whose head no fact of the sentence is."""
        return {p: g for p, g in self._waiting.items() if p not in self._heads}


def _headless(scene: Scene, waiting: dict[Path, list[Fact]]) -> Iterator[Parts]:
    """Lists whose head no record holds: closed by a printed 支出合计, or a classification of a head stated elsewhere."""
    for path, members in waiting.items():
        if len(members) < 2:
            continue
        if _is_classification(scene, members):
            head = _elsewhere(scene, path, members)
            if head is not None:
                yield Parts(head, _name(head), tuple(members), closing=False, classified=True)
            continue
        closing = _printed_total(scene, members)
        if closing is not None:
            yield Parts(closing[1], closing[0], tuple(members), closing=True, classified=False)


def _is_classification(scene: Scene, members: Sequence[Fact]) -> bool:
    """Whether parts divide one head by a classification: their paths name it, or their sentence begins with it."""
    named = members[0].node.classified
    if named is not None:
        return all(f.node.classified == named for f in members)
    span = scene.places.sentence_span(members[0].start)
    introduced = scene.places.between(span.start, members[0].start)
    return words().classifies.match(introduced) is not None


def _elsewhere(scene: Scene, path: Path, members: Sequence[Fact]) -> Fact | None:
    """The nearest statement of a list's head in the same report, where all its statements agree."""
    like = members[0]
    stated = [
        f
        for f in scene.facts_at.get((like.report, path), ())
        if f.measure == like.measure and f.year == like.year and f.org == like.org
    ]
    if not stated or any(not f.interval.meets(stated[0].interval) for f in stated):
        return None
    return min(stated, key=lambda f: abs(f.start - like.start))


def _printed_total(scene: Scene, members: Sequence[Fact]) -> tuple[str, Figure] | None:
    """A total that is printed right after the last part of a sentence and that no record holds."""
    end = members[-1].figure.span.stop
    text = scene.document.text
    stop = min(scene.places.sentence_span(end).stop, end + _NEAR)
    numeral = next(iter(find_numerals(text, end, stop)), None)
    if numeral is None or numeral.start - end > _NEAR or numeral.unit is None:
        return None
    label = without_brackets(scene.places.between(end, numeral.start))
    if not words().trailing_total.search(label) or numeral.start in scene.fact_starts or is_torn(text, numeral.start):
        return None
    name = label.rstrip("为是：:").lstrip("元，,、万亿人名个")
    return name, figure_of(scene, numeral)


def _check(scene: Scene, parts: Parts) -> Iterator[Finding]:
    if _mixes_posts(parts.members) or _overlap(parts.members):
        return
    members = _distinct([f for f in parts.members if not _has_left(parts.label, f)])
    head = parts.head.figure if isinstance(parts.head, Fact) else parts.head
    figures = [f.figure for f in members]
    if len(members) < 2 or not commensurable([head, *figures]):
        return
    outcome = check_sum(head.interval, [f.interval for f in figures])
    if not outcome.broken or outcome.computed is None or _divides(head, figures) or _without_carry(head, members):
        return
    if _ends_earlier(head, figures) or _makes_another(scene, head, members, outcome.computed):
        return
    slip = slip_in_sum(head, figures, members[0].report)
    if slip is not None:
        yield slip
        return
    if outcome.computed < head.interval.value:
        extent = _extent(scene, head, members)
        overlooked = not all_claimed(scene, extent) or holds_value(scene, extent, head, outcome.needed)
        if overlooked or not _names_all(scene, parts, members):
            return
    yield _finding(scene, parts, head, members, outcome)


def _mixes_posts(members: Sequence[Fact]) -> bool:
    """Whether posts allowed stand among people counted (编制80名，实有72人，合计100人): no parts of one head."""
    counts = [words().posts.search(f.label) is not None for f in members if f.measure == HEADCOUNT]
    return any(counts) and not all(counts)


def _overlap(members: Sequence[Fact]) -> bool:
    """Whether people are counted by traits that several of them share."""
    residual = words().residual
    return traits_overlap(f.label for f in members if f.measure == HEADCOUNT and not f.label.startswith(residual))


def _makes_another(scene: Scene, head: Figure, members: Sequence[Fact], made: Decimal) -> bool:
    """Whether the parts make another amount that stands before them in their sentence, and hardly this one misprinted."""
    first = min(f.start for f in members)
    start = max(scene.places.sentence_span(first).start, first - _BEFORE)
    computed = in_unit(head, made)
    if transposed(digits(head), computed) or one_digit(digits(head), computed):
        return False
    return holds_value(scene, Span(start, first), head, made)


def _has_left(head: str, part: Fact) -> bool:
    """Whether a part counts people who have left under a head of people in post (在编205人，其中教师188人，退休96人)."""
    left = words().left
    return part.measure == HEADCOUNT and left.search(part.label) is not None and left.search(head) is None


def _distinct(members: Sequence[Fact]) -> list[Fact]:
    """The parts, each path once; empty where one path has two values."""
    by_path: dict[Path, Fact] = {}
    for fact in members:
        known = by_path.setdefault(fact.node.path, fact)
        if not known.interval.meets(fact.interval):
            return []
    paths = set(by_path)
    return [f for p, f in by_path.items() if not any(p[:n] in paths for n in range(1, len(p)))]


def _without_carry(head: Figure, members: Sequence[Fact]) -> bool:
    """Whether the list adds up without what was carried in, which a head may or may not include."""
    rest = [f.interval for f in members if f.measure != CARRIED_IN]
    return 0 < len(rest) < len(members) and not check_sum(head.interval, rest).broken


def _divides(head: Figure, figures: Sequence[Figure]) -> bool:
    """Whether the list is several divisions of the head one after another, each adding up to it."""
    start = 0
    for stop in range(1, len(figures) + 1):
        if not check_sum(head.interval, [f.interval for f in figures[start:stop]]).broken:
            start = stop
    return start == len(figures)


def _ends_earlier(head: Figure, figures: Sequence[Figure]) -> bool:
    """Whether the first parts, two at least, already make up the head, so that those behind belong to something else
    (在职131人，其中行政82人、事业49人，退休57人)."""
    values = [f.interval for f in figures]
    return any(check_sum(head.interval, values[:stop]).holds for stop in range(2, len(values)))


def _names_all(scene: Scene, parts: Parts, members: Sequence[Fact]) -> bool:
    """Whether a list names all parts of its head."""
    known = words()
    labels = [f.label for f in members]
    if parts.classified or parts.closing:
        return True
    start = parts.head.figure.span.stop if isinstance(parts.head, Fact) else parts.head.span.stop
    introduced = scene.places.between(start, members[0].start)
    if known.partial.search(introduced):
        return False
    if any(label.startswith(known.residual) for label in labels) or known.complete.search(introduced):
        return True
    return any(_is_partition(group, labels) for group in known.partitions)


def _extent(scene: Scene, head: Figure, members: Sequence[Fact]) -> Span:
    """From a head or the first of its parts to the end of the clause that the last of them stands in."""
    places = [head.span.start, *(f.start for f in members)]
    return Span(min(places), scene.places.clause_span(max(places)).stop)


def _is_partition(group: Sequence[re.Pattern[str]], labels: Sequence[str]) -> bool:
    return len(group) == len(labels) and all(any(p.fullmatch(x) for x in labels) for p in group)


def _finding(scene: Scene, parts: Parts, head: Figure, members: Sequence[Fact], outcome: Outcome) -> Finding:
    figures = [f.figure for f in members]
    assert outcome.computed is not None
    computed = in_unit(head, outcome.computed)
    gap = in_unit(head, outcome.needed)
    shift = is_shift(head, figures)
    terms = "＋".join(f"{f.label}{digits(f.figure)}" for f in members)
    report = members[0].report
    small = abs(outcome.needed) * 1000 < abs(head.interval.value)
    unit = head.literal.unit or ""
    return make(
        FindingKind.DECIMAL_SHIFT if shift else FindingKind.SUM,
        "budget_facts.parts",
        report,
        Text(
            f"{parts.label}{printed(head)}≠{terms}＝{computed}{unit}，相差{gap}{unit}",
            f"{parts.label} {digits(head)} is not the sum of its {len(members)} parts, {computed}; the difference is {gap}",
        ),
        stated=printed(head),
        computed=f"{computed}{unit}",
        slack=slack_in(head, outcome.allowed),
        severity=Severity.WARNING if small else Severity.ERROR,
        literals=[head.plays("total"), *(f.plays("part") for f in figures)],
        suggestion=sum_hint(head, figures, lambda rest: scene.named(report, rest)),
    )


def _name(fact: Fact) -> str:
    return f"{fact.label}合计" if fact.node.bare else fact.label
