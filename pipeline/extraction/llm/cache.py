"""Extraction (llm): replies by the hash of what was asked, so that nothing is paid twice."""

from __future__ import annotations

from typing import Protocol


class ReplyCache(Protocol):
    """Raw replies by prompt hash. Implementations may live in memory or in the database."""

    def get(self, key: str) -> str | None:
        """The stored reply, None where there is none."""
        ...

    def put(self, key: str, reply: str) -> None:
        """Keeps a reply that was read whole."""
        ...


class MemoryCache:
    """A cache for one run."""

    def __init__(self) -> None:
        self._replies: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """The stored reply, None where there is none."""
        return self._replies.get(key)

    def put(self, key: str, reply: str) -> None:
        """Keeps a reply."""
        self._replies[key] = reply

    def __len__(self) -> int:
        return len(self._replies)
