"""Checking: a table as a grid of figures: its columns, and its rows with their labels, levels and totals."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from pipeline.checking.labels import tidy
from pipeline.checking.scene import Figure, Scene
from pipeline.checking.vocabulary import words
from pipeline.flow import Cell, Row, Table
from pipeline.numerals import Numeral, whole_numeral
from schemas.units import money_exponent
from schemas.values import Literal, UnitSource, squeeze

_DASH = re.compile(r"^[-—－–/\\×无]*$")
_CHINESE = re.compile(r"^(?:[一二三四五六七八九十]+)[、.．]?$")
_BRACKETED = re.compile(r"^[（(][一二三四五六七八九十]+[）)]$")
_NUMBER = re.compile(r"^\d+(?:\.\d+)*[.．、]?$")
_MARK = re.compile(r"^\s*([一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d+(?:\.\d+)*[.．、](?!\d))")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_UNIT = re.compile(r"[（(]([百千万亿]*元)[）)]")
_SHARES = frozenset({"%", "％", "‰"})
_RUN_TOGETHER = re.compile(r"[\u4e00-\u9fff]\s*\d[\d,]*\.\d\d$")
_AMONG = re.compile(r"^\s*其中")


_WEIGHT = re.compile(r"分值|权重|满分|标准分|赋分")


class Blank(Enum):
    """What a cell holds that is no figure."""

    NIL = "nil"
    WORDS = "words"


Value = Figure | Blank


class Column(NamedTuple):
    """A column of figures: its labels from the top, whether its figures may be added down, and what they are."""

    place: int
    header: tuple[str, ...]
    is_score: bool
    is_change: bool
    year: int | None
    unit: str | None

    @property
    def label(self) -> str:
        """Its lowest label."""
        return self.header[-1] if self.header else ""

    @property
    def among(self) -> bool:
        """Whether it stands under 其中."""
        return bool(self.header) and any(_AMONG.match(h) for h in self.header[:-1])


class Line(NamedTuple):
    """A row: its label, its level by its mark (None without one), and its values by column index."""

    label: str
    level: int | None
    is_total: bool
    is_subtotal: bool
    is_among: bool
    is_class: bool
    values: Mapping[int, Value]


class Grid(NamedTuple):
    """A table's figures. A row that does not fit the columns is None: what it holds is not known."""

    columns: tuple[Column, ...]
    lines: tuple[Line | None, ...]
    caption: str


def grid_of(scene: Scene, table: Table) -> Grid | None:
    """A table as a grid, None where it holds no columns of figures; worked out once for all checks."""
    known: dict[int, Grid | None] = scene.notes.setdefault("grids", {})
    if id(table) not in known:
        known[id(table)] = _grid_of(scene, table)
    return known[id(table)]


def _grid_of(scene: Scene, table: Table) -> Grid | None:
    body = [r for r in table.body if r.cells]
    if len(body) < 2:
        return None
    width = Counter(len(r.cells) for r in body).most_common(1)[0][0]
    fitting = [r for r in body if len(r.cells) == width]
    headers = max((tuple(c.header for c in r.cells) for r in fitting), key=lambda h: sum(map(len, h)), default=())
    sequence = _sequence_column(headers, fitting)
    kinds = [_holds_figures([r.cells[i] for r in fitting]) and i != sequence for i in range(width)]
    columns = tuple(_column(i, headers[i] if i < len(headers) else (), table) for i in range(width) if kinds[i])
    if not columns:
        return None
    first = columns[0].place
    lines = tuple(
        _line(scene, r, columns, first, sequence) if len(r.cells) == width and not _is_run_together(r, first) else None
        for r in body
    )
    weighed = any(_WEIGHT.search(c.label) for c in columns)
    return Grid(tuple(c for c in columns if _adds_up(c, weighed=weighed)), lines, table.caption or "")


def _is_run_together(row: Row, first: int) -> bool:
    """Whether a row's name ends with an amount, which was taken from a cell behind it."""
    return any(_RUN_TOGETHER.search(c.text) for c in row.cells[:first] if c.text)


def _sequence_column(headers: Sequence[tuple[str, ...]], rows: Sequence[Row]) -> int | None:
    """The column of row numbers: under 序号, or a first column of nothing but marks."""
    for i, header in enumerate(headers):
        if header and squeeze(header[-1]) in {"序号", "编号", "序"}:
            return i
    marks = [r.cells[0].text.strip() for r in rows]
    if any(marks) and all(not m or _NUMBER.match(m) or _CHINESE.match(m) for m in marks) and len(rows[0].cells) > 1:
        beside = [r.cells[1].text for r in rows]
        return 0 if not any(whole_numeral(t) for t in beside if t) else None
    return None


def _holds_figures(cells: Sequence[Cell]) -> bool:
    filled = [c.text for c in cells if not _DASH.match(c.text.strip())]
    return bool(filled) and sum(1 for t in filled if whole_numeral(t) is not None) * 2 > len(filled)


def _column(index: int, header: tuple[str, ...], table: Table) -> Column:
    known = words()
    label = squeeze("".join(header))
    year = _YEAR.search(label)
    unit = _UNIT.search(label)
    is_score = bool(header) and bool(known.score_column.search(header[-1]))
    return Column(
        index,
        tuple(squeeze(h) for h in header),
        is_score,
        bool(header) and bool(known.change_column.match(_UNIT.sub("", squeeze(header[-1])))),
        int(year[0]) if year else None,
        None if is_score else unit[1] if unit else table.unit,
    )


def _adds_up(column: Column, *, weighed: bool) -> bool:
    """Whether a column's figures make up its total: rates and means never do, marks only beside full marks."""
    return not words().not_additive.search(column.label) and (weighed or not _UNIT.sub("", column.label).endswith("分"))


def _line(scene: Scene, row: Row, columns: Sequence[Column], first: int, sequence: int | None) -> Line:
    names = [c.text for i, c in enumerate(row.cells[:first]) if i != sequence and not _DASH.match(c.text.strip())]
    raw = next((n for n in names if tidy(n) in words().bare_totals), names[-1] if names else "")
    mark = row.cells[sequence].text.strip() if sequence is not None else ""
    known = words()
    label = tidy(raw)
    bare = label in known.bare_totals or (not label and tidy(mark) in known.bare_totals)
    level = _level(mark, raw)
    values = {c.place: _value(scene, row.cells[c.place], c) for c in columns}
    empty = all(not isinstance(v, Figure) for v in values.values())
    return Line(
        label=label or tidy(mark),
        level=None if bare else level,
        is_total=bare or (level is None and bool(known.total_suffix.search(label)) and not empty),
        is_subtotal=label == "小计",
        is_among=bool(_AMONG.match(raw)),
        is_class=empty and bool(known.classified.match(label.rstrip(":"))),
        values=values,
    )


def _level(mark: str, label: str) -> int | None:
    text = mark or (m[1] if (m := _MARK.match(label)) else "")
    if not text:
        return None
    if _CHINESE.match(text):
        return 0
    if _BRACKETED.match(text):
        return 1
    if _NUMBER.match(text):
        return 2 + text.rstrip(".．、").count(".")
    return None


def _value(scene: Scene, cell: Cell, column: Column) -> Value:
    text = cell.text.strip()
    if _DASH.match(text):
        return Blank.NIL
    numeral = whole_numeral(cell.text)
    if numeral is None or numeral.unit in _SHARES or numeral.operator is not None:
        return Blank.WORDS
    unit = numeral.unit or column.unit
    exact = column.is_score or not numeral.value
    literal = cell_literal(cell, numeral, unit, exponent=money_exponent(unit), exact=exact)
    return scene.unclaimed(literal)


def cell_literal(cell: Cell, numeral: Numeral, unit: str | None, *, exponent: int | None, exact: bool) -> Literal:
    """The number of a cell that no record claims; ``unit`` is its own or its column's."""
    return Literal(
        field="",
        printed=cell.text[numeral.start : numeral.stop],
        value=numeral.value,
        decimals=numeral.decimals,
        unit=unit,
        span=cell.view.span(numeral.start, numeral.stop),
        unit_source=UnitSource.ADJACENT if numeral.unit else UnitSource.HEADER if unit else UnitSource.NONE,
        unit_span=None,
        exponent=exponent,
        exact=exact,
    )
