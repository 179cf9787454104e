"""Extraction (llm): a live endpoint: questions in, replies or named errors out, with retries, limits and a journal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from pydantic import SecretStr
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_exponential_jitter
from tenacity.wait import wait_random

from pipeline.extraction.llm.asking import OK, Answer, Question, recalled
from pipeline.extraction.llm.breaker import Breaker
from pipeline.extraction.llm.budget import FREE, Bill, Budget, Money
from pipeline.extraction.llm.completion import Completion
from pipeline.extraction.llm.faults import CallError, Fault
from pipeline.extraction.llm.journal import Journal
from pipeline.extraction.llm.limiter import Limiter, Pace
from pipeline.extraction.llm.prompting import prompts_version
from pipeline.extraction.llm.requests import Request
from pipeline.extraction.llm.settings import LlmSettings
from pipeline.extraction.llm.transport import Transport
from pipeline.flow import Call, Reuse

UNLIMITED_REPLY = 32_768
"""Tokens that are reserved for a reply whose length is not limited."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(slots=True)
class _Turn:
    """Those who ask the same question, one at a time."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class _Tried:
    """How an attempt went: its number, what was said, what it cost, and its seconds."""

    attempt: int
    said: Completion
    bill: Bill
    seconds: float


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
            self._budget.charge(bill, question.request, completion)
            tried = _Tried(before + len(calls) + 1, completion, bill, time.perf_counter() - started)
            call = self._call(question, tried)
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

    def _call(self, question: Question, tried: _Tried) -> Call:
        """An attempt as it is stored. Its id follows from what was asked and how often."""
        prompt_hash = question.request.prompt_hash
        said, bill = tried.said, tried.bill
        return Call(
            call_id=f"{prompt_hash[:20]}-{question.asking}-{tried.attempt}",
            document_id=question.document_id,
            chunk_id=question.chunk_id,
            purpose=question.purpose,
            model=self._settings.model,
            prompts=prompts_version(),
            prompt_hash=prompt_hash,
            asking=question.asking,
            attempt=tried.attempt,
            status=said.error.fault.value if said.error else OK,
            reuse=_reuse(said.error),
            prompt_tokens=bill.prompt_tokens,
            cached_tokens=said.cached_tokens,
            completion_tokens=bill.completion_tokens,
            usage=bill.usage,
            cost=bill.cost,
            currency=None if bill.cost is None else self._budget.prices.currency,
            seconds=Decimal(f"{tried.seconds:.3f}"),
            reply=said.text,
            error=None if said.error is None else str(said.error),
        )


def _reuse(error: CallError | None) -> Reuse:
    """Whether a reply stands for the same question asked again. One that was cut off would be cut off again."""
    if error is None or error.fault is Fault.LENGTH:
        return Reuse.ALWAYS
    return Reuse.RUN if error.fault.completed else Reuse.NEVER
