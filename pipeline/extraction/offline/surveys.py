"""Extraction, offline: ``survey_answers`` from option tables below their questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from pipeline.extraction.offline.columns import Columns, count_of
from pipeline.extraction.offline.context import Context, Places
from pipeline.flow import Block, BlockKind, Draft, Table, View
from pipeline.numerals import Numeral, find_numerals
from schemas.columns import is_total
from schemas.survey_answers import SurveyAnswer
from schemas.values import squeeze

_QUESTION = re.compile(
    r"^(?:(?:第\s?|问题\s?)(?P<no>\d{1,2})\s?题?\s?[：:\s]|(?P<plain>\d{1,2})\s?[.．、])\s*(?P<text>.+)$", re.DOTALL
)
_KIND = re.compile(r"\s*[\[［【(（](?:单选|多选|单项|多项|填空|判断)[^\]］】)）]*[\]］】)）]\s*$")
_SURVEY = re.compile(r"问卷|调查(?:统计|结果|汇总)(?:表|情况)?$|满意度调查表?$")
_ANNEX = re.compile(r"^附[件表]?\s?\d{0,2}\s?[：:\s]\s*")
_RETURNED = re.compile(r"(?:有效(?:问卷|填写|答卷|样本)|(?:收回|回收)问卷)[^\d，。；]{0,6}(?=\d)")
_ANSWER = re.compile(
    r"(?:\A|(?<=[；;。]))\s?(?P<option>[^，,：:。；;\d%％]{1,24}?)[的：:，,]?\s?(?P<count>\d{1,6})\s?[人份名票个][，,（(]\s?(?:占比?|比例)?为?\s?"
    r"(?P<share>\d{1,3}(?:\.\d{1,2})?\s?[%％])[）)]?[；;。]?"
)
_SPACED_ANSWER = re.compile(
    r"\A(?P<option>[^\s，,：:。；;\d%％]{1,24})\s{1,20}(?P<count>\d{1,6})\s?[人份名票个]?\s{1,20}(?P<share>\d{1,3}(?:\.\d{1,2})?\s?[%％])\Z"
)
_SATISFIED = re.compile(
    r"(?P<option>(?:非常|十分|很|比较|较为?|基本|不太|不|很不|非常不)?满意|一般)的?(?:为|有|[：:])?\s?(?P<count>\d{1,6})\s?[人份名户票][，,（(]\s?(?:所?占比?|比例)?为?\s?"
    r"(?P<share>\d{1,3}(?:\.\d{1,2})?\s?[%％])[）)]?"
)
"""An answer within a paragraph: how satisfied (非常满意180份，占60%)."""

_NEXT_ANSWER = re.compile(r"\s?[；;，,、]?\s?(?:和|及)?(?:选择|表示|认为)?[“\"]?")
_FEWEST_TOLD = 3
_OF_ANSWERS = re.compile(
    r"\s*[（(][^（()）]{0,8}?(?:有效填写|填写|有效答卷|有效问卷|有效样本|答题)[^（()）\d]{0,6}(?P<n>\d{1,6})[^（()）]{0,4}[）)]\s*$"
)
"""How many answered a question, in brackets behind it."""

_RESPONDENTS = re.compile(r"有效填写|填写人次|有效问卷|答题人数")


def read(context: Context) -> Iterator[Draft]:
    """The answers of every questionnaire, in reading order."""
    survey: str | None = None
    question: tuple[str | None, str] | None = None
    answered: tuple[View, Numeral] | None = None
    options: set[str] = set()
    recent: list[Block] = []
    for part in context.layout.parts:
        if isinstance(part, Block):
            recent = [*recent[-2:], part]
            match = _QUESTION.match(part.text)
            if match:
                text = _KIND.sub("", match["text"]).strip()
                if (bracket := _OF_ANSWERS.search(text)) is not None:
                    text, answered = text[: bracket.start()], _counted(part, bracket["n"]) or answered
                question, options = (match["no"] or match["plain"], text), set()
            elif question is not None and (told := list(_told(part))):
                counts = {n.start: n for n in part.numerals}
                yield from (
                    _told_answer(context, part, m, counts[m.start("count")], survey, question, answered)
                    for m in told
                    if m.start("count") in counts and m["option"] not in options
                )
                options.update(m["option"] for m in told)
            elif told := _told_within(part):
                answered = _returned(part)
                counts = {n.start: n for n in part.numerals}
                for m in told:
                    yield _told_answer(context, part, m, counts[m.start("count")], None, (None, None), answered)
            elif (returned := _returned(part)) is not None:
                answered = returned
            elif _SURVEY.search(part.text) and len(part.text) <= 60 and "。" not in part.text:
                survey = _title(recent)
                if part.kind is BlockKind.HEADING or _ANNEX.match(part.text):
                    answered = None
            continue
        if part.caption and (match := _QUESTION.match(part.caption)):
            question = (match["no"] or match["plain"], _KIND.sub("", match["text"]).strip())
        columns = context.columns(part)
        if columns.has("option") and columns.any("count", "share"):
            yield from _answers(context, part, columns, survey, question, answered)
            question = None


def _title(recent: list[Block]) -> str:
    """The questionnaire's title; a line of its own just above belongs to it where it ends in no sentence."""
    title = _ANNEX.sub("", recent[-1].text)
    if len(recent) > 1 and len(recent[-2].text) <= 40 and not re.search(r"[。；：:\d]$", recent[-2].text):
        above = recent[-2].text
        if re.search(r"评价$|绩效$|年度?$|单位$|局$", squeeze(above)):
            title = above + title
    return title


def _returned(block: Block) -> tuple[View, Numeral] | None:
    """How many answered, where a line or sentence above the questions says it (收回有效问卷240份)."""
    for match in islice(_RETURNED.finditer(block.text), 4):
        numeral = next(find_numerals(block.text, match.end()), None)
        if (
            numeral is not None
            and numeral.start == match.end()
            and not numeral.value % 1
            and numeral.unit in {"份", "人", None}
        ):
            return block.view, numeral
    return None


def _counted(block: Block, printed: str) -> tuple[View, Numeral] | None:
    """The last number of a block that is printed so."""
    found = [n for n in block.numerals if block.text[n.start : n.stop] == printed]
    return (block.view, found[-1]) if found else None


def _told(block: Block) -> Iterator[re.Match[str]]:
    """The answers that a line below a question tells: 很满意，231人，占51.3%, or several of them one after the other."""
    if "%" not in block.text and "％" not in block.text:
        return
    if (alone := _SPACED_ANSWER.match(block.text)) is not None:
        yield alone
        return
    found = list({m["option"]: m for m in reversed(list(_ANSWER.finditer(block.text)))}.values())[::-1]
    if found and not _ANSWER.sub("", block.text).strip("；;。，, "):
        yield from found


def _told_within(block: Block) -> list[re.Match[str]]:
    """The answers that a sentence of a paragraph counts one after the other, at least three; none where a number of them
    is no figure of its own."""
    text = block.text
    if text.count("满意") < _FEWEST_TOLD - 1:
        return []
    found: list[re.Match[str]] = []
    for match in _SATISFIED.finditer(text):
        if found and not _NEXT_ANSWER.fullmatch(text, found[-1].end(), match.start()):
            if len(found) >= _FEWEST_TOLD:
                break
            found = []
        found.append(match)
    starts = {n.start for n in block.numerals}
    once = len({m["option"] for m in found}) == len(found) >= _FEWEST_TOLD
    return found if once and all(m.start("count") in starts for m in found) else []


def _told_answer(  # noqa: PLR0913 - what stands around the answer
    context: Context,
    block: Block,
    match: re.Match[str],
    counted: Numeral,
    survey: str | None,
    question: tuple[str | None, str | None],
    answered: tuple[View, Numeral] | None,
) -> Draft:
    places = Places()
    quote = block.view.span(match.start("option"), match.end("share"))
    record = SurveyAnswer(
        quote=context.quote(quote),
        survey=survey,
        question_no=question[0],
        question=question[1],
        option=match["option"],
        count=places.number("count", block.view, counted),
        share=places.quantity("share", block.view.part(*match.span("share"))),
        respondents=places.number("respondents", *answered) if answered else None,
    )
    return context.draft("survey_answers", record, quote, places.spans)


def _answers(
    context: Context,
    table: Table,
    columns: Columns,
    survey: str | None,
    question: tuple[str | None, str] | None,
    answered: tuple[View, Numeral] | None,
) -> Iterator[Draft]:
    total = next((r for r in table.body if r.cells and _RESPONDENTS.search(squeeze(r.cells[0].text))), None)
    respondents = next((c for c in total.cells[1:] if count_of(c)), None) if total else None
    for row in table.body:
        if (asked := columns.cell(row, "question")) is not None:
            match = _QUESTION.match(asked.text)
            number_cell = columns.cell(row, "seq")
            asked_as = number_cell.text if number_cell is not None else None
            question = (match["no"] or match["plain"], match["text"]) if match else (asked_as, asked.text)
        option = columns.cell(row, "option")
        if row is total or option is None or is_total(option.text):
            continue
        places = Places()
        count, share = columns.cell(row, "count"), columns.cell(row, "share")
        how_many, all_counted = count_of(count), count_of(respondents)
        of_all = (respondents.view, all_counted) if respondents and all_counted else answered
        record = SurveyAnswer(
            quote=context.quote(row.span),
            survey=survey,
            question_no=question[0] if question else None,
            question=question[1] if question else None,
            option=option.text,
            count=places.number("count", count.view, how_many) if count and how_many else None,
            share=places.quantity("share", share.view) if share else None,
            respondents=places.number("respondents", *of_all) if of_all else None,
        )
        yield context.draft("survey_answers", record, row.span, places.spans)
