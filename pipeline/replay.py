"""The replay: every record of a database built anew from the texts and replies that it holds, without a call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.account import RunReport
from pipeline.chunking import TARGET
from pipeline.extraction.choice import recorded
from pipeline.job import conclude, prepare
from pipeline.store import Store


async def replay(store: Store) -> list[RunReport]:
    """Reads each stored document again as the run of its current reading did, a new run for each such run.

    A document keeps its stored reading where replies are missing that the reading had: a replay makes nothing worse.

    Raises:
        SettingsError: the settings of a stored run cannot be used.
    """
    return [await _replay_run(store, run_id, ids) for run_id, ids in store.runs_of_documents().items()]


async def _replay_run(store: Store, run_id: str, document_ids: Sequence[str]) -> RunReport:
    """The documents that one run read, read again."""
    plan = store.plan(run_id)
    settings = {**(plan.settings or {}), "replay_of": run_id}
    before = store.stored_in(run_id)
    journal = store.recorded()
    async with recorded(plan.extractor, settings, journal) as extractor:
        report = RunReport(store.start_run(replace(plan, settings=settings)))
        for document_id in document_ids:
            document = store.document(document_id)
            journal.missing = 0
            prepared = prepare(document, settings.get("chunk", TARGET))
            extraction = await extractor.extract(document, prepared.layout, prepared.chunks)
            if journal.missing > before[document_id].failed:
                report.failures[str(document.path)] = (
                    f"{journal.missing} questions have no stored reply (the prompts or the layout changed since); "
                    "its stored reading is kept: jixiao run reads it anew"
                )
                continue
            store.put(report.run_id, conclude(prepared, extraction))
            report.documents += 1
    store.finish_run(report.run_id, failures=report.failures)
    return report
