"""Layout: list marks, headings, captions and report titles as the vocabulary describes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from schemas.word_files import load_vocabulary

_CHAPTER = re.compile(r"第[一二三四五六七八九十\d]{1,3}(?:部分|章|篇|节)")
_SENTENCE_MARK = re.compile("[。；;]")
_NOT_IN_TITLE = re.compile("[。；;，,：:《]")
_ANNEX = re.compile(r"附[件表]\s?\d{0,2}\s?(?:[：:]|$)")
TITLE_LENGTH = 60
"""Characters that a heading may have; a longer marked line is a list item."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A printed list mark: its text with delimiters, its level (1 the highest) and its bare number."""

    text: str
    level: int
    seq: str


@cache
def _vocabulary() -> dict[str, Any]:
    return load_vocabulary("headings")


@cache
def _levels() -> tuple[tuple[int, re.Pattern[str]], ...]:
    return tuple((entry["level"], re.compile(entry["pattern"])) for entry in _vocabulary()["levels"])


@cache
def _numbered() -> re.Pattern[str]:
    return re.compile(_vocabulary()["numbered"]["pattern"])


@cache
def _caption() -> tuple[re.Pattern[str], tuple[str, ...]]:
    data = _vocabulary()["caption"]
    return re.compile(data["pattern"]), tuple(data["suffixes"])


@cache
def _any_mark() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p.pattern})" for p in (*(p for _, p in _levels()), _numbered())))


@lru_cache(maxsize=4096)
def mark_of(text: str) -> Mark | None:
    """The list mark that a line begins with, None where it begins with none."""
    if not _any_mark().match(text):
        return None
    for level, pattern in _levels():
        match = pattern.match(text)
        if match:
            return Mark(match[0], level, re.sub(r"[^\d.一二三四五六七八九十]", "", match[0]).strip("."))
    match = _numbered().match(text)
    if match:
        digits = re.search(r"\d+", match[0])
        return Mark(match[0], 6, digits[0] if digits else "")
    return None


def is_heading(text: str, mark: Mark) -> bool:
    """Whether a marked line is a heading rather than an item: short, and not a sentence."""
    body = text[len(mark.text) :].strip()
    if not body or len(text) > TITLE_LENGTH or mark.level > 5:
        return False
    return not re.search(r"[。；;，,]", body) and body[-1] not in "：:"


def caption_of(text: str) -> str | None:
    """The caption that a line is (表 3 …, 附件 2：…, a short line ending in …表), None for other lines."""
    if len(text) > TITLE_LENGTH or _SENTENCE_MARK.search(text):
        return None
    pattern, suffixes = _caption()
    match = pattern.match(text)
    if match and len(text) > len(match[0]):
        return text
    bare = text.rstrip("）)0123456789年度（( ")
    if bare.endswith(suffixes) and " " not in text.strip() and "，" not in text:
        return text
    return None


def is_annex(text: str) -> bool:
    """Whether a line opens an annex: 附件2, 附件 3：…"""
    return bool(_ANNEX.match(text.strip()))


@cache
def _titles() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = _vocabulary()["title"]
    endings = "|".join(data["endings"])
    return re.compile(rf"(?:{endings})(?:[（(].{{0,12}}[）)])?$"), re.compile("|".join(data["subjects"]))


def is_title(text: str) -> bool:
    """Whether a line (or two joined) is the title of a report."""
    if not 6 <= len(text) <= 80 or _NOT_IN_TITLE.search(text):
        return False
    if mark_of(text) or _CHAPTER.match(text) or text.startswith(("附件", "附表", "详见", "根据")):
        return False
    endings, subjects = _titles()
    return bool(endings.search(text) and subjects.search(text))


_LABELLED = re.compile(
    r"[（(]?(?:填报|填表|报送|编制|评价|自评|项目)?(?:单位|部门|日期|时间|人|盖章)[（(）)\w]{0,6}\s?[:：]"
)


def is_label_line(text: str) -> bool:
    """Whether a line between a form's title and its table says who filled it in, and when (填报单位：…)."""
    return len(text) <= 60 and bool(_LABELLED.match(text)) and "。" not in text
