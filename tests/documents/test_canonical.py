"""The canonical text of drawn tables: a line a row, every cell found again at its place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.canonical import CanonicalWriter, DrawnCell, plain
from pipeline.drawn import GivenCell


def read_back(text: str, cell: GivenCell) -> list[str]:
    return [text[start:stop] for start, stop in cell.pieces]


def test_a_table_is_a_line_a_row_with_tabs_between_its_cells() -> None:
    writer = CanonicalWriter()
    writer.paragraph("表1 收支表\n\n  单位：万元 ")
    writer.table(
        [DrawnCell(0, 0, 2, 1, ["项目"]), DrawnCell(0, 1, 1, 2, ["预算"]), DrawnCell(1, 1, 1, 1, ["年初"]),
         DrawnCell(1, 2, 1, 1, ["全年"]), DrawnCell(2, 0, 1, 1, ["基本", "支出"]), DrawnCell(2, 1), DrawnCell(2, 2, lines=["12"])]
    )  # fmt: skip
    writer.paragraph("后文。")
    found = writer.finish()
    assert found.text == "表1 收支表\n单位：万元\n项目\t预算\n\t年初\t全年\n基本 支出\t\t12\n后文。\n"
    [table] = found.tables
    assert found.text[table.span.start : table.span.stop] == "项目\t预算\n\t年初\t全年\n基本 支出\t\t12\n"
    assert [read_back(found.text, c) for c in table.cells] == [
        ["项目"], ["预算"], ["年初"], ["全年"], ["基本", "支出"], [], ["12"],
    ]  # fmt: skip


def test_paragraphs_of_a_cell_are_one_text_but_two_figures_stay_two() -> None:
    writer = CanonicalWriter()
    writer.table([DrawnCell(0, 0, lines=["甲", "12", "34", "万元"]), DrawnCell(0, 1, lines=["乙"])])
    found = writer.finish()
    assert read_back(found.text, found.tables[0].cells[0]) == ["甲", "12 34", "万元"]


def test_a_single_column_is_prose() -> None:
    writer = CanonicalWriter()
    writer.table([DrawnCell(0, 0, lines=["一、概况", "第一段。"]), DrawnCell(1, 0, lines=["第二段。"])])
    found = writer.finish()
    assert (found.text, found.tables) == ("一、概况\n第一段。\n第二段。\n", ())


def test_empty_tables_and_empty_rows_leave_nothing() -> None:
    writer = CanonicalWriter()
    writer.table([DrawnCell(0, 0), DrawnCell(0, 1)])
    writer.table([DrawnCell(0, 0), DrawnCell(0, 1), DrawnCell(1, 0, lines=["甲"]), DrawnCell(1, 1, lines=["1"])])
    found = writer.finish()
    assert (found.text, len(found.tables)) == ("甲\t1\n", 1)


def test_pages_cover_the_text_from_one_to_the_next() -> None:
    writer = CanonicalWriter()
    for label in ("1", "2", "3"):
        writer.page(label)
        if label != "2":
            writer.paragraph(f"第{label}页")
    found = writer.finish()
    assert [(p.label, found.text[p.span.start : p.span.stop]) for p in found.pages] == [
        ("1", "第1页\n"), ("2", ""), ("3", "第3页\n"),
    ]  # fmt: skip


CELLS = st.lists(
    st.lists(st.lists(st.text(max_size=6), max_size=3), min_size=2, max_size=4), min_size=1, max_size=5
)  # fmt: skip


@given(CELLS)
def test_every_cell_is_found_at_its_place_whatever_it_holds(rows: list[list[list[str]]]) -> None:
    writer = CanonicalWriter()
    writer.paragraph("前文")
    writer.table([DrawnCell(r, c, lines=lines) for r, row in enumerate(rows) for c, lines in enumerate(row)])
    found = writer.finish()
    found.text.encode()
    for table in found.tables:
        lines = found.text[table.span.start : table.span.stop].split("\n")[:-1]
        assert len(lines) == len({cell.row for cell in table.cells})
        for cell in table.cells:
            printed = " ".join(read_back(found.text, cell))
            assert printed == " ".join(filter(None, map(plain, "\n".join(rows[cell.row][cell.column]).split("\n"))))
