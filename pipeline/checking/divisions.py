"""Checking: a division known to be whole (三公经费 by kind, 编制 by kind) that opens a sentence, against the sentence before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import check_sum
from pipeline.checking.passages import Passage, Told, passages, plays, sentences, told
from pipeline.checking.scene import Figure, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding
from schemas.relations import FindingKind

_OPENS = re.compile(r"其中|包括|分别为|具体为")
_LEAD = re.compile(r"^(?:[，、；：,;:]|其中|包括|分别为|具体为)+")
_CLOSE = Decimal("0.05")
"""How far, of the sum, the amount may be off that is taken for the head."""


def check_divisions(scene: Scene) -> Iterator[Finding]:
    """“…实际支出58.34万元，下降5.75%。其中：公务接待费6.12万元，公务用车运行维护费42.72万元，因公出国（境）费8.60万元。”

    Precondition: a sentence begins with 其中 and the labels of its first amounts are a division that the vocabulary knows
    to be whole, no more and no fewer. It is wrong where no amount of the sentence before is their sum, and one of them,
    the head, nearly is.
    """
    for passage in passages(scene, _OPENS):
        for before, (start, stop) in pairwise(sentences(passage.text)):
            if _OPENS.match(passage.text[start:stop].lstrip()) and (
                parts := _division(told(scene, passage, start, stop))
            ):
                heads = [n for n in told(scene, passage, *before) if n.is_money]
                yield from _check(scene, passage, heads, [p.figure for p in parts])


def _division(numbers: Sequence[Told]) -> Sequence[Told]:
    """The first numbers of a sentence where they are all parts of a known division, empty where they are not."""
    labels = [_LEAD.sub("", n.label) for n in numbers]
    for group in words().partitions:
        taken = labels[: len(group)]
        whole = len(taken) == len(group) and all(any(p.fullmatch(x) for x in taken) for p in group)
        more = labels[len(group) : len(group) + 1]
        if whole and not any(p.fullmatch(x) for p in group for x in more):
            return numbers[: len(group)]
    return ()


def _check(scene: Scene, passage: Passage, before: Sequence[Told], parts: Sequence[Figure]) -> Iterator[Finding]:
    heads = [n.figure for n in before if commensurable([n.figure, *parts])]
    outcomes = [(head, check_sum(head.interval, [p.interval for p in parts])) for head in heads]
    if not outcomes or not all(outcome.broken for _, outcome in outcomes):
        return
    head, outcome = min(outcomes, key=lambda o: abs(o[1].needed))
    if outcome.computed is None or abs(outcome.needed) > abs(outcome.computed) * _CLOSE:
        return
    computed, gap = in_unit(head, outcome.computed), in_unit(head, outcome.needed)
    unit = head.literal.unit or ""
    terms = "＋".join(digits(p) for p in parts)
    yield make(
        FindingKind.SUM,
        "prose.division",
        passage.report,
        Text(
            f"{terms}＝{computed}{unit}，与前句{printed(head)}不符，相差{gap}{unit}",
            f"the parts make {computed}, not the {printed(head)} of the sentence before; off by {gap}",
        ),
        stated=printed(head),
        computed=f"{computed}{unit}",
        slack=slack_in(head, outcome.allowed),
        literals=plays(scene, [("total", head), *(("part", p) for p in parts)]),
    )
