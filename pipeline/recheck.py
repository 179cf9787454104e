"""The second check: the documents of a database against each other, once they are read."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.checking import Between, check_across
from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class CheckReport:
    """How a check between documents ended: what was compared, what was found, and why reports were left out."""

    check_id: str
    departments: int
    documents: int
    compared: int
    findings: int
    outcomes: tuple[tuple[str, int], ...]


def recheck(store: Store) -> CheckReport:
    """Compare the documents of each department with each other and store what contradicts.

    The findings of an earlier check are replaced; those inside single documents stay.
    """
    found: list[Between] = []
    departments = documents = compared = 0
    for department in store.departments():
        departments += 1
        documents += len(department.texts)
        result = check_across(department.facts, department.texts)
        compared += result.quantities
        found += result.findings
    check_id = store.put_between(found, documents=documents, departments=departments, compared=compared)
    return CheckReport(check_id, departments, documents, compared, len(found), tuple(store.report_outcomes()))
