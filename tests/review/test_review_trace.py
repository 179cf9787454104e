"""``jixiao trace`` of what is in quarantine."""

from __future__ import annotations

import pytest
from review_cases import LAMPS, named, payload_of

from pipeline.review.desk import Desk
from pipeline.store import Store


@pytest.mark.parametrize("column", ["claim_id", "rejection_id"])
def test_a_claim_is_traced_to_its_reason_place_and_decisions(desk: Desk, store: Store, column: str) -> None:
    item = named(desk, store, LAMPS)
    desk.correct(item, "li", "18", 0, payload_of(desk, item, executed={"value": "18", "unit": "万元"}))
    ((asked,),) = store.query(f"SELECT {column} FROM quarantine WHERE code = 'figure'").rows  # noqa: S608
    found = store.trace_claim(asked)
    assert found is not None
    assert (found.claim_id, found.record_type, found.document) == (item.subject_id, "projects", "transport-2022")
    assert found.reasons == (("figure", "executed: 19 does not stand in the quote"),)
    assert '"19"' in found.payload
    assert found.raw == '{"raw": "<b>"}'
    assert found.chunk is not None
    assert found.line == 9
    assert [(r.decision, r.reason) for r in found.reviews] == [("correct", "18")]


def test_what_is_no_claim_is_none(store: Store) -> None:
    assert store.trace_claim("c0") is None
