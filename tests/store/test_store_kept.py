"""What the rows of records and figures keep of their documents and reports follows whatever happens to those.

The fixture ``store`` holds every view against the plain question in the end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from store_cases import Maker

from pipeline.flow import Decision, Document
from pipeline.store import Store
from pipeline.store.reviews import ReviewVerdict, Ruling, Subject, SubjectKind

TITLES = "某局2022年度报告\n某县某局2023年度报告\n支出12.5万元\n"


def read(store: Store, make: Maker, document: Document, extractor: str = "offline") -> list[Decision]:
    """A document that names its department twice, the second time otherwise, and states an amount of no year."""
    decisions = [
        *(
            make.decision(document, "reports", title, kind="overall_self_evaluation", department=name, fiscal_year=year)
            for title, name, year in (("某局2022年度报告", "某局", 2022), ("某县某局2023年度报告", "某县某局", 2023))
        ),
        make.decision(
            document, "budget_facts", "支出12.5万元", path=("支出",), measure="executed", value="12.5", unit="万元"
        ),
    ]
    store.put(store.start_run(extractor), make.reading(document, decisions, extractor=extractor))
    return decisions


def decide(store: Store, document: Document, decision: Decision, ruling: Ruling) -> None:
    """Decides about a record; an undo takes the last decision back."""
    draft, quote = decision.grounded.draft, decision.grounded.quote_span
    before = draft.record.model_dump_json()
    subject = Subject(SubjectKind.RECORD, decision.grounded.record_id, draft.record_type, document, before, quote)
    reviews = store.reviews()
    seen = reviews.version(subject.subject_id)
    if ruling.verdict is ReviewVerdict.UNDO:
        reviews.undo(subject, ruling.reviewer, seen=seen)
    else:
        reviews.decide(subject, ruling, seen=seen)


def kept(store: Store) -> list[tuple[Any, ...]]:
    """Document, department and year of the amount, as the records say, and the year as the figures say."""
    return list(
        store.query(
            "SELECT r.document, r.department, r.year, v.year FROM v_records AS r JOIN v_values AS v USING (record_id) "
            "WHERE r.record_type = 'budget_facts'"
        ).rows
    )


def test_a_decision_about_a_report_is_followed_by_its_records_and_figures(store: Store, make: Maker) -> None:
    document = make.document(TITLES, "a")
    first, second, _ = read(store, make, document)
    assert kept(store) == [("a", "某局", 2022, 2022)]
    decide(store, document, first, Ruling(ReviewVerdict.REJECT, "me"))
    assert kept(store) == [("a", "某县某局", 2023, 2023)]
    decide(store, document, second, Ruling(ReviewVerdict.REJECT, "me"))
    assert kept(store) == [("a", None, None, None)]
    decide(store, document, first, Ruling(ReviewVerdict.UNDO, "me"))
    assert kept(store) == [("a", "某局", 2022, 2022)]


def test_another_reading_of_a_document_takes_the_place_of_the_first(store: Store, make: Maker) -> None:
    document = make.document(TITLES, "a")
    read(store, make, document)
    read(store, make, document, "llm")
    read(store, make, document)
    read(store, make, document, "hybrid")
    assert kept(store) == [("a", "某局", 2022, 2022)]
    assert store.query("SELECT current, count(*) FROM literals GROUP BY ALL ORDER BY ALL").rows == (
        (False, 2),
        (True, 1),
    )


def test_what_a_person_entered_follows_its_document_through_absence_and_a_new_name(store: Store, make: Maker) -> None:
    document = make.document(TITLES, "a")
    _, _, fact = read(store, make, document)
    corrected = make.decision(
        document,
        "budget_facts",
        "支出12.5万元",
        path=("总支出",),
        measure="executed",
        value="12.5",
        unit="万元",
        record_id="x",
    )
    decide(store, document, fact, Ruling(ReviewVerdict.CORRECT, "me", after="{}", result=corrected))
    assert kept(store) == [("a", "某局", 2022, 2022)]
    read(store, make, replace(make.document(TITLES + "\n", "a"), path=document.path))
    other = replace(document, path=document.path.with_stem("b"), name="b")
    assert {name for name, *_ in kept(store)} == {"a"}
    read(store, make, other)
    rows = store.query("SELECT document, label FROM v_values WHERE record_id = 'x'").rows
    assert rows == (("b", "总支出"),)


@pytest.mark.parametrize("facts", ["aabbc", "abc", "cdcd", "ddeeff", "abcdef", "g", "gh"])
def test_three_public_expenses_are_chosen_alike_by_the_short_way(store: Store, make: Maker, facts: str) -> None:
    lines = {
        "a": ("initial_budget", 2022, "1"),
        "b": ("full_year_budget", 2022, "1"),
        "c": ("full_year_budget", 2022, "2"),
        "d": ("executed", 2022, "3"),
        "e": ("executed", 2022, "4"),
        "f": ("executed", 2021, "5"),
        "g": ("executed", 2023, "6"),
        "h": ("executed", 2022, "6"),
    }
    for year in (2022, 2023):
        text = f"某局{year}年度报告\n" + "".join(f"{i}、{f}接待费{lines[f][2]}万元\n" for i, f in enumerate(facts))
        document = make.document(text, f"{year}")
        title = make.decision(
            document,
            "reports",
            f"某局{year}年度报告",
            kind="overall_self_evaluation",
            department="某局",
            fiscal_year=year,
        )
        stated = [
            make.decision(
                document,
                "budget_facts",
                f"{i}、{f}接待费{lines[f][2]}万元",
                path=("公务接待费",),
                measure=lines[f][0],
                value=f"{lines[f][2]}",
                unit="万元",
                year=lines[f][1],
            )
            for i, f in enumerate(facts)
        ]
        store.put(store.start_run("offline"), make.reading(document, [title, *stated]))
    assert store.query("FROM v_three_public").rows
