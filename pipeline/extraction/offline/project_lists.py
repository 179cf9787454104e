"""Extraction, offline: ``projects`` listed within a sentence: “一是…工程支出5万元；二是…”, and names zipped with amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.extraction.offline.context import Context, Places
from pipeline.extraction.offline.leads import own_section
from pipeline.extraction.offline.project_amounts import labelled_field, without_label
from pipeline.extraction.offline.project_items import fund_named, is_project_name
from pipeline.extraction.offline.zipped import Zipped, zipped
from pipeline.flow import Block, Draft, View
from pipeline.layout.lines import strip
from pipeline.numerals import Numeral, find_numerals
from schemas.projects import Project
from schemas.units import money_exponent
from schemas.values import Span

_ORDINAL = re.compile(r"(?:^|(?<=[。；;：:，,]))\s*(?:[一二三四五六七八九十]{1,2}是|第?[一二三四五六七八九十]{1,2}、)")
_SPEAKS = re.compile(r"项目|专项")
_COUNTED = re.compile(r"项目[^。；;，,]{0,12}\d\s?个|\d\s?个[^。；;，,]{0,8}项目")
_SPENT = re.compile(r"支出|执行|拨付|支付")
_BUDGETED = re.compile(r"预算|安排|下达")
_LEAD = re.compile(r"^[^（(“《]*?(?:(?:安排|实施|包括|支持|用于|涉及|开展|组织|下达)了?)+")
_YEAR = re.compile(r"(?:19|20)\d{2}\s?年(?:度)?(?=[^，,]{3})")


@dataclass(frozen=True, slots=True)
class Listed:
    """One project of a list: its name, its amounts by field, and the span that states it."""

    name: View
    amounts: Mapping[str, Numeral]
    quote: Span


def listed_projects(block: Block) -> list[Listed]:
    """The projects that a block lists by ordinals or in zipped lists."""
    return [*_by_ordinals(block), *(p for z in zipped(block.view) for p in _by_zip(block.view, z))]


def read_lists(context: Context, block: Block) -> Iterator[Draft]:
    """The projects of a block's lists."""
    section = own_section(block) or (block.path[-1] if block.path else None)
    for found in listed_projects(block):
        places = Places()
        record = Project(
            quote=context.quote(found.quote),
            section=section,
            name=found.name.text,
            fund_level=fund_named(found.name.text),
            **{field: places.money(field, block.view, n) for field, n in found.amounts.items()},
        )
        yield context.draft("projects", record, found.quote, places.spans)


def _by_ordinals(block: Block) -> Iterator[Listed]:
    """“全年实施项目3个：一是…工作经费支出5万元；二是…”: each with its name and first amount, at least two of them."""
    text = block.text
    if text.count("是") + text.count("、") < 2:
        return
    marks = list(_ORDINAL.finditer(text))
    if len(marks) < 2 or not _SPEAKS.search(text[: marks[0].start()] or (block.path[-1] if block.path else "")):
        return
    found = []
    for number, mark in enumerate(marks):
        stop = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        listed = _ordinal(block.view, mark.end(), stop, text[: marks[0].start()])
        if listed is not None:
            found.append(listed)
    if len(found) >= 2:
        yield from found


def _ordinal(view: View, start: int, stop: int, lead: str) -> Listed | None:
    numeral = next((n for n in find_numerals(view.text, start, stop) if money_exponent(n.unit) is not None), None)
    if numeral is None or re.search(r"[。，,；;]", view.text[start : numeral.start]):
        return None
    name, field = without_label(view.text[start : numeral.start].strip())
    if field is None:
        field = "executed" if _SPENT.search(lead) and not _BUDGETED.search(lead) else "full_year_budget"
    if not is_project_name(name, surely=not _COUNTED.search(lead)):
        return None
    at = view.text.index(name, start)
    named = view.part(at, at + len(name))
    return Listed(named, {field: numeral}, Span(named.whole.start, view.span(start, numeral.unit_stop).stop))


def _by_zip(view: View, found: Zipped) -> Iterator[Listed]:
    fields = [labelled_field(c.label) for c in found.columns]
    money = all(money_exponent(n.unit) is not None for c in found.columns for n in c.numerals)
    names = [_without_lead(*found.names), *found.names[1:]]
    sure = not re.search(r"项目|工程|专项", found.sort)
    if not money or None in fields or len(set(fields)) < len(fields):
        return
    if not all(is_project_name(n.text, surely=sure) for n in names):
        return
    quote = Span(names[0].whole.start, view.span(found.start, found.stop).stop)
    for row, name in enumerate(names):
        amounts = {f: c.numerals[row] for f, c in zip(fields, found.columns, strict=True) if f is not None}
        yield Listed(name, amounts, quote)


def _without_lead(name: View, *others: View) -> View:
    """The first name of a list without the words that lead to it (“专项资金安排…”, a year)."""
    lead = _LEAD.match(name.text)
    if lead is None or len(name.text) - lead.end() < 4:
        lead = _YEAR.match(name.text) if not any(_YEAR.match(n.text) for n in others) else None
    return name if lead is None else strip(name.part(lead.end(), len(name.text)))
