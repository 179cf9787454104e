"""Extraction (llm): the request exactly as it goes to the endpoint, in the form that its mode wants, and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from instructor import Mode
from instructor.v2 import Provider, mode_registry

from pipeline.extraction.llm.prompting import Message
from pipeline.extraction.llm.responses import Reply
from pipeline.extraction.llm.settings import LlmSettings, ReplyMode
from pipeline.extraction.llm.tokens import count_message_tokens, count_tokens

_MODES = {
    ReplyMode.JSON_SCHEMA: Mode.JSON_SCHEMA,
    ReplyMode.STRICT: Mode.JSON_SCHEMA,
    ReplyMode.JSON: Mode.JSON,
    ReplyMode.TOOLS: Mode.TOOLS,
    ReplyMode.MD_JSON: Mode.MD_JSON,
}


@dataclass(frozen=True, slots=True)
class Request:
    """A chat completion request. ``prompt_hash`` is the SHA-256 of everything in it: messages, response schema,
    model and parameters; the endpoint's address and the key are not part of it. ``tokens`` is an estimate, the schema
    included."""

    arguments: dict[str, Any]
    prompt_hash: str
    tokens: int

    @property
    def messages(self) -> list[dict[str, Any]]:
        """The messages as sent, with what the mode adds to them."""
        messages: list[dict[str, Any]] = self.arguments["messages"]
        return messages


def exact(settings: LlmSettings) -> bool:
    """Whether replies are decoded exactly after the schema, so that every field must be listed in it."""
    return settings.mode is ReplyMode.STRICT


def build_request(settings: LlmSettings, messages: Sequence[Message], reply: type[Reply]) -> Request:
    """The request for messages and a reply model.

    instructor's handler of the mode decides where the schema goes (``response_format``, ``tools`` or the system
    message). Its own retry loop is not used: it logs replies and report text, and it would stack on ours.
    """
    arguments: dict[str, Any] = {"model": settings.model, "messages": list(messages)}
    if settings.temperature is not None:
        arguments["temperature"] = settings.temperature
    if settings.max_tokens is not None:
        arguments["max_tokens"] = settings.max_tokens
    prepared = _prepared(settings.mode, reply, arguments)
    canonical = json.dumps(prepared, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
    tokens = count_message_tokens(prepared["messages"]) + _tokens_beside(settings.mode, reply)
    return Request(prepared, digest, tokens)


def _prepared(mode: ReplyMode, reply: type[Reply], arguments: dict[str, Any]) -> dict[str, Any]:
    prepared: dict[str, Any] = mode_registry.get_handlers(Provider.OPENAI, _MODES[mode]).request_handler(
        reply, arguments
    )[1]
    if mode is ReplyMode.STRICT:
        prepared["response_format"]["json_schema"]["strict"] = True
    return prepared


@cache
def _tokens_beside(mode: ReplyMode, reply: type[Reply]) -> int:
    """The tokens of the schema that a mode sends beside the messages."""
    prepared = _prepared(mode, reply, {"messages": []})
    schema = [prepared[key] for key in ("response_format", "tools") if key in prepared]
    return count_tokens(json.dumps(schema, ensure_ascii=False, separators=(",", ":")))
