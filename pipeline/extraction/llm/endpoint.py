"""Extraction (llm): the only place that talks to the network: one question in, a reply or a named error out."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal

import httpx2
import openai
from pydantic import SecretStr
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_exponential_jitter
from tenacity.wait import wait_random

from pipeline.extraction.llm.breaker import Breaker
from pipeline.extraction.llm.cache import ReplyCache
from pipeline.extraction.llm.completion import Completion, read_completion
from pipeline.extraction.llm.faults import CallError, Fault, call_error
from pipeline.extraction.llm.limiter import Limiter, Pace
from pipeline.extraction.llm.requests import Request
from pipeline.extraction.llm.settings import LlmSettings
from pipeline.flow import Call

OK = "ok"
CACHED = "cached"
SHORTEST_SECRET = 6
"""Keys shorter than this ("none", "1") are no secrets, and masking them would damage replies."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply, or the error that all attempts ended with; and every attempt as it is stored."""

    reply: str | None
    error: CallError | None
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class _Tried:
    """How an attempt went: its status, what was said, and the seconds that it took."""

    status: str
    completion: Completion
    seconds: float = 0.0


class Endpoint:
    """An OpenAI-compatible endpoint, shared by all chunks of a run, within one event loop. Close it with ``aclose``.

    Args:
        settings: what is asked and how patiently.
        api_key: sent in the Authorization header and nowhere else; any echo of it in replies and errors is masked.
        cache: asked before each call, and given each reply that ``keep`` is told of.
        sleep: waits the given seconds between attempts.
    """

    def __init__(
        self, settings: LlmSettings, api_key: SecretStr, cache: ReplyCache, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._settings = settings
        self._api_key = api_key
        self._cache = cache
        self._sleep = sleep
        self._limiter = Limiter(settings.concurrency)
        self._breaker = Breaker(settings.breaker)
        self._calls_a_minute = Pace(settings.requests_per_minute)
        self._tokens_a_minute = Pace(settings.tokens_per_minute)
        self._client = openai.AsyncOpenAI(
            api_key=api_key.get_secret_value() or "none",
            base_url=settings.base_url,
            max_retries=0,
            timeout=httpx2.Timeout(settings.timeout, connect=min(settings.connect_timeout, settings.timeout)),
        )

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.close()

    async def ask(self, request: Request, chunk_id: str) -> Answer:
        """The reply to a request: from the cache, or from the endpoint after as many attempts as the settings allow.

        Never raises for what an endpoint does; ``Answer.error`` names it.
        """
        cached = self._cache.get(request.prompt_hash)
        if cached is not None:
            return Answer(
                cached, None, (self._call(request, chunk_id, 1, _Tried(CACHED, Completion(cached, 0, 0, None))),)
            )
        calls: list[Call] = []
        try:
            reply: str = await self._retrying()(self._attempt, request, chunk_id, calls)
        except CallError as error:
            self._breaker.record(error)
            return Answer(None, error, tuple(calls))
        self._breaker.record(None)
        return Answer(reply, None, tuple(calls))

    def keep(self, request: Request, reply: str) -> None:
        """Caches a reply that proved readable; garbage is not kept, so that another run asks again."""
        self._cache.put(request.prompt_hash, reply)

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

    async def _attempt(self, request: Request, chunk_id: str, calls: list[Call]) -> str:
        """One call over the network, appended to ``calls`` however it ends.

        Raises:
            CallError: there is no usable reply.
        """
        self._breaker.check()
        await self._keep_pace(request)
        async with self._limiter as number:
            self._breaker.check()
            started = time.perf_counter()
            try:
                completion = await self._send(request)
            except CallError as error:
                if error.fault is Fault.RATE_LIMITED:
                    self._limiter.throttled(number)
                completion = Completion(None, 0, 0, error)
            else:
                self._limiter.answered()
            seconds = time.perf_counter() - started
        status = completion.error.fault.value if completion.error else OK
        calls.append(self._call(request, chunk_id, len(calls) + 1, _Tried(status, completion, seconds)))
        if completion.error is not None:
            raise completion.error
        return completion.text or ""

    async def _keep_pace(self, request: Request) -> None:
        """Waits until the requests and tokens of this minute leave room."""
        now = time.monotonic()
        delay = max(self._calls_a_minute.delay(now), self._tokens_a_minute.delay(now, request.tokens))
        if delay > 0:
            await self._sleep(delay)

    async def _send(self, request: Request) -> Completion:
        """The completion that the endpoint returns.

        The raw body is read here instead of by the client, whose models accept anything and then lack it. The
        deadline covers the whole reply: a body that drips in never trips the client's own timeout.

        Raises:
            CallError: there was no completion.
        """
        try:
            async with asyncio.timeout(self._settings.timeout):
                response = await self._client.chat.completions.with_raw_response.create(**request.arguments)
            completion = read_completion(self._masked(response.text))
        except CallError:
            raise
        except (openai.OpenAIError, TimeoutError) as error:
            named = call_error(error, self._settings.timeout)
            raise CallError(named.fault, self._masked(named.detail), named.retry_after) from None
        return completion

    def _masked(self, text: str) -> str:
        """Text without the API key."""
        secret = self._api_key.get_secret_value()
        return text.replace(secret, "***") if len(secret) >= SHORTEST_SECRET else text

    def _call(self, request: Request, chunk_id: str, attempt: int, tried: _Tried) -> Call:
        """An attempt as it is stored."""
        said = tried.completion
        return Call(
            call_id=uuid.uuid4().hex,
            chunk_id=chunk_id,
            attempt=attempt,
            model=self._settings.model,
            prompt_hash=request.prompt_hash,
            status=tried.status,
            prompt_tokens=said.prompt_tokens,
            completion_tokens=said.completion_tokens,
            seconds=Decimal(f"{tried.seconds:.3f}"),
            reply=said.text,
            error=None if said.error is None else str(said.error),
        )
