"""Checking: projects and indicators that stand in several lists of a document and must agree."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.checking.clashes import SHOWN, Statement, clash, print_alike
from pipeline.checking.labels import name_key
from pipeline.checking.scene import Figure, Item, Scene, digits
from pipeline.checking.units_check import split_unit
from pipeline.flow import Finding
from schemas.indicators import Indicator
from schemas.projects import Project
from schemas.registry import RECORD_TYPES

_SHORTEST_NAME = 8
_LONG = 4
"""Digits of a value that two things hardly share."""


def check_item_conflicts(scene: Scene) -> Iterator[Finding]:
    """Projects and indicators that are stated more than once."""
    yield from _projects(scene)
    yield from _indicators(scene)


def _projects(scene: Scene) -> Iterator[Finding]:
    """One project in several lists of a document.

    Precondition: equal names, each once in its section; amounts in known units of money, or rates in percent.
    """
    terms = {f.name: f.term for f in RECORD_TYPES["projects"].fields}
    for name, items in _by_name(scene.projects, _project_name, _section).items():
        for field in _fields(items):
            if field == "satisfaction":
                continue
            stated = [i for i in items if field in i.figures and _is_known(i.figures[field], field)]
            if len(stated) > 1:
                statements = [Statement(i.figures[field], i.report, name) for i in stated]
                name_and_field = f"{_title(items[0])}：{terms[field]}"
                yield from clash(statements, f"projects.conflict.{field}", name_and_field)


def _project_name(item: Item) -> str:
    """The name without a closing 项目, which one list has and another leaves out."""
    name = name_key(_title(item))
    return name.removesuffix("项目") if len(name) > _SHORTEST_NAME else name


def _section(item: Item) -> tuple[str, str | None]:
    record = item.grounded.record
    assert isinstance(record, Project)
    return item.report, record.section


def _title(item: Item) -> str:
    record = item.grounded.record
    assert isinstance(record, Project)
    return record.name


def _is_known(figure: Figure, field: str) -> bool:
    return figure.literal.unit in {"%", "％"} if field == "execution_rate" else figure.exponent is not None


def _fields(items: Sequence[Item]) -> list[str]:
    return list(dict.fromkeys(f for i in items for f in i.figures))


def _by_name(
    items: Sequence[Item], name_of: Callable[[Item], str | None], list_of: Callable[[Item], Hashable]
) -> Mapping[str, list[Item]]:
    """Items by name, where several have it and none of their lists holds it twice."""
    names = [name_of(item) for item in items]
    count = Counter(names)
    found: dict[str, list[Item]] = defaultdict(list)
    for item, name in zip(items, names, strict=True):
        if name is not None and count[name] > 1:
            found[name].append(item)
    return {name: group for name, group in found.items() if len({list_of(item) for item in group}) == len(group)}


def _indicators(scene: Scene) -> Iterator[Finding]:
    """One indicator in several tables of a document.

    Precondition: equal lowest labels, each once in its table; equal units; and more of the values that both tables state agree
    than differ, a round 100% aside, which shows that they are about the same thing: forms of two projects share
    names and targets.
    """
    by_name = _by_name(scene.indicators, _indicator_name, _table)
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
                yield from clash(statements, f"indicators.conflict.{field}", label, print_alike)


def _indicator_name(item: Item) -> str | None:
    record = item.grounded.record
    assert isinstance(record, Indicator)
    label = record.level4 or record.level3
    return name_key(label) if label else None


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
    """Pairs of tables that are about the same thing: more of the values that both state agree than differ."""
    agreed: Counter[frozenset[tuple[str, str | None]]] = Counter()
    alike: set[frozenset[tuple[str, str | None]]] = set()
    for items in by_name.values():
        if len(items) > SHOWN:
            continue
        for i, one in enumerate(items):
            for other in items[i + 1 :]:
                pair = frozenset({_table(one), _table(other)})
                agreed[pair] += _agreement(one, other)
                alike |= {pair} if _agrees(one, other) else set()
    return {pair for pair in alike if agreed[pair] > 0}


def _agreement(one: Item, other: Item) -> int:
    """1 where two rows state the same value, 2 where it is so long that no chance makes it, -1 where they state two, 0 where a
    round one says nothing."""
    a, b = one.figures.get("actual"), other.figures.get("actual")
    if a is None or b is None:
        return 0
    if a.interval.value != b.interval.value:
        return -1
    return 0 if not _is_telling(a) else 2 if sum(c.isdigit() for c in digits(a)) >= _LONG else 1


def _agrees(one: Item, other: Item) -> bool:
    for field in ("actual", "target", "score"):
        a, b = one.figures.get(field), other.figures.get(field)
        if a and b and a.literal.unit == b.literal.unit and _is_telling(a) and a.interval.value == b.interval.value:
            return True
    return False


def _is_telling(figure: Figure) -> bool:
    return figure.literal.value not in {Decimal(0), Decimal(100)} and len(digits(figure)) > 1
