"""Forms of one cell a line, as web pages, office programs and PDF readers leave them: what is empty, merged or broken."""

from __future__ import annotations

import pytest

from pipeline.layout.cells import CellReader
from pipeline.layout.lines import split_lines

Rows = list[list[str]]

HEAD = [["项目名称", "河道保洁服务"], ["主管部门", "县河湖局"]]
FUNDS = [
    ["项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["", "年度资金总额", "62.00", "58.50", "55.20", "10", "94.36%", "9.44"],
    ["", "其中：当年财政拨款", "62.00", "58.50", "55.20", "—", "94.36%", "—"],
    ["", "其他资金", "0", "0", "0", "—", "—", "—"],
]
GOALS = [["年度总体目标", "预期目标", "实际完成情况"], ["", "四条河道日常保洁。", "四条河道落实保洁人员。"]]
MARKS = [
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
    ["产出指标（50分）", "数量指标", "保洁河道长度", "≥38公里", "41公里", "25", "25", ""],
    ["", "", "打捞漂浮物", "≥600吨", "540吨", "15", "14", "汛期短，漂浮物减少"],
    ["", "时效指标", "问题整改时限", "48小时内", "48小时内", "10", "10", ""],
    ["效益指标（30分）", "生态效益指标", "水质达标", "达标", "基本达标", "40", "36", "上游来水较少；加强调度"],
    ["总分", "", "", "", "", "100", "94.44", ""],
]
FUNDS_READ = [["项目资金（万元）", *FUNDS[0][2:]], *(row[1:] for row in FUNDS[1:])]
MARKS_READ = [*MARKS[:-1], MARKS[-1][:-1]]
FORM = [*HEAD, *FUNDS, *GOALS, *MARKS]
BROKEN = {
    "项目资金（万元）": "项目资金\n（万元）",
    "全年预算数": "全年\n预算数",
    "年初预算数": "年初\n预算数",
    "实际完成值": "实际完成\n值",
    "产出指标（50分）": "产出指标\n（50分）",
    "偏差原因分析及改进措施": "偏差原因分析\n及改进措施",
    "上游来水较少；加强调度": "上游来水较少；\n加强调度",
    "四条河道日常保洁。": "四条河道\n日常保洁。",
}


def read(text: str) -> Rows | None:
    lines, _ = split_lines(text)
    found = CellReader(lines).read(0)
    return None if found is None else [[cell.text for cell in row] for row in found[0]]


def merged(rows: Rows) -> Rows:
    """The rows without the cells that are merged with those above or beside them; empty ones at the end stay."""
    out: Rows = []
    for row in rows:
        first = next(i for i, text in enumerate(row) if text)
        out.append([t for t in row if t] if row[0] == "总分" else row[first:])
    return out


def filled(rows: Rows) -> list[str]:
    return [text for row in rows for text in row if text]


FLATTENED = {
    "empty cells gone": "\n".join(filled(FORM)),
    "empty cells are blank lines": "\n".join("\n".join(row) for row in merged(FORM)),
    "merged cells are blank lines too": "\n".join("\n".join(row) for row in FORM),
    "a blank line below each row": "\n\n".join("\n".join(filled([row])) for row in FORM),
    "a blank line below each line": "\n\n".join(filled(FORM)),
    "a blank line below each line, empty cells too": "\n\n".join("\n\n".join(row) for row in merged(FORM)),
    "cells broken over lines": "\n".join(BROKEN.get(text, text) for text in filled(FORM)),
}


@pytest.mark.parametrize("text", FLATTENED.values(), ids=FLATTENED)
@pytest.mark.parametrize("after", ["", "\n填报人：甲\n联系电话：0000-0000\n", "\n\n二、存在问题\n进度偏慢。\n"])
def test_a_form_comes_out_alike_however_it_was_flattened(text: str, after: str) -> None:
    assert read(text + after) == [*HEAD, *FUNDS_READ, *GOALS, *MARKS_READ]


def test_funds_may_have_a_column_for_their_source() -> None:
    rows = read("\n".join(filled([*HEAD, [FUNDS[0][0], "资金来源", *FUNDS[0][2:]], *FUNDS[1:]])))
    assert rows is not None
    assert rows[2:] == [[FUNDS[0][0], "资金来源", *FUNDS[0][2:]], *FUNDS[1:]]


def test_values_missing_at_the_end_of_a_row_of_funds_are_left_empty() -> None:
    rows = read("\n".join(t for t in filled([*HEAD, *FUNDS, *GOALS]) if t != "—"))
    assert rows is not None
    assert rows[4] == ["其中：当年财政拨款", "62.00", "58.50", "55.20", "", "94.36%", ""]
    assert rows[5] == ["其他资金", "0", "0", "0", "", "", ""]


def test_a_row_of_funds_that_lacks_an_amount_is_not_guessed() -> None:
    rows = read("\n".join([*filled([*HEAD, *FUNDS]), "上年结转资金", "3.20", "3.20", *filled(GOALS)]))
    assert rows is not None
    assert [row for row in rows if "3.20" in row] == [["3.20"], ["3.20"]]


LEVELS = ["一级指标", "二级指标", "三级指标"]


@pytest.mark.parametrize(
    ("header", "cells", "rows"),
    [
        pytest.param(
            [*LEVELS, "分值", "年度指标值", "实际完成值", "得分", "偏差原因"],
            "产出指标 数量指标 检测批次 20 12 12 20 检测水样 10 ≥30个 27个 9 停电",
            [
                ["产出指标", "数量指标", "检测批次", "20", "12", "12", "20", ""],
                ["", "", "检测水样", "10", "≥30个", "27个", "9", "停电"],
            ],
            id="the full marks stand before the target",
        ),
        pytest.param(
            [*LEVELS, "指标值", "完成值", "分值", "得分"],
            "效益指标 社会效益指标 取水户用水 知晓率 ≥90% 93% 10 10",
            [["效益指标", "社会效益指标", "取水户用水知晓率", "≥90%", "93%", "10", "10"]],
            id="a name is broken over two lines",
        ),
        pytest.param(
            ["绩效指标", *LEVELS, "指标值", "完成值", "分值", "得分"],
            "社会效益指标 取水户用水 知晓率 ≥90% 93% 10 10",
            [["", "", "社会效益指标", "取水户用水知晓率", "≥90%", "93%", "10", "10"]],
            id="the table's name stands beside its levels",
        ),
        pytest.param(
            [*LEVELS, "指标值", "完成值", "分值", "得分", "偏差原因"],
            "产出指标 质量指标 合格率 ≥95% 90% 10 9 设备老化， 检修较多 时效指标 按时率 100% 100% 10 10",
            [
                ["产出指标", "质量指标", "合格率", "≥95%", "90%", "10", "9", "设备老化，检修较多"],
                ["", "时效指标", "按时率", "100%", "100%", "10", "10", ""],
            ],
            id="a reason is broken over two lines",
        ),
        pytest.param(
            [*LEVELS, "指标值", "完成值", "分值", "得分"],
            "产出指标 质量指标 合格率 ≥95% 10 9",
            [],
            id="an actual value is missing",
        ),
    ],
)
def test_rows_of_indicators(header: list[str], cells: str, rows: Rows) -> None:
    found = read("\n".join([*filled(HEAD), *header, *cells.split()]))
    assert found is not None
    assert [row for row in found if len(row) >= len(header) - 1][1:] == rows


def test_options_stand_below_questions_that_ask_nothing() -> None:
    answers = [
        ["1.您对水质的评价"],
        ["满意", "57", "95%"],
        ["不满意", "3", "5%"],
        ["2.您对服务的评价"],
        ["满意", "60", "100%"],
    ]
    assert read("\n".join(filled([["选项", "人数", "比例"], *answers]))) == [["选项", "人数", "比例"], *answers]


def test_a_form_may_name_its_department_alone_above_its_funds() -> None:
    corner = ["年度预算申请（万元）", *FUNDS[0][2:]]
    assert read("\n".join(filled([HEAD[1], corner, *FUNDS[1:], *GOALS]))) == [HEAD[1], corner, *FUNDS_READ[1:], *GOALS]


def test_an_empty_target_or_actual_value_keeps_its_place() -> None:
    header = [*LEVELS, "年度指标值", "实际完成值", "分值", "得分"]
    cells = [
        "产出指标",
        "数量指标",
        "养护面积",
        "",
        "32万平方米",
        "20",
        "20",
        "质量指标",
        "成活率",
        "≥95%",
        "",
        "20",
        "18",
    ]
    rows = read("\n".join([*filled(HEAD), *header, *cells, "总分", "40", "38"]))
    assert rows is not None
    assert rows[3:5] == [
        ["产出指标", "数量指标", "养护面积", "", "32万平方米", "20", "20"],
        ["", "质量指标", "成活率", "≥95%", "", "20", "18"],
    ]


def test_signs_and_units_of_targets_may_have_columns_of_their_own() -> None:
    header = [*LEVELS, "指标性质", "指标值", "度量单位", "完成值", "权重", "得分"]
    cells = [
        "产出指标",
        "数量指标",
        "巡护里程",
        "≥",
        "1200",
        "公里",
        "1350",
        "20",
        "20",
        "时效指标",
        "处置时限",
        "≤",
        "2",
    ]
    rows = read("\n".join([*filled(HEAD), *header, *cells, "小时", "1.5", "20", "20", "合计", "100", "100"]))
    assert rows is not None
    assert rows[3:] == [
        ["产出指标", "数量指标", "巡护里程", "≥", "1200", "公里", "1350", "20", "20"],
        ["", "时效指标", "处置时限", "≤", "2", "小时", "1.5", "20", "20"],
        ["合计", "", "", "", "", "", "", "100", "100"],
    ]


def test_lists_that_begin_with_a_number_of_their_own_part_goals_from_results() -> None:
    texts = ["1.开展讲座20场。", "2.发放资料1万份。", "1.开展讲座22场。", "2.发放资料1.2万份。"]
    rows = read("\n".join([*filled(HEAD), *GOALS[0], *texts, *filled(MARKS)]))
    assert rows is not None
    assert rows[3] == ["", "".join(texts[:2]), "".join(texts[2:])]
