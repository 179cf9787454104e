"""Layout: the lines of a text, its page furniture, and whether its paragraphs are wrapped at a page's width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import field
from functools import cache

from pipeline.flow import View
from pipeline.layout.page_numbers import page_numbers
from schemas.values import INVISIBLE, Span, from_parts, value_type
from schemas.word_files import load_vocabulary

_LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
_GAP = " " * 3
"""What stands between the columns of a table that is set out by spaces, and in no sentence."""

WIDEST_PAGE = 60
"""Characters of a line that a printed page can hold; longer lines are whole paragraphs."""

_EDGE, _SHORTEST, _FEWEST = 3, 6, 2
"""Lines from a page's number to a running head; characters of one, and pages that have it, at least."""

_FEWEST_WRAPPED, _FEW_MIXED, _HALF_WIDE = 8, 3, 2.5
"""Lines that show how text is wrapped; of these, lines with many digits; by how much these are narrower than as many
Chinese characters."""

_SENTENCE_END = "。；;！？!?：:"


@value_type
class Line:
    """A line with its furniture taken out: ``view`` is its text without surrounding white space.

    ``raw`` is the line as it stands, without its line end; ``span`` covers it with its line end; ``tabbed`` says that
    it begins with a tab.
    """

    view: View
    raw: View
    span: Span
    tabbed: bool
    text: str = field(init=False, repr=False, compare=False)
    """The line's text, stripped."""
    words: tuple[View, ...] | None = field(default=None, init=False, repr=False, compare=False)
    """Its words as tables have them, None until one looks for them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.view.text)

    @property
    def blank(self) -> bool:
        """Whether nothing is printed on it."""
        return not self.text


@cache
def _furniture() -> tuple[re.Pattern[str], re.Pattern[str]]:
    data = load_vocabulary("headings")["furniture"]
    whole = "|".join(f"(?:{p})" for p in data["patterns"])
    inline = "|".join(f"(?:{p})" for p in data["inline"])
    return re.compile(rf"(?:{whole})\Z"), re.compile(rf"{inline}|[{INVISIBLE}]+")


def split_lines(text: str) -> tuple[tuple[Line, ...], tuple[Span, ...]]:
    """The lines of a text and the spans of its page furniture, which no line's view holds."""
    whole, inline = _furniture()
    lines: list[Line] = []
    furniture: list[Span] = []
    for match in _LINE.finditer(text):
        start, stop = match.span()
        bare = text[start:stop].rstrip("\r\n")
        raw = View(bare, range(start, start + len(bare)))
        view = strip(raw)
        if not view.text:
            pass
        elif whole.match(view.text):
            furniture.append(view.whole)
            view = View("", ())
        elif inline.search(view.text):
            view, taken = _without(view, inline)
            furniture.extend(taken)
        lines.append(Line(view, raw, from_parts(Span, (start, stop)), bare.startswith("\t")))
    for index in page_numbers([line.text for line in lines]):
        line = lines[index]
        furniture.append(line.view.whole)
        lines[index] = Line(View("", ()), line.raw, line.span, line.tabbed)
    for index in _running_heads(lines):
        line = lines[index]
        furniture.append(line.view.whole)
        lines[index] = Line(View("", ()), line.raw, line.span, line.tabbed)
    return tuple(lines), tuple(sorted(furniture))


def _running_heads(lines: Sequence[Line]) -> list[int]:
    """The lines that stand beside the numbers of at least two pages with the same words: what pages repeat at their edges."""
    beside: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        if not line.blank or not line.raw.text.strip():
            continue
        for step in (-1, 1):
            near = index + step
            while abs(near - index) <= _EDGE and 0 <= near < len(lines) and lines[near].blank:
                near += step
            if (
                0 <= near < len(lines)
                and abs(near - index) <= _EDGE
                and _SHORTEST <= len(lines[near].text) <= WIDEST_PAGE
            ):
                beside.setdefault(lines[near].text, []).append(near)
    return sorted({index for places in beside.values() if len(set(places)) >= _FEWEST for index in places})


def _without(view: View, pattern: re.Pattern[str]) -> tuple[View, list[Span]]:
    kept: list[View] = []
    taken: list[Span] = []
    place = 0
    for match in pattern.finditer(view.text):
        kept.append(view.part(place, match.start()))
        taken.append(view.span(*match.span()))
        place = match.end()
    kept.append(view.part(place, len(view.text)))
    return strip(join(kept)), taken


def strip(view: View) -> View:
    """The view without surrounding white space."""
    text = view.text.strip()
    if len(text) == len(view.text):
        return view
    left = len(view.text) - len(view.text.lstrip()) if text else len(view.text)
    return View(text, view.places[left : left + len(text)])


def join(views: Iterable[View], *, spaced: bool = False) -> View:
    """Views one after the other as one. ``spaced`` keeps a space between two Latin or numeric ends."""
    filled = [v for v in views if v.text]
    if len(filled) == 1:
        return filled[0]
    text: list[str] = []
    places: list[int] = []
    for view in filled:
        if (
            spaced
            and text
            and text[-1][-1].isascii()
            and text[-1][-1].isalpha()
            and view.text[0].isascii()
            and view.text[0].isalpha()
        ):
            text.append(" ")
            places.append(places[-1])
        text.append(view.text)
        places.extend(view.places)
    return View("".join(text), places)


def display_width(text: str) -> float:
    """The width of a line as printed, in Chinese characters; a Latin letter or digit takes half of one."""
    letters = len(text)
    return letters / 2 + (len(text.encode("utf-8", "replace")) - letters) / 4


def counted_width(lines: Sequence[Line], width: int | None) -> int | None:
    """The number of characters after which text is wrapped, where that tells its lines' ends better than ``width``, the
    page's width as printed: files made by programs are wrapped so. None where lines are as wide as the page.
    """
    if width is None:
        return None
    long = [line.text for line in lines if len(line.text) >= 15 and not line.tabbed]
    wrapped = [text for text in long if text[-1] not in _SENTENCE_END and " " not in text]
    lengths = sorted(len(text) for text in wrapped)
    if len(lengths) < _FEWEST_WRAPPED:
        return None
    most = lengths[int(0.9 * (len(lengths) - 1))]
    mixed = [text for text in wrapped if len(text) - display_width(text) >= _HALF_WIDE]
    counted = sum(abs(len(text) - most) <= 2 for text in mixed)
    printed = sum(abs(display_width(text) - width) <= 2 for text in mixed)
    return most if len(mixed) >= _FEW_MIXED and 2 * counted > len(mixed) and counted > 2 * printed else None


def page_width(lines: Sequence[Line]) -> int | None:
    """The width at which paragraphs are wrapped, in Chinese characters; None where each paragraph stands on one line.

    Text is wrapped where its longer lines mostly end in the middle of a sentence; the width is what nine in ten of
    those lines do not exceed.
    """
    long = [
        line.text
        for line in lines
        if len(line.text) >= 15 and not line.tabbed and not line.text.endswith("|") and _GAP not in line.text
    ]
    if len(long) < 8:
        return None
    open_ended = [display_width(text) for text in long if text[-1] not in _SENTENCE_END + "，,、）)”"]
    longest = sorted(len(text) for text in long)[int(0.95 * (len(long) - 1))]
    if len(open_ended) < 0.35 * len(long) or longest > WIDEST_PAGE:
        return None
    ordered = sorted(open_ended)
    return round(ordered[int(0.9 * (len(ordered) - 1))])
