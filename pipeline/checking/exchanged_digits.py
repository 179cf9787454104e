"""Checking: one thing told in two places of a report, two digits of its number exchanged."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import combinations, starmap
from typing import NamedTuple

from pipeline.checking.clashes import transposed
from pipeline.checking.findings import Text, make
from pipeline.checking.grids import cell_literal
from pipeline.checking.labels import YEAR_WORDS, is_bare_total, tidy
from pipeline.checking.passages import Passage, Told, passages, plays, told
from pipeline.checking.rates import measure_of
from pipeline.checking.scene import Figure, Scene, digits, printed
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, Row, Table
from pipeline.numerals import whole_numeral
from schemas.columns import column_role
from schemas.relations import FindingKind
from schemas.units import money_exponent
from schemas.values import plain_number, squeeze

_CLAUSE = re.compile(r"[，。；：、,;:（()）]")
_DIGIT = re.compile(r"\d")
_MADE_OF = re.compile(r"[\d.]+")
_NAME = re.compile(r"(?![≥≤＞＜><=＝不\d]).*[\u4e00-\u9fff]")
_DIGITS, _SHARE_DIGITS = 4, 3
_SHORTEST, _TELLING = 4, 8
"""Characters of a name, and of one that has but three digits to its number."""
_SHARES = frozenset({"%", "％"})
_PAIR = 2
_FEWEST = 2
"""Characters of a column's name."""
_BEFORE = 150
"""Characters before a number in which its passage may name what it is about."""
_MARKS = "分"
_MOST = 12
"""Places of one set of digits that are compared."""


class Place(NamedTuple):
    """A number with the words that name it and the year of its clause; in prose what its passage says before it; in a table
    the row that it stands in, its column's header, and whether it is a row of totals."""

    figure: Figure
    label: str
    year: str | None
    is_item: bool
    before: str = ""
    row: Row | None = None
    header: str = ""
    is_total: bool = False
    names: tuple[str, ...] = ()


def check_exchanged_digits(scene: Scene) -> Iterator[Finding]:
    """“年末结余28.64万元” in one chapter, “年末形成结余28.46万元” in another; a row's 3964.20 told as 3946.20.

    Precondition: one report, one unit, four digits at least (three of a percentage), alike but for two exchanged ones; the
    words before the number in prose say the same as those of the other place (what only files or measures aside), or
    end with a row's label, or, for a row of totals, with the column's (a score of 得分 is the total's); or the passage names the
    row before a number that is longer by a digit, and the word before it measures what the column does. No other year
    and no target; what measures it (支出, 预算, 到位) is not another thing; and neither number stands at the other place, too.
    """
    numbers = _exchangeable(scene)
    for (report, *_), places in _groups(scene, numbers).items() if numbers else ():
        values = {digits(p.figure) for p in places}
        if len(values) > 1 and len(places) <= _MOST:
            yield from _pairs(scene, report, places)


def _exchangeable(scene: Scene) -> frozenset[str]:
    """The numbers, as digits and points, of whose digits another number is made, too: in most reports few or none, so that little
    is read again."""
    told = _long({v.text[n.start : n.stop] for v in scene.layout.blocks for n in v.numerals})
    known = told | _long({c.text for t in scene.layout.tables for r in t.body for c in r.cells if c.numerals})
    made: dict[str, list[str]] = defaultdict(list)
    for number in known:
        made["".join(sorted(number))].append(number)
    groups = (
        g
        for g in made.values()
        if len(g) > 1 and not told.isdisjoint(g) and (len(g) > _MOST or any(starmap(transposed, combinations(g, 2))))
    )
    return frozenset(number for group in groups for number in group)


def _long(texts: Iterable[str]) -> set[str]:
    """The digits and points of texts that have enough of them to be compared."""
    return {plain for text in texts if len(text) > _SHARE_DIGITS and len(plain := _plain(text)) > _SHARE_DIGITS}


def _plain(text: str) -> str:
    return "".join(_MADE_OF.findall(plain_number(text))).rstrip(".")


def _groups(scene: Scene, numbers: Set[str]) -> dict[tuple[str | None, str | None, str], list[Place]]:
    """The places of these numbers by report, unit and digits."""
    groups: dict[tuple[str | None, str | None, str], list[Place]] = defaultdict(list)
    for passage in passages(scene, _DIGIT):
        text = passage.block.text
        if not any(_plain(text[n.start : n.stop]) in numbers for n in passage.block.numerals):
            continue
        year: str | None = None
        for number in told(scene, passage, 0, len(passage.text)):
            unit = number.figure.literal.unit
            if unit == "年" or "。" in number.label:
                year = None
            if unit == "年":
                year = digits(number.figure)
            elif _is_long(number.figure):
                groups[_key(passage.report, number.figure)].append(_told(scene, passage, number, year))
    for table in scene.layout.tables:
        report = scene.layout.report_at(table.span.start) if scene.layout.segments else None
        for place in _cells(scene, table, numbers):
            groups[_key(report, place.figure)].append(place)
    return groups


def _key(report: str | None, figure: Figure) -> tuple[str | None, str | None, str]:
    unit = figure.literal.unit
    return None if unit == _MARKS else report, unit, "".join(sorted(digits(figure)))


def _is_long(figure: Figure) -> bool:
    unit = figure.literal.unit
    count = sum(c.isdigit() for c in digits(figure))
    return unit is not None and count >= (_SHARE_DIGITS if unit in _SHARES else _DIGITS)


def _told(scene: Scene, passage: Passage, number: Told, year: str | None) -> Place:
    label = _CLAUSE.split(number.label)[-1]
    start = number.numeral.start
    before = squeeze(passage.text[max(0, start - _BEFORE) : start])
    return Place(number.figure, label, year, scene.places.is_about_item(passage.block.span.start), before)


def _cells(scene: Scene, table: Table, numbers: Set[str]) -> Iterator[Place]:
    for row in table.body:
        if not any(c.numerals and _plain(c.text) in numbers for c in row.cells):
            continue
        label, names = "", tuple(tidy(c.text) for c in row.cells if c.text and _NAME.match(c.text))
        for cell in row.cells:
            numeral = whole_numeral(cell.text) if cell.text else None
            if numeral is None:
                label = tidy(cell.text) if _NAME.match(cell.text) else label
                continue
            header = squeeze("".join(cell.header[-1:]))
            if numeral.operator is not None or not label or words().exchanged.other.search(header):
                continue
            unit = numeral.unit or (_MARKS if column_role(header) == "score" else table.unit)
            literal = cell_literal(cell, numeral, unit, exponent=money_exponent(unit), exact=False)
            figure = scene.told(literal)
            if _is_long(figure):
                is_total = is_bare_total(label)
                name = header if is_total else label
                yield Place(figure, name, None, is_item=False, row=row, header=header, is_total=is_total, names=names)


def _pairs(scene: Scene, report: str | None, places: Sequence[Place]) -> Iterator[Finding]:
    prose = [p for p in places if p.row is None]
    for i, one in enumerate(prose):
        others = [p for p in (*prose[:i], *(q for q in places if q.row is not None)) if _same(one, p)]
        found = [p for p in others if transposed(digits(one.figure), digits(p.figure))]
        if found and len(found) == len(others):
            yield _finding(scene, report, one, found[0])
            return


def _same(one: Place, other: Place) -> bool:
    """Whether a number of prose and another are said to be the same thing."""
    known = words().exchanged
    if known.other.search(one.label) or known.other.search(other.label) or words().compared.search(one.label):
        return False
    if other.row is None:
        core = known.filler.sub("", one.label)
        alike = len(core) >= _least(one.figure) and core == known.filler.sub("", other.label)
        return alike and len({one.year, other.year} - {None}) < _PAIR and not (one.is_item or other.is_item)
    if _in_row(one.figure, other.row):
        return False
    text, name = known.link.sub("", one.label), other.label
    if len(name) >= _least(one.figure) and text.endswith(name):
        return True
    return _totals(text, other) if other.is_total else _measures(text, one, other)


def _totals(text: str, other: Place) -> bool:
    """Whether words name what a column of totals holds: its scores, its rate, or its header without the year."""
    known = words()
    if other.figure.literal.unit == _MARKS:
        return known.exchanged.scored.search(text) is not None
    if other.figure.literal.unit in _SHARES:
        return known.exchanged.rated.search(other.header) is not None and known.exchanged.share.search(text) is not None
    name = YEAR_WORDS.sub("", other.header)
    return (
        len(name) >= _FEWEST and known.filler.sub("", name) != "" and text.endswith(name) and _is_longer(other.figure)
    )


def _measures(text: str, one: Place, other: Place) -> bool:
    """Whether the passage of a number names a row before it, and the words at the number measure what its column does."""
    named = any(len(name) >= _SHORTEST and name in one.before for name in other.names)
    if not named or not _is_longer(one.figure):
        return False
    if one.figure.literal.unit in _SHARES:
        rate = words().exchanged.rated.search(other.header)
        return rate is not None and text.endswith(rate[0])
    return measure_of(one.label) == measure_of(other.header) is not None


def _is_longer(figure: Figure) -> bool:
    return sum(c.isdigit() for c in digits(figure)) > (_SHARE_DIGITS if figure.literal.unit in _SHARES else _DIGITS)


def _least(figure: Figure) -> int:
    return _TELLING if sum(c.isdigit() for c in digits(figure)) < _DIGITS else _SHORTEST


def _in_row(figure: Figure, row: Row) -> bool:
    """Whether a number is another of the row's own."""
    return any(n.value == figure.literal.value for c in row.cells for n in c.numerals)


def _finding(scene: Scene, report: str | None, one: Place, other: Place) -> Finding:
    a, b = digits(one.figure), digits(other.figure)
    return make(
        FindingKind.CONFLICT,
        "prose.exchanged",
        report,
        Text(
            f"“{one.label}”一处为{printed(one.figure)}，另为{printed(other.figure)}",
            f"{one.label} is {a} in one place and {b} in another",
        ),
        stated=printed(one.figure),
        computed=printed(other.figure),
        literals=plays(scene, [("stated", one.figure), ("other", other.figure)]),
        suggestion=transposed(a, b),
    )
