"""Tables as tables: what a layout shows of totals, levels, classes and changes, without any record."""

from __future__ import annotations

from decimal import Decimal

import pytest
from checking_cases import document
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checking import check
from pipeline.flow import Cell, Finding, Layout, Row, Segment, Table, View
from schemas.values import Span


def layout(*tables: str, unit: str | None = "万元", header_rows: int = 1) -> tuple[str, Layout]:
    """A text of lines with | between cells, and its layout; a header of several levels has / between them."""
    pieces: list[str] = []
    built: list[Table] = []
    place = 0
    for table in tables:
        first, rows = place, []
        lines = [line.strip() for line in table.strip().split("\n")]
        headers = [tuple(h for h in cell.strip().split("/") if h) for cell in lines[0].split("|")]
        for r, line in enumerate(lines):
            cells = []
            for c, raw in enumerate(line.split("|")):
                cell = raw.strip()
                pieces.append(cell + "\n")
                header = headers[c] if r >= header_rows and c < len(headers) else ()
                cells.append(Cell(View(cell, range(place, place + len(cell))), r, c, header))
                place += len(cell) + 1
            rows.append(Row(tuple(cells)))
        built.append(Table(tuple(rows), header_rows, None, unit, None, (), Span(first, place)))
    text = "".join(pieces)
    return text, Layout(tuple(built), (Segment("r1", None, (Span(0, place),)),), ())


def found(*tables: str, unit: str | None = "万元") -> list[Finding]:
    """What checking finds in tables."""
    text, made = layout(*tables, unit=unit)
    return list(check(document(text), made, ()))


def broken(*tables: str) -> list[tuple[str, str, str, str]]:
    """Kind, relation, stated and computed of what checking finds."""
    return [(f.kind.value, f.relation, f.stated, f.computed) for f in found(*tables)]


BUDGET = """
项目 | 合计 | 基本支出 | 项目支出 | 占比
总计 | 3000.00 | 1200.00 | {project} | 100%
一、人员经费 | 1000.00 | 1000.00 | 0 | 33.33%
1.工资福利支出 | {wages} | 800.00 | 0 | 26.67%
2.对个人和家庭的补助 | 200.00 | 200.00 | — | 6.67%
二、公用经费 | 200.00 | 200.00 | 0 | 6.67%
其中：办公费 | 50.00 | 50.00 | — | 1.67%
差旅费 | 30.00 | 30.00 | — | 1.00%
三、项目经费 | 1800.00 | 0 | 1800.00 | 60.00%
"""


def test_a_table_that_adds_up_is_silent() -> None:
    assert broken(BUDGET.format(project="1800.00", wages="800.00")) == []


def test_a_total_against_its_rows_and_its_columns() -> None:
    assert broken(BUDGET.format(project="1880.00", wages="800.00")) == [
        ("sum", "tables.total_column", "3000.00万元", "3080"),
        ("sum", "tables.total_row", "1880.00万元", "1800"),
    ]


def test_a_level_against_the_level_below() -> None:
    assert ("sum", "tables.level", "1000.00万元", "1080") in broken(BUDGET.format(project="1800.00", wages="880.00"))


ORGANISATIONS = """
机构名称 | 收入合计 | 其中：/上年结转 | 其中：/财政拨款 | 其中：/其他收入
汇总 | 4264.80 | {carried} | 3850.47 | 332.70
1.委机关 | 2416.38 | 52.16 | 2351.47 | 12.75
2.疾控中心 | 1083.52 | 21.40 | 986.37 | {other}
3.保健院 | 764.90 | 8.07 | 512.63 | 244.20
"""


def test_a_point_that_is_one_place_off() -> None:
    assert broken(ORGANISATIONS.format(carried="816.30", other="75.75")) == [
        ("sum", "tables.total_column", "4264.80万元", "4999.47"),
        ("decimal_shift", "tables.total_row", "816.30万元", "81.63"),
    ]


def test_the_row_that_breaks_a_relation_which_the_others_keep() -> None:
    relations = [x[1] for x in broken(ORGANISATIONS.format(carried="81.63", other="85.75"))]
    assert relations == ["tables.total_row", "tables.total_column"] or sorted(relations) == [
        "tables.total_column",
        "tables.total_row",
    ]


def test_columns_that_are_no_parts_of_the_total_are_left_alone() -> None:
    assert (
        broken(
            "名称 | 合计 | 其中：/甲 | 其中：/乙\n一 | 10.0 | 3.0 | 4.0\n二 | 20.0 | 5.0 | 6.0\n三 | 30.0 | 7.0 | 8.0"
        )
        == []
    )


CLASSES = """
 | 年初预算数 | 全年预算数 | 执行率
年度资金总额 | 1761.31 | 8988.94 | 99.93%
按收入性质分： | | | ——
一般公共预算 | 1761.31 | 7650.85 | ——
其他资金 | 0 | {other} | ——
按支出性质分： | | | ——
基本支出 | 1624.46 | 2834.44 | ——
项目支出 | 136.85 | 6154.50 | ——
"""


def test_a_classification_names_all_parts() -> None:
    assert broken(CLASSES.format(other="1338.09")) == []
    assert broken(CLASSES.format(other="1138.09")) == [("sum", "tables.classification", "8988.94万元", "8788.94")]


CHANGES = """
序号 | 支出项目 | 2022年 | 2021年 | 增减额
1 | 工资福利支出 | 1567.51 | 1097.82 | 469.69
2 | 商品服务支出 | 363.27 | 369.86 | {change}
3 | 资本性支出 | 1.08 | 0.28 | 0.80
4 | 合 计 | 1931.86 | 1467.96 | 463.90
"""


def test_a_change_against_its_two_years() -> None:
    assert broken(CHANGES.format(change="-6.59")) == []
    assert ("growth", "tables.change", "-9.59万元", "-6.59") in broken(CHANGES.format(change="-9.59"))


SCORES = """
一级指标 | 三级指标 | 分值 | 得分 | 扣分说明
产出 | 数量 | 6 | 5.4 | 完成率90%
 | 质量 | 10 | 10 | —
效益 | 满意度 | 4 | 3.55 |
合计 | — | 20 | {total} | —
"""


FLOWS = """
年度 | 年初结转 | 当年下达 | 当年支出 | 年末结转
2021年 | 0.00 | 1200.00 | 865.40 | 334.60
2022年 | 334.60 | 1500.00 | 1402.18 | {left}
2023年 | 432.42 | 2500.00 | 2478.65 | {last}
"""


@pytest.mark.parametrize(
    ("left", "last", "expected"),
    [
        ("432.42", "453.77", []),
        ("423.42", "453.77", [("difference", "tables.flow", "423.42万元", "432.42")]),
        ("423.42", "410.00", []),  # it holds in one row of three
    ],
)
def test_what_a_row_carries_over(left: str, last: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert broken(FLOWS.format(left=left, last=last)) == expected


AMONG = """
支出项目 | 全年预算数 | 决算数
基本支出 | 3410.58 | 3386.25
其中：人员经费 | 2468.05 | {staff}
日常公用经费 | 942.53 | 935.15
项目支出 | 1012.68 | 928.47
本年支出合计 | 4423.26 | {total}
"""


@pytest.mark.parametrize(
    ("staff", "total", "expected"),
    [
        ("2451.10", "4314.72", []),
        ("2451.10", "4341.72", [("sum", "tables.total_row", "4341.72万元", "4314.72")]),
        ("2415.10", "4314.72", [("sum", "tables.among", "3386.25万元", "3350.25")]),
    ],
)
def test_parts_under_a_row_are_told_by_their_sums(
    staff: str, total: str, expected: list[tuple[str, str, str, str]]
) -> None:
    assert broken(AMONG.format(staff=staff, total=total)) == expected


def test_one_score_for_several_forms_is_no_sum() -> None:
    forms = """
项目 | 预算数 | 得分
甲 | 10.00 | 98.00
乙 | 20.00 | 95.50
合计 | 30.00 | 96.75
"""
    assert broken(forms) == []


def test_scores_are_exact() -> None:
    assert broken(SCORES.format(total="18.95")) == []
    assert broken(SCORES.format(total="18.96")) == [("score_sum", "tables.total_row", "18.96", "18.95")]


@pytest.mark.parametrize(
    "table",
    [
        "项目 | 金额\n甲 | 10.00\n乙 | 20.00\n合计 | 99.00",  # one column, nothing bears it out, and far off
        "项目 | 金额 | 数量\n甲 | 10.00 | 1\n乙 | 约20 | 2\n合计 | 99.00 | 3",  # a cell of words among the parts
        "项目 | 金额 | 数量\n甲 | 10.00 | 1\n乙 | 20.00\n合计 | 99.00 | 3",  # a row that does not fit
        "项目 | 金额 | 数量\n甲 | 10.00 | 1\n合计 | 99.00 | 1",  # a single part
        "项目 | 执行率 | 年份\n甲 | 10 | 2021\n乙 | 20 | 2022\n合计 | 99 | 3",  # rates and years do not add up
        "只有 | 文字\n没有 | 数字",
    ],
)
def test_what_nothing_bears_out_is_silent(table: str) -> None:
    assert broken(table) == []


def test_a_single_numbered_column_may_be_close_and_wrong() -> None:
    rows = "\n".join(f"{n} | 项目{n} | {n}0.00" for n in range(1, 5))
    assert broken(f"序号 | 名称 | 金额\n{rows}\n合计 | | 100.00") == []
    assert broken(f"序号 | 名称 | 金额\n{rows}\n合计 | | 110.00") == [("sum", "tables.total_row", "110.00万元", "100")]


def test_subtotals_make_up_the_total() -> None:
    table = """
地区 | 中央 | 省级
东 | 1.0 | 2.0
西 | 3.0 | 4.0
小计 | 4.0 | 6.0
南 | 5.0 | 1.0
北 | 2.0 | 2.0
小计 | 7.0 | 3.0
总计 | {} | 9.0"""
    assert broken(table.format("11.0")) == []
    assert broken(table.format("12.0")) == [("sum", "tables.total_row", "12.0万元", "11")]


def test_figures_of_a_table_have_their_places() -> None:
    text, made = layout(SCORES.format(total="19.95"))
    (finding,) = check(document(text), made, ())
    assert [text[slice(*x.span)] for x in finding.literals] == ["19.95", "5.4", "10", "3.55"]
    assert all(x.record_id is None for x in finding.literals)


amounts = st.lists(st.decimals(min_value=1, max_value=10**6, places=2), min_size=2, max_size=6)


@given(st.lists(amounts, min_size=2, max_size=4), st.integers(0, 2))
def test_true_tables_are_silent_whatever_they_are_rounded_to(columns: list[list[Decimal]], places: int) -> None:
    height = min(map(len, columns))
    unit = Decimal(1).scaleb(-places)
    names = [f"列{i}" for i in range(len(columns))]
    rows = [[f"行{r}", *(str(c[r].quantize(unit)) for c in columns)] for r in range(height)]
    total = ["合计", *(str(sum(c[:height]).quantize(unit)) for c in columns)]
    assert found("\n".join(" | ".join(x) for x in [["名称", *names], *rows, total])) == []
