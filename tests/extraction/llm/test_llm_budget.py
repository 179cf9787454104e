"""What calls cost, what is set aside for them, and that a budget is never overspent."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal

import pytest
from llm_cases import KEY, TASK, chunks, run, settings
from pydantic import SecretStr

from eval.standin import ChatRequest, Reply, StandIn, fails, says
from pipeline.extraction.llm import LlmExtractor, MemoryJournal, Money
from pipeline.extraction.llm.budget import Budget
from pipeline.extraction.llm.faults import CallError
from pipeline.extraction.llm.requests import Request
from pipeline.flow import Extraction, OutcomeStatus
from pipeline.prices import Prices

PRICES = Prices(prompt=Decimal(2), completion=Decimal(6), cached=Decimal("0.5"), currency="CNY")


def body(usage: object) -> Reply:
    message = {"role": "assistant", "content": json.dumps({"tasks": [TASK]}, ensure_ascii=False)}
    return Reply(body=json.dumps({"choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}))


@pytest.mark.parametrize(
    ("prompt", "completion", "cached", "cost"),
    [(1_000_000, 0, 0, "2"), (0, 1_000_000, 0, "6"), (1_000_000, 0, 1_000_000, "0.5"), (1, 1, 0, "0.000008")],
)
def test_prices_are_per_million_tokens(prompt: int, completion: int, cached: int, cost: str) -> None:
    assert PRICES.cost(prompt, completion, cached) == Decimal(cost)


def test_cached_tokens_cost_as_much_as_others_where_no_price_is_stated() -> None:
    assert Prices(prompt=Decimal(2), completion=Decimal(6)).cost(10, 0, 5) == Decimal("0.00002")


METERED = [
    (
        "counted by the endpoint",
        body({"prompt_tokens": 1000, "completion_tokens": 50, "prompt_tokens_details": {"cached_tokens": 600}}),
        ("endpoint", 1000, 600, 50, Decimal("0.0014")),
    ),
    ("a refusal is paid for", Reply(refusal="no"), ("endpoint", None, 0, 0, None)),
    ("cut off is paid for", says({"tasks": [TASK]}, finish_reason="length"), ("endpoint", None, 0, 29, None)),
    ("an error is not", fails(400), ("none", 0, 0, 0, Decimal(0))),
    ("busy is not", fails(429), ("none", 0, 0, 0, Decimal(0))),
]


@pytest.mark.parametrize(("reply", "expected"), [row[1:] for row in METERED], ids=[row[0] for row in METERED])
def test_what_a_call_cost_is_kept_with_it(reply: Reply, expected: tuple[str, int | None, int, int, Decimal]) -> None:
    [call] = run([reply], attempts=1, money=Money(PRICES)).extraction.calls
    usage, prompt, cached, completion, cost = expected
    assert (call.usage, call.cached_tokens) == (usage, cached)
    assert call.currency == "CNY"
    if prompt is not None:
        assert (call.prompt_tokens, call.completion_tokens, call.cost) == (prompt, completion, cost)
    else:
        assert call.cost == PRICES.cost(call.prompt_tokens, call.completion_tokens) > 0


def test_tokens_that_the_endpoint_does_not_count_are_counted_by_the_stated_rule() -> None:
    [call] = run([body(None)], money=Money(PRICES)).extraction.calls
    assert call.usage == "counted"
    assert call.prompt_tokens > 500
    assert call.cost == PRICES.cost(call.prompt_tokens, call.completion_tokens)


@pytest.mark.parametrize("lost", [Reply(content="{}", delay=5), says({"tasks": [TASK]}, cut=True), Reply(reset=True)])
def test_a_reply_that_may_have_been_billed_and_did_not_come_costs_the_most_that_it_can(lost: Reply) -> None:
    [call] = run([lost], attempts=1, timeout=0.5, money=Money(PRICES)).extraction.calls
    assert (call.usage, call.prompt_tokens) == ("lost", 0)
    assert call.cost is not None and call.cost > PRICES.cost(0, 8192)


def test_an_endpoint_that_cannot_be_reached_costs_nothing() -> None:
    async def extract() -> Extraction:
        given = settings("http://127.0.0.1:9/v1", attempts=1)
        doc, pieces = chunks(1)
        async with LlmExtractor.live(given, SecretStr(KEY), money=Money(PRICES)) as extractor:
            return await extractor.extract(doc, pieces)

    [call] = asyncio.run(extract()).calls
    assert (call.usage, call.cost) == ("none", 0)


def test_without_prices_no_cost_is_told() -> None:
    [call] = run([says({"tasks": [TASK]})]).extraction.calls
    assert (call.cost, call.currency) == (None, None)


def answers(_: ChatRequest) -> Reply:
    return says({"tasks": []})


@pytest.mark.parametrize("concurrency", [1, 8])
def test_a_budget_stops_the_run_before_it_is_overspent(concurrency: int) -> None:
    doc, pieces = chunks(40)
    one = run(answers, pieces[:1], doc, money=Money(PRICES)).extraction.calls[0].cost
    assert one is not None
    limit = one * 10 + PRICES.cost(0, 8192)  # ten calls, and the room that the last of them is given
    done = run(answers, pieces, doc, money=Money(PRICES, limit), concurrency=concurrency)
    spent = sum((c.cost or Decimal() for c in done.extraction.calls), Decimal())
    assert spent <= limit
    assert 8 <= len(done.server.requests) <= 12
    refused = [o for o in done.extraction.outcomes if o.status is OutcomeStatus.FAILED]
    assert len(refused) == 40 - len(done.server.requests)
    assert {o.reason.split(":")[0] for o in refused if o.reason} == {"budget_exhausted"}
    assert done.extraction.stopped is not None
    assert "run again with a higher --budget" in done.extraction.stopped


def test_what_a_killed_part_of_the_run_spent_counts() -> None:
    doc, pieces = chunks(2)
    journal = MemoryJournal()
    first = run(answers, pieces[:1], doc, journal=journal, money=Money(PRICES)).extraction.calls[0].cost
    assert first is not None
    limit = first + PRICES.cost(0, 8192)
    done = run(answers, pieces, doc, journal=journal, money=Money(PRICES, limit))
    assert len(done.server.requests) == 0
    assert [o.status for o in done.extraction.outcomes] == [OutcomeStatus.EMPTY, OutcomeStatus.FAILED]


def test_a_call_waits_for_those_under_way_when_what_they_leave_may_do() -> None:
    request = Request({}, "h", 1_000_000)  # 2 CNY for the prompt, 0 for the reply
    order: list[str] = []

    async def pay(budget: Budget, name: str, cost: Decimal) -> None:
        async with budget.paying(request) as bill:
            order.append(f"{name} begins")
            await asyncio.sleep(0)
            bill.cost = cost
            order.append(f"{name} ends")

    async def both() -> Decimal:
        budget = Budget(Money(PRICES, Decimal(3)), longest=0)
        await asyncio.gather(pay(budget, "a", Decimal(1)), pay(budget, "b", Decimal(2)))
        with pytest.raises(CallError, match="budget_exhausted"):
            await pay(budget, "c", Decimal(1))
        return budget.spent

    assert asyncio.run(both()) == 3
    assert order == ["a begins", "a ends", "b begins", "b ends"]


def test_usage_without_a_limit_never_waits() -> None:
    doc, pieces = chunks(30)
    with StandIn(answers) as server:

        async def extract() -> Extraction:
            given = settings(server.base_url, concurrency=16)
            async with LlmExtractor.live(given, SecretStr(KEY), money=Money(PRICES)) as extractor:
                return await extractor.extract(doc, pieces)

        assert asyncio.run(extract()).stopped is None
    assert len(server.requests) == 30
