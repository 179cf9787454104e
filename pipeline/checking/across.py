"""Checking: what several documents state of one department and one year, compared as intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.checking.clashes import shift_between, transposed
from pipeline.checking.diagnosis import one_digit
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import check_same, interval, subtract
from pipeline.checking.labels import CARRIED, CHANGE, HEADCOUNT, RATE, YEAR_WORDS, node, tidy
from pipeline.checking.places import Places
from pipeline.checking.scene import Figure, digits, in_unit, printed, slack_in
from pipeline.checking.vocabulary import words
from pipeline.flow import Document, Finding, Layout, Severity, Verdict
from schemas.relations import FindingKind
from schemas.values import Literal

_LOOSE = frozenset({"received", "initial_budget", "supplementary", "reduction", "adjustment"})
"""Measures whose whole depends on what a report counts in; they are compared for a named part (基本支出 …) only."""
_LEFT_OUT = frozenset({CHANGE, HEADCOUNT})
_PERCENT = frozenset({"%", "％"})
_CARRIED_OVER = "carried_over"
_ELEMENTS = ("结转", "结余")
_TELLING = 4
"""Characters of a number from which on a single other digit is likelier a misprint than another amount."""


class Stated(NamedTuple):
    """A budget fact of a stored document: ``department`` in the form that compares, ``headings`` those it stands under."""

    department: str
    department_name: str
    document_id: str
    report_id: str
    fiscal_year: int
    record_id: str
    path: tuple[str, ...]
    measure: str
    year: int
    org: str | None
    headings: tuple[str, ...]
    literal: Literal


class Quantity(NamedTuple):
    """What two facts must have in common to be one quantity; of what was carried over, ``year`` is the one that ended."""

    entity: tuple[str, str | None]
    about: tuple[str, ...]
    measure: str
    year: int
    account: str | None
    in_percent: bool


class Statement(NamedTuple):
    """A document's statement of a quantity."""

    stated: Stated
    figure: Figure


class Between(NamedTuple):
    """A contradiction between two documents: ``finding`` doubts a figure of the first; each literal's document."""

    finding: Finding
    document_id: str
    other_document_id: str
    owners: tuple[str, ...]


class Compared(NamedTuple):
    """How many quantities several documents state, and the contradictions among them."""

    quantities: int
    findings: tuple[Between, ...]


def check_across(facts: Iterable[Stated], texts: Mapping[str, Document]) -> Compared:
    """Where the documents of one department contradict each other.

    Precondition: both reports are self-evaluations of the same department as a whole (the caller's choice of facts); the
    figure is the department's, or of the same unit of it, and no single project's: each of its labels is one of the
    vocabulary's list, and without a label it says that it is the whole (全年, 部门, 总 …) outside chapters about projects;
    measure, fiscal year and budget account are the same; amounts are in known units of money, rates in percent. What was
    carried out of a year is what is carried into the next where both are called by the same words (结转, 结余). A
    document that itself states two values of a quantity is left out of it.

    Args:
        facts: the budget facts of one department, each with its document.
        texts: the documents by id; only their texts are read, for the chapters about one budget account.
    """
    places = {key: Places(document, Layout((), (), ())) for key, document in texts.items()}
    stated: dict[Quantity, dict[str, list[Statement]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        quantity = quantity_of(fact, places[fact.document_id])
        if quantity is not None:
            literal = fact.literal
            value = interval(literal.value, literal.decimals, literal.exponent or 0, exact=literal.exact)
            statement = Statement(fact, Figure(literal, fact.record_id, value, literal.exponent))
            stated[quantity][fact.document_id].append(statement)
    told = {q: [one for group in by.values() if (one := _agreed(group))] for q, by in stated.items()}
    compared = {q: group for q, group in told.items() if len(group) > 1}
    found = [f for quantity, group in compared.items() for f in _clash(quantity, group, told)]
    return Compared(len(compared), tuple(found))


def quantity_of(fact: Stated, places: Places) -> Quantity | None:
    """The quantity that a fact states, None where it may not be compared with other documents."""
    is_rate = fact.measure == RATE
    if fact.measure in _LEFT_OUT or (is_rate and fact.literal.unit not in _PERCENT):
        return None
    if not is_rate and fact.literal.exponent is None:
        return None
    measure, year = fact.measure, fact.year
    elements: tuple[str, ...] = ()
    if fact.measure in CARRIED:
        elements = tuple(e for e in _ELEMENTS if e in "".join(fact.path))
        if not elements or fact.year != fact.fiscal_year:
            return None
        measure = _CARRIED_OVER
        year = fact.year - 1 if fact.measure == "carried_in" else fact.year
    about = _about(fact)
    if about is None or (not about and (fact.measure in _LOOSE or not _is_whole(fact))):
        return None
    org = tidy(fact.org) if fact.org else None
    if org == fact.department:
        return None  # a department's row among its units may be its own office alone
    account = places.account(fact.literal.span.start)
    return Quantity((fact.department, org), (*elements, *about), measure, year, account, is_rate)


def _about(fact: Stated) -> tuple[str, ...] | None:
    """The named part that a fact is about, ``()`` for the whole; None where a label is none of the listed ones."""
    known = words()
    if fact.measure == RATE:
        name = tidy(fact.path[-1])
        return (name,) if len(fact.path) == 1 and name in known.whole_rates else None
    found: list[str] = []
    for label in node(fact.path).path:
        if label in known.across.labels:
            found.append(label)
        elif label not in known.roots and _rest(label, fact.measure):
            return None
    parts = [x for i, x in enumerate(found) if x not in known.across.implied or i == len(found) - 1]
    return tuple(dict.fromkeys(known.filler.sub("", x) or x for x in parts))


def _rest(label: str, measure: str) -> str:
    """What remains of a label without years and the words that only say what is measured."""
    known = words()
    text = YEAR_WORDS.sub("", label)
    return known.filler.sub("", known.carried.sub("", text) if measure in CARRIED else text)


def _is_whole(fact: Stated) -> bool:
    known = words().across
    if any(known.about_projects.search(h) for h in fact.headings):
        return False
    return fact.measure in CARRIED or fact.measure == RATE or known.whole.search("".join(fact.path)) is not None


def _agreed(group: Sequence[Statement]) -> Statement | None:
    """The first of a document's statements of a quantity, None where they do not agree."""
    first = group[0]
    return first if all(s.figure.interval.meets(first.figure.interval) for s in group) else None


def _clash(
    quantity: Quantity, group: Sequence[Statement], told: Mapping[Quantity, Sequence[Statement]]
) -> Iterator[Between]:
    """A finding for each document whose figure meets none of those that most documents state."""
    clusters: list[list[Statement]] = []
    for statement in sorted(group, key=lambda s: (s.figure.interval.value, s.stated.document_id)):
        if clusters and _may_be_one(clusters[-1][0].figure, statement.figure):
            clusters[-1].append(statement)
        else:
            clusters.append([statement])
    if len(clusters) < 2:
        return
    clusters.sort(key=lambda c: (-len(c), min(_rank(quantity, s) for s in c)))
    usual = min(clusters[0], key=lambda s: _rank(quantity, s))
    for odd in sorted((s for c in clusters[1:] for s in c), key=lambda s: _rank(quantity, s)):
        yield _finding(quantity, odd, usual, _hint(quantity, odd, usual, told))


def _rank(quantity: Quantity, statement: Statement) -> tuple[bool, int, str]:
    """The report of the year itself is believed first, then the earlier one."""
    stated = statement.stated
    return stated.fiscal_year != quantity.year, stated.fiscal_year, stated.document_id


def _may_be_one(one: Figure, other: Figure) -> bool:
    return check_same(one.interval, other.interval).verdict is not Verdict.INCONSISTENT


def _hint(
    quantity: Quantity, odd: Statement, usual: Statement, told: Mapping[Quantity, Sequence[Statement]]
) -> Text | None:
    a, b = odd.figure, usual.figure
    if _other_scale(a, b):
        return Text(f"疑为{printed(b)}", f"{b.literal.unit} may be meant")
    if shift := shift_between(a, b):
        meant = in_unit(a, a.interval.scaled(-shift).value)
        return Text(f"疑为小数点错位：{meant}", f"decimal point shifted: {meant}")
    for year in (quantity.year - 1, quantity.year + 1):
        others = told.get(quantity._replace(year=year), ())
        if any(s.figure.interval.value == a.interval.value for s in others):
            return Text(f"疑为{year}年数", f"this seems to be the figure of {year}")
    if exchanged := transposed(digits(a), digits(b)):
        return exchanged
    alike = a.exponent == b.exponent and len(digits(a)) >= _TELLING
    return one_digit(digits(a), digits(b)) if alike else None


def _other_scale(one: Figure, other: Figure) -> bool:
    """Whether two figures print the same digits in units of different scale."""
    return one.literal.value == other.literal.value and one.exponent != other.exponent


def _finding(quantity: Quantity, odd: Statement, usual: Statement, hint: Text | None) -> Between:
    a, b = odd.stated, usual.stated
    kind = FindingKind.CONFLICT
    if _other_scale(odd.figure, usual.figure):
        kind = FindingKind.UNIT
    elif shift_between(odd.figure, usual.figure):
        kind = FindingKind.DECIMAL_SHIFT
    gap = in_unit(odd.figure, abs(subtract(odd.figure.interval.value, usual.figure.interval.value)))
    unit = odd.figure.literal.unit or ""
    allowed = check_same(odd.figure.interval, usual.figure.interval).allowed
    finding = make(
        kind,
        f"across.{_relation(a, b)}",
        a.report_id,
        _message(quantity, odd, usual, f"{gap}{'个百分点' if quantity.in_percent else unit}"),
        stated=printed(odd.figure),
        computed=printed(usual.figure),
        slack=slack_in(odd.figure, allowed),
        severity=Severity.WARNING,
        literals=[odd.figure.plays("stated"), usual.figure.plays("other")],
        suggestion=hint,
    )
    return Between(finding, a.document_id, b.document_id, (a.document_id, b.document_id))


def _relation(one: Stated, other: Stated) -> str:
    if one.measure != other.measure:
        return _CARRIED_OVER
    return "same_year" if one.fiscal_year == other.fiscal_year else "other_year"


def _message(quantity: Quantity, odd: Statement, usual: Statement, gap: str) -> Text:
    a, b = odd.stated, usual.stated
    whose = f"{a.department_name}{a.org or ''}"
    other = f"另一份{b.fiscal_year}年度报告" if a.fiscal_year == b.fiscal_year else f"{b.fiscal_year}年度报告"
    carried = quantity.measure == _CARRIED_OVER
    names = ("" if carried else f"{quantity.year}年") + _label(a)
    of_year = "" if carried else f" of {quantity.year}"
    return Text(
        f"{whose}：{a.fiscal_year}年度报告的{names}为{printed(odd.figure)}，{other}的{_label(b)}为{printed(usual.figure)}，相差{gap}",
        f"{whose}: {_label(a)}{of_year} is {printed(odd.figure)} in the report on {a.fiscal_year}, "
        f"{_label(b)} is {printed(usual.figure)} in {_another(a, b)} on {b.fiscal_year}; they differ by {gap}",
    )


def _another(one: Stated, other: Stated) -> str:
    return "another report" if one.fiscal_year == other.fiscal_year else "the report"


def _label(stated: Stated) -> str:
    """A fact's labels without those that only file it."""
    kept = [x for x in map(tidy, stated.path) if x not in words().roots]
    return "/".join(kept or [tidy(stated.path[-1])])
