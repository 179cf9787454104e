"""The store's account of its inbox: what need not be read again, what is gone, what seems to be there twice."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.store.between import sql
from pipeline.store.runs import RunPlan
from pipeline.store.session import Session

_NO_MATTER = frozenset({"fresh", "lake"})
"""Settings that change what a run costs and where it writes, not what it reads."""


@dataclass(frozen=True, slots=True)
class Twins:
    """Two files that seem to be one report: they name the same department, year and kind of report."""

    path: str
    other: str
    department: str
    year: int


@dataclass(frozen=True, slots=True)
class StoredReading:
    """A reading that is stored: the file's path, its chunks, how many failed with the reason of the first, and what of the
    file could not be read."""

    path: Path
    chunks: int
    failed: int
    reason: str | None
    remarks: tuple[str, ...]


_STORED = """
    SELECT d.document_id, d.path, count(c.chunk_id), count(c.chunk_id) FILTER (c.status = 'failed'),
        arg_min(c.reason, c.position) FILTER (c.status = 'failed'),
        from_json(any_value(d.drawn)::JSON -> 'remarks', '["VARCHAR"]')
    FROM documents AS d LEFT JOIN chunks AS c USING (reading)
    WHERE d.run_id = ?
    GROUP BY d.document_id, d.path
"""


def stored_in(session: Session, run_id: str) -> dict[str, StoredReading]:
    """The readings that a run has stored and that are current, by document id."""
    return {
        document_id: StoredReading(Path(path), chunks, failed, reason, tuple(remarks))
        for document_id, path, chunks, failed, reason, remarks in session.execute(_STORED, [run_id])
    }


def unchanged(session: Session, asked: RunPlan) -> dict[str, frozenset[str]]:
    """The documents whose current reading is what a run would read again, with the paths that they lie at: read whole,
    by the same extractor and model, with the same settings and version of jixiao."""
    same = asked.columns
    settings = _that_matter(str(same["settings"]))
    rows = session.execute(sql("unchanged.sql"), [same["extractor"], same["model"]])
    return {
        document_id: frozenset((path, *aliases))
        for document_id, path, aliases, used in rows
        if _that_matter(used) == settings
    }


def gone(session: Session, inputs: Iterable[Path]) -> list[str]:
    """The stored paths at or below the inputs of a run that are there no more, of documents that lie nowhere else."""
    asked = [Path(i).resolve() for i in inputs]
    found = []
    for path, aliases in session.execute("SELECT path, aliases FROM documents ORDER BY path", []):
        places = [Path(p) for p in (path, *aliases)]
        if any(p.is_relative_to(i) for p in places for i in asked) and not any(p.exists() for p in places):
            found.append(str(path))
    return found


def twins(session: Session, run_id: str) -> list[Twins]:
    """The pairs of files, one of them read in a run, that seem to be one report."""
    return [Twins(*row) for row in session.execute(sql("twins.sql"), [run_id])]


def _that_matter(settings: str) -> dict[str, object]:
    return {name: value for name, value in json.loads(settings).items() if name not in _NO_MATTER}
