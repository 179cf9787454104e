"""Writing is all or nothing: a fault, an error of the database or a kill leaves what was there before."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from store_cases import Dump, Maker

from pipeline.flow import Unclaimed
from pipeline.store import Store, StoreError
from schemas.values import Span


@pytest.mark.parametrize(
    ("table", "error"),
    [
        ("documents", RuntimeError),
        ("literals", KeyboardInterrupt),
        ("projects", MemoryError),
        ("runs", SystemExit),
    ],
)
def test_a_fault_in_the_middle_leaves_the_previous_rows(
    store: Store, make: Maker, dump: Dump, *, table: str, error: type[BaseException]
) -> None:
    run_id = store.start_run("offline")
    store.put(run_id, make.sample())
    before = dump(store)
    run = store.query("FROM runs").rows
    execute = store._session.execute

    def failing(sql: str, parameters: Any = ()) -> Any:
        if sql.startswith((f"INSERT INTO {table} ", f"UPDATE {table} ")):
            raise error(table)
        return execute(sql, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store._session, "execute", failing)
        with pytest.raises(error):
            store.put(run_id, make.reading(make.document("换了内容\n")) if table == "documents" else make.sample())
    assert dump(store) == before
    assert store.query("FROM runs").rows == run
    store.put(run_id, make.sample())
    assert dump(store) == before


def test_an_error_of_the_database_is_named_with_the_document(store: Store, make: Maker, dump: Dump) -> None:
    document = make.document()
    run_id = store.start_run("offline")
    store.put(run_id, make.sample(document))
    before = dump(store)
    beyond = Unclaimed("row", Span(2**40, 2**40 + 1), "12.5", None)
    with pytest.raises(StoreError, match=r"Cannot store yuntai-2022 in .*test\.duckdb: .*\d+"):
        store.put(run_id, make.reading(document, unclaimed=(beyond,)))
    assert dump(store) == before


def test_a_killed_process_leaves_the_previous_rows(existing: Path, make: Maker, dump: Dump) -> None:
    with Store.open(existing) as store:
        store.put(store.start_run("offline"), make.sample())
        before = dump(store)
    code = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "from store_cases import Maker\n"
        "from pipeline.store import Store\n"
        "store = Store.open(sys.argv[1])\n"
        "insert = store._session.insert_columns\n"
        "def dying(table, pieces):\n"
        "    insert(table, pieces)\n"
        "    if table == 'projects': os.kill(os.getpid(), signal.SIGKILL)\n"
        "run_id = store.start_run('offline')\n"
        "store._session.insert_columns = dying\n"
        "store.put(run_id, Maker(Path(sys.argv[3])).sample())\n"
    )
    ended = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code, str(existing), str(Path(__file__).parent), str(make.folder)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL
    with Store.open(existing) as store:
        assert dump(store) == before
        assert store.query("SELECT status FROM runs ORDER BY started_at").rows == (("interrupted",), ("running",))
