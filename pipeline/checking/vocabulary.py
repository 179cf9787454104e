"""Checking: the words that the checks read around figures, from schemas/vocabulary/checks.toml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from schemas.word_files import load_vocabulary


@dataclass(frozen=True, slots=True)
class NamedRate:
    """What a rate of a certain name divides by what, as measures of budget facts."""

    names: tuple[str, ...]
    numerators: tuple[str, ...]
    denominators: tuple[str, ...]
    excuses: tuple[str, ...]
    unless: frozenset[str]


@dataclass(frozen=True, slots=True)
class Across:
    """What several documents may state of one department."""

    labels: frozenset[str]
    implied: frozenset[str]
    whole: re.Pattern[str]
    about_projects: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Remainder:
    """What words before a number make it what is left, what it is left of, and what was taken away."""

    left: re.Pattern[str]
    base: re.Pattern[str]
    spent: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Remainders:
    """The kinds of what is left."""

    hint: re.Pattern[str]
    carried: re.Pattern[str]
    part: re.Pattern[str]
    kinds: tuple[Remainder, ...]


@dataclass(frozen=True, slots=True)
class Enumerations:
    """How a number of things and the list of them are told."""

    number: re.Pattern[str]
    open: re.Pattern[str]
    joint: re.Pattern[str]
    ordinal_hint: re.Pattern[str]
    ordinals: re.Pattern[str]
    ordinal_number: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Shares:
    """How shares and rates are told in prose."""

    of: re.Pattern[str]
    bare: re.Pattern[str]
    rate: re.Pattern[str]
    link: re.Pattern[str]
    not_a_share: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Twins:
    """Totals that prose tells in several places."""

    hint: re.Pattern[str]
    total: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Among:
    """What opens a list of parts, and what the parts of some lists are called."""

    hint: re.Pattern[str]
    opens: re.Pattern[str]
    opens_count: re.Pattern[str]
    another: re.Pattern[str]
    staffed: re.Pattern[str]
    staff: re.Pattern[str]
    last_score: re.Pattern[str]
    traits: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Batches:
    """How the number of batches and each of them are told."""

    number: re.Pattern[str]
    ordinal: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What one thing told in two places may be called besides its name, and what makes a number another thing's."""

    filler: re.Pattern[str]
    link: re.Pattern[str]
    other: re.Pattern[str]
    scored: re.Pattern[str]
    rated: re.Pattern[str]
    share: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Division:
    """What has well-known parts: where to look, how the whole and its parts are called, and what else an amount may be."""

    hint: re.Pattern[str]
    whole: re.Pattern[str]
    parts: tuple[re.Pattern[str], ...]
    other: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary as patterns; every alternative is tried longest first."""

    bare_totals: frozenset[str]
    total_suffix: re.Pattern[str]
    grand_total: re.Pattern[str]
    trailing_total: re.Pattern[str]
    total_words: tuple[str, ...]
    split: re.Pattern[str]
    partial: re.Pattern[str]
    complete: re.Pattern[str]
    residual: tuple[str, ...]
    classified: re.Pattern[str]
    classifies: re.Pattern[str]
    partitions: tuple[tuple[re.Pattern[str], ...], ...]
    rise: re.Pattern[str]
    fall: re.Pattern[str]
    compared: re.Pattern[str]
    bare_direction: re.Pattern[str]
    after_base: re.Pattern[str]
    saved: re.Pattern[str]
    carried_in: re.Pattern[str]
    arrived: re.Pattern[str]
    rates: tuple[NamedRate, ...]
    rate_names: tuple[str, ...]
    rate_of: dict[str, NamedRate]
    whole_rates: tuple[str, ...]
    measures: tuple[tuple[str, re.Pattern[str]], ...]
    item_name: re.Pattern[str]
    item_head: re.Pattern[str]
    posts: re.Pattern[str]
    people: re.Pattern[str]
    persons: frozenset[str]
    left: re.Pattern[str]
    accounts: re.Pattern[str]
    account_heading: re.Pattern[str]
    roots: frozenset[str]
    filler: re.Pattern[str]
    carried: re.Pattern[str]
    whole: re.Pattern[str]
    column: re.Pattern[str]
    carried_word: re.Pattern[str]
    headcount: re.Pattern[str]
    for_one: re.Pattern[str]
    across: Across
    remainders: Remainders
    shares: Shares
    twins: Twins
    among: Among
    divisions: tuple[Division, ...]
    batches: Batches
    exchanged: Exchanged
    enumerations: Enumerations
    rate_filler: re.Pattern[str]
    own: re.Pattern[str]
    superior: re.Pattern[str]
    project_money: re.Pattern[str]
    project_count: re.Pattern[str]
    enumerates: re.Pattern[str]
    indicator_total: re.Pattern[str]
    indicator_part: re.Pattern[str]
    indicator_number: re.Pattern[str]
    done: str
    undone: str
    stage: re.Pattern[str]
    finished: re.Pattern[str]
    not_begun: re.Pattern[str]
    single_choice: re.Pattern[str]
    deduction: re.Pattern[str]
    mention_link: re.Pattern[str]
    mention_of_other: re.Pattern[str]
    marks: re.Pattern[str]
    marks_hint: re.Pattern[str]
    office: re.Pattern[str]
    rated_marks: re.Pattern[str]
    overall_score: re.Pattern[str]
    threshold: re.Pattern[str]
    full_marks: re.Pattern[str]
    own_scale: re.Pattern[str]
    not_additive: re.Pattern[str]
    rate_column: re.Pattern[str]
    growth_column: re.Pattern[str]
    share_column: re.Pattern[str]
    no_rate_column: re.Pattern[str]
    ordinal_column: re.Pattern[str]
    fund_row: re.Pattern[str]
    count_column: re.Pattern[str]
    change_column: re.Pattern[str]
    score_column: re.Pattern[str]


def _any(names: list[str]) -> str:
    return "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))


def _across(data: dict[str, Any]) -> Across:
    return Across(
        labels=frozenset(data["labels"]),
        implied=frozenset(data["implied"]),
        whole=re.compile(data["whole"]),
        about_projects=re.compile(data["about_projects"]),
    )


def _rate(data: dict[str, Any]) -> NamedRate:
    names, numerators, denominators = tuple(data["names"]), tuple(data["numerators"]), tuple(data["denominators"])
    return NamedRate(names, numerators, denominators, tuple(data.get("excuses", ())), frozenset(data.get("unless", ())))


def _remainders(data: dict[str, Any]) -> Remainders:
    return Remainders(
        hint=re.compile(data["hint"]),
        carried=re.compile(data["carried"]),
        part=re.compile(data["part"]),
        kinds=tuple(
            Remainder(*(re.compile(kind[name]) for name in ("left", "base", "spent"))) for kind in data["kinds"]
        ),
    )


def _among(data: dict[str, Any]) -> Among:
    patterns = {name: re.compile(text) for name, text in data.items() if name != "traits"}
    return Among(**patterns, traits=tuple(re.compile(text) for text in data["traits"]))


def _division(data: dict[str, Any]) -> Division:
    parts = tuple(re.compile(p) for p in data["parts"])
    return Division(re.compile(data["hint"]), re.compile(data["whole"]), parts, re.compile(data["other"]))


@cache
def words() -> Words:
    """The packaged vocabulary."""
    data = load_vocabulary("checks")
    totals, parts, direction, labels = data["totals"], data["parts"], data["direction"], data["labels"]
    counts, columns = data["counts"], data["columns"]
    rates = tuple(_rate(r) for r in data["rates"])
    tail = f"|(?:{_any(labels['filler_tail'])})$"
    return Words(
        bare_totals=frozenset(totals["bare"]),
        total_suffix=re.compile(rf"(?:{_any(totals['suffixes'])})$"),
        grand_total=re.compile(totals["grand"]),
        trailing_total=re.compile(rf"(?:{_any(totals['trailing'])})[为是：:]?\s*$"),
        total_words=tuple(totals["trailing"]),
        split=re.compile(rf"{_any(parts['splits'])}|[；;。]|按[^，。；]{{1,12}}分"),
        partial=re.compile(parts["partial"]),
        complete=re.compile(_any(parts["complete"])),
        residual=tuple(parts["residual"]),
        classifies=re.compile(parts["classifies"]),
        classified=re.compile(parts["classified"]),
        partitions=tuple(tuple(re.compile(p) for p in group) for group in parts["partitions"]),
        rise=re.compile(_any(direction["rise"])),
        fall=re.compile(_any(direction["fall"])),
        compared=re.compile(direction["compared"]),
        bare_direction=re.compile(direction["bare"]),
        after_base=re.compile(direction["after_base"]),
        saved=re.compile(_any(direction["saved"])),
        carried_in=re.compile(labels["carried_in"]),
        arrived=re.compile(labels["arrived"]),
        rates=rates,
        rate_names=tuple(sorted((n for r in rates for n in r.names), key=len)),
        rate_of={n: r for r in rates for n in r.names},
        whole_rates=tuple(data["whole_rates"]["names"]),
        measures=tuple((measure, re.compile(pattern)) for measure, pattern in data["told"].items()),
        item_name=re.compile(counts["item_name"]),
        item_head=re.compile(counts["item_head"]),
        posts=re.compile(data["headcount"]["posts"]),
        left=re.compile(data["headcount"]["left"]),
        people=re.compile(data["headcount"]["people"]),
        persons=frozenset(data["headcount"]["units"]),
        accounts=re.compile(_any(data["accounts"]["names"])),
        account_heading=re.compile(data["accounts"]["headings"]),
        roots=frozenset(labels["roots"]),
        filler=re.compile(f"{_any(labels['filler'])}{tail}"),
        column=re.compile(labels["column"]),
        whole=re.compile(labels["whole"]),
        carried=re.compile(_any(labels["carried"])),
        carried_word=re.compile(labels["carried_word"]),
        headcount=re.compile(_any(labels["headcount"])),
        for_one=re.compile(data["single"]["for_one"]),
        across=_across(data["across"]),
        twins=Twins(**{name: re.compile(text) for name, text in data["twins"].items()}),
        among=_among(data["among"]),
        divisions=tuple(_division(d) for d in data["divisions"]),
        batches=Batches(**{name: re.compile(text) for name, text in data["batches"].items()}),
        exchanged=Exchanged(**{name: re.compile(text) for name, text in data["exchanged"].items()}),
        shares=Shares(**{name: re.compile(text) for name, text in data["shares"].items()}),
        enumerations=Enumerations(**{name: re.compile(text) for name, text in data["enumerations"].items()}),
        remainders=_remainders(data["remainders"]),
        rate_filler=re.compile(_any(labels["rate"])),
        own=re.compile(_any(data["levels"]["own"])),
        superior=re.compile(_any(data["levels"]["superior"])),
        project_money=re.compile(data["levels"]["projects"]),
        project_count=re.compile(counts["projects"]),
        enumerates=re.compile(_any(counts["enumerates"])),
        indicator_total=re.compile(counts["indicator_total"]),
        indicator_part=re.compile(counts["indicator_part"]),
        indicator_number=re.compile(counts["indicator_number"]),
        done=counts["done"],
        undone=counts["undone"],
        stage=re.compile(counts["stage"]),
        finished=re.compile(counts["finished"]),
        not_begun=re.compile(counts["not_begun"]),
        single_choice=re.compile(_any(counts["single_choice"])),
        deduction=re.compile(data["deduction"]["pattern"]),
        mention_link=re.compile(data["mentioned"]["link"]),
        mention_of_other=re.compile(data["mentioned"]["other"]),
        marks=re.compile(data["prose_scores"]["marks"]),
        marks_hint=re.compile(data["prose_scores"]["hint"]),
        office=re.compile(data["offices"]["named"]),
        rated_marks=re.compile(data["prose_scores"]["rated"]),
        overall_score=re.compile(data["prose_scores"]["overall"]),
        threshold=re.compile(data["grades"]["threshold"]),
        full_marks=re.compile(data["grades"]["full_marks"]),
        own_scale=re.compile(data["grades"]["own_scale"]),
        not_additive=re.compile(columns["not_additive"]),
        rate_column=re.compile(columns["rate"]),
        share_column=re.compile(columns["share"]),
        growth_column=re.compile(columns["growth"]),
        no_rate_column=re.compile(columns["no_rate"]),
        ordinal_column=re.compile(columns["ordinal"]),
        fund_row=re.compile(columns["fund_row"]),
        count_column=re.compile(columns["count"]),
        change_column=re.compile(columns["change"]),
        score_column=re.compile(columns["score"]),
    )
