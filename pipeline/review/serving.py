"""Review: the server, on one address of this machine, with one process that holds the database."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

import uvicorn

from pipeline.review.desk import Desk
from pipeline.review.guard import Guard
from pipeline.review.pages import Language
from pipeline.review.web import ReviewApp
from pipeline.store import StoreError

LOOPBACK = "127.0.0.1"


def serve(
    desk: Desk, host: str, port: int, *, language: Language, reviewer: str, opened: Callable[[str], None]
) -> None:
    """Serve a desk until it is interrupted; ``opened`` is told the address with its token once it can be asked for.

    Raises:
        StoreError: the address cannot be listened on.
    """
    with listening(host, port) as listener:
        server, address = server_of(desk, host, listener, language=language, reviewer=reviewer)
        opened(address)
        server.run(sockets=[listener])


def server_of(
    desk: Desk, host: str, listener: socket.socket, *, language: Language, reviewer: str
) -> tuple[uvicorn.Server, str]:
    """A server of a desk for a socket that listens, and the address of its page with the token."""
    port = listener.getsockname()[1]
    guard = Guard(names_of(host, port))
    config = uvicorn.Config(
        ReviewApp(desk, guard, language, reviewer).asgi(),
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
    )
    return uvicorn.Server(config), f"http://{_written(host)}:{port}/?token={guard.token}"


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens on one address.

    Raises:
        StoreError: the address is that of no one interface, or it cannot be listened on.
    """
    try:
        if ipaddress.ip_address(host).is_unspecified:
            raise StoreError(f"{host} means every address of this machine: name the one that reviewers ask for.")
    except ValueError:
        pass
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise StoreError(f"{host}:{port} cannot be listened on ({error.strerror or error}): choose another.") from error
    # asyncio does so only for sockets made with the protocol's number; else each answer waits 40 ms for an acknowledgement
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def names_of(host: str, port: int) -> frozenset[str]:
    """What a browser may call the page: the address itself and, on this machine, localhost."""
    names = {_written(host)} | ({"localhost", "127.0.0.1"} if is_loopback(host) else set())
    return frozenset(f"{name}:{port}" for name in names)


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host
