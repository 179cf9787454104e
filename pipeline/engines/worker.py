"""Engines: a process of this machine that reads one file after the other, and the hold that the run has on it."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from pydantic import TypeAdapter

from pipeline.documents.read import FileBytes
from pipeline.engines.reading import FileReader, Reads
from pipeline.work import Outcome

READS: TypeAdapter[Reads] = TypeAdapter(Reads)
OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)
OUTCOMES: TypeAdapter[list[Outcome]] = TypeAdapter(list[Outcome])
"""Outcomes as JSON and back: what comes from a process that met bytes nobody checked is never unpickled."""


class WorkerDiedError(Exception):
    """A process ended while it read a file; the text says which and how."""


def serve(connection: Connection, reads: Reads) -> None:
    """The process: reads one file after the other until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted run ends this process itself
    reads.take_up()
    with contextlib.suppress(EOFError, OSError), FileReader(reads) as reader:
        while True:
            run_id, *paths = json.loads(connection.recv_bytes())
            files = [FileBytes(Path(path), connection.recv_bytes()) for path in paths]
            for outcome in reader.read(run_id, files):
                connection.send_bytes(OUTCOME.dump_json(outcome))


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

    def read(self, run_id: str, files: Sequence[FileBytes]) -> list[Outcome]:
        """What came of files that are given to it at once.

        Raises:
            WorkerDiedError: the process ended before it answered.
        """
        try:
            self._connection.send_bytes(json.dumps([run_id, *(str(file.path) for file in files)]).encode())
            for file in files:
                self._connection.send_bytes(file.data)
            return [OUTCOME.validate_json(self._connection.recv_bytes()) for _ in files]
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
