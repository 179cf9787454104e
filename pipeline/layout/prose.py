"""Layout: prose lines to headings, paragraphs and list items, wrapped lines joined."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from pipeline.flow import Block, BlockKind, View
from pipeline.layout.lines import Line, display_width, join
from pipeline.layout.marks import Mark, caption_of, is_annex, is_heading, is_label_line, is_title, mark_of

_SENTENCE_END = "。；;！？!?"
_FIRST_LINE = 2
"""Spaces by which the first line of a paragraph is indented at least."""
_WINDOW = 40
"""Lines around a line that tell the width of its page."""
_SHORT = 60
_SET_APART = re.compile(r"\S{1,24}(?:[ \u3000]{2,20}\S{1,16}){2,3}")
"""A line of short words set apart by blanks (满意　　120人　　40%): it goes on with nothing."""


def join_wrapped(
    lines: Sequence[Line], width: int | None, measure: Callable[[str], float] = display_width
) -> list[View]:
    """The paragraphs of a run of prose lines: each line its own where ``width`` is None, else wraps joined.

    A line goes on into the next unless it ends short of the width that the lines around it have, the next begins with
    a list mark or caption, it is itself a short heading, or the next is indented as the first line of a paragraph.
    ``measure`` says how wide a line is.
    """
    filled = [line for line in lines if not line.blank]
    first = [
        _begins(line, filled[index - 1 : index] + filled[index + 1 : index + 2]) for index, line in enumerate(filled)
    ]
    widths = _local_widths([measure(line.text) for line in filled], width) if width is not None else []
    paragraphs: list[View] = []
    current: list[View] = []
    for index, line in enumerate(filled):
        if current and (
            width is None
            or first[index]
            or _is_set_apart(line.text)
            or _ends(current, line.text, widths[index - 1], measure(current[-1].text))
        ):
            paragraphs.append(join(current, spaced=True))
            current = []
        current.append(line.view)
    if current:
        paragraphs.append(join(current, spaced=True))
    return paragraphs


def _is_set_apart(text: str) -> bool:
    return len(text) <= _SHORT and ("\u3000" in text or "  " in text) and _SET_APART.fullmatch(text) is not None


def _begins(line: Line, around: Sequence[Line]) -> bool:
    """Whether a line stands further to the right than the lines before and after it: the first of a paragraph."""
    indent = _indent(line)
    return indent >= _FIRST_LINE and len(around) > 1 and all(_indent(other) < _FIRST_LINE for other in around)


def _indent(line: Line) -> int:
    return line.view.places[0] - line.span.start


def _local_widths(shown: Sequence[float], page: int) -> list[float]:
    """The width of the page around each line: pages of one document differ in their margins."""
    widths: list[float] = []
    for start in range(0, len(shown), _WINDOW // 2):
        nearby = sorted(w for w in shown[max(0, start - _WINDOW // 2) : start + _WINDOW] if w >= 12)
        local = nearby[int(0.75 * (len(nearby) - 1))] if len(nearby) >= 6 else float(page)
        widths += [min(local, float(page))] * min(_WINDOW // 2, len(shown) - start)
    return widths


def _ends(current: list[View], following: str, width: float, shown: float) -> bool:
    """Whether the paragraph ends with its last line so far, which is ``shown`` wide."""
    last = current[-1].text
    full = shown >= width - 2.5
    next_mark = mark_of(following)
    if next_mark and not (full and last[-1] not in _SENTENCE_END + "：:、，," and next_mark.text[0].isdigit()):
        return True
    if (caption_of(following) and (not full or last[-1] in _SENTENCE_END)) or is_label_line(following):
        return True
    if last[-1] in _SENTENCE_END + "：:":
        return shown < width - 1.5
    if len(current) == 1 and _is_whole_caption(last):
        return True
    own_mark = mark_of(current[0].text)
    if len(current) == 1 and own_mark and not full and is_heading(last, own_mark):
        return True
    return shown < width - 6


def _is_whole_caption(text: str) -> bool:
    """Whether a line is a numbered caption that ends as captions do (表 1 …情况表)."""
    return bool(re.match(r"附?[表件]\s?\d", text)) and caption_of(text) is not None and text.endswith(("表", "问卷"))


class Outline:
    """The headings above the current place of a document, by level."""

    def __init__(self) -> None:
        self._titles: list[tuple[int, str]] = []

    @property
    def path(self) -> tuple[str, ...]:
        """The headings above, from the top."""
        return tuple(title for _, title in self._titles)

    def enter(self, level: int, title: str) -> None:
        """Goes below a heading: those of its level and deeper are left."""
        while self._titles and self._titles[-1][0] >= level:
            self._titles.pop()
        self._titles.append((level, title))

    def clear(self) -> None:
        """Leaves every heading, where a new report begins."""
        self._titles.clear()


def blocks_of(views: Sequence[View], outline: Outline) -> Iterator[Block]:
    """The paragraphs as blocks; headings change the outline for what follows."""
    for index, view in enumerate(views):
        following = mark_of(views[index + 1].text) if index + 1 < len(views) else None
        yield _block(view, following, outline)


def _block(view: View, following: Mark | None, outline: Outline) -> Block:
    mark = mark_of(view.text)
    if is_title(view.text) or is_annex(view.text):
        outline.clear()
    if mark is None:
        if following and _heads_list(view.text, following):
            outline.enter(following.level - 1, view.text)
            return Block(BlockKind.HEADING, view, following.level - 1, "", outline.path[:-1])
        return Block(BlockKind.PARAGRAPH, view, 0, "", outline.path)
    if is_heading(view.text, mark):
        outline.enter(mark.level, view.text)
        return Block(BlockKind.HEADING, view, mark.level, mark.text, outline.path[:-1])
    return Block(BlockKind.ITEM, view, mark.level, mark.text, outline.path)


def _heads_list(text: str, following: Mark) -> bool:
    """Whether a line without a mark is the heading of the list that begins below it: short, and no sentence."""
    return (
        following.seq in {"1", "一"}
        and 3 <= following.level <= 4
        and 4 <= len(text) <= 25
        and not re.search(r"[。；;，,：:！？]", text)
        and not is_title(text)
    )
