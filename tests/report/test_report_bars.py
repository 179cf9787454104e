"""The charts of a report page: what is drawn follows from exact amounts, and what does not add up is a row of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.bars import MOST_PROJECTS, WIDTH, bridge, project_bars, score_bars
from pipeline.report.page import number, percent, wan


def amounts(parts: dict[str, int], budget: int | None, executed: int | None) -> list[tuple[str, int]]:
    found = bridge(
        {name: Decimal(value) for name, value in parts.items()},
        None if budget is None else Decimal(budget),
        None if executed is None else Decimal(executed),
    )
    return [(bar.name, int(bar.values["yuan"])) for bar in found]


@pytest.mark.parametrize(
    ("parts", "budget", "executed", "rows"),
    [
        (
            {"initial_budget": 100, "carried_in": 20, "supplementary": 30, "reduction": 10},
            *(140, 120),
            [
                *(("initial_budget", 100), ("carried_in", 20), ("supplementary", 30), ("reduction", -10)),
                *(("full_year_budget", 140), ("executed", 120), ("unspent", 20)),
            ],
        ),
        (  # the initial budget holds what was carried in
            {"initial_budget": 100, "carried_in": 20, "adjustment": 30},
            *(130, 130),
            [
                *(("initial_budget", 100), ("adjustment", 30)),
                ("full_year_budget", 130),
                ("executed", 130),
                ("unspent", 0),
            ],
        ),
        (
            {"initial_budget": 100},
            *(90, 95),
            [
                ("initial_budget", 100),
                ("unexplained", -10),
                ("full_year_budget", 90),
                ("executed", 95),
                ("overspent", 5),
            ],
        ),
        ({"supplementary": 30}, 140, None, [("full_year_budget", 140)]),
        ({"initial_budget": 30}, None, 20, []),
        ({}, 0, 0, []),
    ],
)
def test_a_bridge_leads_from_budget_to_execution(
    parts: dict[str, int], budget: int | None, executed: int | None, rows: list[tuple[str, int]]
) -> None:
    assert amounts(parts, budget, executed) == rows


_AMOUNT = st.integers(0, 10**13)


@given(
    st.dictionaries(
        st.sampled_from(["initial_budget", "carried_in", "supplementary", "adjustment", "reduction"]), _AMOUNT
    ),
    _AMOUNT,
    _AMOUNT,
)
def test_the_steps_of_a_bridge_add_up_and_stay_inside_it(parts: dict[str, int], budget: int, executed: int) -> None:
    rows = bridge({k: Decimal(v) for k, v in parts.items()}, Decimal(budget), Decimal(executed))
    names = [bar.name for bar in rows]
    steps = rows[: names.index("full_year_budget")] if rows else ()
    assert not steps or sum(bar.values["yuan"] for bar in steps) == budget
    assert all(0 <= bar.start <= bar.stop <= WIDTH for bar in rows)


def project(rate: str | None, stated: str | None = None, status: str = "accepted") -> dict[str, Any]:
    rates = {"recomputed_rate": rate and Decimal(rate), "stated_rate": stated and Decimal(stated)}
    return {"project": "甲", "status": status, **rates}


def test_a_projects_bar_is_its_recomputed_rate_and_the_stroke_the_stated_one() -> None:
    first, second, third = project_bars([project("85", "92", "flagged"), project(None, "100"), project("780")])
    assert (first.stop, first.mark, first.behind, first.style) == (680, 736, 800, "odd")
    assert (second.stop, second.mark, second.style) == (0, 800, "spent")
    assert (third.stop, third.mark) == (WIDTH, None)


def test_projects_beyond_the_most_are_counted() -> None:
    rows = project_bars([project("50")] * (MOST_PROJECTS + 3))
    assert len(rows) == MOST_PROJECTS + 1
    assert (rows[-1].name, rows[-1].values) == ("more_projects", {"count": 3})


def test_scores_are_drawn_within_their_full_marks_and_totals_left_out() -> None:
    lines = [
        {"name": name, "weight": Decimal(weight), "score": Decimal(score), "status": "accepted"}
        for name, weight, score in (
            ("投入", 10, 9),
            ("产出", 40, 30),
            ("产出", 40, 31),
            ("合计", 50, 39),
            ("总分", 50, 39),
        )
    ]
    assert [(b.name, b.stop, b.behind) for b in score_bars(lines)] == [("投入", 225, 250), ("产出", 750, 1000)]
    assert score_bars([]) == ()


@pytest.mark.parametrize(
    ("yuan", "shown"),
    [
        *(("48445400.0000000000", "4,844.54"), ("0", "0.00"), ("186000", "18.60"), ("18.6", "0.00186")),
        *(("-88.3", "-0.00883"), ("1200000000", "120,000.00"), (None, "—")),
    ],
)
def test_amounts_are_shown_in_wan_without_rounding(yuan: str | None, shown: str) -> None:
    assert wan(None if yuan is None else Decimal(yuan)) == shown


def test_rates_and_numbers() -> None:
    assert (percent(Decimal("93.6535")), percent(None)) == ("93.65%", "—")
    assert (number(Decimal("96.5000000000")), number(Decimal(100)), number(None)) == ("96.5", "100", "—")
