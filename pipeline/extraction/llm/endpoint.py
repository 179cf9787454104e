"""Extraction (llm): a live endpoint: questions in, replies or named errors out, with retries, limits and a journal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pydantic import SecretStr
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_exponential_jitter
from tenacity.wait import wait_random

from pipeline.extraction.llm.asking import Answer, BatchLog, Question, Tell, recalled
from pipeline.extraction.llm.batching import Batches
from pipeline.extraction.llm.breaker import Breaker
from pipeline.extraction.llm.budget import FREE, Budget, Money
from pipeline.extraction.llm.calls import Tried, stored_call
from pipeline.extraction.llm.completion import Completion
from pipeline.extraction.llm.faults import CallError, Fault
from pipeline.extraction.llm.journal import Journal
from pipeline.extraction.llm.limiter import Limiter, Pace
from pipeline.extraction.llm.requests import Request
from pipeline.extraction.llm.settings import LlmSettings
from pipeline.extraction.llm.transport import Transport
from pipeline.flow import Call

UNLIMITED_REPLY = 32_768
"""Tokens that are reserved for a reply whose length is not limited."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class _Turn:
    """Those who ask the same question, one at a time."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class Endpoint:
    """An OpenAI-compatible endpoint, shared by all chunks of a run, within one event loop. Close it with ``aclose``.

    Args:
        settings: what is asked and how patiently.
        api_key: the endpoint's key, empty where it needs none.
        journal: asked before each call, and given each attempt before its reply is used.
        sleep: waits the given seconds between attempts.
        money: prices, and what may be spent.
    """

    def __init__(
        self,
        settings: LlmSettings,
        api_key: SecretStr,
        journal: Journal,
        sleep: Sleep = asyncio.sleep,
        money: Money = FREE,
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._sleep = sleep
        self._limiter = Limiter(settings.concurrency)
        self._breaker = Breaker(settings.breaker, settings.outage, sleep)
        self._calls_a_minute = Pace(settings.requests_per_minute)
        self._tokens_a_minute = Pace(settings.tokens_per_minute)
        self._budget = Budget(money, settings.max_tokens or UNLIMITED_REPLY, journal.spent())
        self._transport = Transport(settings, api_key)
        self._turns: dict[tuple[str, int], _Turn] = {}

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._transport.aclose()

    @property
    def stopped(self) -> str | None:
        """Why nothing more is sent in this run, None while calls are made."""
        return self._budget.stopped or self._breaker.stopped

    async def ask(self, question: Question) -> Answer:
        """The reply to a question: from the journal, or from the endpoint after as many attempts as the settings allow.

        The same question of two chunks is sent once: the second waits for the first. Never raises for what an endpoint
        does; ``Answer.error`` names it.
        """
        async with self._alone(question):
            past = self._journal.past(*question.key)
            if past.call is not None:
                return recalled(past.call, question)
            calls: list[Call] = []
            while True:
                try:
                    reply: str = await self._retrying()(self._attempt, question, past.attempts, calls)
                except CallError as error:
                    if error.fault.transient and self._breaker.paused and not self._breaker.stopped:
                        continue  # the outage used the attempts up; the question is asked again when it is over
                    return Answer(None, error, tuple(calls))
                return Answer(reply, None, tuple(calls))

    async def ask_in_batches(self, questions: Iterable[Question], log: BatchLog, tell: Tell) -> None:
        """Has questions answered by the endpoint's batch API, so that their answers are in the journal when they are asked.

        Raises:
            BatchError: the endpoint takes no batches, or cannot be reached; what it has goes on, and is collected later.
        """
        batches = Batches(self._settings, self._transport, self._journal, log, self._budget, self._sleep)
        try:
            await batches.run(questions, tell)
        finally:
            self._budget.spent = self._journal.spent()

    async def condemn(self, answer: Answer, error: CallError) -> None:
        """Notes that an answer's reply proved to be no use, so that a later run asks again."""
        call = answer.calls[-1]
        if not call.recalled:
            await self._journal.condemn(call, error.fault.value, str(error))

    @asynccontextmanager
    async def _alone(self, question: Question) -> AsyncIterator[None]:
        """Keeps the same question from being sent twice at once."""
        turn = self._turns.setdefault(question.key, _Turn())
        turn.waiting += 1
        try:
            async with turn.lock:
                yield
        finally:
            turn.waiting -= 1
            if not turn.waiting:
                del self._turns[question.key]

    def _retrying(self) -> AsyncRetrying:
        """A fresh retry driver; tenacity's keep state, so none is shared between calls."""
        return AsyncRetrying(
            retry=retry_if_exception(lambda e: isinstance(e, CallError) and e.fault.transient),
            stop=stop_after_attempt(self._settings.attempts),
            wait=self._wait,
            sleep=self._sleep,
            reraise=True,
        )

    def _wait(self, state: RetryCallState) -> float:
        """Seconds before the next attempt: what the endpoint asks for, or jittered exponential; both capped."""
        settings = self._settings
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, CallError) and error.retry_after is not None:
            return min(error.retry_after, settings.retry_after_cap) + wait_random(0, settings.wait)(state)
        return wait_exponential_jitter(multiplier=settings.wait, max=settings.wait_cap, jitter=settings.wait)(state)

    async def _attempt(self, question: Question, before: int, calls: list[Call]) -> str:
        """One call over the network, in the journal and appended to ``calls`` however it ends.

        Raises:
            CallError: there is no usable reply.
        """
        await self._keep_pace(question.request)
        async with (
            self._limiter as number,
            self._breaker.admitted(),
            self._budget.paying(question.request) as bill,
        ):
            started = time.perf_counter()
            completion = await self._send(question.request, number)
            self._budget.charge(bill, question.request.tokens, completion)
            tried = Tried(before + len(calls) + 1, completion, bill, time.perf_counter() - started)
            call = stored_call(self._settings.model, question, tried, self._budget.prices.currency)
            self._breaker.record(completion.error)
            await self._journal.add(
                call
            )  # the place is held until the reply is safe: no more are lost than run at once
        calls.append(call)
        if completion.error is not None:
            raise completion.error
        return completion.text or ""

    async def _send(self, request: Request, number: int) -> Completion:
        """What the endpoint said, or the error instead of it; the limiter is told of either."""
        try:
            completion = await self._transport.send(request.arguments)
        except CallError as error:
            if error.fault is Fault.RATE_LIMITED:
                self._limiter.throttled(number)
            return Completion(None, error)
        self._limiter.answered()
        return completion

    async def _keep_pace(self, request: Request) -> None:
        """Waits until the requests and tokens of this minute leave room."""
        now = time.monotonic()
        delay = max(self._calls_a_minute.delay(now), self._tokens_a_minute.delay(now, request.tokens))
        if delay > 0:
            await self._sleep(delay)
