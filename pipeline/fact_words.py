"""Grounding: whether the words around a budget fact's figure bear out what it is said to be: its label, its org, its measure.

A budget fact is one number and what it is called. Digits that stand in the text prove the number alone; a model that
reads 基本支出 over 项目支出's figure, or 年初预算 over what was spent, gives true digits under a false name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.evidence import Evidence, unquoted
from pipeline.flow import Block, Table
from pipeline.printed_places import Place
from pipeline.ungrounded import UngroundedError
from schemas.budget_facts import BudgetFact, Measure
from schemas.measures import measure_words
from schemas.units import money_exponent
from schemas.values import Span, squeeze

_CLAUSE = re.compile(r"[，。；：、,;:（(]")
_SENTENCE = re.compile(r"[。；;]")
_LINK = re.compile(r"[为是共计：:]+$")
_NEAR = 400
"""Characters of a sentence before and behind a figure in which its label is looked for."""
_YEAR_BEFORE = re.compile(r"上一?年|去年|前年|同期|同比|[年期]初")
_YEAR = re.compile(r"((?:19|20)\d\d)年")
_SHARES = frozenset({"%", "％", "倍", "个百分点", "百分点"})
_UNCHECKED = frozenset({Measure.RATE, Measure.HEADCOUNT, Measure.ASSETS})
"""Measures that their unit gives away, or that any word may name."""


_MEASURES = frozenset(Measure)
_STAGES = frozenset({Measure.INITIAL_BUDGET, Measure.SUPPLEMENTARY, Measure.ADJUSTMENT, Measure.REDUCTION})
"""Budgets that a sentence may name first and then call 预算 alone."""

_OF_COLUMNS = frozenset(
    {Measure.CARRIED_IN, Measure.CARRIED_OUT, Measure.CHANGE, Measure.ADJUSTMENT, Measure.REDUCTION}
)
"""Measures that a table's caption lists among others (收支结余情况) and that their own columns name."""


def need_own_words(evidence: Evidence, fact: BudgetFact, quote: Span, place: Place) -> None:
    """A budget fact's label, org and measure are those of the words around its figure.

    Raises:
        UngroundedError: ``label`` where the label or the org stands elsewhere, ``misplaced`` where the words name
            another subject or another measure.
    """
    part = evidence.part_at(place.span.start)
    for name, label in (("path", fact.path[-1]), ("org", fact.org)):
        if not label or (fact.measure is Measure.RATE and _is_rate_name(label, place)):
            continue
        flat = evidence.flat(label)
        if not any(flat in words for words in _around(evidence, quote, place, part)):
            raise UngroundedError("label", f"{name}: “{label}” does not stand where {fact.value} is printed")
    if place.header:
        _need_own_column(evidence, fact, quote, place)
    else:
        _need_own_subject(evidence, fact, place)
        _need_own_cell(evidence, fact, quote, place)
        _need_label_before(evidence, fact, place, part)
    if part is None:
        _need_own_unit(fact)
        return
    before = Span(part.span.start, place.span.start)
    sentence = "" if place.header else _SENTENCE.split(evidence.around(before))[-1]
    _need_own_year(evidence, fact, place, part, sentence)
    _need_own_unit(fact)
    _need_own_measure(fact, place, part, sentence)


def _is_rate_name(label: str, place: Place) -> bool:
    """Whether a label is what a reader calls a rate whose clause says it with another word (占比 of 占46.88%)."""
    sign = measure_words().rate_names.get(label)
    return sign is not None and sign.search(_last_clause(squeeze(place.before))) is not None


def _around(evidence: Evidence, quote: Span, place: Place, part: Block | Table | None) -> Iterator[str]:
    """The quote, the figure's row and column, its paragraph, and the headings that it stands under."""
    yield unquoted(evidence.around(quote))
    yield from map(evidence.flat, evidence.cells(quote))
    yield from map(evidence.flat, place.header)
    yield unquoted(place.column.lost)
    if part is not None:
        yield from map(evidence.flat, part.path)
    if isinstance(part, Block):
        yield evidence.flat(part.text)


def _need_own_subject(evidence: Evidence, fact: BudgetFact, place: Place) -> None:
    """The words directly before a figure in prose hold its label, or name no subject that its labels know nothing of."""
    before = _flat(place.before)
    if evidence.flat(fact.path[-1]) in before:
        return
    own = _flat(fact.path[-1] + (fact.org or ""))
    for subject in measure_words().subjects(_last_clause(before)):
        most = len(subject) // 2 + 1
        if not any(subject[i : i + most] in own for i in range(len(subject) - most + 1)):
            raise UngroundedError("misplaced", f"value: {fact.value} is printed as {subject}, not as {fact.path[-1]}")


def _need_own_cell(evidence: Evidence, fact: BudgetFact, quote: Span, place: Place) -> None:
    """In a row of a form, where each figure stands behind its label, a figure is not that of the row's next label."""
    label = evidence.flat(fact.path[-1])
    if not place.row or label in evidence.flat(place.row):
        return
    own = [other.value for other in evidence.numerals_in(evidence.region(quote)) if evidence.flat(other.row) == label]
    if own and place.value not in own:
        raise UngroundedError("misplaced", f"value: {fact.value} is printed as {place.row}, not as {fact.path[-1]}")


def _need_own_column(evidence: Evidence, fact: BudgetFact, quote: Span, place: Place) -> None:
    """In a row whose columns are what its figures are of, a figure is not that of another column."""
    label = evidence.flat(fact.path[-1])
    if any(label in evidence.flat(words) for words in (*place.header, place.row)):
        return
    near = evidence.numerals_in(evidence.region(quote))
    own = [other.value for other in near if any(evidence.flat(words) == label for words in other.header)]
    if own and place.value not in own:
        raise UngroundedError(
            "misplaced", f"value: {fact.value} is printed as {place.header[-1]}, not as {fact.path[-1]}"
        )


def _need_label_before(evidence: Evidence, fact: BudgetFact, place: Place, part: Block | Table | None) -> None:
    """In prose, a figure is not the one of a label that its sentence gives behind it, with a figure of its own (共100万元，其中
    基本支出60万元)."""
    label = evidence.flat(fact.path[-1])
    if not isinstance(part, Block) or any(label in evidence.flat(heading) for heading in part.path):
        return
    text, (start, stop) = evidence.document.text, place.span
    if label in _SENTENCE.split(_flat(text[max(part.span.start, start - _NEAR) : start]))[-1]:
        return
    last = min(part.span.stop, stop + _NEAR)
    end = _SENTENCE.search(text, stop, last)
    others = evidence.numerals_in([Span(stop, end.start() if end else last)])
    behind = [other.value for other in others if _LINK.sub("", _flat(other.before)).endswith(label)]
    if behind and place.value not in behind:
        raise UngroundedError("misplaced", f"value: {fact.value} is printed before {fact.path[-1]}, not as it")


def _need_own_year(evidence: Evidence, fact: BudgetFact, place: Place, part: Block | Table, sentence: str) -> None:
    """A year in a figure's column header, or in its clause before it, is the fact's; changes name the year compared with.

    A year that is not the one that the document is about must be named before the figure, as a year or as 上年.
    """
    if fact.year is None:
        return
    if place.header:
        near = squeeze("".join(place.header))
        before = near + squeeze("".join((getattr(part, "caption", None) or "", place.row)))
    else:
        before = sentence
        near = _last_clause(before)
    printed = _YEAR.findall(near)
    if printed and printed[-1] != str(fact.year) and fact.measure not in {Measure.CHANGE, Measure.RATE}:
        raise UngroundedError("misplaced", f"year: {fact.value} is printed for {printed[-1]}, not for {fact.year}")
    named = before + squeeze("".join(part.path))
    if fact.year != evidence.usual_year and str(fact.year) not in named and not _YEAR_BEFORE.search(named):
        raise UngroundedError("misplaced", f"year: nothing before {fact.value} names {fact.year}")


def _need_own_unit(fact: BudgetFact) -> None:
    """A share is a rate and no amount."""
    if fact.unit in _SHARES if fact.measure is not Measure.RATE else money_exponent(fact.unit) is not None:
        raise UngroundedError("misplaced", f"measure: {fact.value}{fact.unit} is no {fact.measure}")


def _need_own_measure(fact: BudgetFact, place: Place, part: Block | Table, sentence: str) -> None:
    """An amount is what the words around it say that it measures, if they say anything."""
    if fact.measure in _UNCHECKED:
        return
    said = _of_table(fact, place, part) if isinstance(part, Table) else _of_prose(fact, place, part, sentence)
    if said and fact.measure not in said:
        names = " or ".join(sorted(said))
        raise UngroundedError("misplaced", f"measure: {fact.value} is printed as {names}, not as {fact.measure}")


def _of_table(fact: BudgetFact, place: Place, table: Table) -> frozenset[Measure]:
    """What a cell's column and row say, else its caption and labels, else the headings above."""
    words = measure_words()
    row = words.named(place.row) - {Measure.EXECUTED, Measure.RECEIVED}
    if place.role in _MEASURES:
        said = row | {Measure(place.role)}
        income = Measure.RECEIVED in words.implied(fact.path[-1])  # 决算数 of a row of 收入 is what came in
        return said | {Measure.RECEIVED} if income and Measure.EXECUTED in said else said
    header = "".join(place.header[-1:])
    for named in (words.named(header), words.named("".join(place.header))):
        if named:
            return named | row
    outright = words.named(place.row) | words.named("".join(fact.path))
    outright |= words.named(table.caption or "") - _OF_COLUMNS
    implied = [words.implied(label) for label in (header, *reversed(fact.path))]
    hinted = next((found for found in implied if len(found) == 1), frozenset[Measure]().union(*implied))
    return outright | hinted or words.named("".join(table.path)) - _OF_COLUMNS


def _of_prose(fact: BudgetFact, place: Place, block: Block, before: str) -> frozenset[Measure]:
    """What the words before a figure say: its clause, else those since the last figure, else the sentence and the heading."""
    words = measure_words()
    near = _SENTENCE.split(squeeze(place.before))[-1]
    named = words.named_last(near) | words.named(_last_clause(near))
    path = words.named("".join(fact.path))
    sentence = words.named_last(before) | (words.named(before) & {Measure.INITIAL_BUDGET})
    heading = words.named_last(block.path[-1]) if block.path else frozenset[Measure]()
    if not named:
        return words.implied(near) | sentence | path | heading
    said = named | words.said_last(near)
    if Measure.FULL_YEAR_BUDGET in named:
        said |= (sentence | path | heading) & _STAGES
    return said | path if Measure.RECEIVED in named else said


def _last_clause(text: str) -> str:
    return next((clause for clause in reversed(_CLAUSE.split(text)) if clause), "")


def _flat(text: str) -> str:
    return unquoted(squeeze(text))
