"""Excel files, new and old: numbers as they are seen, merged ranges, several tables and sheets."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import xlwt
from openpyxl import Workbook

from pipeline.documents import DocumentError, Limits, read_document
from pipeline.documents.xlsx import read_xlsx
from pipeline.flow import Document
from pipeline.layout import lay_out

Rows = list[list[Any]]
Merges = list[tuple[int, int, int, int]]
"""Ranges as first row, first column, last row, last column, from 0."""


def as_xlsx(path: Path, sheets: dict[str, tuple[Rows, Merges]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, (rows, merges) in sheets.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, start=1):
            for c, value in enumerate(row, start=1):
                number, code = value if isinstance(value, tuple) else (value, "General")
                sheet.cell(r, c, number).number_format = code
        for top, left, bottom, right in merges:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    book.save(path)
    return path


def as_xls(path: Path, sheets: dict[str, tuple[Rows, Merges]]) -> Path:
    book = xlwt.Workbook(encoding="utf-8")
    for name, (rows, merges) in sheets.items():
        sheet = book.add_sheet(name, cell_overwrite_ok=True)
        firsts = {(top, left): (bottom, right) for top, left, bottom, right in merges}
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                number, code = value if isinstance(value, tuple) else (value, "General")
                style = xlwt.easyxf(num_format_str=code)
                if (r, c) in firsts:
                    bottom, right = firsts[r, c]
                    sheet.write_merge(r, bottom, c, right, number, style)
                elif number is not None:
                    sheet.write(r, c, number, style)
    book.save(str(path))
    return path


Writer = Callable[[Path, dict[str, tuple[Rows, Merges]]], Path]
both = pytest.mark.parametrize("write", [as_xlsx, as_xls])

BUDGET: Rows = [
    ["2022年度部门收支表", None, None, None],
    [None, None, None, "单位：万元"],
    ["项目", "预算数", None, "执行率"],
    [None, "年初", "全年", None],
    ["基本支出", (1200.5, "#,##0.00"), (1300, "#,##0.00"), (0.9993, "0.00%")],
    ["项目支出", (10, "0.00"), (12, "0.00"), (1, "0%")],
    [None, (20, "0.00"), (30, "0.00"), (0.955, "0.0%")],
    ["注：不含结转资金。", None, None, None],
]
BUDGET_MERGES: Merges = [(0, 0, 0, 3), (2, 0, 3, 0), (2, 1, 2, 2), (2, 3, 3, 3), (5, 0, 6, 0), (7, 0, 7, 3)]


def read(write: Writer, tmp_path: Path, sheets: dict[str, tuple[Rows, Merges]]) -> Document:
    return read_document(write(tmp_path / "报表.bin", sheets))


@both
def test_numbers_are_printed_as_seen_and_merged_ranges_are_known(write: Writer, tmp_path: Path) -> None:
    document = read(write, tmp_path, {"收支": (BUDGET, BUDGET_MERGES)})
    assert document.text == (
        "2022年度部门收支表\n\t\t\t单位：万元\n项目\t预算数\t执行率\n\t年初\t全年\t\n"
        "基本支出\t1,200.50\t1,300.00\t99.93%\n项目支出\t10.00\t12.00\t100%\n\t20.00\t30.00\t95.5%\n注：不含结转资金。\n"
    )
    table = next(t for t in lay_out(document).tables if t.header_rows)
    assert (table.caption, table.unit) == ("2022年度部门收支表", "万元")
    assert [c.header for c in table.body[0].cells] == [("项目",), ("预算数", "年初"), ("预算数", "全年"), ("执行率",)]
    assert [[c.text for c in row.cells] for row in table.body][-1] == ["", "20.00", "30.00", "95.5%"]


@both
def test_sheets_are_pages_and_empty_rows_divide_tables(write: Writer, tmp_path: Path) -> None:
    first: Rows = [["甲", "1"], ["乙", "2"], [None, None], ["丙", "3"], ["丁", "4"]]
    document = read(write, tmp_path, {"表一": (first, []), "空": ([], []), "表三": ([["说明文字"]], [])})
    assert [(p.label, document.text[p.span.start : p.span.stop]) for p in document.pages] == [
        ("表一", "甲\t1\n乙\t2\n丙\t3\n丁\t4\n"), ("空", ""), ("表三", "说明文字\n"),
    ]  # fmt: skip
    assert len(document.tables) == 2


def worksheet(rows: str, more: str = "", sheet: str = 'state="visible"', before: str = "") -> bytes:
    """An Excel file of these rows."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    buffer = BytesIO()
    with ZipFile(buffer, "w") as out:
        out.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{kinds}"><sheets><sheet name="甲" r:id="x" {sheet}/></sheets></workbook>',
        )
        out.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships><Relationship Id="x" Type="{kinds}/worksheet" Target="worksheets/one.xml"/></Relationships>',
        )
        out.writestr(
            "xl/worksheets/one.xml",
            f'<worksheet xmlns="{main}">{before}<sheetData>{rows}</sheetData>{more}</worksheet>',
        )
    return buffer.getvalue()


def text(place: str, words: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


@pytest.mark.parametrize(
    ("cell", "printed"),
    [
        ('<c r="B1"><v>1798.5</v></c>', "1798.5"),
        ('<c r="B1" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="B1" t="e"><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="B1" t="str"><f>A1</f><v>公式</v></c>', "公式"),
        ('<c r="B1"><f>1+1</f><v>2</v></c>', "2"),
        ('<c r="B1" t="s"><v>99</v></c>', ""),
        ('<c r="B1"><v>nan</v></c>', "nan"),
        ('<c r="B1"><v>1E+9999</v></c>', "1E+9999"),
        ('<c r="B1" s="77"><v>3</v></c>', "3"),
        ("<c><v>3</v></c>", "3"),
        ('<c r="B1" t="inlineStr"><is><r><t>万</t></r><r><t>元</t></r><rPh><t>wan</t></rPh></is></c>', "万元"),
    ],
)
def test_cells_of_every_kind(cell: str, printed: str) -> None:
    found = read_xlsx(
        Path("x.xlsx"), worksheet(f'<row r="1">{text("A1", "甲")}{cell}{text("C1", "乙")}</row>'), Limits()
    )
    assert found.text == (f"甲\t{printed}\t乙\n" if printed else "甲\t乙\n")


@pytest.mark.parametrize(
    ("data", "remark"),
    [
        (worksheet('<row r="1"><c r="A1"><f>SUM(B1)</f></c>' + text("B1", "甲") + "</row>"),
         "1 formulas of sheet 甲 have no stored result: open the file in Excel or WPS, save it and run again"),
        (worksheet(f'<row r="1">{text("A1", "甲")}</row><row r="2" hidden="1">{text("A2", "藏")}</row>'),
         "1 filled cells of sheet 甲 are in hidden rows or columns and not read"),
        (worksheet(f'<row r="1">{text("A1", "甲")}{text("B1", "藏")}</row>',
                   before='<cols><col min="2" max="3" hidden="1"/></cols>'),
         "1 filled cells of sheet 甲 are in hidden rows or columns and not read"),
        (worksheet(f'<row r="1">{text("A1", "藏")}</row>', sheet='state="veryHidden"'), "sheet 甲 is hidden and not read"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_told(data: bytes, remark: str) -> None:
    found = read_xlsx(Path("x.xlsx"), data, Limits())
    assert found.remarks == (remark,)
    assert "藏" not in found.text


def test_a_sheet_as_large_as_excel_allows_is_refused_before_it_is_built() -> None:
    rows = "".join(
        f'<row r="{r}">{text(f"A{r}", "甲")}{text(f"{c}{r}", "乙")}</row>' for r, c in enumerate(("B", "C", "D"), 1)
    )
    with pytest.raises(DocumentError) as caught:
        read_xlsx(Path("x.xlsx"), worksheet(rows), Limits(cells=10))
    assert str(caught.value) == (
        "x.xlsx: sheet 甲 has 3 × 4 cells, more than the limit of 10; remove what is no report, or raise max_cells"
    )


def test_cells_far_apart_cost_nothing() -> None:
    rows = f'<row r="1">{text("A1", "甲")}{text("XFD1", "乙")}</row><row r="1048576">{text("A1048576", "丙")}</row>'
    merge = '<mergeCells><mergeCell ref="A1:XFC1048576"/><mergeCell ref="B2:A1"/><mergeCell ref="?"/></mergeCells>'
    assert read_xlsx(Path("x.xlsx"), worksheet(rows), Limits()).text == "甲\t乙\n丙\n"
    assert read_xlsx(Path("x.xlsx"), worksheet(rows, merge), Limits()).text == "甲\t乙\n"


def test_a_broken_old_file_is_named(tmp_path: Path) -> None:
    path = as_xls(tmp_path / "x.xls", {"甲": ([["甲", "1"]], [])})
    path.write_bytes(path.read_bytes().replace(b"\x09\x08\x10\0", b"\x09\x09\xff\0"))
    with pytest.raises(DocumentError, match="broken Excel file of the old format"):
        read_document(path)
