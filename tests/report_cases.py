"""Documents, layouts and evidence made from a few lines of text, and random texts in the manner of reports."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from hypothesis import strategies as st

from pipeline.flow import Block, Document, Layout, Table, View
from pipeline.layout import lay_out

_WORDS = (
    "预算",
    "支出",
    "项目",
    "全年执行数",
    "其中：",
    "单位：万元",
    "表1 收支表",
    "合计",
    "附件1：",
    "满意度",
    "自评报告",
    "1958年",
    "1990年度",
    "2023年",
    "上年",
)
_MARKS = (
    "一、",
    "（二）",
    "1.",
    "（3）",
    "①",
    "2.1",
    "目标1：",
    "—",
    "||",
    "|",
    "\t",
    "  ",
    "\n",
    "\r\n",
    "\n\n",
    "　",
    "- 3 -",
)
_BREAKS = ("\n", "\n\n", "\n\t", "\t", " |\n", "|", "\r\n")


def document(text: str, name: str = "report") -> Document:
    """A document of a text."""
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(sha256[:16], name, Path(f"{name}.txt"), sha256, "utf-8", text)


def layout_of(text: str) -> Layout:
    """The layout of a text."""
    return lay_out(document(text))


def views_of(layout: Layout) -> Iterator[View]:
    """Every view of a layout: blocks, cells and titles."""
    for part in layout.parts:
        if isinstance(part, Block):
            yield part.view
        else:
            yield from (cell.view for row in part.rows for cell in row.cells)
    yield from (segment.title for segment in layout.segments if segment.title is not None)


def tables_of(text: str) -> list[list[list[str]]]:
    """The cells of a text's tables, as rows of strings."""
    return [cells_of(table) for table in layout_of(text).tables]


def cells_of(table: Table) -> list[list[str]]:
    """A table's cells as rows of strings."""
    return [[cell.text for cell in row.cells] for row in table.rows]


def figures() -> st.SearchStrategy[str]:
    """Numbers as reports print them."""
    return st.builds(
        "{}{}{}".format,
        st.one_of(st.integers(0, 10**9).map(str), st.decimals(0, 10**6, places=2).map(str), st.just("1,234.50")),
        st.sampled_from(("", "%", "万元", "元", "人", "年", "％")),
        st.sampled_from(("", "，", "。", "\n", " ")),
    )


def report_texts(max_size: int = 60) -> st.SearchStrategy[str]:
    """Texts of Chinese words, figures, list marks, tabs, pipes and line breaks in any order."""
    pieces = st.one_of(
        st.sampled_from(_WORDS),
        st.sampled_from(_MARKS),
        st.sampled_from(_BREAKS),
        figures(),
        st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4EFF), max_size=30),
        st.text(max_size=4),
    )
    return st.lists(pieces, max_size=max_size).map("".join)


def lines(*texts: str) -> str:
    """Lines of text, the last one ended too."""
    return "".join(f"{text}\n" for text in texts)


def joined(texts: Iterable[str]) -> str:
    """Texts without anything between."""
    return "".join(texts)
