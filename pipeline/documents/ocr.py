"""Documents: the characters of a picture, read by rapidocr where it is installed (``pip install 'jixiao[ocr]'``).

Its models for Chinese lie in its package; nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

SURE = 1000
"""A confidence of one: confidences are whole thousandths."""

INSTALL = "pip install 'jixiao[ocr]'"
_ENGINE, _RUNTIME = "rapidocr", "onnxruntime"
_TALL = 1.5
"""How much higher than wide a line is that runs down the page."""

_Edges = tuple[float, float, float, float]


class OcrCharacter(NamedTuple):
    """A character that is no space: its edges in pixels, the engine's confidence in thousandths, and whether the engine
    read a space before it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    sure: int
    spaced: bool


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line as the engine read it: its characters, its edges in pixels, its confidence in thousandths, and whether it
    runs down the page."""

    characters: tuple[OcrCharacter, ...]
    left: float
    top: float
    right: float
    bottom: float
    score: int
    upright: bool


def engine_name() -> str | None:
    """The engine that would read a picture, with its version; None where none is installed."""
    try:
        version(_RUNTIME)  # rapidocr can do with several, and does not ask for one
        return f"{_ENGINE} {version(_ENGINE)}"
    except PackageNotFoundError:
        return None


def lines_in(picture: Any) -> list[OcrLine]:
    """The lines of a picture (an array of grey values); an engine must be installed."""
    found = _engine()(picture, return_word_box=True, return_single_char_box=True)
    if found.txts is None or found.boxes is None or not found.word_results:
        return []
    words = found.word_results if len(found.word_results) == len(found.txts) else [()] * len(found.txts)
    read = zip(found.boxes, found.txts, found.scores, words, strict=True)
    return [_line(box, text, score, parts) for box, text, score, parts in read if text.strip()]


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415 - an extra, and slow to load

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": 4000,
            "Global.text_score": 0.0,
            "Global.use_cls": False,
        }
    )


def _line(box: Any, text: str, score: float, words: Sequence[tuple[str, float, Any]]) -> OcrLine:
    places = [i for i, c in enumerate(text) if not c.isspace()]
    left, top, right, bottom = edges = _edges(box)
    if len(words) == len(places):
        found = [_edges(corners) for _, _, corners in words]
        sure = _confidences(text, score, [float(w[1]) for w in words])
    else:  # the engine does not say where in the line its characters stand
        found = [_share(edges, i, len(text)) for i in places]
        sure = _confidences(text, score, [])
    characters = tuple(
        OcrCharacter(text[i], *place, sure[i], text[i - 1 : i].isspace())
        for i, place in zip(places, found, strict=True)
    )
    upright = len(characters) > 1 and bottom - top > _TALL * (right - left)
    return OcrLine(characters, left, top, right, bottom, int(score * SURE), upright)


def _share(edges: _Edges, index: int, count: int) -> _Edges:
    """The place of a character among others that are equally wide."""
    left, top, right, bottom = edges
    width = (right - left) / count
    return left + index * width, top, left + (index + 1) * width, bottom


def _confidences(text: str, score: float, given: Sequence[float]) -> list[int]:
    """The confidence of each character.

    The engine gives those of the first characters of a line, spaces counted, as many as there are without the spaces; of
    the last ones only the mean is known, through that of the line. Each of them gets the least that it can have.
    """
    lost = len(text) - len(given)
    least = max(0.0, min(1.0, score * len(text) - sum(given) - (lost - 1))) if lost > 0 else 0.0
    return [int(c * SURE) for c in (*given, *[least] * lost)]


def _edges(corners: Any) -> _Edges:
    across, down = [float(c[0]) for c in corners], [float(c[1]) for c in corners]
    return min(across), min(down), max(across), max(down)
