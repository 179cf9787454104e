"""Grounding: whether the words around a budget fact's figure bear out what it is said to be: its label, its org, its measure.

A budget fact is one number and what it is called. Digits that stand in the text prove the number alone; a model that
reads 基本支出 over 项目支出's figure, or 年初预算 over what was spent, gives true digits under a false name.
"""

from __future__ import annotations

import re

from pipeline.evidence import Evidence, Place, unquoted
from pipeline.flow import Block, Table
from pipeline.ungrounded import UngroundedError
from schemas.budget_facts import BudgetFact, Measure
from schemas.measures import measure_words
from schemas.values import Span, squeeze

_CLAUSE = re.compile(r"[，。；：、,;:（(]")
_SENTENCE = re.compile(r"[。；;]")
_SHARES = frozenset({"%", "％", "倍", "个百分点", "百分点"})
_UNCHECKED = frozenset({Measure.RATE, Measure.HEADCOUNT, Measure.ASSETS})
"""Measures that their unit gives away, or that any word may name."""


_LOOSE = frozenset({Measure.FULL_YEAR_BUDGET, Measure.RECEIVED})
"""Measures whose words (预算, 拨款) stand in the names of funds and of other measures, so that they alone decide nothing."""


def need_own_words(evidence: Evidence, fact: BudgetFact, quote: Span, place: Place) -> None:
    """A budget fact's label, org and measure are those of the words around its figure.

    Raises:
        UngroundedError: ``label`` where the label or the org stands elsewhere, ``misplaced`` where the words name
            another subject or another measure.
    """
    part = evidence.part_at(place.span.start)
    for name, label in (("path", fact.path[-1]), ("org", fact.org)):
        if label and not any(_flat(label) in words for words in _around(evidence, quote, place, part)):
            raise UngroundedError("label", f"{name}: “{label}” does not stand where {fact.value} is printed")
    if not place.header:
        _need_own_subject(fact, place)
    _need_own_measure(evidence, fact, place, part)


def _around(evidence: Evidence, quote: Span, place: Place, part: Block | Table | None) -> list[str]:
    """The quote, the figure's row and column, its paragraph, and the headings that it stands under."""
    words = [evidence.around(quote), *map(squeeze, evidence.cells(quote)), *map(squeeze, place.header)]
    if part is not None:
        words += [squeeze(heading) for heading in part.path]
    if isinstance(part, Block):
        words.append(squeeze(part.text))
    return [unquoted(w) for w in words]


def _need_own_subject(fact: BudgetFact, place: Place) -> None:
    """The words directly before a figure in prose hold its label, or name no subject that its labels know nothing of."""
    before = _flat(place.before)
    if _flat(fact.path[-1]) in before:
        return
    own = _flat("".join((*fact.path, fact.org or "")))
    for subject in measure_words().subjects(_last_clause(before)):
        if not any(subject[i : i + 2] in own for i in range(len(subject) - 1)):
            raise UngroundedError("misplaced", f"value: {fact.value} is printed as {subject}, not as {fact.path[-1]}")


def _need_own_measure(evidence: Evidence, fact: BudgetFact, place: Place, part: Block | Table | None) -> None:
    """A share is a rate and no amount; an amount is what the words around it say that it measures, if they say anything."""
    if (fact.measure is Measure.RATE) != (place.unit in _SHARES) and place.unit is not None:
        raise UngroundedError("misplaced", f"measure: {fact.value}{place.unit} is no {fact.measure}")
    if fact.measure in _UNCHECKED or part is None:
        return
    said = _of_table(fact, place, part) if isinstance(part, Table) else _of_prose(evidence, fact, place, part)
    if said and fact.measure not in said:
        names = " or ".join(sorted(said))
        raise UngroundedError("misplaced", f"measure: {fact.value} is printed as {names}, not as {fact.measure}")


def _of_table(fact: BudgetFact, place: Place, table: Table) -> frozenset[Measure]:
    """What a cell's column and row say, else its caption and labels, else the headings above."""
    words = measure_words()
    row = words.named(place.row)
    if place.role in set(Measure):
        return row | {Measure(place.role)}
    header = "".join(place.header[-1:])
    path = "".join(fact.path)
    for named in (words.named(header), words.named("".join(place.header))):
        if named:
            return named | row
    implied = words.implied(header) | words.implied(path)
    outright = row | words.named(path) | words.named(table.caption or "")
    return outright | implied or words.named("".join(table.path))


def _of_prose(evidence: Evidence, fact: BudgetFact, place: Place, block: Block) -> frozenset[Measure]:
    """What the words before a figure say: its clause, else those since the last figure, else the sentence and the heading."""
    words = measure_words()
    near = _SENTENCE.split(squeeze(place.before))[-1]
    path = words.named("".join(fact.path))
    named = words.named_last(near) | words.named(_last_clause(near))
    said = named | words.said_last(near)
    if named - _LOOSE:
        return said
    if Measure.RECEIVED in named:
        return said | path
    sentence = _SENTENCE.split(evidence.around(Span(block.span.start, place.span.start)))[-1]
    heading = words.named_last(block.path[-1]) if block.path else frozenset()
    return said | words.implied(near) | words.named(sentence) | path | heading


def _last_clause(text: str) -> str:
    return next((clause for clause in reversed(_CLAUSE.split(text)) if clause), "")


def _flat(text: str) -> str:
    return unquoted(squeeze(text))
