"""Documents: the errors that a file can end in."""

from __future__ import annotations

from pathlib import Path


class DocumentError(Exception):
    """A file that cannot be read: says what, where and what to do in one sentence."""

    def __init__(self, path: Path, reason: str, remedy: str) -> None:
        super().__init__(f"{path}: {reason}; {remedy}")
        self.path = path
        self.reason = reason
        self.remedy = remedy
