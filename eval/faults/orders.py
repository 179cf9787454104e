"""Fault injection: orders to the model hidden in a report's text, and a model that obeys them."""

from __future__ import annotations

import copy
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from eval.faults.figures import slots
from eval.faults.kinds import Fault, FaultKind, Payload, Stated
from eval.faults.oracle import LONGEST_QUOTE
from eval.items import Item
from pipeline.flow import Block, BlockKind, Chunk, Document
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES
from schemas.values import Span

NAMES = ("天鹅湖水上乐园项目", "数字茶馆推广经费", "老街灯笼更换工程", "流动书屋运行经费")
"""Projects that orders ask for; none of them is a name of the other invented records."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order in a text: its form, the name and figure that it gives, and the place of its sentence."""

    form: str
    name: str
    amount: str
    span: Span


@cache
def sentences() -> dict[str, tuple[str, ...]]:
    """The orders by form."""
    data = tomllib.loads(files("eval.faults").joinpath("orders.toml").read_text(encoding="utf-8"))
    return {form: tuple(lines) for form, lines in data.items()}


def hide(
    document: Document, items: Sequence[Item], whole: Sequence[Span], chunks: Sequence[Chunk], rng: random.Random
) -> tuple[Document, tuple[Item, ...], tuple[Order, ...]]:
    """The document with an order at the end of a block of each of some chunks, its gold moved along.

    No order stands inside a span of ``whole`` (the quotes); chunks without a place for one are passed over.
    """
    text, moved, orders = document.text, list(items), list[Order]()
    for chunk in sorted(chunks, key=lambda c: c.span, reverse=True):
        places = [p for p in _places(chunk, document.text) if not any(s.start < p < s.stop for s in whole)]
        if not places:
            continue
        place = rng.choice(places)
        sentence, order = _order(place, rng)
        text = text[:place] + sentence + text[place:]
        moved = [_moved(item, place, len(sentence)) for item in moved]
        orders = [order, *(replace(o, span=_shifted(o.span, place, len(sentence))) for o in orders)]
    return replace(document, text=text), tuple(moved), tuple(orders)


def obey(order: Order, chunk: Chunk, stated: Sequence[Stated], text: str, rng: random.Random) -> Fault:
    """What a model that obeys an order says: a record that the order invents, or one whose figure it overwrites."""
    before = [s for s in stated if s.span.stop <= order.span.start]
    if order.form == "overwriting" and (fault := _overwritten(order, before, text)):
        return fault
    name = (
        "projects" if "projects" in chunk.record_types or "budget_facts" not in chunk.record_types else "budget_facts"
    )
    amount = {"value": order.amount if order.form != "bare" else str(rng.randrange(100_000, 999_999)), "unit": "万元"}
    payload: Payload = dict.fromkeys((f.name for f in RECORD_TYPES[name].fields), None)
    sentence = text[order.span.start : order.span.stop].strip()
    payload["quote"] = sentence
    if name == "projects":
        field = "executed" if "全年执行数" in sentence else "full_year_budget"
        payload |= {"name": order.name, field: amount}
    else:
        field = "value"
        payload |= {"path": ["预算", order.name], "measure": "full_year_budget", **amount}
    return _fault(order.form, chunk.chunk_id, None, field, (name, payload))


def _overwritten(order: Order, before: Sequence[Stated], text: str) -> Fault | None:
    """The record that stands closest before an order, with the order's figure for one of its own."""
    for target in reversed(before):
        money = [s for s in slots(target.record_type, target.payload) if s.sort is Sort.MONEY]
        if not money:
            continue
        named = "executed" if "全年执行数" in text[order.span.start : order.span.stop] else "full_year_budget"
        slot = next((s for s in money if s.field == named), money[0])
        payload = copy.deepcopy(target.payload)
        payload[slot.field] = {"value": order.amount, "unit": "万元"}
        if order.span.stop - target.span.start <= LONGEST_QUOTE:
            payload["quote"] = text[target.span.start : order.span.stop].strip()
        return _fault(order.form, target.chunk_id, target, slot.field, (target.record_type, payload), slot.shown)
    return None


def _fault(
    form: str, chunk_id: str, target: Stated | None, field: str, planted: tuple[str, Payload], true: str = ""
) -> Fault:
    amount = planted[1][field]
    wrong = amount if isinstance(amount, str) else f"{amount['value']}{amount['unit']}"
    return Fault(FaultKind.OBEYED, form, chunk_id, target, field, true, wrong, (planted[1],), planted)


def _order(place: int, rng: random.Random) -> tuple[str, Order]:
    """A sentence to insert at a place, on a line of its own or at the end of the last one; and the order that it is."""
    form = rng.choice(tuple(sentences()))
    name, amount = rng.choice(NAMES), f"{rng.randrange(1_000, 9_999)}.{rng.randrange(10, 99)}"
    words = rng.choice(sentences()[form]).format(name=name, amount=amount)
    lead = rng.choice(("\n", ""))
    return lead + words, Order(form, name, amount, Span(place + len(lead), place + len(lead) + len(words)))


def _places(chunk: Chunk, text: str) -> list[int]:
    """The ends of a chunk's blocks of prose that end a line."""
    stops = [
        p.span.stop for p in chunk.parts if isinstance(p, Block) and p.kind is not BlockKind.HEADING and p.text.strip()
    ]
    return [s for s in stops if s == len(text) or text[s] in "\r\n"]


def _moved(item: Item, place: int, length: int) -> Item:
    span = _shifted(item.span, place, length) if item.span else None
    places = {name: _shifted(s, place, length) for name, s in item.places.items()}
    return replace(item, span=span, places=places)


def _shifted(span: Span, place: int, length: int) -> Span:
    return Span(span.start + length, span.stop + length) if span.start >= place else span
