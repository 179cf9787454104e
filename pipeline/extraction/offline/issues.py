"""Extraction, offline: ``issues`` below headings of problems, recommendations and measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.extraction.offline.context import Context
from pipeline.flow import Block, BlockKind, Draft, Table, View
from pipeline.layout.lines import join, strip
from pipeline.layout.marks import is_annex, mark_of
from pipeline.numerals import whole_numeral
from schemas.issues import Issue, IssueKind
from schemas.values import Span, squeeze

_PROBLEM = re.compile(r"问题|不足|困难|短板|薄弱")
_ADVICE = re.compile(r"建议|改进|措施|打算|下一步|整改")
_BOTH = re.compile(r"(?:问题|不足).{0,12}(?:建议|措施|改进)")
_NOT = re.compile(r"经验|做法|公开|说明的问题")
_GROUP = re.compile(r"(?:方面|情况|管理|类)$")
_CAUSE = re.compile(r"存在(?:的)?问题产生的原因")
_FORM_LABEL = re.compile(
    r"(?:\d{1,2}[.．、])?(?:存在的?|主要|发现的?)*问题|(?:下一步)?(?:改进|整改|完善)(?:措施|建议|方向)|(?:有关|相关|意见)?建议"
)
_NOTHING = frozenset({"无", "暂无", "没有", "/", "—", "——", "-"})
_ORDINAL = re.compile(r"(?:^|(?<=[。；;：:，,]))\s*[一二三四五六七八九]是")


def read(context: Context) -> Iterator[Draft]:
    """The problems and recommendations of a document."""
    seen: set[int] = set()
    for heading, below in context.entries():
        kind = _kind(heading.text) if heading.kind is BlockKind.HEADING else None
        if kind is None or heading.span.start in seen:
            continue
        seen |= {p.span.start for p in below if isinstance(p, Block) and p.kind is BlockKind.HEADING}
        yield from _section(context, kind, below)
    for part in context.layout.parts:
        if isinstance(part, Table):
            yield from _from_form(context, part)


def _from_form(context: Context, table: Table) -> Iterator[Draft]:
    """What a form states in rows of its own: a label (存在问题, 改进措施) and the cell that says it."""
    for row in table.rows:
        filled = [c for c in row.cells if c.text]
        label = _FORM_LABEL.fullmatch(squeeze(filled[0].text)) if len(filled) == 2 else None
        kind = _kind(label[0]) if label else None
        if kind is None or whole_numeral(filled[1].text) is not None or filled[1].text in _NOTHING:
            continue
        parts = _ordinals(filled[1].view) or [(filled[1].span.start, filled[1].view)]
        for start, view in parts:
            yield _issue(context, kind, None, None, view, Span(start, view.whole.stop))


def _kind(title: str) -> IssueKind | None:
    if _NOT.search(title):
        return None
    if _BOTH.search(title):
        return None
    if _PROBLEM.search(title):
        return IssueKind.PROBLEM
    return IssueKind.RECOMMENDATION if _ADVICE.search(title) else None


def _section(context: Context, kind: IssueKind, below: Sequence[Block | Table]) -> Iterator[Draft]:
    """Headings group or name what stands below them; items and paragraphs state it."""
    category: str | None = None
    title: Block | None = None
    body: list[Block] = []
    current = kind
    for part in below:
        if not isinstance(part, Block):
            continue
        if part.kind is BlockKind.HEADING:
            yield from _stated(context, current, category, title, body)
            body = []
            inner = _kind(part.text)
            if _GROUP.search(part.title) and part.level <= 2:
                category, title = part.title, None
                current = inner if inner and _ADVICE.search(part.text) else current
            elif inner is not None and len(part.title) <= 16 and part.level <= 3 and inner != current:
                current, title = inner, None
            else:
                title = part
            continue
        if is_annex(part.text):
            break
        if part.kind is BlockKind.ITEM and title is None:
            yield from _item(context, current, category, part)
            body = []
            continue
        body.append(part)
    yield from _stated(context, current, category, title, body)


def _item(context: Context, kind: IssueKind, category: str | None, block: Block) -> Iterator[Draft]:
    view = strip(block.view.part(len(block.mark), len(block.text)))
    if view.text:
        quote = Span(block.span.start, view.span(0, min(len(view.text), 40)).stop)
        yield _issue(context, kind, category, None, view, quote)


def _stated(
    context: Context, kind: IssueKind, category: str | None, title: Block | None, body: Sequence[Block]
) -> Iterator[Draft]:
    """The paragraphs below one heading: one issue under a title of its own, else one for each 一是 … 二是 …"""
    if not body:
        return
    if title is not None:
        view = join([b.view for b in body])
        yield _issue(context, kind, category, title.title, view, title.span)
        return
    for block in body:
        parts = _ordinals(block.view)
        if len(parts) >= 2:
            for mark, view in parts:
                if view.text:
                    yield _issue(
                        context, kind, category, None, view, Span(mark, view.span(0, min(len(view.text), 30)).stop)
                    )
            continue
        if _CAUSE.search(block.text[:40]):
            continue
        head, rest = _named(block.view)
        if head is not None:
            yield _issue(context, kind, category, head.text.removesuffix("。"), rest, head.whole)
        elif len(block.text) >= 12:
            quote = block.view.span(0, min(len(block.text), 120))
            yield _issue(context, kind, category, None, block.view, quote)


def _ordinals(view: View) -> list[tuple[int, View]]:
    marks = list(_ORDINAL.finditer(view.text))
    found = []
    for number, match in enumerate(marks):
        stop = marks[number + 1].start() if number + 1 < len(marks) else len(view.text)
        lead = len(match[0]) - len(match[0].lstrip())
        found.append((view.places[match.start() + lead], strip(view.part(match.end(), stop))))
    return found


def _named(view: View) -> tuple[View | None, View]:
    """“管理制度不健全。…” names its issue in a short first sentence."""
    cut = view.text.find("。")
    if (
        0 < cut <= 16
        and cut + 8 < len(view.text)
        and not re.search(r"[，,；;：:]", view.text[:cut])
        and not mark_of(view.text)
    ):
        return view.part(0, cut + 1), strip(view.part(cut + 1, len(view.text)))
    return None, view


def _issue(
    context: Context, kind: IssueKind, category: str | None, title: str | None, view: View, quote: Span
) -> Draft:
    text = view.text.strip().rstrip("。；;").strip()
    record = Issue(quote=context.quote(quote), kind=kind, category=category, title=title, text=text)
    return context.draft("issues", record, quote)
