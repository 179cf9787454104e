"""Documents: a spreadsheet's number as it is seen, by its number format (0.9993 under 0.00% is 99.93%).

The rules are those of number format codes in ECMA-376 Part 1, 18.8.30 and 18.8.31. Decimals from end to end. Codes that
are not understood (conditions, fractions, exponents, Chinese numerals) print as General does: no figure is ever dressed
up by a rule that was guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

_WIDTH = 11
"""Characters that General shows of a number with a fraction."""
_SIGNIFICANT = 15
"""Digits that a spreadsheet keeps of a number; what its file holds beyond them is noise of binary fractions."""
_CONTEXT = Context(prec=800)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<percent>%)|(?P<digits>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<text>@)"
    r"|(?P<date>[ymdhsYMDHSaA]+)|(?P<exponent>[eE][+-])|(?P<other>.)",
    re.DOTALL,
)
_ELAPSED = re.compile(r"[hms]+", re.IGNORECASE)
_CONDITION = re.compile(r"[<>=]")
_CHINESE_DIGITS = re.compile(r"DBNum", re.IGNORECASE)
_HALF_DAY = re.compile(r"(?:AM/PM|A/P|上午/下午)", re.IGNORECASE)


class UnknownFormatError(Exception):
    """A code that is not understood."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def shown(value: Decimal, code: str, *, from_1904: bool = False) -> str:
    """The number as its format shows it."""
    value = _CONTEXT.create_decimal(value)
    try:
        sections = _sections(code)
        if any(token.kind == "date" for token in sections[0]):
            return _date(value, sections[0], from_1904=from_1904)
        return _number(value, sections)
    except UnknownFormatError:
        return general(value)


def general(value: Decimal) -> str:
    """A number without a format: as many digits as General shows in a column that is wide enough."""
    value = significant(value)
    whole = f"{abs(value):f}"
    if "." in whole:
        integer = whole.partition(".")[0]
        places = max(0, _WIDTH - 1 - len(integer))
        whole = f"{_rounded(abs(value), places):f}"
        whole = whole.rstrip("0").rstrip(".") if "." in whole else whole
    return f"-{whole}" if value < 0 and whole.strip("0.") else whole


def significant(value: Decimal) -> Decimal:
    """The number with the digits that a spreadsheet keeps of it."""
    return Context(prec=_SIGNIFICANT, rounding=ROUND_HALF_UP).plus(value).normalize(_CONTEXT)


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[tuple[_Token, ...], ...]:
    """The sections of a code, for numbers above, below and at zero.

    Raises:
        UnknownFormatError: it has parts whose meaning is not known here.
    """
    if _HALF_DAY.search(code):
        raise UnknownFormatError(code)
    sections: list[list[_Token]] = [[]]
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or "space"
        text = match[kind] if match.lastgroup else ""
        if kind == "bracket":
            if _CONDITION.search(text) or _CHINESE_DIGITS.match(text) or _ELAPSED.fullmatch(text):
                raise UnknownFormatError(code)
        elif kind == "exponent" or (kind == "other" and text == "/" and "?" in code):
            raise UnknownFormatError(code)
        elif kind == "other" and text == ";":
            sections.append([])
        elif kind in {"quoted", "escaped", "currency", "other"}:
            sections[-1].append(_Token("literal", text))
        elif kind != "space":
            sections[-1].append(_Token(kind, text))
    return tuple(tuple(section) for section in sections)


def _number(value: Decimal, sections: Sequence[tuple[_Token, ...]]) -> str:
    if len(sections) >= 3 and value == 0:
        return _section(value, sections[2])
    if len(sections) >= 2 and value < 0:
        return _section(-value, sections[1])
    sign = "-" if value < 0 else ""
    return sign + _section(abs(value), sections[0])


def _section(value: Decimal, tokens: Sequence[_Token]) -> str:
    if not tokens:
        return ""
    if any(token.kind in {"general", "text"} for token in tokens):
        return "".join(t.text if t.kind == "literal" else general(value) for t in tokens).strip()
    kinds = [token.kind for token in tokens]
    if "digits" not in kinds:
        return "".join(t.text for t in tokens if t.kind in {"literal", "percent"}).strip()
    point = kinds.index("point") if "point" in kinds else len(kinds)
    last = max(i for i, kind in enumerate(kinds) if kind == "digits")
    integers = [i for i, kind in enumerate(kinds) if kind == "digits" and i < point]
    fractions = [i for i, kind in enumerate(kinds) if kind == "digits" and i > point]
    scale = sum(
        1 for i, kind in enumerate(kinds) if kind == "comma" and (i > last or (integers and integers[-1] < i < point))
    )
    grouped = any(kind == "comma" and integers and integers[0] < i < integers[-1] for i, kind in enumerate(kinds))
    value = significant(value).scaleb(2 * kinds.count("percent") - 3 * scale, _CONTEXT)
    whole, _, fraction = f"{_rounded(value, len(fractions)):f}".partition(".")
    printed = {
        **_integer_digits(whole, [(i, tokens[i].text) for i in integers], grouped=grouped),
        **_fraction_digits(fraction, [(i, tokens[i].text) for i in fractions]),
    }
    if "point" in kinds:
        printed[point] = "."
    if not integers and whole != "0":
        printed[point] = whole + printed.get(point, "")
    out = [printed.get(i, t.text if t.kind in {"literal", "percent"} else "") for i, t in enumerate(tokens)]
    return "".join(out).strip()


def _integer_digits(whole: str, places: Sequence[tuple[int, str]], *, grouped: bool) -> dict[int, str]:
    """What stands at each place before the point: a digit each from the right, the rest at the first place."""
    digits = "" if whole == "0" else whole
    printed: dict[int, str] = {}
    done = 0
    for number, (index, kind) in enumerate(reversed(places)):
        first = number == len(places) - 1
        taken = digits if first else digits[-1:]
        digits = "" if first else digits[:-1]
        taken = taken or ("0" if kind == "0" else "")
        out = ""
        for digit in reversed(taken):
            out = digit + ("," if grouped and done and done % 3 == 0 else "") + out
            done += 1
        printed[index] = out
    return printed


def _fraction_digits(fraction: str, places: Sequence[tuple[int, str]]) -> dict[int, str]:
    """What stands at each place behind the point; zeros at the end go where the code asks for none."""
    printed: dict[int, str] = {}
    for (index, kind), digit in zip(reversed(places), reversed(fraction), strict=False):
        if digit == "0" and kind != "0" and not any(printed.values()):
            printed[index] = ""
        else:
            printed[index] = digit
    return printed


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=_CONTEXT)


_WEEKDAYS = "一二三四五六日"
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_PARTS: dict[str, Callable[[datetime], str]] = {
    "yyyy": lambda at: f"{at.year:04d}",
    "yy": lambda at: f"{at.year % 100:02d}",
    "mmm": lambda at: _MONTHS[at.month - 1],
    "mm": lambda at: f"{at.month:02d}",
    "m": lambda at: str(at.month),
    "dd": lambda at: f"{at.day:02d}",
    "d": lambda at: str(at.day),
    "hh": lambda at: f"{at.hour:02d}",
    "h": lambda at: str(at.hour),
    "ss": lambda at: f"{at.second:02d}",
    "s": lambda at: str(at.second),
    "aaaa": lambda at: f"星期{_WEEKDAYS[at.weekday()]}",
    "aaa": lambda at: _WEEKDAYS[at.weekday()],
}


def _date(value: Decimal, tokens: Sequence[_Token], *, from_1904: bool) -> str:
    """A day number as a date; 1900 counts a 29 February that there never was."""
    at = _moment(value, from_1904=from_1904)
    if at is None:
        return general(value)
    out: list[str] = []
    after = ""
    parts = [t.text.lower() for t in tokens if t.kind == "date"]
    position = 0
    for token in tokens:
        if token.kind != "date":
            out.append(token.text if token.kind in {"literal", "digits", "point", "comma", "percent"} else "")
            continue
        part = token.text.lower()
        following = parts[position + 1] if position + 1 < len(parts) else ""
        position += 1
        if part[0] == "m" and len(part) <= 2 and (after.startswith("h") or following.startswith("s")):
            out.append(f"{at.minute:02d}" if len(part) == 2 else str(at.minute))
        elif part in _PARTS:
            out.append(_PARTS[part](at))
        else:
            raise UnknownFormatError(part)
        after = part
    return "".join(out).strip()


_FIRST_DAYS = {"1904": datetime(1904, 1, 1), "1900": datetime(1899, 12, 31), "later": datetime(1899, 12, 30)}


def _moment(value: Decimal, *, from_1904: bool) -> datetime | None:
    if not 0 <= value < 2_958_466:
        return None
    days = int(value)
    seconds = int(((value - days) * 86_400).to_integral_value(ROUND_HALF_UP))
    first = _FIRST_DAYS["1904" if from_1904 else "1900" if days < 60 else "later"]
    try:
        return first + timedelta(days=days, seconds=seconds)
    except OverflowError:
        return None


BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"',
    29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '#,##0;-#,##0;"-"', 42: '"¥"#,##0;"¥"-#,##0;"¥-"', 43: '#,##0.00;-#,##0.00;"-"',
    44: '"¥"#,##0.00;"¥"-#,##0.00;"¥-"', 45: "mm:ss", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"', 54: 'm"月"d"日"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
"""Number formats that files name by number alone (18.8.30), those of a Chinese system included."""
