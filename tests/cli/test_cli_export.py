"""``jixiao export``: what is written, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.export import exported_tables
from tests.cli.conftest import Jixiao


def test_the_command_says_what_was_written(jixiao: Jixiao, filled: Path, tmp_path: Path) -> None:
    ended = jixiao("export", "--db", filled, "--to", "out/folder")
    assert ended.code == 0
    assert "figures.csv" in ended.out
    assert sorted(p.name for p in (tmp_path / "out" / "folder").iterdir()) == sorted(
        f"{n}.csv" for n in exported_tables()
    )
    ended = jixiao("export", "--db", filled, "--to", "book.XLSX")
    assert (ended.code, ended.errors) == (0, [])
    assert "budget_facts" in ended.out
    assert (tmp_path / "book.XLSX").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "a.xlsx", "--format", "csv"], "--format is for a folder; a file that ends in .xlsx is a workbook"),
        (["--to", "a.csv"], "a.csv is neither a folder nor a file that ends in .xlsx"),
        (["--to", "none/a.xlsx"], "none/a.xlsx cannot be written (No such file or directory)"),
        (["--to", "/proc/nothing/here"], "/proc/nothing/here cannot be written"),
        (["--to", "out", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_wrong_usage_is_2_and_leaves_nothing(
    jixiao: Jixiao, filled: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    ended = jixiao("export", "--db", filled, *arguments)
    assert ended.code == 2
    assert message in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_missing_database_is_named_and_not_made(jixiao: Jixiao, tmp_path: Path) -> None:
    for to in ("out", "out.xlsx"):
        ended = jixiao("export", "--db", "absent.duckdb", "--to", to)
        assert ended.code == 2
        assert "There is no database at absent.duckdb" in ended.err
    assert list(tmp_path.iterdir()) == []
