"""Layout: what tables of indicators call their groups (产出指标, 数量指标), by which their rows are told (财预〔2020〕10号)."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from schemas.values import squeeze
from schemas.word_files import load_vocabulary


@cache
def groups_inside() -> re.Pattern[str]:
    """The names of groups that are told apart even inside other text."""
    return _any_of("groups")


@lru_cache(maxsize=8192)
def is_group(text: str) -> bool:
    """Whether a text is the name of a group of indicators and nothing else."""
    bare = squeeze(text)
    return any(_any_of(which).fullmatch(bare) for which in ("groups", "upper_groups", "bare_groups"))


@lru_cache(maxsize=8192)
def is_bare_group(text: str) -> bool:
    """Whether a text names a group without the word for indicators (社会效益, 服务对象满意度)."""
    return bool(_any_of("bare_groups").fullmatch(text))


def is_lower_group(text: str) -> bool:
    """Whether a text names a group of the second level (数量指标), not one of those above them (产出指标)."""
    return is_group(text) and not _any_of("upper_groups").fullmatch(squeeze(text))


@cache
def _any_of(which: str) -> re.Pattern[str]:
    return re.compile("|".join(load_vocabulary("columns")["rows"][which]))
