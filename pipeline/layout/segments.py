"""Layout: the reports inside a document, told by their titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.flow import Block, BlockKind, Segment, Table, View
from pipeline.layout.lines import join
from pipeline.layout.marks import is_title
from schemas.values import Span, squeeze

_REST = 16
"""Characters that the last line of a title may have where it does not say by itself that it is one."""

_OF_YEAR = re.compile(r"(?:19|20)\d\d\s?年")
_NAMES_FUND = re.compile(r"[\u4e00-\u9fff\w（）()“”]{4,40}(?:项目|工程|资金|专项|经费|补助|补贴|政策)")
"""The upper line of a title whose lower one begins with the year."""

_ANNEX = re.compile(r"附件\s?\d{0,2}\s?[：:]")


@dataclass(frozen=True, slots=True)
class Title:
    """A report's title and where it begins."""

    view: View
    start: int


def find_titles(parts: Sequence[Block | Table]) -> list[Title]:
    """The titles of reports in reading order; a title set over two or three lines is one."""
    titles: list[Title] = []
    for index, part in enumerate(parts):
        if not isinstance(part, Block) or part.kind is BlockKind.ITEM:
            continue
        lines = [part.view]
        if not is_title(part.text) and not _ends_title(parts, index):
            continue
        back = index - 1
        while back >= 0 and len(lines) < 3:
            above = parts[back]
            if not isinstance(above, Block) or above.kind is not BlockKind.PARAGRAPH:
                break
            if not (_is_title_line(above.text) or _names_fund_of(above.text, lines[0].text)):
                break
            lines.insert(0, above.view)
            back -= 1
        titles.append(Title(join(lines), lines[0].whole.start))
    return titles


def _ends_title(parts: Sequence[Block | Table], index: int) -> bool:
    """Whether a short line is the rest of a title whose first line names department or year (…绩效自评 / 情况的汇总报告)."""
    above, rest = parts[index - 1] if index else None, parts[index]
    if not isinstance(above, Block) or not isinstance(rest, Block) or above.kind is not BlockKind.PARAGRAPH:
        return False
    return len(rest.text) <= _REST and _is_title_line(above.text) and is_title(above.text + rest.text)


def _names_fund_of(upper: str, lower: str) -> bool:
    """Whether a line names the project or fund that the title below it, which begins with the year, is about."""
    return _OF_YEAR.match(lower) is not None and _NAMES_FUND.fullmatch(upper) is not None


def _is_title_line(text: str) -> bool:
    return (
        len(text) <= 40
        and not re.search(r"[。；;，,：:、《]", text)
        and not _ANNEX.match(text)
        and is_org_or_year(text)
    )


def is_org_or_year(text: str) -> bool:
    """Whether a short line names a department or a year, as the upper line of a title does."""
    bare = squeeze(text)
    return bool(
        re.search(r"\d{4}年度?", bare)
        or re.search(
            r"(?:局|委|委员会|厅|办|办公室|中心|部|院|处|会|政府|大学|学校|医院|公司|队|站|所|社|馆|镇|乡|街道)$", bare
        )
    )


def segment(parts: Sequence[Block | Table], length: int) -> tuple[Segment, ...]:
    """The reports of a document.

    A title begins a report unless the same report is already under way (a cover, a title page and a running title
    name one report). What stands before the first title belongs to it where it is short front matter, and is a report
    of its own where it holds a form with figures. An annex that follows an annexed report goes back to the first one.
    """
    titles = find_titles(parts)
    starts: list[tuple[int, View | None]] = []
    names: list[str] = []
    for title in titles:
        name = _core(title.view.text)
        if any(name == n or name in n or n in name for n in names):
            continue
        names.append(name)
        if starts and _is_text_of_forms(parts, starts[-1], title):
            continue
        cover = starts and not _says_anything(parts, starts[-1][0], title.start)
        begins = starts.pop()[0] if cover else title.start
        starts.append((begins, title.view))
    if not starts:
        return (Segment("r1", None, (Span(0, length),)),)
    if _holds_form(parts, starts[0][0]):
        starts.insert(0, (0, None))
    drafts = [
        _Extent(f"r{n + 1}", view, [Span(start if n else 0, starts[n + 1][0] if n + 1 < len(starts) else length)])
        for n, (start, view) in enumerate(starts)
    ]
    if len(drafts) > 1 and drafts[-1].title is not None:
        _return_annexes(parts, drafts, length)
    return tuple(Segment(d.report_id, d.title, tuple(d.spans)) for d in drafts)


def _says_anything(parts: Sequence[Block | Table], start: int, stop: int) -> bool:
    """Whether a sentence or a table stands between two titles: the first is only a cover's where none does."""
    return any(not isinstance(part, Block) or "。" in part.text for part in parts if start <= part.span.start < stop)


def _is_text_of_forms(parts: Sequence[Block | Table], begun: tuple[int, View | None], title: Title) -> bool:
    """Whether a title of a year and nobody is that of the text below the forms that a cover of this year heads: together
    they are the report."""
    start, cover = begun
    year = _OF_YEAR.match(title.view.text)
    if cover is None or year is None or year[0] not in cover.text or _OF_YEAR.match(cover.text):
        return False
    between = [part for part in parts if start <= part.span.start < title.start]
    return any(isinstance(p, Table) for p in between) and not any(
        isinstance(p, Block) and "。" in p.text for p in between
    )


@dataclass(slots=True)
class _Extent:
    """A report while its parts are being settled."""

    report_id: str
    title: View | None
    spans: list[Span]


def _core(title: str) -> str:
    return re.sub(r"[（(].*?[）)]", "", squeeze(title))


_FRONT = re.compile(r"^(?:摘要|概要|目录|前言|内容摘要|报告摘要)$")


def _holds_form(parts: Sequence[Block | Table], before: int) -> bool:
    """Whether what stands before the first title is a form of its own rather than a summary or table of contents."""
    front = [p for p in parts if isinstance(p, Block) and p.span.stop <= before]
    if any(_FRONT.match(squeeze(b.text)) for b in front):
        return False
    return any(isinstance(p, Table) and p.span.stop <= before and len(p.rows) >= 2 for p in parts) and before > 800


def _return_annexes(parts: Sequence[Block | Table], drafts: list[_Extent], length: int) -> None:
    """An annexed report ends where the next numbered annex of the outer report begins."""
    start = drafts[-1].spans[0].start
    before = [p for p in parts if isinstance(p, Block) and p.span.stop <= start]
    if not any(_ANNEX.match(b.text) for b in before[-3:]):
        return
    for part in parts:
        if isinstance(part, Block) and part.span.start > start and _ANNEX.match(part.text):
            drafts[-1].spans = [Span(start, part.span.start)]
            drafts[0].spans.append(Span(part.span.start, length))
            return
