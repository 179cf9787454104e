"""Extraction, offline: ``issues`` below headings of problems, recommendations and measures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.extraction.offline.context import Context
from pipeline.extraction.offline.leads import Lead, lead_of
from pipeline.flow import Block, BlockKind, Draft, Table, View
from pipeline.layout.lines import join, strip
from pipeline.layout.marks import caption_of, is_annex, is_label_line, mark_of
from pipeline.numerals import whole_numeral
from schemas.issues import Issue, IssueKind
from schemas.values import Span, squeeze

_PROBLEM = re.compile(r"问题|不足|困难|短板|薄弱|毛病|差距|还差在哪|(?:偏离|偏差|未完成|未达到?).{0,10}原因")
_ADVICE = re.compile(r"建议|改进|措施|打算|下一步|整改|咋办|怎么办")
_BOTH = re.compile(r"(?:问题|不足|原因).{0,12}(?:建议|措施|改进|打算|下一?步)")
_PLAIN = re.compile(
    r"(?:存在|主要|发现|的|面临){0,4}(?:问题|不足|困难|困难和问题|问题和不足|问题与不足)(?:[和及与]?原因(?:分析)?)?"
)
_NOT = re.compile(r"经验|做法|公开|说明的问题|(?:管理|保障|主要|组织|推进)措施")
_GROUP = re.compile(r"(?:方面|情况|管理|类)$")
_DOES = re.compile(r"规范|加强|强化|完善|健全|提[升高]|严格|优化|推进|落实|做好|抓好|改进|细化|夯实|建立|加快|加大")
"""What a heading begins with that says what to do rather than what its group is about."""

_SECOND = re.compile(r"\d{1,2}\.\d{1,2}(?!\.?\d)")
"""The mark of a second level that is numbered in full (5.1)."""

_CAUSE = re.compile(r"存在(?:的)?问题产生的原因")
_FORM_LABEL = re.compile(
    r"(?:\d{1,2}[.．、])?(?:存在的?|主要|发现的?)*(?:问题|不足|困难|短板|差距)(?:[和与及、](?:问题|不足|困难))?|(?:下一步)?(?:改进|整改|完善)(?:措施|建议|方向)|(?:有关|相关|意见)?建议"
)
_NOTHING = frozenset({"无", "暂无", "没有", "/", "—", "——", "-"})
_ELSE = re.compile(r"结论|得分|结果$|经验|做法|成效|情况$")
_CONCLUDES = re.compile(r"(?:综合|绩效|自评|总体|整体){0,2}(?:评价|自评)?(?:结论|得分|结果|得分情况)")
_INTRODUCES = re.compile(r"(?:如下|以下|下列|下面)[^。]{0,16}[：:。]?$|[：:]$")
_DATE = re.compile(r"(?:(?:19|20)\d{2}|[一二]?[〇○零一二三四五六七八九０-９]{4})\s?年.{1,4}月(?:.{1,4}日)?")
_SIGNED = re.compile(
    r"[^。，,；;：:]{2,34}(?:局|厅|委|委员会|部|政府|公司|中心|办公室|事务所|医院|学校|学院|大学|中学|小学|办事处|"
    r"协会|联合会|研究院|研究所|队|站|馆|院|处|社|会)(?:[（(][^（()）]{1,12}[）)])?"
)
_WEB_FOOT = re.compile(
    r"(?:上一[篇条]|下一[篇条]|主办(?:单位)?|承办(?:单位)?|版权所有|技术支持|附件下载|相关(?:链接|附件))\s?[：:]|[【\[](?:打印|关闭|纠错|收藏)"
)
_CONTACT = re.compile(r"联系人[：:][^。；]{0,24}(?:电话|联系方式)")
_OF_PROJECT = re.compile(
    r"(?!积极|加快|加强|加大|强化|规范|完善|优化|严格|落实|落细|筹措|争取|统筹|整合|盘活|提高|推进|及时|用好|管好|做好|抓好|压实|合理|科学)"
    r"(?P<name>[^。；，,：:（）()]{3,40}(?:项目|工程|专项|资金|经费))(?:[（(][^（()）]{0,60}[）)])?[。：:]"
)
"""The lead of an item that tells what is wrong with one project of several; what begins with a verb says what to do."""

_FORM_FOOT = re.compile(r"[（(]?(?:填表人|填报人|联系人|联系电话|审核人|负责人|单位负责人|附件?表?\s?\d{0,2})\s?[：:]")
_ADVISED = re.compile(r"(?:^|(?<=[。；;]))\s*(?:[一二三四五六七八九]是)?建议")
_LABEL = re.compile(
    r"(?:^|(?<=[。；;.．、）)\s]))(?P<label>(?:存在的?|主要|发现的?){0,3}问题(?:[和及与]原因(?:分析)?)?|"
    r"(?:下一步)?(?:工作|改进|整改|完善|解决)?(?:措施|建议|办法|打算|计划))[：:]"
)
_TWO_MEASURES = re.compile(r"[^，。；：]{4,12}，[^，。；：]{4,12}。建议")
"""A title of two measures before the advice itself (细化绩效目标，科学编制预算。建议…)."""

_TWO_PARTS = re.compile(r"[^，。；：、]{4,14}，[^，。；：、]{4,14}。")
_TITLE_LENGTH = 24
_TITLE_LINE = 36
_ORDINAL = re.compile(r"(?:^|(?<=[。；;：:，,]))\s*[一二三四五六七八九][是要]")
_NUMBER = re.compile(r"(?:^|(?<=[。；;]))\s*\d{1,2}\s?[.．、](?!\d)")


def read(context: Context) -> Iterator[Draft]:
    """The problems and recommendations of a document."""
    seen: set[int] = set()
    for heading, below in context.entries:
        if heading.span.start in seen:
            continue
        lead = lead_of(heading)
        if heading.kind is BlockKind.ITEM and len(_labelled(heading)) >= 2:
            continue  # it states both, below a heading of both
        kind = _kind(heading.text) if heading.kind is BlockKind.HEADING else None
        if lead is not None and _FORM_LABEL.fullmatch(lead.head.text):
            kind = _kind(lead.head.text)
        if kind is None:
            if heading.kind is BlockKind.HEADING and _BOTH.search(heading.text):
                for named, run in _divided(below):
                    seen |= {p.span.start for p in run if isinstance(p, Block) and p.kind is not BlockKind.PARAGRAPH}
                    yield from _section(context, named, run)
            continue
        seen |= {p.span.start for p in below if isinstance(p, Block) and p.kind is not BlockKind.PARAGRAPH}
        yield from _section(context, kind, below, lead)
    for part in context.layout.parts:
        if isinstance(part, Table):
            yield from _from_form(context, part)
        elif part.span.start not in seen and (_states_both(part) or (part.path and _BOTH.search(part.path[-1]))):
            yield from _from_labels(context, part)


def _from_form(context: Context, table: Table) -> Iterator[Draft]:
    """What a form states in rows of its own: a label (存在问题, 改进措施) and the cell that says it."""
    for row in table.rows:
        filled = [c for c in row.cells if c.text]
        label = _FORM_LABEL.fullmatch(squeeze(filled[0].text)) if len(filled) == 2 else None
        kind = _kind(label[0]) if label else None
        if kind is None or whole_numeral(filled[1].text) is not None or filled[1].text in _NOTHING:
            continue
        parts = _ordinals(filled[1].view) or _numbered(filled[1].view) or [(filled[1].span.start, filled[1].view)]
        for start, view in parts:
            yield from _issue(context, kind, None, None, view, Span(start, view.whole.stop))


def _divided(below: Sequence[Block | Table]) -> Iterator[tuple[IssueKind, Sequence[Block | Table]]]:
    """What stands below the lines that only say what follows them (存在问题：, 改进措施：), for each of these."""
    kind: IssueKind | None = None
    start = 0
    for index, part in enumerate([*below, None]):
        named = isinstance(part, Block) and part.kind is BlockKind.PARAGRAPH and len(part.text) <= _TITLE_LENGTH
        text = squeeze(part.text).rstrip("：:。") if named and isinstance(part, Block) else ""
        turn = _kind(text) if part is not None and _FORM_LABEL.fullmatch(text) else None
        if turn is None and part is not None:
            continue
        if kind is not None and start < index:
            yield kind, below[start:index]
        kind, start = turn, index + 1


def _labelled(block: Block) -> list[tuple[IssueKind, int, View]]:
    """What a block says behind labels of its own (“问题：…建议：…”): kind, where its label starts, and the text."""
    if "：" not in block.text and ":" not in block.text:
        return []
    marks = [m for m in _LABEL.finditer(block.text, len(block.mark)) if _kind(m["label"]) is not None]
    stops = [*(m.start() for m in marks[1:]), len(block.text)][: len(marks)]
    return [
        (kind, block.view.places[m.start("label")], strip(block.view.part(m.end(), stop)))
        for m, stop in zip(marks, stops, strict=True)
        if (kind := _kind(m["label"])) is not None
    ]


def _states_both(block: Block) -> bool:
    """Whether a block states problems and what shall be done about them, each behind its label."""
    return {kind for kind, _, _ in _labelled(block)} == set(IssueKind)


def _from_labels(context: Context, block: Block) -> Iterator[Draft]:
    """A block below a heading of both problems and recommendations: its labels say which it states."""
    if block.kind is BlockKind.HEADING:
        return
    for kind, start, view in _labelled(block):
        if view.text.strip("。") in _NOTHING:
            continue
        parts = _ordinals(view)
        if len(parts) < 2:
            parts = _advised(view) or [(start, view)]
        for place, part in parts:
            yield from _ordinal(context, kind, None, place, part)


def _kind(title: str) -> IssueKind | None:
    if _NOT.search(title):
        return None
    if _BOTH.search(title):
        return None
    if _PROBLEM.search(title):
        return IssueKind.PROBLEM
    return IssueKind.RECOMMENDATION if _ADVICE.search(title) else None


@dataclass
class _State:
    """Where a section's reader stands: the kind that is stated (None where the words tell of something else), and what
    groups and names it."""

    kind: IssueKind | None
    category: str | None = None
    category_level: int = 0
    title: Block | None = None
    body: list[View] = field(default_factory=list)
    named: frozenset[int] = frozenset()


def _section(
    context: Context, kind: IssueKind, below: Sequence[Block | Table], lead: Lead | None = None
) -> Iterator[Draft]:
    """Headings group or name what stands below them; items and paragraphs state it."""
    state = _State(kind, named=_named_items(below))
    if lead is not None and lead.body.text:
        state.body = [lead.body]
    for part, after in pairwise([*below, None]):
        if not isinstance(part, Block):
            continue
        if part.kind is BlockKind.HEADING:
            yield from _stated(context, state)
            _turn(state, part)
            continue
        if part.kind is BlockKind.ITEM and (_names_what_follows(part, after) or _is_next_entry(part, state.title)):
            yield from _stated(context, state)
            state.title = part if _names_what_follows(part, after) else None
            if state.title is not None:
                continue
        if is_annex(part.text) or ("日" in part.text and _DATE.fullmatch(part.text.strip())):
            break
        yield from _read_block(context, state, part)
    yield from _stated(context, state)


def _names_what_follows(item: Block, after: Block | Table | None) -> bool:
    """Whether an item is the title of the paragraph below it: no sentence, and what follows is one."""
    return (
        isinstance(after, Block)
        and after.kind is BlockKind.PARAGRAPH
        and len(item.text) <= _TITLE_LINE
        and item.text[-1] not in "。；;！：:，,"
        and after.text.rstrip()[-1:] == "。"
        and not is_closing(after.text)
    )


def _is_next_entry(item: Block, title: Block | None) -> bool:
    """Whether an item stands beside the one that is the title of what was read last."""
    return title is not None and title.kind is BlockKind.ITEM and item.level <= title.level


def _read_block(context: Context, state: _State, block: Block) -> Iterator[Draft]:
    """A paragraph or item of a section: a turn to another kind, an issue of its own, or more of the title's body."""
    lead = lead_of(block)
    if lead is not None and _turns(lead.head.text):
        yield from _stated(context, state)
        state.kind, state.title, state.category = _kind(lead.head.text), None, None
        state.body = [lead.body] if lead.body.text else []
    elif block.kind is BlockKind.ITEM and state.title is None:
        state.body = []
        if state.kind is not None:
            yield from _item(context, state.kind, state.category, block, block.span.start in state.named)
    elif not is_closing(block.text):
        state.body.append(block.view)


def _turn(state: _State, heading: Block) -> None:
    """What a heading within a section of problems or recommendations does to what stands below it."""
    inner = _kind(heading.text)
    state.body = []
    if inner is None and _CONCLUDES.fullmatch(heading.title):
        state.kind, state.title, state.category = None, None, None
    elif _is_group(heading):
        state.category, state.category_level, state.title = heading.title, heading.level, None
        state.kind = inner if inner and _ADVICE.search(heading.text) else state.kind
    elif _PLAIN.fullmatch(heading.title) or (
        inner is not None and len(heading.title) <= 16 and heading.level <= 3 and inner != state.kind
    ):
        state.kind, state.title = inner, None
    else:
        state.title = heading
        if heading.level <= state.category_level:
            state.category = None


def _is_group(heading: Block) -> bool:
    """Whether a heading only says what the issues below it are about (预算管理方面)."""
    about = _GROUP.search(heading.title) is not None and not _DOES.match(heading.title)
    return about and (heading.level <= 2 or _SECOND.match(heading.mark) is not None)


def _turns(head: str) -> bool:
    """Whether the lead of a marked paragraph says what follows (存在问题, 改进建议, 评价结论) rather than names an issue."""
    return bool(_FORM_LABEL.fullmatch(head)) or (len(head) <= 8 and bool(_ELSE.search(head)))


def is_closing(text: str) -> bool:
    """Whether a line ends a report: who signs it, its date, who filled it in, or the title of a table below it."""
    line = text.strip()
    if caption_of(line) is not None or is_label_line(line):
        return True
    return bool(
        _DATE.fullmatch(line)
        or _CONTACT.search(line)
        or _SIGNED.fullmatch(line)
        or _FORM_FOOT.match(line)
        or _WEB_FOOT.match(line)
    )


def _named_items(below: Sequence[Block | Table]) -> frozenset[int]:
    """Where the items start whose short first sentence names them: most items of their list begin with one."""
    found: list[int] = []
    runs: list[tuple[int, list[tuple[int, bool]]]] = []
    for part in below:
        if not isinstance(part, Block) or part.kind is not BlockKind.ITEM:
            runs.append((0, []))
            continue
        named = _named(_body(part))[0] is not None
        if not runs or runs[-1][0] != part.level:
            runs.append((part.level, []))
        runs[-1][1].append((part.span.start, named))
    for _, run in runs:
        heads = [start for start, named in run if named]
        if len(heads) * 2 > len(run):
            found.extend(start for start, _ in run)
    return frozenset(found)


def _body(block: Block) -> View:
    """A marked block's text without its mark."""
    return strip(block.view.part(len(block.mark), len(block.text)))


def _item(context: Context, kind: IssueKind, category: str | None, block: Block, titled: bool) -> Iterator[Draft]:
    """An item states an issue; its first sentence is the title where it names the issue."""
    view = _body(block)
    if not view.text:
        return
    if (project := _OF_PROJECT.match(view.text)) is not None and category is None:
        rest = strip(view.part(project.end(), len(view.text)))
        parts = _ordinals(rest)
        for start, part in parts if len(parts) > 1 else [(rest.whole.start, rest)]:
            if part.text:
                quote = Span(start, part.span(0, min(len(part.text), 30)).stop)
                yield from _issue(context, kind, project["name"], None, part, quote)
        return
    head, rest = _named_in_list(view) if titled else (None, view)
    if head is not None:
        quote = Span(block.span.start, head.span(0, len(head.text.removesuffix("。"))).stop)
        yield from _issue(context, kind, category, head.text.removesuffix("。"), rest, quote)
        return
    quote = Span(block.span.start, view.span(0, min(len(view.text), 40)).stop)
    yield from _issue(context, kind, category, None, view, quote)


def _stated(context: Context, state: _State) -> Iterator[Draft]:
    """The paragraphs below one heading: one issue under a title of its own, else one for each 一是 … 二是 …"""
    body, state.body = state.body, []
    if not body or state.kind is None:
        return
    if state.title is not None:
        yield from _issue(context, state.kind, state.category, state.title.title, join(body), state.title.span)
        return
    for view in body:
        yield from _paragraph(context, state.kind, state.category, view)


def _paragraph(context: Context, kind: IssueKind, category: str | None, view: View) -> Iterator[Draft]:
    parts = _ordinals(view)
    if len(parts) < 2 and (len(parts) != 1 or parts[0][1].whole.stop - parts[0][0] < len(view.text) - 1):
        parts = _advised(view) if kind is IssueKind.RECOMMENDATION else []
    if parts:
        for start, part in parts:
            yield from _ordinal(context, kind, category, start, part)
        return
    if _CAUSE.search(view.text[:40]) or (len(view.text) <= 60 and _INTRODUCES.search(view.text)):
        return
    head, rest = _named(view)
    if head is not None:
        yield from _issue(context, kind, category, head.text.removesuffix("。"), rest, head.whole)
    elif len(view.text) >= 12:
        yield from _issue(context, kind, category, None, view, view.span(0, min(len(view.text), 120)))


def _ordinal(context: Context, kind: IssueKind, category: str | None, start: int, view: View) -> Iterator[Draft]:
    """One of 一是 … 二是 …: a short first sentence names it."""
    if not view.text:
        return
    head, rest = _named(view)
    if head is not None:
        quote = Span(start, head.span(0, len(head.text.removesuffix("。"))).stop)
        yield from _issue(context, kind, category, head.text.removesuffix("。"), rest, quote)
    else:
        quote = Span(start, view.span(0, min(len(view.text), 30)).stop)
        yield from _issue(context, kind, category, None, view, quote)


def _advised(view: View) -> list[tuple[int, View]]:
    """“建议…；建议…”: each one, where there are at least two and the first opens the paragraph."""
    marks = [m.end() - 2 for m in _ADVISED.finditer(view.text)]
    if len(marks) < 2 or view.text[: marks[0]].strip():
        return []
    stops = [*marks[1:], len(view.text)]
    return [(view.places[start], strip(view.part(start, stop))) for start, stop in zip(marks, stops, strict=True)]


def _ordinals(view: View) -> list[tuple[int, View]]:
    marks = list(_ORDINAL.finditer(view.text))
    found = []
    for number, match in enumerate(marks):
        stop = marks[number + 1].start() if number + 1 < len(marks) else len(view.text)
        lead = len(match[0]) - len(match[0].lstrip())
        found.append((view.places[match.start() + lead], strip(view.part(match.end(), stop))))
    return found


def _numbered(view: View) -> list[tuple[int, View]]:
    """“1.…。2.…。” within one cell: each of at least two."""
    marks = list(_NUMBER.finditer(view.text))
    if len(marks) < 2 or marks[0].start():
        return []
    stops = [*(m.start() for m in marks[1:]), len(view.text)]
    return [(view.places[m.start()], strip(view.part(m.end(), stop))) for m, stop in zip(marks, stops, strict=True)]


def _named(view: View) -> tuple[View | None, View]:
    """“管理制度不健全。…” names its issue in a short first sentence."""
    cut = view.text.find("。")
    if (
        0 < cut <= _TITLE_LENGTH
        and cut + 4 < len(view.text)
        and (not re.search(r"[，,；;：:]", view.text[:cut]) or _TWO_MEASURES.match(view.text))
        and not mark_of(view.text)
    ):
        return view.part(0, cut + 1), strip(view.part(cut + 1, len(view.text)))
    return None, view


def _named_in_list(view: View) -> tuple[View | None, View]:
    """The same of an item whose neighbours are named so: its name may be of two parts (设施老化，维护资金不足。…)."""
    head, rest = _named(view)
    if head is not None or (two := _TWO_PARTS.match(view.text)) is None or len(view.text) - two.end() < len(two[0]):
        return head, rest
    return view.part(0, two.end()), strip(view.part(two.end(), len(view.text)))


def _issue(
    context: Context, kind: IssueKind, category: str | None, title: str | None, view: View, quote: Span
) -> Iterator[Draft]:
    text = view.text.strip().rstrip("。；;，,").strip()
    if not text:
        return
    record = Issue(quote=context.quote(quote), kind=kind, category=category, title=title, text=text)
    yield context.draft("issues", record, quote)
