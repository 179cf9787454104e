"""Engines: a process of this machine that reads one file after the other, and the hold that the run has on it."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from pydantic import TypeAdapter

from pipeline.documents import DocumentReader
from pipeline.documents.read import FileBytes
from pipeline.engines.reading import Reads, read_file
from pipeline.work import Outcome

READS: TypeAdapter[Reads] = TypeAdapter(Reads)
OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)
"""Outcomes as JSON and back: what comes from a process that met bytes nobody checked is never unpickled."""


class WorkerDiedError(Exception):
    """A process ended while it read a file; the text says which and how."""


def serve(connection: Connection, reads: Reads) -> None:
    """The process: reads one file after the other until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted run ends this process itself
    reads.take_up()
    with contextlib.suppress(EOFError, OSError), DocumentReader(reads.limits) as reader:
        while True:
            run_id, _, path = connection.recv_bytes().decode().partition("\n")
            file = FileBytes(Path(path), connection.recv_bytes())
            connection.send_bytes(OUTCOME.dump_json(read_file(run_id, file, reader, reads.target)))


class Worker:
    """A run's hold on such a process, which starts with it; for one thread at a time."""

    def __init__(self, reads: Reads) -> None:
        self._connection, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this very Python and a module of ours
                [sys.executable, "-m", "pipeline.engines", str(theirs.fileno()), READS.dump_json(reads).decode()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def read(self, run_id: str, file: FileBytes) -> Outcome:
        """What came of a file.

        Raises:
            WorkerDiedError: the process ended before it answered.
        """
        try:
            self._connection.send_bytes(f"{run_id}\n{file.path}".encode())
            self._connection.send_bytes(file.data)
            return OUTCOME.validate_json(self._connection.recv_bytes())
        except (EOFError, OSError) as error:
            raise WorkerDiedError(f"process {self.pid} ended ({self._how()})") from error

    def close(self) -> None:
        """Ends the process; a thread that waits for it gets ``WorkerDiedError``."""
        self._process.kill()
        self._process.wait()

    def _how(self) -> str:
        try:
            code = self._process.wait(5)
        except subprocess.TimeoutExpired:
            return "its pipe broke"
        return f"killed by signal {-code}" if code < 0 else f"exit {code}"
