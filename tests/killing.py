"""A real `jixiao run` against a stand-in server, killed again and again, and what is left in its database."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from eval.standin import ChatRequest, Reply, StandIn
from pipeline.store import Store

CONCURRENCY = 4

_ZYGOTE = """
import os, sys
from pipeline.cli import app, main
import pipeline.extraction.llm.endpoint, pipeline.job, openai.resources.chat
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1); os.dup2(log, 2)
        sys.argv = ["jixiao", *eval(line)]
        main()
        os._exit(0)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


class Zygote:
    """Starts `jixiao` processes without importing it anew each time: a process that forks one for each command."""

    def __init__(self, log: Path, environment: dict[str, str]) -> None:
        self.log = log
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", _ZYGOTE, str(log)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
            cwd=log.parent,
        )

    def run(self, arguments: list[str], kill_after: float | None = None) -> int:
        """Runs a command, killed after some seconds where it has not ended; its exit status, −9 where it was killed."""
        commands, answers = self._pipes
        commands.write(f"{arguments!r}\n")
        commands.flush()
        pid = int(answers.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return int(answers.readline())

    @property
    def _pipes(self) -> tuple[IO[str], IO[str]]:
        assert self._process.stdin and self._process.stdout
        return self._process.stdin, self._process.stdout

    def close(self) -> None:
        """Ends the process."""
        commands, answers = self._pipes
        commands.close()
        self._process.wait(timeout=30)
        answers.close()


@contextlib.contextmanager
def zygote(folder: Path, server: StandIn) -> Iterator[Zygote]:
    """A zygote whose commands ask a server."""
    settings = {
        "JIXIAO_MODEL": "standin",
        "JIXIAO_BASE_URL": server.base_url,
        "JIXIAO_CONCURRENCY": str(CONCURRENCY),
        "JIXIAO_CHUNK": "1200",
        "JIXIAO_BATCH_POLL": "0.1",
    }
    started = Zygote(folder / "log.txt", settings)
    try:
        yield started
    finally:
        started.close()


def prompt_hash(request: ChatRequest) -> str:
    """The hash that the client stores a request's reply under."""
    sent: dict[str, Any] = {"model": request.model, "messages": list(request.messages), **request.parameters}
    if request.response_format is not None:
        sent["response_format"] = request.response_format
    canonical = json.dumps(sent, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def slowly(script: Any, seed: int) -> Any:
    """A script whose replies take up to 60 ms."""
    chance = random.Random(seed)  # noqa: S311 - no secret

    def answer(request: ChatRequest) -> Reply:
        return replace(script(request), delay=chance.uniform(0, 0.06))

    return answer


def now_and_then_no_use(gold: Callable[[ChatRequest], Reply]) -> Callable[[ChatRequest], Reply]:
    """Gold, and something else than records to every third question, always the same ones."""

    def answer(request: ChatRequest) -> Reply:
        if zlib.crc32(request.prompt.encode()) % 3 == 0:
            return Reply(content="这份报告我看不懂。")
        return gold(request)

    return answer


def stored_replies(db: Path) -> set[str]:
    """The hashes of the requests whose replies a database holds."""
    if not db.exists():
        return set()
    with Store.open(db) as store:
        return {found for (found,) in store.query("SELECT prompt_hash FROM llm_calls WHERE reply IS NOT NULL").rows}


def finished(db: Path) -> bool:
    """Whether a run ended: a process may be killed after its work is done."""
    if not db.exists():
        return False
    with Store.open(db) as store:
        return bool(store.query("SELECT 1 FROM runs WHERE status <> 'running'").rows)


_VOLATILE = {"run_id", "reading", "read_at", "created_at", "started_at", "finished_at", "seconds", "continued"}


def content(db: Path) -> dict[str, list[Any]]:
    """Every row of every table, times and the runs' own ids aside."""
    with Store.open(db, read_only=True) as store:
        found = {}
        for table in (name for name, kind, _ in store.show().rows if kind == "table"):
            result = store.query(f"FROM {table}")
            kept = [i for i, c in enumerate(result.columns) if c not in _VOLATILE]
            found[table] = sorted(([row[i] for i in kept] for row in result.rows), key=repr)
        return found


def processes_of_ray(name: str) -> list[int]:
    """The processes of Ray that are at a task, or are an actor, of a name just now; Ray names them after it."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if line.startswith(f"ray::{name}".encode()):
                found.append(int(entry.name))
    return found


class Killed:
    """A run that is killed up to a number of times, at moments that follow from a seed, and then left to end."""

    def __init__(self, process: Zygote, server: StandIn, arguments: list[str], db: Path) -> None:
        self._process = process
        self._server = server
        self._arguments = arguments
        self._db = db
        self.kills = 0
        self.repeated: list[str] = []
        """Requests that were sent although their reply was stored."""

    def go(self, kills: int, longest: float, seed: int) -> None:
        """Kills the run and lets it end; the moments lie between 0 and ``longest`` seconds from its start."""
        chance = random.Random(seed)  # noqa: S311 - no secret
        for number in range(kills + 1):
            stored, before = stored_replies(self._db), len(self._server.requests)
            status = self._process.run(self._arguments, chance.uniform(0, longest) if number < kills else None)
            asked = Counter(prompt_hash(r) for r in self._server.requests[before:])
            self.repeated += [h for h in asked if h in stored or asked[h] > 1]
            self.kills += status == -signal.SIGKILL
            if status == 0 or finished(self._db):
                return
            assert status == -signal.SIGKILL, self._process.log.read_text(encoding="utf-8")
        raise AssertionError("the run did not end")
