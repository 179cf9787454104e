"""``--mode auto``: the first mode that an endpoint takes, found once and remembered."""

from __future__ import annotations

import asyncio

import pytest
from llm_cases import KEY, TASK, chunk, document, settings
from pydantic import SecretStr

from eval.standin import ChatRequest, Reply, Script, StandIn, calls_tool, fails, says
from pipeline.extraction.llm import LlmExtractor, MemoryJournal
from pipeline.extraction.llm.probing import ProbeError

GOOD = {"tasks": [{"quote": "修复渠道12公里", "task": "修复渠道12公里"}]}


def takes(*modes: str) -> Script:
    """An endpoint that answers in some modes and refuses the others."""

    def answer(request: ChatRequest) -> Reply:
        given = request.response_format or {}
        strict = bool(given.get("json_schema", {}).get("strict"))
        mode = "tools" if request.tools else str(given.get("type", "md_json"))
        if f"{mode}{' strict' if strict else ''}" not in modes:
            return fails(400, "unknown parameter")
        content = GOOD if "修复渠道12公里。 (" in request.prompt else {"tasks": [TASK]}
        return calls_tool(content) if mode == "tools" else says(content)

    return answer


def entered(script: Script, journal: MemoryJournal) -> tuple[str, int, int]:
    """The mode that was found, the requests it took, and the drafts of a chunk read with it."""

    async def enter(base_url: str) -> tuple[str, int, int]:
        given = settings(base_url, mode="auto", attempts=1)
        async with LlmExtractor.live(given, SecretStr(KEY), journal) as extractor:
            asked = len(server.requests)
            drafts = (await extractor.extract(document(), [chunk()])).drafts
            return extractor.settings.mode.value, asked, len(drafts)

    with StandIn(script) as server:
        return asyncio.run(enter(server.base_url))


@pytest.mark.parametrize(
    ("modes", "found", "requests"),
    [
        (("json_schema strict", "json_schema", "json_object"), "json_schema", 1),
        (("json_schema strict", "json_object"), "strict", 2),
        (("tools",), "tools", 3),
        (("json_object", "md_json"), "json", 4),
        (("md_json",), "md_json", 5),
    ],
)
def test_the_first_mode_that_works_is_used(modes: tuple[str, ...], found: str, requests: int) -> None:
    assert entered(takes(*modes), MemoryJournal()) == (found, requests, 1)


def test_a_mode_that_the_endpoint_accepts_and_answers_with_prose_is_not_taken() -> None:
    def answer(request: ChatRequest) -> Reply:
        return Reply(content="好的。") if request.response_format or request.tools else says(GOOD)

    mode, *_ = entered(answer, MemoryJournal())
    assert mode == "md_json"


def test_no_mode_or_no_endpoint_is_one_sentence() -> None:
    with pytest.raises(ProbeError, match=r"answers in no mode .*: set JIXIAO_MODE, or try another model"):
        entered(takes(), MemoryJournal())
    with pytest.raises(ProbeError, match="could not be asked which mode it takes: unauthorized: "):
        entered(lambda _: fails(401), MemoryJournal())
