"""Eval (local model): a server for the length of a measurement; it is stopped however the measurement ends."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER = Path(__file__).with_name("server.py")
DEADLINE = 180.0
"""Seconds that the server has to load its model."""
STOPPING = 10.0
"""Seconds that it has to end by itself."""


class ServingError(Exception):
    """A server that does not come up: says why and where its log is."""


@contextmanager
def served(python: Path, model: Path, threads: int, log: Path) -> Iterator[str]:
    """The base URL of a server on this machine that serves the model file while the context lasts.

    Raises:
        ServingError: it ended or was not ready in time.
    """
    port = _free_port()
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - our own script
            [str(python), str(SERVER), str(model), str(port), str(threads)],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _await_health(server, f"http://127.0.0.1:{port}/health", log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            _stop(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await_health(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Returns when the server answers that it is ready.

    Raises:
        ServingError: it ended or the deadline passed.
    """
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise ServingError(f"the server ended with status {server.returncode} before it was ready; see {log}")
        try:
            with direct.open(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise ServingError(f"the server was not ready after {DEADLINE:.0f} seconds; see {log}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Closes the server's input, which ends it, and ends it by force where that is not enough."""
    if server.stdin:
        server.stdin.close()
    try:
        server.wait(STOPPING)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
