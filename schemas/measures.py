"""What words say that a budget fact measures, read from vocabulary/measures.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from schemas.budget_facts import Measure
from schemas.values import squeeze
from schemas.word_files import load_vocabulary

_Signs = tuple[tuple[Measure, re.Pattern[str]], ...]


@dataclass(frozen=True, slots=True, eq=False)
class MeasureWords:
    """The signs of measures in words, the words that name no subject, and names that a reader gives a rate (占比) with the
    sign that the text has before it (占)."""

    ignored: re.Pattern[str]
    explicit: _Signs
    implying: _Signs
    plain: re.Pattern[str]
    rate_names: Mapping[str, re.Pattern[str]]

    def named(self, text: str) -> frozenset[Measure]:
        """The measures that a text names outright."""
        return frozenset(measure for _, _, measure in self._signs(self._bare(text)))

    def named_last(self, text: str) -> frozenset[Measure]:
        """The measures that the last sign of a text names outright, of signs that end together all."""
        signs = self._signs(self._bare(text))
        last = max((stop for _, stop, _ in signs), default=0)
        return frozenset(measure for _, stop, measure in signs if stop == last)

    def said_last(self, text: str) -> frozenset[Measure]:
        """As ``named_last``, with the measure that a subject behind the last sign stands for (财政拨款 支出)."""
        bare = self._bare(text)
        last = max((stop for _, stop, _ in self._signs(bare)), default=0)
        named, behind = self.named_last(text), self.implied(bare[last:])
        return named | behind if named and len(behind) == 1 else named

    def _signs(self, bare: str) -> tuple[tuple[int, int, Measure], ...]:
        return _signs_in(bare, self)

    def implied(self, text: str) -> frozenset[Measure]:
        """The measures that the last subject of a text implies."""
        bare = self._bare(text)
        ends = [(m.end(), measure) for measure, pattern in self.implying for m in pattern.finditer(bare)]
        last = max((end for end, _ in ends), default=0)
        return frozenset(measure for end, measure in ends if end == last)

    def subjects(self, text: str) -> tuple[str, ...]:
        """The words of two characters and more of a text that are neither a measure, a comparison nor a conjunction."""
        rest = self.plain.sub("|", squeeze(text))
        return tuple(word for word in re.split(r"[^\u4e00-\u9fff]+", rest) if len(word) > 1)

    def _bare(self, text: str) -> str:
        return self.ignored.sub("", squeeze(text))


@lru_cache(maxsize=4096)
def _signs_in(bare: str, words: MeasureWords) -> tuple[tuple[int, int, Measure], ...]:
    """The signs of measures with their places; a sign within a longer one (安排 in 年初预算安排) is none. Looked for once,
    as headers, captions and labels come again with each of their figures."""
    found = [(m.start(), m.end(), measure) for measure, pattern in words.explicit for m in pattern.finditer(bare)]
    return tuple(
        (start, stop, measure)
        for start, stop, measure in found
        if not any(a <= start and stop <= b and b - a > stop - start for a, b, _ in found)
    )


@cache
def measure_words() -> MeasureWords:
    """The packaged vocabulary."""
    data = load_vocabulary("measures")
    return MeasureWords(
        ignored=_any(data["names"]["ignored"]),
        explicit=tuple((Measure(name), _any(patterns)) for name, patterns in data["explicit"].items()),
        implying=tuple((Measure(name), _any(patterns)) for name, patterns in data["implied"].items()),
        plain=_any(sorted(data["plain"]["words"], key=len, reverse=True)),
        rate_names={name: re.compile(sign) for name, sign in data["rate_names"].items()},
    )


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))
