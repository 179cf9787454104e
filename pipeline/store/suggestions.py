"""The store's suggestions: which project records seem to be one project, kept in a table of their own, replaced each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Any, NamedTuple

from pipeline.same_projects import NamedProject, Suggestion
from pipeline.store.between import Ask, sql
from pipeline.store.rows import Row

Key = tuple[str, str, str]
"""A record where it is stored: document_id, extractor, record_id."""


class DepartmentProjects(NamedTuple):
    """The project records of a department, each under the key by which its suggestion is stored."""

    department_id: str
    projects: tuple[NamedProject, ...]
    keys: Mapping[str, Key]


def projects_by_department(ask: Ask) -> Iterator[DepartmentProjects]:
    """The named project records of the current readings, one department at a time."""
    for department_id, group in groupby(ask(sql("named_projects.sql"), []), key=lambda row: row[0]):
        rows = list(group)
        keys = {str(row[3]): (str(row[1]), str(row[2]), str(row[3])) for row in rows}
        yield DepartmentProjects(str(department_id), tuple(NamedProject(str(r[3]), str(r[4])) for r in rows), keys)


def suggestion_rows(found: Iterable[tuple[DepartmentProjects, Sequence[Suggestion]]]) -> list[Row]:
    """The rows of ``same_projects``; a group's id follows from its department and name."""
    return [_row(department, suggestion) for department, suggestions in found for suggestion in suggestions]


def _row(department: DepartmentProjects, suggestion: Suggestion) -> dict[str, Any]:
    document_id, extractor, record_id = department.keys[suggestion.record_id]
    group = f"{department.department_id}\n{suggestion.suggested_name}"
    return {
        "document_id": document_id,
        "extractor": extractor,
        "record_id": record_id,
        "group_id": f"g{sha256(group.encode()).hexdigest()[:16]}",
        "suggested_name": suggestion.suggested_name,
        "score": f"{suggestion.score:f}",
    }
