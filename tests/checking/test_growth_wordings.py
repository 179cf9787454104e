"""Changes and growth as reports word them, from the text to the finding."""

from __future__ import annotations

import pytest

from pipeline.extraction.offline import OfflineExtractor
from pipeline.job import conclude, prepare
from tests.report_cases import document

HEAD = "清源县水务局2022年度部门整体支出绩效自评报告\n一、基本情况\n（一）收支情况\n"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("支出决算550.00万元，比上年的500.00万元增加50.00万元，增长百分之12.00。", ["growth"]),
        ("支出决算550.00万元，比上年的500.00万元增加50.00万元，增长百分之10.00。", []),
        ("支出决算由上年的500.00万元增至550.00万元，增长12.00%。", ["growth"]),
        ("支出决算由上年的500.00万元增至550.00万元，增长10.00%。", []),
        ("支出决算由上年的550.00万元降至500.00万元，增加50.00万元，增幅9.09%。", ["direction"]),
        ("支出决算由上年的550.00万元降至500.00万元，减少50.00万元，降幅9.09%。", []),
        ("交通运输支出168.00万元，比上年增加28.00万元，增长16.67%。", ["growth"]),
        ("交通运输支出168.00万元，比上年增加28.00万元，增长20.00%。", []),
        ("交通运输支出168.00万元，比上年减少28.00万元，下降14.29%。", []),
        ("交通运输支出168.00万元，比上年减少28.00万元，下降16.67%。", ["growth"]),
        ("2020年“三公”经费3.12万元，2021年比上年减少0.38万元，下降12.18%。", []),
        ("交通运输支出28.00万元，比上年增加28.00万元，增长100%。", []),
    ],
)
def test_a_change_follows_from_the_two_years(sentence: str, expected: list[str]) -> None:
    prepared = prepare(read := document(f"{HEAD}{sentence}\n"))
    drafts = OfflineExtractor().extract(read, prepared.layout, prepared.chunks)
    assert [f.kind for f in conclude(prepared, drafts).findings] == expected
