"""What the store refuses to write, each with its reason and without a trace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from store_cases import Dump, Maker

from pipeline.flow import Status
from pipeline.store import Store, StoreError
from schemas.values import Span

Write = Callable[[Store, Maker], object]


class TestRefusals:
    def test_a_figure_that_does_not_stand_in_the_text(self, store: Store, make: Maker, dump: Dump) -> None:
        document = make.document()
        sample = make.sample(document)
        grounded = sample.decisions[4].grounded
        literals = tuple(replace(x, span=Span(x.span.start + 1, x.span.stop + 1)) for x in grounded.literals)
        moved = replace(sample.decisions[4], grounded=replace(grounded, literals=literals))
        with pytest.raises(
            StoreError, match=r"full_year_budget of record .*'1798' does not stand at .* of yuntai-2022"
        ):
            store.put(store.start_run("offline"), replace(sample, decisions=[moved]))
        assert not any(dump(store).values())

    def test_a_record_that_is_there_twice(self, store: Store, make: Maker, dump: Dump) -> None:
        document = make.document()
        twice = make.decision(document, "tasks", "空置项目", task="空置项目", record_id="same")
        with pytest.raises(StoreError, match="record same of tasks was read twice from one document"):
            store.put(store.start_run("offline"), make.reading(document, [twice, twice]))
        assert not any(dump(store).values())

    def test_a_quarantined_decision(self, store: Store, make: Maker) -> None:
        document = make.document()
        decision = make.decision(document, "tasks", "空置项目", task="空置项目", status=Status.QUARANTINED)
        with pytest.raises(StoreError, match="hand it on as a Rejection"):
            store.put(store.start_run("offline"), make.reading(document, [decision]))

    @pytest.mark.parametrize("value", ["12345678901234567890123456789", "0.12345678901", "NaN"])
    def test_a_figure_that_does_not_fit_its_column(self, store: Store, make: Maker, value: str) -> None:
        sample = make.sample()
        grounded = sample.decisions[4].grounded
        literals = tuple(replace(x, value=Decimal(value)) for x in grounded.literals)
        wide = replace(sample.decisions[4], grounded=replace(grounded, literals=literals))
        with pytest.raises(StoreError, match="more than 28 digits before or 10 after the point"):
            store.put(store.start_run("offline"), replace(sample, decisions=[wide]))

    def test_a_run_that_was_not_started(self, store: Store, make: Maker, dump: Dump) -> None:
        with pytest.raises(StoreError, match="holds no run nobody"):
            store.put("nobody", make.sample())
        with pytest.raises(StoreError, match="holds no run nobody"):
            store.finish_run("nobody")
        assert not any(dump(store).values())

    @pytest.mark.parametrize(
        "write",
        [
            lambda store, _: store.start_run("offline"),
            lambda store, make: store.put("r", make.sample()),
            lambda store, _: store.add_alias("d", "x"),
            lambda store, _: store.finish_run("r"),
        ],
    )
    def test_writing_to_a_read_only_store(self, existing: Path, make: Maker, write: Write) -> None:
        with Store.open(existing, read_only=True) as store, pytest.raises(StoreError, match="is open read-only"):
            write(store, make)
