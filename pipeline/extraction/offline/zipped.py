"""Extraction, offline: lists that are read together (“甲、乙2个项目，预算分别为5万元、6万元，支出分别为…”)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.flow import View
from pipeline.layout.lines import strip
from pipeline.numerals import Numeral, find_numerals

_SENTENCE = re.compile(r"[^。；;]+")
_EACH = re.compile(
    r"(?P<label>[\u4e00-\u9fff]{0,12}?)分别(?P<verb>[\u4e00-\u9fff]{0,6}?)(?:为|是|达到?|占|得)?[：:]?\s?(?=[-−0-9０-９])"
)
_BEGINS = re.compile(r"\s*[-−－﹣]?[0-9０-９]")
_JOINT = re.compile(r"\s?(?:、|，|,|和|及|与|以及)\s?")
_COUNT = re.compile(
    r"(?:等)?\s?(?P<count>\d{1,2}|[一二两三四五六七八九十]{1,2})\s?(?:个|项|大?类|方面)"
    r"(?P<sort>(?:[\u4e00-\u9fff]{0,6}(?:项目|工程|指标|资金|经费|部分|方面|维度|类别|环节))?)$"
)
_LAST_CLAUSE = re.compile(r"[，,：:（(](?=[^，,：:（(]*$)")
_NUMBERS = {c: n for n, c in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_MOST = 40


@dataclass(frozen=True, slots=True)
class Column:
    """The figures of one list and the words that name them."""

    label: str
    numerals: tuple[Numeral, ...]


@dataclass(frozen=True, slots=True)
class Zipped:
    """Names, and lists of as many figures each; ``sort`` is what the names are counted as (项目, 一级指标), if anything.

    ``start`` and ``stop`` are the places in the text where the first name begins and the last list ends.
    """

    names: tuple[View, ...]
    sort: str
    columns: tuple[Column, ...]
    start: int
    stop: int


def zipped(view: View) -> Iterator[Zipped]:
    """The zipped lists of a text, one at most in each sentence: names and figures in equal numbers, at least two, and as
    many as the sentence counts where it counts them."""
    if "分别" not in view.text:
        return
    for sentence in _SENTENCE.finditer(view.text):
        found = _in_sentence(view, sentence.start(), sentence.end())
        if found is not None:
            yield found


def _in_sentence(view: View, start: int, stop: int) -> Zipped | None:
    marks = list(_EACH.finditer(view.text, start, stop))
    if not marks:
        return None
    columns = [Column(m["label"] or m["verb"], _list(view.text, m.end(), stop)) for m in marks]
    size = len(columns[0].numerals)
    if not 2 <= size <= _MOST or any(len(c.numerals) != size for c in columns):
        return None
    found = _names(strip(view.part(start, marks[0].end("label"))), columns[0].label, size)
    if found is None:
        return None
    names, sort, label = found
    last = columns[-1].numerals[-1].unit_stop
    first = Column(label or marks[0]["verb"], columns[0].numerals)
    return Zipped(names, sort, (first, *columns[1:]), view.text.index(names[0].text, start), last)


def _list(text: str, start: int, stop: int) -> tuple[Numeral, ...]:
    """The figures from a place on that nothing but list marks part."""
    found: list[Numeral] = []
    if not _BEGINS.match(text, start, stop):
        return ()
    place = start
    for numeral in find_numerals(text, start, stop):
        between = text[place : numeral.start]
        if (found and not _JOINT.fullmatch(between)) or (not found and between.strip()):
            break
        found.append(numeral)
        place = numeral.unit_stop
    return tuple(found)


def _names(before: View, label: str, size: int) -> tuple[tuple[View, ...], str, str] | None:
    """The names before the first label: as many as there are figures, else None; with what they are counted as, and the
    label that is left."""
    text = before.text
    comma = re.search(r"[，,]\s?([\u4e00-\u9fff]{1,12})$", text)
    if comma:
        return _split_names(strip(before.part(0, comma.start())), size, comma[1])
    for cut in range(len(text), max(len(text) - len(label) - 1, 0), -1):
        found = _split_names(before.part(0, cut), size, text[cut:])
        if found is not None and found[1]:
            return found
    return None


def _split_names(region: View, size: int, label: str) -> tuple[tuple[View, ...], str, str] | None:
    count = _COUNT.search(region.text)
    if count is not None:
        printed = count["count"]
        stated = int(printed) if printed.isdecimal() else _NUMBERS.get(printed, 0)
        if stated != size:
            return None
        region = strip(region.part(0, count.start()))
    clause = _LAST_CLAUSE.search(region.text)
    if clause:
        region = strip(region.part(clause.end(), len(region.text)))
    for joints in (r"、", r"、|以及|和|及|与"):
        names = _parts(region, re.compile(joints))
        if len(names) == size and all(2 <= len(n.text) <= 50 for n in names):
            return tuple(names), count["sort"] if count else "", label
    return None


def _parts(region: View, joints: re.Pattern[str]) -> list[View]:
    places = [0]
    for match in joints.finditer(region.text):
        places += [match.start(), match.end()]
    places.append(len(region.text))
    return [strip(region.part(a, b)) for a, b in zip(places[::2], places[1::2], strict=True)]
