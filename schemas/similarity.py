"""How alike a read record and a gold record are, declared beside each record type; the eval harness pairs by it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Similarity:
    """Weights of the fields that identify a record; ``span`` weighs the overlap of the two passages.

    The similarity of a pair is the weighted mean of its fields' likenesses (0 to 1); pairs below ``threshold`` stay
    unpaired. Money and quantities compare their numbers, labels and texts their characters, label lists their last.
    A tuple of fields stands for the first of them that a record states (the deepest level of an indicator, say).
    """

    weights: tuple[tuple[str | tuple[str, ...], int], ...]
    span: int
    threshold: float = 0.5
