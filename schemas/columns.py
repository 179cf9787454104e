"""Column roles of tables, read from vocabulary/columns.toml."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from schemas.values import squeeze
from schemas.word_files import load_vocabulary

_UNIT_BRACKETS = re.compile(r"[（(](?:单位[:：])?(?:[百千万亿]*元|㎡|%|％|\d+分|[A-Z](?:[/÷][A-Z])?)[）)]")

_REMARK = re.compile(r"(?:[（(][^（()）]{1,16}[）)])+\Z")
"""What a header's last brackets say of how to fill the column in: 执行率（B/A）, 得分（20分*执行率）."""


@cache
def _roles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (role, re.compile("|".join(patterns))) for role, patterns in load_vocabulary("columns")["roles"].items()
    )


@cache
def _totals() -> re.Pattern[str]:
    return re.compile("|".join(load_vocabulary("columns")["rows"]["total"]))


def bare_header(text: str) -> str:
    """A header's text without white space and without its unit in brackets."""
    return _UNIT_BRACKETS.sub("", squeeze(text))


@lru_cache(maxsize=8192)
def column_role(text: str) -> str | None:
    """The role of a column header (``executed`` for 全年执行数), None where the vocabulary does not know it."""
    bare = bare_header(text)
    role = _role_of(bare)
    if role is None and (plain := _REMARK.sub("", bare)) != bare:
        role = _role_of(plain)
    return role


def _role_of(label: str) -> str | None:
    return next((role for role, pattern in _roles() if pattern.search(label)), None) if label else None


def is_total(label: str) -> bool:
    """Whether a row's label says that it is a total (合计, 总计, 汇总)."""
    return bool(_totals().search(squeeze(label)))
