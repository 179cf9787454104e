"""Figures that the engine is sure of and has misread: what their places show."""

from __future__ import annotations

import pytest

from pipeline.documents.pdf_lines import Character
from pipeline.documents.scan_doubt import LEGIBLE, doubt_signs, doubt_small

SIZE = 10.0


def line(text: str, *, passed_over: int | None = None, pitch: float = 5.0) -> list[Character]:
    """Characters at even distances, but for one behind which a sign is not read."""
    out: list[Character] = []
    place = 0.0
    for index, mark in enumerate(text):
        width = pitch if mark.isascii() else SIZE
        out.append({"text": mark, "x0": place, "x1": place + width, "top": 0.0, "bottom": SIZE, "sure": 999})
        place += width + (SIZE if index == passed_over else 0)
    return out


@pytest.mark.parametrize(
    ("read", "doubted"),
    [
        (line("〔20229号", passed_over=4), "29"),
        (line("得分=44*14.90", passed_over=3), "44"),
        (line("２０２２年2022年", pitch=5.0), ""),
        (line("2022", pitch=SIZE), ""),
        (line("预算1,200,300.50元"), ""),
        (line("结余42,18万元"), "42,18"),
        (line("结余1,138,30万元"), "1,138,30"),
        (line("增长1,2345"), "1,2345"),
    ],
)  # fmt: skip
def test_digits_beside_a_sign_that_was_misread_are_not_believed(read: list[Character], doubted: str) -> None:
    doubt_signs(read, SIZE)
    assert "".join(c["text"] for c in read if c["sure"] == 0) == doubted


@pytest.mark.parametrize(("pixels", "small"), [(LEGIBLE - 1, True), (LEGIBLE, False), (40, False)])
def test_figures_of_small_letters_are_half_sure_at_most(pixels: int, *, small: bool) -> None:
    read = line("预算12元")
    assert doubt_small(read, SIZE, SIZE / pixels) is small
    assert [c["sure"] for c in read] == [999, 999, *([500, 500] if small else [999, 999]), 999]


def test_small_letters_without_figures_are_not_counted() -> None:
    assert doubt_small(line("预算"), SIZE, SIZE) is False
