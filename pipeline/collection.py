"""Garbage collection, left out while a document is worked on, and seldom while several are: their data refer to nothing that
refers back to them."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collection() -> Iterator[None]:
    """No garbage collection inside: what a document is made of by the ten thousand would be walked again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


MANY = 200_000
"""Objects that several documents in hand are made of."""


@contextmanager
def seldom_collection() -> Iterator[None]:
    """Garbage collection inside only once so many objects are new as documents that wait for a model's replies are made of, which
    would be walked after each step of each of them."""
    before = gc.get_threshold()
    gc.set_threshold(MANY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
