"""Checking: a stated number of things against the list of them that follows at once, by names or by 一是 … 二是."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.checking.findings import Text, make
from pipeline.checking.passages import Passage, literal_in, passages
from pipeline.checking.places import without_brackets
from pipeline.checking.scene import Scene
from pipeline.checking.vocabulary import words
from pipeline.flow import Block, BlockKind, Finding
from schemas.relations import FindingKind
from schemas.values import squeeze

_END = re.compile(r"[。；;！\n]")
_DIVIDERS = re.compile(r"[、，,]")
_DIGIT = re.compile(r"\d")
_ITEM = re.compile(r"^[（(]?(\d{1,3})[）).．、]")
_LONGEST = 30
_LONGEST_LIST = 1000
_FEWEST = 2
_FAR = 300
"""Blocks behind an announcement that are looked at."""
_ORDINALS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_TENS = 10


def check_enumerations(scene: Scene) -> Iterator[Finding]:
    """Numbers of things with their lists."""
    known = words().enumerations
    for passage in passages(scene, known.number):
        yield from _names(scene, passage)
    for passage in passages(scene, known.ordinal_hint):
        yield from _ordinals(scene, passage)
    yield from _items(scene)


def _names(scene: Scene, passage: Passage) -> Iterator[Finding]:
    """“下属预算单位5个，分别为A、B、C、D。”: the number against the names.

    Precondition: a word of listing or a colon follows the number at once; the list is divided by 、 alone and ends with
    its sentence; no name holds a digit (amounts and further counts), none is longer than 30 characters, and no word
    says that the list is open (等, 例如). 和 or 及 before the last name may divide two or stand inside one: the number
    is wrong only if it is so either way.
    """
    known = words().enumerations
    for match in known.number.finditer(passage.text):
        end = _END.search(passage.text, match.end(), match.end() + _LONGEST_LIST)
        if end is None:
            continue
        listed = without_brackets(passage.text[match.end() : end.start()])
        if _DIGIT.search(listed) or known.open.search(match["what"] + listed):
            continue
        names = [name.strip() for name in listed.split("、")]
        if len(names) < _FEWEST or any(not n or len(n) > _LONGEST or _DIVIDERS.search(n) for n in names):
            continue
        joints = len(known.joint.findall(names[-1]))
        stated = int(match["n"])
        if not len(names) <= stated <= len(names) + joints:
            yield _finding(scene, passage, match, len(names))


def _ordinals(scene: Scene, passage: Passage) -> Iterator[Finding]:
    """“实施项目6个：一是…；二是…”: the number against the last of the ordinals.

    Precondition: the ordinals of the passage run from 一 without a gap or repetition, at least two of them; one number
    of things alone stands before the first, in its sentence or at the end of the one before, and no word says that
    the list is open.
    """
    known = words().enumerations
    marks = list(known.ordinals.finditer(passage.text))
    numbers = [ordinal(m["ordinal"]) for m in marks]
    if len(marks) < _FEWEST or numbers != list(range(1, len(numbers) + 1)):
        return
    first = marks[0].start("ordinal")
    start = max((m.end() for m in _END.finditer(passage.text, 0, max(0, first - 1))), default=0)
    before = passage.text[start:first]
    found = list(known.ordinal_number.finditer(passage.text, start, first))
    if len(found) != 1 or len(_DIGIT.findall(before)) != len(found[0]["n"]) or known.open.search(before):
        return
    last = passage.text[marks[-1].end() :]
    if int(found[0]["n"]) != len(marks) and not known.open.search(_END.split(last)[0][-_TENS:]):
        yield _finding(scene, passage, found[0], len(marks))


def _items(scene: Scene) -> Iterator[Finding]:
    """“本次自评的项目共3个…，具体为：” and the numbered items that follow it at once: the number against the items.

    Precondition: the paragraph ends with a colon and states one number of projects; the items next to it are numbered
    from 1 without a gap, and no later item of its chapter goes on with the next number.
    """
    blocks = [b for b in scene.layout.parts if isinstance(b, Block)]
    for place, block in enumerate(blocks):
        if not block.text.rstrip().endswith(("：", ":")):
            continue
        found = list(words().project_count.finditer(block.text))
        if len(found) != 1:
            continue
        count = 0
        chapter = list(_chapter(blocks[place + 1 : place + 1 + _FAR], block))
        while count < len(chapter) and _number(chapter[count]) == count + 1:
            count += 1
        goes_on = any(_number(b) == count + 1 for b in chapter[count:]) or _tells_next(chapter[:count])
        group = "a" if found[0]["a"] else "b"
        if count >= _FEWEST and not goes_on and int(found[0][group]) != count:
            passage = Passage(block, scene.layout.report_at(block.span.start))
            yield _of_items(scene, passage, found[0].span(group), count)


def _tells_next(items: Sequence[Block]) -> bool:
    """Whether the last item goes on with the next one's number in its own paragraph (（3）…；（4）…)."""
    return bool(items) and re.search(rf"[；;。][（(]?{len(items) + 1}[）).．、]", squeeze(items[-1].text)) is not None


def _chapter(blocks: Sequence[Block], above: Block) -> Iterator[Block]:
    """The blocks up to the next one under other headings."""
    for block in blocks:
        if block.path[: len(above.path)] != above.path or (block.kind is BlockKind.HEADING and not _number(block)):
            return
        yield block


def _number(block: Block) -> int | None:
    match = _ITEM.match(block.mark)
    return int(match[1]) if match else None


def _of_items(scene: Scene, passage: Passage, place: tuple[int, int], count: int) -> Finding:
    stated = passage.text[slice(*place)]
    return make(
        FindingKind.COUNT,
        "counts.items",
        passage.report,
        Text(f"称项目{stated}个，所列为{count}个", f"{stated} projects are announced, {count} are listed"),
        stated=stated,
        computed=str(count),
        literals=[literal_in(scene, passage, "stated", *place)],
    )


def ordinal(text: str) -> int:
    """The value of a Chinese ordinal up to 九十九, 0 where it is none."""
    tens, ten, ones = text.partition("十")
    if not ten:
        return _ORDINALS.get(text, 0)
    return _ORDINALS.get(tens, 1) * _TENS + _ORDINALS.get(ones, 0)


def _finding(scene: Scene, passage: Passage, match: re.Match[str], count: int) -> Finding:
    stated, unit = match["n"], match["unit"]
    literals = [literal_in(scene, passage, "stated", *match.span("n"))]
    return make(
        FindingKind.COUNT,
        "counts.enumeration",
        passage.report,
        Text(f"称{stated}{unit}{match['what']}，所列为{count}{unit}", f"{stated} are announced, {count} are listed"),
        stated=stated,
        computed=str(count),
        literals=literals,
    )
