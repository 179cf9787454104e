"""Extraction (llm): questions answered by an endpoint's batch API, at its price and in its time; the answers go into the
journal, where the live way finds them."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from pipeline.extraction.llm.asking import BatchLog, Question, Tell
from pipeline.extraction.llm.budget import Budget
from pipeline.extraction.llm.calls import Tried, stored_call
from pipeline.extraction.llm.completion import Completion, read_completion
from pipeline.extraction.llm.faults import MAX_DETAIL, CallError, Fault, fault_of
from pipeline.extraction.llm.journal import Journal
from pipeline.extraction.llm.settings import LlmSettings
from pipeline.extraction.llm.transport import BatchState, Transport
from pipeline.flow import BatchQuestion, Call, OpenBatch
from pipeline.settings import SettingsError

MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000
"""What a request file may hold, by OpenAI's rules."""
TOGETHER = 500
"""Results that are stored in one transaction."""
_ID_LENGTH = 40

_T = TypeVar("_T")

Sleep = Callable[[float], Awaitable[None]]


class BatchError(SettingsError):
    """The endpoint takes no batches, or cannot be reached. What it took goes on, and is collected by a later run."""


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A file of requests, one JSON object a line, and the questions in it."""

    path: Path
    questions: tuple[BatchQuestion, ...]


def request_files(
    folder: Path, questions: Iterable[Question], requests: int = MOST_REQUESTS, size: int = MOST_BYTES
) -> Iterator[RequestFile]:
    """The questions written into files of at most so many requests and bytes each, one file after another.

    A question that exceeds the size by itself is left out: it is asked live.
    """
    path = _new_file(folder)
    held: list[BatchQuestion] = []
    filled = 0
    for question in questions:
        named = BatchQuestion(
            question.prompt_hash[:_ID_LENGTH],
            question.prompt_hash,
            question.document_id,
            question.chunk_id,
            question.purpose,
            question.request.tokens,
        )
        line = _line(named.custom_id, question.request.arguments)
        if len(line) > size:
            continue
        if held and (len(held) == requests or filled + len(line) > size):
            yield RequestFile(path, tuple(held))
            path, held, filled = _new_file(folder), [], 0
        with path.open("ab") as file:
            file.write(line)
        held.append(named)
        filled += len(line)
    if held:
        yield RequestFile(path, tuple(held))


def _line(custom_id: str, arguments: dict[str, Any]) -> bytes:
    entry = {"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": arguments}
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def _new_file(folder: Path) -> Path:
    return folder / f"requests-{secrets.token_hex(4)}.jsonl"


class Batches:
    """Sends questions in batches and collects the answers; within one event loop.

    A batch is noted before it is sent, with a key that is sent with it: whenever the process is killed, the next one finds
    the batch, waits for it, and sends none of its questions again.
    """

    def __init__(
        self,
        settings: LlmSettings,
        transport: Transport,
        journal: Journal,
        log: BatchLog,
        budget: Budget,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._journal = journal
        self._log = log
        self._live = budget
        self._budget = budget.for_batches()
        self._sleep = sleep

    async def run(self, questions: Iterable[Question], tell: Tell) -> None:
        """Has the questions answered whose answers are not stored; ends when each open batch has ended and its answers are
        stored. What has no answer then is asked live.

        Raises:
            BatchError: the endpoint takes no batches, or cannot be reached.
        """
        try:
            waiting = [found for batch in self._log.waiting() if (found := await self._found(batch))]
            with TemporaryDirectory(prefix="jixiao-") as folder:
                for file in request_files(Path(folder), self._to_ask(questions, waiting)):
                    waiting.append(await self._submitted(file, tell))
                    file.path.unlink()
            ended = await asyncio.gather(*(self._collect(b, tell) for b in waiting), return_exceptions=True)
        except CallError as error:
            raise _unable(error) from None
        for failure in ended:
            if isinstance(failure, CallError):
                raise _unable(failure)
            if failure is not None:
                raise failure

    def _to_ask(self, questions: Iterable[Question], waiting: Sequence[OpenBatch]) -> Iterator[Question]:
        """The questions that no stored answer and no open batch answers, each once, as far as the budget covers them."""
        seen = {question.prompt_hash for batch in waiting for question in batch.questions}
        reserved = sum((self._budget.highest(q.tokens) for b in waiting for q in b.questions), Decimal())
        for question in questions:
            if question.prompt_hash in seen or self._journal.past(*question.key).call:
                continue
            seen.add(question.prompt_hash)
            reserved += self._budget.highest(question.request.tokens)
            if not self._live.covers(reserved):
                return
            yield question

    async def _found(self, batch: OpenBatch) -> OpenBatch | None:
        """A batch of an earlier process with its id; None where the endpoint never got it."""
        if batch.batch_id is not None:
            return batch
        batch_id = await self._patiently(lambda: self._transport.find_batch(batch.key))
        if batch_id is None:
            self._log.ended(batch.key, "never_sent")
            return None
        self._log.submitted(batch.key, batch_id)
        return OpenBatch(batch.key, batch_id, batch.questions)

    async def _submitted(self, file: RequestFile, tell: Tell) -> OpenBatch:
        """A file of requests uploaded and submitted. The batch is submitted once: whether a lost answer meant that the
        endpoint has it, its list says."""
        key = secrets.token_hex(12)
        file_id = await self._patiently(lambda: self._transport.upload(file.path))
        self._log.begin(key, file.questions)

        async def once() -> str:
            return await self._transport.find_batch(key) or await self._transport.submit(file_id, key)

        try:
            batch_id = await self._patiently(once)
        except CallError as error:
            if not error.fault.transient:
                self._log.ended(key, "refused")
            raise
        self._log.submitted(key, batch_id)
        tell(f"batch {batch_id}: {len(file.questions)} requests sent; they may take up to 24 hours")
        return OpenBatch(key, batch_id, file.questions)

    async def _collect(self, batch: OpenBatch, tell: Tell) -> None:
        """Waits for the end of a batch and stores its answers."""
        assert batch.batch_id is not None
        state = await self._end_of(batch.batch_id, len(batch.questions), tell)
        by_id = {question.custom_id: question for question in batch.questions}
        came: Counter[str] = Counter()
        for file_id in state.files:
            came += await self._patiently(lambda file_id=file_id: self._store(file_id, by_id))  # type: ignore[misc]
        self._log.ended(batch.key, state.status)
        missing = len(batch.questions) - sum(
            self._journal.past(question.prompt_hash, question.asking).call is not None for question in batch.questions
        )
        rest = f"; {missing} without an answer are asked one by one" if missing else ""
        strange = f"; {came['strange']} results belong to no question" if came["strange"] else ""
        why = f" ({state.errors})" if state.errors else ""
        tell(f"batch {batch.batch_id} {state.status}{why}: {came['stored']} results{strange}{rest}")

    async def _end_of(self, batch_id: str, requests: int, tell: Tell) -> BatchState:
        """How a batch ended."""
        told = None
        while True:
            state = await self._patiently(lambda: self._transport.batch(batch_id))
            if state.ended:
                return state
            if (state.status, state.done) != told:
                tell(f"batch {batch_id} {state.status}: {state.done} of {requests} done")
                told = state.status, state.done
            await self._sleep(self._settings.batch_poll)

    async def _store(self, file_id: str, by_id: dict[str, BatchQuestion]) -> Counter[str]:
        """Stores the results of a file; what is stored already is not stored again, so that a file can be read twice."""
        counted: Counter[str] = Counter()
        calls: list[Call] = []
        async for result in self._results(file_id):
            question = by_id.get(str(result.get("custom_id")))
            if question is None:
                counted["strange"] += 1
                continue
            past = self._journal.past(question.prompt_hash, question.asking)
            if past.call is not None or any(call.prompt_hash == question.prompt_hash for call in calls):
                continue
            counted["stored"] += 1
            bill, said = self._budget.bill(), _said(result)
            self._budget.charge(bill, question.tokens, said)
            tried = Tried(past.attempts + 1, said, bill, 0.0)
            calls.append(stored_call(self._settings.model, question, tried, self._budget.prices.currency))
            if len(calls) == TOGETHER:
                await asyncio.gather(*map(self._journal.add, calls))
                calls = []
        await asyncio.gather(*map(self._journal.add, calls))
        return counted

    async def _results(self, file_id: str) -> AsyncIterator[dict[str, Any]]:
        """The results in a file; a line that is none is an empty one."""
        async for line in self._transport.lines(file_id):
            if line.strip():
                try:
                    found = json.loads(line)
                except (ValueError, RecursionError):
                    found = {}
                yield found if isinstance(found, dict) else {}

    async def _patiently(self, call: Callable[[], Awaitable[_T]]) -> _T:
        """What a call gives, tried again while the endpoint is down, for as long as the settings wait for one."""
        waited, pause = 0.0, max(self._settings.wait, 0.1)
        while True:
            try:
                return await call()
            except CallError as error:
                if not error.fault.transient or waited >= self._settings.outage:
                    raise
                pause = min(error.retry_after or 2 * pause, self._settings.wait_cap)
                waited += pause
                await self._sleep(pause)


def _said(result: dict[str, Any]) -> Completion:
    """What a result holds: a completion, or the error instead of it."""
    given = result.get("response")
    response: dict[str, Any] = given if isinstance(given, dict) else {}
    status = response.get("status_code")
    if status == 200:
        try:
            return read_completion(json.dumps(response["body"], ensure_ascii=False))
        except (CallError, KeyError) as error:
            named = error if isinstance(error, CallError) else CallError(Fault.NO_COMPLETION, "the result has no body")
            return Completion(None, named)
    told = result.get("error") or response.get("body") or "the result holds neither a response nor an error"
    words = json.dumps(told, ensure_ascii=False)[:MAX_DETAIL]
    fault = fault_of(status, words) if isinstance(status, int) else Fault.SERVER_ERROR
    return Completion(None, CallError(fault, f"in a batch: {words}"))


def _unable(error: CallError) -> BatchError:
    """Why there are no batches, in one sentence."""
    if error.fault in {Fault.NOT_FOUND, Fault.BAD_REQUEST}:
        return BatchError(f"the endpoint takes no batches ({error}): run without --batch")
    return BatchError(
        f"the endpoint's batches cannot be reached ({error}); run again with --batch, what it has is collected then"
    )
