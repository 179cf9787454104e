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
from pipeline.numerals import find_numerals
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
_FEWEST = 3
"""Scored indicators of a document from which on they are a list of them and no remark about one."""
_LONGEST = 600


class _Scored(NamedTuple):
    """An indicator with its marks: the block of its name, the block of its score, and the levels above it."""

    head: Block
    body: Block
    entry: re.Match[str]
    score: re.Match[str]
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
    found = list(_scored(list(context.layout.blocks)))
    if len(found) >= _FEWEST:
        for scored in found:
            yield _draft(context, scored)


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
            if len(_SCORE.findall(body.text)) == 1:
                yield _Scored(block, body, entry, score, levels.names or _above(block))


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
    marked = [(heading, mark_of(heading)) for heading in block.path]
    bare = [heading[len(mark.text) if mark else 0 :].strip() for heading, mark in marked]
    named = [match["name"] for heading in bare if (match := _HEAD.fullmatch(heading))]
    return {f"level{n}": name for n, name in enumerate(named[:2], 1)}


def _draft(context: Context, found: _Scored) -> Draft:
    places = Places()
    head, body = found.head.view, found.body.view
    field = "weight" if found.entry["weight"] else "other"
    weight = next(find_numerals(head.text, found.entry.start(field)))
    score = next(find_numerals(body.text, found.score.start("score")))
    values = {
        "weight": places.number("weight", head, weight),
        "score": places.number("score", body, score),
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
