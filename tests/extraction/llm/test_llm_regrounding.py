"""Records that are not grounded are asked for once more, with the reason and without what they leave empty."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from llm_cases import KEY, settings
from pydantic import SecretStr

from eval.standin import ChatRequest, Reply, StandIn, fails, says
from pipeline.documents import read_document
from pipeline.extraction.llm import LlmExtractor
from pipeline.flow import Extraction
from pipeline.job import conclude, prepare
from pipeline.store import Reading
from tests.test_job import DREDGING, INVENTED, TEXT, TRUE, script

PROJECTS = TRUE | {"一、项目支出": {"projects": [INVENTED]}}


def read(second: Any, tmp_path: Path, **changes: Any) -> tuple[Reading, tuple[ChatRequest, ...]]:
    """A report of which the model invents a figure; ``second`` is what it says when it is told."""
    path = tmp_path / "qinghe.txt"
    path.write_text(TEXT, encoding="utf-8")
    prepared = prepare(read_document(path))

    def answer(request: ChatRequest) -> Reply:
        if request.rejected is None:
            return script(PROJECTS)(request)
        return second if isinstance(second, Reply) else says({"projects": [{"no": 1, "record": second}]})

    async def extract(base_url: str) -> Extraction:
        async with LlmExtractor.live(settings(base_url, attempts=1, **changes), SecretStr(KEY)) as extractor:
            return await extractor.read_twice(prepared.document, prepared.layout, prepared.chunks)

    with StandIn(answer) as server:
        return conclude(prepared, asyncio.run(extract(server.base_url))), server.requests


def kept(reading: Reading) -> list[str]:
    return [d.grounded.record.quote for d in reading.decisions if d.grounded.draft.record_type == "projects"]


def test_a_record_that_is_mended_is_kept_and_the_invented_figure_is_gone(tmp_path: Path) -> None:
    reading, requests = read(DREDGING, tmp_path)
    assert kept(reading) == [DREDGING["quote"]]
    assert [r.code for r in reading.quarantined] == []
    [asked] = [r.rejected for r in requests if r.rejected is not None]
    assert "executed: 81 does not stand in the quote" in asked
    payload = json.loads(asked.splitlines()[0].removeprefix("1. projects: "))
    assert None not in payload.values()
    assert set(payload) >= {"quote", "name", "executed"}


@pytest.mark.parametrize(
    "second", [INVENTED, None, fails(400), Reply(content="不知道"), says({"projects": []}), {"name": "山塘清淤项目"}]
)
def test_a_record_that_is_not_mended_is_quarantined_with_its_first_reason(tmp_path: Path, second: Any) -> None:
    reading, _ = read(second, tmp_path)
    assert kept(reading) == []
    [rejection] = reading.quarantined
    assert rejection.code == "figure"
    assert rejection.reason == "executed: 81 does not stand in the quote or the row it was read from"


def test_nothing_is_asked_where_repairs_are_turned_off(tmp_path: Path) -> None:
    reading, requests = read(DREDGING, tmp_path, repairs=0)
    assert [r.code for r in reading.quarantined] == ["figure"]
    assert all(r.rejected is None for r in requests)
