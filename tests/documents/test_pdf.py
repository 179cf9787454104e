"""PDF files: ruled tables as cells, paragraphs over lines and pages, pages and boxes, what cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pdfplumber
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.documents import DocumentError, Limits, read_document
from pipeline.documents.canonical import Canonical
from pipeline.documents.pdf import read_pdf
from pipeline.layout import lay_out

FONT = "STSong-Light"
WIDTH, HEIGHT = 595, 842
LEFT = 60
Draw = Callable[[Canvas], None]


def pdf_of(*pages: Sequence[Draw], encrypt: StandardEncryption | None = None) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), encrypt=encrypt, pageCompression=0)
    for page in pages:
        for draw in page:
            draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def at(top: float, text: str, left: float = LEFT, size: float = 12) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(FONT, size)
        canvas.drawString(left, HEIGHT - top - size, text)

    return draw


def ruled(top: float, columns: Sequence[float], rows: Sequence[float]) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.grid(list(columns), [HEIGHT - top - row for row in rows])

    return draw


def read(*pages: Sequence[Draw], limits: Limits | None = None) -> Canonical:
    return read_pdf(Path("x.pdf"), pdf_of(*pages), limits or Limits())


LONG = "某市水利局二〇二二年度部门整体支出绩效自评工作由计划财务科牵头组织开展各科"
"""36 characters, which fill a line of 12 points."""


def test_lines_that_are_broken_at_the_right_edge_are_one_paragraph() -> None:
    found = read([at(100 + 20 * i, text) for i, text in enumerate(
        [LONG, LONG, "室配合。", "    另起一段的首行缩进两个字。", LONG, "1.列表项另起一行", LONG, "全年预算数12"]
    )])  # fmt: skip
    assert found.text.split("\n")[:-1] == [
        LONG + LONG + "室配合。", "另起一段的首行缩进两个字。", LONG, "1.列表项另起一行", LONG + "全年预算数12",
    ]  # fmt: skip


def test_a_figure_that_does_not_fit_is_not_cut_from_its_sentence() -> None:
    short = LONG[:-4]
    found = read([at(100, LONG), at(120, LONG), at(140, short), at(160, "1391.65万元。"), at(180, LONG)])
    assert f"{short}1391.65万元。" in found.text


def test_a_paragraph_goes_on_over_the_page_and_both_pages_know_their_part() -> None:
    found = read([at(100, LONG), at(120, LONG), at(140, LONG)], [at(80, "室配合。"), at(100, LONG)])
    assert LONG * 3 + "室配合。" + "\n" in found.text
    assert [(p.label, found.text[p.span.start : p.span.stop]) for p in found.pages] == [
        ("1", LONG * 3), ("2", f"室配合。\n{LONG}\n"),
    ]  # fmt: skip


COLUMNS = (60, 160, 240, 320)


def budget(top: float) -> list[Draw]:
    """A table of three columns: a header over two of them, a label over two rows."""
    rules = [
        lambda c: c.lines([
            (60, HEIGHT - top, 320, HEIGHT - top), (160, HEIGHT - top - 20, 320, HEIGHT - top - 20),
            (60, HEIGHT - top - 40, 320, HEIGHT - top - 40), (60, HEIGHT - top - 60, 320, HEIGHT - top - 60),
            (160, HEIGHT - top - 80, 320, HEIGHT - top - 80), (60, HEIGHT - top - 100, 320, HEIGHT - top - 100),
            *((x, HEIGHT - top, x, HEIGHT - top - 100) for x in (60, 160, 320)),
            (240, HEIGHT - top - 20, 240, HEIGHT - top - 100),
        ])
    ]  # fmt: skip
    words = [
        (12, 70, "项目"), (4, 200, "预算数"), (24, 170, "年初"), (24, 250, "全年"),
        (44, 70, "基本支出"), (44, 170, "1,200.50"), (44, 250, "1,300.00"),
        (72, 70, "项目支出"), (64, 170, "10"), (64, 250, "12"), (84, 170, "20"), (84, 250, "30"),
    ]  # fmt: skip
    return [*rules, *(at(top + y, text, left=x, size=10) for y, x, text in words)]


def test_ruled_tables_are_cells_and_merged_ones_are_known(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(pdf_of([at(100, "表1 收支表"), at(120, "单位：万元"), *budget(140), at(260, "后文。")]))
    document = read_document(path)
    assert document.text == (
        "表1 收支表\n单位：万元\n项目\t预算数\n\t年初\t全年\n基本支出\t1,200.50\t1,300.00\n"
        "项目支出\t10\t12\n\t20\t30\n后文。\n"
    )
    [table] = lay_out(document).tables
    assert (table.caption, table.unit) == ("表1 收支表", "万元")
    assert [c.header for c in table.body[0].cells] == [("项目",), ("预算数", "年初"), ("预算数", "全年")]


@pytest.mark.parametrize("sides", ["both", "left", "right"])
def test_a_table_with_open_sides_keeps_its_outer_columns(sides: str) -> None:
    def rules(canvas: Canvas) -> None:
        upright = [160, 240, *([60] if sides == "right" else []), *([320] if sides == "left" else [])]
        canvas.lines([(60, HEIGHT - 140 - 20 * i, 320, HEIGHT - 140 - 20 * i) for i in range(4)])
        canvas.lines([(x, HEIGHT - 140, x, HEIGHT - 200) for x in upright])

    rows = [("项目", "预算数", "执行数"), ("甲", "10", "9"), ("合计", "30", "27")]
    words = [
        at(144 + 20 * r, text, left=x, size=10)
        for r, row in enumerate(rows) for text, x in zip(row, (70, 170, 250), strict=True)
    ]  # fmt: skip
    assert read([at(100, "表1"), rules, *words]).text == "表1\n项目\t预算数\t执行数\n甲\t10\t9\n合计\t30\t27\n"


def test_a_table_goes_on_over_the_page() -> None:
    def part(top: float, rows: Sequence[tuple[str, str]]) -> list[Draw]:
        return [
            ruled(top, (60, 160, 240), [20 * i for i in range(len(rows) + 1)]),
            *(at(top + 20 * i + 4, a, left=70, size=10) for i, (a, _) in enumerate(rows)),
            *(at(top + 20 * i + 4, b, left=170, size=10) for i, (_, b) in enumerate(rows)),
        ]

    furniture = [at(30, "某市资料汇编", size=9), at(800, "— 1 —", left=280, size=9)]
    found = read(
        [*furniture, at(100, "正文"), *part(700, [("项目", "预算数"), ("甲", "1")])],
        [*furniture, *part(80, [("乙", "2"), ("丙", "3")]), at(200, "后文")],
    )
    assert found.text == "正文\n项目\t预算数\n甲\t1\n乙\t2\n丙\t3\n后文\n"
    assert len(found.tables) == 1
    assert [found.text[p.span.start : p.span.stop] for p in found.pages] == [
        "正文\n项目\t预算数\n甲\t1\n",
        "乙\t2\n丙\t3\n后文\n",
    ]


def rows_at(top: float, columns: Sequence[float], rows: Sequence[Sequence[str]], height: float = 20) -> list[Draw]:
    """A ruled table; the lines of a cell are divided by a line break."""
    return [
        ruled(top, columns, [height * i for i in range(len(rows) + 1)]),
        *(
            at(top + height * i + 2 + 10 * k, line, left=left + 4, size=9)
            for i, row in enumerate(rows)
            for left, text in zip(columns, row, strict=False)
            for k, line in enumerate(text.split("\n"))
            if line
        ),
    ]


def test_a_row_that_the_page_cuts_is_one_row() -> None:
    columns = (60, 112, 200, 300)
    found = read(
        rows_at(700, columns, [("项目", "预算数", "说明"), ("市妇幼保", "4.12", "按月拨付，用于设备更新")], 24),
        rows_at(80, columns, [("健院", "", ""), ("市疾控", "9.37", "无")], 24),
    )
    assert found.text == "项目\t预算数\t说明\n市妇幼保健院\t4.12\t按月拨付，用于设备更新\n市疾控\t9.37\t无\n"
    assert [found.text[p.span.start :] for p in found.pages[1:]] == ["市疾控\t9.37\t无\n"]


def test_a_new_row_below_a_full_cell_is_no_rest_of_it() -> None:
    columns = (60, 114, 200)
    found = read(
        rows_at(700, columns, [("项目", "预算数"), ("市妇幼保", "4.12")]),
        rows_at(80, columns, [("市疾控", "9.37")]),
        rows_at(80, columns, [("市血站", "")]),
    )
    assert found.text == "项目\t预算数\n市妇幼保\t4.12\n市疾控\t9.37\n市血站\t\n"


def test_a_head_that_each_page_prints_again_is_read_once() -> None:
    columns = (60, 160, 240)
    head, other = ("项目", "预算数"), ("项目", "决算数")
    found = read(
        rows_at(700, columns, [head, ("甲", "1")]),
        rows_at(80, columns, [head, ("乙", "2"), head, ("丙", "3")]),
        rows_at(80, columns, [other, ("丁", "4")]),
    )
    assert found.text == "项目\t预算数\n甲\t1\n乙\t2\n项目\t预算数\n丙\t3\n项目\t决算数\n丁\t4\n"


def test_merged_cells_and_columns_that_one_page_alone_shows_keep_their_places() -> None:
    def first(canvas: Canvas) -> None:
        canvas.grid([60, 160, 240, 320], [HEIGHT - 700, HEIGHT - 720, HEIGHT - 740])

    def second(canvas: Canvas) -> None:  # the first two columns are one there
        canvas.grid([60, 240, 320], [HEIGHT - 80, HEIGHT - 100])

    found = read(
        [first, *(at(704, t, left=x, size=10) for t, x in (("类别", 64), ("项目", 164), ("预算数", 244))),
         *(at(724, t, left=x, size=10) for t, x in (("产出", 64), ("甲", 164), ("1", 244)))],
        [second, at(84, "合计", left=64, size=10), at(84, "1", left=244, size=10)],
    )  # fmt: skip
    assert found.text == "类别\t项目\t预算数\n产出\t甲\t1\n合计\t1\n"
    assert [(c.column, c.columns) for c in found.tables[0].cells if c.row == 2] == [(0, 2), (2, 1)]


def test_points_that_a_paragraph_counts_are_no_items_where_a_line_begins_with_one() -> None:
    counted = "主要做法有：1、强化预算约束，从严控制一般性支出；2、加快项目"
    more = "进度，按月通报支出情况，年底前全部完成支付；"
    filled = (more * 3)[: 36 - 1] + "；"
    found = read(
        [at(100, LONG), at(120, LONG), at(140, counted + "推进力度；"), at(160, filled), at(180, "3、盘活存量。")]
    )
    assert found.text.endswith(f"{filled}3、盘活存量。\n")
    assert "\n2、" not in found.text


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_whose_print_stands_on_its_side_is_read_like_an_upright_one(quarters: int) -> None:
    def turned(canvas: Canvas) -> None:
        width, height = (WIDTH, HEIGHT) if quarters == 2 else (HEIGHT, WIDTH)
        canvas.translate(*{1: (WIDTH, 0), 2: (WIDTH, HEIGHT), 3: (0, HEIGHT)}[quarters])
        canvas.rotate({1: 90, 2: 180, 3: 270}[quarters])
        canvas.translate(0, height - HEIGHT)
        for draw in (at(100, "表1 收支表"), at(120, "单位：万元"), *budget(140)):
            draw(canvas)
        assert width

    found = read([at(100, "正文")], [turned])
    assert found.text == (
        "正文\n表1 收支表\n单位：万元\n项目\t预算数\n\t年初\t全年\n基本支出\t1,200.50\t1,300.00\n项目支出\t10\t12\n\t20\t30\n"
    )
    assert found.remarks == ()


def test_a_page_that_is_shown_turned_is_read_as_it_is_shown() -> None:
    def shown(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.rotate(90)
        canvas.translate(0, -HEIGHT)
        for draw in (at(300, "标题"), *budget(340)):
            draw(canvas)

    assert read([shown]).text.startswith("标题\n项目\t预算数\n\t年初\t全年\n")


def test_two_columns_are_read_one_after_the_other() -> None:
    def column(left: float, lines: Sequence[str], top: float = 140) -> list[Draw]:
        return [at(top + 18 * i, line, left=left) for i, line in enumerate(lines)]

    half = "按照县财政局统一部署我局认真组织开"
    one = [half] * 6 + ["展自评。"]
    two = ["    第二段从左栏末尾起头续到右栏去", half, half, half, half, half, "展自评。"]
    found = read([at(100, "某市水利局自评报告" * 2), *column(LEFT, one), *column(LEFT + 250, two), at(300, LONG)])
    assert found.text == (
        "某市水利局自评报告某市水利局自评报告\n"
        + half * 6
        + "展自评。\n第二段从左栏末尾起头续到右栏去"
        + half * 5
        + "展自评。\n"
        + LONG
        + "\n"
    )


def test_a_table_without_rules_is_not_read_column_by_column() -> None:
    rows = [("基本支出", "1200.50"), ("项目支出", "12"), ("其他支出", "3"), ("合计", "1215.50")] * 2
    found = read([
        draw for i, (a, b) in enumerate(rows) for draw in (at(100 + 20 * i, a), at(100 + 20 * i, b, left=300))
    ])  # fmt: skip
    assert found.text == "".join(f"{a} {b}\n" for a, b in rows)


def test_a_figure_that_is_broken_in_a_narrow_cell_is_one_and_two_figures_stay_two() -> None:
    found = read([
        ruled(100, (60, 90, 200), (0, 40)),
        at(104, "1234.", left=64, size=9), at(118, "56", left=64, size=9),
        at(104, "12", left=94, size=9), at(118, "34", left=94, size=9),
    ])  # fmt: skip
    assert found.text == "1234.56\t12 34\n"


def test_every_box_holds_what_its_span_says() -> None:
    data = pdf_of([at(100, LONG), at(120, "室配合，全年预算数1,798.50万元。"), *budget(200)], [at(90, "第二页")])
    found = read_pdf(Path("x.pdf"), data, Limits())
    assert found.boxes
    with pdfplumber.open(BytesIO(data)) as pdf:
        for box in found.boxes:
            printed = pdf.pages[int(box.page) - 1].crop((box.left, box.top, box.right, box.bottom)).extract_text()
            assert printed.replace("\n", "") == found.text[box.span.start : box.span.stop]


def test_running_heads_and_page_numbers_go_and_figures_of_the_report_stay() -> None:
    pages = [
        [
            at(30, f"某市资料汇编 第{n}期", size=9),
            at(100, "3"),
            at(140, f"正文{n}"),
            at(800, f"第 {n} 页 共 3 页", left=270),
        ]
        for n in (1, 2, 3)
    ]
    assert read(*pages).text == "3\n正文1\n3\n正文2\n3\n正文3\n"
    assert read([at(30, "只有一页的眉题"), at(100, "正文")]).text == "只有一页的眉题\n正文\n"


def test_bold_letters_that_are_printed_twice_are_read_once() -> None:
    assert read([at(100, "加粗的标题"), at(100, "加粗的标题", left=LEFT + 0.2)]).text == "加粗的标题\n"


def test_columns_of_a_table_without_rules_stay_apart() -> None:
    found = read([at(100, "产出"), at(100, "30", left=150), at(100, "26.9", left=200), at(100, "89.67%", left=250)])
    assert found.text == "产出 30 26.9 89.67%\n"


def test_a_frame_around_the_page_is_no_table() -> None:
    found = read([ruled(50, (40, 560), (0, 700)), at(100, "第一行"), at(130, "第二行")])
    assert (found.text, found.tables) == ("第一行\n第二行\n", ())


def test_drawn_ornaments_change_nothing() -> None:
    def ornament(canvas: Canvas) -> None:
        canvas.ellipse(300, 300, 340, 330)
        canvas.line(310, 310, 360, 380)
        canvas.circle(500, 700, 30)

    assert read([*budget(200), ornament]) == read(budget(200))


def test_text_at_an_angle_is_told() -> None:
    def watermark(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 40)
        canvas.rotate(45)
        canvas.drawString(300, 100, "DRAFT")

    found = read([at(100, "正文"), watermark])
    assert (found.text, found.remarks) == ("正文\n", ("5 characters are printed at an angle and not read",))


def test_a_long_file_is_refused_unread() -> None:
    with pytest.raises(DocumentError) as caught:
        read([at(100, "一")], [at(100, "二")], limits=Limits(pages=1))
    assert str(caught.value) == "x.pdf: has 2 pages, more than the limit of 1; split it or raise max_pages"


def test_a_password_is_told_and_one_for_the_owner_alone_is_none() -> None:
    locked = pdf_of([at(100, "密")], encrypt=StandardEncryption("secret", ownerPassword="owner"))
    with pytest.raises(DocumentError, match="is protected with a password; save it without the password"):
        read_pdf(Path("x.pdf"), locked, Limits())
    opened = pdf_of(
        [lambda canvas: canvas.drawString(60, 700, "open")], encrypt=StandardEncryption("", ownerPassword="owner")
    )
    assert read_pdf(Path("x.pdf"), opened, Limits()).text == "open\n"


@pytest.mark.parametrize("cut", [20, 200, 0.3, 0.6])
def test_broken_files_are_named_or_read(cut: float) -> None:
    data = pdf_of([at(100, "正文")])
    kept = data[: int(cut if cut > 1 else cut * len(data))]
    try:
        assert read_pdf(Path("x.pdf"), kept, Limits()).text in {"", "正文\n"}
    except DocumentError as error:
        assert "is a broken PDF" in str(error)
