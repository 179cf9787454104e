"""``jixiao export``: what comes back from the files is what the database holds, and no text is computed."""

from __future__ import annotations

import csv
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock

from pipeline.export import TableFormat, export_tables, export_workbook, exported_tables
from pipeline.export.cells import EXACT_DIGITS, LONGEST, Cells
from pipeline.export.workbook import marked
from pipeline.store import Store
from schemas.registry import RECORD_TYPES
from tests.database_cases import fill

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "'quoted", "\tx", '=HYPERLINK("http://x","y")')
REPORT = """某局
2023年度部门整体支出绩效自评报告

二、预算执行情况
2023年部门全年预算数1200.50万元，部门总支出1150.30万元，预算执行率95.82%。

三、存在的问题
1.=cmd|' /C calc'!A0问题表述不清，管理有待加强。
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, and a report whose problem begins as a formula; asked only."""
    folder = tmp_path_factory.mktemp("reports")
    (folder / "formula-2023.txt").write_text(REPORT, encoding="utf-8")
    for path in (Path(__file__).parents[2] / "data" / "samples").glob("*.txt"):
        (folder / path.name).write_bytes(path.read_bytes())
    return fill(folder, folder / "samples.duckdb")[1]


def answers(database: Path) -> dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
    """The columns and rows of each exported table, as the database holds them."""
    with Store.open(database, read_only=True) as store:
        results = {name: store.query(question) for name, question in exported_tables().items()}
    return {name: (result.columns, list(result.rows)) for name, result in results.items()}


def digits(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_csv(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Decimal():
            return digits(value)
        case list():
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        case str():
            return f"'{value}" if value[:1] in set("=+-@\t\r'") and value else value
        case _:
            return str(value)


def test_csv_comes_back_as_it_was(database: Path, tmp_path: Path) -> None:
    written = {w.path.stem: w for w in export_tables(database, tmp_path, TableFormat.CSV)}
    for name, (columns, rows) in answers(database).items():
        with written[name].path.open(encoding="utf-8", newline="") as file:
            header, *lines = csv.reader(file)
        assert tuple(header) == columns
        assert written[name].rows == len(rows) == len(lines)
        times = {i for i, c in enumerate(columns) if c.endswith("_at")}
        kept = [[as_csv(v) for i, v in enumerate(row) if i not in times] for row in rows]
        assert [[v for i, v in enumerate(line) if i not in times] for line in lines] == kept, name


def test_json_lines_keep_figures_as_text_and_lists_as_lists(database: Path, tmp_path: Path) -> None:
    export_tables(database, tmp_path, TableFormat.JSONL)
    for name, (columns, rows) in answers(database).items():
        lines = (tmp_path / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        found = [json.loads(line, parse_float=pytest.fail) for line in lines]
        expected = [dict(zip(columns, row, strict=True)) for row in rows]
        assert len(found) == len(expected)
        for theirs, ours in zip(found, expected, strict=True):
            for column, value in ours.items():
                if not column.endswith(("_at", "_on")):
                    assert theirs[column] == (digits(value) if isinstance(value, Decimal) else value)


def test_parquet_keeps_types_and_values(database: Path, tmp_path: Path) -> None:
    export_tables(database, tmp_path, TableFormat.PARQUET)
    with Store.open(database, read_only=True) as store:
        types = {n: [r[:2] for r in store.query(f"DESCRIBE {q}").rows] for n, q in exported_tables().items()}
    with duckdb.connect() as connection:
        for name, (_, rows) in answers(database).items():
            found = f"FROM '{tmp_path / f'{name}.parquet'}'"
            assert connection.execute(found).fetchall() == rows
            assert [d[:2] for d in connection.execute(f"DESCRIBE {found}").fetchall()] == types[name]


@pytest.fixture(scope="module")
def workbook(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    target = tmp_path_factory.mktemp("workbook") / "out.xlsx"
    with Store.open(database, read_only=True) as store:
        report = export_workbook(store, target)
    assert (report.cut, report.unlinked) == (0, 0)
    return openpyxl.load_workbook(target, rich_text=True), report


def test_a_sheet_for_each_record_type_with_every_record(workbook: Any, database: Path) -> None:
    book, report = workbook
    assert book.sheetnames == [f"{n} {t.term}" for n, t in RECORD_TYPES.items()] + ["findings 疑点", "sources 原文"]
    tables = answers(database)
    for name, sheet in zip([*RECORD_TYPES, "findings"], book.worksheets, strict=False):
        assert sheet.max_row - 1 == report.rows[name] == len(tables[name][1])
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref


def test_figures_are_numbers_with_their_printed_decimals_and_lead_to_their_passage(
    workbook: Any, database: Path
) -> None:
    book, _ = workbook
    with Store.open(database, read_only=True) as store:
        literals = store.query(
            "SELECT record_id, field, value, decimals, printed FROM literals WHERE field <> 'target'"
        ).rows
    printed = {(r, f): (v, d, p) for r, f, v, d, p in literals}
    sources = book["sources 原文"]
    checked = 0
    for name, record_type in RECORD_TYPES.items():
        sheet = book[f"{name} {record_type.term}"]
        header = [cell.value.split("\n")[-1] for cell in sheet[1]]
        for row in sheet.iter_rows(min_row=2):
            record_id = row[header.index("record_id")].value
            for field, cell in zip(header, row, strict=True):
                if cell.data_type != "n" or cell.value is None or (record_id, field) not in printed:
                    continue
                value, decimals, text = printed[record_id, field]
                assert Decimal(str(cell.value)) == value
                assert cell.number_format == "0" + (f".{'0' * decimals}" if decimals else "")
                passage = sources[cell.hyperlink.location.rpartition("!")[2].replace("A", "F")]
                assert sources[cell.hyperlink.location.rpartition("!")[2]].value == record_id
                marks = [str(part) for part in passage.value if isinstance(part, TextBlock) and part.font.b]
                assert text in marks or text in str(passage.value)
                checked += 1
    assert checked > 200


def test_passages_are_the_text_with_the_figures_marked(workbook: Any, database: Path) -> None:
    book, _ = workbook
    with Store.open(database, read_only=True) as store:
        texts = dict(store.query("SELECT document, text FROM documents").rows)
    for row in book["sources 原文"].iter_rows(min_row=2, values_only=True):
        record_id, _, document, _, line, passage = row
        text = "".join(str(part) for part in passage) if isinstance(passage, CellRichText) else passage
        assert text in texts[document], record_id
        assert isinstance(line, int)


def test_no_cell_is_a_formula_and_a_formula_in_a_report_is_text(workbook: Any) -> None:
    book, _ = workbook
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d", "b", "inlineStr"}
    assert any(str(cell.value).startswith("=cmd") for cell in cells), "the report's problem is there as it stands"


def test_texts_that_a_spreadsheet_would_compute_are_guarded_in_csv(database: Path, tmp_path: Path) -> None:
    export_tables(database, tmp_path, TableFormat.CSV)
    for path in tmp_path.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for line in csv.reader(file):
                for cell in line:
                    number = cell.lstrip("-").replace(".", "", 1).isdigit()
                    assert not cell.startswith(tuple("=+-@\t\r")) or number, f"{path.name}: {cell}"
    assert "'=cmd" in (tmp_path / "issues.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text", [*FORMULAS, "{=1}", "http://x", "internal:x!A1", "\x01\x0b\ufffe", " lead", "𠮷", "_x0041_"]
)
def test_any_text_is_text_in_a_cell(tmp_path: Path, text: str) -> None:
    import xlsxwriter  # noqa: PLC0415 - the one test that writes a sheet by hand

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx"), {"constant_memory": True}) as book:
        Cells(book).write(book.add_worksheet("a"), 0, 0, text)
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["a"]["A1"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert openpyxl.utils.escape.unescape(cell.value) == text.replace("\ufffe", "\ufffd")


def test_what_a_cell_cannot_hold_is_counted_or_text(tmp_path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - the one test that writes a sheet by hand

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        cells, sheet = Cells(book), book.add_worksheet("a")
        cells.write(sheet, 0, 0, "长" * (LONGEST + 1))
        cells.write(sheet, 1, 0, Decimal("1234567890123456.78"))
        cells.write(sheet, 2, 0, Decimal("95.5"), 2)
        cells.write(sheet, 3, 0, Decimal("-0.05"))
        assert cells.cut == 1
    found = openpyxl.load_workbook(tmp_path / "a.xlsx")["a"]
    assert (len(found["A1"].value), found["A1"].value[-1]) == (LONGEST, "…")
    assert (found["A2"].value, found["A2"].data_type) == ("1234567890123456.78", "s"), f"beyond {EXACT_DIGITS} digits"
    assert (found["A3"].value, found["A3"].number_format) == (95.5, "0.00")
    assert (found["A4"].value, found["A4"].number_format) == (-0.05, "0.00")


@pytest.mark.parametrize(
    ("quote", "figures", "parts"),
    [
        ((2, 8), [(4, 6)], [("cd", False), ("ef", True), ("gh", False)]),
        ((2, 4), [(6, 8)], [("cdef", False), ("gh", True)]),
        ((4, 6), [(0, 1), (4, 6)], [("a", True), ("bcd", False), ("ef", True)]),
        ((2, 4), [], [("cd", False)]),
        ((0, 4), [(1, 2), (1, 2), (1, 3)], [("a", False), ("b", True), ("cd", False)]),
    ],
)
def test_a_passage_reaches_from_its_first_figure_to_its_last(
    quote: tuple[int, int], figures: list[tuple[int, int]], parts: list[tuple[str, bool]]
) -> None:
    assert [(t, m) for t, m in marked("abcdefgh", quote, figures) if t] == parts


@pytest.mark.parametrize("figure", ["9.95", "0.1", "-8.33", "12600000", "99999999999.9999", "0", "0.0000001"])
def test_a_figure_stands_in_the_file_with_its_own_digits(tmp_path: Path, figure: str) -> None:
    import xlsxwriter  # noqa: PLC0415 - as above

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        Cells(book).write(book.add_worksheet("a"), 0, 0, Decimal(f"{figure}000" if "." in figure else f"{figure}.000"))
    with ZipFile(tmp_path / "a.xlsx") as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    found = re.search(r"<v>(.*?)</v>", sheet)
    assert found
    assert Decimal(found[1]) == Decimal(figure)
