"""Checking: the relations that the schemas declare, applied to each record's own figures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from pipeline.checking.diagnosis import is_ratio_shift, ratio_hint, sum_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import (
    HUNDRED,
    ONE,
    Interval,
    Outcome,
    check_at_most,
    check_ratio,
    check_sum,
    follows,
    ratio_value,
)
from pipeline.checking.prose import holds_value
from pipeline.checking.scene import Figure, Item, Scene, commensurable, digits, in_unit, plain, printed, slack_in
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, Severity, Verdict
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES, RecordType
from schemas.relations import AtMost, FindingKind, Grade, Ratio, Sum
from schemas.values import Operator, Quantity, Span

_PERCENT = frozenset({"%", "％"})
_TIMES = "倍"
_BEHIND = 100
"""Characters behind an amount in which its row or sentence may say by how much it passes its limit."""


def check_declared(scene: Scene) -> Iterator[Finding]:
    """Every declared relation of every record.

    Precondition: all figures of the relation are printed, in units that may be compared; a quantity that bounds its
    value (≥95%) states no equation. Parts in other rows of a table than their total are left to the checks of tables,
    which see the rows that no field holds (上年结转资金).
    """
    for items in (scene.projects, scene.indicators, scene.score_lines, scene.survey_answers, scene.reports):
        if not items:
            continue
        plan = _plan(items[0].grounded.draft.record_type)
        for item in items:
            figures = item.figures
            for relation in plan.at_most:
                low, high = figures.get(relation.low), figures.get(relation.high)
                if low is not None and high is not None and low.interval.low > high.interval.high:
                    yield from _at_most(scene, item, plan, relation)
            for ratio in plan.ratios:
                if ratio.stated in figures and ratio.part in figures and ratio.whole in figures:
                    yield from _ratio(item, plan, ratio)
            for sum_relation in plan.sums:
                if sum_relation.total in figures and not _in_several_rows(scene, item, sum_relation):
                    yield from _sum(item, plan, sum_relation)
            for grade in plan.grades:
                yield from _grade(scene, item, plan, grade)


class Plan(NamedTuple):
    """What a record type promises, by the kind of relation, and what its fields are called."""

    rtype: RecordType
    terms: dict[str, str]
    money: frozenset[str]
    at_most: tuple[AtMost, ...]
    ratios: tuple[Ratio, ...]
    sums: tuple[Sum, ...]
    grades: tuple[Grade, ...]


@cache
def _plan(record_type: str) -> Plan:
    rtype = RECORD_TYPES[record_type]
    return Plan(
        rtype,
        {f.name: f.term for f in rtype.fields},
        frozenset(f.name for f in rtype.fields if f.sort is Sort.MONEY),
        tuple(r for r in rtype.relations if isinstance(r, AtMost)),
        tuple(r for r in rtype.relations if isinstance(r, Ratio)),
        tuple(r for r in rtype.relations if isinstance(r, Sum)),
        tuple(r for r in rtype.relations if isinstance(r, Grade)),
    )


def name_of(item: Item, rtype: RecordType) -> str:
    """What a record is called in a message."""
    value = getattr(item.grounded.record, rtype.label_field)
    if isinstance(value, tuple):
        value = value[-1]
    return "" if value is None else str(value)


def percent_factors(figure: Figure) -> tuple[Decimal, ...]:
    """What a stated rate multiplies its ratio by: 100 for %, 1 for 倍, either where no unit is printed."""
    unit = figure.literal.unit
    if unit in _PERCENT:
        return (HUNDRED,)
    if unit == _TIMES:
        return (ONE,)
    return (HUNDRED, ONE) if unit is None else ()


def _ratio(item: Item, plan: Plan, relation: Ratio) -> Iterator[Finding]:
    figures = item.figures
    stated, part, whole = figures[relation.stated], figures[relation.part], figures[relation.whole]
    if (part.exponent is None) != (whole.exponent is None):
        return
    factors = percent_factors(stated)
    outcomes = []
    for factor in factors:
        if follows(stated.interval, part.interval, whole.interval, factor):
            return
        outcome = check_ratio(stated.interval, part.interval, whole.interval, factor)
        if outcome.verdict is not Verdict.INCONSISTENT:
            return
        outcomes.append(outcome)
    quantity = getattr(item.grounded.record, relation.stated)
    bounds = isinstance(quantity, Quantity) and quantity.op not in {None, Operator.EQUALS}
    if bounds or not outcomes:
        return
    yield ratio_finding(
        kind=relation.kind,
        relation=f"{plan.rtype.name}.{relation.name}",
        item=(item.report, name_of(item, plan.rtype)),
        figures=(stated, part, whole),
        terms=(plan.terms[relation.stated], plan.terms[relation.part], plan.terms[relation.whole]),
        outcome=outcomes[0],
        factor=factors[0],
    )


def ratio_finding(  # noqa: PLR0913 - the parts of one sentence
    *,
    kind: FindingKind,
    relation: str,
    item: tuple[str, str],
    figures: tuple[Figure, Figure, Figure],
    terms: tuple[str, str, str],
    outcome: Outcome,
    factor: Decimal,
) -> Finding:
    """The finding that a stated rate does not follow from its part and whole."""
    stated, part, whole = figures
    report, name = item
    sign = "%" if factor == HUNDRED else stated.literal.unit or ""
    decimals = max(2, stated.literal.decimals)
    value = plain(ratio_value(part.interval.value, whole.interval.value, decimals, factor))
    slack = ratio_value(outcome.allowed, abs(whole.interval.value), 4, ONE)

    def holds(value: Interval) -> bool:
        return not check_ratio(value, part.interval, whole.interval, factor).broken

    prefix = f"{name}：" if name else ""
    shifted = kind is FindingKind.RATIO and is_ratio_shift(stated, holds)
    return make(
        FindingKind.DECIMAL_SHIFT if shifted else kind,
        relation,
        report,
        Text(
            f"{prefix}{terms[1]}{printed(part)}÷{terms[2]}{printed(whole)}＝{value}{sign}，印为{terms[0]}{printed(stated)}",
            f"{name or terms[0]}: {digits(part)} / {digits(whole)} = {value}{sign}, but {digits(stated)}{sign} is stated",
        ),
        stated=printed(stated),
        computed=f"{value}{sign}",
        slack=slack,
        literals=[stated.plays("stated"), part.plays("part"), whole.plays("whole")],
        suggestion=ratio_hint(stated, part, whole, holds),
    )


def _in_several_rows(scene: Scene, item: Item, relation: Sum) -> bool:
    """Whether the figures of a sum stand in more than one row of tables, or in and outside of one."""
    figures = item.figures
    parts = [figures[name].literal.span.start for name in relation.parts if name in figures]
    if not parts:
        return False
    row_of = scene.places.row
    first = row_of(figures[relation.total].literal.span.start)
    return any(row_of(place) != first for place in parts)


def _sum(item: Item, plan: Plan, relation: Sum) -> Iterator[Finding]:
    total = item.figures[relation.total]
    parts: list[tuple[str, Figure]] = []
    for name in relation.parts:
        figure = item.figures.get(name)
        if figure is not None:
            parts.append((name, _like(total, figure) if name in plan.money else figure))
        elif name not in relation.may_be_absent:
            return
    figures = [f for _, f in parts]
    if not figures or not commensurable([total, *figures]):
        return
    outcome = check_sum(total.interval, [f.interval for f in figures])
    if not outcome.broken or outcome.computed is None:
        return
    if len(figures) < len(relation.parts) and outcome.computed < total.interval.value:
        return  # the part that is not printed may be the rest
    computed = in_unit(total, outcome.computed)
    unit = total.literal.unit or ""
    listed = "＋".join(f"{plan.terms[n]}{digits(f)}" for n, f in parts)
    yield make(
        relation.kind,
        f"{plan.rtype.name}.{relation.name}",
        item.report,
        Text(
            f"{name_of(item, plan.rtype)}：{plan.terms[relation.total]}{printed(total)}≠{listed}＝{computed}{unit}",
            f"{name_of(item, plan.rtype)}: {relation.total} {digits(total)} is not "
            f"{' + '.join(digits(f) for f in figures)} = {computed}",
        ),
        stated=printed(total),
        computed=f"{computed}{unit}",
        slack=slack_in(total, outcome.allowed),
        literals=[total.plays("total"), *(f.plays("part") for f in figures)],
        suggestion=sum_hint(total, figures),
    )


def _like(total: Figure, figure: Figure) -> Figure:
    """A figure printed without a unit beside one that has it: read in the other's unit (财政拨款资金33.93，其他资金0元)."""
    if figure.exponent is not None or total.exponent is None:
        return figure
    return figure._replace(interval=figure.interval.scaled(total.exponent), exponent=total.exponent)


def _at_most(scene: Scene, item: Item, plan: Plan, relation: AtMost) -> Iterator[Finding]:
    """Precondition: the record does not say itself that the limit was passed, by a rate above 100% or by the amount."""
    low, high = item.figures[relation.low], item.figures[relation.high]
    if not commensurable((low, high)):
        return
    outcome = check_at_most(low.interval, high.interval)
    if not outcome.broken or _is_told(scene, item, low, high, outcome):
        return
    over = f"{in_unit(low, outcome.needed)}{low.literal.unit or ''}"
    yield make(
        relation.kind,
        f"{plan.rtype.name}.{relation.name}",
        item.report,
        Text(
            f"{name_of(item, plan.rtype)}：{plan.terms[relation.low]}{printed(low)}"
            f"大于{plan.terms[relation.high]}{printed(high)}，超{over}",
            f"{name_of(item, plan.rtype)}: {relation.low} {digits(low)} exceeds {relation.high} {digits(high)} by {over}",
        ),
        stated=printed(low),
        computed=printed(high),
        slack=slack_in(low, outcome.allowed),
        severity=Severity.WARNING,
        literals=[low.plays("stated"), high.plays("limit")],
    )


def _is_told(scene: Scene, item: Item, low: Figure, high: Figure, outcome: Outcome) -> bool:
    if low.exponent is None:
        return False
    rate = item.figures.get("execution_rate")
    if rate is not None and rate.interval.value > HUNDRED and follows(rate.interval, low.interval, high.interval):
        return True
    passage = scene.places.row_span(low.span.start) or scene.places.sentence_span(low.span.start)
    behind = Span(low.span.stop, min(passage.stop, low.span.stop + _BEHIND))
    return holds_value(scene, behind, low, outcome.needed)


def _grade(scene: Scene, item: Item, plan: Plan, relation: Grade) -> Iterator[Finding]:
    """Precondition: a score out of 100, a grade of the four, and no scale of the report's own in the document."""
    score = item.figures.get(relation.score)
    maximum = item.figures.get(relation.maximum)
    grade = getattr(item.grounded.record, relation.grade)
    if score is None or not grade or (maximum is not None and maximum.interval.value != HUNDRED):
        return
    known = [name for name, _ in relation.bands]
    named = next((n for n in known if grade.startswith(n)), None)
    due = next((name for name, low in relation.bands if score.interval.value >= low), known[-1])
    if named is None or named == due or score.interval.value > HUNDRED:
        return
    if words().own_scale.search(scene.document.text):
        return
    yield make(
        relation.kind,
        f"{plan.rtype.name}.{relation.name}",
        item.report,
        Text(
            f"得分{digits(score)}分应为“{due}”，评为“{grade}”", f"a score of {digits(score)} is {due}, graded {grade}"
        ),
        stated=grade,
        computed=due,
        severity=Severity.WARNING,
        literals=[score.plays("stated")],
    )
