"""After each decision of a person, marks and derived tables are as if all had been worked out anew."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from store_cases import Maker

from pipeline.checking import Between
from pipeline.flow import Decision, Finding, Rejection, Status
from pipeline.store import Store
from pipeline.store.reviews import ReviewVerdict, Ruling, Subject, SubjectKind
from tests.plainly_cases import out_of_date, wrongly_marked

ACCEPT, CORRECT, REJECT, UNDO = ReviewVerdict
CLAIM = "claim"
THREE_PUBLIC = "three public"
KINDS = {
    "projects": ("projects", 0),
    "budget_facts": ("budget_facts", 0),
    THREE_PUBLIC: ("budget_facts", -1),
    "indicators": ("indicators", 0),
    "reports": ("reports", 0),
    CLAIM: ("projects", 0),
}
"""What is decided about: which record of its type, or what is quarantined, which claims one."""


class Reviewed:
    """Two documents whose findings name records of several types, their own and each other's, and one that was quarantined."""

    def __init__(self, store: Store, make: Maker) -> None:
        self.store = store
        self.results = 0
        decisions: list[Sequence[Decision]] = []
        self.documents = (make.document(), make.document(make.document().text + "\n", name="other"))
        for document in self.documents:
            reading = make.sample(document)
            gypsum, fact = (next(d for d in reading.decisions if _type(d) == t) for t in ("projects", "budget_facts"))
            shared = make.finding(gypsum, {"executed": "stated", "full_year_budget": "witness"}, message="二")
            beside = make.finding(fact, {"value": "stated"})
            finding = replace(shared, literals=(*shared.literals, *beside.literals))
            claim = Rejection("projects", "r1", "c1", "contested", "two readings differ", '{"name": "x"}')
            parts = {"findings": (*reading.findings, finding), "rejections": (claim,)}
            spent = make.decision(
                *(document, "budget_facts", "12.5万元"),
                path=("公务接待费",), measure="executed", value="12.5", unit="万元",
            )  # fmt: skip
            decisions.append([*reading.decisions, spent])
            store.put(store.start_run("offline"), make.reading(document, decisions[-1], **parts))
        self.decisions = decisions[0]
        self._compare(make, [next(d for d in found if _type(d) == "projects") for found in decisions])
        ((self.claim,),) = store.query(
            "SELECT claim_id FROM quarantine WHERE document_id = $d", {"d": self.documents[0].document_id}
        ).rows

    def _compare(self, make: Maker, projects: Sequence[Decision]) -> None:
        parts: list[Finding] = [make.finding(d, {"executed": "stated"}, report_id=None) for d in projects]
        across = replace(parts[0], literals=tuple(x for part in parts for x in part.literals))
        ids = tuple(d.document_id for d in self.documents)
        self.store.put_between([Between(across, *ids, ids)], documents=2, departments=1, compared=1)

    def decide(self, about: str, verdict: ReviewVerdict, *, figures: bool = True) -> None:
        """Decides about one of ``KINDS``; a correction keeps the record's figures, or has none."""
        record, subject = self._subject(about)
        reviews = self.store.reviews()
        seen = reviews.version(subject.subject_id)
        if verdict is UNDO:
            reviews.undo(subject, "me", seen=seen)
            return
        leaves = verdict is CORRECT or (verdict is ACCEPT and about == CLAIM)
        result = self._result(record, figures=figures) if leaves else None
        reviews.decide(subject, Ruling(verdict, "me", after="{}", result=result), seen=seen)

    def is_decided(self, about: str) -> bool:
        """Whether a decision about it is in force."""
        return self.store.reviews().current(self._subject(about)[1].subject_id) is not None

    def _subject(self, about: str) -> tuple[Decision, Subject]:
        document = self.documents[0]
        record_type, place = KINDS[about]
        record = [d for d in self.decisions if _type(d) == record_type][place]
        quote, before = record.grounded.quote_span, record.grounded.record.model_dump_json()
        if about == CLAIM:
            return record, Subject(SubjectKind.CLAIM, self.claim, record_type, document, before, None)
        return record, Subject(SubjectKind.RECORD, record.grounded.record_id, record_type, document, before, quote)

    def _result(self, record: Decision, *, figures: bool) -> Decision:
        self.results += 1
        literals = record.grounded.literals if figures else ()
        grounded = replace(record.grounded, record_id=f"r{self.results % 3}{_type(record)}", literals=literals)
        return Decision(grounded, Status.ACCEPTED)

    def differs(self) -> dict[str, int]:
        """Rows that are not as they would be if all were worked out anew."""
        return out_of_date(self.store) | wrongly_marked(self.store)


def _type(decision: Decision) -> str:
    return decision.grounded.draft.record_type


@pytest.fixture
def reviewed(store: Store, make: Maker) -> Iterator[Reviewed]:
    yield Reviewed(store, make)
    assert wrongly_marked(store) == {}


@pytest.mark.parametrize("about", KINDS)
def test_what_follows_from_each_decision_is_as_if_worked_out_anew(reviewed: Reviewed, about: str) -> None:
    for verdict in (ACCEPT, REJECT, CORRECT, UNDO):
        reviewed.decide(about, verdict, figures=False)
        assert reviewed.differs() == {}, verdict


def test_a_decision_is_followed_by_the_other_document_that_a_finding_names(reviewed: Reviewed) -> None:
    def found() -> list[tuple[str, int]]:
        asked = "SELECT document, findings FROM v_projects WHERE project LIKE '磷石膏%' ORDER BY document"
        return [*reviewed.store.query(asked).rows]

    assert found() == [("other", 3), ("yuntai-2022", 3)]
    reviewed.decide("projects", CORRECT)
    assert found() == [("other", 3), ("yuntai-2022", 0)]
    reviewed.decide("projects", REJECT)
    assert found() == [("other", 2)]


def test_a_correction_that_keeps_the_figures_keeps_the_findings(reviewed: Reviewed) -> None:
    reviewed.decide("projects", CORRECT, figures=True)
    assert reviewed.store.query("SELECT count(*) FROM v_findings").rows == ((5,),)
    reviewed.decide("projects", CORRECT, figures=False)
    assert reviewed.store.query("SELECT count(*) FROM v_findings").rows == ((2,),)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_decisions_in_any_order_are_as_if_worked_out_anew(reviewed: Reviewed, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(60):
        about, verdict = chance.choice([*KINDS]), chance.choice([ACCEPT, CORRECT, REJECT, UNDO])
        if verdict is not UNDO or reviewed.is_decided(about):
            reviewed.decide(about, verdict, figures=chance.random() < 0.5)
            assert reviewed.differs() == {}, (about, verdict)
