"""Extraction, offline: tables as figures are read from them: parts of one table put together, two sides taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.flow import Cell, Row, Table
from pipeline.numerals import whole_numeral
from schemas.columns import bare_header
from schemas.values import Span, squeeze

_SIDE = re.compile(r"^(?:收入|支出|资产|负债)(?:情况|项目|部分)?$")


def whole_tables(tables: Iterable[Table]) -> Iterator[Table]:
    """The tables in reading order: what goes on with a table (the same caption, width and no header of its own) is
    joined to it, and a table of two sides (收入 beside 支出, their names in a row above the headers) becomes two."""
    above: Table | None = None
    held: Table | None = None
    names: tuple[str, ...] = ()
    for table in tables:
        if held is not None and _goes_on(held, table):
            held = _joined(held, table)
            continue
        if held is not None:
            yield from _sides(held, names)
            held, names = None, ()
        held = table
        if above is not None and above.caption == table.caption and table.header_rows:
            names = _side_names(above.rows[-1])
        above = table if not table.header_rows else None
    if held is not None:
        yield from _sides(held, names)


def _width(table: Table) -> int:
    return max((len(r.cells) for r in table.rows), default=0)


def _figures(row: Row) -> bool:
    return any(whole_numeral(c.text) for c in row.cells)


def _goes_on(table: Table, below: Table) -> bool:
    """Whether a table's first row holds figures: it has no header of its own and goes on with the one above."""
    if not (table.caption and table.caption == below.caption and table.header_rows and below.rows):
        return False
    return _width(table) == _width(below) and _figures(below.rows[0]) and _half(table) is not None


def _joined(table: Table, below: Table) -> Table:
    known = max(table.body, key=lambda r: sum(1 for c in r.cells if c.header), default=None)
    if known is None:
        return table
    headers = [c.header for c in known.cells]
    rows = [_under(row, headers) for row in below.rows]
    return replace(table, rows=(*table.rows, *rows), span=Span(table.span.start, below.span.stop))


def _under(row: Row, headers: Sequence[tuple[str, ...]]) -> Row:
    return Row(tuple(replace(c, header=headers[i] if i < len(headers) else ()) for i, c in enumerate(row.cells)))


def _side_names(row: Row) -> tuple[str, ...]:
    named = [squeeze(c.text) for c in row.cells]
    return tuple(n for n in named if _SIDE.match(n))


def _half(table: Table) -> int | None:
    """Where the second side of a table begins whose headers come twice (项目, 决算数, 项目, 决算数)."""
    known = max(table.body, key=lambda r: sum(1 for c in r.cells if c.header), default=None)
    if known is None or len(known.cells) < 4 or len(known.cells) % 2:
        return None
    labels = [bare_header(c.header[-1]) if c.header else "" for c in known.cells]
    half = len(labels) // 2
    sides = (labels[0], labels[half])
    again = labels[1:half] == labels[half + 1 :] and all(labels[1:half])
    same = sides[0] == sides[1] or all(re.match(r"(?:收入|支出|项目)", s) for s in sides)
    return half if again and same and sides[0] else None


def _sides(table: Table, names: tuple[str, ...]) -> Iterator[Table]:
    half = _half(table)
    if half is None:
        yield table
        return
    for number, (start, stop) in enumerate(((0, half), (half, 2 * half))):
        name = names[number] if len(names) == 2 else None
        rows = [Row(tuple(_below(c, name) for c in r.cells[start:stop])) for r in table.rows]
        heads = [r for r in rows[: table.header_rows] if r.cells]
        body = [r for r in rows[table.header_rows :] if any(c.text for c in r.cells)]
        if body:
            yield replace(table, rows=(*heads, *body), header_rows=len(heads))


def _below(cell: Cell, name: str | None) -> Cell:
    return replace(cell, header=(name, *cell.header)) if name else cell


def side_of(table: Table) -> tuple[str, ...]:
    """The name of the side that a table was (收入), where it was one."""
    first = table.body[0].cells[0].header if table.body else ()
    return first[:1] if len(first) > 1 and _SIDE.match(first[0]) else ()
