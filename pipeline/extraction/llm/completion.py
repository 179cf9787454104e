"""Extraction (llm): from an HTTP body to the model's words, their price and how they ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from pipeline.extraction.llm.faults import MAX_DETAIL, CallError, Fault


class _Function(BaseModel):
    arguments: str | dict[str, Any] | None = None


class _ToolCall(BaseModel):
    function: _Function


class _Part(BaseModel):
    text: str | None = None


class _Said(BaseModel):
    content: str | list[_Part] | None = None
    refusal: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(BaseModel):
    message: _Said
    finish_reason: str | None = None


class _Details(BaseModel):
    cached_tokens: int | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: _Details | None = None


class _Body(BaseModel):
    choices: list[_Choice]
    usage: _Usage | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model said. ``text`` is None where it said nothing; ``error`` names why the text is not a usable reply.

    ``prompt_tokens`` include ``cached_tokens``, those that the endpoint had read before; they are 0 and ``metered`` is
    False where the endpoint did not count."""

    text: str | None
    error: CallError | None
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    metered: bool = False


def read_completion(body: str) -> Completion:
    """The completion in an HTTP body. Endpoints differ in what they leave out, so all but the choices may be missing.

    Raises:
        CallError: ``truncated_body`` for JSON that breaks off, ``no_completion`` for anything else than a completion.
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        if body.lstrip().startswith("{"):
            raise CallError(Fault.TRUNCATED_BODY, "the reply's JSON breaks off", maybe_billed=True) from None
        raise CallError(Fault.NO_COMPLETION, "the endpoint answered with something else; check base_url") from None
    try:
        parsed = _Body.model_validate(data)
    except ValidationError:
        raise CallError(Fault.NO_COMPLETION, f"the endpoint answered without a completion {_error_in(data)}") from None
    if not parsed.choices:
        raise CallError(Fault.NO_COMPLETION, "the endpoint answered without a choice")
    usage = parsed.usage or _Usage()
    text = _text(parsed.choices[0].message)
    return Completion(
        text,
        _ending(parsed.choices[0], text),
        usage.prompt_tokens or 0,
        (usage.prompt_tokens_details or _Details()).cached_tokens or 0,
        usage.completion_tokens or 0,
        metered=usage.prompt_tokens is not None and usage.completion_tokens is not None,
    )


def _error_in(data: Any) -> str:
    """The error that a body with status 200 may carry."""
    error = data.get("error") if isinstance(data, dict) else None
    return json.dumps(error, ensure_ascii=False)[:MAX_DETAIL] if error else "(check base_url)"


def _text(message: _Said) -> str | None:
    """The arguments of the tool calls, one after another, or else the content."""
    arguments = [call.function.arguments for call in message.tool_calls or ()]
    said = [a if isinstance(a, str) else json.dumps(a, ensure_ascii=False) for a in arguments if a is not None]
    if said:
        return "\n".join(said)
    if isinstance(message.content, list):
        return "".join(part.text or "" for part in message.content) or None
    return message.content


def _ending(choice: _Choice, text: str | None) -> CallError | None:
    """Why a completion is no usable reply, None where it is one."""
    if choice.finish_reason == "length":
        return CallError(Fault.LENGTH, "the reply was cut off at the limit of tokens")
    if choice.message.refusal:
        return CallError(Fault.REFUSAL, f"the model refused: {choice.message.refusal[:MAX_DETAIL]}")
    if choice.finish_reason == "content_filter":
        return CallError(Fault.REFUSAL, "the endpoint's content filter stopped the reply")
    if text is None or not text.strip():
        return CallError(Fault.EMPTY_REPLY, "the model said nothing")
    return None
