"""Extraction, offline: ``reports``, one a segment of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.extraction.offline.columns import is_total_row, number
from pipeline.extraction.offline.context import Context, Places
from pipeline.extraction.offline.forms import department_named, forms
from pipeline.extraction.offline.project_items import stated_project
from pipeline.extraction.offline.report_heads import (
    department_of,
    evaluating_bureau,
    evaluator_of,
    issued_on,
    parts_of,
    squeeze_title,
    title_of,
)
from pipeline.flow import Block, Draft, Segment, Table, View
from pipeline.layout.lines import join
from pipeline.numerals import Numeral, find_numerals
from schemas.reports import Report, ReportKind
from schemas.values import Span, squeeze

__all__ = ["read", "squeeze_title"]

_IS = r"(?:为|是|：|:)?\s?(?=\d)"
_FINAL_SCORE = re.compile(r"(?:最终得分|综合得分|评价得分|总得分|总评分|评价总分|评价分值)" + _IS)
_MEAN_SCORE = re.compile(r"平均(?:自评)?(?:得分|分)" + _IS)
_SELF_SCORE = re.compile(r"(?:(?:综合|绩效)?自评(?:综合|总)?得分|综合得分|总得分|最终得分|实得|自评分(?!值))" + _IS)
_SELF_MARKS = re.compile(r"(?:综合|绩效)?自评(?:综合|总)?(?:分值|总分)" + _IS)
_ANY_SCORE = re.compile(r"(?:得分|评分|总分)" + _IS)
_FULL_MARKS = 100
_MAXIMUM = re.compile(
    r"(?:总分值?|满分|总分值为|总分为)(?:为|是|：|:)?\s?(?=100\s?分)|\d\s?分?(?:[（(]含[^）)]{0,6}[）)])?\s?[—\-~～–至]\s?(?=100\s?分)"
)
_OF_GRADE = re.compile(r"[（(]含[^）)]{0,4}[）)]|(?:及|含)?以[上下]|[（(]?不含")
"""What stands behind marks that a grade begins or ends with (得分90分（含）以上为优)."""

_GRADE = re.compile(
    r"(?:等级|等次|评价结果|自评结果|评价结论|评级|(?<!质量)评定)(?:等次|等级|结果)?[均都]?(?:为|是|：|:|属于){0,2}\s?"
    r"[“”\"'‘’]?(优秀|良好|中等|合格|较差|优|良|中|差)(?![）)]?[（(]?\d|[”\"’']?的|率)"
)
_OF_A_FUND = re.compile(
    r"专项|项目支出|项目资金|项目绩效|项目自评|转移支付|(?:资金|补助|项目|工程)的?(?:区域|整体)?(?:绩效|自评)"
)
_GRADE_BEFORE = re.compile(r"[“\"](优秀|良好|中等|合格|较差|优|良|中|差)[”\"](?:等级|等次|档)")


def read(context: Context) -> Iterator[Draft]:
    """One record a segment; what one report of a document leaves open its others may say."""
    drafts = [d for s in context.layout.segments if (d := _read(context, s)) is not None]
    departments = {d.record.department for d in drafts if isinstance(d.record, Report) and d.record.department}
    common = departments.pop() if len(departments) == 1 else None
    for draft in drafts:
        record = draft.record
        if common and isinstance(record, Report) and record.department is None:
            record = record.model_copy(update={"department": common})
        yield Draft(
            record_type=draft.record_type,
            record=record,
            report_id=draft.report_id,
            chunk_id=draft.chunk_id,
            places=draft.places,
            quote_span=draft.quote_span,
        )


def _read(context: Context, segment: Segment) -> Draft | None:
    parts = parts_of(context, segment)
    views = list(_views(parts))
    text = "\n".join(_texts(parts))
    places = Places()
    title = title_of(segment, parts)
    bureau = evaluating_bureau(title)
    evaluator = bureau or evaluator_of([v.text for v in views])
    total = _total_row(context, parts)
    of_projects = _scores_of_projects(parts)
    annexed = bool(of_projects) or (total is not None and _of_several_forms(context, segment, parts, total[2]))
    scored = [v for v in views if ("分" in v.text or "得" in v.text) and v.text not in of_projects]
    if bureau is not None:
        score, score_span = None, None
    else:
        score, score_span = _score(scored, places, third_party=evaluator is not None, annexed=annexed)
    maximum, _ = _number(scored, _MAXIMUM, places, "max_score")
    if total and not (annexed or bureau) and (score is None or Decimal(score) == total[1][1].value):
        (full_view, full), (given_view, given), row_span = total
        if score is None:
            score, score_span = places.number("score", given_view, given), row_span
        maximum = maximum or places.number("max_score", full_view, full)
    department = None if bureau else department_of(title, text) or department_named(context, segment.spans[0])
    if not (title or department or score):
        return None
    if score is None:
        maximum = places.spans.pop("max_score", None) and None
    record = Report(
        quote="?",
        kind=_kind(title or "", evaluator is not None),
        title=title,
        department=department,
        evaluator=evaluator,
        fiscal_year=_year_named(title) or context.years[segment.report_id],
        score=score,
        max_score=maximum,
        grade=None if bureau else _grade(text),
        issued_on=issued_on(views),
    )
    quote = score_span or (segment.title.whole if segment.title else views[0].whole)
    return context.draft("reports", record.model_copy(update={"quote": context.quote(quote)}), quote, places.spans)


def _score(views: list[View], places: Places, *, third_party: bool, annexed: bool) -> tuple[str | None, Span | None]:
    """The score that the report gives itself, or that it is given; the scores of annexed forms are not its own."""
    own = (_FINAL_SCORE,) if third_party else (_MEAN_SCORE, _SELF_SCORE, _SELF_MARKS)
    for label in own if annexed else (*own, _ANY_SCORE):
        score, span = _number(views, label, places, "score")
        if score is not None:
            return score, span
    return None, None


def _scores_of_projects(parts: Sequence[Block | Table]) -> frozenset[str]:
    """The texts of items that each state a project with its own score, where there are several of them."""
    scored = [p for p in parts if isinstance(p, Block) and p.mark and "分" in p.text and _SELF_SCORE.search(p.text)]
    found = [p for p in scored if stated_project(p)] if len(scored) > 1 else []
    return frozenset(b.text for b in found) if len(found) > 1 else frozenset()


_Figure = tuple[View, Numeral]


def _total_row(context: Context, parts: Sequence[Block | Table]) -> tuple[_Figure, _Figure, Span] | None:
    """The total row of a score table whose full marks are 100: (full marks, marks given, the row's place)."""
    for part in parts:
        if isinstance(part, Block):
            continue
        columns = context.columns(part)
        if not columns.any("weight", "score"):
            continue
        for row in part.body:
            figures = [(c.view, n) for c in row.cells if (n := number(c))]
            if is_total_row(row) and len(figures) >= 2 and figures[0][1].value == _FULL_MARKS:
                return figures[0], figures[1], row.span
    return None


def _of_several_forms(context: Context, segment: Segment, parts: Sequence[Block | Table], place: Span) -> bool:
    """Whether a row stands in one of several project forms of a report that has prose of its own."""
    own = [f for f in context.once(forms) if any(s.start <= f.tables[0].span.start < s.stop for s in segment.spans)]
    inside = any(t.span.start <= place.start < t.span.stop for f in own for t in f.tables)
    told = any(isinstance(p, Block) and "。" in p.text for p in parts)
    return len(own) > 1 and inside and told


def _views(parts: Sequence[Block | Table]) -> Iterator[View]:
    for part in parts:
        if isinstance(part, Block):
            yield part.view
        else:
            for row in part.rows:
                yield join([c.view for c in row.cells])


def _texts(parts: Sequence[Block | Table]) -> Iterator[str]:
    for part in parts:
        yield from [part.text] if isinstance(part, Block) else [c.text for row in part.rows for c in row.cells]


def _number(views: list[View], label: re.Pattern[str], places: Places, name: str) -> tuple[str | None, Span | None]:
    """The first number that stands right behind a label, and the span of label and number."""
    for view in views:
        for match in label.finditer(view.text):
            numeral = next(find_numerals(view.text, match.end()), None)
            if (
                numeral is None
                or numeral.start > match.end() + 1
                or numeral.unit not in {"分", None}
                or numeral.value > 200
            ):
                continue
            if _OF_GRADE.match(view.text, numeral.unit_stop):
                continue
            if label is _ANY_SCORE and numeral.value == _FULL_MARKS:
                numeral = _beside(view, numeral) or numeral
            return places.number(name, view, numeral), view.span(match.start(), numeral.unit_stop)
    return None, None


def _beside(view: View, full: Numeral) -> Numeral | None:
    """The marks given where they stand right behind the full marks (总分 100 95.5)."""
    given = next(find_numerals(view.text, full.unit_stop), None)
    if given is None or view.text[full.unit_stop : given.start].strip() or given.value > _FULL_MARKS:
        return None
    return given if given.unit in {"分", None} else None


def _year_named(title: str | None) -> int | None:
    match = re.search(r"((?:199|20\d)\d)\s?年", title or "")
    return int(match[1]) if match else None


def _kind(title: str, third_party: bool) -> ReportKind:
    if third_party:
        return ReportKind.THIRD_PARTY
    if _OF_A_FUND.search(title) and "整体" not in title:
        return ReportKind.SPECIAL_FUND
    return ReportKind.OVERALL


def _grade(text: str) -> str | None:
    bare = squeeze(text)
    match = _GRADE.search(bare) or _GRADE_BEFORE.search(bare)
    return match[1] if match else None
