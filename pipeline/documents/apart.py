"""Documents: files of formats with a program's complexity are read in a process of their own, which can be stopped.

The parsers of PDF and office files meet bytes that nobody has checked. In a process of its own such a parser may take no
more than its time and memory, and where it falls over, one file is named and the others are read.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import signal
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter

from pipeline.documents.canonical import Canonical
from pipeline.documents.errors import DocumentError
from pipeline.documents.formats import read_kind
from pipeline.documents.kinds import Kind
from pipeline.documents.limits import DEFAULT_LIMITS, Limits
from pipeline.documents.read import document_of
from pipeline.flow import Document

Answer = tuple[str, Canonical] | tuple[str, str]
"""What the process sends: the encoding and the text, or the reason and the remedy of an error."""

_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
_STARTING = 60.0
"""Seconds that the process may take to start."""
_OTHERWISE = "save it in another format and run again"


class DocumentReader:
    """Reads files; text here, the other formats in a process that is started with the first of them. A context manager,
    for one thread at a time."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends the process."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        if process is not None:
            process.kill()
            process.join()
            process.close()
        if connection is not None:
            connection.close()

    def read(self, path: Path) -> Document:
        """The file as a document.

        Raises:
            DocumentError: as ``read_document``; and where the format's reader takes too long, too much memory, or falls.
        """
        return document_of(path, self._limits, self._read)

    def _read(self, path: Path, kind: Kind, data: bytes, limits: Limits) -> tuple[str, Canonical]:
        if kind is Kind.TEXT:
            return read_kind(path, kind, data, limits)
        try:
            answer = self._ask(path, kind, data)
        except (EOFError, OSError) as error:
            code = self._exit_code()
            self.close()
            raise DocumentError(path, f"made its reader fall over (exit {code})", _OTHERWISE) from error
        except BaseException:
            self.close()
            raise
        first, second = answer
        if isinstance(second, str):
            raise DocumentError(path, first, second)
        return first, second

    def _ask(self, path: Path, kind: Kind, data: bytes) -> Answer:
        connection = self._started()
        connection.send_bytes(f"{kind}\n{path}".encode())
        connection.send_bytes(data)
        if not connection.poll(self._limits.seconds):
            raise DocumentError(
                path,
                f"takes longer to read than the limit of {self._limits.seconds:g} seconds",
                "split it, save it in another format, or raise max_read_seconds",
            )
        return _ANSWER.validate_json(connection.recv_bytes())

    def _started(self) -> Connection:
        if self._connection is None:
            context = multiprocessing.get_context("spawn")
            self._connection, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self._limits), daemon=True)
            self._process.start()
            theirs.close()
            if not self._connection.poll(_STARTING):
                raise EOFError
            self._connection.recv_bytes()
        return self._connection

    def _exit_code(self) -> int | None:
        if self._process is None:
            return None
        self._process.join(1)
        return self._process.exitcode


def _serve(connection: Connection, limits: Limits) -> None:
    """The process: reads one file after the other until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted run ends this process itself
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = limits.memory if hard == resource.RLIM_INFINITY else min(limits.memory, hard)
    resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
    connection.send_bytes(b"ready")
    with contextlib.suppress(EOFError, OSError):
        while True:
            kind, _, path = connection.recv_bytes().decode().partition("\n")
            connection.send_bytes(_ANSWER.dump_json(_answer(Path(path), Kind(kind), connection.recv_bytes(), limits)))


def _answer(path: Path, kind: Kind, data: bytes, limits: Limits) -> Answer:
    try:
        return read_kind(path, kind, data, limits)
    except DocumentError as error:
        return error.reason, error.remedy
    except MemoryError:
        return (
            f"needs more memory to read than the limit of {limits.memory:,} bytes",
            "split it, save it in another format, or raise max_read_memory",
        )
    except Exception as error:  # noqa: BLE001 - whatever a parser does with bytes that nobody checked
        reason = (str(error).splitlines() or [""])[0][:120]
        return f"is broken in a way that its reader does not know ({type(error).__name__}: {reason})", _OTHERWISE
