"""Web pages: charset, tables with merged cells, numbered lists; without what stands around the article."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents import DocumentError, read_document
from pipeline.documents.html import read_html
from pipeline.flow import Table
from pipeline.layout import lay_out

PAGE = "<!DOCTYPE html><html><head>{head}<title>政务公开</title></head><body>{body}</body></html>"
ARTICLE = "<p>清江州水利局2022年度部门整体支出绩效自评报告</p><p>全年预算数1,798.50万元。</p>"


def text_of(body: str) -> str:
    return read_html(Path("x.html"), PAGE.format(head="", body=body).encode())[1].text


def tables_of(tmp_path: Path, body: str) -> list[Table]:
    path = tmp_path / "x.html"
    path.write_text(PAGE.format(head="", body=body), encoding="utf-8")
    return list(lay_out(read_document(path)).tables)


@pytest.mark.parametrize(
    ("head", "encoding", "name"),
    [
        ('<meta charset="gb2312">', "gb18030", "gb18030"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=GBK">', "gb18030", "gb18030"),
        ("<meta charset=utf-8>", "utf-8", "utf-8"),
        ("", "utf-8", "utf-8"),
        ("", "gb18030", "gb18030"),
        ("<meta charset=utf-8>", "gb18030", "gb18030"),
        ('<meta charset="gb2312">', "utf-8-sig", "utf-8-sig"),
        ("", "utf-16", "utf-16"),
        ('<meta charset="no-such-charset">', "utf-8", "utf-8"),
    ],
)
def test_the_charset_is_the_declared_one_or_what_the_bytes_say(
    tmp_path: Path, head: str, encoding: str, name: str
) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(PAGE.format(head=head, body=ARTICLE).encode(encoding))
    document = read_document(path)
    assert document.text == "清江州水利局2022年度部门整体支出绩效自评报告\n全年预算数1,798.50万元。\n"
    assert document.encoding == name


def test_a_few_broken_characters_are_shown_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    page = PAGE.format(head='<meta charset="gb2312">', body=ARTICLE * 40).encode("gb18030")
    path.write_bytes(page.replace("万元。".encode("gb18030"), b"\xff", 1))
    document = read_document(path)
    assert document.remarks == ("1 characters are broken in the file and stand as \ufffd",)
    assert document.text.count("\ufffd") == 1


def test_a_page_saved_whole_is_read_from_its_archive(tmp_path: Path) -> None:
    path = tmp_path / "page.mht"
    body = PAGE.format(head="", body=ARTICLE).encode("gb18030")
    path.write_bytes(
        b"From: <saved>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n--B\r\n"
        b"Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body + b"\r\n--B--\r\n"
    )
    assert "全年预算数1,798.50万元。" in read_document(path).text


MERGED = """
<p>单位：万元</p><table>
<tr><th rowspan=2>项目<th colspan="2">预算<th rowspan=2>执行数</tr>
<tr><td>年初<td>全年</tr>
<tr><td>基本支出<td>10<td>12<td>11.50</tr>
<tr><td rowspan=2>项目支出<td>20<td>30<td>29</tr>
<tr><td>1<td>2<td>3</tr>
</table>"""


def test_merged_cells_are_known(tmp_path: Path) -> None:
    [table] = tables_of(tmp_path, MERGED)
    assert (table.unit, table.header_rows) == ("万元", 2)
    assert [c.header for c in table.body[0].cells] == [("项目",), ("预算", "年初"), ("预算", "全年"), ("执行数",)]
    assert [[c.text for c in row.cells] for row in table.body] == [
        ["基本支出", "10", "12", "11.50"], ["项目支出", "20", "30", "29"], ["", "1", "2", "3"],
    ]  # fmt: skip


@pytest.mark.parametrize("extent", ["0", "-3", "x", "", "1e9", "99999999999", "2.5"])
def test_senseless_extents_do_no_harm(tmp_path: Path, extent: str) -> None:
    body = f"<table><tr><td rowspan='{extent}'>项目<td colspan='{extent}'>预算数<td>执行数<tr><td>甲<td>1<td>2</table>"
    texts = [c.text for t in tables_of(tmp_path, body) for row in t.rows for c in row.cells if c.text]
    assert texts == ["项目", "预算数", "执行数", "甲", "1", "2"]


DIVS = {
    "styles": ('<div style="width:9px; DISPLAY: table">{}</div>', '<div style="display:table-row">{}</div>',
               '<div style="display:table-cell;">{}</div>'),
    "roles": ('<div role="table">{}</div>', '<div role="row">{}</div>', '<span role="cell">{}</span>'),
}  # fmt: skip


@pytest.mark.parametrize("kind", DIVS)
def test_a_table_that_is_built_of_other_elements_is_one(tmp_path: Path, kind: str) -> None:
    table, row, cell = DIVS[kind]
    rows = [
        ("项目", "预算数（万元）", "执行数（万元）"),
        ("基本支出", "1,200.50", "1,200.50"),
        ("合计", "1,200.50", "1,200.50"),
    ]
    made = table.format("".join(row.format("".join(map(cell.format, cells))) for cells in rows))
    [found] = tables_of(tmp_path, f"<p>表1</p>{made}<p>后文。</p>")
    assert [[c.text for c in r.cells] for r in found.rows] == [list(cells) for cells in rows]


def test_control_characters_beside_what_goes_are_no_error() -> None:
    assert text_of("<p>甲</p><script>1</script>&#1;乙\x02<p>丙</p>") == "甲\n乙\n丙\n"


def test_parts_of_a_table_without_one_are_lines() -> None:
    assert text_of('<div style="display:table-cell">甲</div><div style="display:table-row">乙</div>') == "甲\n乙\n"


def test_a_table_inside_a_data_table_follows_it() -> None:
    rows = "".join(f"<tr><td>指标{i}<td>{i}</tr>" for i in range(4))
    inner = "<table><tr><td>内一<td>1</tr><tr><td>内二<td>2</tr></table>"
    assert text_of(f"<table>{rows}<tr><td>附<td>{inner}</tr></table><p>后文</p>") == (
        "指标0\t0\n指标1\t1\n指标2\t2\n指标3\t3\n附\t\n内一\t1\n内二\t2\n后文\n"
    )


def test_a_table_that_only_places_things_is_prose() -> None:
    inner = "<table><tr><td>项目<td>预算数</tr><tr><td>甲<td>1</tr></table>"
    assert text_of(f"<table><tr><td><p>标题</p><p>正文。</p>{inner}<p>结尾</p></td></tr></table>") == (
        "标题\n正文。\n项目\t预算数\n甲\t1\n结尾\n"
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>一行<br>两行</p>三行<div>四行</div>", "一行\n两行\n三行\n四行\n"),
        ("<p>执行\n  率 <b>95</b>.<i>5</i>%</p>", "执行率 95.5%\n"),
        ("<p>预算 数\n12\n万元</p>", "预算 数 12 万元\n"),
        ("<p>a&nbsp;b&#12288;c&amp;&lt;</p>", "a\xa0b\u3000c&<\n"),
        ("<ol><li>甲<li>乙</ol><ol start=3 type=a><li>丙</ol>", "1. 甲\n2. 乙\nc. 丙\n"),
        ("<ol style='list-style: cjk-ideographic'><li>甲<li value=12>乙</ol>", "一、甲\n十二、乙\n"),
        ("<ul><li>甲<ol><li>乙</ol><li>丙</ul>", "甲\n1. 乙\n丙\n"),
        ("<pre>甲  1\n乙  2</pre>", "甲  1\n乙  2\n"),
        ("<p>看得见<span style='display: none'>看不见</span></p><p hidden>藏</p>", "看得见\n"),
        ("<script>var a = '万元';</script><p>正文</p><!-- 注释 --><style>p {}</style>", "正文\n"),
    ],
)
def test_elements_become_lines(body: str, text: str) -> None:
    assert text_of(body) == text


AROUND = [
    "<nav>首页 信息公开 办事</nav>",
    "<div class='top-nav'><a href=/>首页</a></div>",
    "<div id=footerBox><p>主办：某局</p></div>",
    "<ul><li><a href=/a>新闻一</a><li><a href=/b>新闻二</a><li><a href=/c>新闻三</a></ul>",
    "<div>当前位置：<a href=/>首页</a> &gt; 公开</div>",
    "<p>【打印本页】【关闭窗口】</p>",
    "<p>版权所有：某市人民政府 京ICP备0号</p>",
    "<p>上一篇：关于某事的通知</p>",
]


@pytest.mark.parametrize("around", AROUND)
def test_what_stands_around_the_article_goes(around: str) -> None:
    article = "<p>全年预算数100万元，执行数98万元。</p>" * 12
    assert text_of(f"{around}<div>{article}</div>{around}") == "全年预算数100万元，执行数98万元。\n" * 12


def test_a_block_with_a_data_table_or_most_of_the_text_stays_whatever_it_is_called() -> None:
    assert text_of("<div class=footer><p>全年预算数100万元。</p></div>") == "全年预算数100万元。\n"
    article = "<p>正文。</p>" * 40
    table = "<div class=sidebar><table><tr><td>项目<td>预算数<tr><td>甲<td>1</table></div>"
    assert "甲\t1" in text_of(article + table)


def test_links_inside_the_page_are_no_menu() -> None:
    toc = "<ul><li><a href=#a>一、概况</a><li><a href=#b>二、结论</a><li><a href=#c>三、问题</a></ul>"
    assert text_of(toc + "<p>正文。</p>" * 40).startswith("一、概况\n二、结论\n三、问题\n")


def test_elements_nested_without_end_are_an_error_or_read() -> None:
    for depth in (200, 2_000, 100_000):
        try:
            assert "深处" in text_of("<div>" * depth + "深处")
        except DocumentError as error:
            assert "too deep" in str(error)


@given(st.lists(st.sampled_from(
    ["<table>", "</table>", "<tr>", "<td rowspan=2>", "<td colspan=3>", "<th>", "</td>", "<ol>", "<li>", "</ol>", "<p>",
     "<pre>", "</pre>", "甲", "12", " ", "\n", "&#0;", "<div hidden>", "</div>", "<a href=/>", "</a>", "<br>", "<"]
), max_size=60))  # fmt: skip
def test_any_tag_soup_is_read_and_its_cells_stand_in_the_text(pieces: list[str]) -> None:
    encoding, found = read_html(Path("x.html"), ("<html><body>" + "".join(pieces)).encode())
    assert encoding == "utf-8"
    for table in found.tables:
        places = {
            (r, c)
            for x in table.cells
            for r in range(x.row, x.row + x.rows)
            for c in range(x.column, x.column + x.columns)
        }
        assert len(places) == sum(x.rows * x.columns for x in table.cells)
        for cell in table.cells:
            assert all(table.span.holds(piece) for piece in cell.pieces)
