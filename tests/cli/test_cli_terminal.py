"""What a terminal is shown: no name of a file and no text of a report steers it or is taken for markup."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Jixiao

REPORT = (
    "某局2022年度部门整体支出绩效自评报告\n"
    "一、[/b]收支\x1b[31m情况\n"
    "2022年支出12.5万元\x1b]0;x\x07，\u202e预算执行率98.25%。\n"
)


def test_control_characters_are_shown_as_pictures_and_markup_as_it_stands(jixiao: Jixiao, tmp_path: Path) -> None:
    (tmp_path / "甲\x1b[2J乙.txt").write_text(REPORT)
    ran = jixiao("run", tmp_path, "--db", "t.duckdb", "--extractor", "offline")
    asked = jixiao("query", "SELECT text FROM documents", "--db", "t.duckdb")
    [record, *_] = jixiao(
        "query", "SELECT record_id FROM budget_facts", "--db", "t.duckdb", "--format", "csv"
    ).out.split()[1:]
    traced = jixiao("trace", record, "--db", "t.duckdb")
    assert (ran.code, asked.code, traced.code) == (0, 0, 0)
    printed = "".join(part for ended in (ran, asked, traced) for part in (ended.out, ended.err))
    assert not set(printed) & set("\x1b\x07\u202e")
    assert "甲␛[2J乙" in ran.out
    assert "[/b]收支␛[31m情况" in asked.out
    assert "一、[/b]收支" in traced.out
