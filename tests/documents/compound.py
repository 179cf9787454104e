"""Compound files (the container of old office formats) that hold no more than a directory entry."""

from __future__ import annotations

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 632


def compound(stream: str) -> bytes:
    """A file whose directory names a stream."""
    name = stream.encode("utf-16-le")
    return COMPOUND + name.ljust(64, b"\0") + (len(name) + 2).to_bytes(2, "little") + b"\0" * 62
