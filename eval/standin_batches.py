"""The stand-in endpoint's batch API: files in, results out in the way that a test asks for."""

from __future__ import annotations

import json
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Lines = list[str]


@dataclass(frozen=True, slots=True)
class BatchWays:
    """How batches go: how often they are looked at before they end, how they end, and what becomes of their results.

    ``results`` gets the lines of the results and gives those of the output file and of the error file; no file is made of
    no lines. ``refuses`` is a status that answers each submission; ``forgets`` loses the answers to so many of them.
    """

    looks: int = 1
    status: str = "completed"
    results: Callable[[Lines], tuple[Lines, Lines]] = lambda lines: (lines, [])
    refuses: int | None = None
    forgets: int = 0
    errors: tuple[str, ...] = ()


@dataclass(slots=True)
class _Batch:
    id: str
    input_file: str
    metadata: dict[str, str]
    looks: int = 0
    status: str = "in_progress"
    output: str | None = None
    errors: str | None = None


@dataclass(slots=True)
class BatchDesk:
    """The files and batches of a stand-in; ``answer`` gives status and body for the body of a chat request."""

    answer: Callable[[dict[str, Any]], Awaitable[tuple[int, Any]]]
    ways: BatchWays
    files: dict[str, bytes] = field(default_factory=dict)
    batches: list[_Batch] = field(default_factory=list)
    forgotten: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add_routes(self, app: web.Application) -> None:
        """The routes of files and batches."""
        app.router.add_post("/v1/files", self._upload)
        app.router.add_get("/v1/files/{id}/content", self._content)
        app.router.add_post("/v1/batches", self._create)
        app.router.add_get("/v1/batches", self._list)
        app.router.add_get("/v1/batches/{id}", self._retrieve)

    @property
    def uploaded(self) -> list[bytes]:
        """The request files, in order of arrival."""
        return [self.files[batch.input_file] for batch in self.batches]

    def _keep(self, content: bytes) -> str:
        name = f"file-{len(self.files) + 1}"
        self.files[name] = content
        return name

    async def _upload(self, http: web.Request) -> web.Response:
        form = await http.post()
        file = form["file"]
        assert isinstance(file, web.FileField) and form["purpose"] == "batch"
        name = self._keep(file.file.read())
        made = {"id": name, "object": "file", "bytes": 0, "created_at": 0, "filename": "f", "purpose": "batch"}
        return web.json_response({**made, "status": "processed"})

    async def _content(self, http: web.Request) -> web.Response:
        return web.Response(body=self.files[http.match_info["id"]])

    async def _create(self, http: web.Request) -> web.Response:
        given = await http.json()
        if self.ways.refuses is not None:
            return web.json_response({"error": {"message": "no batches here"}}, status=self.ways.refuses)
        made = _Batch(f"batch-{len(self.batches) + 1}", given["input_file_id"], given.get("metadata") or {})
        with self.lock:
            self.batches.append(made)
        if self.forgotten < self.ways.forgets:
            self.forgotten += 1
            return web.json_response({"error": {"message": "lost"}}, status=500)
        return web.json_response(self._shown(made))

    async def _list(self, _: web.Request) -> web.Response:
        shown = [self._shown(batch) for batch in reversed(self.batches)]
        return web.json_response({"object": "list", "data": shown, "has_more": False})

    async def _retrieve(self, http: web.Request) -> web.Response:
        batch = next(b for b in self.batches if b.id == http.match_info["id"])
        batch.looks += 1
        if batch.looks > self.ways.looks and batch.status == "in_progress":
            await self._end(batch)
        return web.json_response(self._shown(batch))

    async def _end(self, batch: _Batch) -> None:
        lines = []
        for line in self.files[batch.input_file].decode().splitlines():
            asked = json.loads(line)
            status, body = await self.answer(asked["body"])
            response = {"status_code": status, "request_id": "r", "body": body}
            lines.append(json.dumps({"id": "x", "custom_id": asked["custom_id"], "response": response, "error": None}))
        output, errors = self.ways.results(lines)
        batch.output = self._keep("\n".join(output).encode()) if output else None
        batch.errors = self._keep("\n".join(errors).encode()) if errors else None
        batch.status = self.ways.status

    def _shown(self, batch: _Batch) -> dict[str, Any]:
        asked = len(self.files[batch.input_file].splitlines())
        done = asked if batch.status != "in_progress" else 0
        return {
            "id": batch.id,
            "object": "batch",
            "endpoint": "/v1/chat/completions",
            "input_file_id": batch.input_file,
            "completion_window": "24h",
            "created_at": 0,
            "status": batch.status,
            "output_file_id": batch.output,
            "error_file_id": batch.errors,
            "metadata": batch.metadata,
            "request_counts": {"total": asked, "completed": done, "failed": 0},
            "errors": {"object": "list", "data": [{"code": "x", "message": e} for e in self.ways.errors]}
            if self.ways.errors
            else None,
        }
