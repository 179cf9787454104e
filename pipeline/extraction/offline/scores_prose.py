"""Extraction, offline: ``score_lines`` that prose states: marks and full marks in pairs, in zipped lists, or marks alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise

from pipeline.extraction.offline.context import Context, Places
from pipeline.extraction.offline.leads import own_section
from pipeline.extraction.offline.zipped import Zipped, zipped
from pipeline.flow import Block, Draft
from pipeline.numerals import Numeral, numeral_at
from schemas.score_lines import ScoreLine
from schemas.word_files import load_vocabulary

_FIGURE = r"\d+(?:\.\d+)?"
_RATE = rf"(?:[，,；;]?\s?得分率(?:为)?\s?(?P<rate>{_FIGURE}\s?[%％]))?"
_WEIGHED = re.compile(
    r"(?P<name>[\u4e00-\u9fff“”\"（）()]{2,20}?)(?:赋分|分值|满分|权重)(?:为)?\s?"
    rf"(?P<weight>{_FIGURE})\s?分?[，,、]\s?(?:实际|自评|平均|评价)?得分?(?:为)?\s?(?P<score>{_FIGURE})\s?分{_RATE}"
)
_SHORT = re.compile(
    rf"(?P<name>[\u4e00-\u9fff]{{2,14}}?)[（(]?(?:满分|分值|权重|共|计)?(?:为)?\s?(?P<weight>{_FIGURE})\s?分[）)]?[，,]?\s?"
    rf"(?:自评|实际|实|平均|评价)?得分?(?:为)?\s?(?P<score>{_FIGURE})\s?分{_RATE}"
)
_MARKS_FIRST = re.compile(
    rf"(?P<name>[\u4e00-\u9fff]{{2,14}}?)(?:自评|实际)?得分?(?:为)?\s?(?P<score>{_FIGURE})\s?分?[，,]?\s?"
    rf"[（(]?(?:满分|分值|权重|总分)(?:为)?\s?(?P<weight>{_FIGURE})\s?分[）)]?{_RATE}"
)
_FULL = re.compile(r"赋分|分值|满分|权重|总分")
"""A word that every match of the first and the last of these has."""

_FULL_MARKS = Decimal(100)
_FEWEST_PAIRS = 2
_FEWEST_LEVELS = 3
_NEAR = 4
_FINAL = re.compile(rf"(?P<name>最终得分|综合得分|总得分|合计得分)(?:为|：|:)?\s?(?P<score>{_FIGURE})\s?分")
_ALONE = re.compile(rf"(?P<name>[\u4e00-\u9fff]{{2,12}}?)(?:得分?(?:为)?)?\s?(?P<score>{_FIGURE})\s?分(?![值为])")
_OF_WHICH = re.compile(r"其中[：:，,]?\s?")
_TOTAL = re.compile(rf"(?:得分|评分)(?:合计|总计)?[为是]?\s?(?P<total>{_FIGURE})\s?分")
_JOINT = re.compile(r"\s?[，,、；;]\s?(?:其中[：:，,]?)?|\s?")
_LEAD = re.compile(r"^(?:其中|从指标评分看|经逐项打分|四个一级指标中|，|,)+")
_WEIGHTS = re.compile(r"(?:权重|分值|满分|赋分|标准分|总分)值?$")
_SCORES = re.compile(r"(?:得分|评分|自评分)(?:情况)?$")
_RATES = re.compile(r"得分率$")


@dataclass(frozen=True, slots=True)
class _Line:
    """A score line as places in a block's text: its name and where each of its figures begins."""

    name: str
    figures: Mapping[str, int]
    start: int
    stop: int


def read_prose(context: Context, block: Block, *, in_table: bool = False) -> Iterator[Draft]:
    """The score lines of a paragraph, and the final score that follows them.

    Marks without full marks are a passing mention where a table of the same section states them (``in_table``).
    """
    lines = _zipped(block) or _pairs(block.text) or _opening(block.text) or ([] if in_table else _alone(block.text))
    if not lines:
        return
    final = _FINAL.finditer(block.text, max(line.stop for line in lines))
    for line in [*lines, *(_of_match(m) for m in final)]:
        numerals = {f: n for f, start in line.figures.items() if (n := numeral_at(block.text, start)) is not None}
        if len(numerals) == len(line.figures):
            yield _draft(context, block, line, numerals)


def _draft(context: Context, block: Block, line: _Line, numerals: Mapping[str, Numeral]) -> Draft:
    places = Places()
    values: dict[str, object] = {}
    for field, numeral in numerals.items():
        if field == "rate":
            values[field] = places.quantity(field, block.view.part(numeral.start, numeral.unit_stop))
        else:
            values[field] = places.number(field, block.view, numeral)
    quote = block.view.span(line.start, line.stop)
    table = own_section(block) or (block.path[-1] if block.path else None)
    record = ScoreLine.model_validate({"quote": context.quote(quote), "table": table, "name": line.name, **values})
    return context.draft("score_lines", record, quote, places.spans)


def _of_match(match: re.Match[str]) -> _Line:
    groups = match.groupdict()
    figures = {f: match.start(f) for f in ("weight", "score", "rate") if groups.get(f) is not None}
    lead = _LEAD.match(match["name"])
    skipped = lead.end() if lead and lead.end() <= len(match["name"]) - 2 else 0
    return _Line(match["name"][skipped:], figures, match.start("name") + skipped, match.end())


def _pairs(text: str) -> Sequence[_Line]:
    """“投入指标15分，得14分；…”, “投入赋分11分，得分9分；…” and “投入得14分（满分15分）；…”, at least two."""
    if text.count("分") < _FEWEST_PAIRS:
        return []
    for pattern in (_WEIGHED, _SHORT, _MARKS_FIRST) if _FULL.search(text) else (_SHORT,):
        found = list(pattern.finditer(text))
        if len(found) >= _FEWEST_PAIRS:
            return [_of_match(m) for m in found]
    return []


def _opening(text: str) -> Sequence[_Line]:
    """“决策类指标满分15分，得分13.5分，得分率90.00%。…”: the first-level indicator that a paragraph is about."""
    match = _WEIGHED.match(text) if _opens().match(text) else None
    return [_of_match(match)] if match else []


def _zipped(block: Block) -> Sequence[_Line]:
    """“决策、过程2个一级指标权重分别为20分、25分，得分分别为18分、20分”."""
    return [line for found in zipped(block.view) for line in _zip_lines(found)]


def _zip_lines(found: Zipped) -> Iterator[_Line]:
    fields = [_field(c.label, c.numerals) for c in found.columns]
    if "score" not in fields or None in fields or len(set(fields)) < len(fields):
        return
    if not all(2 <= len(n.text) <= 14 for n in found.names):
        return
    for row, name in enumerate(found.names):
        figures = {f: c.numerals[row].start for f, c in zip(fields, found.columns, strict=True) if f is not None}
        yield _Line(_LEAD.sub("", name.text), figures, found.start, found.stop)


def _field(label: str, numerals: Sequence[Numeral]) -> str | None:
    """What a zipped list of marks is: rate, score or weight, None for other figures."""
    if _RATES.search(label):
        return "rate" if all(n.unit in {"%", "％"} for n in numerals) else None
    if any(n.unit not in {"分", None} for n in numerals):
        return None
    if _SCORES.search(label):
        return "score"
    return "weight" if _WEIGHTS.search(label) else None


def _alone(text: str) -> Sequence[_Line]:
    """“得分95.9分。其中：预算执行10分，产出指标48.2分，…”: marks that add up to the score stated before them, or that are all
    those of first-level indicators and not the full marks."""
    for lead in _OF_WHICH.finditer(text):
        total = next(reversed(list(_TOTAL.finditer(text, max(0, lead.start() - 80), lead.start()))), None)
        run = _run(text, lead.end()) if total is not None else []
        if total is None or len(run) < _FEWEST_LEVELS:
            continue
        added = sum(Decimal(m["score"]) for m in run)
        levels = added != _FULL_MARKS and all(_first_level().fullmatch(m["name"]) for m in run)
        if added == Decimal(total["total"]) or levels:
            return [_of_match(m) for m in run]
    return [_of_match(m) for m in _by_level(text)]


@cache
def _first_level() -> re.Pattern[str]:
    names = "|".join(load_vocabulary("labels")["score_names"]["first_level"])
    return re.compile(rf"(?:{names})(?:类|方面)?(?:指标)?")


@cache
def _opens() -> re.Pattern[str]:
    """The name of a first-level indicator before its full marks."""
    return re.compile(rf"{_first_level().pattern}\s?(?:赋分|分值|满分|权重)")


@cache
def _of_level() -> re.Pattern[str]:
    return re.compile(
        rf"(?:\A|(?<=[：:，,、。；;\s]))(?P<name>{_first_level().pattern})(?:自评|实际)?得分?(?:为)?\s?(?P<score>{_FIGURE})\s?分(?![值为])"
    )


def _by_level(text: str) -> Sequence[re.Match[str]]:
    """“预算执行得9.6分，产出得46分，效益得29分”: the marks of three levels or more, one right behind the other."""
    if text.count("得") < _FEWEST_LEVELS:
        return []
    found = list(_of_level().finditer(text))
    near = all(b.start() - a.end() <= _NEAR for a, b in pairwise(found))
    once = len({m["name"] for m in found}) == len(found)
    return found if len(found) >= _FEWEST_LEVELS and near and once else []


def _run(text: str, start: int) -> list[re.Match[str]]:
    """The names with marks that follow one another from a place on."""
    found: list[re.Match[str]] = []
    place = start
    while (match := _ALONE.match(text, place)) is not None:
        found.append(match)
        joint = _JOINT.match(text, match.end())
        place = joint.end() if joint else match.end()
    return found if all(b.start() - a.end() <= _NEAR for a, b in pairwise(found)) else []
