"""What every test shares: no way out of the machine, and the real reports where they lie."""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# a machine under load is slow, not wrong; `make test` tries the same cases each time, so that it fails for a change alone,
# and `make test-random` looks for new ones
settings.register_profile("jixiao", deadline=None, derandomize=True, database=None)
settings.register_profile("random", deadline=None)
settings.load_profile("jixiao")

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


class EgressError(AssertionError):
    """A test tried to reach another machine."""


def _is_here(host: object) -> bool:
    """Whether a host is this machine."""
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets sockets connect to this machine only, and looks up no other machine's name."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guard(host: object) -> None:
        if not _is_here(host):
            raise EgressError(f"a test must not reach {host}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            guard(address[0])
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        if self.family != socket.AF_UNIX:
            guard(address[0])
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *rest: Any, **more: Any) -> Any:
        guard(host)
        return look_up(host, *rest, **more)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


@pytest.fixture(scope="session")
def samples() -> Path:
    """The reports written for this project."""
    return ROOT / "data" / "samples"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real reports and their gold, which is no part of the project."""
    if not (SHARED / "reports").is_dir():
        pytest.skip(f"the real reports are not here: {SHARED / 'reports'} is missing")
    return SHARED
