"""Extraction (llm): the only place that talks to the network: one request out, a completion or a named error back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import openai
from pydantic import SecretStr

from pipeline.extraction.llm.completion import Completion, read_completion
from pipeline.extraction.llm.faults import MAX_DETAIL, CallError, Fault, call_error
from pipeline.extraction.llm.settings import LlmSettings

SHORTEST_SECRET = 6
"""Keys shorter than this ("none", "1") are no secrets, and masking them would damage replies."""


_TALKATIVE = ("openai", "httpx2", "httpcore2")
"""Libraries whose logs hold requests and headers when someone turns them up."""


KEY_NAME = "jixiao"
"""What a batch's metadata has our key under."""


@dataclass(frozen=True, slots=True)
class BatchState:
    """How a batch stands: its status, how many requests have ended, the files of its results, and what went wrong."""

    status: str
    done: int
    files: tuple[str, ...]
    errors: str

    @property
    def ended(self) -> bool:
        """Whether nothing more comes."""
        return self.status in {"completed", "failed", "expired", "cancelled"}


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

    async def upload(self, path: Path) -> str:
        """Sends a file of requests; gives the id that the endpoint has it under.

        Raises:
            CallError: it could not be sent.
        """
        with self._named_errors():
            return str((await self._client.files.create(file=path, purpose="batch")).id)

    async def submit(self, file_id: str, key: str) -> str:
        """Has the requests of a file answered as a batch; gives its id. The key is a name of ours that it can be found by.

        Raises:
            CallError: the endpoint does not take it.
        """
        with self._named_errors():
            made = await self._client.batches.create(
                input_file_id=file_id,
                endpoint="/v1/chat/completions",
                completion_window="24h",
                metadata={KEY_NAME: key},
            )
            return str(made.id)

    async def batch(self, batch_id: str) -> BatchState:
        """How a batch stands.

        Raises:
            CallError: the endpoint does not say.
        """
        with self._named_errors():
            found = await self._client.batches.retrieve(batch_id)
        told = "; ".join(e.message or e.code or "" for e in (found.errors.data if found.errors else None) or ())
        done = found.request_counts.completed + found.request_counts.failed if found.request_counts else 0
        files = tuple(file for file in (found.output_file_id, found.error_file_id) if file)
        return BatchState(found.status, done, files, self._masked(told)[:MAX_DETAIL])

    async def find_batch(self, key: str) -> str | None:
        """The id of the batch that was submitted with a key of ours, None where there is none.

        Raises:
            CallError: the endpoint does not say.
        """
        with self._named_errors():
            async for batch in self._client.batches.list(limit=100):
                if (batch.metadata or {}).get(KEY_NAME) == key:
                    return str(batch.id)
        return None

    async def lines(self, file_id: str) -> AsyncIterator[str]:
        """The lines of a file that the endpoint holds.

        Raises:
            CallError: the file does not come, or breaks off.
        """
        with self._named_errors():
            async with self._client.files.with_streaming_response.content(file_id) as response:
                async for line in response.iter_lines():
                    yield self._masked(line)

    @contextmanager
    def _named_errors(self) -> Iterator[None]:
        """What the client raises, named and without the key."""
        try:
            yield
        except (openai.OpenAIError, httpx2.HTTPError, TimeoutError) as error:
            if isinstance(error, httpx2.HTTPError):
                raise CallError(Fault.CONNECTION, f"the connection broke ({type(error).__name__})") from None
            named = call_error(error, self._timeout)
            raise CallError(named.fault, self._masked(named.detail), named.retry_after) from None

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
