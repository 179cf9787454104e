"""Numerals: the one grammar of printed numbers, used by grounding, extraction, checking and the list of unclaimed figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from schemas.units import units
from schemas.values import MAX_DIGITS, Number, Operator, from_parts, plain_number

__all__ = ["Number", "Numeral", "find_numerals", "numeral_at", "read_quantity", "whole_numeral"]

_DIGITS = r"[0-9０-９]"
_GROUPED = rf"{_DIGITS}{{1,3}}+(?:[,，]{_DIGITS}{{3}})+(?!{_DIGITS})(?:[.．]{_DIGITS}+)?"
_SPACED = (
    rf"{_DIGITS}{{1,3}}+(?:[ \u00a0\u2009\u202f]{_DIGITS}{{3}}){{1,9}}(?:[.．]{_DIGITS}+)?(?=[ \u00a0]?(?:亿|万|千)?元)"
)
_PLAIN = rf"{_DIGITS}+(?:[.．]{_DIGITS}+)?"
_LATIN = "A-Za-zＡ-Ｚａ-ｚ"
_SIGN = rf"(?:(?<![0-9０-９{_LATIN}%％)）年月日号])[-−－﹣])?"
_MINUS = "-−－﹣"
_DIGIT = re.compile(_DIGITS)
_LETTERS = frozenset(chr(c) for a, z in ("AZ", "az", "ＡＺ", "ａｚ") for c in range(ord(a), ord(z) + 1))
_MOST_DECIMALS = 10
_MARKS = {
    **dict.fromkeys("≥≧", Operator.AT_LEAST), **dict.fromkeys("≤≦", Operator.AT_MOST), **dict.fromkeys(">＞", Operator.MORE_THAN),
    **dict.fromkeys("<＜", Operator.LESS_THAN), **dict.fromkeys("=＝", Operator.EQUALS),
}  # fmt: skip
_BEFORE = {
    **dict.fromkeys(("不低于", "不少于", "不小于", "至少", "大于等于", "大于或等于"), Operator.AT_LEAST),
    **dict.fromkeys(("不超过", "不高于", "不大于", "不多于", "小于等于", "小于或等于", "控制在"), Operator.AT_MOST),
    **dict.fromkeys(("超过", "大于", "高于", "多于", "突破"), Operator.MORE_THAN),
    **dict.fromkeys(("小于", "低于", "少于"), Operator.LESS_THAN),
}
_BOUND_ENDS = frozenset((*_MARKS, *(word[-1] for word in _BEFORE), *"为到至达"))
_PERCENT_BEFORE, _PERCENT = "百分之", "%"
_LONGEST_BOUND = 8
"""Characters of the longest word that bounds a number from below or above (大于或等于), with what may follow it."""
_AFTER = {
    **dict.fromkeys(("及以上", "以上"), Operator.AT_LEAST),
    **dict.fromkeys(("及以下", "以下", "以内", "之内"), Operator.AT_MOST),
}


class Numeral(NamedTuple):
    """A printed number in a text: indices of its digits (sign included) and of its unit, its value and decimals.

    ``unit_start`` equals ``unit_stop`` where no unit follows; the % of 百分之98.48 stands before its digits.
    ``operator`` is what bounds it (≥, 以上 …) or None.
    """

    start: int
    stop: int
    value: Decimal
    decimals: int
    unit: str | None
    unit_start: int
    unit_stop: int
    operator: Operator | None

    @property
    def unit_place(self) -> tuple[int, int] | None:
        """Indices of what prints its unit, None where it has none."""
        if self.unit is None:
            return None
        if self.unit_start == self.unit_stop:
            return self.start - len(_PERCENT_BEFORE), self.start
        return self.unit_start, self.unit_stop


_DIGITS_GROUP, _UNIT_GROUP = 1, 2


@cache
def _pattern() -> re.Pattern[str]:
    names = _alternatives(units().longest_first)
    after = "|".join(sorted(_AFTER, key=len, reverse=True))
    return re.compile(
        rf"((?<![{_LATIN}0-9０-９.．]){_SIGN}(?:{_GROUPED}|{_SPACED}|{_PLAIN}))"
        rf"[余多来]?(?:\s?({names})(?![{_LATIN}]))?({after})?"
    )


def _alternatives(words: Sequence[str]) -> str:
    """A pattern of any of the words, the earlier before the later; those that begin alike stand together, and none is
    tried where no word begins with the next character."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(re.escape(word[1:]))
    first_letters = "".join(map(re.escape, rests))
    alternatives = "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in rests.items())
    return f"(?=[{first_letters}])(?:{alternatives})"


def find_numerals(text: str, start: int = 0, stop: int | None = None) -> Iterator[Numeral]:
    """Every printed number of the text in order, in time linear in its length.

    Numbers of more than 28 digits are garbage and passed over. Separators (1,234.56), full-width digits and a leading
    minus are read; a hyphen after a digit is a range or a date, not a sign. Digits that touch a Latin letter (5G,
    A4, 120km) are names or measures of their own, not figures.
    """
    stop = len(text) if stop is None else stop
    match_at = _pattern().match
    place = start
    while digit := _DIGIT.search(text, place, stop):
        first = digit.start()
        signed = first > place and text[first - 1] in _MINUS
        match = (match_at(text, first - 1, stop) if signed else None) or match_at(text, first, stop)
        if match is None:
            place = first + 1
            continue
        place = match.end()
        begin, end = match.span(_DIGITS_GROUP)
        if end < stop and text[end] in _LETTERS:  # asked here, as the pattern would give back digits to avoid it
            continue
        digits, unit, after = match.groups()
        plain = digits if digits.isascii() and "," not in digits and " " not in digits else str(plain_number(digits))
        if len(plain) > MAX_DIGITS and len(plain.lstrip("-").replace(".", "")) > MAX_DIGITS:
            continue
        point = plain.find(".")
        decimals = len(plain) - point - 1 if point >= 0 else 0
        if decimals > _MOST_DECIMALS:
            continue
        unit_start, unit_stop = match.span(_UNIT_GROUP) if unit else (end, end)
        before = text[begin - 1] if begin > start else ""
        if unit is None and before == "之" and text.endswith(_PERCENT_BEFORE, start, begin):
            unit = _PERCENT
        bounded = before in _BOUND_ENDS or before.isspace() or after
        operator = _operator(text[max(start, begin - _LONGEST_BOUND) : begin], after) if bounded else None
        yield from_parts(Numeral, (begin, end, Decimal(plain), decimals, unit, unit_start, unit_stop, operator))


def numeral_at(text: str, start: int) -> Numeral | None:
    """The printed number that begins at a place; None where none does, as of digits that are no figure (a code of 30)."""
    found = next(find_numerals(text, start), None)
    return found if found is not None and found.start == start else None


@cache
def _bound_before() -> re.Pattern[str]:
    marks = "".join(_MARKS)
    words = "|".join(sorted(_BEFORE, key=len, reverse=True))
    return re.compile(rf"(?:(?P<mark>[{marks}])|(?P<word>{words})[为到至达]?)\s?\Z")


def _operator(before: str, after: str | None) -> Operator | None:
    """What bounds a number by the characters before it (不低于) or by the word behind it (以上)."""
    if (mark := _MARKS.get(before[-1:])) is not None:
        return mark
    if before.rstrip()[-1:] in _BOUND_ENDS and (found := _bound_before().search(before)):
        return _MARKS[found["mark"]] if found["mark"] else _BEFORE[found["word"]]
    return _AFTER[after] if after else None


@lru_cache(maxsize=8192)
def whole_numeral(text: str) -> Numeral | None:
    """The number that the whole text is, apart from white space and a unit; None for anything else."""
    found = list(find_numerals(text))
    if len(found) != 1:
        return None
    rest = text[: found[0].start] + text[found[0].stop : found[0].unit_start] + text[found[0].unit_stop :]
    return None if rest.strip() else found[0]


def read_quantity(text: str) -> Numeral | None:
    """The single number that a quantity's text holds, None where it holds none or more than one."""
    found = list(find_numerals(text))
    return found[0] if len(found) == 1 else None
