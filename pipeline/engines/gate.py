"""Engines: the one gate through which readers on a cluster ask a model: their questions go through one actor to the run's own
process, which alone knows the key, keeps pace and budget, writes the journal and calls the endpoint."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, replace
from typing import Any

from pipeline.extraction.llm import Answer, Asker, BatchLog, CallError, Question, Tell

AT_ONCE = 16
"""Questions of one document that wait at the gate at once."""
CLOSING = 5.0
"""Seconds that closing the gate may take."""


@dataclass(frozen=True, slots=True)
class Condemned:
    """A reply that a reader could not use, and why."""

    answer: Answer
    error: CallError


@dataclass(frozen=True, slots=True)
class Said:
    """What the run's process says to a question: the answer, or what went wrong there; and why nothing more is sent in this
    run, None while calls are made."""

    answer: Answer | None
    stopped: str | None
    wrong: str | None = None


class NotAnsweredError(Exception):
    """The run's own process failed over a question; the text says how."""


class Gate:
    """The actor: holds what readers ask until the run's process fetches it, and what it says until they have it.

    It may be lost at any time: what is not answered is asked again, and the journal knows what was answered.
    """

    def __init__(self) -> None:
        self._asked: asyncio.Queue[tuple[str, Question | Condemned] | None] = asyncio.Queue()
        self._waiting: dict[str, asyncio.Future[Said]] = {}

    async def ask(self, number: str, what: Question | Condemned) -> Said:
        """What the run's process says. ``number`` is the asker's own, of which there is no second one."""
        waiting = self._waiting.setdefault(number, asyncio.get_running_loop().create_future())
        self._asked.put_nowait((number, what))
        return await waiting

    async def asked(self) -> list[tuple[str, Question | Condemned] | None]:
        """What was asked and not fetched yet; waits until there is something. None stands for the end."""
        found = [await self._asked.get()]
        while not self._asked.empty():
            found.append(self._asked.get_nowait())
        return found

    async def say(self, number: str, said: Said) -> None:
        """Hands over what is said to a question; nobody may be waiting for it any more."""
        waiting = self._waiting.pop(number, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(said)

    async def close(self) -> None:
        """Lets the run's process go."""
        self._asked.put_nowait(None)


class GateAsker:
    """A reader's end: asks through the actor."""

    def __init__(self, gate: Any) -> None:
        self._gate = gate
        self._places = asyncio.Semaphore(AT_ONCE)
        self.stopped: str | None = None

    async def ask(self, question: Question) -> Answer:
        """The answer, from the journal or the endpoint.

        Raises:
            NotAnsweredError: the run's own process failed over it.
        """
        answer = (await self._say(question)).answer
        assert answer is not None
        return answer

    async def condemn(self, answer: Answer, error: CallError) -> None:
        """Notes that an answer's reply proved to be no use."""
        await self._say(Condemned(replace(answer, reply=None, calls=answer.calls[-1:]), error))

    async def ask_in_batches(self, questions: Iterable[Question], log: BatchLog, tell: Tell) -> None:
        """Batches are asked by the run's own process, before files are given out."""

    async def aclose(self) -> None:
        """The gate stays open for others."""

    async def _say(self, what: Question | Condemned) -> Said:
        async with self._places:
            said: Said = await self._gate.ask.remote(secrets.token_hex(12), what)
        self.stopped = said.stopped
        if said.wrong is not None:
            raise NotAnsweredError(said.wrong)
        return said


class Desk:
    """The run's end: answers what waits at the gate, with the asker that holds for the whole run."""

    def __init__(self, gate: Any, asker: Asker) -> None:
        self._gate = gate
        self._asker = asker
        self._answering: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Answers until the gate is closed."""
        while True:
            for asked in await self._gate.asked.remote():
                if asked is None:
                    return
                self._begin(self._answer(*asked))

    async def finish(self) -> None:
        """Ends what is being answered: what was sent is paid for and has to reach the journal."""
        await asyncio.gather(*self._answering)

    async def close(self, serving: asyncio.Task[None]) -> None:
        """Closes the gate, and gives up what is still being answered."""
        self._gate.close.remote()
        await asyncio.wait({serving}, timeout=CLOSING)
        left = {serving, *self._answering}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _begin(self, answering: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(answering)
        self._answering.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._answering.discard(task)
        if not task.cancelled():
            task.exception()  # the gate is gone for good, which ``serve`` tells

    async def _answer(self, number: str, what: Question | Condemned) -> None:
        try:
            said = await self._said(what)
        except Exception as error:  # noqa: BLE001 - the document that asked fails with it, the others go on
            said = Said(None, self._asker.stopped, f"{type(error).__name__}: {error}")
        await self._gate.say.remote(number, said)

    async def _said(self, what: Question | Condemned) -> Said:
        if isinstance(what, Condemned):
            await self._asker.condemn(what.answer, what.error)
            return Said(None, self._asker.stopped)
        return Said(await self._asker.ask(what), self._asker.stopped)
