"""Documents: files of formats with a program's complexity are read in a process of their own, which can be stopped.

The parsers of PDF and office files meet bytes that nobody has checked. In a process of its own such a parser may take no
more than its time and memory, and where it falls over, one file is named and the others are read.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from dataclasses import asdict
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.documents.canonical import Canonical
from pipeline.documents.errors import DocumentError
from pipeline.documents.formats import read_kind
from pipeline.documents.kinds import Kind
from pipeline.documents.limits import DEFAULT_LIMITS, Limits
from pipeline.documents.read import FileBytes, document_of, load
from pipeline.documents.serving import ANSWER, TICK, Answer
from pipeline.flow import Document

_STARTING = 300.0
"""Seconds that the process may take to start."""
_OTHERWISE = "save it in another format and run again"


class DocumentReader:
    """Reads files; text here, the other formats in a process that is started with the first of them. A context manager,
    for one thread at a time."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
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
            process.wait()
        if connection is not None:
            connection.close()

    def read(self, path: Path) -> Document:
        """The file as a document.

        Raises:
            DocumentError: as ``read_document``; and where the format's reader takes too long, too much memory, or falls.
        """
        return self.parse(self.load(path))

    def load(self, path: Path) -> FileBytes:
        """The file's bytes.

        Raises:
            DocumentError: the file cannot be opened or is too large.
        """
        return load(path, self._limits)

    def parse(self, file: FileBytes) -> Document:
        """The document that a file's bytes are.

        Raises:
            DocumentError: as ``read``.
        """
        return document_of(file, self._limits, self._read)

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
        while connection.poll(self._limits.seconds):
            if (sent := connection.recv_bytes()) != TICK:
                return ANSWER.validate_json(sent)
        raise DocumentError(
            path,
            f"takes longer to read than the limit of {self._limits.seconds:g} seconds",
            "split it, save it in another format, or raise max_read_seconds",
        )

    def _started(self) -> Connection:
        if self._connection is None:
            self._connection, theirs = Pipe()
            limits = json.dumps(asdict(self._limits))
            with theirs:
                self._process = subprocess.Popen(  # noqa: S603 - this very Python and a module of ours
                    [sys.executable, "-m", "pipeline.documents", str(theirs.fileno()), limits],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
            if not self._connection.poll(_STARTING):
                raise EOFError
            self._connection.recv_bytes()
        return self._connection

    def _exit_code(self) -> int | None:
        if self._process is None:
            return None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        return self._process.returncode
