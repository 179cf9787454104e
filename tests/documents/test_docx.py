"""Word files: merged cells, numbers that Word prints by itself, what is printed and what is not."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.document import Document as WordDocument

from pipeline.documents import DocumentError, Limits, read_document
from pipeline.documents.docx import read_docx
from pipeline.flow import Table
from pipeline.layout import lay_out

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'


def package(body: str, namespace: str = W, **parts: str) -> bytes:
    """A Word file of this text part; ``numbering``, ``styles`` and ``footnotes`` are the contents of theirs."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as out:
        more = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        out.writestr("word/document.xml", f"<w:document {namespace} {more}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            out.writestr(f"word/{name}.xml", f"<w:{name} {namespace}>{content}</w:{name}>")
    return buffer.getvalue()


def text_of(body: str, namespace: str = W, **parts: str) -> str:
    return read_docx(Path("x.docx"), package(body, namespace, **parts), Limits()).text


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def written(tmp_path: Path, document: WordDocument) -> Path:
    path = tmp_path / "report.docx"
    document.save(str(path))
    return path


def tables_of(path: Path) -> list[Table]:
    return list(lay_out(read_document(path)).tables)


def test_paragraphs_and_tables_stand_in_order(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("清江州水利局2022年度部门整体支出绩效自评报告", 0)
    document.add_paragraph("表1 收支表")
    table = document.add_table(2, 3)
    for row, texts in zip(table.rows, (("项目", "预算数", "执行数"), ("甲", "1,798.50", "95.50")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("后文。")
    found = read_document(written(tmp_path, document))
    assert found.text == (
        "清江州水利局2022年度部门整体支出绩效自评报告\n表1 收支表\n项目\t预算数\t执行数\n甲\t1,798.50\t95.50\n后文。\n"
    )
    assert found.encoding == "docx"
    [read] = lay_out(found).tables
    assert read.caption == "表1 收支表"


def test_merged_cells_are_known(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(5, 4)
    grid = [list(row.cells) for row in table.rows]
    grid[0][0].merge(grid[1][0]).text = "项目"
    grid[0][1].merge(grid[0][2]).text = "预算数"
    grid[0][3].merge(grid[1][3]).text = "执行数"
    grid[1][1].text, grid[1][2].text = "年初", "全年"
    for cell, text in zip(grid[2], ("基本支出", "10", "12", "11"), strict=True):
        cell.text = text
    grid[3][0].merge(grid[4][0]).text = "项目支出"
    for row, texts in ((3, ("20", "30", "29")), (4, ("1", "2", "3"))):
        for cell, text in zip(grid[row][1:], texts, strict=True):
            cell.text = text
    [read] = tables_of(written(tmp_path, document))
    assert [c.header for c in read.body[0].cells] == [("项目",), ("预算数", "年初"), ("预算数", "全年"), ("执行数",)]
    assert [[c.text for c in row.cells] for row in read.body] == [
        ["基本支出", "10", "12", "11"], ["项目支出", "20", "30", "29"], ["", "1", "2", "3"],
    ]  # fmt: skip


def test_a_table_inside_a_cell_follows_its_table(tmp_path: Path) -> None:
    document = docx.Document()
    outer = document.add_table(4, 2)
    for index, row in enumerate(outer.rows):
        row.cells[0].text = f"项目{index}"
        row.cells[1].text = f"{index}"
    inner = outer.rows[3].cells[1].add_table(2, 2)
    for row in inner.rows:
        row.cells[0].text, row.cells[1].text = "内", "7"
    assert read_document(written(tmp_path, document)).text == ("项目0\t0\n项目1\t1\n项目2\t2\n项目3\t3\n内\t7\n内\t7\n")


def level(depth: int, style: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/>{more}</w:lvl>'


def numbering(*levels: str, nums: str = '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>') -> str:
    return f'<w:abstractNum w:abstractNumId="7">{"".join(levels)}</w:abstractNum>{nums}'


def numbered(text: str, depth: int = 0, num: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{num}"/></w:numPr>')


def test_numbers_are_printed_as_word_prints_them() -> None:
    levels = numbering(
        level(0, "chineseCountingThousand", "%1、"), level(1, "decimal", "（%2）"), level(2, "decimal", "%2.%3.")
    )
    body = "".join(
        (
            numbered("概况"),
            numbered("职能", 1),
            numbered("人员", 1),
            numbered("编制", 2),
            numbered("结论"),
            numbered("得分", 1),
            p("无号"),
        )
    )
    assert text_of(body, numbering=levels) == "一、概况\n（1）职能\n（2）人员\n2.1. 编制\n二、结论\n（1）得分\n无号\n"


@pytest.mark.parametrize(
    ("style", "text", "more", "marks"),
    [
        ("decimal", "%1.", "", ["1. ", "2. "]),
        ("decimal", "%1)", '<w:suff w:val="nothing"/>', ["1)", "2)"]),
        ("upperRoman", "%1.", "", ["I. ", "II. "]),
        ("lowerLetter", "%1)", "", ["a) ", "b) "]),
        ("decimalEnclosedCircle", "%1", "", ["①", "②"]),
        ("japaneseCounting", "第%1条", '<w:suff w:val="space"/>', ["第一条 ", "第二条 "]),
        ("bullet", "•", "", ["", ""]),
        ("none", "附：", "", ["附：", "附："]),
        ("no-such-style", "%1.", "", ["1. ", "2. "]),
    ],
)
def test_styles_of_numbers(style: str, text: str, more: str, marks: list[str]) -> None:
    body = numbered("甲") + numbered("乙")
    expected = "".join(f"{mark}{word}\n" for mark, word in zip(marks, "甲乙", strict=True))
    assert text_of(body, numbering=numbering(level(0, style, text, more))) == expected


def test_lists_that_begin_anew_and_numbers_of_styles() -> None:
    nums = (
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="7"/>'
        '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    )
    styles = (
        '<w:style w:styleId="base"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="head"><w:basedOn w:val="base"/></w:style>'
    )
    body = (
        p("甲", '<w:pStyle w:val="head"/>')
        + numbered("乙")
        + numbered("丙", num=2)
        + numbered("丁", num=2)
        + numbered("无", num=0)
    )
    found = text_of(body, numbering=numbering(level(0, "decimal", "%1."), nums=nums), styles=styles)
    assert found == "1. 甲\n2. 乙\n1. 丙\n2. 丁\n无\n"


@pytest.mark.parametrize(
    ("run", "text"),
    [
        ("<w:r><w:t>全年</w:t><w:tab/><w:t>12</w:t></w:r>", "全年 12"),
        ("<w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r>", "一\n二"),
        ("<w:ins><w:r><w:t>新</w:t></w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", "新"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:t>显</w:t></w:r>", "显"),
        ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r>', "显"),
        ("<w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink>", "链"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>3</w:t></w:r>", "3"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>是</w:t></w:r>', "☑是"),
        ("<mc:AlternateContent><mc:Choice><w:r><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:r>"
         "</mc:Choice><mc:Fallback><w:r><w:t>框</w:t></w:r></mc:Fallback></mc:AlternateContent><w:r><w:t>旁</w:t></w:r>",
         "旁\n框"),
        ("<w:sdt><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>", "控件"),
    ],
)  # fmt: skip
def test_what_is_printed_is_read(run: str, text: str) -> None:
    assert text_of(f"<w:p>{run}</w:p>") == text + "\n"


def test_a_file_of_the_strict_standard_and_footnotes() -> None:
    notes = '<w:footnote w:type="separator"><w:p/></w:footnote><w:footnote>' + p("注：不含结转。") + "</w:footnote>"
    assert text_of(p("正文。"), STRICT, footnotes=notes) == "正文。\n注：不含结转。\n"


ROW = "<w:tr>{}</w:tr>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def test_merges_that_make_no_sense_lose_no_text() -> None:
    rows = (
        cell("甲", "<w:vMerge/>") + cell("乙", '<w:gridSpan w:val="99999"/>'),
        cell("丙", '<w:vMerge w:val="restart"/>')
        + cell("丁", '<w:gridSpan w:val="-1"/>')
        + cell("戊", '<w:gridSpan w:val="x"/>'),
        cell("", "<w:vMerge/>") + cell("己", '<w:hMerge w:val="restart"/>') + cell("", "<w:hMerge/>"),
    )
    found = text_of("<w:tbl>" + "".join(map(ROW.format, rows)) + "</w:tbl>")
    assert found == "甲\t乙\n丙\t丁\t戊\n\t己\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (package(p("甲"))[:-30], "is a broken package"),
        (package("<w:p>"), "holds broken XML (word/document.xml:"),
        (package(p("甲"))[:60] + b"\xff\xff" + package(p("甲"))[62:], "is a broken package (word/document.xml:"),
    ],
)
def test_broken_files_are_named(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "x.docx"
    path.write_bytes(data)
    with pytest.raises(DocumentError) as caught:
        read_document(path)
    assert reason in str(caught.value)


def with_prolog(prolog: str) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as out:
        out.writestr("word/document.xml", f"{prolog}<w:document {W}><w:body>{p('&e;')}</w:body></w:document>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "prolog",
    [
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY e "bomb">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY e "&b;&b;&b;&b;&b;&b;">]>',
    ],
)
def test_entities_are_refused(prolog: str) -> None:
    with pytest.raises(DocumentError, match=r"declares XML entities|holds broken XML"):
        read_docx(Path("x.docx"), with_prolog(prolog), Limits())


def test_a_package_that_unpacks_beyond_the_limit_is_refused_unread() -> None:
    bomb = package(p("零" * 1_000_000))
    assert len(bomb) < 20_000
    with pytest.raises(
        DocumentError, match=r"unpacks to 3,\d\d\d,\d\d\d bytes in 1 parts, more than the limit of 1,000,000"
    ):
        read_docx(Path("x.docx"), bomb, Limits(expanded=1_000_000))
