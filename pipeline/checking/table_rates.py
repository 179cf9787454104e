"""Checking: columns of rates in a table (增减率, 执行率, 占比) against the columns of amounts that they are taken of.

What a rate is taken of is read from the table itself: the two columns that most of its rows follow. A row that does not
is then told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from typing import NamedTuple

from pipeline.checking.diagnosis import growth_hint, is_ratio_shift, ratio_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.grids import cell_literal
from pipeline.checking.intervals import HUNDRED, Interval, Outcome, check_growth, check_ratio, exactly, ratio_value
from pipeline.checking.labels import is_bare_total, tidy
from pipeline.checking.scene import Figure, Scene, digits, plain, printed
from pipeline.checking.vocabulary import words
from pipeline.flow import Cell, Finding, Row, Table
from pipeline.numerals import whole_numeral
from schemas.columns import column_role
from schemas.relations import FindingKind
from schemas.units import money_exponent
from schemas.values import squeeze

_SHARES = frozenset({"%", "％"})
_SAMPLE = 40
"""Rows from which the columns that a rate is taken of are told."""
_BEFORE = 5
"""Columns of amounts before a rate that are tried."""
_LEAST = 2
_MOST = 4
"""Three of four rows must bear a column of rates out."""
_ROUND = frozenset({HUNDRED, HUNDRED - HUNDRED})


class Rates(NamedTuple):
    """A column of rates, and whether they are growths."""

    place: int
    label: str
    is_growth: bool


class Taken(NamedTuple):
    """What a rate may be taken of: the columns of part and whole (None: the part's column in the row of totals) and its
    own."""

    part: int
    whole: int | None
    rate: int
    total: Row | None


class Tested(NamedTuple):
    """A row's rate with the amounts that it is taken of, and what arithmetic says."""

    label: str
    stated: Figure
    part: Figure
    whole: Figure
    outcome: Outcome


def rated_cells(scene: Scene) -> frozenset[int]:
    """Where the rates begin of which their own table shows what they are taken of, right or wrong."""
    known: frozenset[int] | None = scene.notes.get("rated cells")
    if known is None:
        known = frozenset(t.stated.span.start for _, tests in _columns(scene) for t in tests)
        scene.notes["rated cells"] = known
    return known


def check_table_rates(scene: Scene) -> Iterator[Finding]:
    """Every column of rates of every table.

    Precondition: at least two rows, and three quarters of those that have the three figures, follow from one pair of
    columns before the rate (for 占比, also from one column and its row of totals); rows of 100% or 0 bear out nothing. A row
    with another unit or a blank cell is left out.
    """
    for rates, tests in _columns(scene):
        for test in tests:
            if test.outcome.broken:
                yield _finding(scene, rates, test)


def _columns(scene: Scene) -> Sequence[tuple[Rates, Sequence[Tested]]]:
    """The columns of rates that follow from other columns, with their rows tested; worked out once."""
    known: list[tuple[Rates, Sequence[Tested]]] | None = scene.notes.get("rate columns")
    if known is None:
        known = scene.notes["rate columns"] = list(_read_columns(scene))
    return known


def _read_columns(scene: Scene) -> Iterator[tuple[Rates, Sequence[Tested]]]:
    for table in scene.layout.tables:
        body = [r for r in table.body if r.cells]
        if len(body) <= _LEAST:
            continue
        width = Counter(len(r.cells) for r in body).most_common(1)[0][0]
        rows = [r for r in body if len(r.cells) == width]
        for rates in _rate_columns(rows):
            tests = _followed(scene, table, rows, rates)
            if tests:
                yield rates, tests


def _rate_columns(rows: Sequence[Row]) -> Iterator[Rates]:
    known = words()
    for cell in rows[0].cells:
        label = squeeze("".join(cell.header[-1:]))
        if known.rate_column.search(label) and not known.no_rate_column.search(label):
            yield Rates(cell.column, label, known.growth_column.search(label) is not None)
        elif column_role(label) == "score_rate":
            yield Rates(cell.column, label, is_growth=False)


def _followed(scene: Scene, table: Table, rows: Sequence[Row], rates: Rates) -> list[Tested]:
    """The rows of a column of rates with the two columns that most of them follow; none where there are no such two."""
    place = next((i for i, c in enumerate(rows[0].cells) if c.column == rates.place), None)
    if not place:
        return []
    if column_role(rates.label) == "score_rate":
        return _of_marks(scene, table, rows, rates, place)
    amounts = [i for i in range(place) if _is_amounts(rows, i)][-_BEFORE:]
    total = _total_row(rows) if words().share_column.search(rates.label) else None
    pairs: list[tuple[int, int | None]] = [*permutations(amounts, 2)]
    pairs += [(part, None) for part in amounts] if total is not None else []
    best: tuple[int, int | None] | None = None
    most = 0
    for part, whole in pairs:
        tests = list(_tests(scene, table, rows[:_SAMPLE], rates, Taken(part, whole, place, total)))
        holding = sum(1 for t in tests if t.outcome.holds and t.stated.interval.value not in _ROUND)
        if (
            holding > most
            and holding >= _LEAST
            and holding * _MOST >= sum(not _is_round(t) for t in tests) * (_MOST - 1)
        ):
            best, most = (part, whole), holding
    return [] if best is None else list(_tests(scene, table, rows, rates, Taken(*best, place, total)))


def _of_marks(scene: Scene, table: Table, rows: Sequence[Row], rates: Rates, place: int) -> list[Tested]:
    """The rows of a column of 得分率, where the table has one column of marks given and one of full marks."""
    roles = [column_role(squeeze("".join(c.header[-1:]))) for c in rows[0].cells]
    if roles.count("score") != 1 or roles.count("weight") != 1:
        return []
    taken = Taken(roles.index("score"), roles.index("weight"), place, None)
    tests = [_exact(t) for t in _tests(scene, table, rows, rates, taken)]
    return tests if sum(not t.outcome.broken for t in tests) * _MOST >= len(tests) * (_MOST - 1) else []


def _exact(test: Tested) -> Tested:
    """A row of marks tested again: marks are exact as printed."""
    part, whole = (f._replace(interval=exactly(f.literal.value)) for f in (test.part, test.whole))
    return test._replace(
        part=part, whole=whole, outcome=check_ratio(test.stated.interval, part.interval, whole.interval)
    )


def _total_row(rows: Sequence[Row]) -> Row | None:
    """The one row of a table that is called nothing but a total."""
    found = [r for r in rows if any(is_bare_total(c.text) for c in r.cells if c.text)]
    return found[0] if len(found) == 1 else None


def _is_round(test: Tested) -> bool:
    return test.stated.interval.value in _ROUND and not test.outcome.broken


def _is_amounts(rows: Sequence[Row], place: int) -> bool:
    """Whether a column holds amounts or counts: plain numbers in most of the rows looked at, no marks given."""
    cells = [r.cells[place] for r in rows[:_SAMPLE]]
    label = squeeze("".join(cells[0].header[-1:]))
    known = words()
    if known.score_column.search(label) or known.rate_column.search(label) or known.ordinal_column.search(label):
        return False
    numbers = [n for c in cells if c.text and (n := whole_numeral(c.text)) is not None and n.unit not in _SHARES]
    return len(numbers) * 2 > len(cells)


def _tests(scene: Scene, table: Table, rows: Sequence[Row], rates: Rates, taken: Taken) -> Iterator[Tested]:
    check: Callable[[Interval, Interval, Interval], Outcome] = check_growth if rates.is_growth else check_ratio
    of_all = None if taken.total is None else _figure(scene, table, taken.total.cells[taken.part], is_rate=False)
    for row in rows:
        stated = _figure(scene, table, row.cells[taken.rate], is_rate=True)
        part = _figure(scene, table, row.cells[taken.part], is_rate=False)
        whole = of_all if taken.whole is None else _figure(scene, table, row.cells[taken.whole], is_rate=False)
        if part is None or whole is None or stated is None or part.exponent != whole.exponent:
            continue
        outcome = check(stated.interval, part.interval, whole.interval)
        yield Tested(_label(row), stated, part, whole, outcome)


def _label(row: Row) -> str:
    return next((tidy(c.text) for c in row.cells if c.text and whole_numeral(c.text) is None), "")


def _figure(scene: Scene, table: Table, cell: Cell, *, is_rate: bool) -> Figure | None:
    """A cell as a figure; None where it is blank, words, a bound, or a share among amounts."""
    numeral = whole_numeral(cell.text) if cell.text else None
    if numeral is None or numeral.operator is not None:
        return None
    if is_rate:
        unit: str | None = "%"
        if numeral.unit not in _SHARES and (numeral.unit is not None or "%" not in _header(cell)):
            return None
    else:
        if numeral.unit in _SHARES:
            return None
        unit = numeral.unit or table.unit
    exponent = None if is_rate else money_exponent(unit)
    literal = cell_literal(cell, numeral, unit, exponent=exponent, exact=not numeral.value)
    return scene.unclaimed(literal)


def _header(cell: Cell) -> str:
    return "".join(cell.header).replace("％", "%")


def _finding(scene: Scene, rates: Rates, test: Tested) -> Finding:
    stated, part, whole = test.stated, test.part, test.whole
    decimals = max(2, stated.literal.decimals)
    ratio = ratio_value(part.interval.value, whole.interval.value, decimals)
    value = plain(ratio - HUNDRED if rates.is_growth else ratio)

    def holds(one: Interval) -> bool:
        return not check_ratio(one, part.interval, whole.interval).broken

    kind = FindingKind.GROWTH if rates.is_growth else FindingKind.RATIO
    if not rates.is_growth and is_ratio_shift(stated, holds):
        kind = FindingKind.DECIMAL_SHIFT
    formula = (
        f"（{digits(part)}－{digits(whole)}）÷{digits(whole)}" if rates.is_growth else f"{digits(part)}÷{digits(whole)}"
    )
    formula_en = f"from {digits(whole)} to {digits(part)}" if rates.is_growth else f"{digits(part)} / {digits(whole)}"
    hint = (
        growth_hint(stated, part.interval, whole.interval)
        if rates.is_growth
        else ratio_hint(stated, part, whole, holds)
    )
    return make(
        kind,
        "tables.growth" if rates.is_growth else "tables.rate",
        scene.layout.report_at(stated.span.start) if scene.layout.segments else None,
        Text(
            f"“{test.label}，{rates.label}”：{formula}＝{value}%，印为{printed(stated)}",
            f"{test.label}, {rates.label}: {formula_en} is {value}%, but {printed(stated)} is printed",
        ),
        stated=printed(stated),
        computed=f"{value}%",
        slack=ratio_value(test.outcome.allowed, abs(whole.interval.value), 4, HUNDRED / HUNDRED),
        literals=[
            scene.in_record(stated, "stated"),
            scene.in_record(part, "part"),
            scene.in_record(whole, "whole"),
        ],
        suggestion=hint,
    )
