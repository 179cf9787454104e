"""Reports inside a document: told by their titles; covers and running titles begin none."""

from __future__ import annotations

from tests.report_cases import layout_of, lines

BODY = ("一、部门概况", "我局为一级预算单位，2022年全年预算数1798万元。", "二、绩效情况", "自评得分95分，等级为优。")
FIRST = "清江州水利局2022年度部门整体支出绩效自评报告"
SECOND = "小型水库除险加固专项资金2022年度绩效自评报告"


def reports(text: str) -> list[tuple[str, str | None, list[tuple[int, int]]]]:
    return [(s.report_id, s.title and s.title.text, [tuple(x) for x in s.spans]) for s in layout_of(text).segments]


def test_a_document_without_a_title_is_one_report() -> None:
    text = lines(*BODY)
    assert reports(text) == [("r1", None, [(0, len(text))])]


def test_an_empty_document_is_one_report_without_text() -> None:
    assert reports("") == [("r1", None, [(0, 0)])]


def test_what_stands_before_the_title_belongs_to_the_report() -> None:
    text = lines("发布时间：2023年5月", FIRST, *BODY)
    assert reports(text) == [("r1", FIRST, [(0, len(text))])]


def test_a_title_set_over_lines_is_one() -> None:
    text = lines("清江州水利局", "2022年度", "部门整体支出绩效自评报告", *BODY)
    assert [title for _, title, _ in reports(text)] == [FIRST]


def test_a_cover_and_a_running_title_name_the_same_report() -> None:
    text = lines(FIRST, "", "部门整体支出绩效自评报告", *BODY, FIRST, *BODY)
    assert reports(text) == [("r1", FIRST, [(0, len(text))])]


def test_two_titles_are_two_reports_side_by_side() -> None:
    first, second = lines(FIRST, *BODY), lines(SECOND, *BODY)
    assert reports(first + second) == [
        ("r1", FIRST, [(0, len(first))]),
        ("r2", SECOND, [(len(first), len(first) + len(second))]),
    ]


def test_an_annexed_report_ends_where_the_outer_one_goes_on() -> None:
    outer = lines(FIRST, *BODY)
    annexed = lines(SECOND, *BODY)
    rest = lines("附件2：项目支出绩效自评表", "项目支出合计12万元。")
    text = outer + lines("附件1：") + annexed + rest
    start, stop = len(outer + lines("附件1：")), len(text) - len(rest)
    assert reports(text) == [("r1", FIRST, [(0, start), (stop, len(text))]), ("r2", SECOND, [(start, stop)])]
    layout = layout_of(text)
    assert [layout.report_at(p) for p in (0, start - 1, start, stop - 1, stop, len(text) - 1)] == [
        "r1", "r1", "r2", "r2", "r1", "r1",
    ]  # fmt: skip


def test_a_sentence_that_names_a_report_is_no_title() -> None:
    text = lines("按要求形成《2022年度部门整体支出绩效自评报告》并公开。", *BODY)
    assert reports(text) == [("r1", None, [(0, len(text))])]


def test_the_year_begins_the_second_line_of_a_project_s_title() -> None:
    text = lines("清江州城区环卫一体化服务项目", "2022年度绩效评价报告", *BODY)
    assert [title for _, title, _ in reports(text)] == ["清江州城区环卫一体化服务项目2022年度绩效评价报告"]


def test_forms_below_a_cover_and_their_text_are_one_report() -> None:
    form = ("项目支出绩效自评表", "项目名称\t水质监测", "主管部门\t清江州水利局")
    text = lines("清江州水利局", "2022年度项目支出绩效自评公开材料", *form, "2022年度项目支出绩效自评情况说明", *BODY)
    assert reports(text) == [("r1", "清江州水利局2022年度项目支出绩效自评公开材料", [(0, len(text))])]
