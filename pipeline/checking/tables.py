"""Checking: tables as tables, whatever records were made of them: total rows, total columns, levels, classes, changes.

A relation is taken for established only where the table itself bears it out elsewhere, in another column of the same row
or in the other rows of the same column; then what breaks it is reported. A row that does not fit the columns, or a cell of
words among the parts, leaves the relation incomplete.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.checking.diagnosis import is_shift, sum_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.grids import Blank, Column, Grid, Line, grid_of
from pipeline.checking.intervals import EXACT, Outcome, add, check_sum, subtract
from pipeline.checking.scene import Figure, Scene, digits, in_unit, printed, slack_in
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, Severity
from pipeline.numerals import find_numerals
from schemas.relations import FindingKind
from schemas.values import Span

_FEW = 2
_MOST = 5
_MOSTLY = 3
"""A relation of columns is established where it holds in three of five rows, and in two at least."""
_CLOSE = 5
"""Where nothing else bears a total out, it must come within a fifth of its parts to be taken for their total."""


class Tested(NamedTuple):
    """A total with its parts and what arithmetic says."""

    label: str
    column: Column
    total: Figure
    parts: tuple[Figure, ...]
    outcome: Outcome
    weights: tuple[int, ...] | None = None


def check_tables(scene: Scene) -> Iterator[Finding]:
    """Every table of the layout."""
    for table in scene.layout.tables:
        grid = grid_of(scene, table)
        if grid is None or not grid.columns:
            continue
        across = list(_across(scene, grid))
        yield from across
        told = {f.literals[0].span for f in across}
        for tests, relation, complete in _families(grid):
            left = [t for t in tests if t.total.span not in told or not t.outcome.broken]
            yield from _judge(scene, left, relation, complete=complete)


def _families(grid: Grid) -> Iterator[tuple[list[Tested], str, bool]]:
    """Totals with their parts, a family for each row of totals: what holds in one column bears out the others."""
    yield from _totals(grid)
    yield from _levels(grid)
    yield from _amongs(grid)
    yield from _classes(grid)


def _totals(grid: Grid) -> Iterator[tuple[list[Tested], str, bool]]:
    """Rows called 合计, 小计 or 汇总 against the rows above them, or below where they stand first."""
    lines = grid.lines
    places = [i for i, line in enumerate(lines) if line is not None and line.is_total]
    for order, place in enumerate(places):
        total = lines[place]
        assert total is not None
        above = list(lines[(places[order - 1] + 1 if order else 0) : place])
        if order and not total.is_subtotal:
            subtotals = [x for i in places[:order] if (x := lines[i]) is not None and x.is_subtotal]
            if subtotals:
                yield _tests(grid, total, subtotals), "tables.total_row", False
                continue
        if above:
            yield _tests(grid, total, _top(above)), "tables.total_row", _are_numbered(above)
        elif place == 0:
            stop = places[order + 1] if order + 1 < len(places) else len(lines)
            below = list(lines[place + 1 : stop])
            yield _tests(grid, total, _top(below)), "tables.total_row", _are_numbered(below)


def _top(lines: Sequence[Line | None]) -> list[Line | None]:
    """The rows of the highest level among those of one total: without empty ones, which only name a group, and without
    those under a 其中 that stands below another of them."""
    lines = [x for x in lines if x is None or any(v is not Blank.NIL for v in x.values.values())]
    levels = [x.level for x in lines if x is not None and x.level is not None]
    if not levels:
        classes = [i for i, x in enumerate(lines) if x is not None and x.is_class]
        return _without_parts(lines[: classes[0]] if classes and classes[0] else lines)
    highest = min(levels)
    if len(set(levels)) == 1 and all(x is not None and x.level is not None for x in lines):
        return list(lines)
    return [x for x in lines if x is None or x.level == highest]


def _without_parts(lines: Sequence[Line | None]) -> list[Line | None]:
    """The rows without those under a 其中; where nothing tells how far these reach, the rows above it alone."""
    kept: list[Line | None] = []
    place = 0
    while place < len(lines):
        line, whole = lines[place], kept[-1] if kept else None
        if line is not None and line.is_among and whole is not None:
            last = _last_part(whole, lines, place)
            if last is None:
                break
            place = last
        else:
            kept.append(line)
        place += 1
    return kept


def _last_part(whole: Line, lines: Sequence[Line | None], first: int) -> int | None:
    """The row with which those from a 其中 on make up the row above it in some column, None where none does."""
    for column, figure in whole.values.items():
        parts: list[Figure] = []
        if not isinstance(figure, Figure) or not figure.interval.value:
            continue
        for place in range(first, len(lines)):
            line = lines[place]
            if line is None or line.is_total or (line.is_among and place > first):
                break
            value = line.values.get(column)
            parts += [value] if isinstance(value, Figure) else []
            if len(parts) >= _FEW and check_sum(figure.interval, [p.interval for p in parts]).holds:
                return place
    return None


def _amongs(grid: Grid) -> Iterator[tuple[list[Tested], str, bool]]:
    """Rows under a 其中 against the row above it, where in some column they make it up."""
    lines = grid.lines
    for place, line in enumerate(lines):
        whole = lines[place - 1] if place else None
        if line is not None and line.is_among and line.level is None and whole is not None:
            last = _last_part(whole, lines, place)
            if last is not None:
                yield _tests(grid, whole, lines[place : last + 1]), "tables.among", False


def _are_numbered(lines: Sequence[Line | None]) -> bool:
    return len(lines) > _FEW and all(x is not None and x.level is not None for x in lines)


def _levels(grid: Grid) -> Iterator[tuple[list[Tested], str, bool]]:
    """Numbered rows against the rows of the next level below them (一 against 1 and 2, 2 against 2.1 and 2.2)."""
    lines = grid.lines
    levels = {x.level for x in lines if x is not None and x.level is not None}
    if not levels or (len(levels) == 1 and not any(x is not None and x.is_among for x in lines)):
        return
    for place, line in enumerate(lines):
        if line is None or line.level is None:
            continue
        below: list[Line | None] = []
        for x in lines[place + 1 :]:
            if x is not None and (x.is_total or (x.level is not None and x.level <= line.level)):
                break
            below.append(x)
        if len(below) < _FEW:
            continue
        marked = [x for x in below if x is not None and x.level is not None]
        if marked:
            lowest = min(x.level for x in marked if x.level is not None)
            children: list[Line | None] = [x for x in below if x is None or x.level == lowest]
            complete = False
        elif below[0] is not None and below[0].is_among:
            children = below
            complete = any(x is not None and x.label.startswith(words().residual) for x in below)
        else:
            continue
        yield _tests(grid, line, children), "tables.level", complete


def _classes(grid: Grid) -> Iterator[tuple[list[Tested], str, bool]]:
    """A head, then rows divided by 按…分: each division names all parts of the head."""
    places = [i for i, x in enumerate(grid.lines) if x is not None and x.is_class]
    if not places or not places[0]:
        return
    head = grid.lines[places[0] - 1]
    if head is None:
        return
    tests: list[Tested] = []
    for order, place in enumerate(places):
        stop = places[order + 1] if order + 1 < len(places) else len(grid.lines)
        tests += _tests(grid, head, grid.lines[place + 1 : stop])
    yield tests, "tables.classification", False


def _tests(grid: Grid, total: Line, parts: Sequence[Line | None]) -> list[Tested]:
    """The total of each column against its parts, where all of them are figures or dashes."""
    if any(x is None for x in parts):
        return []
    found = []
    for column in grid.columns:
        figure = total.values.get(column.place)
        values = [x.values.get(column.place) for x in parts if x is not None]
        if not isinstance(figure, Figure) or any(v is Blank.WORDS for v in values):
            continue
        figures = tuple(v for v in values if isinstance(v, Figure))
        if len(figures) >= _FEW and not (column.is_score and _is_mean(figure, figures)):
            outcome = check_sum(figure.interval, [f.interval for f in figures])
            found.append(Tested(total.label, column, figure, figures, outcome))
    return found


def _is_mean(total: Figure, parts: Sequence[Figure]) -> bool:
    """Whether a total of scores is no sum but one score for all, the mean of several forms: it lies among them."""
    values = [p.interval.value for p in parts]
    return 0 < min(values) <= total.interval.value <= max(values)


def _judge(scene: Scene, tests: Sequence[Tested], relation: str, *, complete: bool) -> Iterator[Finding]:
    if _is_moved(scene, tests):
        return
    borne_out = sum(1 for t in tests if t.outcome.holds and sum(1 for p in t.parts if p.interval.value) >= _FEW)
    for test in tests:
        if not test.outcome.broken or test.outcome.computed is None:
            continue
        close = test.outcome.needed * _CLOSE <= abs(test.total.interval.value)
        if _stands_aside(scene, test, tests):
            continue
        if borne_out or (complete and close) or (complete and is_shift(test.total, test.parts)):
            yield _finding(scene, test, relation)


def _is_moved(scene: Scene, tests: Sequence[Tested]) -> bool:
    """Whether the cells of one row of parts are moved against the columns: two columns fail, and another number of that row
    in place of its part makes either right."""
    broken = [t for t in tests if t.outcome.broken and t.outcome.computed is not None]
    if len(broken) < _FEW:
        return False
    numbers: dict[Span, list[Decimal]] = {}
    found: set[Span] | None = None
    for test in broken:
        found = {row for row in _repairing(scene, test, numbers) if found is None or row in found}
        if not found:
            return False
    return True


def _repairing(scene: Scene, test: Tested, numbers: dict[Span, list[Decimal]]) -> Iterator[Span]:
    """The rows of parts another number of which would make a total right."""
    assert test.outcome.computed is not None
    lacking = subtract(test.total.interval.value, test.outcome.computed)
    exponent = test.total.exponent or 0
    for part in test.parts:
        row = scene.places.row_span(part.span.start)
        if row is None:
            continue
        if row not in numbers:
            numbers[row] = [n.value for n in find_numerals(scene.document.text, row.start, row.stop)]
        wanted = add(part.interval.value, lacking).scaleb(-exponent, EXACT)
        if wanted in numbers[row]:
            yield row


def _stands_aside(scene: Scene, test: Tested, tests: Sequence[Tested]) -> bool:
    """Whether the row of the total prints what the parts make in another column, of which it is no total either: the row's
    cells are moved against the columns."""
    row = scene.places.row_span(test.total.span.start)
    if row is None or test.outcome.computed is None:
        return False
    made = Decimal(in_unit(test.total, test.outcome.computed))
    right = {t.total.span.start for t in tests if not t.outcome.broken}
    numerals = find_numerals(scene.document.text, row.start, row.stop)
    return any(n.value == made and n.start not in right for n in numerals)


def _across(scene: Scene, grid: Grid) -> Iterator[Finding]:
    """Columns of one row: a total column against its parts, and a change against its two years.

    Precondition: the relation holds in three of five of the rows that it can be tested in, and in at least two of them
    (in one, for a change: its header says what it is).
    """
    for total, parts, weights in _column_relations(grid):
        tests = []
        for line in grid.lines:
            if line is None:
                continue
            values = [line.values.get(c.place) for c in parts]
            figure = line.values.get(total.place)
            figures = tuple(v for v in values if isinstance(v, Figure))
            needs_all = weights is not None
            if (
                not isinstance(figure, Figure)
                or len(figures) < (len(parts) if needs_all else 1)
                or Blank.WORDS in values
            ):
                continue
            outcome = check_sum(figure.interval, [f.interval for f in figures], weights)
            tests.append(Tested(line.label, total, figure, figures, outcome, weights))
        telling = [t for t in tests if t.total.interval.value or t.outcome.broken or weights]
        holding = sum(1 for t in telling if not t.outcome.broken)
        if holding >= (1 if weights else _FEW) and holding * _MOST >= len(telling) * _MOSTLY:
            for test in telling:
                if test.outcome.broken and len(test.parts) >= _FEW:
                    yield _finding(scene, test, "tables.change" if weights else "tables.total_column")


def _column_relations(grid: Grid) -> Iterator[tuple[Column, tuple[Column, ...], tuple[int, ...] | None]]:
    columns = grid.columns
    known = words()
    for i, column in enumerate(columns):
        if column.is_change:
            years = [c for c in columns[:i] if not c.is_change][-_FEW:]
            if len(years) == _FEW and years[0].year != years[1].year and None not in (years[0].year, years[1].year):
                first = 1 if (years[0].year or 0) > (years[1].year or 0) else -1
                yield column, tuple(years), (first, -first)
            continue
        bare = column.label in known.bare_totals
        if not bare and not known.total_suffix.search(column.label):
            continue
        right = []
        for c in columns[i + 1 :]:
            if not c.among:
                break
            right.append(c)
        left = [c for c in columns[:i] if _is_amount(c, column)]
        beside = [c for c in columns[i + 1 :] if _is_amount(c, column)]
        if len(right) >= _FEW:
            yield column, tuple(right), None
            for group in known.partitions:
                division = tuple(c for c in right if any(p.fullmatch(c.label) for p in group))
                if len(division) == len(group) < len(right):
                    yield column, division, None
        elif bare and len(left) >= _FEW:
            yield column, tuple(left), None
        elif bare and not left and len(beside) >= _FEW:
            yield column, tuple(beside), None


def _is_amount(column: Column, total: Column) -> bool:
    """Whether a column's figures may be parts of a total column's."""
    if column.is_score or column.is_change or column.unit != total.unit:
        return False
    return not words().count_column.search(column.label)


def _finding(scene: Scene, test: Tested, relation: str) -> Finding:
    total, parts, outcome = test.total, test.parts, test.outcome
    assert outcome.computed is not None
    computed = in_unit(total, outcome.computed)
    gap = in_unit(total, outcome.needed)
    shift = is_shift(total, parts) if test.weights is None else None
    kind = FindingKind.SCORE_SUM if test.column.is_score else FindingKind.DECIMAL_SHIFT if shift else FindingKind.SUM
    if test.weights is not None:
        kind = FindingKind.GROWTH
    signs = test.weights or tuple(1 for _ in parts)
    terms = "".join(f"{'＋' if s > 0 else '－'}{digits(p)}" for s, p in zip(signs, parts, strict=True)).lstrip("＋")
    names = [x for x in (test.label, test.column.label) if x]
    where = "，".join(names)
    small = outcome.needed * 1000 < abs(total.interval.value)
    return make(
        kind,
        relation,
        scene.layout.report_at(total.span.start) if scene.layout.segments else None,
        Text(
            f"“{where}”：{terms}＝{computed}，印为{printed(total)}，相差{gap}",
            f"{', '.join(names)}: the parts give {computed}, but {digits(total)} is printed; off by {gap}",
        ),
        stated=printed(total),
        computed=computed,
        slack=slack_in(total, outcome.allowed),
        severity=Severity.WARNING if small else Severity.ERROR,
        literals=[scene.in_record(total, "total"), *(scene.in_record(p, "part") for p in parts)],
        suggestion=sum_hint(total, parts) if test.weights is None else None,
    )
