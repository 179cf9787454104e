"""Passages: every character of a window once, marked where it should be, wherever the marks stand."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.review.passage import Mark, find_quote, numbers_in, passage
from schemas.values import Span

TEXTS = st.text(st.sampled_from("预算1 2.\n"), min_size=1, max_size=1200)


@st.composite
def places(draw: st.DrawFn) -> tuple[str, Span, list[Span], list[Span], int]:
    """A text, a quote in it, figures and others anywhere, and how much is shown around."""
    text = draw(TEXTS)

    def span() -> st.SearchStrategy[Span]:
        ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
        return ends.map(lambda pair: Span(min(pair), max(pair)))

    return (
        text,
        draw(span()),
        draw(st.lists(span(), max_size=4)),
        draw(st.lists(span(), max_size=4)),
        draw(st.integers(0, 900)),
    )


@given(places())
def test_the_parts_are_the_text_of_the_window_and_the_quote_is_whole(
    given_: tuple[str, Span, list[Span], list[Span], int],
) -> None:
    text, quote, figures, others, around = given_
    found = passage(text, quote, figures, others, around)
    shown = "".join(part.text for part in found.parts)
    start = max(0, quote.start - around)
    assert text[start : quote.stop + around] in shown
    assert shown in text
    assert "".join(part.text for part in found.parts if part.quoted) == text[quote.start : quote.stop]
    assert found.line == text.count("\n", 0, quote.start) + 1
    assert found.cut == (shown != text)
    assert len(shown) <= quote.stop - quote.start + 2 * around + 802


@given(places())
def test_every_figure_in_sight_is_marked_to_the_character(
    given_: tuple[str, Span, list[Span], list[Span], int],
) -> None:
    text, quote, figures, others, around = given_
    found = passage(text, quote, figures, others, around)
    shown = "".join(part.text for part in found.parts)
    assume(text.count(shown) == 1)
    marked: set[int] = set()
    first = at = text.index(shown)
    for part in found.parts:
        if part.mark is Mark.FIGURE:
            marked |= set(range(at, at + len(part.text)))
        at += len(part.text)
    expected = {i for f in figures if first <= f.start and f.stop <= at for i in range(*f)}
    assert marked == expected


def test_a_quote_is_found_over_line_breaks_first_where_it_was_read() -> None:
    text = "全年预算数45万元。\n另：全年预\n算数 45万元。"
    assert find_quote(text, "全年预算数45万元", Span(11, len(text))) == Span(13, 24)
    assert find_quote(text, "全年预算数45万元", Span(0, 5)) == Span(0, 9)
    assert find_quote(text, "没有", Span(0, len(text))) is None
    assert find_quote(text, " ", Span(0, len(text))) is None


def test_numbers_are_found_by_value() -> None:
    text = "预算1,200.50万元，支出１２００.5万元，余0元"
    found = [text[a:b] for a, b in numbers_in(text, Span(0, len(text)), frozenset({Decimal("1200.5")}))]
    assert found == ["1,200.50", "１２００.5"]
