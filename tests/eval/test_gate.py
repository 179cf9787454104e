"""The gate that every change passes: no document and record type falls below eval/baseline.json."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.baseline import drops
from eval.cli import DATA
from eval.gold import GoldSet
from eval.scoring import evaluate
from eval.sources import read_with

SHARED = Path(__file__).resolve().parents[3] / "shared"
SETS = {"samples": (DATA / "gold", DATA / "samples"), "shared": (SHARED / "gold", SHARED / "reports")}


@pytest.mark.parametrize("name", SETS)
def test_offline_extraction_is_as_good_as_the_baseline(name: str) -> None:
    gold, reports = SETS[name]
    if not gold.is_dir():
        pytest.skip(f"{gold} is not on this machine")
    documents = GoldSet(gold, reports).documents
    choice, predicted = read_with(documents, "offline")
    evaluation = evaluate(zip(documents, predicted, strict=True), choice.name)
    fallen = drops(evaluation)
    assert not fallen, "\n".join(fallen)
