"""Concurrency that adapts to 429s, pacing by the minute, and the counting of tokens."""

from __future__ import annotations

import asyncio

from llm_cases import chunks, run

from eval.standin import fails, says
from pipeline.extraction.llm.limiter import Limiter, Pace
from pipeline.extraction.llm.tokens import count_tokens


def test_a_burst_of_429_halves_once_and_answers_raise_again_up_to_the_limit():
    async def calls():
        limiter = Limiter(8)
        entered = [await limiter.__aenter__() for _ in range(8)]
        for call in entered:
            limiter.throttled(call)
        halved = limiter.allowed
        for _ in entered:
            await limiter.__aexit__(None, None, None)
        async with limiter as later:
            limiter.throttled(later)
        quartered = limiter.allowed
        for _ in range(60):
            limiter.answered()
        return halved, quartered, limiter.allowed

    assert asyncio.run(calls()) == (4, 2, 8)


def test_the_limit_never_falls_below_one_call():
    async def calls():
        limiter = Limiter(2)
        for _ in range(5):
            async with limiter as call:
                limiter.throttled(call)
        return limiter.allowed

    assert asyncio.run(calls()) == 1


def test_throttled_runs_finish_with_less_concurrency():
    doc, pieces = chunks(24)
    done = run(
        lambda r: fails(429) if r.number <= 4 else says({"tasks": []}, delay=0.01),
        pieces,
        doc,
        concurrency=8,
        attempts=9,
    )
    assert all(o.reason is None for o in done.extraction.outcomes)
    assert done.statuses.count("rate_limited") == 4


def test_pace_spaces_what_exceeds_the_rate():
    pace = Pace(60)
    assert [pace.delay(100.0), pace.delay(100.0), pace.delay(100.0)] == [0.0, 1.0, 2.0]
    assert pace.delay(110.0) == 0.0
    tokens = Pace(6000)
    assert [tokens.delay(0.0, 500), tokens.delay(0.0, 500)] == [0.0, 5.0]
    free = Pace(None)
    assert [free.delay(0.0, 10**9), free.delay(0.0)] == [0.0, 0.0]


def test_a_run_waits_for_its_minute():
    doc, pieces = chunks(4)
    done = run(lambda _: says({"tasks": []}), pieces, doc, requests_per_minute=60, concurrency=1)
    assert [round(wait) for wait in sorted(done.slept)] == [1, 2, 3]


def test_tokens_are_counted_by_the_stated_rule():
    assert count_tokens("") == 0
    assert count_tokens("预算数1") == 4
    assert count_tokens("abcd") == 1
    assert count_tokens("abcde，") == 3
