"""``jixiao report``: the page it writes, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Jixiao


def test_a_page_is_written_in_either_language(jixiao: Jixiao, filled: Path, tmp_path: Path) -> None:
    ended = jixiao("report", "--db", filled, "-o", "page.html")
    assert (ended.code, ended.out) == (0, "")
    assert "2 reports on page.html" in ended.err
    assert '<html lang="zh-CN">' in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert jixiao("report", "--db", filled, "-o", "page.html", "--lang", "en", "--document", "water-2022").code == 0
    assert '<html lang="en">' in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "page.html", "--department", "某局"], "There is no department 某局"),
        (["-o", "none/page.html"], "none/page.html cannot be written (No such file or directory)"),
        (["-o", "page.html", "--lang", "fr"], "'fr' is not one of"),
        ([], "Missing option '--output'"),
    ],
)
def test_wrong_usage_is_2_and_leaves_nothing(
    jixiao: Jixiao, filled: Path, tmp_path: Path, arguments: list[str], message: str
) -> None:
    ended = jixiao("report", "--db", filled, *arguments)
    assert ended.code == 2
    assert message in ended.err
    assert list(tmp_path.iterdir()) == []
