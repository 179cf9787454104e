"""The names of a database's projects against each other, once its documents are read: suggestions of what is the same."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.same_projects import same_projects
from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class MatchReport:
    """How many project records were compared in how many departments, and how many of them are suggested in how many
    groups."""

    departments: int
    projects: int
    suggested: int
    groups: int


def match(store: Store) -> MatchReport:
    """Suggest which project records of each department are the same project; earlier suggestions are replaced."""
    departments = list(store.projects_by_department())
    found = [(d, tuple(same_projects(d.projects))) for d in departments]
    groups = store.put_same_projects(found)
    return MatchReport(
        len(departments), sum(len(d.projects) for d in departments), sum(len(s) for _, s in found), groups
    )
