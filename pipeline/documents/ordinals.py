"""Documents: the numbers that a program prints before list items (1., （一）, a), ①) and the file does not hold as text."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def ordinal(number: int, style: str) -> str:
    """A list number as a style prints it: the names of ``w:numFmt`` in DOCX, of ``type`` and list-style-type in HTML.

    A style that is not known here prints plain digits; numbers beyond a style's signs do so too.
    """
    prints = _STYLES.get(style)
    return prints(number) if prints else str(number)


def chinese(number: int) -> str:
    """A number below 10,000 in Chinese (十八, 一百零二); digits beyond."""
    if not 0 < number < 10_000:
        return str(number)
    digits = [int(d) for d in str(number)]
    out = ""
    for index, digit in enumerate(digits):
        place = len(digits) - 1 - index
        if digit:
            out += "" if (digit, place, index) == (1, 1, 0) else _DIGITS[digit]
            out += _PLACES[place]
        elif any(digits[index:]) and not out.endswith("零"):
            out += "零"
    return out


def _letters(number: int) -> str:
    """a … z, then aa, bb … as Word prints them."""
    if number < 1 or number > 26 * 4:
        return str(number)
    times, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * (times + 1)


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    out = ""
    for value, sign in _ROMAN:
        out += sign * (number // value)
        number %= value
    return out


def _signs(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 1 <= number <= len(signs) else str(number)


def _capital(prints: Callable[[int], str]) -> Callable[[int], str]:
    return lambda number: prints(number).upper()


_NAMES: tuple[tuple[Callable[[int], str], str], ...] = (
    (
        chinese,
        "chineseCounting chineseCountingThousand chineseLegalSimplified taiwaneseCounting taiwaneseCountingThousand "
        "japaneseCounting ideographDigital taiwaneseDigital japaneseDigitalTenThousand cjk-ideographic cjk-decimal "
        "simp-chinese-informal trad-chinese-informal",
    ),
    (_letters, "lowerLetter a lower-alpha lower-latin"),
    (_capital(_letters), "upperLetter A upper-alpha upper-latin"),
    (_roman, "lowerRoman i lower-roman"),
    (_capital(_roman), "upperRoman I upper-roman"),
    (_signs("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"), "decimalEnclosedCircle decimalEnclosedCircleChinese"),
    (_signs("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"), "decimalEnclosedParen"),
    (_signs("甲乙丙丁戊己庚辛壬癸"), "ideographTraditional"),
    ("{:02d}".format, "decimalZero decimal-leading-zero"),
)
_STYLES = {name: prints for prints, names in _NAMES for name in names.split()}
