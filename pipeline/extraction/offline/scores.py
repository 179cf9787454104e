"""Extraction, offline: ``score_lines`` from score summaries in tables and prose, and ``indicators`` from their tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extraction.offline.columns import LEVELS, Columns, is_total_row, number
from pipeline.extraction.offline.context import Context, Places, words
from pipeline.extraction.offline.scores_prose import read_prose
from pipeline.flow import BlockKind, Cell, Draft, Row, Table
from pipeline.layout.dashes import DASHES
from pipeline.layout.marks import mark_of
from pipeline.numerals import find_numerals, whole_numeral
from schemas.indicators import Indicator
from schemas.score_lines import ScoreLine
from schemas.values import Operator, Quantity, squeeze

_SIGNS = {"≥": "≥", "≤": "≤", ">": ">", "<": "<", "=": "=", "＝": "=", "＞": ">", "＜": "<", "≧": "≥", "≦": "≤"}


def read(context: Context) -> Iterator[Draft]:
    """The score lines and indicators of a document in reading order."""
    summed = {p.path for p in context.layout.parts if isinstance(p, Table) and _is_summary(context.columns(p))}
    for part in context.layout.parts:
        if isinstance(part, Table):
            columns = context.columns(part)
            if _is_indicators(columns):
                yield from _indicators(context, part, columns)
            elif _is_summary(columns):
                yield from _score_table(context, part, columns)
            elif _is_bounds(part):
                yield from _bounds(context, part)
        elif part.kind is not BlockKind.HEADING:
            yield from read_prose(context, part, in_table=part.path in summed)


_LEVEL = re.compile(r"[一二三四]级|指标")
_UNIT = re.compile(r"\s*[（(]\s?(?:金额)?单位\s?[:：][^（()）]{1,12}[）)]\Z")
"""The unit that a caption ends in."""


def table_name(table: Table) -> str | None:
    """What a table is called: its caption where that is a table's, else the merged cell before its headers, else its
    caption or the heading it stands under."""
    if table.caption and not mark_of(table.caption):
        return _UNIT.sub("", table.caption) or table.caption
    corner = table.rows[0].cells[0].text if table.header_rows else ""
    width = max((len(row.cells) for row in table.body), default=0)
    if len(corner) > 6 and all(not row.cells[0].text for row in table.body if len(row.cells) == width):
        return corner
    return table.caption or (table.path[-1] if table.path else None)


def _is_indicators(columns: Columns) -> bool:
    if _names_parts(columns):
        return False
    return columns.any("level2", "level3", "level4") and columns.any("weight", "score", "target", "actual")


def _names_parts(columns: Columns) -> bool:
    """Whether the one column of names gives the parts that were scored (评价内容) with their rates, and no level's indicators."""
    levels = [index for index, role in enumerate(columns.roles) if role in LEVELS]
    if (
        len(levels) != 1
        or not columns.has("weight", "score", "score_rate")
        or columns.any("target", "actual", "reason")
    ):
        return False
    return _LEVEL.search(columns.label(levels[0])) is None


def _is_summary(columns: Columns) -> bool:
    return not _is_indicators(columns) and columns.has("weight", "score")


def _is_bounds(table: Table) -> bool:
    """A table of names and bounds (≤10, ≥95%): two filled columns, the second of quantities with an operator."""
    rows = [r for r in table.rows if len(r.cells) == 2 and all(c.text for c in r.cells)]
    bounded = sum(1 for r in rows if _operator(r.cells[1]) and whole_numeral(r.cells[1].text.lstrip("≥≤><=＞＜≧≦")))
    return len(rows) >= 3 and bounded * 10 >= len(rows) * 8


def _operator(cell: Cell) -> bool:
    found = next(find_numerals(cell.text), None)
    return found is not None and found.operator is not None


def _bounds(context: Context, table: Table) -> Iterator[Draft]:
    """One indicator a row: the label before its bound, below the indicator group that the header or heading names."""
    group: str | None = None
    for row in table.rows:
        label, bound = row.cells[0], row.cells[-1]
        if len(row.cells) != 2 or not bound.text:
            continue
        if not _operator(bound):
            group = bound.text if re.search(r"指标$", bound.text) else group
            continue
        if not label.text:
            continue
        places = Places()
        record = Indicator(
            quote=context.quote(row.span),
            table=table_name(table),
            level1=group,
            level2=label.text,
            target=places.quantity("target", bound.view),
        )
        yield context.draft("indicators", record, row.span, places.spans)


def _name(cells: Row) -> str | None:
    return next(
        (c.text for c in cells.cells if c.text and c.text not in DASHES and whole_numeral(c.text) is None), None
    )


def _score_line(context: Context, row: Row, columns: Columns, name: str, table: str | None) -> Draft | None:
    places = Places()
    weight, score, rate = (columns.cell(row, r) for r in ("weight", "score", "score_rate"))
    full, given = number(weight), number(score)
    if full is None and given is None:
        return None
    record = ScoreLine(
        quote=context.quote(row.span),
        table=table,
        name=re.sub(r"\s+", "", name),
        weight=places.number("weight", weight.view, full) if weight and full else None,
        score=places.number("score", score.view, given) if score and given else None,
        rate=places.quantity("rate", rate.view) if rate else None,
    )
    return context.draft("score_lines", record, row.span, places.spans)


def _score_table(context: Context, table: Table, columns: Columns) -> Iterator[Draft]:
    if columns.any("initial_budget", "full_year_budget", "executed", "name"):
        return
    for row in table.body:
        name = _name(row)
        if name and (draft := _score_line(context, row, columns, name, table_name(table))):
            yield draft


def _indicators(context: Context, table: Table, columns: Columns) -> Iterator[Draft]:
    for row, levels in columns.body():
        if is_total_row(row):
            if draft := _total_line(context, row, columns, table):
                yield draft
            continue
        if not any(columns.cell(row, level) for level in LEVELS):
            continue
        places = Places()
        target, reason = columns.cell(row, "target"), columns.cell(row, "reason")
        actual = next(
            (c for r in ("actual", "done", "status") if columns.tells(r) and (c := columns.cell(row, r))), None
        )
        weight, score = columns.cell(row, "weight"), columns.cell(row, "score")
        full, given = number(weight), number(score)
        if target is None and actual is None and full is None and given is None:
            continue
        record = Indicator(
            quote=context.quote(row.span),
            table=table_name(table),
            **{level: levels.get(level) for level in LEVELS},
            target=_target(context, columns, row, target, places) if target else None,
            actual=_actual(columns, row, actual, places) if actual else None,
            weight=places.number("weight", weight.view, full) if weight and full else None,
            score=places.number("score", score.view, given) if score and given else None,
            deviation_reason=words(reason.text) if reason else None,
        )
        yield context.draft("indicators", record, row.span, places.spans)


def _target(context: Context, columns: Columns, row: Row, value: Cell, places: Places) -> Quantity | None:
    """A target; where its operator (指标性质) and unit (度量单位) stand in columns of their own, put together where they are
    printed one behind the other, with nothing but white space between."""
    nature, unit = columns.cell(row, "nature"), columns.cell(row, "target_unit")
    figure = number(value)
    if figure is None or (nature is None and unit is None):
        return places.quantity("target", value.view)
    sign = nature.text.strip() if nature and nature.text.strip() in _SIGNS else ""
    unit_text = unit.text.strip() if unit else figure.unit
    printed = places.number("target", value.view, figure)
    whole = f"{sign}{squeeze(value.text)}{unit_text or ''}"
    return Quantity(
        text=whole if whole in squeeze(context.document.slice(row.span)) else squeeze(value.text),
        op=Operator(_SIGNS[sign]) if sign else figure.operator,
        value=printed,
        unit=unit_text,
    )


def _actual(columns: Columns, row: Row, value: Cell, places: Places) -> Quantity | None:
    """An actual value; a bare number has the unit that stands in the row's own column of units (度量单位)."""
    quantity, unit = places.quantity("actual", value.view), columns.cell(row, "target_unit")
    if quantity is None or unit is None or quantity.unit is not None or whole_numeral(value.text) is None:
        return quantity
    return quantity.model_copy(update={"unit": squeeze(unit.text)})


def _total_line(context: Context, row: Row, columns: Columns, table: Table) -> Draft | None:
    """A total row: its cells may be merged, so its two numbers are full marks and marks in their order."""
    name = _name(row) or "合计"
    figures = [c for c in row.cells if number(c)]
    if len(row.cells) == columns.width or not 1 <= len(figures) <= 3:
        return _score_line(context, row, columns, name, table_name(table))
    places = Places()
    values = {
        field: places.number(field, cell.view, numeral)
        for field, cell in zip(("weight", "score"), figures, strict=False)
        if (numeral := number(cell))
    }
    record = ScoreLine(quote=context.quote(row.span), table=table_name(table), name=squeeze(name), **values)
    return context.draft("score_lines", record, row.span, places.spans)
