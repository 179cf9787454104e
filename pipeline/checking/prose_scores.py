"""Checking: scores told in prose: full marks and marks given one after another, against the score they make up."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import check_ratio, check_sum, exactly, interval, ratio_value
from pipeline.checking.labels import line_key
from pipeline.checking.passages import Passage, literal_in, passages
from pipeline.checking.scene import Item, Scene, digits, plain
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, FindingLiteral
from schemas.relations import FindingKind
from schemas.reports import Report

_HUNDRED = Decimal(100)
_LEAST = 3
_SHORTEST, _BEFORE = 2, 30
_CLAUSE = re.compile(r"[，。；：、,;:]")


class Marks(NamedTuple):
    """Full marks and the marks given, with the place of the latter in the passage."""

    weight: Decimal
    score: Decimal
    start: int
    stop: int


def check_prose_scores(scene: Scene) -> Iterator[Finding]:
    """“投入15分，得14分；过程30分，得28.5分；…，自评得分93.5分”: the marks given against the score.

    Precondition: at least three pairs of full marks and marks in one passage whose full marks add up to 100, so that none
    is missing; one score in the passage beside them, or failing that the report's own score out of 100.
    """
    known = words()
    yield from _rates(scene)
    yield from _lines(scene)
    for passage in passages(scene, known.marks_hint):
        pairs = [
            Marks(Decimal(m["weight"]), Decimal(m["score"]), *m.span("score"))
            for m in known.marks.finditer(passage.text)
            if Decimal(m["score"]) <= Decimal(m["weight"])
        ]
        parts = [p for p in pairs if p.weight != _HUNDRED]
        if len(parts) < _LEAST or sum(p.weight for p in parts) != _HUNDRED:
            continue
        stated = _stated(scene, passage, parts)
        if stated is not None:
            yield from _check(scene, passage, parts, *stated)


def _rates(scene: Scene) -> Iterator[Finding]:
    """“分值6分，得4.8分，得分率82%”: the rate against the marks given out of the full marks."""
    for passage in passages(scene, words().marks_hint):
        for match in words().rated_marks.finditer(passage.text):
            weight, score, stated = (Decimal(match[g]) for g in ("weight", "score", "rate"))
            decimals = max(0, -int(stated.as_tuple().exponent))
            if not weight or not check_ratio(interval(stated, decimals), exactly(score), exactly(weight)).broken:
                continue
            value = f"{ratio_value(score, weight, max(2, decimals))}%"
            yield make(
                FindingKind.RATIO,
                "prose.score_rate",
                passage.report,
                Text(
                    f"{match['score']}÷{match['weight']}＝{value}，得分率印为{match['rate']}%",
                    f"{match['score']} of {match['weight']} is {value}, but {match['rate']}% is printed",
                ),
                stated=f"{match['rate']}%",
                computed=value,
                literals=[
                    literal_in(scene, passage, role, *match.span(group))
                    for role, group in (("stated", "rate"), ("part", "score"), ("whole", "weight"))
                ],
            )


def _lines(scene: Scene) -> Iterator[Finding]:
    """“产出类指标满分35分，得分31.9分” against the line 产出 of the report's score summary, which gives 31.6.

    Precondition: the clause before the full marks names the line, the full marks are the line's, and no other line of the
    report has that name or is named there.
    """
    by_name: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in scene.score_lines:
        name = line_key(str(getattr(item.grounded.record, "name", "")))
        in_table = scene.places.row(item.start) is not None
        if in_table and len(name) >= _SHORTEST and "score" in item.figures and "weight" in item.figures:
            by_name[(item.report, name.removesuffix("指标"))].append(item)
    if not by_name:
        return
    for passage in passages(scene, words().marks_hint):
        for match in words().marks.finditer(passage.text):
            clause = _CLAUSE.split(passage.text[max(0, match.start() - _BEFORE) : match.start()])[-1]
            named = {clause[i:j] for i in range(len(clause)) for j in range(i + _SHORTEST, len(clause) + 1)}
            lines = [by_name[key] for name in named if (key := (passage.report or "", name)) in by_name]
            if len(lines) == 1 and len(lines[0]) == 1:
                yield from _of_line(scene, passage, match, lines[0][0])


def _of_line(scene: Scene, passage: Passage, match: re.Match[str], line: Item) -> Iterator[Finding]:
    score, weight = line.figures["score"], line.figures["weight"]
    if Decimal(match["weight"]) != weight.literal.value or Decimal(match["score"]) == score.literal.value:
        return
    yield make(
        FindingKind.CONFLICT,
        "prose.score_line",
        passage.report,
        Text(
            f"正文得分{match['score']}分，得分表为{digits(score)}",
            f"the score is {match['score']} in the text, {digits(score)} in the summary",
        ),
        stated=match["score"],
        computed=digits(score),
        literals=[literal_in(scene, passage, "stated", *match.span("score")), score.plays("other")],
    )


def _stated(scene: Scene, passage: Passage, parts: Sequence[Marks]) -> tuple[str, FindingLiteral] | None:
    """The score that the parts make up, as printed, and where; None where the passage states several."""
    inside = {p.start for p in parts}
    found = [m for m in words().overall_score.finditer(passage.text) if m.start("score") not in inside]
    found = [m for m in found if Decimal(m["score"]) != _HUNDRED] or found
    if found:
        match = found[0]
        literal = literal_in(scene, passage, "total", *match.span("score"))
        return (match["score"], literal) if len({m["score"] for m in found}) == 1 else None
    for item in scene.reports:
        figure, most = item.figures.get("score"), item.figures.get("max_score")
        of_this = item.report == passage.report and isinstance(item.grounded.record, Report)
        if of_this and figure is not None and (most is None or most.interval.value == _HUNDRED):
            return figure.literal.digits, figure.plays("total")
    return None


def _check(
    scene: Scene, passage: Passage, parts: Sequence[Marks], stated: str, literal: FindingLiteral
) -> Iterator[Finding]:
    outcome = check_sum(exactly(Decimal(stated)), [exactly(p.score) for p in parts])
    if not outcome.broken or outcome.computed is None:
        return
    computed = plain(outcome.computed)
    terms = "＋".join(plain(p.score) for p in parts)
    yield make(
        FindingKind.SCORE_SUM,
        "prose.scores",
        passage.report,
        Text(
            f"各部分得分{terms}＝{computed}，得分印作{stated}",
            f"the scores add up to {computed}, but {stated} is printed",
        ),
        stated=stated,
        computed=computed,
        slack=outcome.allowed,
        literals=[literal, *(literal_in(scene, passage, "part", p.start, p.stop) for p in parts)],
    )
