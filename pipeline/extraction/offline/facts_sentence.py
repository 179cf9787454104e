"""Extraction, offline: what a figure in a sentence states, from the words before it and what the sentence said so far."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.extraction.offline.fact_labels import (
    HEADCOUNT_UNITS,
    SHARE_UNITS,
    FactLabel,
    is_alien,
    is_budget_label,
    is_part_label,
    measure_of,
    read_label,
    trim,
)
from pipeline.extraction.offline.fact_places import without_place
from pipeline.extraction.offline.fact_state import Sentence, Stated
from pipeline.numerals import Numeral
from schemas.budget_facts import Measure
from schemas.units import money_exponent
from schemas.values import squeeze

_BREAK = re.compile(r"[，,。；;：:、（(）)！!？?]")
_INNER = re.compile(
    r"[（(][\u4e00-\u9fff]{1,4}[）)](?=[\u4e00-\u9fff])|[（(][\u4e00-\u9fff]{2,8}(?:、[\u4e00-\u9fff]{2,8}){1,4}[）)](?=\s?\d|\Z)|(?<=收)、(?=支)"
)
_YEAR = re.compile(r"((?:19|20)\d{2})\s?年(?!\s?\d{1,2}\s?月)")
_CHANGE = re.compile(
    r"(?:增加|减少|增长|下降|上升|提高|降低|增幅|降幅|压减|增减|节约|节余|超支)(?:额|了|率|比例)?(?:为|达|约)?[：:]?$"
)
_COMPARED = re.compile(
    r"^\s*(?:同?比|较|(?:[由从]\s?)?(?:上年|去年)(?!末?结[转余])|[由从](?=(?:19|20)\d{2}\s?年)|[与同对](?:照)?(?:上年|去年|(?:19|20)\d{2}))"
)
_AGAINST = re.compile(
    r"^(?P<subject>.{2,20}?)(?:同?比|较|[由从])\s?(?:上年|去年|(?:19|20)\d{2}\s*年)(?:度|同期|的)*(?:[决预]算数|数)?\s*$"
)
_CHANGED = re.compile(r"^(?P<subject>.{2,20}?)(?:同?比|较)(?:上年|去年|(?:19|20)\d{2}年)?(?:度|同期)?.{0,8}?$")
_BEFORE = re.compile(r"^\s*(?:同?比|较|与|同|对照|由|从)?\s?(?:上年|去年|(?:19|20)\d{2}\s*年)(?:度|同期|的|数|为|是)*")
_TURNED = re.compile(
    r"^(?:增|减|降|升|增加|增长|减少|下降|上升|提高|降低|压减|压缩)[到至](?:本年|当年|(?:19|20)\d{2}年)?度?的?$"
)
_ADJUSTING = re.compile(r"(?:年中|预算|中期)调整$")
_BELOW_BUDGET = re.compile(r"^(?P<subject>[\u4e00-\u9fff]{0,8})[较比](?:年初|全年)?预算$")
_SAVING_RATE = re.compile(r"(?:节约|节余|超支)率(?:为|达|约)?[：:]?$")
_LINK = re.compile(r"(?:为|达|(?<!节)约)?[：:]?$")
_ADJUSTED_TO = re.compile(r"(?P<subject>[\u4e00-\u9fff]{0,6}预算)数?调整(?:为|到|至)$")
_OF_BUDGET = re.compile(
    r"^(?P<subject>[\u4e00-\u9fff]{2,16}?)?(?P<budget>(?:完成|比|较|为|达到?)了?(?:年初|全年|年度|调整后?)?预算(?:数|安排)?)(?P<of>的?)$"
)
_SHARE_OF = re.compile(r"^(?P<subject>.{0,20}?)(?P<share>占(?P<whole>.{0,24}?))的?(?:比例|比重)?(?:为|达|约)?$")
_EQUIPMENT = re.compile(
    r"(?:单价|单位价值)\s?\d{1,4}\s?万元(?:[（(]含[^（()）]{0,6}[）)])?(?:及?以上)?的?(?:[（(]含[^（()）]{0,6}[）)])?的?[\u4e00-\u9fff（）()]{0,12}设备\s*$"
)
_KIND_OF_VEHICLE = re.compile(r"(?<!公务)用车$")
_COUNTED = {
    "台": _EQUIPMENT,
    "套": _EQUIPMENT,
    "台（套）": _EQUIPMENT,
    "台(套)": _EQUIPMENT,
    "台/套": _EQUIPMENT,
    "辆": re.compile(
        r"(?:公务用车|公务车|车辆|[\u4e00-\u9fff（()）]{2,16}用车)(?:保有量|实有数|编制数?|数量?|总数)?(?:为|共)?\s*$"
    ),
    "平方米": re.compile(r"(?:办公用房|业务用房|房屋(?:建筑)?)(?:使用|建筑|总)*(?:面积)?(?:为|共)?\s*$"),
}
"""Assets that are counted: what stands before the figure, by its unit."""

DIVIDED = r"按[\u4e00-\u9fff]{2,6}(?:划?分|来看)[：:，,]|从[\u4e00-\u9fff]{2,8}看[：:，,]"
"""Words that say how the whole before them is divided (按用途划分，…; 从资金渠道看，…)."""

_PART_OF = re.compile(rf"其中|包括|[（(]|主要用于|分为|{DIVIDED}")
_OF_NAMED = re.compile(r"(?:\A|[。；;，,])(?P<whole>[\u4e00-\u9fff]{0,12}(?:收入|支出|资金|预算|经费))中[，,：:]")
"""A whole that is named before its parts (税收收入中，增值税…)."""

_LISTED = re.compile(r"^[，,、；;。：:]?\s*(?:其中[：:，,]?|和|及|以及)?[^，,、；;：:。]{2,24}$")
_FUND = re.compile(r"^(?P<fund>[\u4e00-\u9fff]{2,10}资金)(?P<done>到位|支出)$")
_DONE = re.compile(r"(?:资金)?(?:支出|支付|支付率|到位|结余|执行率|到位率)")
_MOVED = re.compile(r"(?:年中|当年|年度|预算)?净?(?:追加|追减|调增|调减|核减)(?:预算|资金|金额|指标)*数?")
_YEAR_ALONE = re.compile(r"(?:其中[：:，,]?)?(?:19|20)\d{2}年度?")
_AGAINST_YEAR = re.compile(r"(?:同?比|较|[与同对])(?:19|20)\d{2}\s?年(?:度|同期)?(?:相比|比较|比)?")
_EVALUATED = re.compile(
    r"项目支出[^。；;]{0,24}自评[^。；;]{0,80}(?:项目\s?\d+\s?个|\d+\s?个项目)[，,、]?\s?共?(?:涉及)?(?P<funds>(?:预算|项目)?资金)(?:总额)?(?:共计|共|为)?$"
)
"""How many projects of the department's were evaluated, and what money they are about."""

_BARE = frozenset({"预算", "实际执行", "实际支出", "实际使用", "使用", "执行", "资金", "经费"})
_SPENT_OF_IT = frozenset({"实际执行", "实际支出", "实际使用"})
_SHORT = frozenset({"收入", "支出", "总收入", "总支出", "预算", "结余"})
_SAYS_SPENT = re.compile(r"实际|累计|决算|执行|全年|当年|本年")
_JOINED = re.compile(r"\s?(?:[、，,]|和|及|以及)")
_LONGEST = 80
_PARTS = 2
"""Parts of a whole after which a comparison may be the whole's."""

_DEEPEST = 8
_WHOLE_SPENT = frozenset({"全年支出", "全年实际支出", "当年支出", "本年支出", "累计支出"})
_SPENT = frozenset({"决算支出", "支出决算"})
_PAID = frozenset({"支付", "支付资金", "兑付", "兑现"})
"""Words that only say what was done with what stands before them."""

_GRANTED = frozenset({Measure.RECEIVED, Measure.INITIAL_BUDGET, Measure.FULL_YEAR_BUDGET})
_PLANNED = frozenset({Measure.INITIAL_BUDGET, Measure.FULL_YEAR_BUDGET})
_CARRIED = frozenset({Measure.CARRIED_IN, Measure.CARRIED_OUT})
_ALONE = frozenset({"实际到位", "实际支付"})
_ARRIVED = "到位"
"""What a label ends with that names money received, whatever it is a part of."""
_VAGUE = frozenset({None, Measure.EXECUTED, Measure.RECEIVED})
_BUDGETS = frozenset({Measure.INITIAL_BUDGET, Measure.ADJUSTMENT})


def is_equipment(unit: str | None) -> bool:
    """Whether a unit counts equipment, whose label holds a price (单价100万元以上设备1台)."""
    return _COUNTED.get(unit or "") is _EQUIPMENT


def is_fact_unit(unit: str | None) -> bool:
    """Whether a unit is one of money, people, vehicles or shares."""
    if unit is None:
        return False
    return money_exponent(unit) is not None or unit in _COUNTED or unit in HEADCOUNT_UNITS or unit in SHARE_UNITS


def clause_of(between: str) -> str:
    """The words right before a figure, back to the last break; （境） and the like inside a label are no break."""
    near = between[-_LONGEST:]
    return near[len(near) - len(_BREAK.split(_masked(near))[-1]) :]


def _masked(between: str) -> str:
    inner = "）" in between or ")" in between or "、" in between
    return _INNER.sub(lambda m: "\ue000" * len(m[0]), between) if inner else between


def stated(numeral: Numeral, between: str, clause: str, state: Sentence, fiscal: int | None) -> Stated | None:
    """What a figure states in its sentence, which it moves on; None where it is no budget fact.

    Args:
        numeral: the figure.
        between: the words between the figure before it and this one.
        clause: the last clause of these, see ``clause_of``.
        state: what the sentence has said so far.
        fiscal: the year that the report is about.
    """
    fact = _stated(numeral, between, clause, state, fiscal)
    if fact is not None and fact.measure in _GRANTED:
        state.granted = True
    if fact is not None and state.first is None and fact.measure not in {Measure.RATE, Measure.HEADCOUNT}:
        state.first, state.begun = (fact.path[-1], fact.measure), fact.year
    return fact


def _stated(numeral: Numeral, between: str, clause: str, state: Sentence, fiscal: int | None) -> Stated | None:
    between, clause = between.removesuffix("百分之"), clause.removesuffix("百分之")
    masked = _masked(between)
    _close(masked, state)
    against = _AGAINST.match(clause)
    if against:
        state.subject = trim(against["subject"])
        if is_alien(state.subject):
            state.subject = state.measure = state.rate = None
            return None
        state.measure = measure_of(state.subject, None)
        clause = clause[against.end("subject") :]
    if numeral.unit in _COUNTED or _EVALUATED.search(between):
        return _outside(numeral, between, clause, state, state.year or fiscal)
    share = numeral.unit in SHARE_UNITS
    compared = bool(_COMPARED.search(clause))
    year = _year(between, state, fiscal, compared=compared and not _OF_BUDGET.match(squeeze(clause)))
    place, clause = without_place(clause, state.places)
    if place is not None:
        state.org = place
    words = squeeze(clause)
    of_year = _YEAR_ALONE.match(words) if state.nested or _PART_OF.search(masked) else None
    rest = words[of_year.end() :] if of_year else words
    if (place is not None or of_year) and _LINK.fullmatch(rest) and not (share or compared):
        return _of_list(masked, state, numeral, year)
    directly = len(between.lstrip("，,、（( ")) <= len(clause)
    if (told := _told(words, state, year, fiscal, compared=compared, share=share, directly=directly)) is not None:
        return told
    headcount = numeral.unit in HEADCOUNT_UNITS
    label = read_label(_BEFORE.sub("", clause) if compared else clause, headcount=headcount)
    if label.subject in _BARE and label.word in _ALONE:
        label = replace(label, subject="")
    if _goes_with(label, between, state):
        label = replace(label, measure=state.measure)
    if label.org:
        state.org = label.org
    named = _subject(label, numeral, state, compared=compared)
    _nest(masked, state)
    listed = _is_part(masked, label, state, money=not share and not headcount)
    if state.nested and label.subject and not share:
        state.listed += 1
    state.part = listed or (state.nested and bool(_PART_OF.search(masked)))
    known = named is not None and (
        named[0] in {label.word, state.topic} or is_budget_label(named[0], headcount=headcount)
    )
    if named is None or not (listed or known):
        return None
    return _named(named, label, numeral, state, year, compared=compared)


def _told(  # noqa: PLR0913 - what the words before the figure are
    words: str, state: Sentence, year: int | None, fiscal: int | None, *, compared: bool, share: bool, directly: bool
) -> Stated | None:
    """A figure that says something of one before it: a change, a share, what it became; None for others."""
    if (change := _change(words, state, share=share)) is not None:
        path = state.heads if _is_of_whole(state, change[0], compared=compared) else [*state.heads, change[0]]
        return Stated(tuple(path), change[1], _later(state) or fiscal, state.org)
    if (again := _again(words, state, compared=compared, share=share)) is not None:
        return Stated(again, state.measure or Measure.EXECUTED, year if compared else state.year or fiscal, state.org)
    special = _of_whole(words, state, share=share, directly=directly) or _adjusted(words, state)
    return Stated((*state.heads, *special[0]), special[1], year, state.org) if special is not None else None


def _of_list(masked: str, state: Sentence, numeral: Numeral, year: int | None) -> Stated | None:
    """What a figure right behind a listed place or year states: its part of what the sentence is about."""
    _nest(masked, state)
    path = tuple(state.heads) or ((state.subject,) if state.subject else ())
    if not path or state.measure is None or money_exponent(numeral.unit) is None:
        return None
    return Stated(path, state.measure, year, state.org)


def _outside(numeral: Numeral, between: str, clause: str, state: Sentence, year: int | None) -> Stated | None:
    """Assets that are counted, and the money of the projects that were evaluated: no label of the sentence names them."""
    if numeral.unit in _COUNTED:
        counted = _COUNTED[numeral.unit].search(clause)
        return Stated(_counted_path(between, trim(clause), state), Measure.ASSETS, year, None) if counted else None
    evaluated = _EVALUATED.search(between)
    if evaluated is None or money_exponent(numeral.unit) is None:
        return None
    state.subject = "项目支出"
    state.measure = Measure.FULL_YEAR_BUDGET if "预算" in evaluated["funds"] else Measure.EXECUTED
    return Stated((state.subject, evaluated["funds"]), state.measure, year, None)


def _counted_path(between: str, label: str, state: Sentence) -> tuple[str, ...]:
    """The labels of assets that are counted: kinds of vehicles go below the vehicles (车辆9辆，其中：执法执勤用车6辆，…)."""
    if not _KIND_OF_VEHICLE.search(label):
        state.counted, state.kinds = label, False
        return (label,)
    state.kinds = state.counted is not None and (state.kinds or "其中" in between)
    return (state.counted, label) if state.kinds and state.counted else (label,)


def _named(
    named: tuple[str, Measure | None],
    label: FactLabel,
    numeral: Numeral,
    state: Sentence,
    year: int | None,
    *,
    compared: bool,
) -> Stated | None:
    """The fact of a figure that goes by a label."""
    subject, measure = named
    headcount = numeral.unit in HEADCOUNT_UNITS
    if headcount and measure is not Measure.HEADCOUNT and state.measure is not Measure.HEADCOUNT:
        return None
    told = state.heads or state.fund or compared or state.first or state.org in state.places
    told = told or (state.granted and subject in _SPENT_OF_IT)
    if subject in _BARE and not told:
        return None
    measure = Measure.HEADCOUNT if headcount else _inherited(measure, label, state)
    if measure is None or (measure is Measure.RATE) is not (numeral.unit in SHARE_UNITS):
        return None
    path = (*state.heads, *_fund(subject, state)) if state.heads[-1:] != [subject] else tuple(state.heads)
    if measure is Measure.RATE:
        state.rate = subject
    elif not compared or state.subject is None:
        of_part = state.nested and _outright(label) and state.measure is not None
        state.subject, state.worded = subject, label.measure is not None
        state.measure = state.measure if of_part else measure
    return Stated(path, measure, year, state.org)


def _goes_with(label: FactLabel, between: str, state: Sentence) -> bool:
    """Whether a label stands in one list with the one before it, whose measure a word said for both (年初预算安排基本支出9万元、
    项目支出6万元)."""
    subject = label.subject
    if not (state.worded and state.subject and subject) or label.measure is not None or state.measure in _CARRIED:
        return False
    if measure_of(subject, None) in _CARRIED:
        return False
    alike = subject != state.subject and subject[-2:] == state.subject[-2:] and not _SAYS_SPENT.search(subject)
    return alike and _JOINED.match(between) is not None


def _year(between: str, state: Sentence, fiscal: int | None, *, compared: bool) -> int | None:
    """The year that the words name; a comparison names it for its own figure alone."""
    named = _YEAR.findall(between if compared else _AGAINST_YEAR.sub("", between))
    if compared:
        return int(named[-1]) if named else (fiscal - 1 if fiscal else None)
    if named:
        state.year = int(named[-1])
    return state.year or fiscal


def _later(state: Sentence) -> int | None:
    """The year that changed: the later one of those that the sentence compares (2023年…，2022年…，增长5%)."""
    return max(state.year, state.begun or 0) if state.year else None


def _change(words: str, state: Sentence, *, share: bool) -> tuple[str, Measure] | None:
    """增加3万元, 增幅12%, 年中调整增加3万元: a change of the subject before it."""
    match = _CHANGE.search(words)
    if not match or _SAVING_RATE.search(words):
        return None
    rest = words[: match.start()]
    measure = Measure.RATE if share else Measure.CHANGE
    if (below := _BELOW_BUDGET.search(rest)) and not share:
        if is_budget_label(below["subject"], headcount=False):
            state.subject = below["subject"]
        return _LINK.sub("", words), measure
    if _ADJUSTING.search(rest) and state.subject and not share:
        return state.subject, Measure.ADJUSTMENT
    compared = _CHANGED.match(rest)
    rest = trim(compared["subject"] if compared else rest)
    if (len(rest) >= 4 or rest in _SHORT) and is_budget_label(rest, headcount=False):
        state.subject = rest
        return rest, measure
    return (state.subject, measure) if state.subject else None


def _again(words: str, state: Sentence, *, compared: bool, share: bool) -> tuple[str, ...] | None:
    """The labels of a figure that tells the subject's once more: what it became, or of the whole of a list in another year."""
    if _TURNED.match(words) and state.subject and state.measure:
        return (*state.heads, state.subject)
    if (
        compared
        and not share
        and not read_label(_BEFORE.sub("", words), headcount=False).subject
        and _is_of_list(state)
    ):
        return tuple(state.heads)
    return None


def _is_of_list(state: Sentence) -> bool:
    """Whether last year's figure is that of the whole whose parts were listed, none of them compared."""
    if not state.heads or state.subject == state.heads[-1] or state.listed < _PARTS or state.compared:
        return False
    state.compared = state.of_whole = True
    return True


def _is_of_whole(state: Sentence, subject: str, *, compared: bool) -> bool:
    """Whether a change is that of the whole: it follows a list of parts of which none was compared (其中甲2万元、乙3万元，
    较上年减少1万元), or goes on with such a change."""
    if subject != state.subject or not state.heads or state.heads[-1] == subject:
        return False
    if compared:
        state.of_whole = state.listed >= _PARTS and not state.compared
        state.compared = True
    return state.of_whole


def _of_whole(words: str, state: Sentence, *, share: bool, directly: bool) -> tuple[tuple[str, ...], Measure] | None:
    """完成预算24万元的78.08%, 占95%, 占收入总计的95%: how the subject stands to something else."""
    match = _OF_BUDGET.match(words)
    if match and share is bool(match["of"]) and (subject := _held(match, state, share=share)):
        state.subject, state.budget = subject, match["budget"]
        if share:
            return (subject, state.budget), Measure.RATE
        return (subject,), Measure.INITIAL_BUDGET if "年初" in words else Measure.FULL_YEAR_BUDGET
    if words == "的" and share and state.budget and state.subject:
        return (state.subject, state.budget), Measure.RATE
    match = _SHARE_OF.match(words) if share else None
    return _share(match, state) if match and (match["subject"] or directly) else None


def _held(match: re.Match[str], state: Sentence, *, share: bool) -> str | None:
    """What is held against a budget: the subject before it (支出完成年初预算的95%), else what the sentence is about."""
    if not match["subject"]:
        return state.subject
    subject = trim(match["subject"])
    return subject if share and is_budget_label(subject, headcount=False) else None


def _share(match: re.Match[str], state: Sentence) -> tuple[tuple[str, ...], Measure] | None:
    """占95%, 占收入总计的95%: the subject's share."""
    subject = trim(match["subject"]) or state.subject
    known = subject in _ALONE or (subject is not None and is_budget_label(subject, headcount=False))
    if subject is None or not known or not (match["subject"] or state.measure):
        return None
    if subject in _BARE:
        return None
    if not match["whole"]:
        return (subject,), Measure.RATE
    return ((subject, trim(match["share"])), Measure.RATE) if is_budget_label(match["whole"], headcount=False) else None


def _adjusted(words: str, state: Sentence) -> tuple[tuple[str, ...], Measure] | None:
    """预算调整为8万元: what the budget has become."""
    match = _ADJUSTED_TO.search(words)
    if match is None:
        return None
    state.subject, state.measure = match["subject"], Measure.FULL_YEAR_BUDGET
    return (match["subject"],), Measure.FULL_YEAR_BUDGET


def _subject(
    label: FactLabel, numeral: Numeral, state: Sentence, *, compared: bool
) -> tuple[str, Measure | None] | None:
    """The label that a figure goes by, and what the words say it measures."""
    if label.subject:
        holder = _spent_of(label.subject, state)
        said = label.measure or measure_of(label.subject, numeral.unit)
        return (holder, Measure.EXECUTED) if holder else (label.subject, said)
    if compared and label.measure and state.subject:
        return state.subject, label.measure
    at_place = state.org in state.places
    if label.word in _PAID and not at_place and (state.subject is None or state.measure not in _GRANTED):
        return None
    if label.measure is not None:
        own = (label.word in _ALONE and not state.worded) or (
            label.word in _WHOLE_SPENT and state.measure not in _PLANNED
        )
        own = own or (label.word in _PAID and state.fund is not None)
        own = own or (state.measure in _CARRIED and label.measure in _PLANNED)
        of_part = state.below and state.worded and state.subject not in state.heads
        taken = state.subject if (not state.nested or of_part) and not own else None
        return (taken if taken and not _is_word(taken) else label.word), label.measure
    if compared and numeral.unit in SHARE_UNITS and state.rate:
        return state.rate, Measure.RATE
    return (state.subject, state.measure) if compared and state.subject else None


def _spent_of(label: str, state: Sentence) -> str | None:
    """What a bare 决算支出 was spent of, where the budget of something by name stands before it; None for other labels."""
    named = state.subject is not None and state.measure in _PLANNED and not state.nested
    return state.subject if label in _SPENT and named and not _is_word(state.subject or "") else None


def _is_word(label: str) -> bool:
    """Whether a label is only a measure's word (全年预算数, 年中追加)."""
    return bool(_MOVED.fullmatch(label)) or not read_label(label, headcount=False).subject


def _is_part(masked: str, label: FactLabel, state: Sentence, *, money: bool) -> bool:
    """Whether a figure stands in a list of parts (其中行政运行3万元，运行维护5万元), whose labels may be anything."""
    if not (money and state.nested and state.heads and state.measure and label.subject):
        return False
    begins = _OF_NAMED.search(masked) or re.search(rf"其中|包括|分为|{DIVIDED}", masked)
    listed = state.part and _LISTED.match(masked)
    return bool(begins or listed) and is_part_label(label.subject)


def _fund(subject: str, state: Sentence) -> tuple[str, ...]:
    """“市级资金到位382万元，支出357万元”: what is done with a fund goes below the fund."""
    if match := _FUND.match(subject):
        state.fund = match["fund"]
        return match["fund"], match["done"]
    return (state.fund, subject) if state.fund and _DONE.fullmatch(subject) else (subject,)


def _close(masked: str, state: Sentence) -> None:
    """A closing bracket comes up again to the subject before it."""
    if ("）" in masked or ")" in masked) and state.heads:
        state.subject = state.heads[-1]
        state.heads = state.heads[:-1]
        state.nested = bool(state.heads)


def _nest(masked: str, state: Sentence) -> None:
    """其中 and opening brackets go below the subject before them, “…收入中，” below the one that it names."""
    if (named := _OF_NAMED.search(masked)) and is_budget_label(whole := trim(named["whole"]), headcount=False):
        state.heads, state.nested, state.listed, state.compared, state.of_whole = [whole], True, 0, False, False
        state.subject, state.measure = whole, measure_of(whole, None)
        return
    if _PART_OF.search(masked) and state.subject:
        if state.subject not in state.heads and len(state.heads) < _DEEPEST:
            state.heads = [*state.heads, state.subject]
            state.listed, state.compared, state.of_whole = 0, False, False
        state.nested = True


def _outright(label: FactLabel) -> bool:
    """Whether a label says by its own words what is measured."""
    return label.measure is not None or label.subject.endswith(_ARRIVED)


def _inherited(measure: Measure | None, label: FactLabel, state: Sentence) -> Measure | None:
    """A part is measured as its whole is, unless its own words say otherwise; a figure that nothing is said of goes on
    with the measure before it."""
    if measure is None and label.measure is None:
        return state.measure
    if not state.nested or state.measure is None or (state.soft and measure is not None):
        return measure
    if (label.word == "预算" and state.measure is not Measure.EXECUTED) or (not _outright(label) and measure in _VAGUE):
        return state.measure
    if measure is Measure.FULL_YEAR_BUDGET and state.measure in _BUDGETS:
        return state.measure
    return measure
