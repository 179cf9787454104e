"""Views that answer from what is kept for them, held against plain questions to the tables that it follows from."""

from __future__ import annotations

from pathlib import Path

from pipeline.store import Store
from pipeline.store.derived import PARTS
from pipeline.store.records import all_records

PLAIN = sorted((Path(__file__).parent / "plainly").glob("*.sql"))
"""The plain questions, each by the name of its view."""

RECORDS_HERE = "/* every record table */"


def out_of_date(store: Store) -> dict[str, int]:
    """How many rows of each derived table do not follow from the tables as they are now, or are missing; and of views that
    answer from what is kept for them, those that the plain questions give otherwise."""
    found = {}
    pairs = {part: (f"FROM derived.{part}", f"FROM derived.now_{part}") for part in PARTS}
    for script in PLAIN:
        pairs[script.stem] = (f"FROM {script.stem}", _plain(script))
    for part, (kept, now) in pairs.items():
        sql = f"SELECT count(*) FROM ((({kept}) EXCEPT ALL ({now})) UNION ALL (({now}) EXCEPT ALL ({kept})))"  # noqa: S608
        ((rows,),) = store.query(sql).rows
        if rows:
            found[part] = rows
    return found


def _plain(script: Path) -> str:
    return script.read_text(encoding="utf-8").replace(RECORDS_HERE, all_records())
