"""Extraction, offline: ``projects`` from prose: numbered entries with labelled items, and lists of names with amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipeline.extraction.offline.context import Context, Places, words
from pipeline.extraction.offline.items import field_of_head, labelled
from pipeline.extraction.offline.leads import lead_of
from pipeline.extraction.offline.project_amounts import labelled_field, read_clauses, states_money, without_label
from pipeline.extraction.offline.project_items import fund_named, is_project_name, read_items, stated_project
from pipeline.extraction.offline.project_lists import listed_projects, read_lists
from pipeline.flow import Block, BlockKind, Draft, Table, View
from pipeline.layout.lines import join, strip
from pipeline.layout.marks import mark_of
from pipeline.numerals import Numeral, find_numerals
from schemas.labels import field_labels
from schemas.projects import FundLevel, Project
from schemas.units import money_exponent
from schemas.values import Span

_SUPERIOR = re.compile(r"上级|中央|省级|转移支付")
_OWN = re.compile(r"本级|州级|市级|县级|区级|年中调整|自有")
_LISTS = re.compile(r"分别[为是][:：]?|其中[:：]|包括[:：]|具体(?:为|如下)[:：]|[:：]")
_ITEM = re.compile(r"(?:^|(?<=[；;。]))\s*(?P<seq>\d{1,2})[、.．](?!\d)")
_PROJECT_HEAD = re.compile(r"项目[^。；;]{0,20}?\d\s?个|\d\s?个[^。；;]{0,12}?项目|项目支出")
_OTHER_MONEY = re.compile(r"。[^。]*(?:追加|调增|调减|收入|基本支出|结转|结余)")
"""A further sentence whose list is of other money than that of the projects."""

_NAMES_PROJECT = re.compile(r"(?:项目|工程|专项|经费|资金|补助)$")
_SPENT_ON = re.compile(r"^(?!.*(?:预算|安排|下达)).*(?:支出|拨付|支付|使用)", re.DOTALL)
_USED_FOR = re.compile(r"(?P<use>(?:(?:该|此)?(?:项目|笔)?(?:资金|经费))?(?:主要|全部|专项)?用于[^，,。]+)[，,。]")
_IN_BRACKETS = re.compile(r"(?P<name>[^（()），,。；;：:]{3,50})[（(](?P<amounts>[^（()）。；;]{6,80})[）)]")
_TOLD = frozenset({"implementation", "outcome", "unfinished_reason", "status"})
_PAIR = 2
_BRACKETED = re.compile(r"[（(][^（()）]{0,30}[）)]")
_CATEGORY = re.compile(
    r"^(?:基本支出|项目支出|人员经费|公用经费|工资福利支出|商品和?服务支出|.{0,12}公共服务支出|.{2,12}支出)$"
)
_MONEY_FIELDS = frozenset(
    {"initial_budget", "supplementary_budget", "full_year_budget", "fiscal_appropriation", "other_funds", "executed"}
)


def read(context: Context) -> Iterator[Draft]:
    """The projects that prose states."""
    claimed: set[int] = set()
    for heading, below in context.entries:
        draft = _entry(context, heading, below) or _bracketed_entry(context, heading, below)
        if draft is not None:
            claimed |= {p.span.start for p in below}
            yield draft
    for block, draft in read_items(context):
        if block.span.start not in claimed:
            claimed.add(block.span.start)
            yield draft
    for block in filter(states_money, context.layout.blocks):
        if block.span.start not in claimed and block.kind is not BlockKind.HEADING:
            if listed_projects(block):
                yield from read_lists(context, block)
                continue
            yield from _enumerated(context, block)
            yield from _listed(context, block)


def _items(context: Context) -> Mapping[int, Sequence[tuple[str, View]]]:
    """The labelled parts of each block, by its start."""
    return {block.span.start: labelled(block.view, "project_items") for block in context.layout.blocks}


def is_entry(context: Context, below: Sequence[Block | Table]) -> bool:
    """Whether what stands below a heading is a project's: an item of its funds comes first."""
    for part in below[:2]:
        if not isinstance(part, Block):
            return False
        fields = context.once(_items)[part.span.start]
        if fields:
            return fields[0][0] == "funds"
        if part.kind is BlockKind.HEADING:
            return False
    return False


def _entry(context: Context, heading: Block, below: Sequence[Block | Table]) -> Draft | None:
    """A numbered entry: its name is the heading, its items are labelled."""
    if not is_entry(context, below):
        return None
    values: dict[str, Any] = {}
    places = Places()
    quote_stop = heading.span.stop
    name_views = [heading.view.part(len(heading.mark), len(heading.text))]
    last: str | None = None
    views: dict[str, list[View]] = {}
    for part in below:
        if not isinstance(part, Block):
            break
        fields = context.once(_items)[part.span.start]
        if not fields:
            if last is None:
                name_views.append(part.view)
            elif last != "funds":
                views.setdefault(last, []).append(part.view)
            continue
        last = fields[0][0]
        views.setdefault(last, []).append(part.view.part(len(part.text) - len(fields[0][1].text), len(part.text)))
        if last == "funds" and "full_year_budget" not in values:
            values |= read_amounts(part.view, places)
            quote_stop = _first_money_stop(part.view) or quote_stop
    title = strip(join(name_views))
    if not title.text or not _MONEY_FIELDS & values.keys():
        return None
    for name in ("implementation", "outcome", "unfinished_reason", "status"):
        if name in views:
            values[name] = words("".join(v.text.strip() for v in views[name]))
    if "satisfaction" in views:
        values["satisfaction"] = places.quantity("satisfaction", strip(_without_label(join(views["satisfaction"]))))
    section = heading.path[-1] if heading.path else None
    mark = mark_of(heading.text)
    quote = Span(title.whole.start, quote_stop)
    record = Project(
        quote=context.quote(quote),
        section=section,
        seq=mark.seq if mark else None,
        name=title.text.removesuffix("。") or title.text,
        fund_level=fund_level(section),
        **values,
    )
    return context.draft("projects", record, quote, places.spans)


def _bracketed_entry(context: Context, heading: Block, below: Sequence[Block | Table]) -> Draft | None:
    """“（一）渠道清淤（预算60万元，支出57万元，执行率95%）”: amounts in brackets behind the name; its items tell more."""
    marked = heading.kind is not BlockKind.PARAGRAPH
    match = _IN_BRACKETS.fullmatch(heading.text, len(heading.mark)) if marked else None
    if match is None or not is_project_name(match["name"]):
        return None
    amounts = read_clauses(heading.view.part(*match.span("amounts")))
    if "executed" not in amounts.values or len(amounts.money_fields) < _PAIR:
        return None
    told: dict[str, str | None] = {}
    for part in below:
        lead = lead_of(part) if isinstance(part, Block) else None
        field = field_of_head(lead.head.text, "project_items") if lead is not None else None
        if lead is not None and field in _TOLD and field not in told:
            told[field] = words(lead.body.text.strip())
    mark = mark_of(heading.text)
    record = Project(
        quote=context.quote(heading.span),
        section=heading.path[-1] if heading.path else None,
        seq=mark.seq if mark else None,
        name=match["name"].strip(),
        fund_level=fund_named(match["name"]),
        **amounts.values,
        **told,
    )
    return context.draft("projects", record, heading.span, amounts.places.spans)


def _without_label(view: View) -> View:
    """满意度：满意度：95% says it twice."""
    again = labelled(view, "project_items")
    return again[-1][1] if again else view


def fund_level(words_around: str | None) -> FundLevel | None:
    """Whose money a heading or caption says it is."""
    if not words_around:
        return None
    if _OWN.search(words_around) and not re.search(r"上级", words_around):
        return FundLevel.OWN
    return FundLevel.SUPERIOR if _SUPERIOR.search(words_around) else None


def read_amounts(view: View, places: Places) -> dict[str, Any]:
    """The labelled amounts and rates of a sentence, each field once: the label last before a figure names it."""
    labels = field_labels("projects")
    values: dict[str, Any] = {}
    last = 0
    for numeral in find_numerals(view.text):
        name = labels.field_before(view.text[last : numeral.start])
        last = numeral.unit_stop
        if name is None or name in values:
            continue
        if name == "execution_rate":
            if numeral.unit in {"%", "％"} or numeral.value == 0:
                values[name] = places.quantity(name, view.part(numeral.start, numeral.unit_stop))
        elif name in _MONEY_FIELDS and (numeral.unit is None or money_exponent(numeral.unit) is not None):
            values[name] = places.money(name, view, numeral)
    return values


def _first_money_stop(view: View) -> int | None:
    for numeral in find_numerals(view.text):
        if money_exponent(numeral.unit) is not None:
            return view.span(numeral.start, numeral.unit_stop).stop
    return None


def _enumerated(context: Context, block: Block) -> Iterator[Draft]:
    """“1、…项目50万元。该项目…；2、…” within one paragraph."""
    marks = list(_ITEM.finditer(block.text))
    if len(marks) < 2 or not _PROJECT_HEAD.search(
        block.text[: marks[0].start()] or (block.path[-1] if block.path else "")
    ):
        return
    spent = re.search(r"支出|执行|拨付|支付", block.text[: marks[0].start()])
    for number, mark in enumerate(marks):
        stop = marks[number + 1].start() if number + 1 < len(marks) else len(block.text)
        view = block.view.part(mark.end(), stop)
        numeral = next((n for n in find_numerals(view.text) if money_exponent(n.unit) is not None), None)
        if numeral is None or "。" in view.text[: numeral.start]:
            continue
        places = Places()
        field = "executed" if spent else "full_year_budget"
        values: dict[str, Any] = {field: places.money(field, view, numeral)}
        rest = view.text[numeral.unit_stop :].lstrip("。，, ").rstrip("；; ")
        used = _USED_FOR.match(rest)
        quote = Span(block.view.span(mark.start("seq"), mark.end()).start, view.span(0, numeral.unit_stop).stop)
        name = view.text[: numeral.start].strip()
        yield context.draft(
            "projects",
            Project(
                quote=context.quote(quote),
                section=block.path[-1] if block.path else None,
                seq=mark["seq"],
                name=name,
                fund_level=fund_named(name),
                implementation=words(used["use"]) if used else None,
                outcome=words(rest[used.end() :]) if used else words(rest),
                **values,
            ),
            quote,
            places.spans,
        )


def _listed(context: Context, block: Block) -> Iterator[Draft]:
    """“项目12个,预算资金总额226万元,分别为:…经费11万元、…经费15万元”: a list of names, each with its amount."""
    found = _list_of_projects(block)
    if found is None:
        return
    head, start = found
    field = "executed" if _SPENT_ON.search(block.text[head.start() : start]) else "full_year_budget"
    source = re.search(r"(?:来源于|来源为|来源[：:])[^。；;]*", block.text)
    level = fund_level(source[0] if source else block.text[:start])
    listed = _grouped(block.view, list(_name_amounts(block.view, start)), field)
    for name, amounts in listed if len(listed) > 1 else ():
        places = Places()
        quote = Span(name.whole.start, block.view.span(amounts[0][1].start, amounts[0][1].unit_stop).stop)
        record = Project(
            quote=context.quote(quote),
            section=block.path[-1] if block.path else None,
            name=name.text,
            fund_level=level,
            **{field: places.money(field, block.view, numeral) for field, numeral in reversed(amounts)},
        )
        yield context.draft("projects", record, quote, places.spans)


def _list_of_projects(block: Block) -> tuple[re.Match[str], int] | None:
    """The words that speak of projects, and where the list that their sentence introduces begins."""
    for head in _PROJECT_HEAD.finditer(block.text):
        opening = _LISTS.search(block.text, head.end())
        if opening is not None and not _OTHER_MONEY.search(block.text, head.end(), opening.start()):
            return head, opening.end()
    return None


def _grouped(
    view: View, items: Sequence[tuple[View, Numeral]], usual: str
) -> list[tuple[View, list[tuple[str, Numeral]]]]:
    """Names with all their amounts and the fields of these: a clause of nothing but a label (支出6万元) tells one more
    amount of the name before it, and the label right before an amount its field."""
    found: list[tuple[View, list[tuple[str, Numeral]]]] = []
    last = 0
    for name, numeral in items:
        field = labelled_field(view.text[last : numeral.start])
        last = numeral.unit_stop
        own = field if field is not None and field in _MONEY_FIELDS else usual
        bare, closing = without_label(name.text)
        if closing is not None and _NAMES_PROJECT.search(bare):
            found.append((name.part(0, len(bare)), [(closing, numeral)]))
        elif labelled_field(name.text) is None:
            found.append((name, [(own, numeral)]))
        elif found:
            found[-1][1].append((own, numeral))
    return found


def project_amounts(block: Block, section: str | None = None) -> frozenset[int]:
    """Where, in a block's text, the amounts of listed or enumerated projects stand: those are no budget facts."""
    own = stated_project(block, section)
    if own is not None:
        return _starts(block, len(block.text) - len(own.rest.text))
    listed = listed_projects(block)
    if listed:
        return frozenset(n.start for p in listed for n in p.amounts.values())
    head = _PROJECT_HEAD.search(block.text)
    if not head:
        return frozenset()
    marks = list(_ITEM.finditer(block.text))
    if len(marks) >= 2:
        return _starts(block, marks[0].start())
    found = _list_of_projects(block)
    start = found[1] if found else len(block.text)
    items = list(_name_amounts(block.view, start))
    if len(_grouped(block.view, items, "executed")) < 2:
        return frozenset()
    last = items[-1][1].unit_stop
    closing = _BRACKETED.match(block.text[last:])
    stop = last + (closing.end() if closing else 0)
    return frozenset(n for n in _starts(block, start) if n < stop)


def _starts(block: Block, start: int) -> frozenset[int]:
    """Where the numerals of a block's text from a place on begin."""
    return frozenset(n.start for n in block.numerals if n.start >= start)


def _own_clause(name: View) -> View:
    """Of “…已完工验收；锦河治理工程，批复投资” the name: what follows the last semicolon, without a clause that says of
    which sort the amount is."""
    name = strip(name.part(max(name.text.rfind(c) for c in "；;") + 1, len(name.text)))
    cut = min((at for c in "，," if (at := name.text.find(c)) > 0), default=0)
    labelled_clause = cut and labelled_field(name.text[cut + 1 :]) is not None
    return strip(name.part(0, cut)) if labelled_clause else name


def _name_amounts(view: View, start: int) -> Iterator[tuple[View, Numeral]]:
    """Names with an amount right behind them, from ``start`` on, until a sentence ends or another sort of words comes."""
    place = start
    for numeral in find_numerals(view.text, start):
        if numeral.start < place:
            continue
        between = view.text[place : numeral.start]
        if "。" in between:
            return
        if (
            money_exponent(numeral.unit) is None
            or between.count("(") != between.count(")")
            or between.count("（") != between.count("）")
        ):
            continue
        name = strip(view.part(place, numeral.start))
        lead = re.match(r"[、，,；;：:\s]*(?:以及|和|及)?", name.text)
        name = strip(name.part(lead.end() if lead else 0, len(name.text)))
        name = _own_clause(name)
        if len(name.text) < 2 or _CATEGORY.search(name.text):
            return
        yield name, numeral
        place = numeral.unit_stop
        closing = _BRACKETED.match(view.text[place:])
        place += closing.end() if closing else 0
