"""Writes a report as a PDF: wrapped lines, ruled tables with merged cells, a running head and page numbers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from tests.formats.model import RichTable

FONT = "STSong-Light"
HEAD = "某市预算绩效管理资料汇编"
_MARGIN = 25 * mm
_WIDTH = A4[0] - 2 * _MARGIN


def write_pdf(parts: Sequence[str | RichTable], path: Path) -> None:
    """Writes the file."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    prose = ParagraphStyle("prose", fontName=FONT, fontSize=12, leading=20, wordWrap="CJK")
    flowables: list[Flowable] = []
    for part in parts:
        if isinstance(part, str):
            flowables.append(Paragraph(escape(part), prose))
        else:
            flowables += [Spacer(1, 4), _table(part), Spacer(1, 8)]
    document = SimpleDocTemplate(
        str(path), pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_MARGIN
    )
    document.build(flowables, onFirstPage=_furniture, onLaterPages=_furniture)


def _furniture(canvas: Canvas, document: SimpleDocTemplate) -> None:
    canvas.setFont(FONT, 9)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 12 * mm, HEAD)
    canvas.drawCentredString(A4[0] / 2, 12 * mm, f"— {document.page} —")


def _table(table: RichTable) -> Table:
    small = ParagraphStyle("cell", fontName=FONT, fontSize=9, leading=11, wordWrap="CJK")
    grid: list[list[object]] = [[""] * table.columns for _ in range(table.rows)]
    spans = []
    longest = [2] * table.columns
    for cell in table.cells:
        grid[cell.row][cell.column] = Paragraph(escape(cell.text), small) if cell.text else ""
        last = (cell.column + cell.columns - 1, cell.row + cell.rows - 1)
        if last != (cell.column, cell.row):
            spans.append(("SPAN", (cell.column, cell.row), last))
        if cell.columns == 1:
            longest[cell.column] = max(longest[cell.column], min(len(cell.text), 14))
    widths = [_WIDTH * n / sum(longest) for n in longest]
    style = [("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *spans]
    return Table(grid, colWidths=widths, style=TableStyle(style), repeatRows=0)
