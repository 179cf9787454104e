"""Prose: wrapped lines become paragraphs again, and headings, items and paragraphs know what they stand under."""

from __future__ import annotations

from pipeline.flow import Block, BlockKind
from pipeline.layout.lines import counted_width, page_width, split_lines
from pipeline.layout.prose import Outline, display_width, join_wrapped
from tests.report_cases import layout_of, lines

HEADING, PARAGRAPH, ITEM = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM


def blocks(text: str) -> list[tuple[BlockKind, str]]:
    return [(b.kind, b.text) for b in layout_of(text).blocks]


def paragraphs(text: str, width: int | None) -> list[str]:
    return [view.text for view in join_wrapped(split_lines(text)[0], width)]


def test_a_text_that_is_not_wrapped_has_a_paragraph_a_line() -> None:
    assert paragraphs("全年预算数\n1798万元。\n\n支出", None) == ["全年预算数", "1798万元。", "支出"]


WRAPPED = """\
受南屏市财政局委托，评价组于2024年6月3日至7月12日，对市文旅局2023年部

门整体支出实施了第三方评价。评价结果为：市文旅局全年预算数3159.45万元，支

出2749.86万元，预算完成率87.04%，资金使用总体规范，绩效目标基本完成，人员

到位，制度健全，但部分项目推进较慢。

一、部门基本情况

（一）机构人员

市文旅局设6个科室，机关行政编制22名，年末实有在职人员21名，在职人员控制率

95.45%。

1.执法办案经费12.5万元，主要用于文化市场综合执法检查、执法服装与装备的购

置以及案件办理。

2.场馆运行经费30万元。
"""


def test_lines_of_a_wrapped_page_are_joined_into_paragraphs() -> None:
    assert paragraphs(WRAPPED, 36) == [
        "受南屏市财政局委托，评价组于2024年6月3日至7月12日，对市文旅局2023年部门整体支出实施了第三方评价。评价结果为：市文旅局全年预算数"
        "3159.45万元，支出2749.86万元，预算完成率87.04%，资金使用总体规范，绩效目标基本完成，人员到位，制度健全，但部分项目推进较慢。",
        "一、部门基本情况",
        "（一）机构人员",
        "市文旅局设6个科室，机关行政编制22名，年末实有在职人员21名，在职人员控制率95.45%。",
        "1.执法办案经费12.5万元，主要用于文化市场综合执法检查、执法服装与装备的购置以及案件办理。",
        "2.场馆运行经费30万元。",
    ]


def test_joined_text_keeps_the_place_of_every_character() -> None:
    found = join_wrapped(split_lines(WRAPPED)[0], 36)
    for view in found:
        assert [WRAPPED[p] for p in view.places] == list(view.text)


def test_a_number_that_a_wrap_splits_is_whole_again() -> None:
    first = "全年一般公共预算财政拨款收入年初结转和结余资金合计数一共达到了17"
    [whole] = paragraphs(f"{first}\n98.50万元，较上年有所增加。", 34)
    assert "合计数一共达到了1798.50万元" in whole


def test_an_item_that_begins_a_line_is_not_joined_to_the_one_before() -> None:
    text = "（1）" + "完" * 32 + "\n（2）成\n"
    assert paragraphs(text, 34) == ["（1）" + "完" * 32, "（2）成"]


def test_latin_letters_and_digits_take_half_the_width_of_a_character() -> None:
    assert (display_width("预算"), display_width("17.98"), display_width("预算17")) == (2, 2.5, 3)


def test_headings_items_and_paragraphs_and_what_they_stand_under() -> None:
    text = lines(
        "一、部门概况",
        "我局为一级预算单位。",
        "（一）收入",
        "1.财政拨款",
        "（1）本年拨款10万元；",
        "二、绩效",
        "得分95分。",
    )
    found = [(b.kind, b.level, b.mark, b.path) for b in layout_of(text).blocks]
    assert found == [
        (HEADING, 1, "一、", ()),
        (PARAGRAPH, 0, "", ("一、部门概况",)),
        (HEADING, 2, "（一）", ("一、部门概况",)),
        (HEADING, 3, "1.", ("一、部门概况", "（一）收入")),
        (ITEM, 4, "（1）", ("一、部门概况", "（一）收入", "1.财政拨款")),
        (HEADING, 1, "二、", ()),
        (PARAGRAPH, 0, "", ("二、绩效",)),
    ]


def test_a_marked_sentence_is_an_item_with_its_title() -> None:
    [block] = layout_of("1.完成校舍维修，消除安全隐患。\n").blocks
    assert (block.kind, block.title) == (ITEM, "完成校舍维修，消除安全隐患。")


def test_a_short_line_before_the_first_item_of_a_list_heads_it() -> None:
    first, second, _ = layout_of("主要成效\n1.建成站点3个。\n2.培训25人。\n").blocks
    assert (first.kind, first.text) == (HEADING, "主要成效")
    assert second.path == ("主要成效",)


def test_a_sentence_before_a_list_is_no_heading() -> None:
    assert blocks("主要成效如下：\n1.建成站点3个。\n")[0] == (PARAGRAPH, "主要成效如下：")


def test_a_new_report_s_title_leaves_the_headings_of_the_one_before() -> None:
    text = lines("一、部门概况", "正文。", "云台县农业局2021年度部门整体支出绩效自评报告", "我局开展了自评。")
    last = [p for p in layout_of(text).parts if isinstance(p, Block)][-1]
    assert last.path == ()


def test_a_heading_leaves_those_of_its_level_and_deeper() -> None:
    outline = Outline()
    for level, title in [(1, "一"), (2, "（一）"), (4, "（1）"), (3, "1."), (2, "（二）")]:
        outline.enter(level, title)
    assert outline.path == ("一", "（二）")
    outline.clear()
    assert outline.path == ()


def test_an_indented_line_begins_a_paragraph() -> None:
    text = lines(
        *(f"这是第{n}行文字，它写满了一整页的宽度，在句子当中换到下一行接着往下写" for n in range(9)),
        "（一）科学设定绩效目标，提高目标管理的水平",
        "    建议主管部门在申报预算时同步编报绩效目标，把产出指标和效益指标写细",
        "写实，并与预算安排相匹配。",
    )
    assert [b.text for b in layout_of(text).blocks][-1].startswith("建议主管部门")


def test_a_program_wraps_by_the_number_of_characters_whatever_their_width() -> None:
    text = (
        "项目年初预算批复数6280.00万元，资金来源为区级一般公共预算，由区财政局按合同约定的\n"
        "进度拨付到位。截至2022年12月31日，项目实际支出5837.62万元，预算执行率为\n"
        "92.95%，未支付的442.38万元由区财政统一收回。与2021年度实际支出5620\n"
        ".35万元相比，增加217.27万元，增长3.87%，主要是清运量增加和最低工资标准上\n"
    )
    lines = split_lines(text * 3)[0]
    counted = counted_width(lines, page_width(lines))
    assert counted == 44
    assert len(join_wrapped(lines[:4], counted, len)) == 1
