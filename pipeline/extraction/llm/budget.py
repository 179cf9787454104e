"""Extraction (llm): money: each call's highest cost is reserved before it is sent, and settled when it ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal

from pipeline.extraction.llm.completion import Completion
from pipeline.extraction.llm.faults import CallError, Fault
from pipeline.extraction.llm.requests import Request
from pipeline.extraction.llm.tokens import count_tokens
from pipeline.flow import UsageSource
from pipeline.prices import Prices


@dataclass(frozen=True, slots=True)
class Money:
    """What tokens cost, and what a run may spend in all; None where that is not known or not limited."""

    prices: Prices | None = None
    limit: Decimal | None = None


FREE = Money()
"""No prices, no limit."""


@dataclass(slots=True)
class Bill:
    """What a call cost, or may have cost where nobody counted its tokens."""

    worst: Decimal
    cost: Decimal | None
    usage: UsageSource = UsageSource.NONE
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Budget:
    """What a run may spend. Shared by all its calls, within one event loop.

    Args:
        money: prices and limit.
        longest: tokens that a reply has at most.
        spent: what the run had spent before it was killed.
    """

    def __init__(self, money: Money, longest: int, spent: Decimal = Decimal()) -> None:
        self.prices = money.prices or Prices(prompt=Decimal(), completion=Decimal())
        self.spent = spent
        self._known = money.prices is not None
        self._limit = money.limit
        self._longest = longest
        self._reserved = Decimal()
        self._change = asyncio.Condition()
        self._stopped = False

    @property
    def stopped(self) -> str | None:
        """Why nothing more is sent, None while there is money left."""
        if not self._stopped or self._limit is None:
            return None
        return (
            f"the budget of {self.prices.named(self._limit)} does not cover another call: "
            f"{self.prices.named(self.spent)} are spent; run again with a higher --budget, nothing is paid for twice"
        )

    def for_batches(self) -> Budget:
        """What calls of the batch API are charged by."""
        return Budget(Money(self.prices.in_batches if self._known else None), self._longest)

    def highest(self, tokens: int) -> Decimal:
        """The most that a call may cost whose request has so many tokens."""
        return self.prices.cost(tokens, self._longest)

    def covers(self, amount: Decimal) -> bool:
        """Whether an amount can still be spent."""
        return self._fits(amount)

    def bill(self, worst: Decimal = Decimal()) -> Bill:
        """The bill of a call that nothing was said of yet."""
        return Bill(worst, Decimal() if self._known else None)

    @asynccontextmanager
    async def paying(self, request: Request) -> AsyncIterator[Bill]:
        """Sets aside the most that a call can cost, and counts what its bill says when it ended.

        Raises:
            CallError: ``budget_exhausted``; no later call is sent either.
        """
        bill = self.bill(self.highest(request.tokens))
        await self._reserve(bill.worst)
        try:
            yield bill
        finally:
            await self._settle(bill)

    def charge(self, bill: Bill, tokens: int, said: Completion) -> None:
        """Writes into a bill what a completion cost; tokens that the endpoint did not count (``tokens`` of the request)
        are counted by our rule."""
        if said.text is None and said.error is not None and not said.metered:
            if said.error.maybe_billed:
                bill.usage, bill.cost = UsageSource.LOST, bill.worst if self._known else None
            return
        bill.usage = UsageSource.ENDPOINT if said.metered else UsageSource.COUNTED
        bill.prompt_tokens = said.prompt_tokens if said.metered else tokens
        bill.completion_tokens = said.completion_tokens if said.metered else count_tokens(said.text or "")
        if self._known:
            bill.cost = self.prices.cost(bill.prompt_tokens, bill.completion_tokens, said.cached_tokens)

    async def _reserve(self, amount: Decimal) -> None:
        async with self._change:
            await self._change.wait_for(lambda: self._stopped or self._fits(amount) or not self._reserved)
            if self._stopped or not self._fits(amount):
                self._stopped = True
                self._change.notify_all()
                raise CallError(Fault.BUDGET_EXHAUSTED, self.stopped or "")
            self._reserved += amount

    def _fits(self, amount: Decimal) -> bool:
        return self._limit is None or self.spent + self._reserved + amount <= self._limit

    async def _settle(self, bill: Bill) -> None:
        async with self._change:
            self._reserved -= bill.worst
            self.spent += bill.cost or Decimal()
            self._change.notify_all()
