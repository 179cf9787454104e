"""Documents: how sure the characters of a text are that were read off pictures, found again by where they are printed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.documents.canonical import Canonical
from pipeline.documents.ocr import SURE
from pipeline.documents.pdf_lines import Character, rows_of
from pipeline.drawn import Box, Ocr, OcrText


def with_confidences(
    canonical: Canonical, pages: Mapping[str, Sequence[Character]], engine: str, least: float
) -> Canonical:
    """The text with the confidence of what stands on some pages, by label, given the characters that were read there."""
    boxes: defaultdict[str, list[Box]] = defaultdict(list)
    for box in canonical.boxes:
        if box.page in pages:
            boxes[box.page].append(box)
    texts = [
        OcrText(box.span, _sure(canonical.text[box.span.start : box.span.stop], _inside(box, pages[label])))
        for label, found in boxes.items()
        for box in found
    ]
    texts.sort(key=lambda t: t.span)
    return replace(canonical, ocr=Ocr(engine, round(least * SURE), tuple(texts)))


def _inside(box: Box, characters: Sequence[Character]) -> list[Character]:
    return [
        c
        for c in characters
        if box.left <= (c["x0"] + c["x1"]) / 2 <= box.right and box.top <= (c["top"] + c["bottom"]) / 2 <= box.bottom
    ]


def _sure(text: str, printed: Sequence[Character]) -> tuple[int, ...]:
    """The confidence of each character of a line; that of the least certain one where the line cannot be told apart."""
    read = [c for row in rows_of(printed) for c in row]
    if "".join(c["text"] for c in read) != "".join(text.split()):
        return (min((int(c["sure"]) for c in read), default=0),) * len(text)
    confidences = iter(read)
    return tuple(SURE if mark.isspace() else int(next(confidences)["sure"]) for mark in text)
