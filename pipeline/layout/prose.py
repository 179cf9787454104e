"""Layout: prose lines to headings, paragraphs and list items, wrapped lines joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.flow import Block, BlockKind, View
from pipeline.layout.lines import Line, join
from pipeline.layout.marks import Mark, caption_of, is_annex, is_heading, is_title, mark_of

_SENTENCE_END = "。；;！？!?"
MAX_DEPTH = 5


def join_wrapped(lines: Sequence[Line], width: int | None) -> list[View]:
    """The paragraphs of a run of prose lines: each line its own where ``width`` is None, else wraps joined.

    A line goes on into the next unless it ends a sentence short of the width, the next begins with a list mark or
    caption, or it is itself a short heading.
    """
    paragraphs: list[View] = []
    current: list[View] = []
    for line in lines:
        if line.blank:
            continue
        if current and (width is None or _ends(current, line.text, width)):
            paragraphs.append(join(current, spaced=True))
            current = []
        current.append(line.view)
    if current:
        paragraphs.append(join(current, spaced=True))
    return paragraphs


def _ends(current: list[View], following: str, width: int) -> bool:
    last = current[-1].text
    full = len(last) >= width - 4
    next_mark = mark_of(following)
    if next_mark and not (full and last[-1] not in _SENTENCE_END + "：:、，," and next_mark.text[0].isdigit()):
        return True
    if caption_of(following) and not full:
        return True
    if last[-1] in _SENTENCE_END + "：:":
        return not full or last[-1] in "。："
    own_mark = mark_of(current[0].text)
    if len(current) == 1 and own_mark and not full and is_heading(last, own_mark):
        return True
    return not full and len(last) < width - 8


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
