"""The tests themselves cannot reach another machine."""

from __future__ import annotations

import socket

import pytest

ELSEWHERE = [("192.0.2.1", 443), ("example.com", 80), ("2001:db8::1", 443), ("10.0.0.7", 8000)]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_test_can_connect_to_another_machine(address: tuple[str, int]) -> None:
    with socket.socket() as client, pytest.raises(AssertionError, match="must not reach"):
        client.connect(address)
    with socket.socket() as client, pytest.raises(AssertionError, match="must not reach"):
        client.connect_ex(address)
    with pytest.raises(AssertionError, match="must not reach"):
        socket.getaddrinfo(*address)


def test_a_server_on_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()
