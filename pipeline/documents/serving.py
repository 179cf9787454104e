"""Documents: the process that reads formats other than text, one file after the other, within its time and memory.

For each file it receives a line of kind and path, and the bytes; it sends an answer as JSON.
"""

from __future__ import annotations

import contextlib
import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from pydantic import TypeAdapter

from pipeline.documents.canonical import Canonical
from pipeline.documents.errors import DocumentError
from pipeline.documents.formats import read_kind
from pipeline.documents.kinds import Kind
from pipeline.documents.limits import Limits

Answer = tuple[str, Canonical] | tuple[str, str]
"""What the process sends: the encoding and the text, or the reason and the remedy of an error."""

TICK = b"still reading"
"""What the process sends before its answer after each page that it read off a picture, since such a page takes seconds."""

ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
"""Answers as JSON and back: what comes from a parser of unchecked bytes is never unpickled."""


def serve(connection: Connection, limits: Limits) -> None:
    """The process: reads one file after the other until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted run ends this process itself
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = limits.memory if hard == resource.RLIM_INFINITY else min(limits.memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
    with contextlib.suppress(EOFError, OSError):
        connection.send_bytes(b"ready")
        while True:
            kind, _, path = connection.recv_bytes().decode().partition("\n")
            data = connection.recv_bytes()
            answer = _answer(Path(path), Kind(kind), data, limits, lambda: connection.send_bytes(TICK))
            connection.send_bytes(ANSWER.dump_json(answer))


def _answer(path: Path, kind: Kind, data: bytes, limits: Limits, tick: Callable[[], None]) -> Answer:
    try:
        return read_kind(path, kind, data, limits, tick)
    except DocumentError as error:
        return error.reason, error.remedy
    except MemoryError:
        return (
            f"needs more memory to read than the limit of {limits.memory:,} bytes",
            "split it, save it in another format, or raise max_read_memory",
        )
    except Exception as error:  # noqa: BLE001 - whatever a parser does with bytes that nobody checked
        reason = (str(error).splitlines() or [""])[0][:120]
        return (
            f"is broken in a way that its reader does not know ({type(error).__name__}: {reason})",
            "save it in another format and run again",
        )
