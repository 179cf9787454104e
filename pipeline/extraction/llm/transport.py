"""Extraction (llm): the only place that talks to the network: one request out, a completion or a named error back."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import httpx2
import openai
from pydantic import SecretStr

from pipeline.extraction.llm.completion import Completion, read_completion
from pipeline.extraction.llm.faults import CallError, call_error
from pipeline.extraction.llm.settings import LlmSettings

SHORTEST_SECRET = 6
"""Keys shorter than this ("none", "1") are no secrets, and masking them would damage replies."""


_TALKATIVE = ("openai", "httpx2", "httpcore2")
"""Libraries whose logs hold requests and headers when someone turns them up."""


class Transport:
    """An OpenAI-compatible endpoint, within one event loop. Close it with ``aclose``.

    The key is sent in the Authorization header and nowhere else; any echo of it in replies and errors is masked; logs of
    the libraries below are kept quiet.
    """

    def __init__(self, settings: LlmSettings, api_key: SecretStr) -> None:
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        self._timeout = settings.timeout
        self._api_key = api_key
        self._client = openai.AsyncOpenAI(
            api_key=api_key.get_secret_value() or "none",
            base_url=settings.base_url,
            max_retries=0,
            timeout=httpx2.Timeout(settings.timeout, connect=min(settings.connect_timeout, settings.timeout)),
        )

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._client.close()

    async def send(self, arguments: dict[str, Any]) -> Completion:
        """The completion that the endpoint returns.

        The request is posted as it is, and the raw body read here, instead of by the client: its models take milliseconds
        to copy a request, accept anything, and then lack it. The
        deadline covers the whole reply: a body that drips in never trips the client's own timeout.

        Raises:
            CallError: there was no completion.
        """
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.post("/chat/completions", cast_to=httpx2.Response, body=arguments)
            return read_completion(self._masked(response.text))
        except CallError:
            raise
        except (openai.OpenAIError, TimeoutError) as error:
            named = call_error(error, self._timeout)
            raise CallError(
                named.fault, self._masked(named.detail), named.retry_after, maybe_billed=named.maybe_billed
            ) from None

    def _masked(self, text: str) -> str:
        """Text without the API key."""
        secret = self._api_key.get_secret_value()
        return text.replace(secret, "***") if len(secret) >= SHORTEST_SECRET else text
