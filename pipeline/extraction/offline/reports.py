"""Extraction, offline: ``reports``, one a segment of the document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from pipeline.extraction.offline.columns import Columns, is_total_row, number
from pipeline.extraction.offline.context import Context, Places
from pipeline.extraction.offline.forms import department_named
from pipeline.flow import Block, Draft, Segment, View
from pipeline.layout.lines import join
from pipeline.numerals import Numeral, find_numerals
from schemas.reports import Report, ReportKind
from schemas.values import Span, squeeze

_IS = r"(?:为|是|：|:)?\s?(?=\d)"
_FINAL_SCORE = re.compile(r"(?:最终得分|综合得分|评价得分|总得分|总评分|评价总分|评价分值)" + _IS)
_SELF_SCORE = re.compile(
    r"(?:(?:综合|绩效)?自评(?:综合|总)?(?:得分|分值|总分)|综合得分|总得分|最终得分|实得|自评分)" + _IS
)
_ANY_SCORE = re.compile(r"(?:得分|评分|总分)" + _IS)
_FORM = re.compile(r"(?:自评表|评价表|评分表)(?:[（(].{0,10}[）)])?$")
_FULL_MARKS = 100
_MAXIMUM = re.compile(
    r"(?:总分值?|满分|总分值为|总分为)(?:为|是|：|:)?\s?(?=100\s?分)|\d\s?分?(?:[（(]含[^）)]{0,6}[）)])?\s?[—\-~～–至]\s?(?=100\s?分)"
)
_GRADE = re.compile(
    r"(?:等级|等次|评价结果|评价结论|评级|评定)(?:等次|等级|结果)?(?:为|是|：|:|属于)?\s?[“”\"'‘’]?(优秀|良好|中等|合格|较差|优|良|中|差)"
)
_GRADE_BEFORE = re.compile(r"[“\"](优秀|良好|中等|合格|较差|优|良|中|差)[”\"](?:等级|等次|档)")
_DATE = re.compile(r"((?:19|20)\d{2})\s?[年\-.]\s?(\d{1,2})\s?[月\-.]\s?(\d{1,2})\s?日?")
_CHINESE_DATE = re.compile(
    r"([二一][〇○零一二三四五六七八九]{3})年(十[一二]?|[一二三四五六七八九])月(三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])日"
)
_ORG = (
    r"[\u4e00-\u9fff]{2,30}?(?:委员会|管理局|政府|局|委|厅|办公室|办|中心|医院|学校|大学|学院|法院|检察院|院|部"
    r"|镇|乡|街道|处|队|馆|所|站|会)"
)
_DEPARTMENT = re.compile(
    rf"(?:19|20)\d{{2}}\s?年度?({_ORG})(?=专项|项目|部门|整体|单位|绩效|预算|财政|支出|$)|^({_ORG})(?=\s?(?:19|20)\d{{2}})"
)
_LABELLED = re.compile(
    rf"(?:被评价单位|部门（单位）名称|部门\(单位\)名称|部门名称|单位名称|预算部门名称|被评价部门)[：:\s|]*({_ORG})(?![\u4e00-\u9fff])"
)
_EVALUATOR = re.compile(
    r"(?:评价机构(?:全称|名称)?(?:[（(]盖章[）)])?[：:\s]*|委托[，,]\s?|第三方机构[：:]?)([\u4e00-\u9fff（）()]{4,40}?(?:有限责任公司|有限公司|事务所|研究院|研究所|中心))"
)


def read(context: Context) -> Iterator[Draft]:
    """One record a segment."""
    for segment in context.layout.segments:
        draft = _read(context, segment)
        if draft is not None:
            yield draft


def _read(context: Context, segment: Segment) -> Draft | None:
    views = list(_views(context, segment))
    text = "\n".join(_texts(context, segment))
    places = Places()
    third_party = _EVALUATOR.search(squeeze("".join(v.text for v in views)))
    score, score_span = None, None
    for label in ((_FINAL_SCORE if third_party else _SELF_SCORE), _ANY_SCORE):
        if score is None:
            score, score_span = _number(views, label, places, "score")
    maximum, _ = _number(views, _MAXIMUM, places, "max_score")
    total = _total_row(context, segment)
    if total and (score is None or Decimal(score) == total[1][1].value):
        (full_view, full), (given_view, given), row_span = total
        if score is None:
            score, score_span = places.number("score", given_view, given), row_span
        maximum = maximum or places.number("max_score", full_view, full)
    title = squeeze_title(segment.title.text) if segment.title else _form_title(context, segment)
    department = _department(title, text) or department_named(context, segment.spans[0])
    if not (title or department or score):
        return None
    record = Report(
        quote="?",
        kind=_kind(title or "", third_party is not None),
        title=title,
        department=department,
        evaluator=third_party[1] if third_party else None,
        fiscal_year=context.years[segment.report_id],
        score=score,
        max_score=maximum,
        grade=_grade(text),
        issued_on=_issued_on(views),
    )
    quote = score_span or (segment.title.whole if segment.title else views[0].whole)
    return context.draft("reports", record.model_copy(update={"quote": context.quote(quote)}), quote, places.spans)


def _form_title(context: Context, segment: Segment) -> str | None:
    """The title of a form that stands without a report: …自评表（2022年度）."""
    captions = (t.caption for t in context.layout.tables if t.caption and segment.spans[0].start <= t.span.start)
    return next((squeeze_title(c) for c in captions if _FORM.search(squeeze(c))), None)


_Figure = tuple[View, Numeral]


def _total_row(context: Context, segment: Segment) -> tuple[_Figure, _Figure, Span] | None:
    """The total row of a score table whose full marks are 100: (full marks, marks given, the row's place)."""
    for part in context.layout.parts:
        if isinstance(part, Block) or not any(s.start <= part.span.start < s.stop for s in segment.spans):
            continue
        columns = Columns(part)
        if not columns.any("weight", "score"):
            continue
        for row in part.body:
            figures = [(c.view, n) for c in row.cells if (n := number(c))]
            if is_total_row(row) and len(figures) >= 2 and figures[0][1].value == _FULL_MARKS:
                return figures[0], figures[1], row.span
    return None


def squeeze_title(text: str) -> str:
    """A title with its line breaks removed; spaces inside a line stay."""
    return re.sub(r"[\n\r\t]+", "", text).strip()


def _views(context: Context, segment: Segment) -> Iterator[View]:
    for part in context.layout.parts:
        if not any(s.start <= part.span.start < s.stop for s in segment.spans):
            continue
        if isinstance(part, Block):
            yield part.view
        else:
            for row in part.rows:
                yield join([c.view for c in row.cells])


def _texts(context: Context, segment: Segment) -> Iterator[str]:
    for part in context.layout.parts:
        if any(s.start <= part.span.start < s.stop for s in segment.spans):
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
            return places.number(name, view, numeral), view.span(match.start(), numeral.unit_stop)
    return None, None


def _kind(title: str, third_party: bool) -> ReportKind:
    if third_party:
        return ReportKind.THIRD_PARTY
    if re.search(r"专项|项目支出|项目资金|项目绩效|项目自评|转移支付|资金绩效", title) and "整体" not in title:
        return ReportKind.SPECIAL_FUND
    return ReportKind.OVERALL


def _department(title: str | None, text: str) -> str | None:
    if title:
        match = _DEPARTMENT.search(squeeze(title))
        if match:
            return match[1] or match[2]
    match = (
        _LABELLED.search(text)
        or re.search(rf"对({_ORG})(?=(?:19|20)\d{{2}}\s?年)", text)
        or re.search(rf"({_ORG})是[\u4e00-\u9fff]{{2,20}}(?:工作|主管|组成)?部门", text)
    )
    return match[1] if match else None


def _grade(text: str) -> str | None:
    bare = squeeze(text)
    match = _GRADE.search(bare) or _GRADE_BEFORE.search(bare)
    return match[1] if match else None


def _arabic(text: str) -> str:
    """A date in Chinese numerals (二〇二二年八月二日) in Arabic ones; other text unchanged."""
    return _CHINESE_DATE.sub(lambda m: f"{_digits(m[1])}年{_small(m[2])}月{_small(m[3])}日", text)


def _digits(text: str) -> str:
    return "".join(str("〇一二三四五六七八九".index(c.replace("○", "〇").replace("零", "〇"))) for c in text)


def _small(text: str) -> int:
    """A number up to 31 in Chinese numerals."""
    tens, _, ones = text.rpartition("十")
    value = 0 if "十" not in text else 10 * ("一二三".index(tens) + 1 if tens else 1)
    return value + ("一二三四五六七八九".index(ones) + 1 if ones else 0)


def _issued_on(views: list[View]) -> str | None:
    """The date that stands alone at the end, or behind 填报日期."""
    for view in reversed(views):
        match = _DATE.search(_arabic(view.text))
        if not match:
            continue
        alone = len(view.text) - len(match[0]) <= 2
        if alone or re.search(r"(?:填报|报告|评价|编制)日期", view.text):
            try:
                return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
            except ValueError:
                return None
    return None
