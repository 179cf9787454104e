"""Checking: an indicator's value in its table against the value that prose gives it by name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pipeline.checking.clashes import transposed
from pipeline.checking.diagnosis import one_digit
from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import check_same
from pipeline.checking.labels import name_key
from pipeline.checking.passages import Passage, Told, passages, plays, told
from pipeline.checking.scene import Figure, Item, Scene, digits, printed, slack_in
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, Verdict
from schemas.indicators import Indicator
from schemas.relations import FindingKind

_SHARE = frozenset({"%", "％"})
_PERCENT = re.compile("[%％]")
_SHORTEST = 5
_BOUNDARY = frozenset('，。；：、,;:（(“”"！')


class Row(NamedTuple):
    """An indicator's row with its target and its value in percent."""

    item: Item
    actual: Figure
    target: Figure | None


def check_mentioned_indicators(scene: Scene) -> Iterator[Finding]:
    """“群众满意度为95.1%” against the row 群众满意度 of an indicator table that gives 91.5%.

    Precondition: percentages; the row's lowest label, of five characters at least, is that of no other row of the
    report, and stands whole before the number in prose, behind a mark of punctuation, with nothing but 为, 达 … between;
    the words around are of no other year and no target. Silent where prose gives the label two values, or the
    row's target.
    """
    rows = _rows(scene)
    if not rows:
        return
    found: dict[tuple[str | None, str], list[tuple[Passage, Told]]] = defaultdict(list)
    lengths = sorted({len(label) for _, label in rows}, reverse=True)
    for passage in passages(scene, _PERCENT):
        for number in told(scene, passage, 0, len(passage.text)):
            label = _named(number, passage.report, rows, lengths)
            if label is not None:
                found[(passage.report, label)].append((passage, number))
    for key, mentions in found.items():
        row = rows[(str(key[0]), key[1])]
        values = {n.figure.interval.value for _, n in mentions}
        passage, number = mentions[0]
        if len(values) == 1 and _differs(number.figure, row):
            yield _finding(scene, passage, number.figure, key[1], row)


def _rows(scene: Scene) -> Mapping[tuple[str, str], Row]:
    """The rows by report and label; a label that stands in several rows is left out."""
    by_label: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in scene.indicators:
        record = item.grounded.record
        assert isinstance(record, Indicator)
        label = name_key(record.level4 or record.level3 or record.level2 or "")
        if len(label) >= _SHORTEST:
            by_label[(item.report, label)].append(item)
    found: dict[tuple[str, str], Row] = {}
    for key, items in by_label.items():
        actual = items[0].figures.get("actual")
        if len(items) == 1 and actual is not None and actual.literal.unit in _SHARE:
            row = Row(items[0], actual, items[0].figures.get("target"))
            if not _is_bounded(row):
                found[key] = row
    return found


def _is_bounded(row: Row) -> bool:
    """Whether the row gives no value but a bound (≥95%)."""
    quantity = getattr(row.item.grounded.record, "actual", None)
    return getattr(quantity, "op", None) is not None


def _named(number: Told, report: str | None, rows: Mapping[tuple[str, str], Row], lengths: Sequence[int]) -> str | None:
    """The label of the indicator row that a percentage in prose is a value of."""
    if number.figure.literal.unit not in _SHARE or number.numeral.operator is not None or report is None:
        return None
    known = words()
    text = name_key(known.mention_link.sub("", number.label, count=1))
    if known.mention_of_other.search(number.label):
        return None
    for length in lengths:
        label = text[-length:]
        if len(label) == length and (report, label) in rows:
            before = text[:-length]
            return label if not before or before[-1] in _BOUNDARY else None
    return None


def _differs(figure: Figure, row: Row) -> bool:
    if check_same(figure.interval, row.actual.interval).verdict is not Verdict.INCONSISTENT:
        return False
    return row.target is None or row.target.interval.value != figure.interval.value


def _finding(scene: Scene, passage: Passage, figure: Figure, label: str, row: Row) -> Finding:
    a, b = digits(figure), digits(row.actual)
    outcome = check_same(figure.interval, row.actual.interval)
    return make(
        FindingKind.CONFLICT,
        "indicators.mentioned",
        passage.report,
        Text(
            f"“{label}”正文为{printed(figure)}，指标表实际完成值为{printed(row.actual)}",
            f"{label} is {printed(figure)} in the text, {printed(row.actual)} in the table of indicators",
        ),
        stated=printed(figure),
        computed=printed(row.actual),
        slack=slack_in(figure, outcome.allowed),
        literals=[*plays(scene, [("stated", figure)]), row.actual.plays("other")],
        suggestion=transposed(a, b) or one_digit(a, b),
    )
