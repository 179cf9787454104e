"""Good files with bytes changed, cut out or put in: each is read or named, and no reader hangs or falls over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents.mutated import KINDS, outcomes


@pytest.mark.parametrize("kind", KINDS)
def test_some_of_each_format(kind: str, tmp_path: Path) -> None:
    found = outcomes(kind, range(40), tmp_path)
    assert found.counts["read"] > 0
    assert found.unsafe == {}


@pytest.mark.slow
def test_some_pictures(tmp_path: Path) -> None:
    found = outcomes("png", range(60), tmp_path)
    assert found.counts["read off a picture"] > 0
    assert found.unsafe == {}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_of_each_format(kind: str, tmp_path: Path) -> None:
    found = outcomes(kind, range(10_000), tmp_path)
    assert found.counts["read"] > 0
    assert found.unsafe == {}
