"""Checking: the same quantity twice: budget facts that must agree and whose intervals do not meet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.checking.clashes import SHOWN, Hint, Statement, clash, transposed
from pipeline.checking.findings import Text
from pipeline.checking.intervals import HUNDRED, subtract
from pipeline.checking.labels import CARRIED, CHANGE, HEADCOUNT, RATE, tidy
from pipeline.checking.prose import holds_value
from pipeline.checking.rates import subject_of
from pipeline.checking.scene import Fact, Scene, digits, in_unit
from pipeline.checking.sections import project_lists
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding
from schemas.reports import Report
from schemas.values import Span, from_parts

_SIMILAR = 10
"""Two numbers of staff are about the same size where they differ by less than a tenth."""
_NEAR, _TAIL = 30, 3
"""Characters before a figure that may name whose it is, and the last ones by which an office is known."""
_BREAKS = re.compile(r"[，,。；;：:、（(）)]|其中")
_PAIR, _LONG = 2, 5
"""Values of a pair, and digits from which on two exchanged ones are no chance."""
_TELLING = 3
"""Digits from which on a difference that a passage prints is no chance."""
_ABOUT = 200
"""Characters on either side of a figure in which that difference is looked for."""
_LOOSE = frozenset({"received", "carried_in", "initial_budget", "supplementary", "reduction", "adjustment"})
"""Measures whose whole depends on what a report counts in; between reports only the budget and its execution compare."""


class FactKey(NamedTuple):
    """What two budget facts must have in common to be one quantity."""

    scope: str
    about: tuple[str, ...]
    measure: str
    year: int | None
    org: str | None
    account: str | None
    unit: str | bool | None


def check_conflicts(scene: Scene) -> Iterator[Finding]:
    """Budget facts of one subject, measure, year and organisation.

    Precondition: both paths say what the figure is about, and say the same. A figure of the whole department counts
    where its label says so (全年, 总, 部门 …) and its paragraph is not about a project, within the chapters about one
    budget account, and where there are two values of it and not many; any other where the two sentences or tables
    agree in their head and in another figure of the same measure and year, which shows that they break down the same
    thing. A sentence or table that itself states two values is left out: its labels do not tell them apart. Reports of
    one document are compared where both are about the department. Rates are compared where their name says of what
    (in a table, 100% may be what was aimed at), changes never.
    """
    groups = _groups(scene)
    bearings = Bearings(scene, groups)
    for key, group in groups.items():
        if len(group) < 2:
            continue
        kept = [f for f in group if not _is_initial(f, key, groups)]
        kept = _comparable(scene, key, kept, bearings)
        if len(kept) > 1 and not (key.about and _counts_in(scene, kept)):
            statements = [
                Statement(f.figure, f.report, f.label, len(scene.named(f.report, f.interval.value))) for f in kept
            ]
            yield from clash(statements, "budget_facts.conflict", hint=_other_year(key, groups))


def _other_year(key: FactKey, groups: Mapping[FactKey, Sequence[Fact]]) -> Hint:
    """The suggestion that a figure is another year's: where the same quantity of the year before or after equals it."""

    def hint(odd: Statement) -> Text | None:
        for year in (key.year - 1, key.year + 1) if key.year is not None else ():
            if any(f.interval.value == odd.figure.interval.value for f in groups.get(key._replace(year=year), ())):
                return Text(f"疑为{year}年数", f"this seems to be the figure of {year}")
        return None

    return hint


def _groups(scene: Scene) -> dict[FactKey, list[Fact]]:
    """Facts by what they are about, without those of a sentence or table that states the same twice unlike."""
    groups: dict[FactKey, list[Fact]] = defaultdict(list)
    departmental = scene.departmental
    for fact in scene.facts:
        measure = fact.measure
        about = fact.subject
        if about is None or measure == CHANGE or (measure == RATE and not _says_of_what(fact)):
            continue
        account = None if about else scene.places.account(fact.start)
        scope = "department" if fact.report in departmental else fact.report
        if not about and account is None and measure in _LOOSE:
            scope = fact.report
        unit = fact.figure.literal.unit if measure == RATE else fact.figure.exponent is None
        groups[from_parts(FactKey, (scope, about, measure, fact.year, fact.org, account, unit))].append(fact)
    return {key: group if len(group) == 1 else _told_apart(scene, group) for key, group in groups.items()}


def _told_apart(scene: Scene, group: Sequence[Fact]) -> list[Fact]:
    by_place: dict[int, list[Fact]] = defaultdict(list)
    for fact in group:
        by_place[scene.places.sentence(fact.start)].append(fact)
    return [f for one in by_place.values() if _is_one(one) for f in one]


def _is_one(facts: Sequence[Fact]) -> bool:
    return all(f.interval.meets(facts[0].interval) for f in facts)


def _says_of_what(rate: Fact) -> bool:
    """Whether a rate's name says what it is a rate of, or is one of the whole budget."""
    return tidy(rate.label) in words().whole_rates or subject_of(rate) is not None


class Bearings:
    """What shows that two sentences or tables break down the same thing: figures that they state alike, and heads."""

    def __init__(self, scene: Scene, groups: Mapping[FactKey, Sequence[Fact]]) -> None:
        self._alike: set[tuple[frozenset[int], str, int | None]] = set()
        self._heads: dict[tuple[int, str, int | None], Fact] = {}
        for key, group in groups.items():
            if not key.about:
                for fact in group:
                    self._heads.setdefault((scene.places.sentence(fact.start), key.measure, key.year), fact)
            if 1 < len(group) <= SHOWN:
                for i, one in enumerate(group):
                    for other in group[i + 1 :]:
                        if one.interval.value and one.interval.meets(other.interval):
                            self._alike.add((_pair(scene, one, other), key.measure, key.year))

    def comparable(self, scene: Scene, one: Fact, other: Fact) -> bool:
        """Whether two parts may be compared: their passages agree in a figure of the measure and year, and in their
        heads where both state one; chapters about different accounts only where both do."""
        if (_pair(scene, one, other), one.measure, one.year) not in self._alike:
            return False
        heads = [self._heads.get((scene.places.sentence(f.start), f.measure, f.year)) for f in (one, other)]
        if heads[0] is not None and heads[1] is not None:
            return heads[0].interval.meets(heads[1].interval)
        return scene.places.account(one.start) == scene.places.account(other.start)


def _pair(scene: Scene, one: Fact, other: Fact) -> frozenset[int]:
    return frozenset({scene.places.sentence(one.start), scene.places.sentence(other.start)})


def _comparable(scene: Scene, key: FactKey, group: Sequence[Fact], bearings: Bearings) -> list[Fact]:
    """The facts of a group that may be compared with another of it."""
    if key.measure == RATE:
        return [f for f in group if f.interval.value != HUNDRED or scene.places.row(f.start) is None]
    if not key.about:
        whole = [f for f in group if _is_departments(scene, f)]
        return whole if _values(whole) == 2 else []
    if len(group) > SHOWN:
        return []
    if key.measure == HEADCOUNT:
        return _staff(scene, group)
    slipped = _slipped(group)
    return [f for f in group if f in slipped or any(bearings.comparable(scene, f, o) for o in group if o is not f)]


def _slipped(group: Sequence[Fact]) -> list[Fact]:
    """The two facts of a group whose numbers are long and alike but for two exchanged digits: no chance makes such a pair."""
    if _values(group) != _PAIR or len({f.path[-1] for f in group}) > _PAIR:
        return []
    one, other = group[0], next(f for f in group if not f.interval.meets(group[0].interval))
    texts = [digits(f.figure).replace(".", "") for f in (one, other)]
    long = min(map(len, texts)) >= _LONG and one.figure.literal.unit == other.figure.literal.unit
    return list(group) if long and transposed(*texts) else []


def _staff(scene: Scene, group: Sequence[Fact]) -> list[Fact]:
    """The posts or people of the whole department, where there are two numbers of about the same size.

    Numbers far apart are of a unit that the label does not name.
    """
    known = words()
    told = [f for f in group if known.posts.search(f.label) or known.people.search(f.label)]
    told = [f for f in told if scene.places.row(f.start) is None and not scene.places.is_about_item(f.start)]
    numbers = [f.interval.value for f in told]
    alike = _values(told) == 2 and min(numbers) * _SIMILAR > max(numbers) * (_SIMILAR - 1)
    return told if alike else []


def _list_heads(scene: Scene) -> frozenset[int]:
    """Where the amounts begin that introduce a list of projects."""
    known: frozenset[int] | None = scene.notes.get("list heads")
    if known is None:
        known = scene.notes["list heads"] = frozenset(x.head.start for x in project_lists(scene))
    return known


def _is_departments(scene: Scene, fact: Fact) -> bool:
    """Whether a figure says that it is the whole department's, and is neither one project's, by its paragraph or the
    caption of its table, nor a list's subtotal. What is carried over needs no word for it.

    A 收入总计 or 支出总计 counts in what was carried in or out (部门决算 form 01, 财政部) and is another quantity, and the
    年度资金总额 of a form is its project's.
    """
    return (
        not words().grand_total.search(tidy(fact.path[-1]))
        and not words().fund_row.search(tidy(fact.path[-1]))
        and not words().project_money.search(scene.places.caption(fact.start))
        and (fact.measure in CARRIED or words().whole.search("".join(fact.path)) is not None)
        and not scene.places.is_about_item(fact.start)
        and not _is_anothers(scene, fact)
        and fact.start not in _list_heads(scene)
    )


def _is_anothers(scene: Scene, fact: Fact) -> bool:
    """Whether the words before a figure name an office or a place that is not the report's department."""
    clause = _BREAKS.split(scene.places.before(fact.start, _NEAR))[-1]
    named = words().office.search(clause) if scene.places.row(fact.start) is None else None
    if named is None:
        return False
    departments = {i.grounded.record.department for i in scene.reports if isinstance(i.grounded.record, Report)}
    return not any(d and d.endswith(named["name"][-_TAIL:]) for d in departments)


def _values(facts: Sequence[Fact]) -> int:
    """How many values that do not meet; a label with more than two of them does not tell its figures apart."""
    found: list[Fact] = []
    for fact in facts:
        if not any(fact.interval.meets(f.interval) for f in found):
            found.append(fact)
    return len(found)


def _counts_in(scene: Scene, facts: Sequence[Fact]) -> bool:
    """Whether two values differ by an amount that a row or sentence of theirs prints, too: one counts it in (上年结转, say),
    the other does not. Exchanged digits are no such difference."""
    one, other = facts[0], next((f for f in facts if not f.interval.meets(facts[0].interval)), None)
    if other is None or _values(facts) != _PAIR or transposed(digits(one.figure), digits(other.figure)):
        return False
    gap = abs(subtract(one.interval.value, other.interval.value))
    if sum(c.isdigit() for c in in_unit(one.figure, gap)) < _TELLING:
        return False
    return any(holds_value(scene, _around(scene, f), one.figure, gap) for f in facts[:SHOWN])


def _around(scene: Scene, fact: Fact) -> Span:
    """What stands near a figure in its row or sentence."""
    passage = scene.places.row_span(fact.start) or scene.places.sentence_span(fact.start)
    return Span(max(passage.start, fact.start - _ABOUT), min(passage.stop, fact.start + _ABOUT))


def _is_initial(fact: Fact, key: FactKey, groups: Mapping[FactKey, Sequence[Fact]]) -> bool:
    """Whether a figure called just 预算数 is the initial budget that another place states."""
    if fact.measure != "full_year_budget":
        return False
    initial = key._replace(measure="initial_budget")
    stated = (*groups.get(initial, ()), *groups.get(initial._replace(scope=fact.report), ()))
    return any(fact.interval.meets(f.interval) for f in stated)
