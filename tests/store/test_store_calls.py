"""The journal of model calls: durable at once, never removed, and what of it answers a question again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from store_cases import Maker

from pipeline.flow import ChunkOutcome, Extraction, OutcomeStatus, Reuse
from pipeline.store import RunPlan, Store
from tests.call_cases import add_all, call

GARBAGE = {"call_id": "k2", "attempt": 2, "status": "garbage", "reuse": Reuse.RUN, "error": "garbage: no JSON"}
BUSY = {"status": "rate_limited", "reuse": Reuse.NEVER, "reply": None, "error": "rate_limited: busy"}


def test_a_call_comes_back_as_it_was(store: Store) -> None:
    one = call(cost=Decimal("0.0123"), cached_tokens=64, reply="零\u0000下")
    journal = store.journal(store.start_run("llm"), "llm")
    asyncio.run(journal.add(one))
    past = journal.past("h", 1)
    assert (past.attempts, past.call) == (1, one)
    assert journal.past("h", 2).call is None
    assert journal.past("other", 1).attempts == 0


def test_calls_that_end_together_are_all_stored(store: Store) -> None:
    journal = store.journal(store.start_run("llm"), "llm")

    async def together() -> None:
        await asyncio.gather(*(journal.add(call(call_id=f"k{n}", prompt_hash=f"h{n}")) for n in range(50)))

    asyncio.run(together())
    assert store.query("SELECT count(*), count(DISTINCT call_id) FROM llm_calls").rows == ((50, 50),)


@pytest.mark.parametrize(
    ("reuse", "same_run", "later_run", "later_fresh_run", "replayed"),
    [
        (Reuse.ALWAYS, True, True, False, True),
        (Reuse.RUN, True, False, False, True),
        (Reuse.NEVER, False, False, False, True),
    ],
)
def test_which_calls_answer_again(
    store: Store, reuse: Reuse, *, same_run: bool, later_run: bool, later_fresh_run: bool, replayed: bool
) -> None:
    first = store.start_run("llm")
    asyncio.run(store.journal(first, "llm").add(call(reuse=reuse)))
    second = store.start_run("llm")
    found = [
        store.journal(first, "llm").past("h", 1).call,
        store.journal(second, "llm").past("h", 1).call,
        store.journal(second, "llm", fresh=True).past("h", 1).call,
        store.recorded().past("h", 1).call,
    ]
    assert [f is not None for f in found] == [same_run, later_run, later_fresh_run, replayed]


def test_a_fresh_run_uses_its_own_replies(store: Store) -> None:
    journal = store.journal(store.start_run("llm"), "llm", fresh=True)
    asyncio.run(journal.add(call()))
    assert journal.past("h", 1).call == call()


def test_a_replay_takes_the_last_completion_before_a_failure_that_followed(store: Store) -> None:
    journal = store.journal(store.start_run("llm"), "llm")
    asyncio.run(add_all(journal, [call(**BUSY), call(**GARBAGE), call(**BUSY | {"call_id": "k3", "attempt": 3})]))
    found = store.recorded().past("h", 1)
    assert (found.attempts, found.call and found.call.status) == (3, "garbage")


def test_a_condemned_reply_is_not_used_by_a_later_run(store: Store) -> None:
    run_id = store.start_run("llm")
    journal = store.journal(run_id, "llm")
    asyncio.run(journal.add(call()))
    asyncio.run(journal.condemn(call(), "garbage", "garbage: no JSON"))
    assert store.query("SELECT status, reuse, error, reply FROM llm_calls").rows == (
        ("garbage", "run", "garbage: no JSON", "{}"),
    )
    assert store.journal(store.start_run("llm"), "llm").past("h", 1).call is None


def test_costs_are_those_of_the_run_that_paid_and_outlive_readings(store: Store, make: Maker) -> None:
    document = make.document()
    calls = (
        call(call_id="k1", status="server_error", reuse=Reuse.NEVER, error="server_error: 503", completion_tokens=0),
        call(call_id="k2", attempt=2, cost=Decimal("0.25"), cached_tokens=60),
    )
    outcomes = (ChunkOutcome("c1", OutcomeStatus.EMPTY, 0),)
    reading = make.reading(document, extraction=Extraction("llm", (), (), outcomes, calls))
    first = store.start_run(RunPlan("llm", "m"))
    asyncio.run(add_all(store.journal(first, "llm"), calls))
    store.put(first, reading)
    second = store.start_run(RunPlan("llm", "m"))
    store.put(second, reading)
    columns = (
        "run_id, documents, calls, calls_failed, prompt_tokens, cached_tokens, completion_tokens, cost, call_seconds"
    )
    assert store.query(f"SELECT {columns} FROM v_run_costs ORDER BY started_at").rows == (  # noqa: S608
        (first, 1, 2, 1, 200, 60, 40, Decimal("0.25"), Decimal(3)),
        (second, 1, 0, 0, 0, 0, 0, None, Decimal(0)),
    )
    used = store.query("SELECT chunk_id, position, call_id FROM chunk_calls ORDER BY position").rows
    assert used == (("c1", 0, "k1"), ("c1", 1, "k2"))


def test_a_call_is_durable_when_add_returns(existing: Path) -> None:
    code = (
        "import asyncio, os, signal, sys\n"
        "from pipeline.store import Store\n"
        "from tests.call_cases import call\n"
        "store = Store.open(sys.argv[1])\n"
        "asyncio.run(store.journal(store.start_run('llm'), 'llm').add(call()))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code, str(existing)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL
    with Store.open(existing) as store:
        assert store.recorded().past("h", 1).call == call()


def test_a_killed_making_of_a_file_leaves_none_and_the_next_makes_it(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    (tmp_path / ".a.duckdb.new").write_bytes(b"half")
    (tmp_path / ".a.duckdb.new.wal").write_bytes(b"half")
    Store.open(path).close()
    assert [p.name for p in tmp_path.iterdir()] == ["a.duckdb"]


class TestGoingOn:
    PLAN = RunPlan("llm", "m", ["reports"], {"mode": "json"})

    def test_a_killed_run_goes_on_when_the_same_is_asked(self, existing: Path) -> None:
        with Store.open(existing) as store:
            run_id = store.start_run(self.PLAN)
        with Store.open(existing) as store:
            assert store.go_on(self.PLAN) == run_id
            assert store.query("SELECT status, continued FROM runs").rows == (("running", 1),)

    @pytest.mark.parametrize(
        "other",
        [
            RunPlan("offline", "m", ["reports"], {"mode": "json"}),
            RunPlan("llm", "n", ["reports"], {"mode": "json"}),
            RunPlan("llm", "m", ["other"], {"mode": "json"}),
            RunPlan("llm", "m", ["reports"], {"mode": "tools"}),
        ],
    )
    def test_it_does_not_where_anything_else_is_asked(self, store: Store, other: RunPlan) -> None:
        store.start_run(self.PLAN)
        assert store.go_on(other) is None

    def test_it_does_not_where_the_run_ended_or_another_came_after_it(self, store: Store) -> None:
        assert store.go_on(self.PLAN) is None
        store.finish_run(store.start_run(self.PLAN))
        assert store.go_on(self.PLAN) is None
        store.start_run(self.PLAN)
        store.finish_run(store.start_run("offline"))
        assert store.go_on(self.PLAN) is None

    def test_what_a_run_stored_is_known_with_its_failed_chunks(self, store: Store, make: Maker) -> None:
        document = make.document()
        outcomes = (ChunkOutcome("c1", OutcomeStatus.FAILED, 0, "timeout: late"),)
        run_id = store.start_run(self.PLAN)
        store.put(run_id, make.reading(document, extraction=Extraction("llm", (), (), outcomes)))
        [(document_id, stored)] = store.stored_in(run_id).items()
        assert (document_id, stored.path) == (document.document_id, document.path)
        assert (stored.chunks, stored.failed, stored.reason) == (1, 1, "timeout: late")
