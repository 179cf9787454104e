"""Extraction, offline: ``budget_facts`` from prose, chains of 其中 and comparisons with last year included."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.extraction.offline.context import Context
from pipeline.extraction.offline.fact_labels import (
    HEADCOUNT_UNITS,
    SHARE_UNITS,
    is_budget_label,
    measure_of,
    trim,
)
from pipeline.extraction.offline.projects_prose import is_entry
from pipeline.flow import Block, BlockKind, Draft, View
from pipeline.numerals import Numeral, find_numerals
from schemas.budget_facts import BudgetFact, Measure
from schemas.units import money_exponent
from schemas.values import Span, plain_number, squeeze

_BREAK = re.compile(r"[，,。；;：:、（(）)！!？?“”\"]")
_YEAR = re.compile(r"((?:19|20)\d{2})\s?年")
_CHANGE = re.compile(r"(增加|减少|增长|下降|上升|提高|降低|增幅|降幅|节约|压减)(?:额|了|率|比例)?(?:为|达|约)?$")
_COMPARED = re.compile(r"(?:比|较|同比|上年|去年)")
_SKIPPED = re.compile(r"任务|目标|主要绩效|效益|职能|职责|产出|满意度|问卷|依据|问题|建议|措施|原因|经验|做法")
_GROUP_HEADS = ("收入", "支出", "预算", "三公", "采购", "人员", "资产", "结转", "结余", "资金")


@dataclass(slots=True)
class _Sentence:
    """What has been said so far: the labels above the current figure, its measure and year."""

    heads: list[str] = field(default_factory=list)
    measure: Measure | None = None
    nested: bool = False
    subject: str | None = None


def read(context: Context) -> Iterator[Draft]:
    """The budget facts that prose states."""
    skipped = {p.span.start for heading, below in context.entries() if is_entry(below) for p in (heading, *below)}
    for block in context.layout.blocks:
        if block.span.start in skipped or block.kind is BlockKind.HEADING or _is_elsewhere(block):
            continue
        yield from _from_block(context, block)


def _is_elsewhere(block: Block) -> bool:
    return bool(block.path) and bool(_SKIPPED.search(block.path[-1]))


def _from_block(context: Context, block: Block) -> Iterator[Draft]:
    view = block.view
    state = _Sentence()
    last = len(block.mark)
    for numeral in find_numerals(view.text, last):
        between = view.text[last : numeral.start]
        if not _is_fact_unit(numeral):
            if "。" in between:
                state = _Sentence()
            continue
        last = numeral.unit_stop
        if "。" in between or "；" in between or ";" in between:
            state = _Sentence()
        fact = _fact(context, view, numeral, between, state)
        if fact is not None:
            yield fact


def _is_fact_unit(numeral: Numeral) -> bool:
    return money_exponent(numeral.unit) is not None or numeral.unit in HEADCOUNT_UNITS or numeral.unit in SHARE_UNITS


def _fact(context: Context, view: View, numeral: Numeral, between: str, state: _Sentence) -> Draft | None:
    clause_start = max((m.end() for m in _BREAK.finditer(between)), default=0)
    clause = between[clause_start:]
    year = context.year_at(view.places[numeral.start])
    named = _YEAR.findall(between)
    if named:
        year = int(named[-1])
    label = trim(clause)
    change = _CHANGE.search(squeeze(clause))
    measure: Measure | None
    if change and state.subject and len(trim(_CHANGE.sub("", squeeze(clause)))) <= 4:
        label = state.subject
        measure = Measure.RATE if numeral.unit in SHARE_UNITS else Measure.CHANGE
        path: Sequence[str] = (*state.heads, label) if label not in state.heads else tuple(state.heads)
    else:
        if not label and _COMPARED.search(between) and state.subject:
            label = state.subject
        headcount = numeral.unit in HEADCOUNT_UNITS
        if not is_budget_label(label, headcount=headcount):
            return None
        measure = measure_of(label, numeral.unit)
        if headcount:
            measure = Measure.HEADCOUNT if measure is Measure.HEADCOUNT or state.measure is Measure.HEADCOUNT else None
        if re.search(r"其中|包括|[（(：:]", between) and state.subject:
            if not state.nested or "（" in between or "(" in between:
                state.heads = [*state.heads, state.subject] if state.subject not in state.heads else state.heads
            state.nested = True
        if "）" in between or ")" in between:
            state.heads = state.heads[:-1]
            state.nested = bool(state.heads)
        if state.nested and measure is not Measure.RATE and state.measure is not None:
            measure = state.measure if measure in {None, Measure.EXECUTED, Measure.RECEIVED} else measure
        path = (*state.heads, label)
    if measure is None:
        return None
    if measure not in {Measure.RATE, Measure.CHANGE} and not _COMPARED.search(clause):
        state.subject = label
        state.measure = measure
    return _draft(context, view, numeral, clause, path, measure, year)


def _draft(  # noqa: PLR0913, PLR0917 - one place puts a fact together
    context: Context, view: View, numeral: Numeral, clause: str, path: Sequence[str], measure: Measure, year: int | None
) -> Draft:
    lead = len(clause) - len(clause.lstrip("，,。；;：:、（( "))
    start = numeral.start - len(clause) + lead
    digits = view.span(numeral.start, numeral.stop)
    quote = Span(view.places[start], view.span(numeral.start, numeral.unit_stop).stop)
    record = BudgetFact(
        quote=context.quote(quote),
        path=_grouped(tuple(path), measure),
        measure=measure,
        year=year,
        value=plain_number(view.text[numeral.start : numeral.stop]).lstrip("-"),
        unit=numeral.unit,
    )
    return context.draft("budget_facts", record, quote, {"value": digits})


def _grouped(path: tuple[str, ...], measure: Measure) -> tuple[str, ...]:
    """The path with its group before it where its first label does not say it."""
    if any(head in path[0] for head in _GROUP_HEADS):
        return path
    group = {
        Measure.HEADCOUNT: "人员",
        Measure.ASSETS: "资产",
        Measure.RECEIVED: "收入",
        Measure.CARRIED_IN: "结转结余",
        Measure.CARRIED_OUT: "结转结余",
        Measure.INITIAL_BUDGET: "预算",
        Measure.FULL_YEAR_BUDGET: "预算",
    }.get(measure, "支出")
    return (group, *path)
