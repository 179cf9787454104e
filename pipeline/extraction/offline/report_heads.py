"""Extraction, offline: a report's title, department, evaluator and date, from its head, its prose and its signature."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from pipeline.extraction.offline.context import Context
from pipeline.flow import Block, Segment, Table, View
from schemas.values import squeeze

_FORM = re.compile(r"(?:自评表|评价表|评分表)(?:[（(].{0,12}[）)])?$")
_REPORT = re.compile(r"(?:自评|评价|绩效|决算).{0,12}(?:报告|说明|情况|总结|材料)$")
_NAMELESS = re.compile(r"(?:19|20)\d\d年(?=部门|单位|度)")
_NO_TITLE = re.compile(r"[。；;：:，,]|^附件?|^[表图]\s?\d")
_HEAD_BLOCKS = 8
_DATE = re.compile(r"((?:19|20)\d{2})\s?[年\-./]\s?(\d{1,2})\s?[月\-./]\s?(\d{1,2})\s?日?")
_CHINESE_DATE = re.compile(
    r"([二一][〇○零一二三四五六七八九]{3})年(十[一二]?|[一二三四五六七八九])月(三十一?|二?十[一二三四五六七八九]?|二十|[一二三四五六七八九])日"
)
_WIDE_DIGIT = re.compile("[０-９]")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_DATED = re.compile(r"(?:填报|报告|评价|编制|填表)日期")
_SIGNED = re.compile(r"填表人|审核人|负责人|填报人|经办人|签字|盖章")
_PUBLISHED = re.compile(r"(?:发布|发文|公开|印发|成文)(?:时间|日期)")
_ORG = (
    r"[\u4e00-\u9fff]{2,30}?(?:委员会|管理局|政府|局|委|厅|办公室|办|中心|医院|卫生院|学校|大学|学院|中学|小学|幼儿园|党校|法院|检察院|院|部"
    r"|镇|乡|街道|处|队|馆|所|站|会)"
)
_DEPARTMENT = re.compile(
    rf"(?:19|20)\d{{2}}\s?年度?({_ORG})(?=专项|项目|部门|整体|单位|绩效|预算|财政|支出|$)"
    rf"|^({_ORG})(?=\s?(?:关于)?(?:19|20)\d{{2}})"
    rf"|^({_ORG})(?=(?:部门|单位)?(?:整体支出|整体绩效|预算绩效|支出绩效|项目支出))"
)
_LABELLED = re.compile(
    rf"(?:被评价单位|填报单位|自评单位|报告单位|部门（单位）名称|部门\(单位\)名称|部门名称|单位名称|预算部门名称|被评价部门)[：:\s|]*({_ORG})(?![\u4e00-\u9fff])"
    rf"|主管部门[：:\s]{{1,3}}({_ORG})(?=\s)"
)
_EVALUATED = re.compile(
    rf"对({_ORG})(?=(?:19|20)\d{{2}}\s?年|(?:管理|实施|负责|承担|组织实施|主管)的)"
    rf"|({_ORG})是[\u4e00-\u9fff]{{2,20}}(?:工作|主管|组成)?部门"
)
_FIRM = (
    r"[\u4e00-\u9fff（）()]{4,40}?(?:有限责任公司|有限公司|事务所(?:有限(?:责任)?公司)?|研究院|研究所|中心)"
    r"(?:[（(](?:特殊)?普通合伙[）)])?"
)
_EVALUATOR = re.compile(
    rf"(?:评价(?:实施)?机构(?:全称|名称)?(?:[（(]盖章[）)])?[：:\s]*|委托[，,]\s?|第三方机构[：:]?)({_FIRM})"
    rf"|委托(?!方|单位|机构|部门|人)(?:了|第三方机构)?({_FIRM})(?=(?:(?!自评)[^。；]){{0,24}}评价)"
)
_BUREAU = re.compile(
    r"([\u4e00-\u9fff]{1,12}财政局(?:[\u4e00-\u9fff]{0,6}评价中心)?)(?:抽调\s?\d{1,3}\s?人)?(?:组成|组织|成立)了?[\u4e00-\u9fff]{0,6}评价(?:工作)?小?组"
)
_OF_SEVERAL = re.compile(r"([\u4e00-\u9fff]{1,12}财政局)关于[^，。；]{0,40}(?<!自)评价(?:工作)?(?:结果|情况)")
"""The title of a bureau's report on the evaluations of several departments' projects."""


def evaluating_bureau(title: str | None) -> str | None:
    """The finance bureau whose own report this is on what it evaluated of several departments; None for other reports."""
    match = _OF_SEVERAL.match(squeeze(title or ""))
    return match[1] if match else None


def squeeze_title(text: str) -> str:
    """A title with its line breaks removed; spaces inside a line stay."""
    return re.sub(r"[\n\r\t]+", "", text).strip()


def title_of(segment: Segment, parts: Sequence[Block | Table]) -> str | None:
    """The title that the layout found, else the one that stands in the head, a form's caption or the first line of the
    report, whose parts these are."""
    found = squeeze_title(segment.title.text) if segment.title else None
    if found and not re.match(r"[表图]\s?\d", found):
        return found
    head = _head_title(parts)
    if head and not _FORM.search(squeeze(head)):
        return head
    captions = (p.caption for p in parts if isinstance(p, Table) and p.caption)
    form = next((squeeze_title(c) for c in captions if _FORM.search(squeeze(c))), None)
    first = parts[0] if parts else None
    if not form and isinstance(first, Block) and first.mark and len(first.text) <= 30 and "。" not in first.text:
        return squeeze_title(first.text)
    return form or head or found


def _head_title(parts: Sequence[Block | Table]) -> str | None:
    """A line in the head of a report that calls itself a report; a line above it that names department or year is part
    of it."""
    above: Block | None = None
    for part in parts[:_HEAD_BLOCKS]:
        if not isinstance(part, Block) or part.mark:
            return None
        bare = squeeze(part.text)
        if len(bare) <= 60 and not _NO_TITLE.search(bare) and (_REPORT.search(bare) or _FORM.search(bare)):
            own = squeeze_title(part.text)
            if (
                above is not None
                and (len(bare) <= 12 or _NAMELESS.match(bare))
                and not _NO_TITLE.search(squeeze(above.text))
            ):
                return squeeze_title(above.text) + bare
            return own
        above = part
    return None


def parts_of(context: Context, segment: Segment) -> list[Block | Table]:
    """The blocks and tables of a report."""
    starts = ((part, part.span.start) for part in context.layout.parts)
    return [part for part, place in starts if any(start <= place < stop for start, stop in segment.spans)]


def department_of(title: str | None, text: str) -> str | None:
    """The department that the title names, else the prose."""
    if title and (match := _DEPARTMENT.search(squeeze(title))):
        return match[1] or match[2] or match[3]
    match = _LABELLED.search(text) or _EVALUATED.search(text)
    return (match[1] or match[2]) if match else None


def evaluator_of(texts: Sequence[str]) -> str | None:
    """The firm that evaluates, or the finance bureau whose own group does; ``texts`` are blocks and rows."""
    match = _EVALUATOR.search(squeeze("".join(texts)))
    if match is None and any("财政局" in text for text in texts):
        match = _BUREAU.search("\n".join(texts))
    return (match[1] or match[match.re.groups]) if match else None


def issued_on(views: Sequence[View]) -> str | None:
    """The date that stands alone at the end, behind 填报日期 or in a signature line; else when a page was published."""
    for dated in (_signed, _published):
        for view in reversed(views):
            text = _arabic(view.text)
            match = _DATE.search(text)
            if match and dated(text, match):
                return _iso(match)
    return None


def _signed(text: str, match: re.Match[str]) -> bool:
    if len(text) - len(match[0]) <= 2 or _DATED.search(text):
        return True
    return bool(_SIGNED.search(text)) and len(text) <= 80 and not text[match.end() :].strip("　 \t")


def _published(text: str, match: re.Match[str]) -> bool:
    """A page's date, with or without a time of day behind it."""
    return bool(_PUBLISHED.search(text[max(0, match.start() - 8) : match.start()]))


def _iso(match: re.Match[str]) -> str | None:
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None


def _arabic(text: str) -> str:
    """A date in Chinese numerals (二〇二二年八月二日) in Arabic ones; other text unchanged."""
    return _CHINESE_DATE.sub(lambda m: f"{_digits(m[1])}年{_small(m[2])}月{_small(m[3])}日", _narrow(text))


def _narrow(text: str) -> str:
    return text.translate(_WIDE) if _WIDE_DIGIT.search(text) else text


def _digits(text: str) -> str:
    return "".join(str("〇一二三四五六七八九".index(c.replace("○", "〇").replace("零", "〇"))) for c in text)


def _small(text: str) -> int:
    """A number up to 31 in Chinese numerals."""
    tens, _, ones = text.rpartition("十")
    value = 0 if "十" not in text else 10 * ("一二三".index(tens) + 1 if tens else 1)
    return value + ("一二三四五六七八九".index(ones) + 1 if ones else 0)
