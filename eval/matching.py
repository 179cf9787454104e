"""Eval: which predicted record stands for which gold record (optimal one-to-one assignment per type and document)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from eval.comparing import normal_label, normal_text, normal_unit
from eval.items import Item, figure_of, scored_fields
from schemas.fields import Sort
from schemas.registry import RECORD_TYPES
from schemas.values import Quantity, Span

Matrix = NDArray[np.float64]

_TIE = 1e-6
"""Weight of the share of equal fields, which decides between pairings that are otherwise equally alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairing:
    """A gold record and the prediction that stands for it; one of the two is None where nothing stands opposite."""

    record_type: str
    gold: Item | None
    predicted: Item | None
    similarity: float

    @property
    def item(self) -> Item:
        """The gold record, the prediction where there is none."""
        item = self.gold or self.predicted
        assert item is not None
        return item


def pair(record_type: str, gold: Sequence[Item], predicted: Sequence[Item]) -> tuple[Pairing, ...]:
    """Pair the records of one type of one document: gold in its order, then the predictions that stand alone.

    The sum of the similarities of all pairs that reach the type's threshold is the largest possible; among such
    pairings the one with more equal fields wins. The order of the predictions makes no difference.
    """
    predicted = sorted(predicted, key=_order)
    partner: dict[int, tuple[int, float]] = {}
    if gold and predicted:
        alike = similarity(record_type, gold, predicted)
        allowed = alike >= RECORD_TYPES[record_type].similarity.threshold
        weight = np.where(allowed, alike + _TIE * _agreement(record_type, gold, predicted), 0.0)
        for rows, columns in _components(allowed):
            chosen = linear_sum_assignment(weight[np.ix_(rows, columns)], maximize=True)
            for i, j in zip(rows[chosen[0]], columns[chosen[1]], strict=True):
                if allowed[i, j]:
                    partner[int(i)] = (int(j), float(alike[i, j]))
    pairings = []
    for index, item in enumerate(gold):
        found = partner.get(index)
        pairings.append(
            Pairing(record_type, item, predicted[found[0]], found[1])
            if found
            else Pairing(record_type, item, None, 0.0)
        )
    taken = {j for j, _ in partner.values()}
    pairings += [Pairing(record_type, None, p, 0.0) for j, p in enumerate(predicted) if j not in taken]
    return tuple(pairings)


def similarity(record_type: str, gold: Sequence[Item], predicted: Sequence[Item]) -> Matrix:
    """How alike each gold record (rows) and each prediction (columns) are, from 0 to 1, as the type declares it.

    The weighted mean of the likenesses of the declared fields; a field that both leave null, and the spans where one is
    not known, drop out of the mean.
    """
    declared = RECORD_TYPES[record_type].similarity
    sorts = {f.name: f.sort for f in RECORD_TYPES[record_type].fields}
    total = np.zeros((len(gold), len(predicted)))
    weights = np.zeros((len(gold), len(predicted)))
    for declared_names, weight in declared.weights:
        names = (declared_names,) if isinstance(declared_names, str) else declared_names
        left = [_first(item, names, sorts) for item in gold]
        right = [_first(item, names, sorts) for item in predicted]
        total += weight * _likeness(left, right, exact=sorts[names[0]] in _EXACT)
        weights += weight * ~np.logical_and.outer(_absent(left), _absent(right))
    if declared.span:
        known = ~np.logical_or.outer(_absent([g.span for g in gold]), _absent([p.span for p in predicted]))
        total += declared.span * np.where(known, _overlap(gold, predicted), 0.0)
        weights += declared.span * known
    alike: Matrix = np.divide(total, weights, out=np.zeros_like(total), where=weights > 0)
    return alike


_NUMBER = "\0"
"""Marks the number of a quantity among the phrases of others."""

_EXACT = frozenset({Sort.MONEY, Sort.NUMBER, Sort.CODE, Sort.YEAR, Sort.DATE})


def _first(item: Item, names: Sequence[str], sorts: Mapping[str, Sort]) -> str | None:
    """What the first of some fields that a record states is compared by."""
    return next((c for n in names if (c := _comparable(item, n, sorts[n])) is not None), None)


def _comparable(item: Item, name: str, sort: Sort) -> str | None:
    """What a field is compared by: its number where it is one, its characters otherwise."""
    value = item.values.get(name)
    if value is None:
        return None
    if isinstance(value, Quantity):
        return normal_text(value.text) if value.value is None else f"{_NUMBER}{Decimal(value.value).normalize()}"
    scored = next((f for f in scored_fields(item.record_type) if f.name == name), None)
    figure = figure_of(scored, item.values) if scored else None
    if figure:
        return str(figure.value.normalize())
    if isinstance(value, tuple):
        return normal_label(value[-1])
    if sort is Sort.TEXT:
        return normal_text(str(value))
    return normal_label(str(value)) if sort is Sort.LABEL else str(value)


def _likeness(left: Sequence[str | None], right: Sequence[str | None], *, exact: bool) -> Matrix:
    """Likeness of every two values; each different pair of strings is compared once. Nothing is like null."""
    left_values, left_codes = _codes(left)
    right_values, right_codes = _codes(right)
    table = np.zeros((len(left_values) + 1, len(right_values) + 1))
    if left_values and right_values:
        if exact:
            table[1:, 1:] = np.equal.outer(np.array(left_values, dtype=object), np.array(right_values, dtype=object))
        else:
            table[1:, 1:] = _characters(left_values, right_values)
    return table[np.ix_(left_codes, right_codes)]


def _characters(left: list[str], right: list[str]) -> Matrix:
    """Normalised similarity of texts; numbers are like each other only where equal."""
    table = cdist(left, right, scorer=Levenshtein.normalized_similarity, dtype=np.float64, workers=-1)
    left_number = np.array([v.startswith(_NUMBER) for v in left])
    right_number = np.array([v.startswith(_NUMBER) for v in right])
    either = np.logical_or.outer(left_number, right_number)
    return np.where(either, np.where(table == 1.0, 1.0, 0.0), table)


def _codes(values: Sequence[Hashable | None]) -> tuple[list[str], NDArray[np.intp]]:
    """The different values, and each one's number from 1; 0 is null."""
    numbers: dict[Hashable, int] = {}
    codes = [0 if v is None else numbers.setdefault(v, len(numbers) + 1) for v in values]
    return [str(v) for v in numbers], np.array(codes, dtype=np.intp)


def _absent(values: Sequence[object]) -> NDArray[np.bool_]:
    return np.array([v is None for v in values], dtype=np.bool_)


def _overlap(gold: Sequence[Item], predicted: Sequence[Item]) -> Matrix:
    """The shared characters of two quotes as a share of the shorter one."""
    left = np.array([g.span or (0, 0) for g in gold], dtype=np.float64).reshape(-1, 2)
    right = np.array([p.span or (0, 0) for p in predicted], dtype=np.float64).reshape(-1, 2)
    shared = np.minimum.outer(left[:, 1], right[:, 1]) - np.maximum.outer(left[:, 0], right[:, 0])
    shorter = np.minimum.outer(left[:, 1] - left[:, 0], right[:, 1] - right[:, 0])
    share: Matrix = np.clip(np.divide(shared, shorter, out=np.zeros_like(shared), where=shorter > 0), 0.0, 1.0)
    return share


def _agreement(record_type: str, gold: Sequence[Item], predicted: Sequence[Item]) -> Matrix:
    """The share of a type's fields that are stated and equal in both records."""
    total = np.zeros((len(gold), len(predicted)))
    scored = scored_fields(record_type)
    sorts = {f.name: f.sort for f in scored}
    for field in scored:

        def key(item: Item, name: str = field.name, unit: str | None = field.unit_field) -> Hashable | None:
            value = _comparable(item, name, sorts[name])
            extra = item.values.get(unit) if unit else getattr(item.values.get(name), "unit", None)
            return None if value is None else (value, normal_unit(extra if isinstance(extra, str) else None))

        numbers: dict[Hashable, int] = {}
        left = np.array([_number(key(g), numbers) for g in gold])
        right = np.array([_number(key(p), numbers) for p in predicted])
        total += np.equal.outer(left, right) & (left > 0)[:, np.newaxis]
    return total / len(scored)


def _number(value: Hashable | None, numbers: dict[Hashable, int]) -> int:
    return 0 if value is None else numbers.setdefault(value, len(numbers) + 1)


def _components(allowed: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows and columns of each group of records that allowed pairs connect; an optimum of each is one of the whole."""
    rows, columns = np.nonzero(allowed)
    size = allowed.shape[0] + allowed.shape[1]
    graph = csr_matrix((np.ones(len(rows)), (rows, columns + allowed.shape[0])), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    members: dict[int, tuple[list[int], list[int]]] = {}
    for node in np.unique(np.concatenate([rows, columns + allowed.shape[0]])):
        group = members.setdefault(int(labels[node]), ([], []))
        if node < allowed.shape[0]:
            group[0].append(int(node))
        else:
            group[1].append(int(node) - allowed.shape[0])
    for group_rows, group_columns in members.values():
        yield np.array(group_rows, dtype=np.intp), np.array(group_columns, dtype=np.intp)


def _order(item: Item) -> tuple[Span, str, str, str, str]:
    """A place in line that follows from what a prediction says alone, so that shuffling changes nothing."""
    places = repr(sorted(item.places.items()))
    return item.span or Span(-1, -1), repr(sorted(item.values.items())), item.quote, str(item.status), places
