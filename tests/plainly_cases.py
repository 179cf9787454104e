"""Views that answer from what is kept for them, held against plain questions to the tables that it follows from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from pipeline.store import Store
from pipeline.store.derived import PARTS
from pipeline.store.records import all_records
from schemas.registry import RECORD_TYPES

PLAIN_FOLDER = Path(__file__).parent / "plainly"

PLAIN = sorted(PLAIN_FOLDER.glob("*.sql"))
"""The plain questions, each by the name of its view."""

RECORDS_HERE = "/* every record table */"


def out_of_date(store: Store) -> dict[str, int]:
    """How many rows of each derived table do not follow from the tables as they are now, or are missing; and of views that
    answer from what is kept for them, those that the plain questions give otherwise."""
    pairs = {part: (f"FROM derived.{part}", f"FROM derived.now_{part}") for part in PARTS}
    for script in PLAIN:
        pairs[script.stem] = (f"FROM {script.stem}", _plain(script))
    return _different(store, pairs)


def _plain(script: Path) -> str:
    return script.read_text(encoding="utf-8").replace(RECORDS_HERE, all_records())


def wrongly_marked(store: Store) -> dict[str, int]:
    """How many rows of current readings bear another mark than people's decisions leave on them, by table."""
    pairs, kept = {}, "SELECT record_id, extractor, stands, review"
    for table in RECORD_TYPES:
        if store.query(f"FROM {table} LIMIT 1").rows:
            now = _marks("records").replace("record_table", table)
            pairs[table] = (now, f"{kept} FROM {table} SEMI JOIN documents USING (reading)")
    of_records = " UNION ALL ".join(f"FROM {table} {kept}, '{table}' AS record_type" for table in pairs)
    figures = "FROM literals SEMI JOIN documents USING (reading) SELECT record_id, record_type, extractor"
    pairs["literals"] = (
        f"{figures}, stands, review",
        f"FROM ({figures}) AS l JOIN ({of_records}) AS r USING (record_id, record_type, extractor) "
        "SELECT record_id, record_type, extractor, r.stands, r.review",
    )
    for table in ("findings", "finding_literals"):
        rows = f"SELECT DISTINCT extractor, finding_id, stands FROM {table} SEMI JOIN documents USING (reading)"  # noqa: S608
        pairs[table] = (_marks("findings"), rows)
    return _different(store, pairs)


def _marks(name: str) -> str:
    return (PLAIN_FOLDER / "marks" / f"{name}.sql").read_text(encoding="utf-8")


def _different(store: Store, pairs: Mapping[str, tuple[str, str]]) -> dict[str, int]:
    """How many rows the two questions of a pair do not have in common, where there are any; planning them is what takes time."""
    found = {}
    for part, (kept, now) in pairs.items():
        one, other = (Counter(map(repr, store.query(sql).rows)) for sql in (kept, now))
        if one != other:
            found[part] = ((one - other) + (other - one)).total()
    return found
