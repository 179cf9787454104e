"""Checking: amounts in a row that a printed 合计 closes, in prose, whatever their labels were made into."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.checking.diagnosis import is_shift, sum_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Outcome, check_sum
from pipeline.checking.prose import Mention, mentions
from pipeline.checking.scene import Fact, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.checking.units_check import slip_in_sum
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, Severity
from schemas.relations import FindingKind

_NEXT = re.compile(r"^[，,、](?!.*[；;。])")
_OPENING = re.compile(r"[，,、；;。：:（(]")
_CLOSING_LABEL = 8
_NAME = 20


def check_chains(scene: Scene) -> Iterator[Finding]:
    """“A 1万元，B 2万元，C 3万元，支出合计6万元” against its total.

    Precondition: in one sentence of prose, at least two amounts of one kind of unit, neither compared with another
    year nor in brackets nor totals themselves, from the sentence's beginning or a 其中 or 按…分 on, and right after them
    an amount whose label is nothing but a total. Where the last few of them, or all but one, make up the total, the
    others belong to something else and nothing is said.
    """
    for facts in scene.facts_by_sentence.values():
        if len(facts) < 3 or scene.places.row(facts[0].start) is not None:
            continue
        span = scene.places.sentence_span(facts[0].start)
        if not any(word in scene.document.slice(span) for word in words().total_words):
            continue
        yield from _check(scene, facts)


def _check(scene: Scene, facts: Sequence[Fact]) -> Iterator[Finding]:
    told = mentions(scene, facts)
    for index, total in enumerate(told):
        label = _OPENING.sub("", total.label)
        if (
            not total.is_amount
            or not _NEXT.match(total.label)
            or len(label) > _CLOSING_LABEL
            or not words().trailing_total.search(label)
        ):
            continue
        parts = _run(told, index)
        figures = [p.figure for p in parts]
        if len(parts) < 2 or not commensurable([total.figure, *figures]):
            continue
        outcome = check_sum(total.figure.interval, [f.interval for f in figures])
        if outcome.broken and outcome.computed is not None and not _explained(total, parts):
            slip = slip_in_sum(total.figure, figures, facts[0].report)
            yield slip or _finding(facts[0].report, label, total, parts, outcome)


def _run(told: Sequence[Mention], index: int) -> list[Mention]:
    """The amounts before a total that one list may hold, empty where the list has no clear beginning."""
    known = words()
    found: list[Mention] = []
    for place in range(index - 1, -1, -1):
        mention = told[place]
        if mention.depth > told[index].depth:
            continue
        if not mention.is_amount or mention.depth < told[index].depth or known.compared.search(mention.label):
            return []
        if known.trailing_total.search(_OPENING.sub("", mention.label)):
            return []
        found.insert(0, mention)
        if known.split.search(mention.label):
            return found
        if place and not _NEXT.match(mention.label):
            return []
    return found


def _explained(total: Mention, parts: Sequence[Mention]) -> bool:
    values = [p.figure.interval for p in parts]
    runs = [values[i:] for i in range(1, len(values) - 1)]
    runs += [values[:i] + values[i + 1 :] for i in range(len(values)) if len(values) > 2]
    return any(not check_sum(total.figure.interval, run).broken for run in runs)


def _finding(report: str, label: str, total: Mention, parts: Sequence[Mention], outcome: Outcome) -> Finding:
    figure, figures = total.figure, [p.figure for p in parts]
    assert outcome.computed is not None
    computed, gap = in_unit(figure, outcome.computed), in_unit(figure, outcome.needed)
    unit = figure.literal.unit or ""
    terms = "＋".join(f"{_OPENING.split(p.label)[-1][-_NAME:]}{digits(p.figure)}" for p in parts)
    shift = is_shift(figure, figures)
    return make(
        FindingKind.DECIMAL_SHIFT if shift else FindingKind.SUM,
        "prose.closing_total",
        report,
        Text(
            f"{terms}＝{computed}{unit}，{label}印为{printed(figure)}，相差{gap}{unit}",
            f"the amounts add up to {computed}, but a total of {digits(figure)} is printed; off by {gap}",
        ),
        stated=printed(figure),
        computed=f"{computed}{unit}",
        slack=slack_in(figure, outcome.allowed),
        severity=Severity.WARNING if outcome.needed * 1000 < abs(figure.interval.value) else Severity.ERROR,
        literals=[figure.plays("total"), *(f.plays("part") for f in figures)],
        suggestion=sum_hint(figure, figures),
    )
