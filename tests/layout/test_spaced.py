"""Tables without marks: cells that only spaces and line ends keep apart, in the flattenings that PDF text shows.

In these texts ``¶`` stands for a line end with a blank line after it, as PDF text has it inside a cell and between
rows; a bare line end is the sign of another cell.
"""

from __future__ import annotations

import pytest

from pipeline.layout.lines import page_width, split_lines
from pipeline.layout.spaced import SpacedReader, read_spaced

Rows = list[list[str]]


def pdf(text: str) -> str:
    return text.replace("¶\n", "\n\n")


def tables_of(text: str) -> list[Rows]:
    """The rows of every table of a text, their cells as texts."""
    lines, _ = split_lines(text)
    reader = SpacedReader(lines, page_width(lines))
    tables: list[Rows] = []
    index = 0
    while index < len(lines):
        found = reader.read(index)
        if found is None:
            index += 1
            continue
        rows, stop = found
        assert stop > index
        tables.append([[cell.text for cell in row] for row in rows])
        index = stop
    return tables


def rows_of(text: str) -> Rows:
    [rows] = tables_of(text)
    return rows


def test_rows_of_words_and_figures_stand_under_their_header() -> None:
    text = """各部分得分情况如下：
一级指标 分值 得分 得分率
投入 15 14 93.33%
过程 25 21.5 86.00%
合计 40 35.5 —
自评得分为良。
"""
    assert rows_of(text) == [
        ["一级指标", "分值", "得分", "得分率"],
        ["投入", "15", "14", "93.33%"],
        ["过程", "25", "21.5", "86.00%"],
        ["合计", "40", "35.5", "—"],
    ]


def test_added_money_has_a_column_of_its_own() -> None:
    rows = rows_of(
        "序号 项目名称 年初安排 年中追加 调整后预算 实际支付 执行率 备注\n"
        "1 污水处理厂提标工程 680.00 120.00 800.00 742.36 92.80% 已完工\n"
        "2 集镇管网工程 420.00 40.00 460.00 398.12 86.55% 已完工\n"
    )
    assert rows[1] == ["1", "污水处理厂提标工程", "680.00", "120.00", "800.00", "742.36", "92.80%", "已完工"]


def test_a_reading_that_puts_amounts_under_rates_is_none() -> None:
    text = (
        "序号 项目名称 年初安排 机动额度 调整后预算 实际支付 执行率 备注\n"
        "1 污水处理厂提标工程 680.00 120.00 800.00 742.36 92.80% 已完工\n"
        "2 集镇管网工程 420.00 40.00 460.00 398.12 86.55% 已完工\n"
    )
    assert all("742.36" not in row[6:7] for table in tables_of(text) for row in table)


def test_a_name_may_hold_a_year_and_a_remark_may_be_missing() -> None:
    text = """序号 项目名称 年初预算数 全年执行数 执行率 备注
1 2021 年乡村道路维护 120.00 118.50 98.75%
2 桥梁检测 — 36.20 — 追加项目
3 路灯电费 15 15 100% 已完成
合计 135.00 169.70 125.70%
"""
    assert rows_of(text)[1:] == [
        ["1", "2021 年乡村道路维护", "120.00", "118.50", "98.75%", ""],
        ["2", "桥梁检测", "—", "36.20", "—", "追加项目"],
        ["3", "路灯电费", "15", "15", "100%", "已完成"],
        ["合计", "", "135.00", "169.70", "125.70%", ""],
    ]


def test_levels_that_reach_down_leave_their_cells_empty() -> None:
    text = """一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因
产出指标 数量指标 培训农户人次 ≥500人次 520人次 15 15
质量指标 培训合格率 ≥95% 97% 10 10
时效指标 按期完成 12月底 12月底 10 10
效益指标 社会效益 带动就业 ≥60人 48人 20 16 部分企业延期开工
"""
    assert rows_of(text)[1:] == [
        ["产出指标", "数量指标", "培训农户人次", "≥500人次", "520人次", "15", "15", ""],
        ["", "质量指标", "培训合格率", "≥95%", "97%", "10", "10", ""],
        ["", "时效指标", "按期完成", "12月底", "12月底", "10", "10", ""],
        ["效益指标", "社会效益", "带动就业", "≥60人", "48人", "20", "16", "部分企业延期开工"],
    ]


def test_each_line_may_be_a_cell() -> None:
    text = """支出项目
预算数
决算数
基本支出
320.50
318.20
项目支出
1200.00
1185.36
合计
1520.50
1503.56
以上支出均按规定执行。
"""
    assert rows_of(text) == [
        ["支出项目", "预算数", "决算数"],
        ["基本支出", "320.50", "318.20"],
        ["项目支出", "1200.00", "1185.36"],
        ["合计", "1520.50", "1503.56"],
    ]


PROJECTS = pdf("""表 3 重点项目支出明细表¶
序¶
号
项目名称¶
年初预¶
算数（万¶
元）¶
决算数¶
（万¶
元）¶
完成¶
时间
备注¶
1 农村饮水安全巩固¶
提升工程
310.00 298.40¶
11 月 20
日¶
已完成¶
2
中小河流治理及山¶
洪灾害防治非工程¶
措施¶
86.50 86.50 10 月 已完成¶
3 水文站点更新 42.00 — — 未实施
 4 水库大坝安全鉴定¶
（第二批）
55.00 54.10 12 月 已完成¶
合计 493.50 439.00 — —¶
资金支付手续齐全，未发现截留、挤占和挪用等问题，项目管理总体较为规范。¶
""")


def test_labels_and_names_broken_over_lines_are_joined() -> None:
    assert rows_of(PROJECTS) == [
        ["序号", "项目名称", "年初预算数（万元）", "决算数（万元）", "完成时间", "备注"],
        ["1", "农村饮水安全巩固提升工程", "310.00", "298.40", "11 月 20日", "已完成"],
        ["2", "中小河流治理及山洪灾害防治非工程措施", "86.50", "86.50", "10 月", "已完成"],
        ["3", "水文站点更新", "42.00", "—", "—", "未实施"],
        ["4", "水库大坝安全鉴定（第二批）", "55.00", "54.10", "12 月", "已完成"],
        ["合计", "", "493.50", "439.00", "—", "—"],
    ]


SCORES = pdf("""表 5 过程得分情况表¶
二级指标 三级指标 分值 得分 扣分说明¶
预算管理¶
（12 分）¶
预算编制完整¶
性
4 4 —¶
预算调整率 4 2.6¶
预算调整率=（1286.4-1120）¶
/1120=14.86%，超过 10%的¶
部分按比例扣分。¶
支出进度率 4 3 三季度末支出进度未达到¶
75%。¶
资产管理¶
（6 分）¶
资产管理制度¶
健全性
3 3 —¶
固定资产利用 3 2.5 两台设备长期闲置。
 率¶
合计 — 18 15.1 —¶
（二）产出情况分析¶
""")


def test_a_trailing_text_ends_where_the_next_label_begins() -> None:
    assert rows_of(SCORES) == [
        ["二级指标", "三级指标", "分值", "得分", "扣分说明"],
        ["预算管理（12 分）", "预算编制完整性", "4", "4", "—"],
        ["", "预算调整率", "4", "2.6", "预算调整率=（1286.4-1120）/1120=14.86%，超过 10%的部分按比例扣分。"],
        ["", "支出进度率", "4", "3", "三季度末支出进度未达到75%。"],
        ["资产管理（6 分）", "资产管理制度健全性", "3", "3", "—"],
        ["", "固定资产利用率", "3", "2.5", "两台设备长期闲置。"],
        ["合计", "—", "18", "15.1", "—"],
    ]


def test_a_name_that_goes_on_after_a_page_break_keeps_its_places() -> None:
    lines, _ = split_lines(SCORES)
    index = next(i for i, line in enumerate(lines) if line.text.startswith("二级指标"))
    found = read_spaced(lines, index, page_width(lines))
    assert found is not None
    [name] = [cell for row in found[0] for cell in row if cell.text == "固定资产利用率"]
    assert [SCORES[place] for place in name.places] == list("固定资产利用率")
    assert SCORES[name.places[5] : name.places[6]].count("\n") == 1


def test_spanned_headers_are_set_out_over_the_columns_below_them() -> None:
    text = pdf("""单位：万元¶
序号 名称¶
年初预算数 预算调整情况¶
全年预算数
决算数¶
年末结¶
转结余
年初结¶
转结余¶
年初批¶
复数¶
追加预¶
算¶
调减预¶
算¶
总计 20.00 880.00 65.50 12.00 953.50 930.10 23.40¶
一 基本支出 — 410.00 20.50 — 430.50 430.50 —¶
1 人员经费 — 350.00 20.50 — 370.50 370.50 —¶
2 公用经费 — 60.00 — — 60.00 60.00 —¶
2.1 其中：差旅费 — 8.00 — — 8.00 7.65 0.35¶
二 项目支出 20.00 470.00 45.00 12.00 523.00 499.60 23.40¶
""")
    assert rows_of(text) == [
        ["序号", "名称", "年初结转结余", "年初批复数", "追加预算", "调减预算", "全年预算数", "决算数", "年末结转结余"],
        ["总计", "", "20.00", "880.00", "65.50", "12.00", "953.50", "930.10", "23.40"],
        ["一", "基本支出", "—", "410.00", "20.50", "—", "430.50", "430.50", "—"],
        ["1", "人员经费", "—", "350.00", "20.50", "—", "370.50", "370.50", "—"],
        ["2", "公用经费", "—", "60.00", "—", "—", "60.00", "60.00", "—"],
        ["2.1", "其中：差旅费", "—", "8.00", "—", "—", "8.00", "7.65", "0.35"],
        ["二", "项目支出", "20.00", "470.00", "45.00", "12.00", "523.00", "499.60", "23.40"],
    ]


def test_a_target_broken_before_its_unit_is_one_cell() -> None:
    text = pdf("""表 2 绩效目标完成情况表¶
三级指标 年度指标值 实际完成值 偏差原因分析¶
新建改造¶
校舍面积¶
≥12000
平方米¶
11860 平方米¶
两所学校因雨季停工，主体¶
工程顺延至次年一月。¶
教师培训¶
合格率
≥98% 99.2% 无偏差。¶
信息化设¶
备采购台¶
数
≥300 台 300 台 无偏差。¶
四、存在的问题¶
""")
    assert rows_of(text)[1:] == [
        ["新建改造校舍面积", "≥12000平方米", "11860 平方米", "两所学校因雨季停工，主体工程顺延至次年一月。"],
        ["教师培训合格率", "≥98%", "99.2%", "无偏差。"],
        ["信息化设备采购台数", "≥300 台", "300 台", "无偏差。"],
    ]


def test_each_question_of_a_survey_has_a_table_of_its_own() -> None:
    text = pdf("""第 1 题：您对窗口办事效率是否满意？[单选题]¶
选项 小计 比例¶
非常满意 61 76.25%¶
一般 19 23.75%¶
本题有效填写人¶
次
80¶
第 2 题：您是否了解惠企政策？[单选题]¶
选项 小计 比例¶
了解 70 87.5%
不了解 10 12.5%¶
本题有效填写人次 80¶
""")
    header = ["选项", "小计", "比例"]
    assert tables_of(text) == [
        [header, ["非常满意", "61", "76.25%"], ["一般", "19", "23.75%"], ["本题有效填写人次", "80", ""]],
        [header, ["了解", "70", "87.5%"], ["不了解", "10", "12.5%"], ["本题有效填写人次", "80", ""]],
    ]


def test_a_form_has_labels_and_values_in_turn() -> None:
    text = pdf("""本年总收入 812.40 财政拨款 800.00 事业收入 12.40¶
本年总支出 790.15 基本支出 302.15 项目支出 488.00¶
结转结余合¶
计
22.25 结转资金 20.00 结余资金 2.25¶
下属事业单¶
位在职人员¶
总数¶
46 编制人数 50 在职控制率 92%¶
群众问卷
120 有效问卷 118 调查¶
结果
群众满意度 95.6%¶
绩效目标¶
完成情况¶
""")
    assert rows_of(text) == [
        ["本年总收入", "812.40", "财政拨款", "800.00", "事业收入", "12.40"],
        ["本年总支出", "790.15", "基本支出", "302.15", "项目支出", "488.00"],
        ["结转结余合计", "22.25", "结转资金", "20.00", "结余资金", "2.25"],
        ["下属事业单位在职人员总数", "46", "编制人数", "50", "在职控制率", "92%"],
        ["群众问卷", "120", "有效问卷", "118", "调查结果", "群众满意度 95.6%"],
    ]


def test_a_header_that_the_vocabulary_does_not_know_is_told_by_the_figures_below() -> None:
    text = """区县 甲类站点 乙类站点 丙类站点
河东 12 — 12
河西 31 25 56
合计 43 25 68
"""
    assert rows_of(text)[1:] == [["河东", "12", "—", "12"], ["河西", "31", "25", "56"], ["合计", "43", "25", "68"]]


LEVELS = pdf("""二级指标 三级指标 指标值 说明¶
新建水¶
池情况¶
新建蓄¶
水池数¶
量情况¶
≥20 座
按照批复的绩效目标表核¶
定。¶
管网改¶
造情况¶
改造管¶
网里程¶
数情况¶
≥35
公里
按照批复的绩效目标表核¶
定。¶
老旧设¶
施更换¶
户数
≥600
户
按照批复的绩效目标表核¶
定。¶
""")


def test_levels_of_one_width_are_left_alone_where_nothing_parts_them() -> None:
    assert tables_of(LEVELS) == []


def test_headings_of_the_document_part_levels_of_one_width() -> None:
    headings = "1．新建水池情况\n\n（1）新建蓄水池数量情况\n\n2．管网改造情况\n\n（1）改造管网里程数情况\n\n"
    assert [row[:3] for row in rows_of(headings + LEVELS)[1:3]] == [
        ["新建水池情况", "新建蓄水池数量情况", "≥20 座"],
        ["管网改造情况", "改造管网里程数情况", "≥35公里"],
    ]


def test_a_header_printed_again_on_the_next_page_begins_the_table_anew() -> None:
    text = pdf("""项目名称 预算数 执行数¶
甲工程 10.00 9.50¶
乙工程 8.00 8.00
 项目名称 预算数 执行数¶
丙工程 6.00 5.00¶
""")
    header = ["项目名称", "预算数", "执行数"]
    assert tables_of(text) == [
        [header, ["甲工程", "10.00", "9.50"], ["乙工程", "8.00", "8.00"]],
        [header, ["丙工程", "6.00", "5.00"]],
    ]


def test_text_without_blank_lines_is_read_by_its_lines_widths() -> None:
    prose = (
        "局机关全年共组织实施工程建设类项目若干个，涉及全市各县区的农村饮\n"
        "水安全、河道治理以及水文站网建设等方面，各项工作按照计划有序推进\n"
    )
    text = prose * 6 + PROJECTS.replace("\n\n", "\n")
    assert [row[:2] for row in rows_of(text)[1:]] == [
        ["1", "农村饮水安全巩固提升工程"],
        ["2", "中小河流治理及山洪灾害防治非工程措施"],
        ["3", "水文站点更新"],
        ["4", "水库大坝安全鉴定（第二批）"],
        ["合计", ""],
    ]


def test_a_label_that_the_vocabulary_does_not_know_stands_over_figures_where_rows_show_them() -> None:
    header, *rows = rows_of(
        "支出类别 年初预算 机动安排 全年预算 执行率\n基本支出 90.00 5.00 95.00 99.00%\n项目支出 60.00 10.00 70.00 90.00%\n"
        "上级转移\n支付 20.00 — 20.00 100.00%\n"
    )
    assert header[2] == "机动安排"
    assert rows[:2] == [
        ["基本支出", "90.00", "5.00", "95.00", "99.00%"],
        ["项目支出", "60.00", "10.00", "70.00", "90.00%"],
    ]


def test_rows_go_on_behind_one_whose_label_is_broken() -> None:
    prose = (
        "局机关全年共组织实施工程建设类项目若干个，涉及全市各县区的农村饮\n"
        "水安全、河道治理以及水文站网建设等方面，各项工作按照计划有序推进\n"
    )
    table = (
        "单位名称 全年预算 全年支出 年末结转\n结余\n执行率\n局机关 600.00 570.00 30.00 95.00%\n"
        "水旱灾害防御\n中心 400.00 380.00 20.00 95.00%\n水文站 200.00 200.00 0.00 100.00%\n"
        "合计 1200.00 1150.00 50.00 95.83%\n"
    )
    header, *rows = rows_of(prose * 6 + table)
    assert header == ["单位名称", "全年预算", "全年支出", "年末结转结余", "执行率"]
    assert [row[0] for row in rows] == ["局机关", "水旱灾害防御中心", "水文站", "合计"]
    assert rows[1][1:] == ["400.00", "380.00", "20.00", "95.00%"]


@pytest.mark.parametrize(
    "text",
    [
        "全年预算数 735.00 万元，执行数 722.10 万元，预算执行率 98.24%。\n项目支出 1200 万元。\n",
        "一、项目名称和预算数\n项目名称由主管部门确定，预算数以批复为准。\n",
        pdf("项目名称 预算数 执行数¶\n见附件 2。¶\n根据评分标准，该指标分值为 2 分，扣 1 分，得 1 分。¶\n"),
        "2023 年 5 月 6 日 7 时\n2024 年 5 月 6 日 7 时\n",
        pdf("序号 名称 联系电话¶\n张三 办公室主任¶\n李四 财务科科长¶\n"),
    ],
)
def test_prose_and_what_is_no_table_stay_as_they_are(text: str) -> None:
    assert tables_of(text) == []


@pytest.mark.parametrize(
    "after",
    [
        "根据评分标准，该指标分值为 2 分，扣 0.4 分，实际得分 1.6 分。",
        "（三）效益情况分析",
        "表 4 效益得分情况表",
        "第 3 题：您是否满意？",
        "甲\t乙",
    ],
)
def test_a_table_ends_where_something_else_begins(after: str) -> None:
    text = pdf(f"项目名称 预算数 执行数¶\n甲工程 10.00 9.50¶\n乙工程 8.00 8.00¶\n合计 18.00 17.50¶\n{after}¶\n")
    assert len(rows_of(text)) == 4


def test_a_missing_figure_ends_the_table_rather_than_shifting_columns() -> None:
    text = "项目名称 预算数 执行数 执行率\n甲工程 10.00 9.50 95%\n乙工程 8.00 8.00 100%\n丙工程 6.00 5.00\n"
    assert rows_of(text)[1:] == [["甲工程", "10.00", "9.50", "95%"], ["乙工程", "8.00", "8.00", "100%"]]


def test_labels_of_money_that_no_role_knows_are_broken_over_lines_and_names_wrap_around_figures() -> None:
    rows = rows_of(
        pdf("""序¶
号¶
项目名称¶
计划投¶
资¶
衔接资¶
金¶
自筹资¶
金¶
已支付 支付率¶
1¶
东河镇上湾村蔬菜¶
冷库建设项目¶
80.00 60.00 20.00 76.00 95.00%¶
2 东河镇下湾村村组道路¶
硬化项目 36.00 36.00 0 36.00 100.00%¶
3 西坪乡南沟村提灌站项目 12.00 12.00 0 9.60 80.00%¶
合计 128.00 108.00 20.00 121.60 95.00%¶
资金使用总体规范，项目均已按照批复的实施方案组织实施并完成。¶
""")
    )
    assert rows == [
        ["序号", "项目名称", "计划投资", "衔接资金", "自筹资金", "已支付", "支付率"],
        ["1", "东河镇上湾村蔬菜冷库建设项目", "80.00", "60.00", "20.00", "76.00", "95.00%"],
        ["2", "东河镇下湾村村组道路硬化项目", "36.00", "36.00", "0", "36.00", "100.00%"],
        ["3", "西坪乡南沟村提灌站项目", "12.00", "12.00", "0", "9.60", "80.00%"],
        ["合计", "", "128.00", "108.00", "20.00", "121.60", "95.00%"],
    ]


def test_groups_without_the_word_for_indicators_part_the_levels() -> None:
    rows = rows_of(
        pdf("""一级指¶
标¶
二级指标 三级指标 指标值 完成值 分值 得分¶
产出指标 数量指标 维修渠道 ≥12 公里 13 公里 20 20¶
效益指标 经济效益 亩均增收 ≥80 元 85 元 20 20¶
社会效益 受益户数 ≥900 户 912 户 20 20¶
可持续影响 工程管护 落实 部分落实 20 18¶
满意度 服务对象满意度¶
灌区群众满¶
意度 ≥90% 93% 20 20¶
合计 100 98¶
""")
    )
    assert rows[4:] == [
        ["", "可持续影响", "工程管护", "落实", "部分落实", "20", "18"],
        ["满意度", "服务对象满意度", "灌区群众满意度", "≥90%", "93%", "20", "20"],
        ["合计", "", "", "", "", "100", "98"],
    ]


LEVELS_ALONE = """一级指标 三级指标 分值 得分 扣分说明
决策（16分）
立项规范性 8 6 先开工后补办手续
目标明确性 8 8 —
产出（36分）
维修渠道长度 18 14.4 计划15公里，实际12公里
完工及时性 18 9 4个项目中2个延期
效益（48分）
群众满意度 48 40 满意度82.80%
合计 100 77.4 —
"""


@pytest.mark.parametrize(
    ("text", "width"),
    [(LEVELS_ALONE, None), (LEVELS_ALONE.replace("个项目中2个", " 个项目中 2 个"), 30)],
    ids=["rows", "broken lines"],
)
def test_a_level_alone_on_its_line_ends_the_text_above_it(text: str, width: int | None) -> None:
    lines, _ = split_lines(text)
    found = read_spaced(lines, 0, width)
    assert found is not None
    rows = [[cell.text.replace(" ", "") for cell in row] for row in found[0][1:]]
    assert [row[0] for row in rows] == ["决策（16分）", "", "产出（36分）", "", "效益（48分）", "合计"]
    assert rows[3] == ["", "完工及时性", "18", "9", "4个项目中2个延期"]


def test_what_is_left_out_of_a_table_stands_behind_its_columns() -> None:
    text = pdf("""一级指¶
标¶
二级指标 三级指标 年度指标值 全年实际值 分值 得分¶
产出指标 数量指标 受理案件数 ≥120 件 131 件 20 20¶
质量指标 卷宗合格率 ≥95% 97% 20 20¶
时效指标 审批及时率 100% 100% 10 10¶
效益¶
指标¶
社会效益¶
指标¶
万人成讼率¶
≤45 件/¶
万人¶
43.8 件/¶
万人¶
20 20¶
满意度指标 服务对象满意度指标 群众满意度 ≥90% 95% 30 29¶
总分 100 99¶
""")
    rows = rows_of(text)
    left = [cell for row in rows[1:] if len(row) > len(rows[0]) for cell in row]
    assert "43.8 件/" in left
    assert not any(left[: len(rows[0])])
    assert ["", "时效指标", "审批及时率", "100%", "100%", "10", "10"] in rows


def test_a_name_of_two_lines_above_its_figures_leaves_the_target_alone() -> None:
    rows = rows_of(
        pdf("""一级指标 二级指标 三级指标 指标值 完成值 分值 得分¶
产出指标 数量指标 维修渠道 ≥12 公里 13 公里 20 20¶
质量指标 验收合格率 100% 100% 20 20¶
时效指标¶
工程按期¶
完工率¶
100% 96% 20 19.2¶
效益指标 社会效益指标 受益户数 ≥900 户 912 户 20 20¶
合计 80 79.2¶
""")
    )
    assert rows[3] == ["", "时效指标", "工程按期完工率", "100%", "96%", "20", "19.2"]


def test_lines_that_are_cells_are_no_parts_of_one_label() -> None:
    header, rows = (
        "部门 项目 预算数 执行数 结余",
        "教育局 校舍维修 120.00 118.00 2.00 设备购置 80.00 80.00 0 小计 200.00 198.00 2.00",
    )
    text = "\n".join([*header.split(), *rows.split(), ""])
    labels = {cell for rows in tables_of(text) for cell in rows[0]}
    assert labels <= set(header.split())


def test_a_group_that_begins_a_line_begins_a_row_not_the_end_of_the_text_above() -> None:
    lines, _ = split_lines("""一级指
标 二级指标 三级指标 年度指
标值
实际完
成值
分
值 得分 偏差原因
预算执行 资金执行 预算执行率 100% 96.52% 10 9.65 部分项目跨年
产出指标 数量指标 水样检测批次 ≥1200批次 1263批次 8 8
产出指标 数量指标 取水口检查台数 ≥900台 864台 6 5.8 部分设备停
用
产出指标 质量指标 超标水样处置率 100% 100% 6 6
产出指标 时效指标 投诉举报办结率 ≥98% 98.7% 6 6
效益指标 社会效益 水质评价性抽检合格
率
≥98% 98.4% 12 12
效益指标 可持续影响 标准化站所建成数 ≥8个 7个 10 8.75 老站房危房
改造未启动
满意度 服务对象 供水单位满意度 ≥90% 91.2% 5 5
满意度 服务对象 用水户满意度 ≥90% 88.6% 5 4.6 投诉调解偏低
""")
    found = read_spaced(lines, 0, 30)
    assert found is not None
    rows = [[cell.text for cell in row] for row in found[0]]
    assert rows[-3][-1] == "老站房危房改造未启动"
    assert rows[-2] == ["满意度", "服务对象", "供水单位满意度", "≥90%", "91.2%", "5", "5", ""]
