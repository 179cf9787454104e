"""Documents: the ruled tables of a PDF page: their cells from the lines that are drawn, merged ones known."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from pdfplumber.table import TableFinder, merge_edges

from pipeline.documents.canonical import DrawnCell
from pipeline.documents.pdf_lines import Character, PrintedLine, lines_of
from pipeline.documents.pdf_paragraphs import joined

APART = 3.0
"""Points within which two rules are one."""
_RULES = 3
"""Level rules that make a table: above and below its header, and at its end."""
_Box = tuple[float, float, float, float]
Rule = dict[str, Any]
"""A drawn line as pdfplumber gives it: ``x0``, ``x1``, ``top``, ``bottom``, ``orientation`` (h or v), ``object_type``."""


@dataclass(slots=True)
class RuledTable:
    """A table, where it stands on its page, the places of its upright rules, and the lines of its cells as they are
    printed, by the cells' rows and columns."""

    cells: list[DrawnCell]
    rows: int
    left: float
    top: float
    right: float
    bottom: float
    rules: tuple[float, ...]
    printed: dict[tuple[int, int], list[PrintedLine]] = field(default_factory=dict)


def ruled_tables(rules: Sequence[Rule], characters: Sequence[Character]) -> tuple[list[RuledTable], list[Character]]:
    """The ruled tables of a page from the rules that it draws, and the characters outside their cells.

    A single ruled cell (a box around a page or a paragraph) is no table.
    """
    if not rules:
        return [], list(characters)
    tables: list[RuledTable] = []
    outside = list(characters)
    finder = TableFinder(_drawn(rules), {"explicit_vertical_lines": _missing_sides(rules)})
    found = [t for t in finder.tables if len(t.cells) > 1]
    for table in sorted(found, key=lambda t: (t.bbox[2] - t.bbox[0]) * (t.bbox[3] - t.bbox[1])):
        left, top, right, bottom = table.bbox
        inside = [c for c in outside if left <= _x(c) <= right and top <= _y(c) <= bottom]
        if not inside:
            continue
        drawn, rest = _filled(table.cells, inside)
        taken = {id(c) for c in inside} - {id(c) for c in rest}
        outside = [c for c in outside if id(c) not in taken]
        tables.append(drawn)
    return sorted(tables, key=lambda t: t.top), outside


def _drawn(rules: Sequence[Rule]) -> Any:
    """What the finder of tables asks of a page: its rules alone."""
    return SimpleNamespace(edges=rules)


def _missing_sides(edges: Sequence[Rule]) -> list[Rule]:
    """The upright rules that tables with open sides lack: where three level rules begin (or end) at one place and
    upright ones stand between them, but none at that place."""
    merged = merge_edges(list(edges), APART, APART, APART, APART)
    upright = [e for e in merged if e["orientation"] == "v"]
    level: defaultdict[tuple[int, int], list[Rule]] = defaultdict(list)
    for edge in merged:
        if edge["orientation"] == "h":
            level[round(edge["x0"] / APART), round(edge["x1"] / APART)].append(edge)
    sides = []
    for rules in level.values():
        if len(rules) < _RULES:
            continue
        left, right = rules[0]["x0"], rules[0]["x1"]
        top, bottom = min(r["top"] for r in rules), max(r["top"] for r in rules)
        standing = [e["x0"] for e in upright if e["top"] < bottom - APART and e["bottom"] > top + APART]
        if not any(left + APART < x < right - APART for x in standing):
            continue
        for side in (left, right):
            if not any(abs(x - side) <= APART for x in standing):
                sides.append({
                    "object_type": "line", "x0": side, "x1": side, "top": top, "bottom": bottom,
                    "width": 0, "height": bottom - top, "orientation": "v",
                })  # fmt: skip
    return sides


def _filled(boxes: Sequence[_Box], characters: Sequence[Character]) -> tuple[RuledTable, list[Character]]:
    """A table's cells with their lines, and the characters that stand in none."""
    columns = places(x for left, _, right, _ in boxes for x in (left, right))
    rows = places(y for _, top, _, bottom in boxes for y in (top, bottom))
    cells: dict[tuple[int, int], tuple[_Box, DrawnCell]] = {}
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    for box in boxes:
        first, last = nearest(columns, box[0]), nearest(columns, box[2])
        upper, lower = nearest(rows, box[1]), nearest(rows, box[3])
        covered = [(r, c) for r in range(upper, lower) for c in range(first, last)]
        if covered and not any(place in owners for place in covered):
            cells[upper, first] = (box, DrawnCell(upper, first, lower - upper, last - first))
            owners.update(dict.fromkeys(covered, (upper, first)))
    inside: dict[tuple[int, int], list[Character]] = {}
    rest: list[Character] = []
    for character in characters:
        owner = owners.get((bisect_right(rows, _y(character)) - 1, bisect_right(columns, _x(character)) - 1))
        if owner is None:
            rest.append(character)
        else:
            inside.setdefault(owner, []).append(character)
    printed = {place: lines_of(found) for place, found in inside.items()}
    for place, found in printed.items():
        (left, _, right, _), cell = cells[place]
        lines = joined(found, left, right)
        cell.lines = [line.text for line in lines]
        cell.edges = [line.edges for line in lines]
    drawn = [cell for _, cell in cells.values()]
    table = RuledTable(drawn, len(rows) - 1, columns[0], rows[0], columns[-1], rows[-1], tuple(columns), printed)
    return table, rest


def places(found: Iterable[float]) -> list[float]:
    """The places of rules in order, those that are close to each other as one."""
    out: list[float] = []
    for place in sorted(map(float, found)):
        if not out or place - out[-1] > APART:
            out.append(place)
    return out


def nearest(rules: Sequence[float], place: float) -> int:
    """The index of the rule that stands next to a place."""
    return min(range(len(rules)), key=lambda i: abs(rules[i] - place))


def _x(character: Character) -> float:
    return (float(character["x0"]) + float(character["x1"])) / 2


def _y(character: Character) -> float:
    return (float(character["top"]) + float(character["bottom"])) / 2
