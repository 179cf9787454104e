"""What a user fetches stays small."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sizes import MOST_FETCHED, wheels


@pytest.mark.slow
def test_the_wheels_without_extras_stay_under_the_bound(tmp_path: Path) -> None:
    found = wheels(tmp_path)
    assert {"jixiao", "duckdb", "pdfplumber"} < {w.package for w in found}
    assert sum(w.fetched for w in found) < MOST_FETCHED
