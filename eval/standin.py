"""A stand-in for an OpenAI-compatible endpoint: real HTTP on loopback, scripted replies and faults, a request log."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from eval.standin_batches import BatchDesk, BatchWays
from pipeline.extraction.llm.prompting import fenced_text

_GUIDE = re.compile(r"^## `(\w+)`", re.MULTILINE)
_SECOND = "</report_text>\nWhich figures does this report text print?\n"
_QUESTION = re.compile(r"^([0-9]+)\. (.+)$", re.MULTILINE)
_REJECTED = re.compile(r"<rejected_records>\n(.*)</rejected_records>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A request as it arrived. ``number`` counts from 1; ``authorized`` says whether a bearer token came with it."""

    number: int
    model: str
    messages: tuple[Mapping[str, Any], ...]
    response_format: Mapping[str, Any] | None
    tools: tuple[Mapping[str, Any], ...]
    parameters: Mapping[str, Any]
    authorized: bool

    @property
    def prompt(self) -> str:
        """All messages, one after another."""
        return "\n".join(str(message.get("content") or "") for message in self.messages)

    @property
    def text(self) -> str | None:
        """The report text between the fences, None where there is none."""
        return fenced_text(str(self.messages[-1].get("content") or "")) if self.messages else None

    @property
    def rejected(self) -> str | None:
        """The records that a repair request carries, None for any other request."""
        found = _REJECTED.search(self.prompt)
        return found.group(1) if found else None

    @property
    def questions(self) -> dict[int, str] | None:
        """The single figures that a second reading asks for, by number, None for any other request."""
        _, asked, questions = self.prompt.partition(_SECOND)
        return {int(no): words for no, words in _QUESTION.findall(questions)} if asked else None

    @property
    def record_types(self) -> tuple[str, ...]:
        """The record types whose guides the prompt holds."""
        return tuple(_GUIDE.findall(self.prompt))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server answers. The functions below make the usual ones.

    ``content`` and ``tool_arguments`` are the model's words; ``body`` replaces the whole HTTP body. ``delay`` is the
    time before anything is sent, ``drip`` the time between pieces of the body, in seconds. ``cut`` sends the headers
    and half of the body and hangs up; ``reset`` sends a TCP reset instead of an answer.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content: str | None = None
    tool_arguments: tuple[str, ...] = ()
    refusal: str | None = None
    finish_reason: str = "stop"
    body: str | None = None
    delay: float = 0.0
    drip: float = 0.0
    cut: bool = False
    reset: bool = False


def says(answer: Any, **changes: Any) -> Reply:
    """A reply whose content is a value as JSON."""
    return Reply(content=json.dumps(answer, ensure_ascii=False), **changes)


def calls_tool(*answers: Any) -> Reply:
    """A reply that calls the offered tool, once for each value."""
    return Reply(tool_arguments=tuple(json.dumps(a, ensure_ascii=False) for a in answers), finish_reason="tool_calls")


def fails(status: int, message: str = "scripted failure", code: str | None = None, **headers: str) -> Reply:
    """A reply with an error status; keyword arguments are headers, ``retry_after="2"`` is ``Retry-After: 2``."""
    body = json.dumps({"error": {"message": message, "type": "scripted", "code": code}})
    return Reply(status=status, body=body, headers={name.replace("_", "-").title(): v for name, v in headers.items()})


Script = Callable[[ChatRequest], Reply] | Iterable[Reply]
"""What decides the replies: a quick function of the request, or replies in order of arrival."""


class StandIn:
    """The server, in a thread of its own: ``with StandIn(script) as server: … server.base_url``.

    Tokens of the usage that it reports are the characters of all messages, and of the reply, divided by 1.5 and
    rounded up. A script that runs out of replies answers 500 and says so; a function that raises answers 500 too, and
    its error is raised again where the ``with`` block ends.
    """

    def __init__(self, script: Script, models: Iterable[str] = ("standin",), batches: BatchWays | None = None) -> None:
        self._answer = script if callable(script) else _in_order(script)
        self._models = tuple(models)
        self.desk = BatchDesk(self._answer_in_batch, batches or BatchWays())
        self._batched: list[ChatRequest] = []
        self._lock = threading.Lock()
        self._log: list[ChatRequest] = []
        self._running = 0
        self._peak = 0
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._port = 0
        self._error: Exception | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="standin", daemon=True)
        self._thread.start()
        if not self._ready.wait(timeout=10):
            raise RuntimeError("the stand-in server did not start within 10 s")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop and self._stop and self._thread:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(timeout=10)
        if self._error is not None and error is None:
            raise RuntimeError("the script of the stand-in server failed") from self._error

    @property
    def base_url(self) -> str:
        """The address to configure as an endpoint's."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def requests(self) -> tuple[ChatRequest, ...]:
        """Every chat request so far, in order of arrival."""
        with self._lock:
            return tuple(self._log)

    @property
    def batched(self) -> tuple[ChatRequest, ...]:
        """Every chat request that was answered in a batch."""
        with self._lock:
            return tuple(self._batched)

    @property
    def peak(self) -> int:
        """The most chat requests that were open at the same time."""
        with self._lock:
            return self._peak

    async def _serve(self) -> None:
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._list_models)
        self.desk.add_routes(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._port = listener.getsockname()[1]
        await web.SockSite(runner, listener).start()
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _list_models(self, _: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": m, "object": "model"} for m in self._models]})

    async def _chat(self, http: web.Request) -> web.StreamResponse:
        request = self._logged(
            await http.json(), authorized=http.headers.get("Authorization", "").startswith("Bearer ")
        )
        try:
            reply = self._answer(request)
            await asyncio.sleep(reply.delay)
            return await _send(http, reply, reply.body if reply.body is not None else _completion(request, reply))
        except Exception as error:
            self._error = self._error or error
            raise
        finally:
            with self._lock:
                self._running -= 1

    async def _answer_in_batch(self, body: dict[str, Any]) -> tuple[int, Any]:
        """Status and body of the answer to a request in a batch."""
        request = _request(len(self._batched) + 1, body, authorized=True)
        with self._lock:
            self._batched.append(request)
        reply = self._answer(request)
        return reply.status, json.loads(reply.body if reply.body is not None else _completion(request, reply))

    def _logged(self, data: Mapping[str, Any], *, authorized: bool) -> ChatRequest:
        with self._lock:
            request = _request(len(self._log) + 1, data, authorized=authorized)
            self._log.append(request)
            self._running += 1
            self._peak = max(self._peak, self._running)
        return request


def _request(number: int, data: Mapping[str, Any], *, authorized: bool) -> ChatRequest:
    """The body of a chat request as it arrived."""
    known = {"model", "messages", "response_format", "tools"}
    return ChatRequest(
        number=number,
        model=data["model"],
        messages=tuple(data["messages"]),
        response_format=data.get("response_format"),
        tools=tuple(data.get("tools") or ()),
        parameters={name: value for name, value in data.items() if name not in known},
        authorized=authorized,
    )


def _in_order(replies: Iterable[Reply]) -> Callable[[ChatRequest], Reply]:
    """A script that hands out replies one after another."""
    remaining = iter(replies)
    return lambda _: next(remaining, fails(500, "the script has no more replies"))


def _completion(request: ChatRequest, reply: Reply) -> str:
    """The HTTP body of a chat completion."""
    message: dict[str, Any] = {"role": "assistant", "content": reply.content, "refusal": reply.refusal}
    if reply.tool_arguments:
        name = request.tools[0]["function"]["name"] if request.tools else "none"
        message["tool_calls"] = [
            {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for number, arguments in enumerate(reply.tool_arguments, start=1)
        ]
    prompt, said = _tokens(request.prompt), _tokens(reply.content or "".join(reply.tool_arguments))
    return json.dumps(
        {
            "id": f"chatcmpl-{request.number}",
            "object": "chat.completion",
            "created": 0,
            "model": request.model,
            "choices": [{"index": 0, "message": message, "finish_reason": reply.finish_reason, "logprobs": None}],
            "usage": {"prompt_tokens": prompt, "completion_tokens": said, "total_tokens": prompt + said},
        },
        ensure_ascii=False,
    )


def _tokens(text: str) -> int:
    """Characters divided by 1.5, rounded up."""
    return -(-2 * len(text) // 3)


async def _send(http: web.Request, reply: Reply, body: str) -> web.StreamResponse:
    """The answer over the wire, in the way that the reply says."""
    raw = body.encode()
    headers = {"Content-Type": "application/json", **reply.headers}
    if reply.reset:
        return _reset(http)
    if not reply.cut and not reply.drip:
        return web.Response(status=reply.status, body=raw, headers=headers)
    response = web.StreamResponse(status=reply.status, headers={**headers, "Content-Length": str(len(raw))})
    await response.prepare(http)
    if reply.cut:
        await response.write(raw[: len(raw) // 2])
        _hang_up(http)
        return response
    try:
        for place in range(0, len(raw), 16):
            await response.write(raw[place : place + 16])
            await asyncio.sleep(reply.drip)
    except ConnectionError:
        return response  # the client had enough of waiting
    return response


def _reset(http: web.Request) -> web.StreamResponse:
    """Closes the connection with a TCP reset."""
    if http.transport is not None:
        connection = http.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        http.transport.abort()
    return web.Response()


def _hang_up(http: web.Request) -> None:
    if http.transport is not None:
        http.transport.close()
