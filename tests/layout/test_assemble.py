"""The whole layout: nothing loses its place, nothing is said twice, and no text makes it fail."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings

from pipeline.coverage import PERCENT
from pipeline.documents import read_document
from pipeline.flow import Block, Document, Table
from pipeline.layout import lay_out
from pipeline.numerals import find_numerals
from schemas.units import money_exponent
from schemas.values import squeeze
from tests.conftest import ROOT
from tests.report_cases import document, report_texts, views_of

SAMPLES = sorted((ROOT / "data" / "samples").glob("*.txt"))


def said_in(part: Block | Table) -> list[int]:
    """The places of the characters that a part says."""
    views = [part.view] if isinstance(part, Block) else [c.view for row in part.rows for c in row.cells]
    return sorted(p for view in views for c, p in zip(view.text, view.places, strict=True) if not c.isspace())


def check(doc: Document) -> None:
    """The promises of a layout, whatever its text."""
    layout, text = lay_out(doc), doc.text
    for view in views_of(layout):
        assert len(view.text) == len(view.places)
        for index, (character, place) in enumerate(zip(view.text, view.places, strict=True)):
            # a blank between two Latin words of a wrapped line stands for the line's end
            assert text[place] == character or (character == " " and view.text[index - 1].isascii())
    said = [place for part in layout.parts for place in said_in(part)]
    assert all(a < b for a, b in pairwise(said)), "parts are in reading order and say no character twice"
    assert all(a.span.stop <= b.span.start for a, b in pairwise(layout.parts)), "parts do not overlap"
    assert not {place for span in layout.furniture for place in range(*span)}.intersection(said)
    covered = sorted(span for segment in layout.segments for span in segment.spans)
    assert (covered[0].start, covered[-1].stop) == (0, len(text))
    assert all(a.stop == b.start for a, b in pairwise(covered))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(report_texts())
@example("")
@example("\n\t\n\t|\n||\n")
@example("\t甲\n\n\n\t乙\n丙\n\t")
@example("预算 |\n单位：万元||")
@example("预算预算\n\t\n\t单位：万元")
def test_any_text_keeps_its_characters_and_their_places(text: str) -> None:
    check(document(text))


@pytest.mark.parametrize("path", SAMPLES, ids=[p.stem for p in SAMPLES])
def test_the_samples_keep_their_characters_and_their_places(path: Path) -> None:
    check(read_document(path))


def test_the_real_reports_keep_their_characters_and_their_places(shared: Path) -> None:
    for path in sorted((shared / "reports").glob("*.txt")):
        check(read_document(path))


def unsaid(doc: Document) -> list[str]:
    """The pieces of the text that stand in no view, caption or furniture, marks between cells aside."""
    layout = lay_out(doc)
    known = {place for span in layout.furniture for place in range(*span)}
    known.update(place for part in layout.parts for place in said_in(part))
    between = re.compile(r"[\s|｜:\-—=+]")
    missing = "".join("\0" if i in known or between.match(c) else c for i, c in enumerate(doc.text))
    captions = squeeze("\n".join(table.caption or "" for table in layout.tables))
    return [piece for piece in missing.split("\0") if piece and piece not in captions]


def unsaid_figures(doc: Document) -> list[str]:
    """The money and percent figures of the text that no view holds, so that they are not even listed as unclaimed."""
    layout = lay_out(doc)
    known = {place for span in layout.furniture for place in range(*span)}
    known.update(place for part in layout.parts for place in said_in(part))
    return [
        doc.text[n.start : n.unit_stop]
        for n in find_numerals(doc.text)
        if (n.unit in PERCENT or money_exponent(n.unit) is not None) and n.start not in known
    ]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(report_texts())
def test_nothing_of_any_text_is_lost(text: str) -> None:
    assert unsaid(document(text)) == []


@pytest.mark.parametrize("path", SAMPLES, ids=[p.stem for p in SAMPLES])
def test_no_figure_of_the_samples_is_lost(path: Path) -> None:
    assert unsaid_figures(read_document(path)) == []


def test_no_figure_of_the_real_reports_is_lost(shared: Path) -> None:
    lost = {path.stem: unsaid_figures(read_document(path)) for path in sorted((shared / "reports").glob("*.txt"))}
    assert not any(lost.values()), {name: len(found) for name, found in lost.items()}


def test_a_chapter_ends_a_table_of_one_cell_a_line_and_another_may_follow() -> None:
    table = "序号\n项目名称\n全年预算数\n全年执行数\n1\n渠道清淤\n60.00\n57.00\n2\n水闸维修\n40.00\n40.00\n"
    layout = lay_out(
        document(f"表1 项目情况表\n{table}以上项目均已完工。\n四、效益分析\n灌溉条件改善。\n附表1\n{table}")
    )
    shown = [f"{len(p.body)} rows" if isinstance(p, Table) else p.text for p in layout.parts]
    assert shown == [
        "表1 项目情况表",
        "2 rows",
        "以上项目均已完工。",
        "四、效益分析",
        "灌溉条件改善。",
        "附表1",
        "2 rows",
    ]
