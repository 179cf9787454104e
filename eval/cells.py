"""Eval: pairings taken apart into cells, one per field that gold or prediction states."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from eval.comparing import ErrorKind, compare
from eval.items import Figure, Item, ScoredField, figure_of, scored_fields, show
from eval.matching import Pairing
from eval.measures import Counts
from pipeline.flow import Status

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A field of a pairing that at least one side states; ``kind`` is None where both state the same."""

    pairing: Pairing
    scored: ScoredField
    kind: ErrorKind | None
    figure_right: bool | None

    @property
    def record_type(self) -> str:
        """The record type."""
        return self.pairing.record_type

    @property
    def field(self) -> str:
        """The field's name."""
        return self.scored.name

    @property
    def status(self) -> Status | None:
        """The prediction's status, None where there is none."""
        return self.pairing.predicted.status if self.pairing.predicted else None

    @property
    def expected(self) -> str | None:
        """What gold states, for people; None where it states nothing."""
        return _shown(self.pairing.gold, self.scored)

    @property
    def found(self) -> str | None:
        """What the prediction states, for people; None where it states nothing."""
        return _shown(self.pairing.predicted, self.scored)

    @property
    def gold_figure(self) -> Figure | None:
        """The figure that gold states."""
        return figure_of(self.scored, self.pairing.gold.values) if self.pairing.gold else None

    @property
    def figure(self) -> Figure | None:
        """The figure that the prediction states."""
        return figure_of(self.scored, self.pairing.predicted.values) if self.pairing.predicted else None

    @property
    def counts(self) -> Counts:
        """What the cell counts: a wrong value costs precision and recall."""
        if self.kind is None:
            return Counts(tp=1)
        return Counts(fp=int(self.found is not None), fn=int(self.expected is not None))

    @property
    def figure_counts(self) -> Counts:
        """What the cell counts when only numbers and their units matter."""
        if self.figure_right:
            return Counts(tp=1)
        return Counts(fp=int(self.figure is not None), fn=int(self.gold_figure is not None))


def cells_of(pairing: Pairing) -> tuple[Cell, ...]:
    """The cells of a pairing; a field that both sides leave null is none."""
    gold, predicted = pairing.gold, pairing.predicted
    cells = []
    for scored in scored_fields(pairing.record_type):
        stated = gold is not None and scored.name in gold.values
        read = predicted is not None and scored.name in predicted.values
        if gold and predicted and stated and read:
            comparison = compare(scored, gold, predicted)
            cells.append(Cell(pairing, scored, comparison.kind, comparison.figure_right))
        elif stated or read:
            cells.append(Cell(pairing, scored, ErrorKind.OMITTED if stated else ErrorKind.FABRICATED, None))
    return tuple(cells)


def tally(cells: Iterable[Cell], key: Callable[[Cell], Key], *, figures: bool = False) -> dict[Key, Counts]:
    """The counts of cells by a key, in the order in which the keys come up."""
    found: dict[Key, Counts] = {}
    for cell in cells:
        counts = cell.figure_counts if figures else cell.counts
        if not counts.empty:
            found[key(cell)] = found.get(key(cell), Counts()) + counts
    return found


def _shown(item: Item | None, scored: ScoredField) -> str | None:
    if item is None or scored.name not in item.values:
        return None
    unit = item.values.get(scored.unit_field) if scored.unit_field else None
    return show(item.values[scored.name]) + (str(unit) if unit else "")
