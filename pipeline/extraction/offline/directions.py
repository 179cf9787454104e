"""Extraction, offline: ``projects`` that a paragraph announces and items list: what each direction of support was given
(“资金使用情况如下：（1）…补助40万元，惠及…”), and whom a programme paid (“…公司…，兑付12万元；…”)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.extraction.offline.context import Context, Places
from pipeline.extraction.offline.leads import sections
from pipeline.extraction.offline.project_amounts import labelled_field, without_label
from pipeline.extraction.offline.project_items import fund_named, is_project_name, told
from pipeline.flow import Block, BlockKind, Draft, View
from pipeline.layout.lines import strip
from pipeline.layout.marks import mark_of
from pipeline.numerals import Numeral
from schemas.projects import Project
from schemas.units import money_exponent
from schemas.values import Span

_ANNOUNCES = re.compile(r"(?:如下|包括|分别[为是]|分配|情况)[^。；;]{0,8}[：:。]?\Z|[：:]\Z")
_OF_MONEY = re.compile(r"资金|支出|补助|投资|经费")
_PLANNED = re.compile(r"预算|安排|下达|分配|计划|投资")
_SPENT = re.compile(r"使用|支出|支付|兑[付现]|执行|拨付")
_PAYEE = re.compile(
    r"(?P<name>[^，,。；;：:\d]{2,30}?(?:公司|合作社|联社|农场|养殖场|厂|协会|研究院|研究所|医院|学校|大学|学院|项目|工程))(?=[^的，,]{0,3}[，,]|[\u4e00-\u9fff]{1,6}\d)"
)
_PART = re.compile(r"[^；;。]+")
_LEAD = re.compile(r"\A[^：:，,。；;\d]{2,20}[：:]")
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry of a list: the project's name, its amount and the field that it is, what is said behind it, the quote."""

    name: View
    field: str
    amount: Numeral
    view: View
    rest: View | None
    quote: Span


def listed_blocks(context: Context) -> Mapping[int, Sequence[_Entry]]:
    """The entries of each block that is one of an announced list, or that lists whom a programme paid, by its start."""
    found: dict[int, Sequence[_Entry]] = {}
    run: list[Block] = []
    head: Block | None = None
    for block in (*context.layout.blocks, None):
        if block is not None and run and block.kind is BlockKind.ITEM and block.level == run[0].level:
            run.append(block)
            continue
        found |= _of_run(head, run)
        begins = block is not None and block.kind is BlockKind.ITEM and head is not None and _announces(head)
        run = [block] if block is not None and begins else []
        head = block if not run else head
        if block is not None and block.kind is BlockKind.PARAGRAPH and len(paid := list(_payees(block))) >= _FEWEST:
            found[block.span.start] = paid
    return found


def read(context: Context) -> Iterator[Draft]:
    """The projects of announced lists."""
    above = context.once(sections)
    for start, entries in context.once(listed_blocks).items():
        for entry in entries:
            places = Places()
            mark = mark_of(context.document.text[entry.quote.start : entry.quote.start + 12]) if entry.rest else None
            record = Project(
                quote=context.quote(entry.quote),
                section=above[start],
                seq=mark.seq if mark else None,
                name=entry.name.text,
                fund_level=fund_named(entry.name.text),
                **{entry.field: places.money(entry.field, entry.view, entry.amount)},
                **(told(entry.rest) if entry.rest is not None else {}),
            )
            yield context.draft("projects", record, entry.quote, places.spans)


def _announces(block: Block) -> bool:
    text = block.text.rstrip()
    last = re.split(r"[。；;]", text.rstrip("。：:"))[-1]
    return bool(_ANNOUNCES.search(text) and _OF_MONEY.search(last) and (_SPENT.search(last) or _PLANNED.search(last)))


def _of_run(head: Block | None, run: Sequence[Block]) -> dict[int, Sequence[_Entry]]:
    """The entries of a run of items, all of which must be such; none where one is not."""
    if head is None or len(run) < _FEWEST:
        return {}
    last = re.split(r"[。；;]", head.text.rstrip("。：: "))[-1]
    usual = "executed" if _SPENT.search(last) else "full_year_budget"
    entries = [_entry(block, usual) for block in run]
    return {b.span.start: [e] for b, e in zip(run, entries, strict=True) if e is not None} if all(entries) else {}


def _entry(block: Block, usual: str) -> _Entry | None:
    """An item that begins with a project's name and its amount, without a label of the project's between them."""
    numeral = next((n for n in block.numerals if n.start >= len(block.mark)), None)
    if numeral is None or money_exponent(numeral.unit) is None:
        return None
    view = block.view
    words = view.text[len(block.mark) : numeral.start]
    name, field = without_label(words.strip())
    if re.search(r"[，,。；;：:]", name) or not is_project_name(name, surely=True):
        return None
    at = view.text.index(name, len(block.mark))
    rest = view.part(numeral.unit_stop, len(view.text))
    if any(money_exponent(n.unit) is not None for n in block.numerals if n.start > numeral.start):
        return None
    quote = Span(block.span.start, view.span(numeral.start, numeral.unit_stop).stop)
    return _Entry(strip(view.part(at, at + len(name))), field or usual, numeral, view, rest, quote)


def _payees(block: Block) -> Iterator[_Entry]:
    """“某公司…，兑付12万元；某合作社…，兑付8万元”: what each was paid, in parts of one build."""
    text = block.text
    lead = _LEAD.match(text)
    begin = lead.end() if lead else 0
    if "；" not in text and ";" not in text:
        return
    starts = [n.start for n in block.numerals]
    for part in _PART.finditer(text, begin):
        name = _PAYEE.match(text, part.start(), part.end())
        last = bisect_left(starts, part.end()) - 1
        paid = block.numerals[last] if last >= 0 and starts[last] >= part.start() else None
        if name is None or paid is None or money_exponent(paid.unit) is None:
            return
        before = max(text.rfind("，", part.start(), paid.start), text.rfind(",", part.start(), paid.start)) + 1
        if not before or labelled_field(text[before : paid.start]) != "executed":
            return
        quote = block.view.span(name.start("name"), paid.unit_stop)
        yield _Entry(block.view.part(*name.span("name")), "executed", paid, block.view, None, quote)
