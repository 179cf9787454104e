"""Extraction, offline: ``budget_facts`` from prose, chains of 其中 and comparisons with last year included."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.extraction.offline.context import Context
from pipeline.extraction.offline.directions import listed_blocks
from pipeline.extraction.offline.fact_labels import HEADCOUNT_UNITS, measure_of, trim
from pipeline.extraction.offline.fact_places import listed_places
from pipeline.extraction.offline.fact_state import Sentence, Stated
from pipeline.extraction.offline.facts_sentence import DIVIDED, clause_of, is_equipment, is_fact_unit, stated
from pipeline.extraction.offline.leads import sections
from pipeline.extraction.offline.project_amounts import states_money
from pipeline.extraction.offline.project_items import is_project_name
from pipeline.extraction.offline.projects_prose import is_entry, project_amounts
from pipeline.flow import Block, BlockKind, Draft
from pipeline.numerals import Numeral
from schemas.budget_facts import BudgetFact, Measure, can_be_in
from schemas.units import money_exponent
from schemas.values import FIRST_YEAR, Span, plain_number

_LEAD = re.compile(
    r"^(?P<lead>[\u4e00-\u9fff]{2,16}情况|(?:项目|预算|财政|本年|经费)*(?:资金|收入|经费)(?:来源|构成))[：:]"
)
_ABOUT = re.compile(
    r"^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、])?\s*"
    r"(?P<subject>“?三公”?经费”?|政府采购|公用经费|人员经费)(?:支出|预算|执行|使用)*(?:情况|管理)"
)
_TOPIC = re.compile(
    r"\s*(?P<said>(?P<subject>(?:[^。；;，,：:（()）\d]|[（(][^（()）]{1,20}[）)]){2,80}(?:支出|经费|费|收入|[（(][类款项][）)]))[。：:])\s?"
    r"(?:(?:19|20)\d{2}\s?年(?:度)?)?(?=(?:年初|全年|调整|支出)?(?:预算|决算)(?!执行))"
)
"""What an item is about, before its budget and spending (农林水支出（类）农业农村（款）行政运行（项）。年初预算为…)."""

_OF_WHICH_BELOW = re.compile(r"(?P<stop>。)?\s*其中(?:如下)?[：:]\Z")
_NEAR_END = 10
_COUNTED = re.compile(r"^(?P<lead>[\u4e00-\u9fff]{2,24}项目)\s?\d{1,3}\s?个")
_OF_LEVEL = re.compile(r"级|中央")
"""What a number of projects is about that says whose money theirs is (上级专项资金项目3个)."""

_GOES_ON = re.compile(
    rf"\s*(?:其中|{DIVIDED}|(?:全年|当年|年度)?实际(?:支出|执行|采购|到位)|(?:同?比|较|[与同])(?:上年|去年|(?:19|20)\d{{2}}\s?年))"
)
_SKIPPED = re.compile(
    r"职能|职责|依据|原则|满意度|基本概况$|工作程序|指标体系|评价方法|年度.{0,6}任务|重点工作|产出数量|产出质量"
)
_PEOPLE = re.compile(r"编制\s?\d+\s?[名人]|在职[^，。]{0,8}\d+\s?[名人]")
_STAFF = re.compile(r"编制|在职|在编|离退休|退休人员|实有人|干部职工|公务员|参公|事业人员|工勤")
_AWARDED = re.compile(r"企业的?合同")
_PRICED = 40
"""Characters before a number of equipment in which its price may stand."""

_STEP = re.compile(r"^[一二三四五六七八九十]是")
_CUT = re.compile(r"\d[.．]?\s+\Z")
"""What comes before the rest of a number that was broken in two (支出1 2.5万元, 支出12. 5万元): neither part is a figure."""

_ENTRY_LEAD = re.compile(r"^\s*(?P<name>[^，,。：:；;（(\d]{4,40})(?:[，,。：:（(]|(?=\d))")
_NO_ENTRY = re.compile(r"(?:情况|支出|收入|预算|决算|率|方面|目标|管理|概况|原因|问题|公用经费|人员经费)$")
_FAULTS = re.compile(r"问题|不足")
_GROUP_HEADS = ("收入", "支出", "预算", "三公", "采购", "人员", "资产", "结转", "结余", "资金")
_GROUPS = {
    Measure.HEADCOUNT: "人员",
    Measure.ASSETS: "资产",
    Measure.RECEIVED: "收入",
    Measure.CARRIED_IN: "结转结余",
    Measure.CARRIED_OUT: "结转结余",
    Measure.INITIAL_BUDGET: "预算",
    Measure.FULL_YEAR_BUDGET: "预算",
    Measure.SUPPLEMENTARY: "预算",
    Measure.ADJUSTMENT: "预算",
    Measure.REDUCTION: "预算",
}


def read(context: Context) -> Iterator[Draft]:
    """The budget facts that prose states, in reading order; what one chapter states twice is one fact."""
    seen: set[tuple[object, ...]] = set()
    for found in _stated(context):
        fact = found.fact
        report = context.layout.report_at(found.quote.start)
        key = (found.block.path[:1], report, fact.path[-1], fact.measure, fact.year, fact.org, found.value)
        sensible = (fact.year is None or fact.year >= FIRST_YEAR) and can_be_in(fact.measure, found.numeral.unit)
        if key not in seen and sensible:
            seen.add(key)
            yield _draft(context, found)


class _Found(NamedTuple):
    """A figure of a block and what it states; ``quote`` covers its clause and unit, ``value`` is without its sign."""

    block: Block
    numeral: Numeral
    fact: Stated
    quote: Span
    value: str


def _stated(context: Context) -> Iterator[_Found]:
    skipped = {
        p.span.start for heading, below in context.entries if is_entry(context, below) for p in (heading, *below)
    }
    skipped |= context.once(listed_blocks).keys()
    listed = _Listed()
    for block in context.layout.blocks:
        if not block.numerals or block.span.start in skipped or _is_project(block):
            listed.pass_over(block)
            continue
        if block.kind is BlockKind.HEADING and not _states_amount(block):
            continue
        if not (block.path and _SKIPPED.search(block.path[-1])) or _PEOPLE.search(block.text):
            listed.enter(block)
            listed.leave(block, (yield from _from_block(context, block, listed.whole)))


def _states_amount(heading: Block) -> bool:
    """Whether a heading states how much the money is that it names (（五）政府采购支出86.35万元)."""
    figures = heading.numerals
    return (
        bool(figures)
        and money_exponent(figures[-1].unit) is not None
        and figures[-1].unit_stop >= len(heading.text.rstrip("。；")) - 1
    )


def _is_project(block: Block) -> bool:
    """Whether a list item below a heading of projects begins with a project's name: its figures are the project's."""
    if not (block.mark and block.path):
        return False
    lead = _ENTRY_LEAD.match(block.text[len(block.mark) :])
    if lead is None or _NO_ENTRY.search(lead["name"]):
        return False
    if "项目" in block.path[-1]:
        return is_project_name(lead["name"])
    return _FAULTS.search(block.path[-1]) is not None and is_project_name(lead["name"], surely=True)


@dataclass(slots=True)
class _Listed:
    """What a block that ends in 其中： says of the list below it: ``whole`` heads the blocks of the list, which are all of one
    kind; a list without marks ends with its first full stop."""

    whole: Sentence | None = None
    kind: tuple[BlockKind, int] | None = None

    def pass_over(self, block: Block) -> None:
        """A block that states nothing ends the list where it is none of its items."""
        if block.kind is BlockKind.HEADING or self.kind not in {None, (block.kind, block.level)}:
            self.whole = self.kind = None

    def enter(self, block: Block) -> None:
        """The first block of the list tells of what kind its others are."""
        self.pass_over(block)
        if self.whole is not None:
            self.kind = (block.kind, block.level)

    def leave(self, block: Block, said: Sentence | None) -> None:
        """Takes what a block said: a list may begin below it, or end with it."""
        text = block.text.rstrip()
        if (end := _OF_WHICH_BELOW.search(text[-_NEAR_END:])) is not None and said is not None:
            subject, measure = said.subject, said.measure
            if end["stop"] and said.first is not None:
                subject, measure = said.first
            self.whole = Sentence(heads=[subject], measure=measure, nested=True, below=True) if subject else None
            self.kind = None
        elif block.kind is BlockKind.PARAGRAPH and text.endswith("。"):
            self.whole = self.kind = None


def _from_block(context: Context, block: Block, above: Sentence | None) -> Generator[_Found, None, Sentence | None]:
    """The facts of a block; ``above`` heads the list that it is part of. Returns what the block said last."""
    view = block.view
    last = len(block.mark)
    figures = [n for n in block.numerals if n.start >= last and is_fact_unit(n.unit)]
    if not figures:
        return None
    topic = _topic(block)
    last = max(last, topic.end("said") if topic else 0)
    base = _of_topic(topic["subject"], above) if topic else _base(block, above)
    base.places = listed_places(view.text)
    state = base.again()
    section = context.once(sections)[block.span.start]
    of_projects = project_amounts(block, section) if states_money(block) else frozenset()
    staff = bool(_STAFF.search(block.text))
    for numeral in figures:
        between = view.text[last : numeral.start]
        if is_equipment(numeral.unit):
            between = view.text[max(len(block.mark), numeral.start - _PRICED) : numeral.start]
        if "。" in between:
            goes_on = _GOES_ON.match(between, between.rindex("。") + 1)
            granted = state.granted
            state = state.followed(base) if goes_on else base.again()
            state.granted |= granted
        last = numeral.unit_stop
        if numeral.start in of_projects or (numeral.unit in HEADCOUNT_UNITS and not staff):
            continue
        if "；" in between or ";" in between:
            state.semicolon(base)
        clause = clause_of(between)
        if _STEP.match(clause) or _CUT.search(between):
            continue
        fact = stated(numeral, between, clause, state, context.year_at(view.places[numeral.start]))
        if fact is not None:
            yield _found(block, numeral, clause, fact)
    return state


def _found(block: Block, numeral: Numeral, clause: str, fact: Stated) -> _Found:
    view = block.view
    start = numeral.start - len(clause.lstrip())
    quote = Span(view.places[start], view.span(numeral.start, numeral.unit_stop).stop)
    value = plain_number(view.text[numeral.start : numeral.stop])
    return _Found(block, numeral, fact, quote, value)


def _topic(block: Block) -> re.Match[str] | None:
    """What a block says that it is about before its first figure (“农林水支出。年初预算为…”)."""
    return _TOPIC.match(block.text, len(block.mark))


def _of_topic(subject: str, above: Sentence | None) -> Sentence:
    """What every figure of a block is about that has a topic, below the head of its list."""
    return Sentence(heads=list(above.heads) if above is not None else [], subject=subject, topic=subject)


def _base(block: Block, above: Sentence | None) -> Sentence:
    """“财政经费下达情况：…” and “年初预算项目8个，…” head every figure of their paragraph."""
    text = block.text[len(block.mark) :].lstrip()
    if above is not None:
        return above.again()
    if match := _LEAD.match(text):
        measure = measure_of(match["lead"], None)
        return Sentence(heads=[match["lead"]], measure=measure, nested=True) if measure else Sentence()
    if match := _COUNTED.match(text):
        lead = match["lead"]
        measure = Measure.INITIAL_BUDGET if "年初" in lead else Measure.ADJUSTMENT if "调整" in lead else None
        if measure or _OF_LEVEL.search(lead):
            return Sentence(heads=[lead], measure=measure, nested=True)
    heading = _ABOUT.match(block.path[-1]) if block.path else None
    return Sentence(subject=trim(heading["subject"])) if heading else Sentence()


def _draft(context: Context, found: _Found) -> Draft:
    fact, numeral = found.fact, found.numeral
    record = BudgetFact(
        quote=context.quote(found.quote),
        path=_grouped(fact.path, fact.measure),
        measure=fact.measure,
        year=fact.year,
        org=fact.org,
        value=found.value,
        unit=numeral.unit,
    )
    place = found.block.view.span(numeral.start, numeral.stop)
    return context.draft("budget_facts", record, found.quote, {"value": place})


def _grouped(path: tuple[str, ...], measure: Measure) -> tuple[str, ...]:
    """The path with its group before it where its first label does not say it."""
    if any(head in path[0] for head in _GROUP_HEADS):
        return path
    if _AWARDED.search(path[0]):
        return ("政府采购", *path)
    return (_GROUPS.get(measure, "支出"), *path)
