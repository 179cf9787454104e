"""Printed values: spans, literals, money and quantities, exact from text to SQL (Decimals and strings, never floats)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, TypeVar, dataclass_transform

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""The years that a record may be of."""

MAX_DIGITS = 28
"""Digits a number may have before it is refused as garbage; DECIMAL(38, 10) columns hold all of them."""

SEPARATORS = ",， \u00a0\u2009\u202f\u3000\n\r\t"
"""What may stand between the digits of one number."""

INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f"
"""Characters that print nothing, for a class of a regular expression: soft hyphens, zero-width spaces, marks of direction."""

_PLAIN = str.maketrans("０１２３４５６７８９．－−﹣", "0123456789.---", SEPARATORS)


_Type = TypeVar("_Type")

from_parts = tuple.__new__
"""Makes a named tuple from the tuple of its parts, in a third of the time that its own constructor takes."""


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value_type(cls: type[_Type]) -> type[_Type]:
    """A slotted dataclass whose instances are never changed, which the type checker holds.

    ``dataclass(frozen=True)`` holds it while the program runs, too, and takes three times as long to make an instance;
    this is for what is made by the hundred for each page.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


class Span(NamedTuple):
    """Half-open range [start, stop) of ``str`` indices into a document's canonical text."""

    start: int
    stop: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two ranges share a character."""
        return self.start < other.stop and other.start < self.stop

    def holds(self, other: Span) -> bool:
        """Whether the other range lies inside this one."""
        return self.start <= other.start and other.stop <= self.stop


class UnitSource(StrEnum):
    """Where a literal's unit was read."""

    ADJACENT = "adjacent"
    HEADER = "header"
    CAPTION = "caption"
    NONE = "none"


@value_type
class Literal:
    """One printed number of a record, with its place.

    ``printed`` is the verbatim slice of the text at ``span``; ``decimals`` counts the digits printed after the point
    (95.50 has two), and is what the interval of the number follows from; ``exact`` numbers (counts, weights, scores,
    a printed 0) stand for themselves alone; ``exponent`` is the power of ten from the unit to yuan, None where the
    unit is not money.
    """

    field: str
    printed: str
    value: Decimal
    decimals: int
    unit: str | None
    span: Span
    unit_source: UnitSource
    unit_span: Span | None
    exponent: int | None
    exact: bool

    @property
    def digits(self) -> str:
        """The number with the decimals that are printed, without separators or anything else between its digits."""
        return f"{self.value:.{max(self.decimals, 0)}f}"

    @property
    def yuan(self) -> Decimal | None:
        """The amount in yuan (元), None where the unit is not money or not printed."""
        return None if self.exponent is None else self.value.scaleb(self.exponent)


def plain_number(value: Any) -> Any:
    """A printed number without separators, inner spaces and full-width forms: ``１，２３４.50`` is ``1234.50``."""
    if not isinstance(value, str):
        return value
    plain = value.replace(",", "")
    return plain if plain.isascii() and plain.replace(".", "", 1).isdecimal() else value.translate(_PLAIN)


def squeeze(text: str) -> str:
    """Text without white space, so that wrapped lines and split cells compare equal."""
    return "".join(text.split())


Number = Annotated[
    str,
    BeforeValidator(plain_number),
    StringConstraints(pattern=rf"^-?\d{{1,{MAX_DIGITS}}}(\.\d{{1,10}})?$"),
]
"""A number as printed, as a string: ``"95.50"`` keeps its two decimals."""


class Printed(BaseModel):
    """Base of printed values: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Money(Printed):
    """An amount of money as printed: the number and the unit that the text gives it (``元``, ``万元``, ``亿元``)."""

    value: Number = Field(description="the number exactly as printed, without separators")
    unit: str | None = Field(default=None, description="元, 万元, 亿元 … as printed or declared; null where none is")


class Operator(StrEnum):
    """How a quantity bounds its value."""

    AT_LEAST = "≥"
    AT_MOST = "≤"
    MORE_THAN = ">"
    LESS_THAN = "<"
    EQUALS = "="


class Quantity(Printed):
    """A target, actual value or rate as printed: the verbatim phrase, and its number where it holds a single one."""

    text: str = Field(min_length=1, description="the verbatim cell or phrase")
    op: Operator | None = Field(
        default=None, description="≥ ≤ > < = as printed (以上 is ≥, 以下 is ≤, 超过 is >), else null"
    )
    value: Number | None = Field(default=None, description="the number where the text is a single one, else null")
    unit: str | None = Field(default=None, description="the number's unit as printed, null where none is")
