"""Checking: money that came in batches (分三批下达) against the batches, in the passage or in the items that follow it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from pipeline.checking.diagnosis import is_shift, sum_hint
from pipeline.checking.enumerations import ordinal
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import check_sum
from pipeline.checking.passages import Passage, Told, passages, plays, told
from pipeline.checking.scene import Figure, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.checking.units_check import slip_in_sum
from pipeline.checking.vocabulary import words
from pipeline.flow import Block, Finding
from schemas.relations import FindingKind

_ITEM = re.compile(r"^[（(]?(\d{1,2})[）)).．、]")
_FEWEST, _MOST = 2, 20
_BEFORE, _BEHIND = 200, 2000
"""Characters before and behind the number of batches that are read."""
_FAR = 40
"""Characters between the name of a batch and its amount."""
_CLOSE = 5
"""The batches must come within a fifth of the amount that is taken for their whole."""


def check_batches(scene: Scene) -> Iterator[Finding]:
    """“下达资金2012万元，分两批下达，第一批1400万元、第二批512万元” against the sum of the batches.

    Precondition: an amount stands before the number of batches in its sentence; behind it each batch, by its ordinal and in
    order, has an amount at once, or the passage ends with a colon and as many numbered items as there are batches, with one
    amount each, follow it. No amount of the sentence is what the batches make.
    """
    known = words().batches
    blocks = scene.blocks
    place = {b.span: i for i, b in enumerate(blocks)}
    for passage in passages(scene, known.number):
        for match in known.number.finditer(passage.text):
            count = _number(match["n"])
            if not _FEWEST <= count <= _MOST:
                continue
            near = max(0, match.start() - _BEFORE)
            start = max(near, passage.text.rfind("。", near, match.start()) + 1)
            heads = [n for n in told(scene, passage, start, match.start()) if n.is_money]
            parts = _in_passage(scene, passage, match.end(), count)
            if not parts and passage.text.rstrip().endswith(("：", ":")):
                parts = _in_items(scene, blocks, place[passage.block.span] + 1, count)
            if heads and len(parts) == count:
                yield from _check(scene, passage, heads, parts)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else ordinal(text.replace("两", "二"))


def _in_passage(scene: Scene, passage: Passage, start: int, count: int) -> list[Figure]:
    """The amounts right behind 第一批, 第二批 …; empty where one is missing."""
    stop = min(len(passage.text), start + _BEHIND)
    marks = list(islice(words().batches.ordinal.finditer(passage.text, start, stop), count))
    if [_number(m["n"]) for m in marks] != list(range(1, count + 1)):
        return []
    numbers = [n for n in told(scene, passage, start, stop) if n.is_money]
    found: list[Figure] = []
    for mark in marks:
        own = next((n for n in numbers if n.numeral.start >= mark.end()), None)
        if own is None or own.numeral.start - mark.end() > _FAR or (found and own.figure is found[-1]):
            return []
        found.append(own.figure)
    return found


def _in_items(scene: Scene, blocks: Sequence[Block], first: int, count: int) -> list[Figure]:
    """The one amount of each of the items numbered from 1 to a count; empty where there are more or fewer of them."""
    items = blocks[first : first + count + 1]
    numbers = [int(m[1]) if (m := _ITEM.match(b.mark)) else 0 for b in items]
    if numbers[:count] != list(range(1, count + 1)) or numbers[count:] == [count + 1]:
        return []
    found: list[Figure] = []
    for block in items[:count]:
        amounts = [n.figure for n in told(scene, Passage(block, None), 0, len(block.text)) if n.is_money]
        if len(amounts) != 1:
            return []
        found += amounts
    return found


def _check(scene: Scene, passage: Passage, heads: Sequence[Told], parts: Sequence[Figure]) -> Iterator[Finding]:
    values = [p.interval for p in parts]
    if not commensurable([*(h.figure for h in heads), *parts]):
        return
    if any(not check_sum(h.figure.interval, values).broken for h in heads):
        return
    head = heads[-1].figure
    outcome = check_sum(head.interval, values)
    if outcome.computed is None:
        return
    slip = slip_in_sum(head, parts, passage.report)
    shift = is_shift(head, parts)
    if slip is not None:
        yield slip
    elif shift or outcome.needed * _CLOSE <= abs(head.interval.value):
        computed, gap = in_unit(head, outcome.computed), in_unit(head, outcome.needed)
        unit = head.literal.unit or ""
        yield make(
            FindingKind.DECIMAL_SHIFT if shift else FindingKind.SUM,
            "prose.batches",
            passage.report,
            Text(
                f"{len(parts)}批{'＋'.join(digits(p) for p in parts)}＝{computed}{unit}，与{printed(head)}不符，相差{gap}{unit}",
                f"the {len(parts)} batches make {computed}, not {printed(head)}; off by {gap}",
            ),
            stated=printed(head),
            computed=f"{computed}{unit}",
            slack=slack_in(head, outcome.allowed),
            literals=plays(scene, [("total", head), *(("part", p) for p in parts)]),
            suggestion=sum_hint(head, parts),
        )
