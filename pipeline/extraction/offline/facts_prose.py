"""Extraction, offline: ``budget_facts`` from prose, chains of 其中 and comparisons with last year included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pipeline.extraction.offline.context import Context
from pipeline.extraction.offline.fact_labels import (
    HEADCOUNT_UNITS,
    SHARE_UNITS,
    FactLabel,
    is_budget_label,
    measure_of,
    read_label,
    trim,
)
from pipeline.extraction.offline.projects_prose import is_entry, project_amounts
from pipeline.flow import Block, BlockKind, Draft, View
from pipeline.numerals import Numeral, find_numerals
from schemas.budget_facts import BudgetFact, Measure
from schemas.units import money_exponent
from schemas.values import Span, plain_number, squeeze

_BREAK = re.compile(r"[，,。；;：:、（(）)！!？?]")
_YEAR = re.compile(r"((?:19|20)\d{2})\s?年")
_CHANGE = re.compile(
    r"(?:增加|减少|增长|下降|上升|提高|降低|增幅|降幅|压减|增减)(?:额|了|率|比例)?(?:为|达|约)?[：:]?$"
)
_COMPARED = re.compile(r"^\s*(?:同?比|较|上年|去年|[与同对](?:照)?(?:上年|去年|(?:19|20)\d{2}))")
_AGAINST = re.compile(r"^(?P<subject>.{2,20}?)(?:同?比|较)(?:上年|去年|(?:19|20)\d{2}\s?年)(?:度|同期|的)*\s*$")
_LEAD = re.compile(r"^(?P<lead>[\u4e00-\u9fff]{2,16}情况)[：:]")
_ABOUT = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、])?\s*"
    r"(?P<subject>“?三公”?经费”?|政府采购|公用经费|人员经费)(?:支出|预算|执行|使用)*(?:情况|管理)"
)
_COUNTED = re.compile(r"^(?P<lead>[\u4e00-\u9fff]{2,24}项目)\s?\d{1,3}\s?个")
_CHANGED = re.compile(r"^(?P<subject>.{2,20}?)(?:同?比|较)(?:上年|去年|(?:19|20)\d{2}年)?(?:度|同期)?.{0,8}?$")
_PART_OF = re.compile(r"其中|包括|[（(]|主要用于")
_SKIPPED = re.compile(
    r"职能|职责|依据|原则|满意度|基本概况$|工作程序|指标体系|评价方法|年度.{0,6}任务|重点工作|产出数量|产出质量"
)
_FUND = re.compile(r"^(?P<fund>[\u4e00-\u9fff]{2,10}资金)(?P<done>到位|支出)$")
_DONE = re.compile(r"(?:资金)?(?:支出|到位|结余|执行率|到位率)")
_PEOPLE = re.compile(r"编制\s?\d+\s?[名人]|在职[^，。]{0,8}\d+\s?[名人]")
_BEFORE = re.compile(r"^\s*(?:同?比|较|与|同|对照)?(?:上年|去年|(?:19|20)\d{2}\s?年)(?:度|同期|的|数)*")
_BARE = frozenset({"预算", "实际执行", "实际支出", "执行", "资金", "经费"})
_VAGUE = frozenset({None, Measure.EXECUTED, Measure.RECEIVED})
_GROUP_HEADS = ("收入", "支出", "预算", "三公", "采购", "人员", "资产", "结转", "结余", "资金")
_GROUPS = {
    Measure.HEADCOUNT: "人员",
    Measure.ASSETS: "资产",
    Measure.RECEIVED: "收入",
    Measure.CARRIED_IN: "结转结余",
    Measure.CARRIED_OUT: "结转结余",
    Measure.INITIAL_BUDGET: "预算",
    Measure.FULL_YEAR_BUDGET: "预算",
}


@dataclass(slots=True)
class _Sentence:
    """What a sentence has said so far: the labels above the current figure, its subject, measure, year and sub-unit."""

    heads: list[str] = field(default_factory=list)
    subject: str | None = None
    measure: Measure | None = None
    rate: str | None = None
    year: int | None = None
    org: str | None = None
    nested: bool = False
    fund: str | None = None


@dataclass(frozen=True, slots=True)
class _Fact:
    """What a figure states: labels, measure, year, sub-unit."""

    path: tuple[str, ...]
    measure: Measure
    year: int | None
    org: str | None


def read(context: Context) -> Iterator[Draft]:
    """The budget facts that prose states, in reading order; what one chapter states twice is one fact."""
    seen: set[tuple[object, ...]] = set()
    for block, draft in _stated(context):
        record = draft.record
        assert isinstance(record, BudgetFact)
        key = (block.path[:1], draft.report_id, record.path[-1], record.measure, record.year, record.org, record.value)
        if key not in seen:
            seen.add(key)
            yield draft


def _stated(context: Context) -> Iterator[tuple[Block, Draft]]:
    skipped = {p.span.start for heading, below in context.entries() if is_entry(below) for p in (heading, *below)}
    for block in context.layout.blocks:
        if block.span.start in skipped or block.kind is BlockKind.HEADING:
            continue
        if not (block.path and _SKIPPED.search(block.path[-1])) or _PEOPLE.search(block.text):
            for draft in _from_block(context, block):
                yield block, draft


def _from_block(context: Context, block: Block) -> Iterator[Draft]:
    view = block.view
    base = _base(block)
    state = replace(base)
    last = len(block.mark)
    of_projects = project_amounts(block)
    for numeral in find_numerals(view.text, last):
        between = view.text[last : numeral.start]
        if "。" in between:
            state = replace(base)
        if not _is_fact_unit(numeral):
            continue
        last = numeral.unit_stop
        if numeral.start in of_projects:
            continue
        if "；" in between or ";" in between:
            state.subject = state.heads[0] if state.heads and not base.heads else state.subject
            state.heads, state.nested, state.fund = list(base.heads), base.nested, None
        fact = _fact(context, view, numeral, between, state)
        if fact is not None:
            yield _draft(context, view, numeral, _clause(between), fact)


def _base(block: Block) -> _Sentence:
    """“财政经费下达情况：…” and “年初预算项目8个，…” head every figure of their paragraph."""
    text = block.text[len(block.mark) :].lstrip()
    if match := _LEAD.match(text):
        measure = measure_of(match["lead"], None)
        return _Sentence(heads=[match["lead"]], measure=measure, nested=True) if measure else _Sentence()
    if match := _COUNTED.match(text):
        lead = match["lead"]
        measure = Measure.INITIAL_BUDGET if "年初" in lead else Measure.ADJUSTMENT if "调整" in lead else None
        return _Sentence(heads=[lead], measure=measure, nested=True)
    heading = _ABOUT.match(block.path[-1]) if block.path else None
    return _Sentence(subject=trim(heading["subject"])) if heading else _Sentence()


def _is_fact_unit(numeral: Numeral) -> bool:
    return money_exponent(numeral.unit) is not None or numeral.unit in HEADCOUNT_UNITS or numeral.unit in SHARE_UNITS


def _clause(between: str) -> str:
    """The words right before a figure, back to the last break."""
    return between[max((m.end() for m in _BREAK.finditer(between)), default=0) :]


def _fact(context: Context, view: View, numeral: Numeral, between: str, state: _Sentence) -> _Fact | None:
    """What a figure states in its sentence, which it moves on."""
    clause = _clause(between)
    _close(between, state)
    against = _AGAINST.match(clause)
    if against:
        state.subject = trim(against["subject"])
        state.measure = measure_of(state.subject, None)
        clause = clause[against.end("subject") :]
    compared = bool(_COMPARED.search(clause))
    year = _year(context, view, numeral, between, state, compared=compared)
    if (change := _change(clause, numeral, state)) is not None:
        return _Fact(
            (*state.heads, change[0]), change[1], state.year or context.year_at(view.places[numeral.start]), state.org
        )
    headcount = numeral.unit in HEADCOUNT_UNITS
    label = read_label(_BEFORE.sub("", clause) if compared else clause, headcount=headcount)
    if label.org:
        state.org = label.org
    named = _subject(label, numeral, state, compared=compared)
    if named is None or not (is_budget_label(named[0], headcount=headcount) or named[0] == label.word):
        return None
    subject, measure = named
    if headcount and measure is not Measure.HEADCOUNT and state.measure is not Measure.HEADCOUNT:
        return None
    _nest(between, state)
    if subject in _BARE and not (state.heads or state.fund or compared):
        return None
    measure = Measure.HEADCOUNT if headcount else _inherited(measure, label, state)
    if measure is None:
        return None
    path = (*state.heads, *_fund(subject, state))
    if measure is Measure.RATE:
        state.rate = subject
    elif not compared:
        state.subject, state.measure = subject, measure
    return _Fact(path, measure, year, state.org)


def _year(
    context: Context, view: View, numeral: Numeral, between: str, state: _Sentence, *, compared: bool
) -> int | None:
    """The year that the words name; a comparison names it for its own figure alone."""
    fiscal = context.year_at(view.places[numeral.start])
    named = _YEAR.findall(between)
    if compared:
        return int(named[-1]) if named else (fiscal - 1 if fiscal else None)
    if named:
        state.year = int(named[-1])
    return state.year or fiscal


def _change(clause: str, numeral: Numeral, state: _Sentence) -> tuple[str, Measure] | None:
    """增加3万元, 增幅12%: a change of the subject before it."""
    words = squeeze(clause)
    match = _CHANGE.search(words)
    if not match:
        return None
    rest = words[: match.start()]
    compared = _CHANGED.match(rest)
    rest = trim(compared["subject"] if compared else rest)
    measure = Measure.RATE if numeral.unit in SHARE_UNITS else Measure.CHANGE
    if len(rest) >= 4 and is_budget_label(rest, headcount=False):
        state.subject = rest
        return rest, measure
    return (state.subject, measure) if state.subject else None


def _subject(
    label: FactLabel, numeral: Numeral, state: _Sentence, *, compared: bool
) -> tuple[str, Measure | None] | None:
    """The label that a figure goes by, and what the words say it measures."""
    if label.subject:
        return label.subject, label.measure or measure_of(label.subject, numeral.unit)
    if label.measure is not None:
        if state.subject and not state.nested and not _is_word(state.subject):
            return state.subject, label.measure
        return label.word, label.measure
    if compared and numeral.unit in SHARE_UNITS and state.rate:
        return state.rate, Measure.RATE
    if compared and state.subject:
        return state.subject, state.measure
    return None


def _is_word(label: str) -> bool:
    """Whether a label is only a measure's word (全年预算数)."""
    return not read_label(label, headcount=False).subject


def _fund(subject: str, state: _Sentence) -> tuple[str, ...]:
    """“市级资金到位382万元，支出357万元”: what is done with a fund goes below the fund."""
    if match := _FUND.match(subject):
        state.fund = match["fund"]
        return match["fund"], match["done"]
    return (state.fund, subject) if state.fund and _DONE.fullmatch(subject) else (subject,)


def _close(between: str, state: _Sentence) -> None:
    """A closing bracket comes up again to the subject before it."""
    if ("）" in between or ")" in between) and state.heads:
        state.subject = state.heads[-1]
        state.heads = state.heads[:-1]
        state.nested = bool(state.heads)


def _nest(between: str, state: _Sentence) -> None:
    """其中 and opening brackets go below the subject before them."""
    if _PART_OF.search(between) and state.subject:
        if state.subject not in state.heads:
            state.heads = [*state.heads, state.subject]
        state.nested = True


def _inherited(measure: Measure | None, label: FactLabel, state: _Sentence) -> Measure | None:
    """A part is measured as its whole is, unless its own words say otherwise; a figure that nothing is said of goes on
    with the measure before it."""
    if measure is None and label.measure is None:
        return state.measure
    if not state.nested or state.measure is None:
        return measure
    if label.word == "预算" or (label.measure is None and measure in _VAGUE):
        return state.measure
    if measure is Measure.FULL_YEAR_BUDGET and state.measure in {Measure.INITIAL_BUDGET, Measure.ADJUSTMENT}:
        return state.measure
    return measure


def _draft(context: Context, view: View, numeral: Numeral, clause: str, fact: _Fact) -> Draft:
    lead = len(clause) - len(clause.lstrip())
    start = numeral.start - len(clause) + lead
    quote = Span(view.places[start], view.span(numeral.start, numeral.unit_stop).stop)
    record = BudgetFact(
        quote=context.quote(quote),
        path=_grouped(fact.path, fact.measure),
        measure=fact.measure,
        year=fact.year,
        org=fact.org,
        value=plain_number(view.text[numeral.start : numeral.stop]).lstrip("-"),
        unit=numeral.unit,
    )
    return context.draft("budget_facts", record, quote, {"value": view.span(numeral.start, numeral.stop)})


def _grouped(path: tuple[str, ...], measure: Measure) -> tuple[str, ...]:
    """The path with its group before it where its first label does not say it."""
    if any(head in path[0] for head in _GROUP_HEADS):
        return path
    return (_GROUPS.get(measure, "支出"), *path)
