"""Checking: 元 where 万元 is meant and the reverse, judged from the document itself; and one target in two units.

Scale errors pass every homogeneous check, so units have a check of their own. What it finds tells the other checks how a
slipped figure must be read (``Meant``), so that one slip is one finding and not also a wrong sum.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import EXACT, check_sum, interval
from pipeline.checking.labels import name_key, subject
from pipeline.checking.scene import Figure, Scene, digits, plain, printed
from pipeline.checking.vocabulary import words
from pipeline.flow import Document, Finding, Grounded, Severity
from schemas.budget_facts import BudgetFact
from schemas.fields import Sort
from schemas.indicators import Indicator
from schemas.projects import Project
from schemas.registry import RECORD_TYPES
from schemas.relations import FindingKind
from schemas.units import units
from schemas.values import Literal, UnitSource

YUAN, WAN = 0, 4
_NEIGHBOURS = 3
"""Amounts in 万元 that must stand around a figure before its size says anything."""
_FAR_BELOW = Decimal(100)
_NEAR = Decimal(20)
_PART = Decimal(100)
_SENTENCE = 80


class Amount(NamedTuple):
    """A money literal of a record, with where it belongs."""

    grounded: Grounded
    literal: Literal
    group: tuple[str, str]
    yuan: Decimal


class Section(NamedTuple):
    """The amounts in 万元 and above of a section, in text order, with the smallest and the largest in yuan."""

    amounts: list[Amount]
    starts: list[int]
    smallest: Decimal
    largest: Decimal

    def nearest(self, place: int) -> Amount:
        """The amount that stands nearest before a place, or the first."""
        return self.amounts[max(0, bisect_left(self.starts, place) - 1)]


class Slip(NamedTuple):
    """A figure in 元 that must be read in 万元, or the reverse: the exponent that is meant, the reason and the figure
    that shows it."""

    amount: Amount
    meant: int
    reason: Text
    witness: Amount | None


def find_slips(document: Document, records: Sequence[Grounded]) -> list[Slip]:
    """The figures in 元 that the document itself shows to be meant in 万元, and the reverse.

    Precondition: a figure above 0 is printed with 元, and either the same number stands with 万 or 万元 in its record's
    own figures (the one whose unit fewer amounts of the report have is the slip) or text or in a record of the same
    name; or at least three amounts of its section (of all projects, where its section has none in 万元; of its report,
    for a budget fact) are in 万元, all of them more than a hundred times as large, and read in 万元 it would be one of
    them; or a figure of the whole department is smaller than a hundredth of one of its parts. An amount for one person,
    household or acre (每人, 户均) is small by itself: its neighbours say nothing about it.
    """
    if not any(x.exponent == YUAN and x.value > 0 for g in records for x in g.literals):
        return []
    amounts = list(_amounts(records))
    around: dict[tuple[str, str], list[Amount]] = defaultdict(list)
    named: dict[tuple[str, Decimal], list[Amount]] = defaultdict(list)
    own: dict[str, list[Amount]] = defaultdict(list)
    usual = Counter((a.grounded.draft.report_id, a.literal.exponent) for a in amounts)
    for amount in amounts:
        own[amount.grounded.record_id].append(amount)
        if amount.literal.exponent is not None and amount.literal.exponent >= WAN and amount.yuan > 0:
            around[amount.group].append(amount)
            if isinstance(amount.grounded.record, Project):
                around[_all_projects(amount)].append(amount)
            if amount.literal.exponent == WAN:
                named[(_name(amount), amount.literal.value)].append(amount)
    sections = {group: _section(members) for group, members in around.items()}
    found = []
    for amount in amounts:
        if amount.literal.exponent == YUAN and amount.literal.value > 0:
            section = None if _is_for_one(document, amount) else _around(amount, sections)
            report = amount.grounded.draft.report_id
            in_yuan = usual[(report, YUAN)] > usual[(report, WAN)]
            slip = _twice(amount, own[amount.grounded.record_id], in_yuan=in_yuan) or _judge(amount, named, section)
            if slip is not None:
                found.append(slip)
    return found


def _all_projects(amount: Amount) -> tuple[str, str]:
    return amount.grounded.draft.report_id, "projects"


def _around(amount: Amount, sections: Mapping[tuple[str, str], Section]) -> Section | None:
    """The amounts of its section; those of all projects where its section, a form by itself, has none in 万元."""
    own = sections.get(amount.group)
    return own or (sections.get(_all_projects(amount)) if isinstance(amount.grounded.record, Project) else None)


def _is_for_one(document: Document, amount: Amount) -> bool:
    """Whether the sentence of an amount speaks of one person, household or thing before it."""
    start = amount.literal.span.start
    before = document.text[max(0, start - _SENTENCE) : start]
    return words().for_one.search(before[before.rfind("。") + 1 :]) is not None


def _section(members: Sequence[Amount]) -> Section:
    ordered = sorted(members, key=lambda a: a.literal.span)
    yuan = [a.yuan for a in ordered]
    return Section(ordered, [a.literal.span.start for a in ordered], min(yuan), max(yuan))


def _amounts(records: Sequence[Grounded]) -> Iterator[Amount]:
    for grounded in records:
        record = grounded.record
        if isinstance(record, Project):
            group = (grounded.draft.report_id, record.section or "")
        elif isinstance(record, BudgetFact):
            group = (grounded.draft.report_id, "budget_facts")
        else:
            continue
        for literal in grounded.literals:
            if literal.exponent is not None and literal.field != "execution_rate":
                yield Amount(grounded, literal, group, literal.value.scaleb(literal.exponent, EXACT))


def _name(amount: Amount) -> str:
    record = amount.grounded.record
    if isinstance(record, Project):
        return name_key(record.name)
    assert isinstance(record, BudgetFact)
    return f"{record.measure.value}|{'|'.join(subject(record.path, record.measure.value) or record.path)}|{record.year}"


def _twice(amount: Amount, own: Sequence[Amount], *, in_yuan: bool) -> Slip | None:
    """The slip of a record that has one number in 元 and in 万元: the unit that its report does not use otherwise."""
    same = next((a for a in own if a.literal.exponent == WAN and a.literal.value == amount.literal.value), None)
    if same is None:
        return None
    slipped, witness = (same, amount) if in_yuan else (amount, same)
    reason = Text(f"同条另一数印作{_show(witness)}", f"the same record prints {_show(witness)}")
    return Slip(slipped, YUAN if in_yuan else WAN, reason, witness)


def _judge(amount: Amount, named: dict[tuple[str, Decimal], list[Amount]], section: Section | None) -> Slip | None:
    value = amount.literal.value
    said = _said_in_text(amount)
    if said is not None:
        return Slip(amount, WAN, Text(f"正文另作{said}", f"the record's own text says {said}"), None)
    elsewhere = next((a for a in named.get((_name(amount), value), ()) if a is not amount), None)
    if elsewhere is not None:
        reason = Text(f"他处同名一项印作{_show(elsewhere)}", f"elsewhere it is {_show(elsewhere)}")
        return Slip(amount, WAN, reason, elsewhere)
    if section is None or len(section.amounts) < _NEIGHBOURS:
        return None
    as_wan = value.scaleb(WAN, EXACT)
    plausible = section.smallest <= as_wan * _NEAR and as_wan <= section.largest * _NEAR
    far_below = amount.yuan * _FAR_BELOW < section.smallest
    if plausible and (far_below or _whole_below_its_part(amount, section.largest)):
        reason = Text("同节其他金额均以万元计", "the other amounts of the section are in 万元")
        return Slip(amount, WAN, reason, section.nearest(amount.literal.span.start))
    return None


def _whole_below_its_part(amount: Amount, largest: Decimal) -> bool:
    """Whether a figure of the whole department is smaller than a hundredth of one of its parts."""
    record = amount.grounded.record
    return (
        isinstance(record, BudgetFact)
        and subject(record.path, record.measure.value) == ()
        and amount.yuan * _PART < largest
    )


def _said_in_text(amount: Amount) -> str | None:
    """The same number with 万 or 万元 in the record's own prose."""
    number = amount.literal.digits
    pattern = re.compile(rf"(?<![\d.]){re.escape(number)}\s*万元?(?![吨户人次亩件平米])")
    for info in RECORD_TYPES[amount.grounded.draft.record_type].fields:
        if info.sort is Sort.TEXT and info.name != "section":
            text = getattr(amount.grounded.record, info.name)
            match = pattern.search(text) if text else None
            if match:
                return match[0]
    return None


def _show(amount: Amount) -> str:
    return f"{amount.literal.digits}{amount.literal.unit or ''}"


def slip_findings(slips: Sequence[Slip]) -> Iterator[Finding]:
    """One finding for each slipped figure, and for all figures that one header gives its unit."""
    terms = {(n, f.name): f.term for n, t in RECORD_TYPES.items() for f in t.fields}
    for slip, *others in _by_unit(slips):
        amount = slip.amount
        grounded, literal = amount.grounded, amount.literal
        record = grounded.record
        label = record.path[-1] if isinstance(record, BudgetFact) else f"{getattr(record, 'name', '')}："
        label += "" if isinstance(record, BudgetFact) else terms[(grounded.draft.record_type, literal.field)]
        meant = "万元" if slip.meant == WAN else "元"
        figure = _figure(slip)
        number = digits(figure)
        literals = [figure.plays("stated")]
        if slip.witness is not None:
            other = slip.witness.literal
            witness = Figure(other, slip.witness.grounded.record_id, interval(other.value), other.exponent)
            literals.append(witness.plays("witness"))
        literals += [_figure(s).plays("further") for s in others]
        count = f"，同一单位共{len(others) + 1}个数" if others else ""
        count_en = f" ({len(others) + 1} figures have this unit)" if others else ""
        yield make(
            FindingKind.UNIT,
            "units.yuan_for_wan" if slip.meant == WAN else "units.wan_for_yuan",
            grounded.draft.report_id,
            Text(
                f"{label}印作{printed(figure)}，疑为{number}{meant}（{slip.reason.zh}{count}）",
                f"{label.replace('：', ', ')}: {number} is printed in {literal.unit} where {meant} must be meant: "
                f"{slip.reason.en}{count_en}",
            ),
            stated=printed(figure),
            computed=f"{number}{meant}",
            literals=literals,
            suggestion=Text(f"疑为{number}{meant}", f"{number} {meant} meant"),
        )


def _by_unit(slips: Sequence[Slip]) -> Iterator[list[Slip]]:
    """The slips whose unit is printed once for all of them together, each other by itself."""
    groups: dict[Hashable, list[Slip]] = defaultdict(list)
    for slip in slips:
        literal = slip.amount.literal
        unit = None if literal.unit_source is UnitSource.ADJACENT else literal.unit_span
        groups[(slip.meant, unit or literal.span)].append(slip)
    for group in groups.values():
        yield sorted(group, key=lambda s: s.amount.literal.span)


def _figure(slip: Slip) -> Figure:
    literal = slip.amount.literal
    value = interval(literal.value, literal.decimals)
    return Figure(literal, slip.amount.grounded.record_id, value, literal.exponent)


def unprinted_units(scene: Scene, slips: Sequence[Slip]) -> Iterator[Finding]:
    """A project's amount without a unit, beside amounts of the same record that have one.

    Precondition: prose, not a table, where a header may declare the unit; and another amount above 0 of the record is
    printed with its unit.
    """
    slipped = {(s.amount.grounded.record_id, s.amount.literal.field) for s in slips}
    money = {f.name for f in RECORD_TYPES["projects"].fields if f.sort is Sort.MONEY}
    for item in scene.projects:
        bare = [f for n, f in item.figures.items() if n in money and f.exponent is None and f.interval.value]
        if not bare:
            continue
        beside = [f for n, f in item.figures.items() if n in money and f.exponent is not None and f.interval.value]
        if not beside:
            continue
        record = item.grounded.record
        assert isinstance(record, Project)
        for figure in bare:
            if scene.places.table(figure.span.start) is not None:
                continue
            unit = "万元" if beside[0].exponent == WAN else beside[0].literal.unit or ""
            sure = (item.record_id, beside[0].literal.field) in slipped or beside[0].literal.exponent == WAN
            yield make(
                FindingKind.UNIT,
                "units.unprinted",
                item.report,
                Text(
                    f"{record.name}：{digits(figure)}未印单位，同条另一数为{printed(beside[0])}",
                    f"{record.name}: {digits(figure)} has no unit; the same record prints {printed(beside[0])}",
                ),
                stated=digits(figure),
                computed=f"{digits(figure)}{unit}",
                severity=Severity.WARNING,
                literals=[figure.plays("stated"), beside[0].plays("witness")],
                suggestion=Text(f"疑为{digits(figure)}{unit}", f"{unit} meant") if sure else None,
            )


def slip_in_sum(total: Figure, parts: Sequence[Figure], report: str | None) -> Finding | None:
    """The finding that one amount of a sum that does not hold is in 元 where 万元 is meant, or the reverse; None where no
    one amount explains it so."""
    figures = (total, *parts)
    if any(f.exponent not in {YUAN, WAN} for f in figures):
        return None
    for index, figure in enumerate(figures):
        meant = WAN if figure.exponent == YUAN else YUAN
        moved = figure.interval.scaled(meant - (figure.exponent or 0))
        values = [moved if i == index else f.interval for i, f in enumerate(figures)]
        outcome = check_sum(values[0], values[1:])
        if outcome.holds and outcome.allowed < abs(moved.value):
            return _of_sum(figure, meant, [f for f in figures if f is not figure], report)
    return None


def _of_sum(figure: Figure, meant: int, others: Sequence[Figure], report: str | None) -> Finding:
    unit = "万元" if meant == WAN else "元"
    return make(
        FindingKind.UNIT,
        "units.in_sum",
        report,
        Text(
            f"{printed(figure)}疑为{digits(figure)}{unit}（与{'、'.join(printed(f) for f in others)}方能相加相符）",
            f"{printed(figure)}: {unit} must be meant, which makes the sum of the other amounts hold",
        ),
        stated=printed(figure),
        computed=f"{digits(figure)}{unit}",
        literals=[figure.plays("stated"), *(f.plays("witness") for f in others)],
        suggestion=Text(f"疑为{digits(figure)}{unit}", f"{digits(figure)} {unit} meant"),
    )


_SCALES = {"万亿": 12, "千万": 7, "百万": 6, "亿": 8, "万": 4, "千": 3, "": 0}
_SCALE = re.compile(r"^(万亿|千万|百万|亿|万|千)?(.*)$")


def split_unit(unit: str) -> tuple[int, str]:
    """A unit's power of ten and what it measures: 万吨 is (4, 吨), 亿 and 亿元 are both (8, 元)."""
    if unit in units().money:
        return units().money[unit], "元"
    match = _SCALE.match(unit)
    assert match is not None
    if not match[2] or match[2] in {"克", "米", "瓦", "瓦时"}:
        return 0, unit
    return _SCALES[match[1] or ""], match[2]


def scale_clashes(scene: Scene) -> Iterator[Finding]:
    """One indicator's target or actual value in units of different scale (90.4吨, 90.4万吨).

    Precondition: two rows of one report with the same lowest label give the same number in units of one dimension.
    """
    rows: dict[tuple[str, str, str, Decimal], list[Figure]] = defaultdict(list)
    for item in scene.indicators:
        record = item.grounded.record
        assert isinstance(record, Indicator)
        label = record.level4 or record.level3 or record.level2
        for name in ("target", "actual"):
            figure = item.figures.get(name)
            if label and figure is not None and figure.literal.unit and figure.literal.value:
                rows[(item.report, name_key(label), name, figure.literal.value)].append(figure)
    for (report, label, _, value), figures in rows.items():
        first, *others = figures
        scale, dimension = split_unit(str(first.literal.unit))
        for other in others:
            other_scale, other_dimension = split_unit(str(other.literal.unit))
            if dimension == other_dimension and scale != other_scale:
                low, high = (first, other) if scale < other_scale else (other, first)
                yield make(
                    FindingKind.UNIT,
                    "units.scale_clash",
                    report,
                    Text(
                        f"“{label}”一处印作{printed(low)}，另一处印作{printed(high)}",
                        f"{label}: {plain(value)} is printed once in {low.literal.unit} and once in {high.literal.unit}",
                    ),
                    stated=printed(low),
                    computed=printed(high),
                    literals=[low.plays("stated"), high.plays("other")],
                    suggestion=Text(f"疑为{printed(high)}", f"{high.literal.unit} meant"),
                )
                break


def slips_as_meant(slips: Sequence[Slip]) -> dict[tuple[str, str], int]:
    """How the slipped figures must be read."""
    return {(s.amount.grounded.record_id, s.amount.literal.field): s.meant for s in slips}
