"""A small gold document, and predictions made from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from roads_report import GOLD, TEXT

from eval.gold import GoldDocument, load_gold
from eval.items import Item
from eval.predicted import PredictedDocument, from_gold


@pytest.fixture(scope="session")
def roads_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the gold file and its document."""
    folder = tmp_path_factory.mktemp("roads")
    (folder / "roads-2023.txt").write_bytes(TEXT.encode())
    (folder / "roads-2023.json").write_text(json.dumps(GOLD, ensure_ascii=False), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def roads(roads_folder: Path) -> GoldDocument:
    """The gold document."""
    return load_gold(roads_folder / "roads-2023.json", roads_folder)


Change = Callable[[list[Item]], list[Item]]


@pytest.fixture
def read(roads: GoldDocument) -> Callable[[Change], PredictedDocument]:
    """A perfect prediction with its records changed."""

    def make(change: Change) -> PredictedDocument:
        perfect = from_gold(roads)
        return replace(perfect, records=tuple(change(list(perfect.records))))

    return make
