"""Checking: lists of projects against the subtotal and the number that introduce or close them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.checking.diagnosis import is_shift, sum_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import Outcome, check_sum
from pipeline.checking.labels import CHANGE, RATE
from pipeline.checking.scene import Fact, Figure, Item, Scene, commensurable, digits, in_unit, printed, slack_in
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, FindingLiteral
from pipeline.numerals import find_numerals
from schemas.projects import FundLevel, Project
from schemas.relations import FindingKind
from schemas.units import money_exponent
from schemas.values import Span

_MONEY = ("full_year_budget", "executed", "initial_budget", "supplementary_budget")
_COLUMNS = {
    "initial_budget": "initial_budget",
    "supplementary": "supplementary_budget",
    "full_year_budget": "full_year_budget",
    "executed": "executed",
}
_INTRODUCED = 120
_ANNOUNCED = 60
_COMMA = re.compile("[，,、；;。：:]")
_OWN = 12
"""Characters behind a number of projects within which an amount begins that is theirs."""
_CLOSING = 400
_CLOSE = 5
"""Where nothing else bears a total out, it must come within a fifth of its projects."""
_FOLLOWING = 3000
_LEVELS = {FundLevel.OWN: "本级", FundLevel.SUPERIOR: "上级"}


class Listed(NamedTuple):
    """A subtotal and the projects that follow it, with the number that introduces them (its value and place)."""

    head: Fact
    members: tuple[Item, ...]
    number: int | None
    number_span: Span | None
    enumerated: bool


def check_sections(scene: Scene) -> Iterator[Finding]:
    """Every list of projects against what introduces it, closes it, or sums it up elsewhere."""
    if not scene.projects:
        return
    yield from _introduced(scene)
    yield from _closed(scene)
    yield from _by_level(scene)


def project(item: Item) -> Project:
    """The item's record as a project."""
    record = item.grounded.record
    assert isinstance(record, Project)
    return record


def _introduced(scene: Scene) -> Iterator[Finding]:
    """“…项目8个，预算资金总额286万元，分别为：…” against the projects named, in number and in money.

    Precondition: an amount stands at most 120 characters before the first of the projects that follow it up to the
    next such amount, with a stated number of projects around it or a word of listing (分别为) after it in its sentence,
    and no other amount between. The sum is tested where the number agrees, or, without a number, where every amount of
    the list belongs to a project; the number is tested where the money agrees or the list's own numbering shows it to
    be complete.
    """
    for listed in project_lists(scene):
        figures, outcome = _money(listed)
        count = len(listed.members)
        if listed.number is not None and listed.number != count:
            adds_up = outcome is not None and outcome.holds
            if adds_up or _numbered(scene, listed.members):
                yield _count_finding(scene, listed)
            continue
        complete = listed.number == count or (listed.enumerated and _all_claimed(scene, listed.members))
        if outcome is not None and outcome.broken and complete and count > 1:
            yield _sum_finding(scene, listed.head, figures, outcome, f"所列{count}个项目", "projects.introduced")


def _money(listed: Listed) -> tuple[list[Figure], Outcome | None]:
    """The one amount that each project of a list has, and what comes of adding it up to the head: whichever field makes
    the head, else that of the head's own measure, else the first that all have."""
    tried: list[tuple[list[Figure], Outcome | None]] = []
    own = _COLUMNS.get(listed.head.measure)
    for name in (own, *_MONEY) if own else _MONEY:
        figures = _column(listed.members, name)
        if figures and commensurable([listed.head.figure, *figures]):
            outcome = check_sum(listed.head.interval, [f.interval for f in figures])
            tried.append((figures, outcome))
            if outcome.holds:
                return figures, outcome
    return tried[0] if tried else ([], None)


def project_lists(scene: Scene) -> list[Listed]:
    """The lists of projects in prose with the amounts that introduce them."""
    known: list[Listed] | None = scene.notes.get("project lists")
    if known is None:
        known = scene.notes["project lists"] = list(_lists(scene)) if scene.projects else []
    return known


def _lists(scene: Scene) -> Iterator[Listed]:
    starts = [i.start for i in scene.projects]
    heads = [f for f in scene.facts if f.figure.exponent is not None and f.measure not in {RATE, CHANGE}]
    places = [f.start for f in heads]
    for first, last in _runs(starts, places):
        head = heads[bisect_right(places, starts[first]) - 1]
        if starts[first] - head.figure.span.stop > _INTRODUCED or scene.places.table(starts[first]) is not None:
            continue
        announced = min(scene.places.sentence_span(head.figure.span.stop - 1).stop, starts[first])
        number, span = _stated_number(scene, head, announced)
        enumerated = bool(words().enumerates.search(scene.places.between(head.figure.span.stop, announced)))
        if number is None and not enumerated:
            continue
        section = project(scene.projects[first]).section
        members: list[Item] = []
        for item in scene.projects[first:last]:
            if project(item).section != section or item.report != head.report or _restarts(members, item):
                break
            members.append(item)
        if members and not _other_amount(scene, head, members[0]):
            yield Listed(head, tuple(members), number, span, enumerated)


def _other_amount(scene: Scene, head: Fact, first: Item) -> bool:
    """Whether another amount of money stands between a subtotal and the first of its projects."""
    numerals = find_numerals(scene.document.text, head.figure.span.stop, first.start)
    return any(money_exponent(n.unit) is not None for n in numerals)


def _runs(starts: Sequence[int], heads: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The runs [first, last) of projects between one amount and the next."""
    first = bisect_left(starts, heads[0]) if heads else len(starts)
    while first < len(starts):
        following = bisect_right(heads, starts[first])
        last = bisect_left(starts, heads[following]) if following < len(heads) else len(starts)
        yield first, last
        first = max(last, first + 1)


def _restarts(members: Sequence[Item], item: Item) -> bool:
    """Whether a project's number begins a new list."""
    if not members:
        return False
    before, seq = project(members[-1]).seq, project(item).seq
    return before is not None and seq is not None and before.isdigit() and seq.isdigit() and int(seq) <= int(before)


def _stated_number(scene: Scene, head: Fact, first: int) -> tuple[int | None, Span | None]:
    """The number of projects just before the subtotal in its paragraph, or between it and the first project; not one that
    another amount follows at once (追加2个项目414.5万元)."""
    text = scene.document.text
    start = max(scene.places.paragraph_start(head.start), head.start - _ANNOUNCED)
    found = [(m, g) for m in words().project_count.finditer(text, start, first) for g in ("a", "b") if m[g]]
    if len({m[g] for m, g in found}) != 1:
        return None, None
    match, group = found[-1]
    own = next(iter(find_numerals(text, match.end(), min(first, match.end() + _OWN))), None)
    is_theirs = own is not None and money_exponent(own.unit) is not None and own.start != head.start
    if own is not None and is_theirs and not _COMMA.search(text, match.end(), own.start):
        return None, None
    return int(match[group]), Span(*match.span(group))


def _one_amount_each(members: Sequence[Item]) -> list[Figure]:
    """The one amount that each project of a list has in the same field; empty where they have none in common."""
    return next((figures for name in _MONEY if (figures := _column(members, name))), [])


def _column(members: Sequence[Item], name: str) -> list[Figure]:
    """A field's amounts, one of each project; empty where one has none."""
    figures = [i.figures[name] for i in members if name in i.figures]
    return figures if len(figures) == len(members) else []


def _numbered(scene: Scene, members: Sequence[Item]) -> bool:
    """Whether projects are numbered from 1 without a gap, and no line after the last has the next number."""
    count = len(members)
    if count < 2 or [project(i).seq for i in members] != [str(n) for n in range(1, count + 1)]:
        return False
    following = re.compile(rf"[\n。；;，,]\s*{count + 1}(?:[.．、]|\s(?!\s*\n))")
    start = members[-1].grounded.quote_span.stop
    return following.search(scene.document.text, start, start + _FOLLOWING) is None


def _all_claimed(scene: Scene, members: Sequence[Item]) -> bool:
    """Whether every amount of money between the first project and the end of its sentence belongs to a project."""
    claimed = {f.span.start for i in members for f in i.figures.values()}
    stop = scene.places.sentence_span(members[-1].start).stop
    numerals = find_numerals(scene.document.text, members[0].start, stop)
    return all(n.start in claimed for n in numerals if money_exponent(n.unit) is not None)


def _count_finding(scene: Scene, listed: Listed) -> Finding:
    assert listed.number_span is not None
    count = len(listed.members)
    number = scene.document.slice(listed.number_span)
    literals = [FindingLiteral("stated", listed.number_span, number, None, None)]
    literals += [f.plays("item") for f in _one_amount_each(listed.members)]
    return make(
        FindingKind.COUNT,
        "projects.count",
        listed.head.report,
        Text(f"称项目{number}个，所列名称及金额为{count}个", f"{number} projects are announced, {count} are listed"),
        stated=number,
        computed=str(count),
        literals=literals,
    )


def _sum_finding(  # noqa: PLR0913 - what the sentence says
    scene: Scene, head: Fact, figures: Sequence[Figure], outcome: Outcome, what: str, relation: str, extra: str = ""
) -> Finding:
    assert outcome.computed is not None
    computed = in_unit(head.figure, outcome.computed)
    gap = in_unit(head.figure, outcome.needed)
    unit = head.figure.literal.unit or ""
    shift = is_shift(head.figure, figures)
    return make(
        FindingKind.DECIMAL_SHIFT if shift else FindingKind.SUM,
        relation,
        head.report,
        Text(
            f"{head.label}{printed(head.figure)}与{what}合计{computed}{unit}不符，相差{gap}{unit}{extra}",
            f"{head.label} {digits(head.figure)} is not the sum of {len(figures)} projects, {computed}; off by {gap}",
        ),
        stated=printed(head.figure),
        computed=f"{computed}{unit}",
        slack=slack_in(head.figure, outcome.allowed),
        literals=[head.figure.plays("total"), *(f.plays("part") for f in figures)],
        suggestion=sum_hint(head.figure, figures, lambda rest: scene.named(head.report, rest)),
    )


class Closing(NamedTuple):
    """A total below a table of projects, the figures of its column, and what arithmetic says."""

    total: Fact
    figures: tuple[Figure, ...]
    outcome: Outcome


def _closed(scene: Scene) -> Iterator[Finding]:
    """A 合计 row below a table of projects against their columns.

    Precondition: a fact that is nothing but a total, of no column of what is left (结余), right after projects of one
    section of its report that all print the measure's column or leave it out as a dash, numbered from 1 without a gap
    where they are numbered at all; and another total of the row adds up, or this one comes within a fifth of its
    projects or is off by a decimal point, which shows that the column is the one that is meant.
    """
    rows: dict[tuple[int | None, int], list[Closing]] = defaultdict(list)
    for closing in _closings(scene):
        start = closing.total.start
        rows[(scene.places.row(start), scene.places.sentence(start))].append(closing)
    for closings in rows.values():
        borne_out = any(c.outcome.holds for c in closings)
        for total, figures, outcome in closings:
            close = outcome.needed * _CLOSE <= abs(total.interval.value)
            if outcome.broken and (borne_out or close or is_shift(total.figure, figures)):
                what = f"所列{len(figures)}个项目"
                yield _sum_finding(scene, total, figures, outcome, what, "projects.closed")


def _closings(scene: Scene) -> Iterator[Closing]:
    starts = [i.start for i in scene.projects]
    for fact in scene.facts:
        column = _COLUMNS.get(fact.measure)
        if column is None or not fact.node.bare or any(label.startswith("其中") for label in fact.path):
            continue
        if words().carried_word.search("".join(fact.path)) or not _told(fact):
            continue
        last = bisect_right(starts, fact.start) - 1
        if last < 0:
            continue
        section, report = project(scene.projects[last]).section, scene.projects[last].report
        first = last
        while first > 0 and _same_list(scene.projects[first - 1], section, report):
            first -= 1
        members = scene.projects[first : last + 1]
        figures = [i.figures[column] for i in members if column in i.figures]
        if report != fact.report or len(figures) < 2 or fact.start - members[-1].start > _CLOSING:
            continue
        numbered = any(project(i).seq is not None for i in members)
        if not (_numbered(scene, members) if numbered else _all_rows(scene, members, fact)):
            continue
        like = tuple(_like(fact.figure, f) for f in figures)
        if commensurable([fact.figure, *like]):
            yield Closing(fact, like, check_sum(fact.interval, [f.interval for f in like]))


def _told(total: Fact) -> bool:
    """Whether the label of a total's column, where it has one, says what it measures: that of a source of money does not."""
    patterns = [pattern for measure, pattern in words().measures if measure == total.measure]
    return not total.node.path or any(p.search(label) for p in patterns for label in total.node.path)


def _all_rows(scene: Scene, members: Sequence[Item], total: Fact) -> bool:
    """Whether every bare number and amount between the first project of a table and its total belongs to a record."""
    numerals = find_numerals(scene.document.text, members[0].start, total.start)
    return all(n.start in scene.claimed for n in numerals if n.unit is None or money_exponent(n.unit) is not None)


def _same_list(item: Item, section: str | None, report: str) -> bool:
    return item.report == report and project(item).section == section


def _like(total: Figure, figure: Figure) -> Figure:
    """A figure of a column read in the unit of its total where one of the two prints none."""
    if (figure.exponent is None) == (total.exponent is None):
        return figure
    if figure.exponent is None and total.exponent is not None:
        return figure._replace(interval=figure.interval.scaled(total.exponent), exponent=total.exponent)
    assert figure.exponent is not None
    return figure._replace(interval=figure.interval.scaled(-figure.exponent), exponent=None)


def _by_level(scene: Scene) -> Iterator[Finding]:
    """What the department's own and the superior budgets gave (州本级安排, 上级补助) against the projects of each.

    Precondition: the projects of that level all stand in one section of the report, numbered without a gap, each with
    its full-year budget and its spending. A subtotal may mean either, so it is wrong only where it equals neither.
    """
    sections: dict[tuple[str, FundLevel], dict[str | None, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in scene.projects:
        record = project(item)
        if record.fund_level is not None:
            sections[(item.report, record.fund_level)][record.section].append(item)
    if not sections:
        return
    subtotals: dict[tuple[str, FundLevel], list[Fact]] = defaultdict(list)
    known = words()
    for fact in scene.facts:
        if fact.measure not in {"received", "full_year_budget", "executed"} or len(fact.node.path) < 2:
            continue
        if not known.project_money.search(fact.node.path[-2]):
            continue
        for level, pattern in ((FundLevel.OWN, known.own), (FundLevel.SUPERIOR, known.superior)):
            if pattern.search(fact.label):
                subtotals[(fact.report, level)].append(fact)
    for key, facts in subtotals.items():
        by_section = sections.get(key, {})
        if len(by_section) != 1:
            continue
        members = next(iter(by_section.values()))
        columns = [[i.figures[c] for i in members if c in i.figures] for c in ("full_year_budget", "executed")]
        if not _numbered(scene, members) or any(len(c) != len(members) for c in columns):
            continue
        for fact in facts:
            yield from _neither(scene, fact, columns, f"所列{len(members)}个{_LEVELS[key[1]]}资金项目")


def _neither(scene: Scene, fact: Fact, columns: Sequence[Sequence[Figure]], what: str) -> Iterator[Finding]:
    if not all(commensurable([fact.figure, *c]) for c in columns):
        return
    outcomes = [check_sum(fact.interval, [f.interval for f in c]) for c in columns]
    if any(not o.broken for o in outcomes):
        return
    nearest = min(range(len(outcomes)), key=lambda i: outcomes[i].needed)
    other = outcomes[1 - nearest].computed
    assert other is not None
    names = ("全年预算数", "全年执行数")
    extra = f"（{names[1 - nearest]}合计{in_unit(fact.figure, other)}，亦不符）"
    yield _sum_finding(
        scene, fact, columns[nearest], outcomes[nearest], f"{what}的{names[nearest]}", "projects.by_level", extra
    )
