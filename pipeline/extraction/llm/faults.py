"""Extraction (llm): what can go wrong with a call, by name, and which of it is worth another attempt."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

import httpx2
import openai

MAX_DETAIL = 300
"""Characters of an endpoint's own words that a reason keeps."""


class Fault(StrEnum):
    """How a call failed. The names are stored as the status of a call and lead the reason of a failed chunk."""

    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    TRUNCATED_BODY = "truncated_body"
    NO_COMPLETION = "no_completion"
    QUOTA = "quota_exhausted"
    BAD_REQUEST = "bad_request"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONTEXT_TOO_LONG = "context_too_long"
    LENGTH = "length"
    REFUSAL = "refusal"
    EMPTY_REPLY = "empty_reply"
    GARBAGE = "garbage"
    ANOTHER_TEXT = "another_text"
    NOT_STORED = "not_stored"
    BREAKER_OPEN = "breaker_open"
    BUDGET_EXHAUSTED = "budget_exhausted"

    @property
    def transient(self) -> bool:
        """Whether the same request may succeed a moment later."""
        return self in _TRANSIENT

    @property
    def outage(self) -> bool:
        """Whether the endpoint, and not the chunk, is to blame; the breaker counts these."""
        return self in _TRANSIENT or self in _REFUSES_ALL

    @property
    def postponed(self) -> bool:
        """Whether the question was not asked at all, as the run has ended: the next run asks it."""
        return self in {Fault.BREAKER_OPEN, Fault.BUDGET_EXHAUSTED}

    @property
    def completed(self) -> bool:
        """Whether the model answered, and was paid for it, though its answer is no use."""
        return self in _COMPLETED

    @property
    def oversized(self) -> bool:
        """Whether a smaller chunk may succeed."""
        return self in {Fault.LENGTH, Fault.CONTEXT_TOO_LONG}


_TRANSIENT = frozenset(
    {
        Fault.RATE_LIMITED,
        Fault.SERVER_ERROR,
        Fault.TIMEOUT,
        Fault.CONNECTION,
        Fault.TRUNCATED_BODY,
        Fault.NO_COMPLETION,
    }
)
_COMPLETED = frozenset({Fault.LENGTH, Fault.REFUSAL, Fault.EMPTY_REPLY, Fault.GARBAGE, Fault.ANOTHER_TEXT})
_REFUSES_ALL = frozenset({Fault.QUOTA, Fault.UNAUTHORIZED, Fault.FORBIDDEN, Fault.NOT_FOUND})
_BY_STATUS = {401: Fault.UNAUTHORIZED, 403: Fault.FORBIDDEN, 404: Fault.NOT_FOUND, 408: Fault.TIMEOUT}
_TOO_LONG = re.compile(
    r"context[ _-]?(length|size|window)|maximum context|too many tokens|prompt is too long|input is too long"
    r"|range of input length|reduce the length",
    re.IGNORECASE,
)


class CallError(Exception):
    """A call that brought no usable reply. ``retry_after`` is what the endpoint asks to wait, in seconds;
    ``maybe_billed`` says that the endpoint may have answered, though no answer came."""

    def __init__(
        self, fault: Fault, detail: str, retry_after: float | None = None, *, maybe_billed: bool = False
    ) -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
        self.detail = detail
        self.retry_after = retry_after
        self.maybe_billed = maybe_billed

    def __reduce__(self) -> tuple[Any, ...]:
        """Whole again in another process."""
        return _made_again, (self.fault, self.detail, self.retry_after, self.maybe_billed)


def _made_again(fault: Fault, detail: str, retry_after: float | None, maybe_billed: bool) -> CallError:
    return CallError(fault, detail, retry_after, maybe_billed=maybe_billed)


def call_error(error: openai.OpenAIError | TimeoutError, timeout: float) -> CallError:
    """The named form of what the client raised, without its request, headers or body objects."""
    if isinstance(error, openai.APIStatusError):
        return _status_error(error)
    if isinstance(error, (openai.APITimeoutError, TimeoutError)):
        return CallError(Fault.TIMEOUT, f"no complete reply within {timeout:g} s", maybe_billed=True)
    cause = error.__cause__
    if isinstance(cause, httpx2.RemoteProtocolError) and "complete message body" in str(cause):
        return CallError(Fault.TRUNCATED_BODY, "the connection closed in the middle of the reply", maybe_billed=True)
    detail = type(cause).__name__ if cause is not None else str(error)
    reached = not isinstance(cause, (httpx2.ConnectError, httpx2.ConnectTimeout))
    return CallError(Fault.CONNECTION, f"the endpoint could not be reached or hung up ({detail})", maybe_billed=reached)


def _status_error(error: openai.APIStatusError) -> CallError:
    """The named form of a reply with a status of 400 and above."""
    status = error.status_code
    words = " ".join(_words(error.body).split())[:MAX_DETAIL]
    return CallError(
        _fault(status, str(error.code or ""), words), f"HTTP {status} {words}".strip(), _retry_after(error)
    )


def _fault(status: int, code: str, words: str) -> Fault:
    """The fault that a status, an error code and the endpoint's words stand for."""
    if status == 429:
        return Fault.QUOTA if code == "insufficient_quota" else Fault.RATE_LIMITED
    if status >= 500 or status in {409, 425}:
        return Fault.SERVER_ERROR
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status == 413 or code == "context_length_exceeded" or _TOO_LONG.search(words):
        return Fault.CONTEXT_TOO_LONG
    return Fault.BAD_REQUEST


def fault_of(status: int, words: str) -> Fault:
    """The fault that a status of 400 and above and the endpoint's words stand for."""
    return _fault(status, "insufficient_quota" if "insufficient_quota" in words else "", words)


def _words(body: Any) -> str:
    """The message of an error body, in any of the shapes that endpoints send."""
    if isinstance(body, dict):
        inner = body.get("error", body)
        message = inner.get("message", inner.get("detail", "")) if isinstance(inner, dict) else inner
        return str(message)
    return body if isinstance(body, str) else ""


def _retry_after(error: openai.APIStatusError) -> float | None:
    """Seconds that the endpoint asks to wait: ``retry-after-ms``, or ``Retry-After`` in seconds or as an HTTP date."""
    headers = error.response.headers
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        return max(0.0, float(headers["retry-after"]))
    except KeyError:
        return None
    except ValueError:
        return _seconds_until(headers["retry-after"]) if "retry-after" in headers else None


def _seconds_until(date: str) -> float | None:
    """Seconds from now to an HTTP date, None where it is none."""
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else None
