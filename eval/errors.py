"""Eval: the errors of a document, each of one kind, figures that stand in the wrong place recognised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.cells import Cell
from eval.comparing import ErrorKind, same_figure
from eval.items import Item
from pipeline.flow import Status
from schemas.values import Span

_WEIGHT = {
    ErrorKind.MISREAD: 0,
    ErrorKind.WRONG_UNIT: 1,
    ErrorKind.FABRICATED: 2,
    ErrorKind.MISPLACED: 3,
    ErrorKind.OMITTED: 4,
    ErrorKind.WRONG_LABEL: 5,
    ErrorKind.TEXT_DIFFERS: 6,
}


@dataclass(frozen=True, slots=True, eq=False)
class FieldError:
    """One thing that is wrong. ``read`` is the cell whose prediction is wrong, ``stated`` the cell whose gold value was
    not read; a wrong value has both in the same cell, a misplaced figure in two where its own place stayed wrong.

    ``belongs`` is the cell that a misplaced figure belongs to.
    """

    kind: ErrorKind
    read: Cell | None
    stated: Cell | None
    belongs: Cell | None = None

    @property
    def cell(self) -> Cell:
        """The cell that the error is reported at: where something wrong was read, else where nothing was."""
        cell = self.read or self.stated
        assert cell is not None
        return cell

    @property
    def is_figure(self) -> bool:
        """Whether a number or its unit is concerned."""
        return (self.read is not None and self.read.figure is not None and not self.read.figure_right) or (
            self.stated is not None and self.stated.gold_figure is not None and not self.stated.figure_right
        )

    @property
    def weight(self) -> tuple[bool, bool, int]:
        """Sorts the worst first: figures, then what was accepted, then by kind."""
        accepted = self.read is not None and self.read.status is Status.ACCEPTED
        return not self.is_figure, not accepted, _WEIGHT[self.kind]

    @property
    def span(self) -> Span | None:
        """Where in the text to look: the wrong figure, else the gold quote, else the predicted quote."""
        if self.read and self.read.pairing.predicted:
            item = self.read.pairing.predicted
            if self.read.field in item.places:
                return item.places[self.read.field]
        predicted = self.cell.pairing.predicted
        return self.cell.pairing.item.span or (predicted.span if predicted else None)


def errors_of(cells: Sequence[Cell]) -> tuple[FieldError, ...]:
    """The errors among the cells of a document, worst first.

    A figure that was read wrong, or where gold states none, is *misplaced* if gold states this very figure (number,
    decimals, unit) for another field or record that did not get it: another field of the same record, or another
    record whose quote holds the digits that were read. Where that place got its figure too, the figure was used twice;
    this counts as misplaced only if the same printed digits were used, and never for a record that gold has not got.
    The numbers of wrong and missing values are those of the cells, whatever the kinds.
    """
    moves = _moves(cells)
    delivered = {id(m.target) for m in moves.values() if m.missed}
    errors = []
    for cell in cells:
        if cell.kind is None:
            continue
        move = moves.get(id(cell))
        own = cell if cell.expected is not None and id(cell) not in delivered else None
        if move and move.missed:
            errors.append(FieldError(ErrorKind.MISPLACED, cell, move.target, move.target))
            if own:
                errors.append(FieldError(ErrorKind.OMITTED, None, own))
        elif move:
            errors.append(FieldError(ErrorKind.MISPLACED, cell, own, move.target))
        elif cell.found is None:
            if own:
                errors.append(FieldError(ErrorKind.OMITTED, None, own))
        else:
            errors.append(FieldError(cell.kind if own else ErrorKind.FABRICATED, cell, own))
    return tuple(sorted(errors, key=lambda e: (e.weight, e.span or Span(-1, -1))))


@dataclass(frozen=True, slots=True)
class _Move:
    """Where a stray figure belongs; ``missed`` where that place did not get it."""

    target: Cell
    missed: bool


def _moves(cells: Sequence[Cell]) -> dict[int, _Move]:
    stray = [c for c in cells if c.figure and c.kind in (ErrorKind.MISREAD, ErrorKind.FABRICATED)]
    missed = [c for c in cells if c.gold_figure and c.kind in (ErrorKind.MISREAD, ErrorKind.OMITTED)]
    got = [c for c in cells if c.gold_figure and c.figure_right]
    moves: dict[int, _Move] = {}
    taken: set[int] = set()
    for near in (True, False):
        for cell in stray:
            if id(cell) in moves:
                continue
            target = next((t for t in _homes(cell, missed, near=near) if id(t) not in taken), None)
            if target is not None:
                taken.add(id(target))
                moves[id(cell)] = _Move(target, missed=True)
    for cell in stray:
        if id(cell) not in moves and cell.pairing.gold:
            target = next((t for t in got if _used_twice(cell, t)), None)
            if target is not None:
                moves[id(cell)] = _Move(target, missed=False)
    return moves


def _homes(cell: Cell, missed: Sequence[Cell], *, near: bool) -> Iterator[Cell]:
    """The places that lack a stray figure: in its own record (``near``) or in others."""
    for other in missed:
        same_record = other.pairing is cell.pairing
        if other is cell or same_record is not near or not _equal(cell, other):
            continue
        if same_record or _stands_in(cell, other.pairing.gold) or _same_column(cell, other):
            yield other


def _same_column(cell: Cell, other: Cell) -> bool:
    """Whether two paired records hold the same field and nothing says where its figure was read."""
    paired = cell.pairing.gold is not None and other.pairing.predicted is not None
    return paired and _place(cell) is None and (cell.record_type, cell.field) == (other.record_type, other.field)


def _used_twice(cell: Cell, other: Cell) -> bool:
    """Whether a stray figure is another place's figure, read a second time."""
    if other.pairing is cell.pairing and _place(cell) is None:
        return _equal(cell, other)
    place, theirs = _place(cell), _place(other)
    return place is not None and place == theirs and _equal(cell, other)


def _equal(cell: Cell, other: Cell) -> bool:
    return cell.figure is not None and other.gold_figure is not None and same_figure(other.gold_figure, cell.figure)


def _place(cell: Cell) -> Span | None:
    return cell.pairing.predicted.places.get(cell.field) if cell.pairing.predicted else None


def _stands_in(cell: Cell, gold: Item | None) -> bool:
    place = _place(cell)
    return place is not None and gold is not None and gold.span is not None and gold.span.holds(place)
