"""Chunks: everything in one of them, nothing cut in two, and each knows what it stands under and what it can hold."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.chunking import FIGURE, LARGE, REPLY, TARGET, chunk
from pipeline.documents import read_document
from pipeline.flow import Block, Chunk, Document, Row, Table
from pipeline.layout import lay_out
from pipeline.numerals import find_numerals
from tests.conftest import ROOT
from tests.report_cases import document, lines, report_texts

SAMPLES = sorted((ROOT / "data" / "samples").glob("*.txt"))


def chunks_of(text: str, target: int = TARGET) -> tuple[Chunk, ...]:
    doc = document(text)
    return chunk(doc, lay_out(doc), target=target)


def said(parts: tuple[Block | Table, ...]) -> list[int]:
    """The places of what blocks and body rows say, in order."""
    views = []
    for part in parts:
        views += [part.view] if isinstance(part, Block) else [c.view for row in part.body for c in row.cells]
    return sorted(place for view in views for place in view.places)


def texts(found: tuple[Chunk, ...]) -> list[list[str]]:
    """What the blocks of each chunk say."""
    return [[p.text for p in c.parts if isinstance(p, Block)] for c in found]


def check(doc: Document, target: int) -> None:
    """The promises of chunking, whatever the layout."""
    layout = lay_out(doc)
    found = chunk(doc, layout, target=target)
    assert said(tuple(p for c in found for p in c.parts)) == said(layout.parts), "all is said in one chunk"
    rows = [row for c in found for p in c.parts if isinstance(p, Table) for row in p.body]
    assert rows == [row for table in layout.tables for row in table.body], "no row is cut or repeated"
    assert [c.index for c in found] == list(range(len(found)))
    assert [c.chunk_id for c in found] == [f"{doc.document_id}-{n:04d}" for n in range(len(found))]
    for c in found:
        spans = [p.span for p in c.parts]
        assert c.span == (min(s.start for s in spans), max(s.stop for s in spans))
        assert c.report_id == layout.report_at(c.span.start)
        assert c.path == c.parts[0].path
    assert chunk(doc, layout, target=target) == found


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(report_texts(), st.sampled_from([1, 20, 100, TARGET, TARGET + 1, LARGE]))
def test_any_text_is_cut_without_loss(text: str, target: int) -> None:
    check(document(text), target)


@pytest.mark.parametrize("target", [60, TARGET])
@pytest.mark.parametrize("path", SAMPLES, ids=[p.stem for p in SAMPLES])
def test_the_samples_are_cut_without_loss(path: Path, target: int) -> None:
    check(read_document(path), target)


def test_the_real_reports_are_cut_without_loss(shared: Path) -> None:
    for path in sorted((shared / "reports").glob("*.txt")):
        check(read_document(path), TARGET)


def test_a_top_heading_begins_a_chunk() -> None:
    text = lines("一、部门概况", "我局为一级预算单位。", "（一）收入", "收入10万元。", "二、绩效", "得分95分。")
    assert texts(chunks_of(text)) == [
        ["一、部门概况", "我局为一级预算单位。", "（一）收入", "收入10万元。"],
        ["二、绩效", "得分95分。"],
    ]


def test_another_report_begins_a_chunk() -> None:
    text = lines("水利局2022年度部门整体支出绩效自评报告", "得分95分。", "移民资金2022年度绩效自评报告", "得分90分。")
    found = chunks_of(text)
    assert [(c.report_id, c.parts[0].text) for c in found] == [  # type: ignore[union-attr]
        ("r1", "水利局2022年度部门整体支出绩效自评报告"),
        ("r2", "移民资金2022年度绩效自评报告"),
    ]


def test_cuts_stand_between_sections_where_they_can() -> None:
    text = lines("（一）收入", "收" * 30, "（二）支出", "支" * 30, "（三）结余", "结" * 30)
    assert texts(chunks_of(text, 75)) == [
        ["（一）收入", "收" * 30, "（二）支出", "支" * 30],
        ["（三）结余", "结" * 30],
    ]


def test_a_long_section_is_cut_between_its_blocks() -> None:
    items = [f"（{n}）" + "办" * 40 + "。" for n in range(1, 6)]
    found = chunks_of(lines("（一）任务", *items), 100)
    assert texts(found) == [["（一）任务", items[0], items[1]], [items[2], items[3]], [items[4]]]
    assert [c.path for c in found] == [(), ("（一）任务",), ("（一）任务",)]


def test_an_item_that_is_longer_than_a_chunk_stays_whole() -> None:
    item = "（1）" + "办理群众来信，" * 400 + "。"
    assert texts(chunks_of(lines(item))) == [[item]]


def table_text(rows: int) -> str:
    body = [f"第{n:03d}号小型水库除险加固工程项目\t{n}.50\t{n}.25" for n in range(1, rows + 1)]
    return lines("表1 项目支出明细表", "单位：万元", "项目名称\t预算数\t执行数", *body)


def test_a_continued_table_repeats_its_caption_header_and_unit() -> None:
    found = chunks_of(table_text(60), 400)
    assert len(found) > 3
    for c in found[2:]:
        assert c.context == "表1 项目支出明细表\n项目名称 | 预算数 | 执行数\n单位：万元"
        [table] = c.parts
        assert isinstance(table, Table)
        assert [cell.text for cell in table.rows[0].cells] == ["项目名称", "预算数", "执行数"]
        assert table.unit == "万元"
        assert "项目名称" not in table_text(60)[c.span.start : c.span.stop], "its own text is its own rows"


def test_no_row_is_cut() -> None:
    text = table_text(60)
    rows: list[Row] = [r for c in chunks_of(text, 100) for p in c.parts if isinstance(p, Table) for r in p.body]
    assert [text[r.span.start : r.span.stop] for r in rows] == text.splitlines()[3:]


def test_the_context_of_a_chunk_that_begins_with_prose_is_empty() -> None:
    assert [c.context for c in chunks_of("全年预算数12万元。\n")] == [""]


ENDLESS = [
    "其中1,234,567.89万元、",
    "其中１，２３４．５６万元、",
    "支出3 456 789.01 元，",
    "占95.50%与",
    "为1798亿元又",
]


@pytest.mark.parametrize("unit", ENDLESS)
@pytest.mark.parametrize("shift", range(0, 14, 3))
def test_an_endless_paragraph_is_cut_outside_numbers_and_their_units(unit: str, shift: int) -> None:
    text = "甲" * shift + unit * (20_000 // len(unit))
    found = chunks_of(text)
    assert len(found) > 5
    for left, right in pairwise(found):
        assert left.span.stop == right.span.start
        cut = right.span.start
        assert not [n for n in find_numerals(text) if n.start < cut < n.unit_stop]
    assert max(c.span.stop - c.span.start for c in found) <= 4 * TARGET


def test_an_endless_paragraph_is_cut_after_sentences_where_it_has_some() -> None:
    text = "全年支出12.5万元，主要用于巡查。" * 500
    assert all(text[c.span.stop - 1] == "。" for c in chunks_of(text))


@pytest.mark.parametrize(
    "unit", ["一、概况\n", "（1）完成。\n", "预算12万元，", "项目\t预算数\n甲\t12\n", "正文\n\n"], ids=repr
)
def test_time_is_linear_in_the_length_whatever_is_repeated(unit: str) -> None:
    seconds = []
    for size in (10_000, 20_000):
        doc = document(unit * (size // len(unit)))
        layout = lay_out(doc)
        started = time.process_time()
        chunk(doc, layout)
        seconds.append(time.process_time() - started)
    assert seconds[1] < 5 * max(seconds[0], 0.02)


def test_a_number_without_end_is_not_cut_for_ever() -> None:
    assert chunks_of("1" * 50_000)[-1].span.stop == 50_000


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("统筹全州用水。\n", ()),
        ("全年支出12万元。\n", ("budget_facts",)),
        ("防汛项目支出12万元。\n", ("budget_facts", "projects")),
        ("（一）存在的问题\n1.目标不细化。\n", ("issues",)),
        ("年度工作任务：修复渠道。\n", ("tasks",)),
        ("指标名称\t年度指标值\t实际完成值\n合格率\t≥95%\t96%\n", ("indicators",)),
        ("一级指标\t分值\t得分\n投入\t11\t9\n", ("score_lines",)),
        ("1.您是否满意\n选项\t小计\t比例\n满意\t19\t47.5%\n不满意\t2\t5%\n", ("survey_answers",)),
    ],
)
def test_a_chunk_can_hold_the_types_whose_signs_stand_in_it(text: str, types: tuple[str, ...]) -> None:
    last = chunks_of(f"概述。\n二、其他\n{text}")[-1]
    assert set(types) <= set(last.record_types)
    assert "reports" not in last.record_types


def test_the_first_chunk_of_each_report_can_hold_its_reports_record() -> None:
    text = lines(
        "水利局2022年度部门整体支出绩效自评报告",
        "一、概况",
        "职能。",
        "移民资金2022年度绩效自评报告",
        "一、概况",
        "职能。",
    )
    assert ["reports" in c.record_types for c in chunks_of(text)] == [True, False, True, False]


def figures(found: Chunk) -> int:
    return sum(1 for p in found.parts if isinstance(p, Block) for _ in find_numerals(p.text)) + sum(
        1
        for p in found.parts
        if isinstance(p, Table)
        for row in p.body
        for c in row.cells
        for _ in find_numerals(c.text)
    )


@pytest.mark.parametrize(
    "line",
    ["{n}.渠道修复补助{n}.50万元，支出{n}.20万元，执行率98.{n}%。", "渠道{n}\t{n}.50\t{n}.20\t98.{n}\t9{n}.1"],
    ids=["items", "rows"],
)
def test_chunks_for_a_model_hold_no_more_figures_than_its_reply_can_and_are_alike(line: str) -> None:
    head = "名称\t预算数\t执行数\t执行率\t得分\n" if "\t" in line else ""
    found = chunks_of("一、项目\n" + head + "".join(line.format(n=n) + "\n" for n in range(10, 260)), LARGE)
    held = [figures(c) for c in found]
    assert len(found) > 1
    assert max(held) * FIGURE <= LARGE * REPLY
    assert min(held) > max(held) / 2
    assert sum(c.span.stop - c.span.start for c in found) < LARGE, "the text alone would have fitted"


def test_prose_without_figures_fills_chunks_for_a_model_up_to_their_size() -> None:
    found = chunks_of("".join(f"{n}、总体\n" + "建设规范有序，" * 150 + "\n" for n in "一二三四五六七八九"), LARGE)
    assert len(found) == 1


def test_a_document_without_text_has_no_chunk() -> None:
    assert chunks_of("\n — 3 — \n") == ()
