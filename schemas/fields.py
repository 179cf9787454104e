"""What sort of thing each field holds; grounding, scoring, prompts and the database follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from schemas.values import Money, Number, Quantity

MAX_QUOTE = 2000
"""Characters that a record's quote may have."""


class Sort(StrEnum):
    """The sort of a field."""

    MONEY = "money"
    QUANTITY = "quantity"
    NUMBER = "number"
    TEXT = "text"
    LABEL = "label"
    LABELS = "labels"
    CODE = "code"
    YEAR = "year"
    DATE = "date"


def whole(number: str) -> str:
    """The number itself, where it can count something.

    Raises:
        ValueError: it is below nought or no whole number.
    """
    value = Decimal(number)
    if value < 0 or value % 1:
        raise ValueError("a count is a whole number, not below 0")
    return number


MoneyField = Annotated[Money | None, Sort.MONEY]
QuantityField = Annotated[Quantity | None, Sort.QUANTITY]
NumberField = Annotated[Number | None, Sort.NUMBER]
CountField = Annotated[Annotated[Number, AfterValidator(whole)] | None, Sort.NUMBER]
"""A number of people or papers: whole, and not below nought."""
Text = Annotated[str, Sort.TEXT]
TextField = Annotated[str | None, Sort.TEXT]
Label = Annotated[str, Sort.LABEL]
LabelField = Annotated[str | None, Sort.LABEL]


class Record(BaseModel):
    """Base of the eight record types: what one passage of a report states, as printed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    quote: str = Field(
        min_length=1,
        max_length=MAX_QUOTE,
        description="verbatim passage of the text that states the record: its name and its figures",
    )


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """One field of a record type: its name, sort, Chinese term and description."""

    name: str
    sort: Sort
    term: str
    description: str
    required: bool
    codes: tuple[str, ...] = ()


@cache
def fields_of(model: type[Record]) -> tuple[FieldInfo, ...]:
    """The fields of a record model in their order, without the quote."""
    found = []
    for name, info in model.model_fields.items():
        if name == "quote":
            continue
        sort = next((m for m in info.metadata if isinstance(m, Sort)), None)
        if sort is None:
            raise TypeError(f"{model.__name__}.{name} declares no Sort")
        found.append(
            FieldInfo(
                name, sort, info.title or name, info.description or "", info.is_required(), _codes(info.annotation)
            )
        )
    return tuple(found)


def _codes(annotation: Any) -> tuple[str, ...]:
    """The values of an enumeration behind an annotation, none for any other type."""
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, StrEnum):
            return tuple(candidate)
        if get_origin(candidate) is Annotated:
            return _codes(get_args(candidate)[0])
    return ()
