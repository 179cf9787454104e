"""Grounding: how it says no."""

from __future__ import annotations


class UngroundedError(Exception):
    """A claim that the text does not bear out: a code for counting and a sentence for reading."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
