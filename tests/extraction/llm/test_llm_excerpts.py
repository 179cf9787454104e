"""Of a chunk only the passages in question are shown; each keeps its place, its headings and its table's header."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cli import DATA
from pipeline.chunking import LARGE
from pipeline.documents import read_document
from pipeline.extraction.llm.excerpts import excerpted
from pipeline.extraction.llm.prompting import GAP, fenced_text, render_messages, shown_text
from pipeline.extraction.llm.splitting import split
from pipeline.flow import Block, Chunk, Document, Table
from pipeline.job import prepare
from schemas.values import Span
from tests.report_cases import lines

TEXT = lines(
    "某局2022年度部门整体支出绩效自评报告",
    "一、概况",
    "本局有科室五个，职工二十人。",
    "二、项目",
    "（一）本级项目",
    "甲项目支出12万元。",
    "乙项目支出13万元。",
    "（二）其他项目",
    "表1 收支表（单位：万元）",
    "科目 | 预算数 | 决算数 |",
    "基本支出 | 10.00 | 9.00 |",
    "项目支出 | 20.00 | 18.00 |",
    "公用经费 | 30.00 | 27.00 |",
)


def made(text: str) -> tuple[Document, Chunk]:
    document = Document("d", "d", Path("d.txt"), "0", "utf-8", text)
    [chunk] = prepare(document, LARGE).chunks
    return document, chunk


def place(text: str) -> Span:
    return Span(TEXT.index(text), TEXT.index(text) + len(text))


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (["13万元"], ["二、项目\n（一）本级项目", "乙项目支出13万元。"]),
        (["五个", "12万元"], ["一、概况\n本局有科室五个，职工二十人。\n二、项目\n（一）本级项目\n甲项目支出12万元。"]),
        (["18.00"], ["二、项目", "（二）其他项目", "项目支出 | 20.00 | 18.00"]),
    ],
)
def test_a_passage_is_shown_with_its_headings(asked: list[str], shown: list[str]) -> None:
    document, chunk = made(TEXT)
    piece = excerpted(document, chunk, [place(words) for words in asked])
    assert shown_text(document, piece) == f"\n{GAP}\n".join(shown)
    assert (piece.chunk_id, piece.span) == (chunk.chunk_id, chunk.span)


def test_a_row_keeps_caption_unit_and_header_in_the_context() -> None:
    document, chunk = made(TEXT)
    context = excerpted(document, chunk, [place("18.00")]).context
    assert "表1 收支表" in context
    assert "科目 | 预算数 | 决算数" in context
    assert "基本支出" not in context


def test_what_the_gap_stands_for_is_said_where_there_is_one() -> None:
    document, chunk = made(TEXT)
    whole = render_messages(document, chunk)[-1]["content"]
    piece = render_messages(document, excerpted(document, chunk, [place("13万元")]))[-1]["content"]
    assert GAP not in whole
    assert f"{GAP} stands for text that is left out." in piece
    assert GAP in (fenced_text(piece) or "")


CHUNKS = [
    (document, chunk)
    for document in map(read_document, sorted((DATA / "samples").glob("*.txt")))
    for chunk in prepare(document, LARGE).chunks
]


def places_of(chunk: Chunk) -> list[Span]:
    """Where the blocks and the body rows of a chunk stand."""
    rows = [row.span for part in chunk.parts if isinstance(part, Table) for row in part.body if row.span.stop]
    return [*(part.span for part in chunk.parts if isinstance(part, Block)), *rows]


@given(st.data(), st.integers(0, len(CHUNKS) - 1))
def test_everything_asked_for_is_shown_in_order_and_halves_show_the_same(data: st.DataObject, number: int) -> None:
    document, chunk = CHUNKS[number]
    asked = data.draw(st.lists(st.sampled_from(places_of(chunk)), min_size=1, max_size=6))
    piece = excerpted(document, chunk, asked)
    assert all(a.stop <= b.start for a, b in zip(piece.shown, piece.shown[1:], strict=False))
    assert all(chunk.span.holds(span) for span in piece.shown)
    assert all(any(span.holds(wanted) for span in piece.shown) for wanted in asked)
    if piece.excerpts and (halves := split(document, piece)):
        shown = "".join(document.slice(s) for half in halves for s in half.shown)
        assert shown == "".join(document.slice(s) for s in piece.shown)
