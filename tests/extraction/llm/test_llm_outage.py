"""Outages: the run pauses, tries one call at a time, goes on when the endpoint answers, and gives up when it does not."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from llm_cases import KEY, chunks, run

from eval.standin import ChatRequest, Reply, fails, says
from pipeline.extraction.llm.settings import LlmSettings
from pipeline.flow import OutcomeStatus

DOWN = [fails(503), fails(500), Reply(reset=True), Reply(body='{"error": {"message": "upstream"}}')]


def back_after(failing: int, fault: Reply):
    """An endpoint that answers a few, is down for a number of requests, and answers again."""

    def answer(request: ChatRequest) -> Reply:
        return fault if 10 < request.number <= 10 + failing else says({"tasks": []})

    return answer


@pytest.mark.parametrize("fault", DOWN)
@pytest.mark.parametrize("concurrency", [1, 8])
def test_after_an_outage_every_chunk_is_read(fault: Reply, concurrency: int) -> None:
    doc, pieces = chunks(60)
    done = run(
        back_after(25, fault), pieces, doc, attempts=3, breaker=6, outage=900, concurrency=concurrency, wait=0.01
    )
    assert {o.status for o in done.extraction.outcomes[-40:]} == {OutcomeStatus.EMPTY}
    failed = [o for o in done.extraction.outcomes if o.status is OutcomeStatus.FAILED]
    assert len(failed) <= 1 if concurrency == 1 else not failed
    assert done.extraction.stopped is None
    assert max(done.slept) >= 8


def test_while_it_is_down_one_call_at_a_time_is_tried_ever_more_rarely() -> None:
    doc, pieces = chunks(40)
    done = run(lambda _: fails(503), pieces, doc, attempts=2, breaker=8, outage=300, concurrency=8, wait=0)
    pauses = [s for s in done.slept if s >= 1]
    assert pauses[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert sum(pauses) == pytest.approx(300, abs=1)
    assert len(done.server.requests) <= 8 + 8 + len(pauses)
    assert done.extraction.stopped is not None
    assert "and 300 seconds of waiting did not help (last: server_error: HTTP 503" in done.extraction.stopped
    assert all(o.status is OutcomeStatus.FAILED and o.reason for o in done.extraction.outcomes)


def test_an_endpoint_that_refuses_every_call_is_not_waited_for() -> None:
    doc, pieces = chunks(40)
    done = run(lambda _: fails(401, "wrong key"), pieces, doc, breaker=5, outage=900, concurrency=1)
    assert len(done.server.requests) == 3
    assert done.slept == []
    assert done.extraction.stopped is not None and "wrong key" in done.extraction.stopped


FAULTS = [
    lambda: fails(429, retry_after="0"),
    lambda: fails(500),
    lambda: fails(503),
    lambda: fails(529),
    lambda: Reply(reset=True),
    lambda: says({"tasks": []}, cut=True),
    lambda: Reply(body='{"choices": [{"mess'),
    lambda: Reply(body='{"error": {"message": "busy"}}'),
    lambda: fails(400, "no"),
    lambda: Reply(content="不知道"),
    lambda: Reply(content=""),
    lambda: Reply(refusal="no"),
    lambda: says({"tasks": []}, finish_reason="length"),
]


def test_with_thirty_percent_random_faults_every_chunk_of_500_ends_by_name_and_the_counts_balance() -> None:
    chance = random.Random(7)  # noqa: S311 - no secret

    def answer(request: ChatRequest) -> Reply:
        if chance.random() < 0.3:
            return chance.choice(FAULTS)()
        line = (request.text or "").strip()
        return says({"tasks": [{"quote": line, "task": line}]})

    doc, pieces = chunks(500)
    done = run(answer, pieces, doc, attempts=4, breaker=8, outage=900, concurrency=16, wait=0.01)
    outcomes = done.extraction.outcomes
    assert [o.chunk_id for o in outcomes] == [c.chunk_id for c in pieces]
    ended = Counter(o.status for o in outcomes)
    assert sum(ended.values()) == 500
    assert all(o.reason for o in outcomes if o.status is OutcomeStatus.FAILED)
    assert ended[OutcomeStatus.DONE] == len(done.extraction.drafts) > 350
    assert sum(o.drafts for o in outcomes) == len(done.extraction.drafts)
    assert len(done.extraction.calls) == len(done.server.requests)
    assert {c.chunk_id for c in done.extraction.calls} == {c.chunk_id for c in pieces}
    for outcome in (o for o in outcomes if o.status is OutcomeStatus.FAILED):
        last = [c for c in done.extraction.calls if c.chunk_id == outcome.chunk_id][-1]
        assert last.error or last.reply
    assert done.extraction.stopped is None
    assert KEY not in repr(done.extraction)


def test_the_defaults_wait_a_quarter_of_an_hour() -> None:
    assert LlmSettings(model="m").outage == 900
