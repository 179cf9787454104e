"""Lines: every character keeps its place, page furniture is set aside, and wrapped pages are told from whole paragraphs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.flow import View
from pipeline.layout.lines import Line, join, page_width, split_lines, strip
from tests.report_cases import report_texts


def texts(text: str) -> list[str]:
    """What the lines say."""
    return [line.text for line in split_lines(text)[0]]


def furniture(text: str) -> list[str]:
    """What is set aside."""
    return [text[span.start : span.stop] for span in split_lines(text)[1]]


def view(text: str, at: int = 0) -> View:
    return View(text, range(at, at + len(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("一行", ["一行"]),
        ("甲\n乙\n", ["甲", "乙"]),
        ("甲\n\n乙", ["甲", "", "乙"]),
        ("甲\r\n乙\r\n", ["甲", "乙"]),
        ("　　缩进\t\n", ["缩进"]),
    ],
)
def test_lines_are_stripped_and_blank_ones_kept(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_a_line_knows_its_place_its_end_and_its_tab() -> None:
    first, second = split_lines("甲\n\t 乙 \n")[0]
    assert (first.span, first.tabbed, first.view.whole) == ((0, 2), False, (0, 1))
    assert (second.span, second.tabbed, second.view.whole) == ((2, 7), True, (4, 5))


@pytest.mark.parametrize(
    "line",
    [
        "— 3 —", "-12-", "– 7 –", "——3——", "－5－", "第 3 页", "第3页 共12页", "第 3 页，共 12 页", "第3页/共12页",
        "3/12", "3 / 12",         "⠂ ⠂ ⠂ ⠂", "⠼",
    ],
)  # fmt: skip
def test_page_numbers_and_residue_of_web_pages_are_furniture(line: str) -> None:
    text = f"前文\n{line}\n后文"
    assert texts(text) == ["前文", "", "后文"]
    assert furniture(text) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "3", "—", "2022", "-5%", "第3页的说明", "3/12的项目", "1798", "——", "第三季度", "5-3", "12.5/13.0",
        "a<b且b>c", "[注]",
    ],
)  # fmt: skip
def test_what_could_be_said_is_no_furniture(line: str) -> None:
    assert texts(line) == [line]
    assert furniture(line) == []


@pytest.mark.parametrize(
    ("line", "kept", "taken"),
    [
        ("目标[bookmark: _Toc12]已完成", "目标已完成", ["[bookmark: _Toc12]"]),
        ("⠼/span>项目分为三类", "项目分为三类", ["⠼/span>"]),
        ('预算<span lang="EN">1798</span>万元', "预算1798万元", ['<span lang="EN">', "</span>"]),
        ("<br>", "", ["<br>"]),
    ],
)
def test_residue_inside_a_line_is_taken_out_of_it(line: str, kept: str, taken: list[str]) -> None:
    assert texts(line) == [kept]
    assert furniture(line) == taken


def test_a_number_that_a_tag_splits_is_one_and_keeps_the_places_of_its_digits() -> None:
    text = "预算17</span>98万元"
    [line] = split_lines(text)[0]
    assert line.text == "预算1798万元"
    assert line.view.span(2, 6) == (2, 13)
    assert [text[p] for p in line.view.places] == list(line.text)


@given(report_texts())
def test_every_character_of_a_view_stands_at_its_place_and_none_is_furniture(text: str) -> None:
    found, aside = split_lines(text)
    taken = {place for span in aside for place in range(*span)}
    for line in found:
        assert [text[p] for p in line.view.places] == list(line.text)
        assert not taken.intersection(line.view.places)
    assert "".join(text[line.span.start : line.span.stop] for line in found) == text


@given(st.lists(st.text(max_size=8), max_size=6))
def test_joined_views_say_what_they_said_one_after_the_other(parts: list[str]) -> None:
    views, at = [], 0
    for part in parts:
        views.append(view(part, at))
        at += len(part) + 1
    whole = join(views)
    assert whole.text == "".join(parts)
    source = "\n".join(parts)
    assert [source[p] for p in whole.places] == list(whole.text)


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["预算", "执行"], "预算执行"),
        (["17", "98万元"], "1798万元"),
        (["GDP", "增长"], "GDP增长"),
        (["public", "budget"], "public budget"),
        (["A4", "B5"], "A4B5"),
        (["甲", "", "乙"], "甲乙"),
    ],
)
def test_wrapped_lines_are_joined_without_a_blank_but_between_latin_words(parts: list[str], text: str) -> None:
    assert join([view(p) for p in parts], spaced=True).text == text


def test_the_blank_between_latin_words_lies_inside_the_place_of_what_it_joins() -> None:
    whole = join([view("public", 0), view("budget", 7)], spaced=True)
    assert whole.whole == (0, 13)
    assert whole.span(0, 7) in {(0, 6), (0, 7)}


@given(st.text(max_size=20), st.integers(0, 5))
def test_strip_takes_white_space_from_the_edges_and_keeps_places(text: str, at: int) -> None:
    stripped = strip(view(text, at))
    assert stripped.text == text.strip()
    assert [text[p - at] for p in stripped.places] == list(stripped.text)


def pages(*lengths: int, ends: str = "的") -> list[Line]:
    """Lines of given lengths, each ending in the middle of a sentence or as ``ends`` says."""
    return list(split_lines("\n".join("字" * (length - 1) + ends for length in lengths))[0])


@pytest.mark.parametrize(
    ("lines", "width"),
    [
        (pages(*[28] * 20), 28),
        (pages(*[28] * 18, 16, 17), 28),
        (pages(*[28] * 20, ends="。"), None),
        (pages(*[90] * 20), None),
        (pages(28, 28, 28), None),
        (pages(*[10] * 40), None),
        ([], None),
    ],
    ids=["wrapped", "wrapped with short ends", "whole sentences", "whole paragraphs", "too few", "short lines", "none"],
)
def test_the_width_that_paragraphs_are_wrapped_at(lines: list[Line], width: int | None) -> None:
    assert page_width(lines) == width


def test_cells_of_tables_do_not_tell_a_page_s_width() -> None:
    lines = [
        *split_lines(
            "\n".join(f"\t{'字' * 20}" for _ in range(30)) + "\n" + "\n".join("字" * 20 + "|" for _ in range(30))
        )[0]
    ]
    assert page_width(lines) is None


def test_tables_set_out_by_spaces_do_not_hide_that_paragraphs_are_wrapped() -> None:
    prose = [
        "  根据有关规定，我镇对2023年度部门整体支出和项目支出开展了绩效自",
        "评，现将有关情况报告如下，请予审阅并提出意见，以便下一步改进工作",
    ] * 8
    table = [f"基本支出{' ' * 30}{n}.60{' ' * 10}1168.32{' ' * 20}1168.32" for n in range(100, 112)]
    lines, _ = split_lines("\n".join([*prose, *table]))
    assert page_width(lines) is not None
    assert page_width(split_lines("\n".join(table))[0]) is None
