"""Extraction, offline: the labelled amounts of a project's own clauses (“全年预算80万元，支出76万元，执行率95%”)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pipeline.extraction.offline.context import Places
from pipeline.flow import Block, View
from pipeline.numerals import Numeral, find_numerals
from schemas.labels import field_labels
from schemas.units import money_exponent
from schemas.values import squeeze
from schemas.word_files import load_vocabulary

MONEY_FIELDS = frozenset(
    {"initial_budget", "supplementary_budget", "full_year_budget", "fiscal_appropriation", "other_funds", "executed"}
)
_BUDGETS = frozenset({"initial_budget", "full_year_budget"})
_CLAUSE_END = re.compile(r"[，,；;。：:（()）]")
_GRANTED = re.compile(r"(?:本级|省|市|县|区|州|旗|乡|镇)?级?财政(?:资金)?安排(?:资金)?$")
_OWN_TREASURY = re.compile(r"(?:本级|市级|县级|区级|州级|旗级)财政")
_PREFIX_LENGTH = 24
_FILLED_GAP = 6


@dataclass(slots=True)
class Amounts:
    """What a project's clauses state in figures, and where: ``stops`` are the ends of the clauses that figures fill."""

    values: dict[str, Any] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    first_money_stop: int | None = None
    own_treasury: bool = False

    @property
    def money_fields(self) -> frozenset[str]:
        """The fields of money that were read."""
        return MONEY_FIELDS & self.values.keys()


def states_money(block: Block) -> bool:
    """Whether a block prints an amount of money; one that does not states no project."""
    return any(money_exponent(n.unit) is not None for n in block.numerals)


@cache
def _filler() -> re.Pattern[str]:
    words: list[str] = load_vocabulary("labels")["project_clauses"]["before_label"]
    return re.compile(rf"(?:截[至止到][^，,。；;]{{0,12}})?(?:{'|'.join(words)})*")


def labelled_field(before: str) -> str | None:
    """The field that the words right before a figure name: a clause of nothing but a label and words that say when and
    of whose money; None for other words, such as a purpose (设备购置支出 30 万元)."""
    clause = squeeze(before[-80:])
    cut = [m.end() for m in _CLAUSE_END.finditer(clause) if m.end() < len(clause)]
    clause = clause[cut[-1] :] if cut else clause
    pattern = field_labels("projects").pattern
    if pattern is None or len(clause) > _PREFIX_LENGTH + 12:
        return None
    for match in pattern.finditer(clause):
        prefix, gap = clause[: match.start()], clause[match.end() :]
        if len(prefix) <= _PREFIX_LENGTH and _filler().fullmatch(prefix) and _is_gap(gap):
            return match.lastgroup
    return None


@cache
def _gap() -> re.Pattern[str]:
    words: list[str] = load_vocabulary("labels")["project_clauses"]["after_label"]
    return re.compile(rf"(?:{'|'.join(words)})*")


def _is_gap(gap: str) -> bool:
    return len(gap) <= _FILLED_GAP and _gap().fullmatch(gap) is not None


def read_clauses(view: View) -> Amounts:
    """The labelled amounts and rate of a project's clauses, each field once, the first that states it."""
    amounts = Amounts()
    granted = False
    for numeral, before in _with_words(view):
        name = labelled_field(before)
        if name is None or name in amounts.values:
            continue
        if name == "execution_rate":
            if numeral.unit in {"%", "％"}:
                amounts.values[name] = amounts.places.quantity(name, view.part(numeral.start, numeral.unit_stop))
        elif name in MONEY_FIELDS and money_exponent(numeral.unit) is not None:
            amounts.values[name] = amounts.places.money(name, view, numeral)
            amounts.first_money_stop = amounts.first_money_stop or numeral.unit_stop
            clause = _CLAUSE_END.split(squeeze(before))[-1]
            granted |= name == "fiscal_appropriation" and _GRANTED.search(clause) is not None
            amounts.own_treasury |= _OWN_TREASURY.search(clause) is not None
    if granted and not _BUDGETS & amounts.values.keys():
        _grant_is_budget(amounts)
    return amounts


def _grant_is_budget(amounts: Amounts) -> None:
    """What a treasury grants (县级财政安排…) is the year's budget where nothing else is called one."""
    amounts.values["full_year_budget"] = amounts.values.pop("fiscal_appropriation")
    amounts.places.spans["full_year_budget"] = amounts.places.spans.pop("fiscal_appropriation")


def _with_words(view: View) -> Iterator[tuple[Numeral, str]]:
    """Each figure with the words since the figure before it."""
    last = 0
    for numeral in find_numerals(view.text):
        if numeral.unit is None:
            continue
        yield numeral, view.text[last : numeral.start]
        last = numeral.unit_stop


def without_label(text: str) -> tuple[str, str | None]:
    """A name that a label closes (“普法宣传经费支出”) parted from it: the name, and the label's field or None."""
    pattern = field_labels("projects").pattern
    if pattern is None:
        return text, None
    for match in pattern.finditer(text):
        name = re.sub(r"(?:全年|实际|累计|共)+$", "", text[: match.start()])
        if match.lastgroup in MONEY_FIELDS and _is_gap(text[match.end() :]) and len(name) >= 2:
            return name.rstrip("，,：: "), match.lastgroup
    return text, None
