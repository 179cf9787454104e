"""A file of one's own words: what it adds, what is refused, and that a report is read by it from end to end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.word_files import WordsError, _merged, _shipped, read_own_words
from tests.conftest import ROOT

REPORT = """青河县气象局2022年度部门整体支出绩效自评报告

一、项目支出情况

表1 项目支出情况表

单位：万元

| 项目名称 | 年初预算数 | 实付之数 |
| --- | --- | --- |
| 人工增雨作业项目 | 80.00 | 76.50 |
| 雷达维护项目 | 45.00 | 45.00 |
"""
WORDS = "[columns.roles]\nexecuted = ['^实付之数$']\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "my-words.toml"
    path.write_text(text, encoding="utf-8")
    return path


def jixiao(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own: a process reads with one vocabulary."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pipeline.cli import main; main()"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 - our own code


def executed(folder: Path, db: str) -> str:
    asked = "SELECT name, executed FROM projects ORDER BY name"
    return jixiao(folder, "query", asked, "--db", db, "--format", "csv").stdout


def test_a_report_with_an_odd_label_is_read_with_the_file_alone(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    words = written(tmp_path, WORDS)
    assert jixiao(tmp_path, "run", "report.txt", "--db", "a.duckdb").returncode == 0
    assert "76.5" not in executed(tmp_path, "a.duckdb")
    ended = jixiao(tmp_path, "run", "report.txt", "--db", "b.duckdb", "--vocabulary", "my-words.toml")
    assert (ended.returncode, "vocabulary: the shipped one with my-words.toml added" in ended.stderr) == (0, True)
    assert "76.5" in executed(tmp_path, "b.duckdb")
    recorded = jixiao(tmp_path, "query", "SELECT settings FROM runs", "--db", "b.duckdb", "--format", "json").stdout
    assert read_own_words(words).sha256 in recorded


def test_jixiao_toml_names_the_file_too(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    written(tmp_path, WORDS)
    (tmp_path / "jixiao.toml").write_text('vocabulary = "my-words.toml"\n', encoding="utf-8")
    assert jixiao(tmp_path, "run", "report.txt", "--db", "a.duckdb").returncode == 0
    assert "76.5" in executed(tmp_path, "a.duckdb")


def test_a_mistake_is_one_sentence_and_exit_status_2(tmp_path: Path) -> None:
    written(tmp_path, "[columns.roles]\nspent = ['^实付数$']\n")
    ended = jixiao(tmp_path, "run", "report.txt", "--db", "a.duckdb", "--vocabulary", "my-words.toml")
    assert ended.returncode == 2
    assert ended.stderr.startswith("error: vocabulary my-words.toml: columns.roles has no spent; what it has is seq, ")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[colums.roles]\nexecuted = ['x']", "[colums] is no part of the vocabulary; its parts are checks, columns, "),
        ("columns = 3", "columns must be a table, as in schemas/vocabulary/columns.toml"),
        ("[columns.roles]\nexecuted = 'x'", "columns.roles.executed must be a list, as in "),
        ("[columns.roles]\nexecuted = [3]", "columns.roles.executed must be a text in quotes, as in "),
        ("[columns.roles]\nexecuted = ['（(']", "columns.roles.executed: （( is no pattern (missing )"),
        ('[units.money]\n"百元" = "2"', "units.money.百元 must be a whole number, as in "),
        ("[[headings.levels]]\nlevel = 1", "an entry of headings.levels needs level, pattern"),
        ("[[headings.levels]]\nlevel = 1\nmark = 'x'", "an entry of headings.levels needs level, pattern"),
        ("[routing.indicators]\ntext = [3]", "routing.indicators.text must be a text in quotes, as in "),
        ("[columns", "is not valid TOML ("),
    ],
)
def test_what_cannot_be_used_is_said_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(WordsError) as refused:
        read_own_words(path)
    assert str(refused.value).startswith(f"vocabulary {path}")
    assert sentence in str(refused.value)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WordsError, match="No such file or directory; name a file that can be read"):
        read_own_words(tmp_path / "gone.toml")


def test_a_list_is_added_to_a_table_merged_and_a_value_replaced(tmp_path: Path) -> None:
    own = read_own_words(
        written(
            tmp_path,
            "[units.money]\n'百元' = 2\n[units.count]\nunits = ['盏']\n[headings.caption]\npattern = '图\\d'\n"
            "[[headings.levels]]\nlevel = 1\npattern = '第.章'\n",
        )
    ).added
    units, headings = (_merged(_shipped(name), own[name]) for name in ("units", "headings"))
    assert (units["money"]["百元"], units["money"]["万元"]) == (2, 4)
    assert (units["count"]["units"][0], "个" in units["count"]["units"]) == ("盏", True)
    assert headings["caption"]["pattern"] == "图\\d"
    assert headings["levels"][0] == {"level": 1, "pattern": "第.章"}
    assert len(headings["levels"]) == len(_shipped("headings")["levels"]) + 1
    assert json.dumps(_shipped("units")) != json.dumps(units)


def test_an_order_by_a_sign_of_one_s_own_is_suspected_wherever_it_stands(tmp_path: Path) -> None:
    words = written(tmp_path, "[orders.signs]\nduty = ['照此填写']\n")
    code = f"""
import sys; from pathlib import Path; sys.path.insert(0, {str(ROOT)!r})
from schemas.orders import order_in, suspects
from schemas.word_files import read_own_words, use_own_words
use_own_words(read_own_words(Path({str(words)!r})))
print(order_in("支出照此填写"), suspects("照此 填"))
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603 - our own code
    assert ended.stdout == "照此填写 [0, 1, 3]\n"
