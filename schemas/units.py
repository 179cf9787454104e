"""Units of printed numbers, read from vocabulary/units.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from schemas.word_files import load_vocabulary


@dataclass(frozen=True, slots=True)
class Units:
    """The units that the vocabulary knows; ``money`` maps a unit to its power of ten in yuan."""

    money: dict[str, int]
    share: frozenset[str]
    count: frozenset[str]
    measure: frozenset[str]

    @property
    def longest_first(self) -> tuple[str, ...]:
        """Every unit, longest first, as alternatives of a pattern need them."""
        return tuple(sorted({*self.money, *self.share, *self.count, *self.measure}, key=len, reverse=True))


@cache
def units() -> Units:
    """The packaged units."""
    data = load_vocabulary("units")
    return Units(
        money=dict(data["money"]),
        share=frozenset(data["share"]["units"]),
        count=frozenset(data["count"]["units"]),
        measure=frozenset(data["measure"]["units"]),
    )


def money_exponent(unit: str | None) -> int | None:
    """Power of ten from a money unit to yuan, None for any other unit: 万元 is 4."""
    return None if unit is None else units().money.get(unit)
