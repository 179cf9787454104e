"""Checking: the same quantity twice: facts, projects and indicators that must agree and whose intervals do not meet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Interval, check_same
from pipeline.checking.labels import CHANGE, RATE, name_key
from pipeline.checking.scene import Fact, Figure, Item, Scene, digits, in_unit, printed, slack_in
from pipeline.checking.units_check import split_unit
from pipeline.flow import Finding, Severity, Verdict
from schemas.indicators import Indicator
from schemas.projects import Project
from schemas.registry import RECORD_TYPES
from schemas.relations import FindingKind

_SHOWN = 12
"""Places of one finding that are listed; a figure repeated in every chapter need not be shown each time."""


class Statement(NamedTuple):
    """One statement of a quantity; ``echoes`` counts the facts of its report that print the same value."""

    figure: Figure
    report: str
    label: str
    echoes: int = 0


class FactKey(NamedTuple):
    """What two budget facts must have in common to be one quantity."""

    scope: str
    about: tuple[str, ...]
    measure: str
    year: int | None
    org: str | None
    account: str | None
    unit: str | bool | None


Agree = Callable[[Statement, Statement], bool]


def check_conflicts(scene: Scene) -> Iterator[Finding]:
    """Facts, projects and indicators that are stated more than once."""
    yield from _facts(scene)
    yield from _projects(scene)
    yield from _indicators(scene)


def _facts(scene: Scene) -> Iterator[Finding]:
    """Budget facts of one subject, measure, year and organisation.

    Precondition: both paths say what the figure is about, and say the same; a chapter about one budget account has its
    own figures unless its total is the department's; reports of one document are compared where both are about the
    department. Rates are compared where they are named as such (…率), changes never: what they are changes of is not
    in their labels.
    """
    groups: dict[FactKey, list[Fact]] = defaultdict(list)
    folded = _folded_accounts(scene)
    for fact in scene.facts:
        about = fact.subject
        if about is None or fact.measure == CHANGE or (fact.measure == RATE and not fact.label.endswith("率")):
            continue
        account = scene.places.account(fact.start)
        if account is not None and (fact.report, fact.measure, fact.year, account) in folded:
            account = None
        scope = "department" if fact.report in scene.departmental else fact.report
        if not about and account is None and fact.measure in _LOOSE:
            scope = fact.report
        unit = fact.figure.literal.unit if fact.measure == RATE else fact.figure.exponent is None
        groups[FactKey(scope, about, fact.measure, fact.year, fact.org, account, unit)].append(fact)
    for key, group in groups.items():
        if len(group) > 1:
            kept = [f for f in group if not _is_initial(f, groups.get(_initial(key), ()))]
            statements = [
                Statement(f.figure, f.report, f.label, len(scene.named(f.report, f.interval.value))) for f in kept
            ]
            yield from _clash(statements, "budget_facts.conflict")


def _initial(key: FactKey) -> FactKey:
    return key._replace(measure="initial_budget")


def _is_initial(fact: Fact, initial: Sequence[Fact]) -> bool:
    """Whether a figure called just 预算数 is the initial budget that another place states."""
    return fact.measure == "full_year_budget" and any(fact.interval.meets(f.interval) for f in initial)


_LOOSE = frozenset({"received", "carried_in", "initial_budget", "supplementary", "reduction", "adjustment"})
"""Measures whose whole depends on what a report counts in; between reports only the budget and its execution compare."""


def _folded_accounts(scene: Scene) -> set[tuple[str, str, int | None, str]]:
    """The (report, measure, year, account) whose total is also the department's, so that their parts must agree too."""
    wholes: dict[tuple[str, str, int | None], dict[str | None, Interval]] = defaultdict(dict)
    for fact in scene.facts:
        if fact.subject == () and fact.org is None:
            account = scene.places.account(fact.start)
            wholes[(fact.report, fact.measure, fact.year)].setdefault(account, fact.interval)
    return {
        (*key, account)
        for key, by_account in wholes.items()
        if None in by_account
        for account, value in by_account.items()
        if account is not None and value.meets(by_account[None])
    }


def _agree(one: Statement, other: Statement) -> bool:
    """Whether two amounts may be one: their intervals meet, or one is the other cut off.

    Sums of rounded parts differ by one unit of the last place without contradiction. Equal digits in unlike units are
    for ``units_check``.
    """
    if one.figure.literal.value == other.figure.literal.value:
        return True
    return check_same(one.figure.interval, other.figure.interval).verdict is not Verdict.INCONSISTENT


def _same_print(one: Statement, other: Statement) -> bool:
    """Whether two statements may be copies of one value: to the same number of decimals they must print alike."""
    a, b = one.figure, other.figure
    if a.literal.value == b.literal.value:
        return True
    return a.literal.decimals != b.literal.decimals and _agree(one, other)


def _clash(
    statements: Sequence[Statement], relation: str, name: str | None = None, agree: Agree = _agree
) -> Iterator[Finding]:
    """One finding for each group of a quantity's statements that does not agree with the most frequent one."""
    clusters: list[list[Statement]] = []
    for statement in sorted(statements, key=lambda s: s.figure.interval.value):
        if clusters and agree(clusters[-1][0], statement):
            clusters[-1].append(statement)
        else:
            clusters.append([statement])
    if len(clusters) < 2:
        return
    clusters.sort(key=lambda c: (-len(c), -max(s.echoes for s in c), min(s.figure.span.start for s in c)))
    usual, *others = clusters
    for cluster in others:
        yield _finding(cluster, usual, relation, name, [s for c in others if c is not cluster for s in c])


def _finding(
    odd: Sequence[Statement], usual: Sequence[Statement], relation: str, name: str | None, rest: Sequence[Statement]
) -> Finding:
    first = min(odd, key=lambda s: s.figure.span.start)
    other = min(usual, key=lambda s: s.figure.span.start)
    shift = _shift(first.figure, other.figure)
    label = name or first.label
    across = first.report != other.report
    where = f"（{first.report}与{other.report}两份报告不一）" if across else ""
    times = f"（共{len(usual)}处）" if len(usual) > 1 else ""
    spans = sorted({s.figure.span for s in (*odd, *usual)})
    literals = [s.figure.plays("stated") for s in _in_order(odd)][:_SHOWN]
    literals += [s.figure.plays("other") for s in _in_order(usual)][:_SHOWN]
    literals += [s.figure.plays("further") for s in _in_order(rest)][: max(0, _SHOWN - len(spans))]
    return make(
        FindingKind.DECIMAL_SHIFT if shift else FindingKind.CONFLICT,
        relation,
        None if across else first.report,
        Text(
            f"“{label}”一处为{printed(first.figure)}，另为{printed(other.figure)}{times}{where}",
            f"{label} is {digits(first.figure)} in one place and {digits(other.figure)} in {len(usual)} other(s)",
        ),
        stated=printed(first.figure),
        computed=printed(other.figure),
        slack=slack_in(first.figure, first.figure.interval.half + other.figure.interval.half),
        severity=Severity.WARNING if across else Severity.ERROR,
        literals=literals,
        suggestion=_suggestion(first, other, shift),
    )


def _in_order(statements: Sequence[Statement]) -> list[Statement]:
    return sorted(statements, key=lambda s: s.figure.span)


def _shift(one: Figure, other: Figure) -> int | None:
    """By how many places the points of two figures differ, where nothing else does."""
    if not one.interval.value or not other.interval.value or one.literal.unit in {"%", "％"}:
        return None
    for shift in (1, -1, 2, -2):
        moved = one.interval.scaled(-shift)
        if moved.value == other.interval.value:
            return shift
    return None


def _suggestion(odd: Statement, usual: Statement, shift: int | None) -> Text | None:
    if shift:
        meant = in_unit(odd.figure, odd.figure.interval.scaled(-shift).value)
        return Text(f"疑为小数点错位：{meant}", f"decimal point shifted: {meant}")
    a, b = digits(odd.figure), digits(usual.figure)
    if len(a) == len(b) and sorted(a) == sorted(b) and sum(1 for x, y in zip(a, b, strict=True) if x != y) == 2:
        return Text("疑相邻数字颠倒", "two digits seem exchanged")
    return None


def _projects(scene: Scene) -> Iterator[Finding]:
    """One project in several lists of a document.

    Precondition: equal names, each once in its section; amounts in known units of money, or rates in percent.
    """
    terms = {f.name: f.term for f in RECORD_TYPES["projects"].fields}
    for name, items in _by_name(scene.projects, _project_key).items():
        for field in _fields(items):
            if field == "satisfaction":
                continue
            stated = [i for i in items if field in i.figures and _is_known(i.figures[field], field)]
            if len(stated) > 1:
                statements = [Statement(i.figures[field], i.report, name) for i in stated]
                name_and_field = f"{_title(items[0])}：{terms[field]}"
                yield from _clash(statements, f"projects.conflict.{field}", name_and_field)


def _project_key(item: Item) -> tuple[str, Hashable] | None:
    record = item.grounded.record
    assert isinstance(record, Project)
    return name_key(record.name), (item.report, record.section)


def _title(item: Item) -> str:
    record = item.grounded.record
    assert isinstance(record, Project)
    return record.name


def _is_known(figure: Figure, field: str) -> bool:
    return figure.literal.unit in {"%", "％"} if field == "execution_rate" else figure.exponent is not None


def _fields(items: Sequence[Item]) -> list[str]:
    return list(dict.fromkeys(f for i in items for f in i.figures))


def _by_name(items: Sequence[Item], key: Callable[[Item], tuple[str, Hashable] | None]) -> Mapping[str, list[Item]]:
    """Items by name, without those whose name stands twice in one list."""
    found: dict[str, list[Item]] = defaultdict(list)
    lists: dict[str, Counter[Hashable]] = defaultdict(Counter)
    for item in items:
        named = key(item)
        if named is not None:
            found[named[0]].append(item)
            lists[named[0]][named[1]] += 1
    return {n: g for n, g in found.items() if len(g) > 1 and max(lists[n].values()) == 1}


def _indicators(scene: Scene) -> Iterator[Finding]:
    """One indicator in several tables of a document.

    Precondition: equal lowest labels, each once in its table; equal units; and the two tables agree in the value of
    another indicator that is not a round 100%, which shows that they are about the same thing.
    """
    by_name = _by_name(scene.indicators, _indicator_key)
    agreeing = _agreeing_tables(by_name)
    terms = {f.name: f.term for f in RECORD_TYPES["indicators"].fields}
    for name, items in by_name.items():
        for field in ("target", "actual", "weight", "score"):
            stated = [i for i in items if field in i.figures and not _bounds_apart(items, field)]
            comparable = [
                i for i in stated if any(frozenset({_table(i), _table(o)}) in agreeing for o in stated if o is not i)
            ]
            units = {_dimension(i.figures[field]) for i in comparable}
            if len(comparable) > 1 and len(units) == 1:
                statements = [Statement(_scaled(i.figures[field]), i.report, name) for i in comparable]
                label = f"{name}：{terms[field]}"
                yield from _clash(statements, f"indicators.conflict.{field}", label, _same_print)


def _indicator_key(item: Item) -> tuple[str, Hashable] | None:
    record = item.grounded.record
    assert isinstance(record, Indicator)
    label = record.level4 or record.level3
    return (name_key(label), _table(item)) if label else None


def _table(item: Item) -> tuple[str, str | None]:
    record = item.grounded.record
    assert isinstance(record, Indicator)
    return item.report, record.table


def _dimension(figure: Figure) -> str | None:
    return None if figure.literal.unit is None else split_unit(figure.literal.unit)[1]


def _scaled(figure: Figure) -> Figure:
    """An indicator's figure in the base of its unit, so that 3000万 and 0.3亿 compare."""
    if figure.exponent is not None or figure.literal.unit is None:
        return figure
    scale, _ = split_unit(figure.literal.unit)
    return figure._replace(interval=figure.interval.scaled(scale))


def _bounds_apart(items: Sequence[Item], field: str) -> bool:
    """Whether the targets bound their values in unlike ways (≥, ≤), so that they cannot be compared."""
    operators = {getattr(getattr(i.grounded.record, field), "op", None) for i in items} - {None}
    return len(operators) > 1


def _agreeing_tables(by_name: Mapping[str, Sequence[Item]]) -> set[frozenset[tuple[str, str | None]]]:
    found: set[frozenset[tuple[str, str | None]]] = set()
    for items in by_name.values():
        if len(items) > _SHOWN:
            continue
        for i, one in enumerate(items):
            for other in items[i + 1 :]:
                for field in ("actual", "target", "score"):
                    a, b = one.figures.get(field), other.figures.get(field)
                    if a and b and a.literal.unit == b.literal.unit and _is_telling(a) and a.interval.meets(b.interval):
                        found.add(frozenset({_table(one), _table(other)}))
    return found


def _is_telling(figure: Figure) -> bool:
    return figure.literal.value not in {Decimal(0), Decimal(100)} and len(digits(figure)) > 1
