"""Parts and shares in prose, whatever records were made of them: each with the near miss that must stay silent."""

from __future__ import annotations

import pytest
from checking_cases import document, kinds

from pipeline.checking import check
from pipeline.layout import lay_out

TITLE = "青禾县水务局2022年度部门整体支出绩效自评报告\n一、基本情况\n"


def found(body: str) -> list[str]:
    """The kinds of findings in a report of one chapter without any record."""
    made = document(TITLE + body)
    return kinds(check(made, lay_out(made), ()))


AMONG = [
    ("共有车辆8辆，其中：执法用车5辆，特种用车2辆，其他用车2辆。", ["sum"]),
    ("共有车辆9辆，其中：执法用车5辆，特种用车2辆，其他用车2辆。", []),
    ("共有车辆9辆，其中：执法用车5辆，特种用车2辆，报废处置车辆3辆。", []),
    ("在职人员97人，其中：民警60人，事业人员30人，工勤人员5人。", ["sum"]),
    ("在职人员95人，其中：民警60人，事业人员30人，工勤人员5人。", []),
    ("在职人员97人，其中：高级职称20人，中级职称40人，初级职称30人。", []),
    ("核定编制86名，其中行政编制12名，事业编制72名。", ["sum"]),
    ("核定编制86名，其中行政编制34名，年末实有人员80名。", []),
    ("年末在职人员40人（行政人员15人，事业人员25人），其中：男27人，女13人。", []),
    ("在职人员60人，其中行政人员20人，退休人员30人。", []),
    ("对48个项目开展现场评价，其中河东镇12个、河西镇10个、北原乡8个、南岭乡7个、东屏镇6个、白石镇4个。", ["sum"]),
    ("对47个项目开展现场评价，其中河东镇12个、河西镇10个、北原乡8个、南岭乡7个、东屏镇6个、白石镇4个。", []),
    ("对60个项目开展现场评价，其中河东镇12个、河西镇10个、北原乡8个、南岭乡7个。", []),
    ("自评得分94分，其中：预算执行9分，产出48分，效益29分，满意度9分。", ["score_sum"]),
    ("自评得分95分，其中：预算执行9分，产出48分，效益29分，满意度9分。", []),
    ("自评得分95分，其中：预算执行9分，产出48分。", []),
]


@pytest.mark.parametrize(("line", "expected"), AMONG)
def test_parts_that_do_not_make_their_head(line: str, expected: list[str]) -> None:
    assert found(line + "\n") == expected


DIVISIONS = [
    ("政府采购预算160万元，实际采购140万元。其中：货物类80万元，工程类10万元，服务类55万元。", ["sum"]),
    ("政府采购预算160万元，实际采购145万元。其中：货物类80万元，工程类10万元，服务类55万元。", []),
    ("政府采购预算145万元，实际采购140万元。预算中货物类80万元，工程类10万元，服务类55万元。", []),
    ("政府采购支出总额140万元，其中：服务支出55万元、货物支出80万元。", []),
    ("政府采购支出总额400万元，中小企业承接货物80万元，工程10万元，服务55万元。", []),
    (
        "“三公”经费预算9万元，实际支出4.83万元。其中：因公出国（境）费0万元；公务用车购置及运行维护费3.60万元；公务接待费1.32万元。",
        ["sum"],
    ),
    (
        "“三公”经费预算9万元，实际支出4.92万元。其中：因公出国（境）费0万元；公务用车购置及运行维护费3.60万元；公务接待费1.32万元。",
        [],
    ),
]


@pytest.mark.parametrize(("line", "expected"), DIVISIONS)
def test_well_known_parts(line: str, expected: list[str]) -> None:
    assert found(line + "\n") == expected


SHARES = [
    ("回收的412份有效问卷中，表示满意的345份，居民满意度为87.34%。", ["ratio"]),
    ("回收的412份有效问卷中，表示满意的345份，居民满意度为83.74%。", []),
    ("回收的412份有效问卷中，非常满意200份，比较满意145份，居民满意度为83.74%。", []),
    ("发放问卷500份，回收412份，居民满意度为87.34%。", []),
    ("实际到位713.70万元，县级到位85万元。累计支出680.16万元，占到位资金的95.03%。", ["ratio"]),
    ("实际到位713.70万元，县级到位85万元。累计支出680.16万元，占到位资金的95.30%。", []),
    ("实际到位713.70万元，县级到位85万元。累计支出680.16万元，占到位资金的91.03%。", []),
]


@pytest.mark.parametrize(("line", "expected"), SHARES)
def test_shares_of_what_the_chapter_names(line: str, expected: list[str]) -> None:
    assert found(line + "\n") == expected


MARKED = """表1 指标评分表
一级指标\t三级指标\t分值\t得分\t得分率
投入\t预算编制\t5\t4.20\t{}%
过程\t资金管理\t6\t4.80\t80.00%
产出\t完成数量\t9\t8.10\t90.00%
效益\t群众受益\t8\t8.00\t100.00%
"""


@pytest.mark.parametrize(("rate", "expected"), [("84.00", []), ("82.00", ["ratio"])])
def test_the_rate_of_marks_of_a_detailed_table(rate: str, expected: list[str]) -> None:
    assert found(MARKED.format(rate)) == expected


DIRECTIONS = [
    ("受灾面积由上年的3.26万亩下降到2.94万亩，减少0.32万亩，增幅9.82%。", ["direction"]),
    ("受灾面积由上年的3.26万亩下降到2.94万亩，减少0.32万亩，降幅9.82%。", []),
    ("受灾面积由上年的3.26万亩下降到2.94万亩，减少0.32万亩，产量增幅9.82%。", []),
    ("受灾面积由上年的3.26万亩下降到2.94万亩，减少0.32万亩，增幅5.10%。", []),
]


@pytest.mark.parametrize(("line", "expected"), DIRECTIONS)
def test_a_direction_that_the_amounts_refute(line: str, expected: list[str]) -> None:
    assert found(line + "\n") == expected
