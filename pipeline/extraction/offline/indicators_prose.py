"""Extraction, offline: ``indicators`` that prose scores one by one: 立项依据充分性（3分）：得2分。扣1分，因为未见论证纪要。"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.extraction.offline.context import Context, Places, words
from pipeline.flow import Block, BlockKind, Draft, View
from pipeline.layout.lines import strip
from pipeline.layout.marks import mark_of
from pipeline.numerals import Numeral, numeral_at
from schemas.indicators import Indicator

_N = r"\d+(?:\.\d+)?"
_FULL = r"(?:满分|分值|权重|标准分|赋分|总分|共)?(?:为|[:：])?\s?"
_LEVEL = re.compile(
    rf"(?P<level>[一二三四])级指标\s?\d*\s?[:：]\s?(?P<name>[^（()）：:，,。；;]{{2,24}}(?:[（(]{_FULL}{_N}\s?分[）)])?)"
)
_HEAD = re.compile(rf"(?P<name>[^（()）：:，,。；;\d]{{2,24}}[（(]{_FULL}{_N}\s?分[）)])[:：。]?")
_NUMBERED = re.compile(r"(?:[一二三四]级指标\s?\d*\s?[:：]\s?|[A-Z]\d{1,4}\s?[.．、]?\s?)")
_ENTRY = re.compile(
    rf"[“\"]?(?P<name>[^（()）：:，,。；;\d“”\"][^（()）：:，,。；;“”\"]{{1,24}}?)[”\"]?"
    rf"(?:[（(]{_FULL}(?P<weight>{_N})\s?分(?=[^（()）]{{0,30}}[）)])"
    rf"|[：:，,。]?(?:该项?指标|本指标)?(?:满分|分值|权重|标准分|赋分)(?:为|[:：])?\s?(?P<other>{_N})\s?分)"
)
_SCORE = re.compile(rf"(?:得分|实得|评分|得)(?:为|[:：])?\s?(?P<score>{_N})\s?分(?![值率])")
_TARGET = re.compile(
    r"(?<=[，,：:；;。（(])\s?(?:年度)?(?:目标|计划|指标)值(?:为|[:：])?\s?(?P<value>[^，,；;。）)]{1,40})"
)
_ACTUAL = re.compile(
    r"(?<=[，,：:；;。（(])\s?(?:实际(?:完成)?值|完成值|实际完成)(?:为|[:：])?\s?(?P<value>[^，,；;。）)]{1,40})"
)
_REASON = re.compile(
    rf"(?:扣分原因|扣分理由|偏差原因)(?:[是为]|[:：])\s?(?P<given>[^。]+)"
    rf"|扣\s?{_N}\s?分[，,]?(?:因为|因|原因[是为]|主要是|系)(?P<told>[^。；;]+)"
)
_FIRST_LEVEL = re.compile(
    r"(?:项目|部门|预算)?(?:决策|投入|过程|产出|效益|效果|管理|履职|绩效|满意度)(?:类|方面|情况)?(?:指标)?"
)
_TOLD = re.compile(
    rf"(?:(?P<group>[\u4e00-\u9fff]{{2,8}})[：:]\s?)?(?P<name>[^，,。；;：:—–]{{2,30}}?)\s?(?:[—–]{{1,2}}|[：:，,])\s?"
    r"(?:年度|年初|预期)?(?:指标|目标|计划|预期)值?(?:为|[:：])?\s?(?P<target>[^，,；;。：:]{1,30})[，,；;]\s?"
    r"(?:实际完成|实际|完成)值?(?:为|[:：])?\s?(?P<actual>[^，,；;。：:]{1,30})[，,；;]\s?"
    rf"(?:满分|分值|权重|标准分)?(?:为|[:：])?\s?(?P<weight>{_N})\s?分[，,；;]\s?"
    rf"(?:自评|实际)?(?:得分|实得|得)(?:为|[:：])?\s?(?P<score>{_N})\s?分(?![值率])"
)
"""An indicator whose line tells all of it in one order: 数量：培训场次——指标值≥8场，实际9场，8分，得8分."""

_FEWEST = 3
"""Scored indicators of a document from which on they are a list of them and no remark about one."""
_LONGEST = 600


class _Scored(NamedTuple):
    """An indicator with its marks (weight and score): the block of its name, the block of its score, and the levels above it."""

    head: Block
    body: Block
    entry: re.Match[str]
    score: re.Match[str]
    marks: Mapping[str, Numeral]
    levels: Mapping[str, str]


@dataclass(slots=True)
class _Levels:
    """The names of the levels that lines before an indicator give (一级指标：决策（20分）)."""

    names: dict[str, str]

    def read(self, text: str) -> bool:
        """Takes a line that names a level and scores nothing; the levels below it end."""
        match = _LEVEL.match(text)
        if match is None or _SCORE.search(text, match.end()):
            return False
        place = "一二三四".index(match["level"]) + 1
        self.names = {k: v for k, v in self.names.items() if int(k[-1]) < place} | {f"level{place}": match["name"]}
        return True


def read(context: Context) -> Iterator[Draft]:
    """The indicators of a document that paragraphs score one by one, in reading order; what they say of a table's scores
    is no record of its own."""
    if any(context.columns(table).has("level3", "score") for table in context.layout.tables):
        return
    blocks = context.layout.blocks
    told = [(block, *line) for block in blocks if (line := _told(block)) is not None]
    inside = {block.span.start for block, *_ in told}
    found = list(_scored([block for block in blocks if block.span.start not in inside]))
    if len(told) >= _FEWEST:
        yield from (_told_draft(context, *line) for line in told)
    if len(found) >= _FEWEST:
        for scored in found:
            yield _draft(context, scored)


def _told(block: Block) -> tuple[re.Match[str], Mapping[str, Numeral]] | None:
    """The line of an indicator that tells its target, its actual value, its weight and its score in this order; the two last
    as numbers."""
    if "分" not in block.text or len(block.text) > _LONGEST:
        return None
    start = len(block.text) - len(block.text[len(block.mark) :].lstrip())
    match = _TOLD.match(block.text, start)
    if match is None or len(_SCORE.findall(block.text)) != 1:
        return None
    marks = _marks((block, "weight", match.start("weight")), (block, "score", match.start("score")))
    return (match, marks) if marks is not None else None


def _marks(*places: tuple[Block, str, int]) -> Mapping[str, Numeral] | None:
    """The numbers that begin at places, by their fields; None where the digits at one of them are no figure."""
    found = {field: n for block, field, start in places if (n := numeral_at(block.text, start)) is not None}
    return found if len(found) == len(places) else None


def _told_draft(context: Context, block: Block, match: re.Match[str], marks: Mapping[str, Numeral]) -> Draft:
    places = Places()
    view = block.view
    values: dict[str, object] = {field: places.number(field, view, numeral) for field, numeral in marks.items()}
    values |= {field: places.quantity(field, strip(view.part(*match.span(field)))) for field in ("target", "actual")}
    levels = dict(_above(block))
    if not levels and block.path:
        title = _bare(block.path[-1])
        levels = {"level1": title} if _FIRST_LEVEL.fullmatch(title) else {}
    if match["group"]:
        levels["level2"] = match["group"]
    reason = _REASON.search(block.text, match.end())
    start = match.start("group") if match["group"] else match.start("name")
    quote = view.span(start, match.end())
    record = Indicator.model_validate(
        {
            "quote": context.quote(quote),
            "table": block.path[0] if block.path else None,
            **{f"level{n}": levels.get(f"level{n}") for n in (1, 2)},
            "level3": match["name"].strip(),
            "deviation_reason": words(reason["given"] or reason["told"]) if reason else None,
            **values,
        }
    )
    return context.draft("indicators", record, quote, places.spans)


def _scored(blocks: Sequence[Block]) -> Iterator[_Scored]:
    levels = _Levels({})
    for index, block in enumerate(blocks):
        text = block.text
        if "分" not in text or len(text) > _LONGEST:
            continue
        start = len(block.mark) + len(text[len(block.mark) :]) - len(text[len(block.mark) :].lstrip())
        if levels.read(text[start:]):
            continue
        lead = _NUMBERED.match(text, start)
        entry = _ENTRY.match(text, lead.end() if lead else start)
        if entry is None or _FIRST_LEVEL.fullmatch(entry["name"]):
            continue
        body = _body(blocks, index, entry)
        if body is not None:
            score = _SCORE.search(body.text, entry.end() if body is block else 0)
            assert score is not None
            weight = "weight" if entry["weight"] else "other"
            marks = _marks((block, "weight", entry.start(weight)), (body, "score", score.start("score")))
            if marks is not None and len(_SCORE.findall(body.text)) == 1:
                yield _Scored(block, body, entry, score, marks, levels.names or _above(block))


def _body(blocks: Sequence[Block], index: int, entry: re.Match[str]) -> Block | None:
    """The block that gives an indicator's score: its own, or the paragraph below its heading."""
    block = blocks[index]
    if _SCORE.search(block.text, entry.end()):
        return block
    below = blocks[index + 1] if index + 1 < len(blocks) else None
    bare = block.kind is not BlockKind.PARAGRAPH and entry.end() + 2 >= len(block.text)
    if not bare or below is None or below.mark or below.kind is BlockKind.HEADING or _ENTRY.match(below.text):
        return None
    return below if _SCORE.search(below.text) else None


def _above(block: Block) -> Mapping[str, str]:
    """The levels that the headings above name with their full marks (（一）决策（20分）, 1.项目立项（6分）)."""
    named = [match["name"] for heading in block.path if (match := _HEAD.fullmatch(_bare(heading)))]
    return {f"level{n}": name for n, name in enumerate(named[:2], 1)}


def _bare(heading: str) -> str:
    mark = mark_of(heading)
    return heading[len(mark.text) if mark else 0 :].strip()


def _draft(context: Context, found: _Scored) -> Draft:
    places = Places()
    head, body = found.head.view, found.body.view
    values = {
        "weight": places.number("weight", head, found.marks["weight"]),
        "score": places.number("score", body, found.marks["score"]),
        "target": _quantity(places, "target", body, _TARGET),
        "actual": _quantity(places, "actual", body, _ACTUAL),
    }
    reason = _REASON.search(body.text)
    start, stop = head.span(found.entry.start("name"), found.entry.end()), body.span(*found.score.span())
    quote = start._replace(stop=max(start.stop, stop.stop))
    record = Indicator.model_validate(
        {
            "quote": context.quote(quote),
            "table": found.head.path[0] if found.head.path else None,
            **{f"level{n}": found.levels.get(f"level{n}") for n in (1, 2)},
            "level3": found.entry["name"].strip(),
            "deviation_reason": words(reason["given"] or reason["told"]) if reason else None,
            **values,
        }
    )
    return context.draft("indicators", record, quote, places.spans)


def _quantity(places: Places, field: str, view: View, pattern: re.Pattern[str]) -> object:
    match = pattern.search(view.text)
    return places.quantity(field, strip(view.part(*match.span("value")))) if match else None
