"""Tables by spaces: groups of indicators, labels and names over broken lines, and what is left out of a table."""

from __future__ import annotations

import pytest

from pipeline.layout.lines import split_lines
from pipeline.layout.spaced import read_spaced
from tests.spaced_cases import pdf, rows_of, tables_of


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


PAGES = """一级¶
指标¶
二级¶
指标¶
三级指标¶
分值¶
评分标准¶
得分¶
扣分原因¶
决策¶
（8分）¶
项目立¶
项¶
立项依据充分¶
性¶
4¶
符合得满分，一项不符扣 1 分。¶
4¶
—¶
立项程序规范¶
性¶
4¶
规范得满分，否则酌情扣分。¶
3.5¶
25 份资料未按¶
期归档 3 份¶
第 4 页 共 9 页¶
一级¶
指标¶
二级¶
指标¶
三级指标¶
分值¶
评分标准¶
得分¶
扣分原因¶
产出¶
（12分）¶
产出数¶
量¶
设备购置完成¶
率¶
6¶
得分=完成率×6 分。¶
6¶
—¶
产出时¶
效¶
任务完成及时¶
率¶
6¶
得分=及时率×6 分。¶
4.3¶
18 项任务按期¶
完成 13 项¶
评价组认为，项目管理总体规范，资金使用符合规定，但部分任务推进较慢，需要在下一年度加以改进。¶
"""


def test_a_header_of_a_label_a_line_is_not_read_again_on_a_new_page() -> None:
    rows = rows_of(pdf(PAGES))
    assert [row[2] for row in rows] == [
        "三级指标",
        "立项依据充分性",
        "立项程序规范性",
        "设备购置完成率",
        "任务完成及时率",
    ]


def test_a_figure_on_a_line_of_its_own_is_the_mark_and_the_words_that_begin_with_a_count_are_the_reason() -> None:
    rows = rows_of(pdf(PAGES))
    assert [(row[5], row[6]) for row in rows[1:]] == [
        ("4", "—"), ("3.5", "25 份资料未按期归档 3 份"), ("6", "—"), ("4.3", "18 项任务按期完成 13 项"),
    ]  # fmt: skip


def test_a_line_that_begins_with_a_groups_name_and_has_more_cells_begins_a_row() -> None:
    rows = rows_of(
        pdf("""一级指标 二级指标 三级指标 分值 得分 扣分原因¶
决策 项目立项 立项依据充分性 3 3 —¶
过程 资金管理 资金到位率 4 3.5 县级资金到位¶
不足¶
制度执行有效性 5 3 2个标段施工日志¶
不完整¶
产出 产出数量 管护面积完成率 8 8 —¶
效益 生态效益 林分质量提升¶
情况¶
10 9.5 未完成提升10%¶
的县定任务¶
满意度 林农满意度 8 7 满意度低于90%¶
评价组认为，项目管理总体规范，资金使用符合规定，但部分任务推进较慢，需要在下一年度加以改进。¶
""")
    )
    assert [row[0] for row in rows[1:]] == ["决策", "过程", "", "产出", "效益", ""]
    assert [row[5] for row in rows[1:]] == [
        "—",
        "县级资金到位不足",
        "2个标段施工日志不完整",
        "—",
        "未完成提升10%的县定任务",
        "满意度低于90%",
    ]


def test_headers_end_in_units_and_say_of_which_they_are_parts() -> None:
    rows = rows_of(
        pdf("""序¶
号¶
项目名称¶
里程¶
（公里）¶
计划投资¶
其中：¶
财政补助¶
乡镇自筹 已支付 支付比例¶
1 青石岭至白果坪通乡¶
公路改建¶
12.6 1386.00 1186.00 200.00 1203.46 86.83%¶
2 荷叶塘村组公路硬化 6.2 372.00 312.00 60.00 353.40 95.00%¶
3 三里桥危桥改造 — 268.00 268.00 0 241.20 90.00%¶
合计 18.8 2026.00 1766.00 260.00 1798.06 88.75%¶
项目资金按照合同约定拨付，均已纳入县级农村公路养护计划管理。¶
""")
    )
    assert rows == [
        ["序号", "项目名称", "里程（公里）", "计划投资", "其中：财政补助", "乡镇自筹", "已支付", "支付比例"],
        ["1", "青石岭至白果坪通乡公路改建", "12.6", "1386.00", "1186.00", "200.00", "1203.46", "86.83%"],
        ["2", "荷叶塘村组公路硬化", "6.2", "372.00", "312.00", "60.00", "353.40", "95.00%"],
        ["3", "三里桥危桥改造", "—", "268.00", "268.00", "0", "241.20", "90.00%"],
        ["合计", "", "18.8", "2026.00", "1766.00", "260.00", "1798.06", "88.75%"],
    ]


def test_groups_broken_over_lines_of_their_own_begin_rows() -> None:
    rows = rows_of(
        pdf("""一级¶
指标¶
二级¶
指标¶
三级指标 分值 得分 扣分原因¶
决策¶
资金¶
投入¶
预算编制科学性 3 2.5 自筹测算不实¶
产出¶
产出¶
数量¶
新改建公路里程 8 6.92 望江村项目未完¶
工¶
危桥改造数量 4 4¶
村道安防设施 4 4¶
产出¶
时效¶
按期完工率 6 4.5 2 个项目未完工¶
效益¶
社会¶
效益¶
出行条件改善 6 5.5 临水路段照明不¶
足¶
合计 27 23.42¶
""")
    )
    assert rows == [
        ["一级指标", "二级指标", "三级指标", "分值", "得分", "扣分原因"],
        ["决策", "资金投入", "预算编制科学性", "3", "2.5", "自筹测算不实"],
        ["产出", "产出数量", "新改建公路里程", "8", "6.92", "望江村项目未完工"],
        ["", "", "危桥改造数量", "4", "4", ""],
        ["", "", "村道安防设施", "4", "4", ""],
        ["", "产出时效", "按期完工率", "6", "4.5", "2 个项目未完工"],
        ["效益", "社会效益", "出行条件改善", "6", "5.5", "临水路段照明不足"],
        ["合计", "", "", "27", "23.42", ""],
    ]
