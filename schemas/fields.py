"""What sort of thing each field holds; grounding, scoring, prompts and the database follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field

from schemas.values import Money, Number, Quantity


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


MoneyField = Annotated[Money | None, Sort.MONEY]
QuantityField = Annotated[Quantity | None, Sort.QUANTITY]
NumberField = Annotated[Number | None, Sort.NUMBER]
Text = Annotated[str, Sort.TEXT]
TextField = Annotated[str | None, Sort.TEXT]
Label = Annotated[str, Sort.LABEL]
LabelField = Annotated[str | None, Sort.LABEL]


class Record(BaseModel):
    """Base of the eight record types: what one passage of a report states, as printed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    quote: str = Field(
        min_length=1,
        max_length=2000,
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
