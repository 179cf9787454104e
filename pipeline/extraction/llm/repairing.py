"""Extraction (llm): asks for failing records once more, with what is wrong with each and nothing else of the reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.extraction.llm.asking import Asker, Purpose, Question
from pipeline.extraction.llm.faults import CallError
from pipeline.extraction.llm.prompting import Rejected, render_repair
from pipeline.extraction.llm.reading import Bad, Read, read_repair
from pipeline.extraction.llm.requests import build_request, exact
from pipeline.extraction.llm.responses import in_prompt_order, repair_model
from pipeline.extraction.llm.settings import LlmSettings
from pipeline.flow import Call, Chunk, Document, Draft, Rejection
from schemas.fields import Record

INVALID = "invalid"
"""Code of rejections of records that do not fit their model."""
TAKEN_BACK = "; asked again, the model took it back"
MAX_REPAIR_RECORDS = 20
MAX_REPAIR_CHARS = 8000
"""How much of a failing reply one repair request carries; what exceeds it is rejected without another question."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A record that failed, and the raw reply that holds it."""

    bad: Bad
    raw: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """For each record that was asked for: a record that validates, None where the model took it back, or what is wrong
    with it still; the raw reply that holds them, and the calls. ``postponed`` is why nothing was asked, where the run ended
    before."""

    entries: tuple[Record | Bad | None, ...]
    raw: str
    calls: tuple[Call, ...]
    postponed: CallError | None = None


async def repair(
    asker: Asker, settings: LlmSettings, document: Document, chunk: Chunk, cases: Sequence[Failed]
) -> Repaired:
    """Asks once for the failing records; one that the reply leaves out stays as it is."""
    as_they_are = tuple(case.bad for case in cases)
    rejected = [Rejected(no, c.bad.record_type, c.bad.payload, c.bad.errors) for no, c in enumerate(cases, start=1)]
    types = in_prompt_order({case.bad.record_type for case in cases})
    model = repair_model(types, exact=exact(settings))
    request = build_request(settings, render_repair(document, chunk, rejected), model)
    answer = await asker.ask(Question(request, document.document_id, chunk.chunk_id, Purpose.REPAIR))
    if answer.reply is None:
        postponed = answer.error if answer.error and answer.error.fault.postponed else None
        return Repaired(as_they_are, "", answer.calls, postponed)
    try:
        entries = read_repair(answer.reply, types)
    except CallError as error:
        await asker.condemn(answer, error)
        return Repaired(as_they_are, "", answer.calls)
    found = tuple(entries.get((case.bad.record_type, no), case.bad) for no, case in enumerate(cases, start=1))
    return Repaired(found, answer.reply, answer.calls)


def within_bounds(cases: Sequence[Failed]) -> list[Failed]:
    """The first cases that one repair request may carry."""
    chosen: list[Failed] = []
    size = 0
    for case in cases[:MAX_REPAIR_RECORDS]:
        size += len(case.bad.payload)
        if size > MAX_REPAIR_CHARS:
            break
        chosen.append(case)
    return chosen


def draft_of(chunk: Chunk, read: Read, raw: str) -> Draft:
    """A record that was read in a chunk, as the model claims it."""
    return Draft(read.record_type, read.record, chunk.report_id, chunk.chunk_id, raw=raw)


def rejection_of(chunk: Chunk, case: Failed, ending: str = "") -> Rejection:
    """A record that does not validate, with one sentence on why."""
    reason = f"the model's record does not fit {case.bad.record_type}: {'; '.join(case.bad.errors)}{ending}"
    return Rejection(case.bad.record_type, chunk.report_id, chunk.chunk_id, INVALID, reason, case.bad.payload, case.raw)
