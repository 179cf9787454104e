"""Checking: year-on-year changes and growth rates against the figures they compare, with their direction words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from pipeline.checking.diagnosis import growth_hint
from pipeline.checking.findings import Text, make
from pipeline.checking.implied_growth import implied_growths
from pipeline.checking.intervals import (
    Outcome,
    add,
    check_growth,
    check_ratio,
    check_sum,
    multiply,
    ratio_value,
    subtract,
)
from pipeline.checking.labels import CARRIED, CHANGE, RATE
from pipeline.checking.prose import Mention, mentions
from pipeline.checking.scene import Fact, Figure, Scene, commensurable, digits, in_unit, plain, printed, slack_in
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, Verdict
from schemas.relations import FindingKind

_FITTING = frozenset({Verdict.CONSISTENT, Verdict.VACUOUS, Verdict.TRUNCATED})
_PARTS, _NEAR = 2, 30
"""Parts of a whole whose last year's figure stands behind them, at least, and numbers before it that are looked at."""
_NAMED = ("执行率", "完成率", "到位率", "控制率", "利用率")
_YEAR = re.compile(r"((?:19|20)\d\d)\s?年")
_TURNED = re.compile(r"(?:增|减|降|升|增加|增长|减少|下降|上升|提高|降低)[到至](?:本年|当年)?的?\Z")
_WORDS = {1: ("增加", "increase"), -1: ("减少", "decrease")}


class Comparison(NamedTuple):
    """This year's figure (None where only the base is printed), the base, and what the sentence says of the change."""

    now: Mention | None
    base: Mention
    change: Mention | None
    rate: Mention | None


def check_growths(scene: Scene) -> Iterator[Finding]:
    """Stated changes and growth rates, in sentences and in table rows."""
    for facts in scene.facts_by_sentence.values():
        stated = [f for f in facts if f.measure == CHANGE or (f.measure == RATE and not f.label.endswith(_NAMED))]
        if not stated:
            continue
        in_rows = [f for f in stated if scene.places.row(f.start) is not None]
        if len(in_rows) < len(stated):
            told = mentions(scene, facts)
            for comparison in _comparisons(told):
                turned = list(_turned(scene, comparison, facts[0].report)) if comparison.now is None else []
                yield from turned
                if not turned and (comparison.now is not None or None not in (comparison.change, comparison.rate)):
                    yield from _check(comparison, facts[0].report)
            yield from _contrary(told, facts[0].report)
            yield from implied_growths(told, facts[0].report)
            directed = {m.start for m in told if m.direction}
            rows = {f.start for f in in_rows}
            in_rows += [f for f in stated if f.start not in directed and f.start not in rows]
        yield from _rows(scene, facts, [f for f in in_rows if f.measure == CHANGE])


def _comparisons(told: Sequence[Mention]) -> Iterator[Comparison]:
    """Pairs of a figure and its base, each with the change and the rate that follow.

    Precondition: the base is of an earlier year than the figure before it, or stands after a word of comparison (较,
    比上年, 同比); a change or rate stands after a word of direction; nothing but brackets stands between them.
    """
    for index, base in enumerate(told):
        if not _is_base(told, index):
            continue
        turned = told[index + 1 : index + 2] if _turns(told, index) else []
        now = turned[0] if turned else _before(told, index, base)
        change = rate = None
        for later in told[index + 1 + len(turned) :]:
            if later.depth > base.depth:
                continue
            if not later.direction or later.is_amount or _is_of_another_year(later, base):
                break
            if later.is_share and rate is None:
                rate = later
            elif not later.is_share and change is None and rate is None:
                change = later
            else:
                break
        if change or rate:
            yield Comparison(now, base, change, rate)


def _turns(told: Sequence[Mention], index: int) -> bool:
    """Whether a base has become the amount right behind it (由上年的5万元增至6万元)."""
    after = told[index + 1] if index + 1 < len(told) else None
    return (
        after is not None
        and after.is_amount
        and after.depth == told[index].depth
        and _TURNED.search(after.label) is not None
        and commensurable((after.figure, told[index].figure))
    )


def _is_of_another_year(change: Mention, base: Mention) -> bool:
    """Whether a change names the year that it compares with, and that is not the base's (2020年支出15万元，比2019年增加1万元)."""
    named = _YEAR.findall(change.label)
    year = base.fact.year if base.fact else None
    return bool(named) and year is not None and int(named[-1]) != year


def _is_base(told: Sequence[Mention], index: int) -> bool:
    base = told[index]
    if not base.is_amount or base.direction or base.measure in CARRIED:
        return False
    known = words()
    if known.compared.search(base.label):
        return not known.carried_word.search(base.label)
    if index + 1 < len(told) and known.after_base.search(told[index + 1].label):
        return True
    before = told[index - 1].fact if index else None
    return (
        before is not None
        and base.fact is not None
        and before.year is not None
        and base.fact.year == before.year - 1
        and before.subject == base.fact.subject
    )


def _before(told: Sequence[Mention], index: int, base: Mention) -> Mention | None:
    """The figure that a base is compared with: the amount before it, brackets aside."""
    if (own := _whole_before(told[max(0, index - _NEAR) : index], base)) is not None:
        return own
    for place in range(index - 1, -1, -1):
        mention = told[place]
        if mention.depth > base.depth:
            continue
        if not mention.is_amount or _is_base(told, place) or not commensurable((mention.figure, base.figure)):
            return None
        if mention.fact and base.fact:
            year, earlier = mention.fact.year, base.fact.year
            if year is not None and year == earlier:
                return None
            if mention.fact.subject != base.fact.subject and not _alike(mention.label, base.label):
                return None
        return mention
    return None


def _whole_before(told: Sequence[Mention], base: Mention) -> Mention | None:
    """The amount of the same labels as the base, with parts of it between them (9万元，其中甲8万元、乙1万元，比上年的…)."""
    if base.fact is None or not told or told[-1].fact is None or len(told[-1].fact.path) <= len(base.fact.path):
        return None
    path = base.fact.path
    parts = [
        m for m in told if m.fact is not None and m.fact.path[: len(path)] == path and len(m.fact.path) > len(path)
    ]
    whole = [
        m for m in told if m.fact is not None and m.fact.path == path and m.is_amount and m.fact.year != base.fact.year
    ]
    if len(parts) < _PARTS or told[-1] not in parts or not whole:
        return None
    return whole[-1] if commensurable((whole[-1].figure, base.figure)) else None


def _alike(label: str, base: str) -> bool:
    """Whether a base is named by words of the figure's own label, or by no words of its own."""
    rest = words().compared.sub("", base)
    own = "".join(c for c in rest if "\u4e00" <= c <= "\u9fff" and c not in "年的期度同各我局本为元万亿")
    return len(own) < 2 or any(own[i : i + 2] in label for i in range(len(own) - 1))


def _check(comparison: Comparison, report: str) -> Iterator[Finding]:
    now, base, change, rate = comparison
    if change is not None and not commensurable((base.figure, change.figure)):
        return
    if now is None:
        assert change is not None
        assert rate is not None
        yield from _rate_of_change(base, change, rate, report)
        return
    stated = [m for m in (change, rate) if m is not None]
    wrong: list[tuple[Mention, Outcome, bool]] = []
    for mention in stated:
        outcome = _against(mention, now.figure, base.figure, mention.direction)
        if outcome.broken:
            opposite = _against(mention, now.figure, base.figure, -mention.direction)
            wrong.append((mention, outcome, opposite.verdict in _FITTING))
    misdirected = [m for m, _, turned in wrong if turned]
    if misdirected:
        yield _direction_finding(now, base, misdirected, report)
    for mention, outcome, turned in wrong:
        if not turned:
            yield _growth_finding(mention, now.figure, base.figure, outcome.allowed, report)


def _contrary(told: Sequence[Mention], report: str) -> Iterator[Finding]:
    """“比上年增加0.43万元，下降8.04%”: a change and a rate of one comparison in contrary directions.

    Precondition: a word of comparison before the change and no amount between, nothing but a word of direction between
    the change and the rate; a comparison with its base printed is judged by that.
    """
    for change, rate in pairwise(told):
        if change.is_share or not change.direction or change.figure.exponent is None or not rate.is_share:
            continue
        if not words().compared.search(change.label) or rate.depth != change.depth:
            continue
        word = _OPENING.sub("", rate.label)
        if rate.direction == -change.direction and words().bare_direction.fullmatch(word):
            yield _direction_finding(None, change, [rate], report)


_OPENING = re.compile(r"[，,、（(]|其中|同比|幅度|为|达|了")


def _turned(scene: Scene, comparison: Comparison, report: str) -> Iterator[Finding]:
    """A direction word against this year's figure where another sentence states it.

    Precondition: the base is a fact, and all statements of the report with its label and measure for the year after it
    agree; the opposite word would fit them, so that they are the figure that is compared.
    """
    base, mention = comparison.base, comparison.change or comparison.rate
    misdirected = [m for m in (comparison.change, comparison.rate) if m is not None]
    if base.fact is None or base.fact.year is None or base.fact.org is not None or mention is None:
        return
    later = scene.facts_labelled.get((report, base.fact.label, base.fact.measure, base.fact.year + 1), ())
    if not later or any(not f.interval.meets(later[0].interval) for f in later):
        return
    now = Mention(later[0].figure, later[0].label, later[0], 0, is_share=False)
    if not commensurable((now.figure, base.figure)) or (
        not mention.is_share and not commensurable((base.figure, mention.figure))
    ):
        return
    if not _against(mention, now.figure, base.figure, mention.direction).broken:
        return
    if _against(mention, now.figure, base.figure, -mention.direction).holds:
        yield _direction_finding(now, base, misdirected, report)


def _against(mention: Mention, now: Figure, base: Figure, direction: int) -> Outcome:
    figure = mention.figure
    if mention.is_share:
        if figure.literal.unit == "倍":
            return check_ratio(figure.interval, now.interval, base.interval, Decimal(1))
        return check_growth(figure.interval.times(Decimal(direction)), now.interval, base.interval)
    return check_sum(now.interval, [base.interval, figure.interval], [1, direction])


def _rate_of_change(base: Mention, change: Mention, rate: Mention, report: str) -> Iterator[Finding]:
    """A rate against the change and the base where this year's figure is not printed in the sentence."""
    if rate.figure.literal.unit == "倍":
        return
    if change.direction != rate.direction:
        yield _direction_finding(None, base, [rate], report)
        return
    outcome = check_ratio(rate.figure.interval, change.figure.interval, base.figure.interval)
    if not outcome.broken:
        return
    value = ratio_value(change.figure.interval.value, base.figure.interval.value, max(2, rate.figure.literal.decimals))
    yield make(
        FindingKind.GROWTH,
        "growth.rate_of_change",
        report,
        Text(
            f"{printed(change.figure)}÷{printed(base.figure)}＝{plain(value)}%，印为{printed(rate.figure)}",
            f"{digits(change.figure)} / {digits(base.figure)} = {plain(value)}%, but {printed(rate.figure)} is stated",
        ),
        stated=printed(rate.figure),
        computed=f"{plain(value)}%",
        slack=ratio_value(outcome.allowed, base.figure.interval.value, 4, Decimal(1)),
        literals=[rate.figure.plays("stated"), change.figure.plays("change"), base.figure.plays("base")],
        suggestion=growth_hint(
            rate.figure,
            base.figure.interval._replace(
                value=add(base.figure.interval.value, multiply(change.figure.interval.value, Decimal(change.direction)))
            ),
            base.figure.interval,
        ),
    )


def _growth_finding(mention: Mention, now: Figure, base: Figure, slack: Decimal, report: str) -> Finding:
    figure = mention.figure
    if mention.is_share:
        change = abs(subtract(now.interval.value, base.interval.value))
        value = ratio_value(change, base.interval.value, max(2, figure.literal.decimals))
        computed, formula = f"{plain(value)}%", f"（{digits(now)}－{digits(base)}）÷{digits(base)}"
        if figure.literal.unit == "倍":
            value = ratio_value(now.interval.value, base.interval.value, 2, Decimal(1))
            computed, formula = f"{plain(value)}倍", f"{digits(now)}÷{digits(base)}"
        slack = ratio_value(slack, base.interval.value, 4, Decimal(1))
        hint = growth_hint(figure, now.interval, base.interval)
    else:
        difference = subtract(now.interval.value, base.interval.value)
        computed = f"{in_unit(figure, difference)}{figure.literal.unit or ''}"
        formula, hint = f"{digits(now)}－{digits(base)}", None
        slack = slack_in(figure, slack)
    return make(
        FindingKind.GROWTH,
        "growth.rate" if mention.is_share else "growth.change",
        report,
        Text(
            f"{formula}＝{computed}，印为{printed(figure)}",
            f"from {digits(base)} to {digits(now)} is {computed}, but {printed(figure)} is stated",
        ),
        stated=printed(figure),
        computed=computed,
        slack=slack,
        literals=[figure.plays("stated"), now.plays("current"), base.plays("base")],
        suggestion=hint,
    )


def _direction_finding(now: Mention | None, base: Mention, wrong: Sequence[Mention], report: str) -> Finding:
    zh, en = _WORDS[-wrong[0].direction]
    words_and_figures = [f"{_word(m)}{printed(m.figure)}" for m in wrong]
    stated = "，".join(words_and_figures)
    figures = [m.figure.plays("stated") for m in wrong] + [base.figure.plays("base")]
    if now is not None:
        figures.append(now.figure.plays("current"))
        moved = f"由{printed(base.figure)}到{printed(now.figure)}实为{zh}"
        moved_en = f"from {digits(base.figure)} to {digits(now.figure)} is an {en}"
    else:
        moved, moved_en = f"同句称{zh}", f"the same sentence says {en}"
    return make(
        FindingKind.DIRECTION,
        "growth.direction",
        report,
        Text(f"{moved}，却印作“{stated}”", f"{moved_en}, but the report says {', '.join(words_and_figures)}"),
        stated=stated,
        computed=zh,
        literals=figures,
        suggestion=Text(f"方向词疑误，应为{zh}", f"{en} meant"),
    )


def _word(mention: Mention) -> str:
    known = words()
    pattern = known.rise if mention.direction > 0 else known.fall
    found = [m[0] for m in pattern.finditer(mention.label[-8:])]
    return found[-1] if found else ""


def _rows(scene: Scene, facts: Sequence[Fact], changes: Sequence[Fact]) -> Iterator[Finding]:
    """Signed changes of a table (增减额): this year's figure less last year's in the same row.

    Precondition: exactly one figure of each of the two years with the change's labels, in its table row (where the
    layout is not known: just before it).
    """
    by_path: dict[tuple[object, ...], list[Fact]] = {}
    for fact in facts:
        if fact.measure not in {CHANGE, RATE}:
            by_path.setdefault((fact.report, fact.org, fact.node.path), []).append(fact)
    for change in changes:
        row = scene.places.row(change.start)
        near = [
            f
            for f in by_path.get((change.report, change.org, change.node.path), ())[-_SAME_ROW:]
            if (scene.places.row(f.start) == row if row is not None else 0 < change.start - f.start < _ROW_LENGTH)
        ]
        now = [f for f in near if f.year == change.year]
        base = [f for f in near if f.year is not None and change.year is not None and f.year == change.year - 1]
        if len(now) != 1 or len(base) != 1 or now[0].measure != base[0].measure:
            continue
        figures = (change.figure, now[0].figure, base[0].figure)
        if not commensurable(figures) or _is_counted(*figures):
            continue
        outcome = check_sum(change.interval, [now[0].interval, base[0].interval], [1, -1])
        if outcome.broken:
            mention = Mention(change.figure, "", change, 0, is_share=False)
            turned = check_sum(change.interval.times(Decimal(-1)), [now[0].interval, base[0].interval], [1, -1])
            if turned.broken:
                yield _growth_finding(mention, now[0].figure, base[0].figure, outcome.allowed, change.report)
            else:
                yield _sign_finding(change, now[0], base[0])


def _is_counted(change: Figure, now: Figure, base: Figure) -> bool:
    """Whether a whole number stands beside amounts to the cent: the number of the next row, where one cell was left empty."""
    return not change.literal.decimals and min(now.literal.decimals, base.literal.decimals) > 1


def _sign_finding(change: Fact, now: Fact, base: Fact) -> Finding:
    right = in_unit(change.figure, subtract(now.interval.value, base.interval.value))
    return make(
        FindingKind.DIRECTION,
        "growth.sign",
        change.report,
        Text(
            f"“{change.label}”增减额应为{right}，印为{digits(change.figure)}",
            f"{change.label}: the change is {right}, printed {digits(change.figure)}",
        ),
        stated=printed(change.figure),
        computed=right,
        literals=[change.figure.plays("stated"), now.figure.plays("current"), base.figure.plays("base")],
        suggestion=Text("正负号疑反", "the sign seems reversed"),
    )


_SAME_ROW = 50
_ROW_LENGTH = 120
