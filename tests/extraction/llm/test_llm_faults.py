"""What the llm extractor makes of everything that can go wrong with a call: one row per fault and its outcome."""

from __future__ import annotations

import asyncio
import json
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import openai
import pytest
from llm_cases import KEY, TASK, chunk, chunks, document, run, settings
from pydantic import SecretStr

from eval.standin import Reply, calls_tool, fails, says
from pipeline.extraction.llm import LlmExtractor
from pipeline.extraction.llm.faults import CallError, Fault, call_error
from pipeline.flow import OutcomeStatus

GOOD = says({"tasks": [TASK]})
ATTEMPTS = 3
SHORT = 0.5
"""Seconds that a call may take where a test is about taking too long."""

RECOVERED = [
    ("429", fails(429), "rate_limited"),
    ("500", fails(500), "server_error"),
    ("502 without JSON", Reply(status=502, body="<html>bad gateway</html>"), "server_error"),
    ("503", fails(503), "server_error"),
    ("529 overloaded", fails(529), "server_error"),
    ("408", fails(408), "timeout"),
    ("409", fails(409), "server_error"),
    ("no answer in time", Reply(content="{}", delay=5), "timeout"),
    ("body drips in", says({"tasks": []}, drip=0.2), "timeout"),
    ("connection reset", Reply(reset=True), "connection"),
    ("body cut off", says({"tasks": [TASK]}, cut=True), "truncated_body"),
    ("JSON of the body breaks off", Reply(body='{"choices": [{"mess'), "truncated_body"),
    ("200 with an error inside", Reply(body='{"error": {"message": "upstream busy"}}'), "no_completion"),
    ("200 without choices", Reply(body='{"choices": []}'), "no_completion"),
    ("200 with a page", Reply(body="<html>", headers={"Content-Type": "text/html"}), "no_completion"),
    ("200 with brackets without end", Reply(body='{"a":' + "[" * 200_000), "truncated_body"),
]


@pytest.fixture(scope="module", autouse=True)
def _warm():
    """The client's first call imports half of its package, which must not count as an endpoint's slowness."""
    run([GOOD])


@pytest.mark.parametrize(("fault", "status"), [row[1:] for row in RECOVERED], ids=[row[0] for row in RECOVERED])
def test_a_passing_fault_is_tried_again_and_both_attempts_are_recorded(fault, status):
    done = run([fault, GOOD], timeout=SHORT if status == "timeout" else 5.0)
    assert done.statuses == [status, "ok"]
    assert [call.attempt for call in done.extraction.calls] == [1, 2]
    assert (done.outcome.status, done.outcome.drafts, done.outcome.reason) == (OutcomeStatus.DONE, 1, None)
    assert len(done.slept) == 1


@pytest.mark.parametrize(("fault", "status"), [row[1:] for row in RECOVERED[:1] + RECOVERED[-6:]])
def test_a_fault_that_stays_ends_the_chunk_by_name_after_the_last_attempt(fault, status):
    done = run([fault] * 9, attempts=ATTEMPTS)
    assert done.statuses == [status] * ATTEMPTS
    assert done.outcome.status is OutcomeStatus.FAILED
    assert done.outcome.reason.startswith(f"{status}: ")
    assert len(done.server.requests) == ATTEMPTS


TERMINAL = [
    ("400", fails(400, "unknown parameter"), "bad_request"),
    ("401", fails(401, "wrong key"), "unauthorized"),
    ("403", fails(403), "forbidden"),
    ("404", fails(404, "no such model"), "not_found"),
    ("422", fails(422), "bad_request"),
    ("429 for an empty account", fails(429, "quota", "insufficient_quota"), "quota_exhausted"),
    ("context too long by code", fails(400, "too big", "context_length_exceeded"), "context_too_long"),
    ("context too long by words", fails(400, "This model's maximum context length is 8192"), "context_too_long"),
    ("413", fails(413), "context_too_long"),
    ("cut at the token limit", says({"tasks": [TASK]}, finish_reason="length"), "length"),
    ("refusal", Reply(refusal="I cannot help with that"), "refusal"),
    ("content filter", Reply(content="{}", finish_reason="content_filter"), "refusal"),
    ("empty content", Reply(content="  \n"), "empty_reply"),
    ("no content", Reply(content=None), "empty_reply"),
]


@pytest.mark.parametrize(("fault", "status"), [row[1:] for row in TERMINAL], ids=[row[0] for row in TERMINAL])
def test_a_fault_that_no_repetition_mends_is_met_once(fault, status):
    done = run([fault, GOOD])
    assert done.statuses == [status]
    assert done.outcome.status is OutcomeStatus.FAILED
    assert done.outcome.reason.startswith(f"{status}: ")
    assert done.slept == []


GARBAGE = [
    ("prose", "我无法找到任何记录。"),
    ("other keys", '{"answer": 42}'),
    ("a number", "17"),
    ("thoughts only", '<think>{"tasks": []}'),
    ("brackets without end", "[" * 100_000),
]


@pytest.mark.parametrize("words", [row[1] for row in GARBAGE], ids=[row[0] for row in GARBAGE])
def test_a_reply_that_is_no_reading_fails_the_chunk_as_garbage_and_is_kept_with_the_call(words):
    done = run([Reply(content=words), GOOD])
    assert done.outcome.status is OutcomeStatus.FAILED
    assert done.outcome.reason.startswith("garbage: ")
    assert [(c.status, c.reply) for c in done.extraction.calls] == [("ok", words)]


def test_usage_and_reply_of_failed_attempts_are_kept():
    done = run([says({"tasks": [TASK]}, finish_reason="length")])
    [call] = done.extraction.calls
    assert call.prompt_tokens > 500
    assert call.completion_tokens == -(-2 * len(call.reply) // 3)
    assert json.loads(call.reply) == {"tasks": [TASK]}
    assert call.error.startswith("length: ")
    assert call.seconds >= 0


def test_no_server_at_all_is_a_connection_fault():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    async def extract():
        async def sleep(_):
            return None

        async with LlmExtractor.live(settings(f"http://127.0.0.1:{port}/v1"), SecretStr(KEY), sleep=sleep) as extractor:
            return await extractor.extract(document(), [chunk()])

    extraction = asyncio.run(extract())
    assert {c.status for c in extraction.calls} == {"connection"}
    assert extraction.outcomes[0].reason.startswith("connection: ")


def test_retry_after_is_honoured_and_capped():
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    replies = [
        fails(429, retry_after="7"),
        fails(503, retry_after="600"),
        fails(429, retry_after_ms="250"),
        fails(429, retry_after=date),
        fails(429, retry_after="soon"),
        GOOD,
    ]
    done = run(replies, attempts=6, wait=0.5, wait_cap=2.0, retry_after_cap=30.0)
    assert done.outcome.status is OutcomeStatus.DONE
    seven, capped, quarter, dated, unreadable = done.slept
    assert 7 <= seven <= 7.5
    assert 30 <= capped <= 30.5
    assert 0.25 <= quarter <= 0.75
    assert 30 <= dated <= 30.5
    assert unreadable <= 2.0


def test_waits_grow_with_jitter_up_to_the_cap():
    done = run([fails(500)] * 9, attempts=6, wait=1.0, wait_cap=6.0)
    lows, highs = [1, 2, 4, 6, 6], [2, 3, 5, 6, 6]
    assert len(done.slept) == 5
    assert all(low <= wait <= high for low, wait, high in zip(lows, done.slept, highs, strict=True))


def test_a_bad_chunk_never_loses_the_others():
    def script(request):
        number = int(request.text.split("任务")[1].split("：")[0])
        task = {"quote": request.text.strip(), "task": request.text.strip()}
        return [says({"tasks": [task]}), fails(400), Reply(reset=True), says({"tasks": []})][number % 4]

    doc, pieces = chunks(12)
    done = run(script, pieces, doc, attempts=1, breaker=99)
    by_status = [o.status for o in done.extraction.outcomes]
    assert [o.chunk_id for o in done.extraction.outcomes] == [c.chunk_id for c in pieces]
    assert by_status.count(OutcomeStatus.DONE) == by_status.count(OutcomeStatus.EMPTY) == 3
    assert by_status.count(OutcomeStatus.FAILED) == 6
    assert all(o.reason for o in done.extraction.outcomes if o.status is OutcomeStatus.FAILED)
    assert len(done.extraction.drafts) == 3


def test_without_patience_the_breaker_gives_up_after_attempts_that_failed_in_a_row_and_the_rest_is_not_sent():
    doc, pieces = chunks(20)
    done = run(lambda _: fails(503, "down for maintenance"), pieces, doc, breaker=3, attempts=2, concurrency=1)
    reasons = [o.reason for o in done.extraction.outcomes]
    assert len(done.server.requests) == 3
    assert sum(r.startswith("server_error: ") for r in reasons) == 1
    unsent = [r for r in reasons if r.startswith("breaker_open: ")]
    assert len(unsent) == 19
    assert len(set(unsent)) == 1
    assert "down for maintenance" in unsent[0]
    assert "run again" in unsent[0]


def test_an_answer_in_between_ends_the_row_that_the_breaker_counts():
    doc, pieces = chunks(12)
    done = run(
        lambda r: fails(503) if r.number % 3 else says({"tasks": []}), pieces, doc, breaker=3, attempts=1, concurrency=1
    )
    assert len(done.server.requests) == 12


def test_faults_of_a_chunk_do_not_count_for_the_breaker():
    doc, pieces = chunks(6)
    done = run(lambda _: fails(400), pieces, doc, breaker=2, concurrency=1)
    assert len(done.server.requests) == 6


def test_the_breaker_stays_open_for_the_next_document():
    doc, pieces = chunks(2)

    async def extract():
        async def sleep(_):
            return None

        given = settings("http://127.0.0.1:9/v1", attempts=1, breaker=2)
        async with LlmExtractor.live(given, SecretStr(KEY), sleep=sleep) as extractor:
            await extractor.extract(doc, pieces)
            return await extractor.extract(doc, pieces)

    extraction = asyncio.run(extract())
    assert [o.reason.split(":")[0] for o in extraction.outcomes] == ["breaker_open"] * 2
    assert extraction.calls == ()


def test_concurrency_never_exceeds_its_bound_over_all_documents():
    doc, pieces = chunks(30)

    async def extract(base_url):
        async with LlmExtractor.live(settings(base_url, concurrency=4), SecretStr(KEY)) as extractor:
            return await asyncio.gather(*(extractor.extract(doc, pieces[i::3]) for i in range(3)))

    from eval.standin import StandIn  # noqa: PLC0415 - only this test starts its server by itself

    with StandIn(lambda _: says({"tasks": []}, delay=0.01)) as server:
        extractions = asyncio.run(extract(server.base_url))
    assert sum(len(e.outcomes) for e in extractions) == 30
    assert 2 <= server.peak <= 4


def test_a_tool_call_counts_as_a_reply_whatever_the_mode():
    done = run([calls_tool({"tasks": [TASK]})], mode="json")
    assert done.outcome.status is OutcomeStatus.DONE


def test_the_client_s_own_timeout_and_unknown_errors_have_names():
    request = httpx2.Request("POST", "http://x")
    assert call_error(openai.APITimeoutError(request), 3).fault is Fault.TIMEOUT
    assert call_error(openai.OpenAIError("odd"), 3).detail.endswith("(odd)")
    assert str(CallError(Fault.LENGTH, "cut")) == "length: cut"
