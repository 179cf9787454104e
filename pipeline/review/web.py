"""Review: the web application. It answers one request after the other, so that decisions never overlap."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from urllib.parse import parse_qsl, quote, unquote, urlencode

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.review.desk import LONGEST_NAME, Desk, Refused
from pipeline.review.forms import entered
from pipeline.review.guard import HEADERS, Forbidden, Guard
from pipeline.review.pages import AROUND, MOST_AROUND, Language, Pages, Visit
from pipeline.review.queue import Item, Shown

MOST_BYTES = 256 * 1024
"""A form that is larger is refused."""

MOST_FIELDS = 200
NAME_COOKIE = "jixiao-reviewer"
YEAR = 365 * 24 * 3600

_NO_STORE = {"Cache-Control": "no-store"}
Handler = Callable[[Request], Awaitable[Response]]


class ReviewApp:
    """The pages and forms of one desk.

    Args:
        desk: what is decided on.
        guard: who may ask.
        language: language of the pages.
        reviewer: name of the reviewer until another one is given.
    """

    def __init__(self, desk: Desk, guard: Guard, language: Language, reviewer: str) -> None:
        self._desk = desk
        self._guard = guard
        self._reviewer = reviewer
        self._pages = Pages(desk, language)
        self._assets = {asset.name: asset for asset in self._pages.assets.values()}

    def asgi(self) -> ASGIApp:
        """The application as a server takes it."""
        routes = [
            Route("/", self._start, methods=["GET"]),
            Route("/item/{subject_id}", self._item, methods=["GET"]),
            Route("/item/{subject_id}/{verdict}", self._post(self._decide), methods=["POST"]),
            Route("/undo", self._post(self._undo), methods=["POST"]),
            Route("/reviewer", self._post(self._rename), methods=["POST"]),
            Route("/without-record", self._without_record, methods=["GET"]),
            Route("/static/{name}", self._static, methods=["GET"]),
        ]
        return _Guarded(Starlette(routes=routes), self._guard)

    async def _start(self, request: Request) -> Response:
        visit = self._visit(request)
        listed = self._desk.queue.listed(visit.shown, self._desk.decided)
        if not listed:
            return _page(self._pages.nothing_left(visit))
        return _see_other(_place(listed[0], visit))

    async def _item(self, request: Request) -> Response:
        try:
            item = self._desk.item(request.path_params["subject_id"])
        except Refused as error:
            return PlainTextResponse(str(error), 404)
        return _page(self._pages.item(item, self._visit(request)))

    async def _without_record(self, request: Request) -> Response:
        return _page(self._pages.without_record(self._visit(request)))

    async def _static(self, request: Request) -> Response:
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            return PlainTextResponse("There is no such file.", 404)
        headers = {"Cache-Control": f"private, max-age={YEAR}, immutable"}
        return Response(asset.content, media_type=asset.media_type, headers=headers)

    async def _decide(self, request: Request, form: Mapping[str, str]) -> Response:
        try:
            item = self._desk.item(request.path_params["subject_id"])
        except Refused as error:
            return PlainTextResponse(str(error), 404)
        verdict = request.path_params["verdict"]
        who, why, seen = self._name(request), form.get("reason", ""), _number(form.get("seen"))
        payload = entered(item.record_type, form) if verdict == "correct" else None
        try:
            match verdict:
                case "accept":
                    self._desk.accept(item, who, why, seen)
                case "reject":
                    self._desk.reject(item, who, why, seen)
                case "correct" if payload is not None:
                    self._desk.correct(item, who, why, seen, payload)
                case _:
                    return PlainTextResponse("There is no such decision.", 404)
        except Refused as error:
            visit = self._visit(request, refused=str(error), form=verdict, reason=why, entered=payload)
            return _page(self._pages.item(item, visit), 422, {"HX-Push-Url": "false"})
        return _see_other(self._next(item, self._visit(request)))

    async def _undo(self, request: Request, form: Mapping[str, str]) -> Response:
        try:
            item = self._desk.item(form.get("subject_id", ""))
        except Refused as error:
            return PlainTextResponse(str(error), 404)
        try:
            self._desk.undo(item, self._name(request), _number(form.get("seen")))
        except Refused as error:
            visit = self._visit(request, refused=str(error))
            return _page(self._pages.item(item, visit), 422, {"HX-Push-Url": "false"})
        return _see_other(_place(item, self._visit(request), done=item.subject_id))

    async def _rename(self, request: Request, form: Mapping[str, str]) -> Response:
        name = " ".join(form.get("reviewer", "").split())[:LONGEST_NAME]
        item = self._desk.queue.get(form.get("back", ""))
        response = _see_other(_place(item, self._visit(request)) if item else "/")
        if name and name.isprintable():
            response.set_cookie(NAME_COOKIE, quote(name), max_age=YEAR, httponly=True, samesite="strict")
        return response

    def _next(self, item: Item, visit: Visit) -> str:
        """The item to go to after a decision: the next one that is open, from the beginning after the last."""
        queue, decided = self._desk.queue, self._desk.decided
        _, after = queue.beside(item.subject_id, lambda i: i.subject_id not in decided)
        rest = after or next((i for i in queue.items if i.subject_id not in decided), None)
        if rest is None:
            return f"/?{urlencode({'done': item.subject_id})}"
        return _place(rest, visit, done=item.subject_id)

    def _post(self, handler: Callable[[Request, Mapping[str, str]], Awaitable[Response]]) -> Handler:
        """A handler that is given its form, once that is known to be of this page."""

        async def handle(request: Request) -> Response:
            form = await _form(request)
            if form is None:
                return PlainTextResponse(f"A form of more than {MOST_BYTES} bytes is refused.", 413)
            try:
                self._guard.check_form(form)
            except Forbidden as error:
                return PlainTextResponse(str(error), 403)
            return await handler(request, form)

        return handle

    def _visit(
        self,
        request: Request,
        *,
        refused: str | None = None,
        form: str | None = None,
        reason: str = "",
        entered: dict[str, object] | None = None,
    ) -> Visit:
        asked = request.query_params
        shown, around = Shown.OPEN, AROUND
        with suppress(ValueError):
            shown = Shown(asked.get("show", "open"))
        with suppress(ValueError):
            around = min(max(int(asked.get("around", AROUND)), 100), MOST_AROUND)
        return Visit(
            reviewer=self._name(request),
            csrf=self._guard.csrf,
            shown=shown,
            around=around,
            done=asked.get("done"),
            refused=refused,
            form=form,
            reason=reason,
            entered=entered,
        )

    def _name(self, request: Request) -> str:
        name = unquote(request.cookies.get(NAME_COOKIE, ""))[:LONGEST_NAME]
        return name if name and name.isprintable() else self._reviewer


class _Guarded:
    """The application behind its guard: nothing of it is reached without the token."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self._app = app
        self._guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def guarded_send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers") or [])  # type: ignore[call-overload]
                known = {name.lower() for name, _ in headers}
                added = HEADERS | ({} if b"cache-control" in known else _NO_STORE)
                headers += [(name.lower().encode(), value.encode()) for name, value in added.items()]
                message = {**message, "headers": headers}
            await send(message)

        request = Request(scope)
        await self._answer(request)(scope, receive, guarded_send)  # type: ignore[arg-type]

    def _answer(self, request: Request) -> ASGIApp:
        """The application, or the answer to a request that it does not see."""
        try:
            self._guard.check_address(request.method, request.headers)
        except Forbidden as error:
            return PlainTextResponse(str(error), 403)
        if request.method == "GET" and request.url.path == "/" and "token" in request.query_params:
            if not self._guard.admits(request.query_params["token"]):
                return PlainTextResponse("The token is not of this session.", 403)
            response = _see_other("/")
            response.set_cookie(self._guard.cookie, self._guard.token, httponly=True, samesite="strict")
            return response
        if not self._guard.knows(request.headers):
            return PlainTextResponse("Open the address that jixiao review printed: it holds the token.", 403)
        return self._app


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a form, None where it is too large."""
    body = b""
    with suppress(ClientDisconnect):
        async for piece in request.stream():
            body += piece
            if len(body) > MOST_BYTES:
                return None
    with suppress(ValueError):
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    return {}


def _place(item: Item, visit: Visit, done: str | None = None) -> str:
    asked = {"show": visit.shown.value} if visit.shown is not Shown.OPEN else {}
    if done is not None:
        asked["done"] = done
    return f"/item/{item.subject_id}" + (f"?{urlencode(asked)}" if asked else "")


def _page(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    return HTMLResponse(text, status, headers={**_NO_STORE, **(headers or {})})


def _see_other(place: str) -> RedirectResponse:
    return RedirectResponse(place, 303)


def _number(text: str | None) -> int:
    """The version that a form was made for, -1 where it names none: no record has that."""
    return int(text) if text is not None and text.isascii() and text.isdecimal() and len(text) < 9 else -1
