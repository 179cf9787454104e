"""Checking: numbers of things: indicators announced and described, items done and undone, stages against all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.checking.findings import Text, make
from pipeline.checking.intervals import total
from pipeline.checking.labels import is_bare_total, line_key
from pipeline.checking.passages import Passage, Told, passages, plays, sentences, told
from pipeline.checking.scene import Scene, digits, plain
from pipeline.checking.vocabulary import words
from pipeline.flow import Finding, FindingLiteral
from schemas.relations import FindingKind
from schemas.score_lines import ScoreLine
from schemas.units import units
from schemas.values import Span

_SENTENCE = re.compile(r"[^。；;]+")
_CLAUSE = 80
_WORD = 6
_STAGES = 2
_MOST = 100
"""Numbers of a sentence beyond which it is no sentence about stages."""


def check_counts(scene: Scene) -> Iterator[Finding]:
    """Every stated number of things that the document lets one count."""
    yield from _indicators(scene)
    yield from _done_and_undone(scene)
    yield from _stages(scene)


def _report(scene: Scene, place: int) -> str | None:
    return scene.layout.report_at(place) if scene.layout.segments else None


def _literal(scene: Scene, role: str, span: Span) -> FindingLiteral:
    return FindingLiteral(role, span, scene.document.slice(span), None, None)


def _indicators(scene: Scene) -> Iterator[Finding]:
    """“共设定三级指标33个” against the numbers that the report gives for each of its first-level indicators.

    Precondition: each first-level indicator of the report's score summary has one sentence of the form “投入指标由2个
    二级指标、3个三级指标构成”, so that their numbers make up the whole.
    """
    text = scene.document.text
    known = words()
    totals = list(known.indicator_total.finditer(text))
    if not totals:
        return
    parts: dict[tuple[str | None, str], list[tuple[int, Span]]] = defaultdict(list)
    for sentence in _SENTENCE.finditer(text):
        if "级指标" not in sentence[0] or not known.indicator_part.search(sentence[0]):
            continue
        for number in known.indicator_number.finditer(text, sentence.start(), sentence.end()):
            key = (_report(scene, number.start()), number["level"])
            parts[key].append((int(number["n"]), Span(*number.span("n"))))
    for match in totals:
        report = _report(scene, match.start())
        stated, described = int(match["n"]), parts.get((report, match["level"]), [])
        lines = set(_first_level(scene, report))
        if len(described) < 2 or len(described) != len(lines):
            continue
        computed = sum(n for n, _ in described)
        if computed != stated:
            yield make(
                FindingKind.COUNT,
                "counts.indicators",
                report,
                Text(
                    f"称共设{match['level']}{stated}个，各部分合计{'＋'.join(str(n) for n, _ in described)}＝{computed}个",
                    f"{stated} indicators are announced, the chapters describe {computed}",
                ),
                stated=str(stated),
                computed=str(computed),
                literals=[
                    _literal(scene, "stated", Span(*match.span("n"))),
                    *(_literal(scene, "part", span) for _, span in described),
                ],
            )


def _first_level(scene: Scene, report: str | None) -> Iterator[str]:
    """The names of a report's first-level indicators in its score summaries."""
    for item in scene.score_lines:
        record = item.grounded.record
        if isinstance(record, ScoreLine) and not is_bare_total(record.name) and report in {None, item.report}:
            yield line_key(record.name)


@cache
def _pairs() -> re.Pattern[str]:
    known = words()
    names = "|".join(re.escape(u) for u in sorted(units().count - {"年", "月", "分"}, key=len, reverse=True))
    return re.compile(
        rf"(?<!\d)(?P<n>\d{{1,9}})\s*(?P<unit>{names})[^。；;\d]{{0,30}}?"
        rf"(?:(?:{known.done})\s*(?P<a>\d{{1,9}})\s*(?P=unit)[^。；;\d]{{0,20}}?(?:{known.undone})\s*(?P<b>\d{{1,9}})\s*(?P=unit)"
        rf"|(?:{known.undone})\s*(?P<b2>\d{{1,9}})\s*(?P=unit)[^。；;\d]{{0,20}}?(?:{known.done})\s*(?P<a2>\d{{1,9}})\s*(?P=unit))"
        rf"(?![^。；;]{{0,20}}\d\s*(?P=unit))"
    )


def _done_and_undone(scene: Scene) -> Iterator[Finding]:
    """“安排项目7个，已完成4个、未完成2个”: the two parts against the number before them.

    Precondition: a number, then 完成 and 未完成 (either first) of the same unit, in one clause with no other number of that
    unit after them.
    """
    text = scene.document.text
    seen: set[int] = set()
    for hint in re.finditer(words().undone, text):
        match = _pairs().search(text, max(0, hint.start() - _CLAUSE), min(len(text), hint.end() + _CLAUSE))
        if match is None or match.start() in seen:
            continue
        seen.add(match.start())
        a, b = ("a", "b") if match["a"] else ("a2", "b2")
        stated, done, undone = int(match["n"]), int(match[a]), int(match[b])
        before = text[max(0, match.start() - _WORD) : match.start()]
        if done + undone == stated or re.search(rf"(?:{words().done}|{words().undone})$", before):
            continue
        unit = match["unit"]
        yield make(
            FindingKind.COUNT,
            "counts.done_and_undone",
            _report(scene, match.start()),
            Text(
                f"共{stated}{unit}，完成{done}{unit}、未完成{undone}{unit}，合计{done + undone}{unit}",
                f"{stated} in all, but {done} done and {undone} not done make {done + undone}",
            ),
            stated=str(stated),
            computed=str(done + undone),
            literals=[
                _literal(scene, "stated", Span(*match.span("n"))),
                _literal(scene, "part", Span(*match.span(a))),
                _literal(scene, "part", Span(*match.span(b))),
            ],
        )


def _stages(scene: Scene) -> Iterator[Finding]:
    """“改造工程18处，已完工14处，在建3处，未开工2处”: the stages against the number before them.

    Precondition: in one sentence, a number and then at least three of the same unit, each behind a word for a stage
    (vocabulary), one of them for what is done and one for what is not begun, so that together they are all; no other
    number of that unit in the sentence.
    """
    known = words()
    for passage in passages(scene, known.not_begun):
        for start, stop in sentences(passage.text):
            numbers = told(scene, passage, start, stop)
            if len(numbers) > _MOST:
                continue
            for first, last in _runs_of_stages(numbers):
                stages, before = numbers[first:last], numbers[first - 1] if first else None
                labels = "，".join(n.label for n in stages)
                alike = [n for n in numbers if n.numeral.unit == stages[0].numeral.unit]
                if before is None or before not in alike or len(alike) != len(stages) + 1:
                    continue
                if not (known.not_begun.search(labels) and known.finished.search(labels)):
                    continue
                computed = total(n.numeral.value for n in stages)
                if computed != before.numeral.value:
                    yield _of_stages(scene, passage, before, stages, plain(computed))


def _runs_of_stages(numbers: Sequence[Told]) -> Iterator[tuple[int, int]]:
    """The ranges of three numbers and more of one unit, each behind a word for a stage."""
    first = 0
    while first < len(numbers):
        last = first
        while (
            last < len(numbers)
            and numbers[last].numeral.unit == numbers[first].numeral.unit is not None
            and words().stage.search(numbers[last].label)
        ):
            last += 1
        if last - first > _STAGES:
            yield first, last
        first = max(last, first + 1)


def _of_stages(scene: Scene, passage: Passage, whole: Told, stages: Sequence[Told], computed: str) -> Finding:
    unit = whole.numeral.unit or ""
    terms = "＋".join(digits(n.figure) for n in stages)
    return make(
        FindingKind.COUNT,
        "counts.stages",
        passage.report,
        Text(
            f"共{digits(whole.figure)}{unit}，各阶段{terms}＝{computed}{unit}",
            f"{digits(whole.figure)} in all, but the stages make {computed}",
        ),
        stated=digits(whole.figure),
        computed=computed,
        literals=plays(scene, [("stated", whole.figure), *(("part", n.figure) for n in stages)]),
    )
